//! `textDocument/completion`: codes by their beginning or by words of their titles, and modifiers behind codes.

use tokio::time::timeout;

use super::encounter_date::date_at;
use crate::{
    code_client::COMPLETION_LIMIT,
    from_lsp,
    protocol::{CompletionParams, CompletionResponse, Result},
    snapshot::Snapshot,
    to_lsp::{self, Typed},
};

mod modifiers;
mod phrase;
mod uses;

use phrase::Phrase;
use uses::Uses;

/// Answers where a code may stand; elsewhere nothing, at once.
pub(crate) async fn completion(
    snapshot: Snapshot,
    params: CompletionParams,
) -> Result<Option<CompletionResponse>> {
    let place = &params.text_document_position;
    let snapshot = snapshot.at(&place.text_document.uri);
    let Some(document) = snapshot.readable(&place.text_document.uri) else { return Ok(None) };
    let grid = document.grid(snapshot.client.encoding);
    let offset = from_lsp::offset(&grid, place.position);
    let text = document.text();
    let Some(context) = document.context_at(offset).await else { return Ok(None) };
    let is_modifier = context.modifier_of.is_some();
    // No system means that no code fits; a search without systems would find all.
    if context.silent || (context.systems.is_empty() && !is_modifier) {
        return Ok(None);
    }
    if !context.automatic && !from_lsp::is_invoked(&params) {
        return Ok(None);
    }
    let note = document.note().await;
    let date = date_at(&note, offset, snapshot.as_of());
    let end =
        if snapshot.client.replaces_behind_caret { context.code_end.max(offset) } else { offset };
    let insert = &snapshot.settings.completion_insert;
    let typed = |start: usize| {
        let place = start..end;
        text.get(place.clone()).map(|text| Typed { place, text, date, insert })
    };
    if is_modifier {
        let offers = modifiers::offered(text, &context, date);
        let typed = typed(context.replace.start);
        return Ok(typed.map(|typed| to_lsp::modifiers(&grid, &typed, &offers, &snapshot.client)));
    }
    let uses = Uses::count(text, &note, &context, offset);
    let phrase = Phrase { snapshot: &snapshot, text, context: &context, date };
    let Ok(Some((start, offers))) = timeout(COMPLETION_LIMIT, phrase.offers(&uses)).await else {
        return Ok(None);
    };
    let typed = typed(start);
    Ok(typed.map(|typed| to_lsp::completion(&grid, &typed, &offers, &snapshot.client)))
}
