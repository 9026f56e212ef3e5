//! `textDocument/semanticTokens/full`, `full/delta` and `range`: the codes of a note, coloured by what they are.

use std::ops::Range;

use medcode_codes::{
    note::{Mention, Note},
    system::CodeSystem,
};

use super::{MOST_ENTRIES, encounter_date::briefs_of};
use crate::{
    documents::Document,
    protocol::{Error, Result, SemanticToken},
    snapshot::Snapshot,
    sought::{is_evident, is_reported},
    to_lsp::{self, Token, TokenKind},
};

mod delta;
mod full;
mod range;

pub(crate) use delta::semantic_tokens_full_delta;
pub(crate) use full::semantic_tokens_full;
pub(crate) use range::semantic_tokens_range;

/// The tokens of the codes that touch `part`, at most as many as an answer may hold. An error when the text has changed
/// meanwhile: their places would be those of another text.
async fn tokens(
    snapshot: &Snapshot,
    document: &std::sync::Arc<Document>,
    part: Range<usize>,
) -> Result<Vec<SemanticToken>> {
    let note = document.note().await;
    let mentions: Vec<(usize, &Mention)> = touching(&note, &part);
    let codes = mentions.iter().map(|(_, mention)| *mention);
    let briefs = briefs_of(snapshot, document.text(), &note, codes).await;
    if document.is_outdated() {
        return Err(Error::content_modified());
    }
    let mut tokens = Vec::with_capacity(mentions.len());
    for ((index, mention), brief) in mentions.into_iter().zip(briefs) {
        tokens.push(Token {
            range: mention.range.clone(),
            kind: kind_of(mention.system),
            is_ended: brief.as_ref().is_some_and(|brief| brief.ended),
            is_header: brief.as_ref().is_some_and(|brief| brief.header),
            is_first_listed: is_first_listed(&note, index),
        });
        let modifiers = mention.modifiers.iter().cloned();
        tokens.extend(modifiers.map(|range| Token {
            range,
            kind: TokenKind::Modifier,
            is_ended: false,
            is_header: false,
            is_first_listed: false,
        }));
    }
    // Modifiers of a claim may stand elsewhere than behind their code.
    tokens.sort_by_key(|token| token.range.start);
    tokens.dedup_by(|next, before| next.range.start < before.range.end);
    tokens.truncate(MOST_ENTRIES);
    Ok(to_lsp::packed(&document.grid(snapshot.client.encoding), &tokens))
}

/// The codes in `part` or at its borders, with their indices in the note.
fn touching<'n>(note: &'n Note, part: &Range<usize>) -> Vec<(usize, &'n Mention)> {
    let mentions = note.mentions.iter().enumerate();
    mentions
        .filter(|(_, mention)| is_evident(mention))
        .skip_while(|(_, mention)| mention.range.end < part.start)
        .take_while(|(_, mention)| mention.range.start <= part.end)
        .take(MOST_ENTRIES)
        .collect()
}

fn kind_of(system: CodeSystem) -> TokenKind {
    match system {
        CodeSystem::Icd10Cm => TokenKind::Diagnosis,
        CodeSystem::Icd10Pcs | CodeSystem::Cpt => TokenKind::Procedure,
        CodeSystem::Hcpcs => TokenKind::Supply,
    }
}

/// Whether a mention is the first diagnosis that its encounter reports.
fn is_first_listed(note: &Note, index: usize) -> bool {
    let lists = |mention: &Mention| mention.system.is_diagnosis() && is_reported(mention);
    let Some(mention) = note.mentions.get(index).filter(|mention| lists(mention)) else {
        return false;
    };
    let first = note.mentions_of(mention.encounter).iter().find(|other| lists(other));
    first.is_some_and(|first| first.range == mention.range)
}

#[cfg(test)]
mod tests {
    use medcode_codes::note::scan;

    use super::*;

    #[test]
    fn finds_the_first_diagnosis_of_each_encounter() {
        let text = "## Visit 2026-01-05\nFamily history: C50.919\nCPT: 99213-25\nDx: E11.9, I10\n\n## Visit 2026-02-05\nDx: J45.909\n";
        let note = scan(text);
        let first = (0..note.mentions.len()).filter(|index| is_first_listed(&note, *index));
        let first: Vec<_> = first.map(|index| &text[note.mentions[index].range.clone()]).collect();
        assert_eq!(first, ["E11.9", "J45.909"]);
    }

    #[test]
    fn takes_the_codes_of_a_part() {
        let text = "Dx: E11.9\nDx: I10\nDx: J45.909\n";
        let note = scan(text);
        let found = |part: Range<usize>| {
            let found = touching(&note, &part).into_iter();
            found.map(|(_, mention)| &text[mention.range.clone()]).collect::<Vec<_>>()
        };
        assert_eq!(found(10..17), ["I10"]);
        assert_eq!(found(0..text.len()).len(), 3);
        assert_eq!(found(5..6), ["E11.9"]);
    }
}
