//! `textDocument/documentHighlight`: where else in this note the code under the caret stands.

use std::ops::Range;

use medcode_codes::note::Note;

use super::MOST_ENTRIES;
use crate::{
    from_lsp,
    protocol::{DocumentHighlight, DocumentHighlightParams, Result},
    snapshot::Snapshot,
    sought::{Found, Sought},
    to_lsp,
};

/// Answers for any code: the same one, and on a header or a category what is below it.
pub(crate) async fn document_highlight(
    snapshot: Snapshot,
    params: DocumentHighlightParams,
) -> Result<Option<Vec<DocumentHighlight>>> {
    let place = params.text_document_position_params;
    let snapshot = snapshot.at(&place.text_document.uri);
    let Some(document) = snapshot.readable(&place.text_document.uri) else { return Ok(None) };
    let grid = document.grid(snapshot.client.encoding);
    let offset = from_lsp::offset(&grid, place.position);
    let found = document.read(move |document, note| places(document.text(), note, offset)).await;
    Ok(found.filter(|found| !found.is_empty()).map(|found| to_lsp::highlights(&grid, &found)))
}

fn places(text: &str, note: &Note, offset: usize) -> Vec<(Range<usize>, Found)> {
    let Some(mention) = note.mention_at(offset) else { return Vec::new() };
    let sought = Sought::of(mention, text);
    let found = note
        .mentions
        .iter()
        .filter_map(|mention| Some((mention.range.clone(), sought.finds_in(mention, text)?)));
    found.take(MOST_ENTRIES).collect()
}
