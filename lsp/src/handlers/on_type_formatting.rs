//! `textDocument/onTypeFormatting`: the code that was just finished, as it is published. Off unless it is wanted: editors
//! keep such help off by default, and so does medcode.

use super::formatting::edits;
use crate::{
    from_lsp,
    protocol::{DocumentOnTypeFormattingParams, Result, TextEdit},
    snapshot::Snapshot,
};

/// The characters that finish a code, the first one first announced.
pub(crate) const TRIGGERS: [&str; 3] = ["\n", " ", ","];

/// Respells the code in front of the character that was typed, and nothing else.
pub(crate) async fn on_type_formatting(
    snapshot: Snapshot,
    params: DocumentOnTypeFormattingParams,
) -> Result<Option<Vec<TextEdit>>> {
    let place = params.text_document_position;
    let snapshot = snapshot.at(&place.text_document.uri);
    let Some(document) = snapshot.readable(&place.text_document.uri) else { return Ok(None) };
    if !snapshot.settings.features.format_on_type || !TRIGGERS.contains(&params.ch.as_str()) {
        return Ok(None);
    }
    let caret = from_lsp::offset(&document.grid(snapshot.client.encoding), place.position);
    let Some(end) = finished_at(document.text(), caret, &params.ch) else { return Ok(None) };
    Ok(Some(edits(&snapshot, document, |code| code.end == end).await))
}

/// Where the word ends that `typed`, in front of the caret, has finished. An editor may have indented the new line, and
/// may not have moved the caret yet.
fn finished_at(text: &str, caret: usize, typed: &str) -> Option<usize> {
    let before = text.get(..caret)?;
    let (before, typed_at_caret) = match typed {
        "\n" => (before.trim_end_matches([' ', '\t']), "\n"),
        other => (before, other),
    };
    let before = match before.strip_suffix(typed_at_caret) {
        Some(before) => before.strip_suffix('\r').unwrap_or(before),
        None if text.get(caret..)?.starts_with(typed) => before,
        None => return None,
    };
    let blank = |it: char| typed == "\n" && matches!(it, ' ' | '\t' | '.' | ',' | ';');
    Some(before.trim_end_matches(blank).len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_word_that_was_finished() {
        for (text, caret, typed, expected) in [
            ("Dx: e119 ", 9, " ", Some(8)),
            ("Dx: e119,", 9, ",", Some(8)),
            ("Dx: e119\n", 9, "\n", Some(8)),
            ("- Dx: e119; \r\n  ", 16, "\n", Some(10)),
            ("Dx: e119, x", 8, ",", Some(8)),
            ("Dx: e119", 8, " ", None),
            ("", 0, "\n", None),
        ] {
            assert_eq!(finished_at(text, caret, typed), expected, "{text:?}");
        }
    }
}
