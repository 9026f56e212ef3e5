//! `textDocument/definition`: from a code to its place in the tabular list.

use super::code_at::code_at;
use crate::{
    from_lsp,
    protocol::{GotoDefinitionParams, GotoDefinitionResponse, Result},
    snapshot::Snapshot,
    to_lsp,
};

/// Answers for any code that has a page, valid or not, and for modifiers of HCPCS.
pub(crate) async fn definition(
    snapshot: Snapshot,
    params: GotoDefinitionParams,
) -> Result<Option<GotoDefinitionResponse>> {
    let place = params.text_document_position_params;
    let snapshot = snapshot.at(&place.text_document.uri);
    let Some(document) = snapshot.note_or_page(&place.text_document.uri) else { return Ok(None) };
    let grid = document.grid(snapshot.client.encoding);
    let offset = from_lsp::offset(&grid, place.position);
    let note = document.note().await;
    let Some(at) = code_at(&snapshot, document.text(), &note, offset).await else {
        return Ok(None);
    };
    let found = snapshot.pages.locate(&snapshot.codes, at.system, &at.code, at.date).await;
    Ok(found.map(|found| to_lsp::definition(&grid, &at.range, found, &snapshot.client)))
}
