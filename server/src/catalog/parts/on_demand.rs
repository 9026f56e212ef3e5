//! Parts that are read when they are first asked for: for a command that asks one question and ends.
//!
//! What is asked for last may be what is damaged. An answer that rests on a part that could not be read is none, so the
//! failure is kept where whoever answers looks for it.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use medcode_codes::{
    code_table::CodeTable,
    lazy::Lazy,
    release::Release,
    supplements::Supplements,
    system::CodeSystem,
    tabular::TabularList,
    terminology::{Edition, Terminology},
};
use medcode_import::rows::Abbreviation;
use memmap2::MmapMut;
use serde::de::DeserializeOwned;

use super::{ABBREVIATIONS, CODES, EDITION, MEANINGS, SEARCH, SUPPLEMENTS, whole};
use crate::catalog::{
    search::SearchIndex,
    store::{StoreError, encoding, read::CatalogReader},
};

/// Bytes in which the release of an edition ends.
const RELEASE_BYTES: usize = 4_096;

/// Where parts are read from.
#[derive(Clone, Debug)]
pub(in crate::catalog) struct Source(Arc<Inner>);

/// What becomes of the memory that a part was read into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::catalog) enum Buffer {
    /// It is used for one part after the other: a command asks for some and ends.
    Kept,
    /// It is given back: a service asks for one in a week.
    Dropped,
}

#[derive(Debug)]
struct Inner {
    reader: Mutex<(CatalogReader, Vec<u8>)>,
    buffer: Buffer,
    damage: OnceLock<String>,
}

impl Source {
    pub(in crate::catalog) fn new(reader: CatalogReader, buffer: Buffer) -> Self {
        let reader = Mutex::new((reader, Vec::new()));
        Self(Arc::new(Inner { reader, buffer, damage: OnceLock::new() }))
    }

    /// Why a part could not be read. Nothing that was answered since then may be believed.
    pub(in crate::catalog) fn damage(&self) -> Option<&str> {
        self.0.damage.get().map(String::as_str)
    }

    /// Asks the reader.
    pub(in crate::catalog) fn with<T>(&self, ask: impl FnOnce(&CatalogReader) -> T) -> T {
        let reader = self.0.reader.lock().unwrap_or_else(PoisonError::into_inner);
        ask(&reader.0)
    }

    fn read<T>(
        &self,
        name: &str,
        decode: impl FnOnce(&[u8]) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut reader = self.0.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let (reader, bytes) = &mut *reader;
        match self.0.buffer {
            Buffer::Kept => reader.part(name, bytes).and_then(|()| decode(bytes)),
            // Of the system and back to it: what an allocator gets back it may keep.
            Buffer::Dropped => decode(&reader.part_into(name, MmapMut::map_anon)?),
        }
    }

    /// Reads a part when it is first asked for.
    fn lazy<T: Send + 'static>(
        &self,
        name: String,
        decode: impl FnOnce(&[u8]) -> Result<T, StoreError> + Send + 'static,
        otherwise: fn() -> T,
    ) -> Lazy<T> {
        let source = self.clone();
        Lazy::when_asked(move || source.read_or(&name, decode, otherwise))
    }

    /// Reads a part, or keeps why it cannot be read.
    fn read_or<T>(
        &self,
        name: &str,
        decode: impl FnOnce(&[u8]) -> Result<T, StoreError>,
        otherwise: fn() -> T,
    ) -> T {
        self.read(name, decode).unwrap_or_else(|error| {
            self.keep_damage(&error);
            otherwise()
        })
    }

    fn decoded<T: DeserializeOwned + Default + Send + 'static>(&self, name: &str) -> Lazy<T> {
        self.lazy(name.to_owned(), encoding::decode, T::default)
    }

    /// The codes, lists and tables.
    pub(in crate::catalog) fn terminology(&self) -> Result<Terminology, StoreError> {
        let names = self.with(CatalogReader::parts)?;
        let (mut tables, mut editions) = (Vec::new(), Vec::<Edition>::new());
        let mut of_editions: Vec<_> =
            names.iter().filter(|name| name.starts_with(EDITION)).collect();
        // The newest edition first: the others share its text.
        of_editions.sort_by(|a, b| b.cmp(a));
        for name in of_editions {
            let newest = editions.first().map(|newest| newest.list.clone());
            editions.push(self.edition(name, newest)?);
        }
        for name in &names {
            if let Some(system) = name.strip_prefix(CODES) {
                let system = CodeSystem::from_identifier(system).map_err(StoreError::damaged)?;
                let decode = move |bytes: &[u8]| match encoding::decode::<CodeTable>(bytes)? {
                    table if table.system() == system => Ok(Some(table)),
                    _ => Err(StoreError::damaged("a table of another system")),
                };
                tables.push((system, self.lazy(name.clone(), decode, || None)));
            } else if !name.starts_with(EDITION)
                && ![ABBREVIATIONS, MEANINGS, SEARCH, SUPPLEMENTS].contains(&name.as_str())
            {
                return Err(StoreError::Damaged(format!("the part {name} is unknown")));
            }
        }
        tables.sort_by_key(|(system, _)| *system);
        Ok(Terminology::of_parts(tables, editions, self.decoded::<Supplements>(SUPPLEMENTS)))
    }

    /// An edition of which only the release is known yet. An older one shares the text of the newest.
    pub(in crate::catalog) fn edition(
        &self,
        name: &str,
        newest: Option<Lazy<TabularList>>,
    ) -> Result<Edition, StoreError> {
        let beginning = self.with(|reader| reader.beginning_of_part(name, RELEASE_BYTES))?;
        let release: Release = encoding::decode_first(&beginning)?;
        let (name, expected, source) = (name.to_owned(), release.clone(), self.clone());
        let list = Lazy::when_asked(move || {
            // Before the reader is taken, which reads one part after the other.
            let newest = newest.as_deref();
            let decode = |bytes: &[u8]| match encoding::decode::<(Release, TabularList)>(bytes)? {
                (release, list) if release == expected => whole(list, newest),
                _ => Err(StoreError::damaged("an edition of another release")),
            };
            source.read_or(&name, decode, TabularList::default)
        });
        Ok(Edition { release, list })
    }

    /// The abbreviations, which are few.
    pub(in crate::catalog) fn abbreviations(&self) -> Result<Vec<Abbreviation>, StoreError> {
        self.read(ABBREVIATIONS, encoding::decode)
    }

    /// The search index.
    pub(in crate::catalog) fn search(&self) -> Result<SearchIndex, StoreError> {
        self.read(SEARCH, |bytes| SearchIndex::from_bytes(bytes).map_err(StoreError::damaged))
    }

    /// The table of meanings with the meanings of all descriptions. `None` where none was imported.
    pub(in crate::catalog) fn meanings(&self) -> Result<Option<Vec<u8>>, StoreError> {
        let names = self.with(CatalogReader::parts)?;
        if !names.iter().any(|name| name == MEANINGS) {
            return Ok(None);
        }
        self.read(MEANINGS, |bytes| Ok(Some(bytes.to_vec())))
    }

    /// Keeps why a part cannot be used.
    pub(in crate::catalog) fn keep_damage(&self, error: &StoreError) {
        tracing::error!(%error, "a part of the catalog cannot be read");
        self.0.damage.get_or_init(|| error.to_string());
    }
}
