//! One immutable state of the catalog in memory: what every RPC answers from.

use std::{fmt, path::Path, sync::Arc};

use medcode_codes::{lazy::Lazy, release::Release, system::CodeSystem, terminology::Terminology};
pub use medcode_import::rows::Abbreviation;
use medcode_import::rows::Rows;

use super::{
    parts::{
        self,
        on_demand::{Buffer, Source},
    },
    releases::{ReleaseKind, ReleaseRecord},
    search::{IndexError, SearchIndex},
    store::{
        StoreError,
        digest::of_releases,
        read::{CatalogReader, StoredRelease},
    },
};

/// Everything that is held, immutable.
pub struct Snapshot {
    /// Codes, dates, hierarchy, notes and titles.
    pub terminology: Arc<Terminology>,
    /// The releases they come from, the newest first in each dataset.
    pub releases: Vec<ReleaseRecord>,
    /// Abbreviations, sorted by their short form.
    pub abbreviations: Vec<Abbreviation>,
    /// `sha256:` and 64 hexadecimal digits over the releases. Equal content, equal digest.
    pub digest: String,
    /// The texts of all codes, ready for searching.
    pub search: Lazy<SearchIndex>,
    /// Which releases have a copyright line: few, and every answer with a title looks for its own.
    copyrighted: Vec<usize>,
    rows: Option<StoredRows>,
}

/// Where the rows of the releases lie. The file stays open, so that they can be read after it was replaced.
struct StoredRows {
    source: Source,
    stored: Vec<StoredRelease>,
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
        let search = SearchIndex::build(&terminology, &abbreviations).into();
        let digest = of_releases(&releases);
        let terminology = Arc::new(terminology);
        let copyrighted = copyrighted(&releases);
        Self { terminology, releases, abbreviations, digest, search, copyrighted, rows: None }
    }

    /// Loads the catalog at `path`. All of it is compared with its checksums, and is in memory afterwards but for the
    /// older editions and the rows of releases, which are read from the file when they are asked for; the file may be
    /// replaced.
    ///
    /// # Errors
    /// There is no catalog, it has another format, or it is damaged.
    pub fn load(path: &Path) -> Result<Self, StoreError> {
        match Self::load_whole(path) {
            // A second swap within the same second would be no accident.
            Err(StoreError::Replaced) => Self::load_whole(path),
            result => result,
        }
    }

    /// Opens the catalog at `path` for a few questions: each part stays in the file until it is asked for. One that
    /// cannot be read then is told by [`Self::damage`].
    ///
    /// # Errors
    /// There is no catalog, it has another format, or what is read at once is damaged.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let reader = CatalogReader::open(path)?;
        let digest = reader.digest()?;
        let source = Source::new(reader, Buffer::Kept);
        let terminology = Arc::new(source.terminology()?);
        let abbreviations = source.abbreviations()?;
        let search = when_asked(source.clone(), Arc::clone(&terminology));
        Self::of_parts(source, digest, terminology, abbreviations, search)
    }

    fn load_whole(path: &Path) -> Result<Self, StoreError> {
        let reader = CatalogReader::open(path)?;
        let digest = reader.digest()?;
        let parts = parts::load(&reader, &digest)?;
        let source = Source::new(reader, Buffer::Dropped);
        let newest = parts.editions.last().map(|edition| edition.list.clone());
        let older = parts.older_editions.iter().map(|name| source.edition(name, newest.clone()));
        let editions = older.chain(parts.editions.into_iter().map(Ok)).collect::<Result<_, _>>()?;
        let terminology = Terminology::new(parts.tables, editions).with(parts.supplements);
        let mut is_rebuilt = false;
        let mut search = match parts.search {
            Some(Ok(index)) => index,
            // The codes are the truth: an index in the form of another version is built anew from them.
            None | Some(Err(IndexError::Format { .. })) => {
                tracing::warn!("the stored search index has another format and is built anew");
                is_rebuilt = true;
                SearchIndex::build(&terminology, &parts.abbreviations)
            }
            Some(Err(error)) => return Err(StoreError::Damaged(error.to_string())),
        };
        if let Some(bytes) = parts.meanings {
            search.read_meaning(&terminology, &bytes, is_rebuilt).map_err(StoreError::damaged)?;
        }
        let terminology = Arc::new(terminology);
        Self::of_parts(source, digest, terminology, parts.abbreviations, search.into())
    }

    fn of_parts(
        source: Source,
        digest: String,
        terminology: Arc<Terminology>,
        abbreviations: Vec<Abbreviation>,
        search: Lazy<SearchIndex>,
    ) -> Result<Self, StoreError> {
        let stored = source.with(CatalogReader::releases)?;
        let mut releases: Vec<_> = stored.iter().map(|stored| stored.record.clone()).collect();
        sort_newest_first(&mut releases);
        let rows = Some(StoredRows { source, stored });
        let copyrighted = copyrighted(&releases);
        Ok(Self { terminology, releases, abbreviations, digest, search, copyrighted, rows })
    }

    /// Whether a table of this kind is installed, of any release.
    pub(crate) fn holds(&self, kind: ReleaseKind) -> bool {
        self.releases.iter().any(|record| record.kind == kind)
    }

    /// Why a part could not be read when it was asked for. What was answered since then is no answer.
    pub fn damage(&self) -> Option<&str> {
        self.rows.as_ref()?.source.damage()
    }

    /// The copyright line of a release of a system; empty when there is none.
    pub(crate) fn copyright(&self, system: CodeSystem, release: &Release) -> &str {
        let mut records = self.copyrighted.iter().filter_map(|place| self.releases.get(*place));
        let of_release =
            records.find(|record| record.release == *release && record.systems.contains(&system));
        of_release.map_or("", |record| &record.source.copyright)
    }

    /// The releases that the texts and dates of these systems come from.
    pub(crate) fn releases_of(&self, systems: &[CodeSystem]) -> Vec<&Release> {
        let of_systems = self
            .releases
            .iter()
            .filter(|record| systems.iter().any(|system| record.is_of(*system)));
        of_systems.map(|record| &record.release).collect()
    }

    /// The rows of a release. `None` where the snapshot was not loaded from a file, or has no such release.
    ///
    /// # Errors
    /// The catalog is damaged.
    pub fn rows(&self, digest: &str) -> Result<Option<Rows>, StoreError> {
        let Some(rows) = &self.rows else { return Ok(None) };
        let stored = rows.stored.iter().find(|stored| stored.record.release.digest == digest);
        let Some(stored) = stored else { return Ok(None) };
        rows.source.with(|reader| reader.rows(stored)).map(Some)
    }
}

/// The index in the file. Where it cannot be used it is built anew from the codes, which are the truth.
fn when_asked(source: Source, terminology: Arc<Terminology>) -> Lazy<SearchIndex> {
    Lazy::when_asked(move || {
        let (mut index, is_rebuilt) = match source.search() {
            Ok(index) => (index, false),
            Err(error) => {
                tracing::warn!(%error, "the stored search index cannot be used and is built anew");
                let abbreviations = source.abbreviations().unwrap_or_default();
                (SearchIndex::build(&terminology, &abbreviations), true)
            }
        };
        let read = source.meanings().and_then(|bytes| {
            let Some(bytes) = bytes else { return Ok(()) };
            index.read_meaning(&terminology, &bytes, is_rebuilt).map_err(StoreError::damaged)
        });
        if let Err(error) = read {
            source.keep_damage(&error);
        }
        index
    })
}

/// The places of the releases with a copyright line.
fn copyrighted(releases: &[ReleaseRecord]) -> Vec<usize> {
    let has_line = |record: &ReleaseRecord| !record.source.copyright.is_empty();
    let numbered = releases.iter().enumerate();
    numbered.filter(|(_, record)| has_line(record)).map(|(place, _)| place).collect()
}

/// Orders releases as they are shown: by dataset, the newest first.
pub fn sort_newest_first(releases: &mut [ReleaseRecord]) {
    releases.sort_by(|a, b| {
        let name = |record: &ReleaseRecord| (record.release.dataset.clone(), record.kind);
        let versions = b.release.version.cmp(&a.release.version);
        a.release.dataset.cmp(&b.release.dataset).then(versions).then_with(|| name(a).cmp(&name(b)))
    });
}
