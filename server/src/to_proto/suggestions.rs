//! Codes that may have been meant, and why.

use medcode_codes::{code::Code, concept::Concept, verdict::Verdict};
use medcode_proto::v1::{self, SuggestionReason};

use crate::{catalog::snapshot::Snapshot, rpc::Learned};

/// Suggestions for a code that is unknown.
pub(super) const FEW: usize = 5;

/// Suggestions for a header: its children.
pub(super) const MANY: usize = 20;

/// What may have been meant instead of a code, best first.
pub(super) fn instead(
    snapshot: &Snapshot,
    learned: &Learned<'_>,
    most: usize,
) -> Vec<v1::Suggestion> {
    let codes = codes(snapshot, learned);
    let suggestions = codes.into_iter().take(most).map(|(code, reason)| v1::Suggestion {
        coding: Some(super::coding(snapshot, code, learned.date)),
        reason: reason.into(),
    });
    suggestions.collect()
}

fn codes(snapshot: &Snapshot, learned: &Learned<'_>) -> Vec<(Code, SuggestionReason)> {
    let Some(judgement) = &learned.judgement else { return Vec::new() };
    let one = |code: Code, reason| vec![(code, reason)];
    if judgement.normalized.lookalike
        && let (Some(code), Some(_)) = (judgement.code, judgement.concept)
    {
        return one(code, SuggestionReason::Format);
    }
    match &judgement.verdict {
        Verdict::Expired { replacements } => {
            let by = replacements.iter().map(|by| (by.code, SuggestionReason::ReplacedBy));
            by.collect()
        }
        Verdict::NotYetEffective { instead } => {
            instead.iter().map(|code| (*code, SuggestionReason::Predecessor)).collect()
        }
        Verdict::CategoryReference | Verdict::Header => {
            let children = judgement.concept.map(|concept| concept.children()).unwrap_or_default();
            let codes = children.iter().filter_map(Concept::code);
            codes.map(|code| (code, SuggestionReason::MoreSpecific)).collect()
        }
        Verdict::MissingSeventhCharacter => completions(judgement.concept),
        Verdict::InvalidSeventhCharacter { stem, .. } => {
            completions(snapshot.terminology.concept(*stem, learned.date))
        }
        Verdict::MissingPlaceholder { intended } => one(*intended, SuggestionReason::PlaceholderX),
        Verdict::UnexpectedCharacters { known: code } | Verdict::Confusable { intended: code } => {
            one(*code, SuggestionReason::Typo)
        }
        Verdict::LetterIOrO { intended } => {
            intended.iter().map(|code| (*code, SuggestionReason::Typo)).collect()
        }
        Verdict::Icd9 { mapped, .. } => {
            mapped.iter().map(|code| (*code, SuggestionReason::OtherSystem)).collect()
        }
        Verdict::WrongSystem { actual } => one(*actual, SuggestionReason::OtherSystem),
        Verdict::Unknown { candidates } => {
            candidates.iter().map(|code| (*code, SuggestionReason::Typo)).collect()
        }
        Verdict::Billable | Verdict::Malformed | Verdict::Unavailable(_) => Vec::new(),
    }
}

fn completions(concept: Option<Concept<'_>>) -> Vec<(Code, SuggestionReason)> {
    let complete = concept.map(|concept| concept.completions()).unwrap_or_default();
    complete.into_iter().map(|seventh| (seventh.code, SuggestionReason::SeventhCharacter)).collect()
}
