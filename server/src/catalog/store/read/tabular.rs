//! Reads a tabular list.

use medcode_codes::tabular::{NodeKind, NoteKind, TabularList};

use rusqlite::Row;

use super::{CatalogReader, StoredRelease, cursor::Cursor, text};
use medcode_import::rows::TabularAssembler;

use crate::catalog::store::StoreError;

impl CatalogReader {
    /// The tabular list of a release.
    ///
    /// # Errors
    /// The catalog is damaged.
    pub fn tabular(&self, release: &StoredRelease) -> Result<TabularList, StoreError> {
        let select = |sql: &str| self.connection.prepare(sql);
        let mut nodes = select(
            "SELECT number, parent, kind, name, title FROM node WHERE release = ? ORDER BY number",
        )?;
        let mut notes = select(
            "SELECT node, kind, container, text FROM note WHERE release = ? ORDER BY node, position",
        )?;
        let mut seventh = select(
            "SELECT node, character, meaning FROM seventh_character WHERE release = ? ORDER BY node, position",
        )?;
        let mut notes = Cursor::new(&mut notes, release.id, node)?;
        let mut seventh = Cursor::new(&mut seventh, release.id, node)?;
        let mut nodes = nodes.query([release.id])?;
        let mut list = TabularAssembler::default();
        while let Some(row) = nodes.next()? {
            let number = row.get(0)?;
            let kind = match row.get_ref(2)?.as_i64().map_err(StoreError::damaged)? {
                0 => NodeKind::Chapter,
                1 => NodeKind::Section,
                2 => NodeKind::Code,
                _ => return Err(StoreError::damaged("a node of unknown kind")),
            };
            list.node(number, row.get(1)?, kind, text(row, 3)?, text(row, 4)?)
                .map_err(StoreError::damaged)?;
            while let Some(row) = notes.next_of(&number)? {
                let kind = NoteKind::from_id(text(row, 1)?)
                    .ok_or_else(|| StoreError::damaged("a note of unknown kind"))?;
                let added = list.builder.note(kind, row.get(2)?, text(row, 3)?);
                added.map_err(StoreError::damaged)?;
            }
            while let Some(row) = seventh.next_of(&number)? {
                let character = text(row, 1)?.chars().next().unwrap_or_default();
                let added = list.builder.seventh_character(character, text(row, 2)?);
                added.map_err(StoreError::damaged)?;
            }
        }
        notes.end()?;
        seventh.end()?;
        list.finish().map_err(StoreError::damaged)
    }
}

/// The node that a row belongs to.
fn node(row: &Row<'_>) -> Result<u32, StoreError> {
    Ok(row.get(0)?)
}
