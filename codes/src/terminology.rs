//! Everything that is known of the codes: one table for each system, one tabular list for each ICD-10-CM edition.
//!
//! The table says which codes there are and when; the lists say what they mean. Every question is asked as of a date.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    code::{Code, CodeKey},
    code_table::{CodeTable, Entry},
    concept::Concept,
    date::{Begin, Date, nearness},
    lazy::Lazy,
    release::Release,
    supplements::Supplements,
    system::CodeSystem,
    tabular::{Location, TabularList},
};

mod places;
mod retitled;
mod rows;

use places::Places;
use retitled::Retitled;

/// One edition of the ICD-10-CM tabular list.
#[derive(Debug, Serialize, Deserialize)]
pub struct Edition {
    /// Which one it is.
    pub release: Release,
    /// What stands in it.
    pub list: Lazy<TabularList>,
}

/// The codes of all systems. Immutable.
#[derive(Default)]
pub struct Terminology {
    tables: Vec<LazyTable>,
    editions: Vec<Edition>,
    /// The first day of each edition: every answer looks for the nearest one.
    begins: Vec<Begin>,
    /// By edition.
    places: Vec<Places>,
    retitled: Retitled,
    supplements: Lazy<Supplements>,
}

/// The edition that answers for a date.
#[derive(Clone, Copy)]
pub(crate) struct Nearest<'a> {
    date: Date,
    edition: Option<(&'a Edition, &'a Places)>,
}

impl<'a> Nearest<'a> {
    /// The date.
    pub(crate) fn date(self) -> Date {
        self.date
    }

    /// Where a code of ICD-10-CM, with its entry, stands in the edition.
    pub(crate) fn place(
        self,
        key: CodeKey,
        entry: Option<Entry<'_>>,
    ) -> Option<(&'a Edition, Location)> {
        let (edition, places) = self.edition?;
        let location = match entry {
            Some(entry) => places.locate(&edition.list, key, entry.place()),
            None => edition.list.locate(key),
        };
        Some((edition, location?))
    }
}

/// The codes of a system. `None` inside when they could not be read.
pub type LazyTable = (CodeSystem, Lazy<Option<CodeTable>>);

impl Terminology {
    /// Puts tables and editions together, in any order.
    pub fn new(tables: Vec<CodeTable>, editions: Vec<Edition>) -> Self {
        let tables = tables.into_iter().map(|table| (table.system(), Some(table).into()));
        Self::of_parts(tables.collect(), editions, Lazy::default())
    }

    /// Puts parts together, in any order, that may be read later.
    pub fn of_parts(
        tables: Vec<LazyTable>,
        mut editions: Vec<Edition>,
        supplements: Lazy<Supplements>,
    ) -> Self {
        editions.sort_by_key(|edition| edition.release.version);
        let begins = editions.iter().map(|edition| Begin::of(edition.release.version)).collect();
        let places = editions.iter().map(|_| Places::default()).collect();
        Self { tables, editions, begins, places, retitled: Retitled::default(), supplements }
    }

    /// The same with the tables that are installed beside codes and lists.
    #[must_use]
    pub fn with(mut self, supplements: Supplements) -> Self {
        self.supplements = supplements.into();
        self
    }

    /// The tables beside codes and lists.
    pub fn supplements(&self) -> &Supplements {
        &self.supplements
    }

    /// The tables of codes.
    pub fn tables(&self) -> impl Iterator<Item = &CodeTable> {
        self.tables.iter().filter_map(|(_, table)| table.as_ref())
    }

    /// The codes of a system; `None` when nothing is loaded for it.
    pub fn table(&self, system: CodeSystem) -> Option<&CodeTable> {
        let (_, table) = self.tables.iter().find(|(of, _)| *of == system)?;
        table.as_ref()
    }

    /// The editions of the tabular list, oldest first.
    pub fn editions(&self) -> &[Edition] {
        &self.editions
    }

    /// The editions by their [`nearness`] to a date.
    pub fn editions_near(&self, date: Date) -> Vec<&Edition> {
        let mut near: Vec<_> = self.editions.iter().collect();
        near.sort_by_key(|edition| nearness(edition.release.version, date));
        near
    }

    /// The edition that answers for a date.
    pub fn edition_on(&self, date: Date) -> Option<&Edition> {
        self.edition_and_places(date).map(|(edition, _)| edition)
    }

    fn edition_and_places(&self, date: Date) -> Option<(&Edition, &Places)> {
        let date = Begin::of(date);
        let begins = self.begins.iter().enumerate();
        let (nearest, _) = begins.min_by_key(|(_, begin)| begin.rank(date))?;
        self.editions.get(nearest).zip(self.places.get(nearest))
    }

    /// Fetches what looking up these codes will visit: first where each of them stands, then what stands there. A search
    /// waits for one visit to memory before it decides on the next; here none waits for another.
    pub(crate) fn read_ahead(&self, codes: impl Iterator<Item = Code>) {
        let mut places = [const { None }; Self::AHEAD];
        for (place, code) in places.iter_mut().zip(codes) {
            *place = self.table(code.system()).map(|table| (table, table.likely(code.key())));
        }
        let touched = places.iter().flatten().map(|(table, place)| table.touch(*place));
        std::hint::black_box(touched.fold(0, |all, it| all ^ it));
    }

    /// Codes that are fetched together. The processor waits for about as many places of its memory at once.
    pub const AHEAD: usize = 16;

    /// Fetches codes with their titles of a day, as far as is known where they stand. What is fetched is not used: it
    /// says nothing about which codes there are.
    pub fn read_titles_ahead(
        &self,
        codes: &[Option<(CodeSystem, CodeKey)>; Self::AHEAD],
        date: Date,
    ) {
        let edition = self.edition_and_places(date);
        // One kind of place after the other: what is asked of one code waits for what was fetched of the code before.
        let tables = codes.map(|code| {
            let (system, key) = code?;
            let table = self.table(system)?;
            Some((table, table.likely(key), system == CodeSystem::Icd10Cm))
        });
        let titles = tables.map(|row| {
            let (table, place, is_listed) = row?;
            let run = table.first_run(place);
            let node = edition.filter(|_| is_listed).and_then(|(_, places)| places.known(place));
            Some((table, run, node))
        });
        let texts = titles.map(|title| {
            let (table, run, node) = title?;
            match (node, edition) {
                (Some(node), Some((edition, _))) => Some((table, edition.list.text_at(node), true)),
                _ => Some((table, table.text_at(run?), false)),
            }
        });
        let touched = texts.iter().flatten().map(|(table, at, is_listed)| match edition {
            Some((edition, _)) if *is_listed => edition.list.touch(*at),
            _ => table.touch_text(*at),
        });
        std::hint::black_box(touched.fold(0, |all, it| all ^ it));
    }

    /// The edition that answers for a date, found once for several codes.
    pub(crate) fn nearest(&self, date: Date) -> Nearest<'_> {
        Nearest { date, edition: self.edition_and_places(date) }
    }

    /// Where a code of ICD-10-CM, with its entry, stands in the editions, oldest first.
    pub(crate) fn places_of(
        &self,
        key: CodeKey,
        entry: Option<Entry<'_>>,
    ) -> impl Iterator<Item = (&Edition, Location)> {
        self.editions.iter().zip(&self.places).filter_map(move |(edition, places)| {
            let location = match entry {
                Some(entry) => places.locate(&edition.list, key, entry.place()),
                None => edition.list.locate(key),
            };
            Some((edition, location?))
        })
    }

    /// Whether all releases that list a code of ICD-10-CM, and all editions that it stands in, give it the same title.
    pub(crate) fn has_one_title(&self, entry: Entry<'_>) -> bool {
        self.retitled.is_never(entry.place(), || {
            let mut listed = entry.titles();
            let Some(first) = listed.next() else { return false };
            let mut places = self.places_of(entry.key(), Some(entry));
            listed.all(|title| title.text == first.text)
                && places.all(|(edition, location)| edition.list.is_titled(location, first.text))
        })
    }

    /// What is known of a code on a date. `None` when neither a table nor an edition holds it.
    pub fn concept(&self, code: Code, date: Date) -> Option<Concept<'_>> {
        Concept::of_code(self, code, date)
    }

    /// A chapter or section of ICD-10-CM by its name: `chapter-04`, `E08-E13`.
    pub fn group(&self, name: &str, date: Date) -> Option<Concept<'_>> {
        let found = self
            .editions_near(date)
            .into_iter()
            .find_map(|edition| Some((edition, edition.list.group(name)?)));
        found.map(|(edition, node)| Concept::of_group(self, edition, node, date))
    }

    /// The concepts at the top of a system: chapters, sections of procedures, letters, then modifiers.
    pub fn top(&self, system: CodeSystem, date: Date) -> Vec<Concept<'_>> {
        if system == CodeSystem::Icd10Cm {
            let Some(edition) = self.edition_on(date) else { return Vec::new() };
            return edition
                .list
                .chapters()
                .map(|node| Concept::of_group(self, edition, node, date))
                .collect();
        }
        let mut letters: Vec<CodeKey> = Vec::new();
        let mut modifiers: Vec<CodeKey> = Vec::new();
        for entry in self.table(system).into_iter().flat_map(CodeTable::iter) {
            if Code::from_key(system, entry.key()).is_some_and(Code::is_modifier) {
                modifiers.push(entry.key());
                continue;
            }
            let letter = entry.key().prefix(1);
            if letters.last() != Some(&letter) {
                letters.push(letter);
            }
        }
        let keys = letters.into_iter().chain(modifiers);
        keys.map(|key| Concept::of_prefix(self, system, key, date)).collect()
    }

    /// A group of a system without a tabular list: the codes that share their first characters.
    pub fn prefix(&self, system: CodeSystem, prefix: CodeKey, date: Date) -> Option<Concept<'_>> {
        let table = self.table(system).filter(|_| system != CodeSystem::Icd10Cm)?;
        table.codes_below(prefix).next()?;
        Some(Concept::of_prefix(self, system, prefix, date))
    }
}

impl fmt::Debug for Terminology {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tables, editions, supplements, .. } = self;
        let mut all = f.debug_struct("Terminology");
        all.field("tables", tables).field("editions", editions).field("supplements", supplements);
        all.finish_non_exhaustive()
    }
}
