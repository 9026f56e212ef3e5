//! Builds a code table from rows in any order.

use std::{fmt, sync::OnceLock};

use super::{
    CodeTable, Coverage, Lifetime, Row,
    titles::{TitleCollector, Titles},
};
use crate::{
    code::CodeKey,
    date::{Date, Period},
    flag::Flags,
    release::Release,
    system::CodeSystem,
};

/// Collects the codes of one system.
#[derive(Debug)]
pub struct CodeTableBuilder {
    table: CodeTable,
    titles: TitleCollector,
}

/// The rows do not form a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableError {
    /// A code stands twice; holds the code.
    Duplicate(String),
    /// More text or rows than a table can number.
    TooLarge,
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate(code) => write!(f, "code {code} stands twice"),
            Self::TooLarge => f.write_str("the table is too large"),
        }
    }
}

impl std::error::Error for TableError {}

impl CodeTableBuilder {
    /// Begins a table. `release` dates the codes; `horizon` is the last day it covers, inclusive.
    pub fn new(system: CodeSystem, release: Release, horizon: Option<Date>) -> Self {
        Self {
            table: CodeTable {
                system,
                content: release.content,
                release,
                covered_from: None,
                horizon,
                complete_to: None,
                coverage: Vec::new(),
                titles: Titles::default(),
                rows: Vec::new(),
                headers: Vec::new(),
                flags: Vec::new(),
                replacements: Vec::new(),
                index: OnceLock::new(),
                beginnings: OnceLock::new(),
                placeholders: OnceLock::new(),
            },
            titles: TitleCollector::default(),
        }
    }

    /// Says from which day on the data covers the system.
    pub fn covered_from(&mut self, first: Date) {
        self.table.covered_from = Some(first);
    }

    /// Says until when a missing code does not exist, where that is later than the last day of the dates.
    pub fn complete_to(&mut self, last: Date) {
        self.table.complete_to = Some(last);
    }

    /// Says of one code until when the data covers it, where that is not the last day of the table.
    pub fn covered_to(&mut self, key: CodeKey, to: Date) {
        self.table.coverage.push((key, Coverage { to }));
    }

    /// Names a release that titles come from; the number goes with each title. Releases are named from the oldest to
    /// the newest.
    ///
    /// # Errors
    /// More releases than can be numbered.
    pub fn title_release(&mut self, release: Release) -> Result<u16, TableError> {
        self.titles.release(release)
    }

    /// Adds the title that a release gives to a code or a header, and its short title, empty where there is none.
    ///
    /// # Errors
    /// The table grows too large.
    pub fn title(
        &mut self,
        key: CodeKey,
        release: u16,
        long: &str,
        short: &str,
    ) -> Result<(), TableError> {
        self.titles.title(key, release, long, short)
    }

    /// Adds a code with a title (and the number of the title's release) and its flags by period.
    ///
    /// # Errors
    /// The table grows too large.
    pub fn code(
        &mut self,
        key: CodeKey,
        lifetime: Lifetime,
        title: Option<(&str, u16)>,
        flags: &[(Period, Flags)],
    ) -> Result<(), TableError> {
        if let Some((text, release)) = title {
            self.title(key, release, text, "")?;
        }
        let table = &mut self.table;
        let first_flag = count(table.flags.len())?;
        table.flags.extend_from_slice(flags);
        let flags = (first_flag, count(table.flags.len())?);
        table.rows.push(Row { key, lifetime, titles: (0, 0), flags });
        Ok(())
    }

    /// Adds a pair of the official conversion table: `from` was coded before, `to` since.
    pub fn replacement(&mut self, from: CodeKey, to: CodeKey) {
        self.table.replacements.push((from, to));
    }

    /// Ends the table. What has a title and is no code is a header.
    ///
    /// # Errors
    /// A code stands twice, or the table grows too large.
    pub fn finish(mut self) -> Result<CodeTable, TableError> {
        let table = &mut self.table;
        table.rows.sort_unstable_by_key(|row| row.key);
        if let Some(pair) = table.rows.windows(2).find(|pair| pair[0].key == pair[1].key) {
            return Err(TableError::Duplicate(pair[0].key.to_string()));
        }
        for row in &mut table.rows {
            row.titles = self.titles.settle(row.key)?;
        }
        for key in self.titles.left() {
            table.headers.push((key, self.titles.settle(key)?));
        }
        table.coverage.sort_unstable_by_key(|(key, _)| *key);
        table.titles = self.titles.finish();
        table.replacements.sort_unstable();
        table.replacements.dedup();
        table.rows.shrink_to_fit();
        table.flags.shrink_to_fit();
        Ok(self.table)
    }
}

fn count(length: usize) -> Result<u32, TableError> {
    u32::try_from(length).map_err(|_| TableError::TooLarge)
}
