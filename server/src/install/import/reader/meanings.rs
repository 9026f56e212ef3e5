//! A table of meanings, which `cargo xtask semantic` makes.

use medcode_import::{ImportError, Place, rows::Rows};

use super::{Became, Begins, Draft, Origin, Reader, Terms};
use crate::catalog::search::semantic::Table;

pub(super) fn add(
    reader: &mut Reader,
    bytes: &[u8],
    origin: &Origin,
) -> Result<Became, ImportError> {
    let table = Table::from_bytes(bytes)
        .map_err(|error| ImportError::new(&origin.shown(), Place::File, error.to_string()))?;
    let pieces = u32::try_from(table.pieces().len()).unwrap_or(u32::MAX);
    let rows = Rows::Meanings { pieces, table: bytes.to_vec() };
    let provenance = table.provenance();
    Ok(reader.push(Draft {
        what: "table of meanings",
        begins: Begins::On(provenance.fitted_to),
        terms: Terms::Weights,
        remarks: vec![format!("near to {}", provenance.model)],
        ..origin.draft("meanings", &[], rows)
    }))
}
