//! The codes of one system with their lifetimes, flags and titles, over all releases.
//!
//! A code lives in one period: no ICD-10 code has ever come back after it ended. Rows lie sorted, so that a lookup is
//! a binary search and everything below a prefix is one slice.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::{
    code::CodeKey,
    date::{Date, Period, day},
    flag::Flags,
    release::{Content, Release},
    system::{CodeSystem, icd10cm},
};

mod builder;

pub use builder::{CodeTableBuilder, TableError};

/// How long a code is known to live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lifetime {
    /// From a source that dates every code.
    Dated(Period),
    /// From a list of codes in use: seen in files of these days, nothing is known of the time before and after.
    Seen {
        /// First day of the first quarter the code was seen in.
        #[serde(with = "day")]
        first: Date,
        /// First day of the last quarter it was seen in.
        #[serde(with = "day")]
        last: Date,
    },
}

impl Lifetime {
    /// The period, where the source gives one.
    pub fn period(self) -> Option<Period> {
        match self {
            Self::Dated(period) => Some(period),
            Self::Seen { .. } => None,
        }
    }
}

/// Where a replacement is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReplacementSource {
    /// The official conversion table.
    ConversionTable,
    /// Derived: codes below the ended one, or of the same stem, that start the day after.
    Derived,
    /// Derived: the codes of the parent that are valid; a list to choose from.
    Parent,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    key: CodeKey,
    lifetime: Lifetime,
    title: (u32, u32),
    /// Index of the release the title comes from.
    title_release: u16,
    flags: (u32, u32),
}

/// The codes of one system.
#[derive(Debug)]
pub struct CodeTable {
    system: CodeSystem,
    content: Content,
    /// The release that dates the codes.
    release: Release,
    horizon: Option<Date>,
    title_releases: Vec<Release>,
    text: String,
    rows: Vec<Row>,
    flags: Vec<(Period, Flags)>,
    replacements: Vec<(CodeKey, CodeKey)>,
    placeholders: OnceLock<Vec<(CodeKey, CodeKey)>>,
}

/// One code of a table.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    table: &'a CodeTable,
    row: &'a Row,
}

impl CodeTable {
    /// The system of the codes.
    pub fn system(&self) -> CodeSystem {
        self.system
    }

    /// Whether a missing code does not exist.
    pub fn content(&self) -> Content {
        self.content
    }

    /// The release that says which codes there are and when.
    pub fn release(&self) -> &Release {
        &self.release
    }

    /// The last day that the data covers, inclusive. `None` where the source does not say.
    pub fn horizon(&self) -> Option<Date> {
        self.horizon
    }

    /// How many codes there are, ended ones included.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no code at all.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The entry of a code.
    pub fn get(&self, key: CodeKey) -> Option<Entry<'_>> {
        let index = self.rows.binary_search_by_key(&key, |row| row.key).ok()?;
        Some(Entry { table: self, row: &self.rows[index] })
    }

    /// All codes in text order.
    pub fn iter(&self) -> impl Iterator<Item = Entry<'_>> {
        self.rows.iter().map(|row| Entry { table: self, row })
    }

    /// The codes that begin with `prefix`, in text order.
    pub fn below(&self, prefix: CodeKey) -> impl Iterator<Item = Entry<'_>> {
        let first = self.rows.partition_point(|row| row.key < prefix);
        let end = self.rows.partition_point(|row| row.key <= prefix.last_below());
        self.rows[first..end.max(first)].iter().map(|row| Entry { table: self, row })
    }

    /// Codes that the official conversion table names as successors, whatever their dates.
    pub fn converted(&self, from: CodeKey) -> impl Iterator<Item = CodeKey> + '_ {
        let first = self.replacements.partition_point(|pair| pair.0 < from);
        self.replacements[first..].iter().take_while(move |pair| pair.0 == from).map(|pair| pair.1)
    }

    /// Codes whose predecessors in the official conversion table include `to`.
    pub fn converted_from(&self, to: CodeKey) -> impl Iterator<Item = CodeKey> + '_ {
        self.replacements.iter().filter(move |pair| pair.1 == to).map(|pair| pair.0)
    }

    /// The codes that become `stripped` when their placeholders X are left out.
    pub fn with_placeholders(&self, stripped: CodeKey) -> impl Iterator<Item = CodeKey> + '_ {
        let index = self.placeholders.get_or_init(|| {
            let mut index: Vec<_> = self
                .rows
                .iter()
                .filter(|row| {
                    self.system == CodeSystem::Icd10Cm
                        && row.key.text().get(3..).is_some_and(|rest| rest.contains('X'))
                })
                .filter_map(|row| {
                    Some((CodeKey::new(&icd10cm::without_placeholders(&row.key.text()))?, row.key))
                })
                .collect();
            index.sort_unstable();
            index
        });
        let first = index.partition_point(|pair| pair.0 < stripped);
        index[first..].iter().take_while(move |pair| pair.0 == stripped).map(|pair| pair.1)
    }
}

impl<'a> Entry<'a> {
    /// The code.
    pub fn key(&self) -> CodeKey {
        self.row.key
    }

    /// How long the code lives.
    pub fn lifetime(&self) -> Lifetime {
        self.row.lifetime
    }

    /// The title kept with the code and the release it comes from. ICD-10-CM titles come from the tabular lists
    /// first.
    pub fn title(&self) -> Option<(&'a str, &'a Release)> {
        let (start, end) = self.row.title;
        let text =
            self.table.text.get(start as usize..end as usize).filter(|text| !text.is_empty())?;
        Some((text, self.table.title_releases.get(usize::from(self.row.title_release))?))
    }

    /// The flags of the code, each set with its period, oldest first.
    pub fn flag_periods(&self) -> &'a [(Period, Flags)] {
        let (start, end) = self.row.flags;
        self.table.flags.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The flags in force on a date. Never those of another day: flags end like codes.
    pub fn flags(&self, date: Date) -> Flags {
        let mut periods = self.flag_periods().iter();
        periods
            .find(|(period, _)| period.contains(date))
            .map_or(Flags::default(), |(_, flags)| *flags)
    }
}
