//! Labels: words that say what stands behind them, as in `Dx: E11.9` or `CPT codes 99213, 99214`.

use std::ops::Range;

use super::{
    Place,
    systems::Systems,
    tokens::{char_at, char_before, is_blank, is_dash, is_word, skip},
};

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

/// The words of a label, without what introduces the list.
struct Head {
    end: usize,
    meaning: Meaning,
    names_system: bool,
    place: Place,
}

/// The label that begins at `start`, where a word begins.
pub(super) fn at(text: &str, start: usize, end: usize) -> Option<Label> {
    let mut head = head(text, start, end)?;
    // `owner/icd#169` is a thread in somebody's repository.
    if char_before(text, start) == Some('/') && text.as_bytes().get(head.end) == Some(&b'#') {
        return None;
    }
    // `ICD-10 diagnosis code`, `CPT/HCPCS`, `Dx (ICD-10)`: what is joined by a slash or "and" adds up, else the last
    // one decides.
    while let Some((adds, next)) = joined(text, head.end, end) {
        let Some(following) = self::head(text, next, end) else { break };
        head = Head {
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
fn introduce(text: &str, start: usize, end: usize, head: &Head) -> Label {
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
    at = skip(text, at, end, |it| is_blank(it) || matches!(it, '*' | '_' | '"' | '\'' | '`'));
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

/// The ASCII letters and digits at `at`, and where they end.
fn word_at(text: &str, at: usize, end: usize) -> Option<(&str, usize)> {
    let behind = skip(text, at, end, |it| it.is_ascii_alphanumeric());
    (behind > at).then(|| Some((text.get(at..behind)?, behind)))?
}

fn head(text: &str, start: usize, end: usize) -> Option<Head> {
    let first = text.as_bytes().get(start)?.to_ascii_lowercase();
    if !matches!(first, b'a' | b'c' | b'd' | b'f' | b'h' | b'i' | b'l'..=b'n' | b'p' | b'r'..=b't')
    {
        return None;
    }
    let (word, behind) = word_at(text, start, end)?;
    if word.len() > 10 || char_before(text, start).is_some_and(|it| is_word(it) || it == '_') {
        return None;
    }
    let mut buffer = [0_u8; 10];
    let lower = buffer.get_mut(..word.len())?;
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    let lower = std::str::from_utf8(lower).ok()?;
    let stem = lower.trim_end_matches(|it: char| it.is_ascii_digit());
    let numbered = lower.len() - stem.len() <= 2;
    let codes = |systems, names_system| Head {
        end: behind,
        meaning: Meaning::Codes(systems),
        names_system,
        place: Place::Label,
    };
    let other =
        Head { end: behind, meaning: Meaning::Other, names_system: true, place: Place::Label };
    let head = match stem {
        "icd" | "icd10cm" | "icd10pcs" | "icd9cm" => icd(text, lower, behind, end),
        "dx" | "dxs" | "px" if numbered => {
            codes(if stem == "px" { Systems::PROCEDURE } else { Systems::DIAGNOSIS }, false)
        }
        "diag" | "diagnosis" | "diagnoses" if numbered => codes(Systems::DIAGNOSIS, false),
        "pcs" if numbered => codes(Systems::PCS, true),
        "hcpcs" if numbered => {
            Head { end: skip_level(text, behind, end), ..codes(Systems::HCPCS, true) }
        }
        "cpt" if numbered => {
            let edition = text.get(behind..end).is_some_and(|rest| {
                rest.starts_with("-4")
                    && !rest[2..].starts_with(|it: char| it.is_ascii_alphanumeric())
            });
            Head { end: if edition { behind + 2 } else { behind }, ..codes(Systems::CPT, true) }
        }
        "assessment" => {
            Head { end: code_word(text, behind, end)?, ..codes(Systems::DIAGNOSIS, false) }
        }
        "proc" | "procedure" => {
            Head { end: code_word(text, behind, end)?, ..codes(Systems::PROCEDURE, false) }
        }
        "rev" | "revenue" => Head { end: code_word(text, behind, end)?, ..other },
        "modifier" | "modifiers" | "mod" | "mods" => {
            Head { meaning: Meaning::Modifiers, names_system: false, ..other }
        }
        "ndc" | "drg" | "msdrg" | "loinc" | "snomed" | "rxnorm" | "npi" | "nucc" | "taxonomy"
        | "hcc" => other,
        _ if lower.starts_with("fl") => form_locator(text, lower, word, behind, end)?,
        _ => return None,
    };
    let at = code_word(text, head.end, end).unwrap_or(head.end);
    Some(Head { end: plural(text, at, end), ..head })
}

/// `ICD`, then perhaps an edition, then perhaps `CM` or `PCS`, with or without hyphens or blanks between.
fn icd(text: &str, lower: &str, behind: usize, end: usize) -> Head {
    let mut name = lower.to_owned();
    let mut at = behind;
    for _ in 0..2 {
        let next = skip(text, at, end, |it| is_dash(it) || is_blank(it) || it == '_');
        let Some((part, part_end)) = word_at(text, next, end).filter(|_| next - at <= 3) else {
            break;
        };
        let part = part.to_ascii_lowercase();
        let dashed = next > at && !text.get(at..next).is_some_and(|gap| gap.contains(is_blank));
        let edition = name == "icd"
            && (matches!(&*part, "9" | "10" | "11" | "10cm" | "10pcs" | "9cm")
                || (dashed && part == "o"));
        if !edition && !matches!(&*part, "cm" | "pcs") {
            break;
        }
        name.push_str(&part);
        at = part_end;
    }
    let meaning = if name.ends_with("pcs") {
        Meaning::Codes(Systems::PCS)
    } else if matches!(&*name, "icd9" | "icd9cm" | "icd11" | "icdo") {
        Meaning::Other
    } else if name.ends_with("cm") {
        Meaning::Codes(Systems::DIAGNOSIS)
    } else {
        Meaning::Codes(Systems::ICD)
    };
    Head { end: at, meaning, names_system: true, place: Place::Label }
}

/// Form locators of the UB-04: 67 and 69 to 72 hold diagnoses, 74 procedures, 44 HCPCS codes.
fn form_locator(text: &str, lower: &str, word: &str, behind: usize, end: usize) -> Option<Head> {
    let (number, end) = if lower == "fl" {
        word_at(text, skip(text, behind, end, is_blank), end)?
    } else {
        (word.get(2..)?, behind)
    };
    let letters = number.trim_start_matches(|it: char| it.is_ascii_digit());
    let systems = match number.strip_suffix(letters)? {
        "67" | "69" | "70" | "72" if letters.len() <= 1 => Systems::DIAGNOSIS,
        "74" if letters.len() <= 1 => Systems::PCS,
        "44" if letters.is_empty() => Systems::HCPCS,
        _ => return None,
    };
    Some(Head { end, meaning: Meaning::Codes(systems), names_system: true, place: Place::Claim })
}

/// Where the word "code" or "codes" ends that follows at `from`.
fn code_word(text: &str, from: usize, end: usize) -> Option<usize> {
    let (word, behind) = word_at(text, skip(text, from, end, is_blank), end)?;
    let known =
        ["code", "codes", "number", "numbers"].iter().any(|it| word.eq_ignore_ascii_case(it));
    known.then_some(behind)
}

/// `HCPCS Level II`.
fn skip_level(text: &str, from: usize, end: usize) -> usize {
    let level = word_at(text, skip(text, from, end, is_blank), end)
        .filter(|(word, _)| word.eq_ignore_ascii_case("level"));
    let number =
        level.and_then(|(_, behind)| word_at(text, skip(text, behind, end, is_blank), end));
    number.filter(|(word, _)| matches!(*word, "II" | "ii" | "2")).map_or(from, |(_, behind)| behind)
}

/// `code(s)`, `diagnosis(es)`.
fn plural(text: &str, at: usize, end: usize) -> usize {
    let rest = text.get(at..end).unwrap_or_default();
    at + ["(s)", "(es)"].into_iter().find(|suffix| rest.starts_with(suffix)).map_or(0, str::len)
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
