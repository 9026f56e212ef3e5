//! Reads a catalog: its releases, their rows, and the parts that answer questions.

use std::{
    io,
    ops::DerefMut,
    path::{Path, PathBuf},
};

use medcode_codes::{
    date::{Date, day},
    release::{Content, Release},
    system::CodeSystem,
};
use medcode_import::rows::Rows;
use rusqlite::{Connection, MAIN_DB, OptionalExtension, Row};

use super::{ROWS_FORMAT, StoreError, connect, encoding, open};
use crate::catalog::releases::{ReleaseKind, ReleaseRecord, Source};

/// A catalog that is open for reading. The file may be replaced meanwhile; what is open stays readable.
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

impl CatalogReader {
    /// Opens a catalog.
    ///
    /// # Errors
    /// There is none, or it is not one of this format.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { connection: open(path)?, path: path.to_owned() })
    }

    /// Opens a catalog of an older format, when its releases can be read all the same. `None` when they cannot.
    ///
    /// # Errors
    /// There is none, or it is none.
    pub fn open_older(path: &Path) -> Result<Option<Self>, StoreError> {
        let (connection, _) = connect(path)?;
        let reader = Self { connection, path: path.to_owned() };
        let readable =
            reader.property("rows_format").is_ok_and(|found| found.as_deref() == Some(ROWS_FORMAT));
        Ok(readable.then_some(reader))
    }

    /// The digest over all releases.
    ///
    /// # Errors
    /// The catalog is damaged.
    pub fn digest(&self) -> Result<String, StoreError> {
        self.property("digest")?.ok_or_else(|| StoreError::damaged("it has no digest"))
    }

    /// The manifest that the default releases were installed from. `None` where there are none.
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

    /// Every release in the order of import.
    ///
    /// # Errors
    /// The catalog is damaged.
    pub fn releases(&self) -> Result<Vec<StoredRelease>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT id, dataset, kind, version, effective_to, horizon, title, complete, digest, systems, is_default,
                    package, file, sha256, licence, copyright, imported_at, row_count, billable_count, remarks
             FROM release ORDER BY id",
        )?;
        let mut rows = statement.query([])?;
        let mut releases = Vec::new();
        while let Some(row) = rows.next()? {
            releases.push(release(row)?);
        }
        Ok(releases)
    }

    /// The rows of a release as stored.
    ///
    /// # Errors
    /// The catalog is damaged.
    pub fn encoded_rows(&self, release: &StoredRelease) -> Result<Vec<u8>, StoreError> {
        let sql = "SELECT bytes FROM release_rows WHERE release = ?";
        let bytes = self.connection.query_row(sql, [release.id], |row| row.get(0)).optional()?;
        bytes.ok_or_else(|| StoreError::damaged("a release has no rows"))
    }

    /// The rows of a release, which must have its digest.
    ///
    /// # Errors
    /// The catalog is damaged.
    pub fn rows(&self, release: &StoredRelease) -> Result<Rows, StoreError> {
        let (rows, digest) = encoding::decode_rows(&self.encoded_rows(release)?)?;
        if digest == release.record.release.digest {
            Ok(rows)
        } else {
            Err(StoreError::damaged("the rows of a release have another digest"))
        }
    }

    /// The names of the parts.
    ///
    /// # Errors
    /// The catalog is damaged.
    pub fn parts(&self) -> Result<Vec<String>, StoreError> {
        let names = self.property("parts")?;
        let names = names.ok_or_else(|| StoreError::damaged("it has no parts"))?;
        Ok(names.split(' ').map(str::to_owned).collect())
    }

    /// Reads a part into `buffer`, in the place of what is there. Threads that read several parts into one buffer touch
    /// less memory.
    ///
    /// # Errors
    /// There is no such part, or the catalog is damaged.
    pub fn part(&self, name: &str, buffer: &mut Vec<u8>) -> Result<(), StoreError> {
        self.part_into(name, |length| {
            buffer.resize(length, 0);
            Ok(buffer.as_mut_slice())
        })
        .map(drop)
    }

    /// Reads a part into memory that is made for as many bytes as it has.
    ///
    /// # Errors
    /// There is no memory, there is no such part, or its bytes are not those that were written.
    pub fn part_into<M: DerefMut<Target = [u8]>>(
        &self,
        name: &str,
        memory: impl FnOnce(usize) -> io::Result<M>,
    ) -> Result<M, StoreError> {
        let sql = "SELECT rowid, checksum FROM part WHERE name = ?";
        let read = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, u32>(1)?));
        let found = self.connection.query_row(sql, [name], read).optional()?;
        let (row, checksum) =
            found.ok_or_else(|| StoreError::damaged(format!("it has no part {name}")))?;
        // Not as the value of a column, which would be made in memory of SQLite's first and copied from there.
        let blob = self.connection.blob_open(MAIN_DB, "part", "bytes", row, true)?;
        let mut bytes = memory(blob.len())?;
        blob.read_at_exact(&mut bytes, 0)?;
        if encoding::checksum(&bytes) == checksum {
            Ok(bytes)
        } else {
            Err(StoreError::damaged(format!("the part {name} was changed")))
        }
    }

    /// The beginning of a part, not compared with its checksum: what reads the whole part compares.
    ///
    /// # Errors
    /// There is no such part, or the catalog is damaged.
    pub fn beginning_of_part(&self, name: &str, bytes: usize) -> Result<Vec<u8>, StoreError> {
        let sql = "SELECT rowid FROM part WHERE name = ?";
        let row = self.connection.query_row(sql, [name], |row| row.get(0)).optional()?;
        let row = row.ok_or_else(|| StoreError::damaged(format!("it has no part {name}")))?;
        let blob = self.connection.blob_open(MAIN_DB, "part", "bytes", row, true)?;
        let mut beginning = vec![0; blob.len().min(bytes)];
        blob.read_at_exact(&mut beginning, 0)?;
        Ok(beginning)
    }

    /// Whether `SQLite` finds every page of the file in order.
    ///
    /// # Errors
    /// The file is damaged.
    pub fn check_pages(&self) -> Result<(), StoreError> {
        let answer: String =
            self.connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if answer == "ok" { Ok(()) } else { Err(StoreError::damaged(answer)) }
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
    let kind = ReleaseKind::from_id(text(row, 2)?)
        .ok_or_else(|| StoreError::damaged("a release of unknown kind"))?;
    let version = optional_day(row, 3)?;
    let systems = text(row, 9)?.split(' ').filter(|id| !id.is_empty());
    let systems = systems.map(|id| CodeSystem::from_identifier(id).map_err(StoreError::damaged));
    let record = ReleaseRecord {
        release: Release {
            dataset: row.get(1)?,
            version: version.ok_or_else(|| StoreError::damaged("a release without a day"))?,
            effective_to: optional_day(row, 4)?,
            digest: row.get(8)?,
            title: row.get(6)?,
            content: if row.get(7)? { Content::Complete } else { Content::Fragment },
        },
        kind,
        systems: systems.collect::<Result<_, _>>()?,
        horizon: optional_day(row, 5)?,
        is_default: row.get(10)?,
        source: Source {
            package: row.get(11)?,
            file: row.get(12)?,
            sha256: row.get(13)?,
            licence: row.get(14)?,
            copyright: row.get(15)?,
        },
        imported_at: row.get(16)?,
        row_count: row.get(17)?,
        billable_count: row.get(18)?,
        remarks: text(row, 19)?.lines().map(str::to_owned).collect(),
    };
    Ok(StoredRelease { id: row.get(0)?, record })
}

fn text<'r>(row: &'r Row<'_>, column: usize) -> Result<&'r str, StoreError> {
    row.get_ref(column)?.as_str().map_err(StoreError::damaged)
}

fn optional_day(row: &Row<'_>, column: usize) -> Result<Option<Date>, StoreError> {
    let number: Option<u32> = row.get(column)?;
    let day = number.map(|number| {
        day::from_number(number).ok_or_else(|| StoreError::damaged("a day is out of range"))
    });
    day.transpose()
}
