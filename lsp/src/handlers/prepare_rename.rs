//! `textDocument/prepareRename`: whether what stands at a place can be renamed.

use super::rename::{refused, renamed_at};
use crate::{
    from_lsp,
    protocol::{PrepareRenameResponse, Result, TextDocumentPositionParams},
    snapshot::Snapshot,
    to_lsp,
};

/// Answers with the code and its place, or with an error that says why not.
pub(crate) async fn prepare_rename(
    snapshot: Snapshot,
    params: TextDocumentPositionParams,
) -> Result<Option<PrepareRenameResponse>> {
    let snapshot = snapshot.at(&params.text_document.uri);
    let Some(document) = snapshot.readable(&params.text_document.uri) else { return Ok(None) };
    let grid = document.grid(snapshot.client.encoding);
    let offset = from_lsp::offset(&grid, params.position);
    let note = document.note().await;
    let (mention, code) = renamed_at(document.text(), &note, offset).map_err(refused)?;
    Ok(Some(to_lsp::renamed(&grid, &mention.range, code.to_string())))
}
