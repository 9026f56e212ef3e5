//! `textDocument/rangeFormatting`: the codes that lie wholly inside a selection, as they are published.

use super::formatting::edits;
use crate::{
    from_lsp,
    protocol::{DocumentRangeFormattingParams, Result, TextEdit},
    snapshot::Snapshot,
};

/// Respells the codes of the range.
pub(crate) async fn range_formatting(
    snapshot: Snapshot,
    params: DocumentRangeFormattingParams,
) -> Result<Option<Vec<TextEdit>>> {
    let snapshot = snapshot.at(&params.text_document.uri);
    let Some(document) = snapshot.readable(&params.text_document.uri) else { return Ok(None) };
    let range = from_lsp::range(&document.grid(snapshot.client.encoding), params.range);
    let inside =
        |place: &std::ops::Range<usize>| range.start <= place.start && place.end <= range.end;
    Ok(Some(edits(&snapshot, document, inside).await))
}
