//! The codes of one system with their lifetimes, flags and titles, over all releases.
//!
//! A code lives in one period: no ICD-10 code has ever come back after it ended. Rows lie sorted, so that a lookup is
//! a binary search and everything below a prefix is one slice.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::{
    code::CodeKey,
    date::{Date, Period, day, open_day},
    flag::Flags,
    key_index::{Beginnings, KeyIndex},
    release::{Content, Release},
    system::{CodeSystem, icd10cm, modifier},
};

mod builder;
mod titles;

pub use builder::{CodeTableBuilder, TableError};
pub use titles::Title;

use titles::Titles;

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
    /// The cross-references of the HCPCS Level II file.
    CrossReference,
    /// Derived: codes below the ended one, or of the same stem, that start the day after.
    Derived,
    /// Derived: the codes of the parent that are valid; a list to choose from.
    Parent,
}

/// The last day covered of one code.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Coverage {
    #[serde(with = "day")]
    to: Date,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Row {
    key: CodeKey,
    lifetime: Lifetime,
    titles: (u32, u32),
    flags: (u32, u32),
}

/// The codes of one system.
#[derive(Debug, Serialize, Deserialize)]
pub struct CodeTable {
    system: CodeSystem,
    content: Content,
    /// The release that dates the codes.
    release: Release,
    #[serde(with = "open_day")]
    covered_from: Option<Date>,
    #[serde(with = "open_day")]
    horizon: Option<Date>,
    #[serde(with = "open_day")]
    complete_to: Option<Date>,
    /// The last day covered of single codes, where it is another than that of the table; sorted.
    coverage: Vec<(CodeKey, Coverage)>,
    titles: Titles,
    rows: Vec<Row>,
    /// Headers that title lists name, with their titles.
    headers: Vec<(CodeKey, (u32, u32))>,
    flags: Vec<(Period, Flags)>,
    replacements: Vec<(CodeKey, CodeKey)>,
    #[serde(skip)]
    index: OnceLock<KeyIndex>,
    /// Made when a code is looked for that is not there.
    #[serde(skip)]
    beginnings: OnceLock<Beginnings>,
    #[serde(skip)]
    placeholders: OnceLock<Vec<(CodeKey, CodeKey)>>,
}

/// One code of a table.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    table: &'a CodeTable,
    row: &'a Row,
    place: u32,
}

impl CodeTable {
    /// The system of the codes.
    pub fn system(&self) -> CodeSystem {
        self.system
    }

    /// Whether the code editor's flags are among the data.
    pub fn has_flags(&self) -> bool {
        !self.flags.is_empty()
    }

    /// Whether a missing code does not exist.
    pub fn content(&self) -> Content {
        self.content
    }

    /// The release that says which codes there are and when.
    pub fn release(&self) -> &Release {
        &self.release
    }

    /// The first day that the data covers. `None` where the source does not say.
    pub fn covered_from(&self) -> Option<Date> {
        self.covered_from
    }

    /// The last day that the data covers, inclusive. `None` where the source does not say.
    pub fn horizon(&self) -> Option<Date> {
        self.horizon
    }

    /// The last day that the data covers of one code: that of the table, unless sources beside those that date codes
    /// tell more of it, or less.
    pub fn covered_to(&self, key: CodeKey) -> Option<Date> {
        match self.coverage.binary_search_by_key(&key, |(known, _)| *known) {
            Ok(index) => Some(self.coverage[index].1.to),
            Err(_) => self.horizon,
        }
    }

    /// The last day on which a missing code does not exist, where lists without dates reach farther than the dates of
    /// codes do.
    pub fn complete_to(&self) -> Option<Date> {
        self.complete_to.max(self.horizon)
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
        let place = self.index().find(key, |place| Some(self.rows.get(place)?.key))?;
        self.entry(place)
    }

    /// The title that the lists near a date give to a header, such as one of the tables of ICD-10-PCS.
    pub fn header_title(&self, header: CodeKey, date: Date) -> Option<Title<'_>> {
        let index = self.headers.binary_search_by_key(&header, |(key, _)| *key).ok()?;
        self.titles.near(self.headers[index].1, date)
    }

    /// Whether a title list names the key as a header.
    pub fn has_header(&self, header: CodeKey) -> bool {
        self.headers.binary_search_by_key(&header, |(key, _)| *key).is_ok()
    }

    /// Headers that title lists name, in text order, each with its newest title.
    pub fn headers(&self) -> impl Iterator<Item = (CodeKey, Title<'_>)> {
        let titled = |(key, runs): &(CodeKey, (u32, u32))| Some((*key, self.titles.newest(*runs)?));
        self.headers.iter().filter_map(titled)
    }

    /// The releases that titles come from, oldest first.
    pub fn title_releases(&self) -> &[Release] {
        self.titles.releases()
    }

    /// Whether any code may begin as this one does. `false` is certain.
    pub(crate) fn may_hold(&self, key: CodeKey) -> bool {
        let keys = || Beginnings::of(self.rows.iter().map(|row| row.key));
        self.beginnings.get_or_init(keys).hold(key)
    }

    fn index(&self) -> &KeyIndex {
        self.index.get_or_init(|| KeyIndex::of(self.rows.iter().map(|row| row.key)))
    }

    /// Where the code most likely stands, for [`Self::touch`].
    pub(crate) fn likely(&self, key: CodeKey) -> usize {
        self.index().likely(key)
    }

    /// Something of the row at a place, so that it is fetched.
    pub(crate) fn touch(&self, place: usize) -> u8 {
        self.rows.get(place).map_or(0, |row| row.key.bytes()[0])
    }

    /// The number of the first title of the row at a place, for [`Self::text_at`].
    pub(crate) fn first_run(&self, place: usize) -> Option<u32> {
        self.rows.get(place).map(|row| row.titles.0)
    }

    /// Where a title begins, for [`Self::touch_text`].
    pub(crate) fn text_at(&self, run: u32) -> u32 {
        self.titles.text_at(run)
    }

    /// Something of the text at a place, so that it is fetched.
    pub(crate) fn touch_text(&self, at: u32) -> u8 {
        self.titles.touch(at)
    }

    fn entry(&self, place: usize) -> Option<Entry<'_>> {
        let row = self.rows.get(place)?;
        Some(Entry { table: self, row, place: u32::try_from(place).unwrap_or(u32::MAX) })
    }

    /// All codes in text order.
    pub fn iter(&self) -> impl Iterator<Item = Entry<'_>> {
        (0..self.rows.len()).filter_map(|place| self.entry(place))
    }

    /// The codes that begin with `prefix`, in text order.
    pub fn below(&self, prefix: CodeKey) -> impl Iterator<Item = Entry<'_>> {
        let first = self.rows.partition_point(|row| row.key < prefix);
        let end = self.rows.partition_point(|row| row.key <= prefix.last_below());
        (first..end).filter_map(|place| self.entry(place))
    }

    /// The same without modifiers, which begin like codes and have nothing to do with them.
    pub fn codes_below(&self, prefix: CodeKey) -> impl Iterator<Item = Entry<'_>> {
        let has_modifiers = matches!(self.system, CodeSystem::Cpt | CodeSystem::Hcpcs);
        self.below(prefix)
            .filter(move |entry| !has_modifiers || !modifier::has_shape(&entry.key().text()))
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

    /// Its row among those of its table, and how many there are.
    pub(crate) fn place(&self) -> (usize, usize) {
        (self.place as usize, self.table.rows.len())
    }

    /// How long the code lives.
    pub fn lifetime(&self) -> Lifetime {
        self.row.lifetime
    }

    /// The title of the title list in force on a date, else of the nearest one that has the code. ICD-10-CM titles
    /// come from the tabular lists first.
    pub fn title(&self, date: Date) -> Option<Title<'a>> {
        self.table.titles.near(self.row.titles, date)
    }

    /// The title of the newest title list that has the code.
    pub fn newest_title(&self) -> Option<Title<'a>> {
        self.table.titles.newest(self.row.titles)
    }

    /// Every title that the code has had in the title lists, oldest first.
    pub fn titles(&self) -> impl Iterator<Item = Title<'a>> + use<'a> {
        self.table.titles.all(self.row.titles)
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
