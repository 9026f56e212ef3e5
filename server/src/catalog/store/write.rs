//! Writes a catalog from nothing.
//!
//! Without journal and without waiting for the disk: the file lies beside the catalog in use, nobody reads it before
//! it is complete, and after a crash it is thrown away.

use std::{collections::HashMap, path::Path};

use medcode_codes::{code_table::Lifetime, flag::Flags, system::CodeSystem};
use rusqlite::{Connection, params};

use super::{APPLICATION_ID, FORMAT, SCHEMA, StoreError, day_number, digest};
use crate::catalog::{releases::ReleaseRecord, snapshot::Abbreviation};
use medcode_import::rows::{CodeRow, ConversionRow, TabularRows, TitleRow};

/// Number of a release in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReleaseId(i64);

/// Number of a code table in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeTableId(i64);

/// A catalog that is being written.
#[derive(Debug)]
pub struct CatalogWriter {
    connection: Connection,
    records: Vec<ReleaseRecord>,
    flag_sets: HashMap<Flags, i64>,
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
        connection.pragma_update(None, "journal_mode", "OFF")?;
        connection.pragma_update(None, "synchronous", "OFF")?;
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        connection.pragma_update(None, "user_version", FORMAT)?;
        connection.execute_batch("BEGIN")?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self { connection, records: Vec::new(), flag_sets: HashMap::new() })
    }

    /// Adds a release; its rows follow.
    ///
    /// # Errors
    /// The same release was added before, or the file cannot be written.
    pub fn release(&mut self, record: ReleaseRecord) -> Result<ReleaseId, StoreError> {
        let systems: Vec<_> = record.systems.iter().map(|system| system.id()).collect();
        let (release, source) = (&record.release, &record.source);
        self.connection.execute(
            "INSERT INTO release (dataset, kind, version, effective_to, horizon, title, complete, digest, systems,
                                  package, file, sha256, licence, copyright, imported_at, row_count, billable_count)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                release.dataset,
                record.kind.id(),
                day_number(release.version),
                release.effective_to.map(day_number),
                record.horizon.map(day_number),
                release.title,
                release.content == medcode_codes::release::Content::Complete,
                release.digest,
                systems.join(" "),
                source.package,
                source.file,
                source.sha256,
                source.licence,
                source.copyright,
                record.imported_at,
                record.row_count,
                record.billable_count,
            ],
        )?;
        self.records.push(record);
        Ok(ReleaseId(self.connection.last_insert_rowid()))
    }

    /// Adds the tabular list of a release.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn tabular(&mut self, release: ReleaseId, rows: &TabularRows) -> Result<(), StoreError> {
        let mut insert = self.connection.prepare("INSERT INTO node VALUES (?, ?, ?, ?, ?, ?)")?;
        for (number, node) in (0_i64..).zip(&rows.nodes) {
            let kind = digest::kind_number(node.kind);
            insert.execute(params![release.0, number, node.parent, kind, node.name, node.title])?;
        }
        let mut insert = self.connection.prepare("INSERT INTO note VALUES (?, ?, ?, ?, ?, ?)")?;
        for (position, note) in (0_i64..).zip(&rows.notes) {
            let kind = note.kind.id();
            insert.execute(params![
                release.0,
                note.node,
                position,
                kind,
                note.container,
                note.text
            ])?;
        }
        let mut insert =
            self.connection.prepare("INSERT INTO seventh_character VALUES (?, ?, ?, ?, ?)")?;
        for (position, row) in (0_i64..).zip(&rows.seventh) {
            let character = row.character.to_string();
            insert.execute(params![release.0, row.node, position, character, row.meaning])?;
        }
        Ok(())
    }

    /// Adds the codes of a system, dated by a release.
    ///
    /// # Errors
    /// The system has a table already, or the file cannot be written.
    pub fn code_table(
        &mut self,
        system: CodeSystem,
        release: ReleaseId,
        rows: &[CodeRow],
    ) -> Result<CodeTableId, StoreError> {
        self.connection.execute(
            "INSERT INTO code_table (system, release) VALUES (?, ?)",
            params![system.id(), release.0],
        )?;
        let table = self.connection.last_insert_rowid();
        for flags in rows.iter().flat_map(|row| &row.flags).map(|(_, flags)| *flags) {
            self.flag_set(flags)?;
        }
        let mut insert = self.connection.prepare("INSERT INTO code VALUES (?, ?, ?, ?, ?, ?)")?;
        let mut insert_flags =
            self.connection.prepare("INSERT INTO code_flag VALUES (?, ?, ?, ?, ?)")?;
        for row in rows {
            let code = row.code.text();
            let days = match row.lifetime {
                Lifetime::Dated(period) => [Some(period.start), period.end, None, None],
                Lifetime::Seen { first, last } => [None, None, Some(first), Some(last)],
            };
            let [first, last, seen_first, seen_last] = days.map(|day| day.map(day_number));
            insert.execute(params![table, &*code, first, last, seen_first, seen_last])?;
            for (period, flags) in &row.flags {
                let (first, last) = (day_number(period.start), period.end.map(day_number));
                let flag_set = self.flag_sets.get(flags);
                insert_flags.execute(params![table, &*code, first, last, flag_set])?;
            }
        }
        Ok(CodeTableId(table))
    }

    fn flag_set(&mut self, flags: Flags) -> Result<(), StoreError> {
        if !self.flag_sets.contains_key(&flags) {
            let names: Vec<_> = flags.names().collect();
            self.connection
                .execute("INSERT INTO flag_set (names) VALUES (?)", params![names.join(" ")])?;
            self.flag_sets.insert(flags, self.connection.last_insert_rowid());
        }
        Ok(())
    }

    /// Adds the titles of a release. `shown` says which of them are shown with their code.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn titles(
        &mut self,
        table: CodeTableId,
        release: ReleaseId,
        rows: &[TitleRow],
        shown: impl Fn(&TitleRow) -> bool,
    ) -> Result<(), StoreError> {
        let mut insert = self.connection.prepare("INSERT INTO title VALUES (?, ?, ?, ?, ?)")?;
        for row in rows {
            insert.execute(params![
                table.0,
                shown(row),
                &*row.code.text(),
                release.0,
                row.title
            ])?;
        }
        Ok(())
    }

    /// Adds the pairs of a conversion table.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn conversions(
        &mut self,
        table: CodeTableId,
        release: ReleaseId,
        rows: &[ConversionRow],
    ) -> Result<(), StoreError> {
        let mut insert =
            self.connection.prepare("INSERT INTO conversion VALUES (?, ?, ?, ?, ?)")?;
        for row in rows {
            let (from, to) = (row.from.text(), row.to.text());
            let effective = day_number(row.effective);
            insert.execute(params![table.0, &*from, &*to, release.0, effective])?;
        }
        Ok(())
    }

    /// Adds abbreviations.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn abbreviations(
        &mut self,
        release: ReleaseId,
        rows: &[Abbreviation],
    ) -> Result<(), StoreError> {
        let mut insert = self.connection.prepare("INSERT INTO abbreviation VALUES (?, ?, ?, ?)")?;
        for row in rows {
            for (position, expansion) in (0_i64..).zip(&row.expansions) {
                insert.execute(params![release.0, row.short, position, expansion])?;
            }
        }
        Ok(())
    }

    /// Ends the codes: from here on the file can be read. `default_set` names the manifest it was installed from.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(self, default_set: &str) -> Result<(), StoreError> {
        let digest = digest::of_releases(&self.records);
        for (name, value) in [("digest", digest.as_str()), ("default_set", default_set)] {
            self.connection.execute("INSERT INTO property VALUES (?, ?)", params![name, value])?;
        }
        self.connection.execute_batch("COMMIT")?;
        self.connection.close().map_err(|(_, error)| error.into())
    }
}

/// Adds the search index to a finished catalog that nobody else has open, and waits until the file is on the disk.
///
/// # Errors
/// The file cannot be written.
pub fn add_search_index(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "OFF")?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    connection.execute("INSERT INTO search_index VALUES (1, ?)", params![bytes])?;
    connection.close().map_err(|(_, error)| StoreError::from(error))?;
    std::fs::OpenOptions::new().write(true).open(path)?.sync_all()?;
    Ok(())
}
