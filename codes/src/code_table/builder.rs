//! Builds a code table from rows in any order.

use std::{fmt, sync::OnceLock};

use super::{CodeTable, Lifetime, Row};
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
                horizon,
                title_releases: Vec::new(),
                text: String::new(),
                rows: Vec::new(),
                flags: Vec::new(),
                replacements: Vec::new(),
                placeholders: OnceLock::new(),
            },
        }
    }

    /// Names a release that titles come from; the number goes with each title.
    ///
    /// # Errors
    /// More releases than can be numbered.
    pub fn title_release(&mut self, release: Release) -> Result<u16, TableError> {
        let number =
            u16::try_from(self.table.title_releases.len()).map_err(|_| TableError::TooLarge)?;
        self.table.title_releases.push(release);
        Ok(number)
    }

    /// Adds a code with its title (and the number of the title's release) and its flags by period.
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
        let table = &mut self.table;
        let start = count(table.text.len())?;
        table.text.push_str(title.map_or("", |(text, _)| text));
        let first_flag = count(table.flags.len())?;
        table.flags.extend_from_slice(flags);
        table.rows.push(Row {
            key,
            lifetime,
            title: (start, count(table.text.len())?),
            title_release: title.map_or(0, |(_, release)| release),
            flags: (first_flag, count(table.flags.len())?),
        });
        Ok(())
    }

    /// Adds a pair of the official conversion table: `from` was coded before, `to` since.
    pub fn replacement(&mut self, from: CodeKey, to: CodeKey) {
        self.table.replacements.push((from, to));
    }

    /// Ends the table.
    ///
    /// # Errors
    /// A code stands twice.
    pub fn finish(mut self) -> Result<CodeTable, TableError> {
        let table = &mut self.table;
        table.rows.sort_unstable_by_key(|row| row.key);
        if let Some(pair) = table.rows.windows(2).find(|pair| pair[0].key == pair[1].key) {
            return Err(TableError::Duplicate(pair[0].key.to_string()));
        }
        table.replacements.sort_unstable();
        table.replacements.dedup();
        table.rows.shrink_to_fit();
        table.flags.shrink_to_fit();
        table.text.shrink_to_fit();
        Ok(self.table)
    }
}

fn count(length: usize) -> Result<u32, TableError> {
    u32::try_from(length).map_err(|_| TableError::TooLarge)
}
