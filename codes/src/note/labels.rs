//! Labels: words that say what stands behind them, as in `Dx: E11.9` or `CPT codes 99213, 99214`.

use std::ops::Range;

use super::{
    Place,
    systems::Systems,
    tokens::{char_at, char_before, is_blank, is_dash, is_word, skip},
};

mod words;

use words::{Words, word_at};

/// Characters between a label and the first code, when no colon or the like binds them.
pub(super) const REACH: usize = 25;

/// What stands behind a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Codes.
    Codes(Systems),
    /// Modifiers of the code before.
    Modifiers,
    /// Numbers of another kind: ICD-9-CM, NDC, DRG, revenue codes.
    Other,
}

/// A label and the way it introduces its list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// From its first letter to where its list begins.
    pub(super) range: Range<usize>,
    /// What the list holds.
    pub(super) meaning: Meaning,
    /// A colon, equals sign, number sign or dash introduces the list.
    pub(super) explicit: bool,
    /// It names a code system.
    pub(super) names_system: bool,
    /// The place of the codes behind it.
    pub(super) place: Place,
}

/// The label that begins at `start`, where a word begins.
pub(super) fn at(text: &str, start: usize, end: usize) -> Option<Label> {
    let mut head = words::read(text, start, end)?;
    // `dx'd with` is a verb.
    if text.get(head.end..).is_some_and(|rest| rest.starts_with(['\'', '’'])) {
        return None;
    }
    // `owner/icd#169` is a thread in somebody's repository.
    if char_before(text, start) == Some('/') && text.as_bytes().get(head.end) == Some(&b'#') {
        return None;
    }
    // `ICD-10 diagnosis code`, `CPT/HCPCS`, `Dx (ICD-10)`: what is joined by a slash or "and" adds up, else the last
    // one decides.
    while let Some((adds, next)) = joined(text, head.end, end) {
        let Some(following) = words::read(text, next, end) else { break };
        head = Words {
            meaning: if adds { both(head.meaning, following.meaning) } else { following.meaning },
            ..following
        };
    }
    Some(introduce(text, start, end, &head))
}

fn both(first: Meaning, second: Meaning) -> Meaning {
    match (first, second) {
        (Meaning::Codes(first), Meaning::Codes(second)) => Meaning::Codes(first.or(second)),
        (Meaning::Codes(_), _) => first,
        _ => second,
    }
}

/// Where the next word begins, if only blanks, brackets or a joining word or sign stand before it; and whether what
/// stands there adds up.
fn joined(text: &str, from: usize, end: usize) -> Option<(bool, usize)> {
    let mut adds = false;
    let mut at = from;
    for _ in 0..4 {
        let sign = skip(text, at, end, |it| {
            is_blank(it) || matches!(it, '(' | '/' | '&' | '+' | ',' | '*')
        });
        adds |= text.get(at..sign)?.contains(['/', '&', '+', ',']);
        let (word, behind) = word_at(text, sign, end)?;
        if sign == from {
            return None;
        }
        if matches!(word, "and" | "or" | "AND" | "OR") {
            adds = true;
            at = behind;
        } else {
            return Some((adds, sign));
        }
    }
    None
}

/// Reads what stands between a label's words and its list.
fn introduce(text: &str, start: usize, end: usize, head: &Words) -> Label {
    let word = text.get(start..head.end).unwrap_or_default();
    let bytes = text.as_bytes();
    let colon = bytes.get(head.end) == Some(&b':')
        && char_at(text, head.end + 1).is_some_and(|(it, _)| is_word(it));
    let sigil = colon
        && head.end < end
        && matches!(word, "icd10" | "icd10cm" | "icd10pcs" | "pcs" | "cpt" | "hcpcs");
    let place = if sigil { Place::Sigil } else { head.place };

    let mut at = skip_numbering(text, head.end, end);
    at = skip(text, at, end, |it| {
        is_blank(it) || matches!(it, ')' | ']' | '*' | '_' | '`' | '"' | '\'')
    });
    let mut explicit = false;
    match char_at(text, at).filter(|_| at < end) {
        Some((':' | '=' | '#', _)) => {
            explicit = true;
            at = skip(text, at, end, |it| matches!(it, ':' | '=' | '#'));
        }
        Some((dash, width)) if is_dash(dash) => {
            // `ICD10-I10` is glued, `Dx - E11.9` is introduced.
            explicit = !char_at(text, at + width).is_some_and(|(it, _)| is_word(it));
            at += width;
        }
        Some(('.', _)) if head.place == Place::Label && !head.names_system => at += 1,
        _ => {
            if let Some(("is" | "are" | "was" | "were", behind)) = word_at(text, at, end) {
                at = behind;
            }
        }
    }
    let from = at;
    at = skip(text, at, end, |it| is_blank(it) || matches!(it, '*' | '_' | '"' | '\'' | '`'));
    // `Dx: ***` waits for a code; in `**Dx:** E11.9` the label ends behind its emphasis.
    if let Some(wildcard) = text.get(from..at).and_then(|skipped| skipped.find("***")) {
        at = from + wildcard;
    }
    Label {
        range: start..at,
        meaning: head.meaning,
        explicit,
        names_system: head.names_system,
        place,
    }
}

/// `Dx 1:`, `Dx #2.`: the number belongs to the label.
fn skip_numbering(text: &str, from: usize, end: usize) -> usize {
    let sign = skip(text, from, end, |it| is_blank(it) || it == '#');
    let behind = skip(text, sign, end, |it| it.is_ascii_digit());
    let short = (1..=2).contains(&(behind - sign));
    let closed =
        behind < end && matches!(text.as_bytes().get(behind), Some(b':' | b'=' | b'.' | b')'));
    if short && closed { behind } else { from }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(text: &str) -> Option<(Meaning, bool, &str)> {
        let label = at(text, 0, text.len())?;
        Some((label.meaning, label.explicit, &text[label.range.end..]))
    }

    #[test]
    fn reads_the_labels_of_diagnoses() {
        for text in [
            "Dx: E11",
            "dx E11",
            "DX1: E11",
            "Dx #1: E11",
            "Dx 1. E11",
            "Diagnosis: E11",
            "Diagnosis code(s): E11",
            "Diag code = E11",
            "Assessment codes: E11",
            "ICD-10-CM: E11",
            "icd10cm:E11",
            "Diagnosis(es): E11",
            "ICD-10-CM diagnosis code: E11",
            "**Dx:** E11",
            "Dx - E11",
        ] {
            let text = text.trim_start_matches('*');
            let (meaning, _, rest) = label(text).unwrap();
            assert_eq!((meaning, rest), (Meaning::Codes(Systems::DIAGNOSIS), "E11"), "{text}");
        }
        for text in [
            "ICD-10: E11",
            "ICD10-E11",
            "ICD 10 code E11",
            "icd: E11",
            "Dx (ICD-10): E11",
            "ICD\u{2011}10 E11",
        ] {
            assert_eq!(
                label(text).map(|it| (it.0, it.2)),
                Some((Meaning::Codes(Systems::ICD), "E11")),
                "{text}"
            );
        }
    }

    #[test]
    fn reads_the_labels_of_procedures() {
        assert_eq!(label("CPT-4: 1"), Some((Meaning::Codes(Systems::CPT), true, "1")));
        assert_eq!(label("CPT-1"), Some((Meaning::Codes(Systems::CPT), false, "1")));
        assert_eq!(label("CPT is 1"), Some((Meaning::Codes(Systems::CPT), false, "1")));
        assert_eq!(
            label("HCPCS Level II code 1"),
            Some((Meaning::Codes(Systems::HCPCS), false, "1"))
        );
        assert_eq!(label("Px: 1"), Some((Meaning::Codes(Systems::PROCEDURE), true, "1")));
        assert_eq!(
            label("Procedure codes: 1"),
            Some((Meaning::Codes(Systems::PROCEDURE), true, "1"))
        );
        assert_eq!(label("ICD-10-PCS: 1"), Some((Meaning::Codes(Systems::PCS), true, "1")));
        assert_eq!(label("Modifier: 25"), Some((Meaning::Modifiers, true, "25")));
    }

    #[test]
    fn joined_labels_admit_both() {
        assert_eq!(
            label("Dx/CPT: 1"),
            Some((Meaning::Codes(Systems::DIAGNOSIS.or(Systems::CPT)), true, "1"))
        );
        assert_eq!(
            label("Diagnosis and procedure codes: 1"),
            Some((Meaning::Codes(Systems::DIAGNOSIS.or(Systems::PROCEDURE)), true, "1"))
        );
    }

    #[test]
    fn other_numbers_have_labels_of_their_own() {
        for text in [
            "ICD-9: 250.00",
            "ICD-9-CM code 250.00",
            "ICD-O-3 8140",
            "NDC 00378514501",
            "Rev code 0450",
            "DRG 470",
        ] {
            assert_eq!(label(text).map(|it| it.0), Some(Meaning::Other), "{text}");
        }
    }

    #[test]
    fn words_that_only_begin_like_a_label_are_none() {
        for text in [
            "diagnostic 1",
            "procedure 1",
            "assessment: 1",
            "dxa 1",
            "icdx",
            "Modification 1",
            "FL 33101",
        ] {
            assert_eq!(label(text), None, "{text}");
        }
    }

    #[test]
    fn form_locators_of_the_ub04_are_labels() {
        assert_eq!(label("FL67A: E119"), Some((Meaning::Codes(Systems::DIAGNOSIS), true, "E119")));
        assert_eq!(label("FL 74: 0DTJ4ZZ"), Some((Meaning::Codes(Systems::PCS), true, "0DTJ4ZZ")));
    }

    #[test]
    fn a_sigil_is_lower_case_and_glued() {
        let place = |text: &str| at(text, 0, text.len()).unwrap().place;
        assert_eq!(place("icd10:E11.9"), Place::Sigil);
        assert_eq!(place("cpt:99213"), Place::Sigil);
        assert_eq!(place("cpt: 99213"), Place::Label);
        assert_eq!(place("CPT:99213"), Place::Label);
    }
}
