//! Writes a catalog from nothing.
//!
//! Without journal and without waiting for the disk: the file lies beside the catalog in use, nobody reads it before
//! it is complete, and after a crash it is thrown away.

use std::path::Path;

use medcode_codes::{date::day, release::Content};
use rusqlite::{Connection, params};

use super::{APPLICATION_ID, FORMAT, ROWS_FORMAT, SCHEMA, StoreError, digest, encoding};
use crate::catalog::releases::ReleaseRecord;

/// The largest pages that there are: parts are megabytes, and are read page by page.
const PAGE_BYTES: u32 = 65_536;

/// A catalog that is being written.
#[derive(Debug)]
pub struct CatalogWriter {
    connection: Connection,
    records: Vec<ReleaseRecord>,
    parts: Vec<String>,
}

impl CatalogWriter {
    /// Begins a catalog in a file that must not exist.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        // Made first, so that a file that is there already is never opened and added to.
        std::fs::File::create_new(path)?;
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "page_size", PAGE_BYTES)?;
        connection.pragma_update(None, "journal_mode", "OFF")?;
        connection.pragma_update(None, "synchronous", "OFF")?;
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        connection.pragma_update(None, "user_version", FORMAT)?;
        connection.execute_batch("BEGIN")?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self { connection, records: Vec::new(), parts: Vec::new() })
    }

    /// Adds a release with its rows as [`super::encoding::encode_rows`] makes them.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn release(&mut self, record: &ReleaseRecord, rows: &[u8]) -> Result<(), StoreError> {
        let systems: Vec<_> = record.systems.iter().map(|system| system.id()).collect();
        let (release, source) = (&record.release, &record.source);
        self.connection.execute(
            "INSERT INTO release (dataset, kind, version, effective_to, horizon, title, complete, digest, systems,
                                  is_default, package, file, sha256, licence, copyright, imported_at, row_count,
                                  billable_count, remarks)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                release.dataset,
                record.kind.id(),
                day::number(release.version),
                release.effective_to.map(day::number),
                record.horizon.map(day::number),
                release.title,
                release.content == Content::Complete,
                release.digest,
                systems.join(" "),
                record.is_default,
                source.package,
                source.file,
                source.sha256,
                source.licence,
                source.copyright,
                record.imported_at,
                record.row_count,
                record.billable_count,
                record.remarks.join("\n"),
            ],
        )?;
        let id = self.connection.last_insert_rowid();
        self.connection.execute("INSERT INTO release_rows VALUES (?, ?)", params![id, rows])?;
        self.records.push(record.clone());
        Ok(())
    }

    /// Adds a part of what is loaded.
    ///
    /// # Errors
    /// The part is there already, or the file cannot be written.
    pub fn part(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let checksum = encoding::checksum(bytes);
        let sql = "INSERT INTO part VALUES (?, ?, ?)";
        self.connection.execute(sql, params![name, checksum, bytes])?;
        self.parts.push(name.to_owned());
        Ok(())
    }

    /// Ends the catalog and waits until the file is on the disk. `default_set` names the manifest that the default
    /// releases were installed from.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(self, path: &Path, default_set: Option<&str>) -> Result<(), StoreError> {
        let digest = digest::of_releases(&self.records);
        let parts = self.parts.join(" ");
        let properties = [
            ("digest", Some(digest.as_str())),
            ("default_set", default_set),
            ("parts", Some(parts.as_str())),
            ("rows_format", Some(ROWS_FORMAT)),
        ];
        for (name, value) in properties {
            if let Some(value) = value {
                let sql = "INSERT INTO property VALUES (?, ?)";
                self.connection.execute(sql, params![name, value])?;
            }
        }
        self.connection.execute_batch("COMMIT")?;
        self.connection.close().map_err(|(_, error)| StoreError::from(error))?;
        std::fs::OpenOptions::new().write(true).open(path)?.sync_all()?;
        Ok(())
    }
}
