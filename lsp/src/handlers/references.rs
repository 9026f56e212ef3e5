//! `textDocument/references`: where the code under the caret stands, in open notes and in those of the workspace.

use std::sync::Arc;

use super::{MOST_ENTRIES, encounter_date::date_at, everywhere::everywhere};
use crate::{
    from_lsp,
    positions::Span,
    protocol::{Location, ReferenceParams, Result, Url},
    snapshot::Snapshot,
    sought::{Coded, Sought},
    to_lsp,
    workspace_index::CodedNote,
};

/// Answers for any code, and for a header or a category with everything below; with the declaration also where the code
/// stands in its code set.
pub(crate) async fn references(
    snapshot: Snapshot,
    params: ReferenceParams,
) -> Result<Option<Vec<Location>>> {
    let place = params.text_document_position;
    let snapshot = snapshot.at(&place.text_document.uri);
    let Some(document) = snapshot.note_or_page(&place.text_document.uri) else { return Ok(None) };
    let offset = from_lsp::offset(&document.grid(snapshot.client.encoding), place.position);
    let note = document.note().await;
    let Some(mention) = note.mention_at(offset) else { return Ok(None) };
    let sought = Sought::of(mention, document.text());
    let mut locations = Vec::new();
    if params.context.include_declaration
        && let Some(code) = Coded::of(mention, document.text())
    {
        let date = date_at(&note, offset, snapshot.as_of());
        let first = code.first();
        let page = snapshot.pages.locate(&snapshot.codes, code.system, &first, date).await;
        locations.extend(page.as_ref().map(to_lsp::location_on));
    }
    let notes = everywhere(&snapshot).await;
    let own = document.uri.clone();
    let found = tokio::task::spawn_blocking(move || places(&notes, &sought, &own)).await;
    let found = found.unwrap_or_default().into_iter();
    locations.extend(found.map(|(uri, span)| to_lsp::location(uri, span)));
    Ok(Some(locations))
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
