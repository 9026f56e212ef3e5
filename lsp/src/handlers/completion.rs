//! `textDocument/completion`: codes by their beginning or by words of their titles, and modifiers behind codes.

use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::encounter_date::{date_at, encounter_at};
use crate::{
    code_client::COMPLETION_LIMIT,
    from_lsp::{self, Trigger},
    protocol::{CompletionParams, CompletionResponse, Result},
    snapshot::Snapshot,
    to_lsp::{self, Typed},
};

mod modifiers;
mod patient;
mod phrase;
mod uses;

use phrase::Phrase;
use uses::Uses;

/// The time in which a hand that typed a letter does not yet ask for a list.
const BY_HAND: Duration = Duration::from_millis(50);

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
    let trigger = from_lsp::trigger(&params);
    if let Trigger::Character(Some(character)) = trigger
        && ends_word(text, offset, character)
    {
        return Ok(None);
    }
    let is_being_typed = snapshot.client.opens_while_typing
        && document.quiet_at(BY_HAND).is_some_and(|quiet| Instant::now() < quiet);
    let Some(context) = document.context_at(offset).await else { return Ok(None) };
    let is_modifier = context.modifier_of.is_some();
    // No system means that no code fits; a search without systems would find all.
    if context.silent || (context.systems.is_empty() && !is_modifier) {
        return Ok(None);
    }
    let is_asked_for = match trigger {
        Trigger::Character(_) => false,
        Trigger::Invoked => !is_being_typed,
        Trigger::Refined => true,
    };
    if !context.automatic && !is_asked_for {
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
    let encounter = encounter_at(&note, offset).and_then(|index| note.encounters.get(index));
    let patient = encounter.map(patient::of).unwrap_or_default();
    let phrase = Phrase { snapshot: &snapshot, text, context: &context, date, patient };
    let Ok(Some((start, offers))) = timeout(COMPLETION_LIMIT, phrase.offers(&uses)).await else {
        return Ok(None);
    };
    let typed = typed(start);
    Ok(typed.map(|typed| to_lsp::completion(&grid, &typed, &offers, &snapshot.client)))
}

/// Whether a character that was just typed ends a word or joins two, which most points and hyphens do: behind a word
/// without digits no code goes on. Known without a look at the rest of the text.
fn ends_word(text: &str, offset: usize, character: char) -> bool {
    let before = text.get(..offset).and_then(|before| before.strip_suffix(character));
    let Some(before) = before.filter(|_| matches!(character, '.' | '-')) else { return false };
    let mut word = before.chars().rev().take_while(|it| it.is_alphanumeric());
    !word.any(char::is_numeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_behind_a_word_is_no_part_of_a_code() {
        for (text, ends) in [
            ("Seen today.", true),
            ("follow-", true),
            (".", true),
            ("E11.", false),
            ("CPT: 99213-25-", false),
            ("99213-", false),
            ("Seen 9", false),
        ] {
            let character = text.chars().last().unwrap();
            assert_eq!(ends_word(text, text.len(), character), ends, "{text}");
        }
        assert!(!ends_word("é.", 1, '.'));
    }
}
