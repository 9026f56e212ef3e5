//! One immutable state of the catalog in memory: what every RPC answers from.

use std::{
    collections::VecDeque,
    fmt,
    path::Path,
    sync::{Mutex, PoisonError},
    thread,
};

use medcode_codes::{
    code_table::CodeTable,
    terminology::{Edition, Terminology},
};

pub use medcode_import::rows::Abbreviation;

use super::{
    releases::{ReleaseKind, ReleaseRecord},
    search::{IndexError, SearchIndex},
    store::{
        StoreError,
        digest::of_releases,
        read::{CatalogReader, StoredRelease, StoredTable},
    },
};

/// Everything that is held, immutable.
pub struct Snapshot {
    /// Codes, dates, hierarchy, notes and titles.
    pub terminology: Terminology,
    /// The releases they come from, the newest first in each dataset.
    pub releases: Vec<ReleaseRecord>,
    /// Abbreviations, sorted by their short form.
    pub abbreviations: Vec<Abbreviation>,
    /// `sha256:` and 64 hexadecimal digits over the releases. Equal content, equal digest.
    pub digest: String,
    /// The texts of all codes, ready for searching.
    pub search: SearchIndex,
}

/// Shows the digest and the releases, not half a million rows.
impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("digest", &self.digest)
            .field("releases", &self.releases.len())
            .finish_non_exhaustive()
    }
}

impl Snapshot {
    /// Puts a snapshot together from its parts and indexes the texts. Takes seconds for complete code sets.
    pub fn new(
        terminology: Terminology,
        releases: Vec<ReleaseRecord>,
        abbreviations: Vec<Abbreviation>,
    ) -> Self {
        let search = SearchIndex::build(&terminology, &abbreviations);
        let digest = of_releases(&releases);
        Self { terminology, releases, abbreviations, digest, search }
    }

    /// Loads the catalog at `path`. All of it is in memory afterwards; the file may then be replaced.
    ///
    /// # Errors
    /// There is no catalog, it has another format, or it is damaged.
    pub fn load(path: &Path) -> Result<Self, StoreError> {
        match Self::load_stored(path) {
            // A second swap within the same second would be no accident.
            Err(StoreError::Replaced) => Self::load_stored(path),
            result => result,
        }
    }

    fn load_stored(path: &Path) -> Result<Self, StoreError> {
        let reader = CatalogReader::open(path)?;
        let digest = reader.digest()?;
        let releases = reader.releases()?;
        let parts = load_parts(&reader, &digest, &releases, true)?;
        let terminology = Terminology::new(parts.tables, parts.editions);
        let search = match parts.search {
            Some(Ok(index)) => index,
            // The codes are the truth: an index in the form of another version is built anew from them.
            None | Some(Err(IndexError::Format { .. })) => {
                tracing::warn!("the stored search index has another format and is built anew");
                SearchIndex::build(&terminology, &parts.abbreviations)
            }
            Some(Err(error)) => return Err(StoreError::Damaged(error.to_string())),
        };
        Ok(Self {
            terminology,
            releases: releases.into_iter().map(|release| release.record).collect(),
            abbreviations: parts.abbreviations,
            digest,
            search,
        })
    }

    /// Loads a catalog that has no search index yet and builds the index.
    ///
    /// # Errors
    /// The catalog is damaged.
    pub(crate) fn load_without_index(path: &Path) -> Result<Self, StoreError> {
        let reader = CatalogReader::open(path)?;
        let digest = reader.digest()?;
        let releases = reader.releases()?;
        let parts = load_parts(&reader, &digest, &releases, false)?;
        let terminology = Terminology::new(parts.tables, parts.editions);
        let releases = releases.into_iter().map(|release| release.record).collect();
        Ok(Self::new(terminology, releases, parts.abbreviations))
    }
}

/// What the threads bring.
#[derive(Default)]
struct Parts {
    tables: Vec<CodeTable>,
    editions: Vec<Edition>,
    abbreviations: Vec<Abbreviation>,
    search: Option<Result<SearchIndex, IndexError>>,
}

/// One piece of work, by size: the largest come first, so that the threads end together.
enum Job<'a> {
    Edition(&'a StoredRelease),
    Table(StoredTable),
    Search,
    Abbreviations,
}

enum Loaded {
    Edition(Edition),
    Table(CodeTable),
    Search(Result<SearchIndex, IndexError>),
    Abbreviations(Vec<Abbreviation>),
}

/// Loads the parts on as many threads as there are cores, each with a connection of its own.
fn load_parts(
    reader: &CatalogReader,
    digest: &str,
    releases: &[StoredRelease],
    with_search: bool,
) -> Result<Parts, StoreError> {
    let editions = releases.iter().filter(|release| release.record.kind == ReleaseKind::Tabular);
    let mut jobs: VecDeque<_> = editions.map(Job::Edition).collect();
    jobs.extend(reader.code_tables()?.into_iter().map(Job::Table));
    jobs.extend(with_search.then_some(Job::Search));
    jobs.push_back(Job::Abbreviations);

    let threads = thread::available_parallelism().map_or(1, usize::from).min(jobs.len());
    // Opened before any work: a file that is swapped in meanwhile has another digest and is noticed.
    let readers =
        (1..threads).map(|_| same_catalog(reader, digest)).collect::<Result<Vec<_>, _>>()?;
    let queue = Mutex::new(jobs);
    let results = thread::scope(|scope| {
        let work = |reader: CatalogReader| {
            let queue = &queue;
            move || work_off(&reader, releases, queue)
        };
        let others: Vec<_> = readers.into_iter().map(|reader| scope.spawn(work(reader))).collect();
        let mut results = vec![work_off(reader, releases, &queue)];
        for other in others {
            let ended = other.join();
            results.push(
                ended.unwrap_or_else(|_| Err(StoreError::Damaged("a thread panicked".into()))),
            );
        }
        results
    });

    let mut parts = Parts::default();
    for loaded in results.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten() {
        match loaded {
            Loaded::Edition(edition) => parts.editions.push(edition),
            Loaded::Table(table) => parts.tables.push(table),
            Loaded::Search(index) => parts.search = Some(index),
            Loaded::Abbreviations(abbreviations) => parts.abbreviations = abbreviations,
        }
    }
    parts.tables.sort_by_key(CodeTable::system);
    Ok(parts)
}

/// A further connection to the same state of the catalog.
fn same_catalog(reader: &CatalogReader, digest: &str) -> Result<CatalogReader, StoreError> {
    let another = reader.another()?;
    if another.digest()? == digest { Ok(another) } else { Err(StoreError::Replaced) }
}

fn work_off(
    reader: &CatalogReader,
    releases: &[StoredRelease],
    queue: &Mutex<VecDeque<Job<'_>>>,
) -> Result<Vec<Loaded>, StoreError> {
    let mut done = Vec::new();
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let Some(job) = job else { return Ok(done) };
        done.push(match job {
            Job::Edition(stored) => Loaded::Edition(Edition {
                release: stored.record.release.clone(),
                list: reader.tabular(stored)?,
            }),
            Job::Table(table) => Loaded::Table(reader.code_table(table, releases)?),
            Job::Search => Loaded::Search(SearchIndex::from_bytes(&reader.search_index()?)),
            Job::Abbreviations => Loaded::Abbreviations(reader.abbreviations()?),
        });
    }
}
