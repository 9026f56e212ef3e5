//! `textDocument/documentSymbol`: the encounters of a note and their codes.
//!
//! Headings are not repeated: editors list them already, and some merge both lists.

use std::ops::Range;

use medcode_codes::note::{Form, Mention, Note};

use super::{
    MOST_ENTRIES,
    encounter_date::{briefs_of, encounter_at},
};
use crate::{
    config::Outline,
    protocol::{DocumentSymbolParams, DocumentSymbolResponse, Result},
    snapshot::Snapshot,
    sought::{Coded, is_evident},
    to_lsp::{self, CodeSymbol, EncounterSymbol},
};

/// Answers with the encounters that hold codes, unless the settings want none.
pub(crate) async fn document_symbol(
    snapshot: Snapshot,
    params: DocumentSymbolParams,
) -> Result<Option<DocumentSymbolResponse>> {
    let snapshot = snapshot.at(&params.text_document.uri);
    let Some(document) = snapshot.readable(&params.text_document.uri) else { return Ok(None) };
    if snapshot.settings.features.outline == Outline::Off {
        return Ok(None);
    }
    let note = document.note().await;
    let (text, mentions) = (document.text(), shown(&note));
    let briefs = briefs_of(&snapshot, text, &note, mentions.iter().copied()).await;
    let mut encounters = outline(text, &note, &mentions);
    let codes = encounters.iter_mut().flat_map(|encounter| &mut encounter.codes);
    for (symbol, brief) in codes.zip(briefs) {
        symbol.title = brief.as_ref().map(|brief| brief.titled.title.clone()).unwrap_or_default();
        symbol.is_ended = brief.is_some_and(|brief| brief.ended);
    }
    Ok(Some(to_lsp::document_symbols(document, &encounters, &snapshot)))
}

/// The mentions that are codes for all one can see, as many as an answer may hold.
fn shown(note: &Note) -> Vec<&Mention> {
    let most = MOST_ENTRIES.saturating_sub(note.encounters.len());
    note.mentions.iter().filter(|mention| is_evident(mention)).take(most).collect()
}

/// The encounters that hold any of `mentions`, which are in text order.
fn outline(text: &str, note: &Note, mentions: &[&Mention]) -> Vec<EncounterSymbol> {
    let mut encounters: Vec<EncounterSymbol> = Vec::new();
    for mention in mentions {
        let Some(index) = encounter_at(note, mention.range.start) else { continue };
        if encounters.last().is_none_or(|last| last.number != index + 1) {
            let scope = &note.encounters[index];
            encounters.push(EncounterSymbol {
                number: index + 1,
                range: scope.range.clone(),
                heading: scope.heading.clone().unwrap_or_else(|| first_line(text, &scope.range)),
                date: scope.service_date.as_ref().map(|mention| mention.date),
                codes: Vec::new(),
            });
        }
        if let Some(encounter) = encounters.last_mut() {
            encounter.codes.push(symbol(text, mention));
        }
    }
    encounters
}

fn symbol(text: &str, mention: &Mention) -> CodeSymbol {
    let as_written = text.get(mention.range.clone()).unwrap_or_default();
    let written = Coded::of(mention, text).map(Coded::written);
    let name = match (written, mention.form) {
        (Some(code), Form::Category) => format!("{}.-", code.trim_end_matches('.')),
        (Some(code), _) => code,
        (None, _) => as_written.to_owned(),
    };
    let end = mention.modifiers.iter().map(|it| it.end).fold(mention.range.end, usize::max);
    let mut range = mention.range.start..end;
    if let Some(words) = &mention.description {
        range = range.start.min(words.start)..range.end.max(words.end);
    }
    CodeSymbol {
        name,
        title: String::new(),
        is_diagnosis: mention.system.is_diagnosis(),
        is_ended: false,
        range,
        selection: mention.range.clone(),
    }
}

fn first_line(text: &str, range: &Range<usize>) -> Range<usize> {
    let body = text.get(range.clone()).unwrap_or_default();
    let end = body.find(['\n', '\r']).unwrap_or(body.len());
    range.start..range.start + end
}

#[cfg(test)]
mod tests {
    use medcode_codes::note::scan;
    use proptest::prelude::*;

    use super::*;

    fn outlined(text: &str) -> Vec<EncounterSymbol> {
        let note = scan(text);
        outline(text, &note, &shown(&note))
    }

    #[test]
    fn lists_encounters_with_their_codes() {
        let text = "# Ann\n\n## Visit 2026-01-05\nDx: e11.9 - Type 2 diabetes, E10.-\nCPT: 99213-25\n\n## Visit 2026-02-05\nDx: I10\n";
        let found = outlined(text);
        let names = |encounter: &EncounterSymbol| {
            let names = encounter.codes.iter().map(|code| code.name.clone());
            names.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(found.len(), 2);
        assert_eq!(names(&found[0]), "E11.9 E10.- 99213");
        assert_eq!(names(&found[1]), "I10");
        assert_eq!(&text[found[1].heading.clone()], "## Visit 2026-02-05");
        assert_eq!(&text[found[0].codes[0].range.clone()], "e11.9 - Type 2 diabetes");
        assert_eq!(&text[found[0].codes[2].range.clone()], "99213-25");
    }

    #[test]
    fn shows_nothing_where_no_codes_are() {
        assert_eq!(outlined("Room 12345 has vitamin B12.\n"), []);
        assert_eq!(outlined(""), []);
    }

    proptest! {
        #[test]
        fn what_is_selected_lies_in_what_belongs_to_it(
            text in "(## Visit 2026-01-05\n|Dx: |E11\\.65|99213-25|é|😀| |\n|\r|, |\\(Type 2\\) |```codes\n){0,14}",
        ) {
            let holds = |outer: &Range<usize>, inner: &Range<usize>| {
                outer.start <= inner.start && inner.end <= outer.end
            };
            for encounter in outlined(&text) {
                prop_assert!(text.get(encounter.range.clone()).is_some());
                prop_assert!(holds(&encounter.range, &encounter.heading));
                for code in encounter.codes {
                    prop_assert!(text.get(code.range.clone()).is_some());
                    prop_assert!(holds(&encounter.range, &code.range), "{:?}", code);
                    prop_assert!(holds(&code.range, &code.selection), "{:?}", code);
                }
            }
        }
    }
}
