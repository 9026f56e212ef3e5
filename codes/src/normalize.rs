//! From what somebody typed to the characters of a code, remembering what had to be changed.

use unicode_normalization::UnicodeNormalization;

use crate::system::{CodeSystem, icd10cm};

/// Where the point stood in the text, against where the system wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// The point is where it belongs, or the system has none and there was none.
    Right,
    /// An ICD-10-CM code of more than three characters without a point.
    Missing,
    /// A point, or a comma or blank in its place, stands where none belongs, or stands twice.
    Wrong,
}

/// A text reduced to the characters of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Normalized {
    /// Capitals, without point, blanks and wildcard. May still be anything.
    pub code: String,
    /// Where the point stood.
    pub point: Point,
    /// A letter was in lower case.
    pub lowercase: bool,
    /// A character that only looks like an ASCII letter, hyphen or point was replaced.
    pub lookalike: bool,
    /// The text refers to a whole category: `E11.-`, `E11-`, `E11.x`.
    pub category_reference: bool,
}

/// Reduces `text` to the characters of a code of `system`. Total: any text gives an answer.
pub fn normalize(system: CodeSystem, text: &str) -> Normalized {
    plain(system, text).unwrap_or_else(|| reduce(system, text))
}

/// What is written as most codes are: capitals and digits with one point at most. `None` for all that takes a closer
/// look.
fn plain(system: CodeSystem, text: &str) -> Option<Normalized> {
    let point_at = text.bytes().position(|byte| byte == b'.');
    let (before, behind) = point_at.map_or((text, ""), |at| (&text[..at], &text[at + 1..]));
    let is_plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    // `E11.X` has a wildcard.
    if !before.bytes().all(is_plain) || !behind.bytes().all(is_plain) || behind == "X" {
        return None;
    }
    let mut code = String::with_capacity(text.len());
    code.push_str(before);
    code.push_str(behind);
    let point = judge_point(system, code.len(), point_at.as_slice(), false, false);
    Some(Normalized { code, point, lowercase: false, lookalike: false, category_reference: false })
}

fn reduce(system: CodeSystem, text: &str) -> Normalized {
    let (folded, lookalike) = fold_characters(text);
    let trimmed = folded.trim();
    // A lower-case x as wildcard or placeholder is a common way of writing, the rest of the code decides about case.
    let lowercase =
        trimmed.chars().any(|character| character.is_ascii_lowercase() && character != 'x')
            || trimmed.strip_suffix('x').is_some_and(|rest| !rest.ends_with('.'));
    let upper = trimmed.to_ascii_uppercase();
    let (body, category_reference) = strip_wildcard(system, &upper);

    let mut code = String::with_capacity(body.len());
    let mut separators = Vec::new();
    for character in body.chars() {
        if matches!(character, '.' | ',' | ' ') {
            separators.push(code.chars().count());
        } else {
            code.push(character);
        }
    }
    let length = code.chars().count();
    let has_other_separator = body.contains([',', ' ']);
    let point = judge_point(system, length, &separators, has_other_separator, category_reference);
    Normalized { code, point, lowercase, lookalike, category_reference }
}

/// Takes the wildcard of a category reference off the end of an ICD-10-CM text.
fn strip_wildcard(system: CodeSystem, upper: &str) -> (&str, bool) {
    if system != CodeSystem::Icd10Cm {
        return (upper, false);
    }
    for wildcard in [".--", ".-", "--", "-", ".X"] {
        if let Some(body) = upper.strip_suffix(wildcard)
            && body.len() >= icd10cm::POINT_AFTER
            && !body.contains('-')
        {
            return (body, true);
        }
    }
    match upper.split_once('-') {
        Some((first, last)) if is_range_end(first) && is_range_end(last) => (first.trim(), true),
        _ => (upper, false),
    }
}

/// Whether a part of `A00-A09` has the shape of a code, with or without a wildcard point behind it.
fn is_range_end(part: &str) -> bool {
    icd10cm::has_prose_shape(&part.trim().trim_end_matches('.').replace('.', ""))
}

/// Where the point stood in a code of so many characters, by the characters before each separator.
fn judge_point(
    system: CodeSystem,
    length: usize,
    separators: &[usize],
    foreign_separator: bool,
    category_reference: bool,
) -> Point {
    if system != CodeSystem::Icd10Cm {
        return if separators.is_empty() { Point::Right } else { Point::Wrong };
    }
    let long = length > icd10cm::POINT_AFTER;
    match separators {
        [] if long && !category_reference => Point::Missing,
        [] => Point::Right,
        [at] if *at == icd10cm::POINT_AFTER && long && !foreign_separator => Point::Right,
        _ => Point::Wrong,
    }
}

/// Replaces what only looks like an ASCII letter, hyphen, point or blank, and drops invisible characters. The flag
/// says whether a visible character had to be replaced.
pub fn fold_characters(text: &str) -> (String, bool) {
    if text.is_ascii() {
        return (text.to_owned(), false);
    }
    let mut lookalike = false;
    let folded = text
        .nfkc()
        .filter_map(|character| {
            if is_invisible(character) {
                return None;
            }
            let plain = plain_form(character);
            lookalike |= plain != character && !plain.is_ascii_whitespace();
            Some(plain)
        })
        .collect::<String>();
    // Compatibility forms (full width and the like) are replaced by NFKC itself.
    lookalike |= text.chars().any(|character| {
        !character.is_ascii() && !is_invisible(character) && folds_to_code_character(character)
    });
    (folded, lookalike)
}

fn folds_to_code_character(character: char) -> bool {
    let mut forms = character.nfkc();
    matches!((forms.next(), forms.next()), (Some(form), None) if form.is_ascii_graphic())
}

/// Zero-width characters and the soft hyphen.
pub fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200B}'..='\u{200D}' | '\u{FEFF}' | '\u{00AD}')
}

/// The ASCII character that `character` is taken for by the eye; itself when there is none.
pub fn plain_form(character: char) -> char {
    match character {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FF0D}' => '-',
        '\u{00B7}' | '\u{2024}' | '\u{FF0E}' | '\u{3002}' => '.',
        '\u{00A0}' | '\u{2007}' | '\u{2009}' | '\u{200A}' | '\u{202F}' => ' ',
        'А' | 'а' | 'Α' | 'α' => 'A',
        'В' | 'в' | 'Β' | 'β' => 'B',
        'Е' | 'е' | 'Ε' | 'ε' => 'E',
        'Ζ' | 'ζ' => 'Z',
        'Η' | 'η' | 'Н' | 'н' => 'H',
        'Ι' | 'ι' | 'І' | 'і' => 'I',
        'К' | 'к' | 'Κ' | 'κ' => 'K',
        'М' | 'м' | 'Μ' | 'μ' => 'M',
        'Ν' | 'ν' => 'N',
        'О' | 'о' | 'Ο' | 'ο' => 'O',
        'Р' | 'р' | 'Ρ' | 'ρ' => 'P',
        'С' | 'с' => 'C',
        'Т' | 'т' | 'Τ' | 'τ' => 'T',
        'У' | 'у' | 'Υ' | 'υ' => 'Y',
        'Х' | 'х' | 'Χ' | 'χ' => 'X',
        'Ј' | 'ј' => 'J',
        'Ѕ' | 'ѕ' => 'S',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cm(text: &str) -> Normalized {
        normalize(CodeSystem::Icd10Cm, text)
    }

    #[test]
    fn tells_where_the_point_stood() {
        for (text, point) in [
            ("E11.65", Point::Right),
            ("I10", Point::Right),
            ("E1165", Point::Missing),
            ("E116.5", Point::Wrong),
            ("E11..65", Point::Wrong),
            (".E1165", Point::Wrong),
            ("E11,65", Point::Wrong),
            ("E11 65", Point::Wrong),
            ("I10.", Point::Wrong),
        ] {
            let normalized = cm(text);
            assert_eq!(normalized.point, point, "{text}");
            assert!(["E1165", "I10"].contains(&normalized.code.as_str()), "{text}");
        }
        assert_eq!(normalize(CodeSystem::Icd10Pcs, "0DTJ.4ZZ").point, Point::Wrong);
        assert_eq!(normalize(CodeSystem::Cpt, "00000").point, Point::Right);
    }

    #[test]
    fn remembers_case_and_lookalikes() {
        assert!(cm("e11.9").lowercase && !cm("E11.9").lowercase && !cm("W19.xXXA").lowercase);
        for text in ["\u{0415}11.9", "E11\u{2024}9", "\u{FF25}11.9"] {
            let normalized = cm(text);
            assert!(normalized.lookalike, "{text}");
            assert_eq!(normalized.code, "E119", "{text}");
        }
        assert!(!cm("E11.9\u{200B}").lookalike);
        assert_eq!(cm("E11\u{200B}.9").code, "E119");
    }

    #[test]
    fn sees_category_references() {
        for text in ["E11.-", "E11-", "E11.x", "E11.X", "M54.4-", "E08-E13", "M54.4-M54.6"] {
            assert!(cm(text).category_reference, "{text}");
        }
        assert!(!cm("W19.XXXA").category_reference && !cm("H21.1X").category_reference);
        assert_eq!(cm("E11.-").code, "E11");
    }

    proptest! {
        #[test]
        fn what_is_plain_is_reduced_to_the_same(text in "[A-Z0-9.]{0,9}|[A-Z][0-9]{2}\\.?[0-9A-Z]{0,4}") {
            for system in CodeSystem::ALL {
                if let Some(plain) = plain(system, &text) {
                    prop_assert_eq!(plain, reduce(system, &text));
                }
            }
        }

        #[test]
        fn never_panics_and_settles(text in "\\PC{0,60}") {
            for system in CodeSystem::ALL {
                let once = normalize(system, &text);
                prop_assert!(!once.code.contains(['.', ',', ' ']));
            }
        }
    }
}
