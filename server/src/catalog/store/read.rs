//! Reads a catalog into the domain's own types, row by row, without keeping rows.

use std::path::{Path, PathBuf};

use medcode_codes::{
    code::CodeKey,
    date::Date,
    release::{Content, Release},
    system::CodeSystem,
};
use rusqlite::{Connection, OptionalExtension, Row};

use super::{StoreError, day, open};
use crate::catalog::{
    releases::{ReleaseKind, ReleaseRecord, Source},
    snapshot::Abbreviation,
};

mod codes;
mod cursor;
mod tabular;

/// A catalog that is open for reading.
#[derive(Debug)]
pub struct CatalogReader {
    connection: Connection,
    path: PathBuf,
}

/// A release and its number in the file.
#[derive(Clone, Debug)]
pub struct StoredRelease {
    id: i64,
    /// What is known of it.
    pub record: ReleaseRecord,
}

/// A code table of the file, not yet read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredTable {
    id: i64,
    release: i64,
    /// The system of its codes.
    pub system: CodeSystem,
}

impl CatalogReader {
    /// Opens a catalog.
    ///
    /// # Errors
    /// There is none, or it is not one of this format.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { connection: open(path)?, path: path.to_owned() })
    }

    /// The digest over all releases.
    ///
    /// # Errors
    /// The catalog is damaged.
    pub fn digest(&self) -> Result<String, StoreError> {
        self.property("digest")?.ok_or_else(|| StoreError::damaged("it has no digest"))
    }

    /// The manifest that the catalog was installed from.
    ///
    /// # Errors
    /// The catalog is damaged.
    pub fn default_set(&self) -> Result<Option<String>, StoreError> {
        self.property("default_set")
    }

    fn property(&self, name: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT value FROM property WHERE name = ?";
        Ok(self.connection.query_row(sql, [name], |row| row.get(0)).optional()?)
    }

    /// Every release, the newest first in each dataset.
    ///
    /// # Errors
    /// The catalog is damaged.
    pub fn releases(&self) -> Result<Vec<StoredRelease>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT id, dataset, kind, version, effective_to, horizon, title, complete, digest, systems, package,
                    file, sha256, licence, copyright, imported_at, row_count, billable_count
             FROM release ORDER BY dataset, version DESC, kind",
        )?;
        let mut rows = statement.query([])?;
        let mut releases = Vec::new();
        while let Some(row) = rows.next()? {
            releases.push(release(row)?);
        }
        Ok(releases)
    }

    /// The abbreviations in text order.
    ///
    /// # Errors
    /// The catalog is damaged.
    pub fn abbreviations(&self) -> Result<Vec<Abbreviation>, StoreError> {
        let sql = "SELECT short, expansion FROM abbreviation ORDER BY short, release, position";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut abbreviations: Vec<Abbreviation> = Vec::new();
        while let Some(row) = rows.next()? {
            let (short, expansion) = (text(row, 0)?, text(row, 1)?.to_owned());
            match abbreviations.last_mut().filter(|last| last.short == short) {
                Some(last) => last.expansions.push(expansion),
                None => abbreviations
                    .push(Abbreviation { short: short.to_owned(), expansions: vec![expansion] }),
            }
        }
        Ok(abbreviations)
    }

    /// The stored search index.
    ///
    /// # Errors
    /// The catalog is damaged, or not finished.
    pub fn search_index(&self) -> Result<Vec<u8>, StoreError> {
        let sql = "SELECT bytes FROM search_index WHERE id = 1";
        let bytes = self.connection.query_row(sql, [], |row| row.get(0)).optional()?;
        bytes.ok_or_else(|| StoreError::damaged("it has no search index"))
    }

    /// A further connection to the same file, for another thread. The file may have been replaced since: compare the
    /// digests.
    ///
    /// # Errors
    /// The catalog cannot be opened.
    pub fn another(&self) -> Result<Self, StoreError> {
        Self::open(&self.path)
    }
}

fn release(row: &Row<'_>) -> Result<StoredRelease, StoreError> {
    let systems = text(row, 9)?.split_whitespace().map(CodeSystem::from_identifier);
    let kind = ReleaseKind::from_id(text(row, 2)?);
    let version = optional_day(row, 3)?;
    let (Some(kind), Some(version), Ok(systems)) = (kind, version, systems.collect()) else {
        return Err(StoreError::damaged("a release of unknown kind"));
    };
    let content = if row.get(7)? { Content::Complete } else { Content::Fragment };
    let record = ReleaseRecord {
        release: Release {
            dataset: row.get(1)?,
            version,
            effective_to: optional_day(row, 4)?,
            digest: row.get(8)?,
            title: row.get(6)?,
            content,
        },
        kind,
        systems,
        horizon: optional_day(row, 5)?,
        source: Source {
            package: row.get(10)?,
            file: row.get(11)?,
            sha256: row.get(12)?,
            licence: row.get(13)?,
            copyright: row.get(14)?,
        },
        imported_at: row.get(15)?,
        row_count: row.get(16)?,
        billable_count: row.get(17)?,
    };
    Ok(StoredRelease { id: row.get(0)?, record })
}

/// A text where it lies, without a copy.
fn text<'r>(row: &'r Row<'_>, column: usize) -> Result<&'r str, StoreError> {
    row.get_ref(column)?.as_str().map_err(StoreError::damaged)
}

fn key(row: &Row<'_>, column: usize) -> Result<CodeKey, StoreError> {
    CodeKey::new(text(row, column)?).ok_or_else(|| StoreError::damaged("a code of wrong form"))
}

fn optional_day(row: &Row<'_>, column: usize) -> Result<Option<Date>, StoreError> {
    row.get::<_, Option<i64>>(column)?.map(day).transpose()
}
