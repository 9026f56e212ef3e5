//! `textDocument/references`: where the code under the caret stands, in open notes and in those of the workspace.

use std::sync::Arc;

use super::{MOST_ENTRIES, everywhere::everywhere};
use crate::{
    from_lsp,
    positions::Span,
    protocol::{Location, ReferenceParams, Result, Url},
    snapshot::Snapshot,
    sought::Sought,
    to_lsp,
    workspace_index::CodedNote,
};

/// Answers for any code, and for a header or a category with everything below.
pub(crate) async fn references(
    snapshot: Snapshot,
    params: ReferenceParams,
) -> Result<Option<Vec<Location>>> {
    let place = params.text_document_position;
    let snapshot = snapshot.at(&place.text_document.uri);
    let Some(document) = snapshot.readable(&place.text_document.uri) else { return Ok(None) };
    let offset = from_lsp::offset(&document.grid(snapshot.client.encoding), place.position);
    let note = document.note().await;
    let Some(mention) = note.mention_at(offset) else { return Ok(None) };
    let sought = Sought::of(mention, document.text());
    let notes = everywhere(&snapshot).await;
    let own = document.uri.clone();
    let found = tokio::task::spawn_blocking(move || places(&notes, &sought, &own)).await;
    let found = found.unwrap_or_default().into_iter();
    Ok(Some(found.map(|(uri, span)| to_lsp::location(uri, span)).collect()))
}

/// The places of what is sought, those of the note itself first.
fn places(notes: &[Arc<CodedNote>], sought: &Sought, own: &Url) -> Vec<(Url, Span)> {
    let (first, others): (Vec<_>, Vec<_>) = notes.iter().partition(|note| note.uri == *own);
    let found = first.into_iter().chain(others).flat_map(|note| {
        let codes = note.codes.iter();
        let mut spans: Vec<Span> = codes
            .filter(|place| sought.finds(place.coded).is_some())
            .map(|place| place.span)
            .collect();
        // A place may have two readings.
        spans.dedup();
        spans.into_iter().map(|span| (note.uri.clone(), span))
    });
    found.take(MOST_ENTRIES).collect()
}
