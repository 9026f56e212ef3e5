//! The words that make a label, with their spellings.

use super::Meaning;
use crate::note::{
    Place,
    prose::may_be_cue,
    systems::Systems,
    tokens::{char_before, is_blank, is_dash, is_word, skip},
};

/// The words of a label, without what introduces the list.
pub(super) struct Words {
    /// Where they end.
    pub(super) end: usize,
    pub(super) meaning: Meaning,
    pub(super) names_system: bool,
    pub(super) place: Place,
}

/// The words of the label that begins at `start`.
pub(super) fn read(text: &str, start: usize, end: usize) -> Option<Words> {
    // The words of labels are cues, but for digits and what stands behind them.
    if !may_be_cue(text.as_bytes().get(start..end)?) {
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
    let codes = |systems, names_system| Words {
        end: behind,
        meaning: Meaning::Codes(systems),
        names_system,
        place: Place::Label,
    };
    let other =
        Words { end: behind, meaning: Meaning::Other, names_system: true, place: Place::Label };
    let head = match stem {
        "icd" | "icd10cm" | "icd10pcs" | "icd9cm" => icd(text, lower, behind, end),
        "dx" | "dxs" | "px" if numbered => {
            codes(if stem == "px" { Systems::PROCEDURE } else { Systems::DIAGNOSIS }, false)
        }
        "diag" | "diagnosis" | "diagnoses" if numbered => codes(Systems::DIAGNOSIS, false),
        "pcs" if numbered => codes(Systems::PCS, true),
        "hcpcs" if numbered => {
            Words { end: skip_level(text, behind, end), ..codes(Systems::HCPCS, true) }
        }
        "cpt" if numbered => {
            let edition = text.get(behind..end).is_some_and(|rest| {
                rest.starts_with("-4")
                    && !rest[2..].starts_with(|it: char| it.is_ascii_alphanumeric())
            });
            Words { end: if edition { behind + 2 } else { behind }, ..codes(Systems::CPT, true) }
        }
        "assessment" => {
            Words { end: code_word(text, behind, end)?, ..codes(Systems::DIAGNOSIS, false) }
        }
        "proc" | "procedure" => {
            Words { end: code_word(text, behind, end)?, ..codes(Systems::PROCEDURE, false) }
        }
        "rev" | "revenue" => Words { end: code_word(text, behind, end)?, ..other },
        "modifier" | "modifiers" | "mod" | "mods" => {
            Words { meaning: Meaning::Modifiers, names_system: false, ..other }
        }
        "ndc" | "drg" | "msdrg" | "loinc" | "snomed" | "rxnorm" | "npi" | "nucc" | "taxonomy"
        | "hcc" => other,
        _ if lower.starts_with("fl") => form_locator(text, lower, word, behind, end)?,
        _ => return None,
    };
    let at = code_word(text, head.end, end).unwrap_or(head.end);
    Some(Words { end: plural(text, at, end), ..head })
}

/// `ICD`, then perhaps an edition, then perhaps `CM` or `PCS`, with or without hyphens or blanks between.
fn icd(text: &str, lower: &str, behind: usize, end: usize) -> Words {
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
    Words { end: at, meaning, names_system: true, place: Place::Label }
}

/// Form locators of the UB-04: 67 and 69 to 72 hold diagnoses, 74 procedures, 44 HCPCS codes.
fn form_locator(text: &str, lower: &str, word: &str, behind: usize, end: usize) -> Option<Words> {
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
    Some(Words { end, meaning: Meaning::Codes(systems), names_system: true, place: Place::Claim })
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

/// The ASCII letters and digits at `at`, and where they end.
pub(super) fn word_at(text: &str, at: usize, end: usize) -> Option<(&str, usize)> {
    let behind = skip(text, at, end, |it| it.is_ascii_alphanumeric());
    (behind > at).then(|| Some((text.get(at..behind)?, behind)))?
}
