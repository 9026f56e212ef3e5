//! Surroundings in which a token without a label is something else than a code. Source: rules, 6.2 and 6.3.

use super::tokens::{
    Folded, Token, char_at, char_before, is_blank, is_dash, is_point, is_word, skip,
};
use crate::system::modifier;

/// Words behind a number that make it a measurement.
const UNITS: &[&str] = &[
    "bpm", "cc", "cells", "cfu", "cm", "copies", "days", "dl", "fl", "g", "hours", "iu", "k", "kg",
    "l", "lb", "lbs", "mcg", "mcl", "meq", "mg", "min", "minutes", "miu", "ml", "mm", "mmhg",
    "mmol", "mol", "months", "ng", "nmol", "pg", "pmol", "steps", "u", "ug", "units", "weeks",
    "years",
];

/// Words before a number that make it an identifier.
const IDENTIFIERS: &[&str] = &[
    "account", "acct", "apt", "bldg", "box", "building", "case", "claim", "ext", "fax", "id",
    "invoice", "lot", "mrn", "no", "npi", "number", "order", "phone", "po", "ref", "rm", "room",
    "serial", "ste", "suite", "tel", "tooth", "unit", "zip",
];

/// Whether a token with a point and without a label is something else: an amount, an antigen, a vitamin, a part of a
/// longer number.
pub(super) fn excludes_dotted(
    text: &str,
    line_start: usize,
    line_end: usize,
    token: Token,
) -> bool {
    follows_sign(text, line_start, token, &['$', '\u{20AC}', '\u{A3}'])
        || follows_word(text, line_start, token, &["vitamin", "vit"])
        || is_antigen(text, line_start, token)
        || !ends_cleanly(text, line_end, token)
        || char_before(text, token.start).is_some_and(|it| matches!(it, '_' | '@' | '%'))
}

/// Whether a token without point and label is something else.
pub(super) fn excludes_bare(
    text: &str,
    line_start: usize,
    line_end: usize,
    token: Token,
    word: &Folded,
) -> bool {
    excludes_dotted(text, line_start, line_end, token)
        || follows_sign(text, line_start, token, &['#'])
        || is_measurement(text, line_end, token)
        || (word.digits >= 4
            && (follows_word(text, line_start, token, IDENTIFIERS)
                || is_zip(text, line_start, token)))
        || is_part(text, line_start, line_end, token, word)
        || is_spine_level(text, line_start, line_end, token, word)
}

/// Nothing stands behind the token that makes it longer: `B27+`, `50%`, `E11_9`.
pub(super) fn ends_cleanly(text: &str, line_end: usize, token: Token) -> bool {
    if token.end >= line_end {
        return true;
    }
    let next = char_at(text, token.end).map(|(it, _)| it);
    !matches!(next, Some('+' | '%' | '\u{B0}' | '@' | '^' | '\u{2122}' | '\u{AE}'))
}

fn follows_sign(text: &str, line_start: usize, token: Token, signs: &[char]) -> bool {
    let before = text.get(line_start..token.start).unwrap_or_default().trim_end_matches(is_blank);
    before.ends_with(signs)
}

/// Whether the word before the token, apart from blanks and signs, is one of `words`.
fn follows_word(text: &str, line_start: usize, token: Token, words: &[&str]) -> bool {
    let Some(word) = word_before(text, line_start, token.start) else { return false };
    words.iter().any(|it| word.eq_ignore_ascii_case(it))
}

fn word_before(text: &str, line_start: usize, at: usize) -> Option<&str> {
    let before = text
        .get(line_start..at)?
        .trim_end_matches(|it| is_blank(it) || matches!(it, ':' | '#' | '.'));
    // The words asked for are short: a long run of letters is not walked to its start.
    let length = before.bytes().rev().take(12).take_while(u8::is_ascii_alphabetic).count();
    let start = before.len() - length;
    (length > 0).then(|| before.get(start..))?
}

fn is_antigen(text: &str, line_start: usize, token: Token) -> bool {
    let before = text.get(line_start..token.start).unwrap_or_default();
    before.get(before.len().saturating_sub(4)..).is_some_and(|it| it.eq_ignore_ascii_case("hla-"))
        || follows_word(text, line_start, token, &["hla"])
}

fn is_measurement(text: &str, line_end: usize, token: Token) -> bool {
    let at = skip(text, token.end, line_end, is_blank);
    let end = skip(text, at, line_end, |it| it.is_ascii_alphabetic());
    let Some(word) = text.get(at..end).filter(|word| !word.is_empty() && word.len() <= 8) else {
        return at > token.end
            && char_at(text, at).is_some_and(|(it, _)| it == '%' && at < line_end);
    };
    at > token.end && UNITS.binary_search(&&*word.to_ascii_lowercase()).is_ok()
}

/// Five digits behind the two capitals of a state.
fn is_zip(text: &str, line_start: usize, token: Token) -> bool {
    let before = text.get(line_start..token.start).unwrap_or_default().as_bytes();
    let Some((b' ' | b'\t', rest)) = before.split_last().map(|(last, rest)| (*last, rest)) else {
        return false;
    };
    let [.., first, second] = rest else { return false };
    let apart = rest.len() < 3 || !rest[rest.len() - 3].is_ascii_alphanumeric();
    first.is_ascii_uppercase()
        && second.is_ascii_uppercase()
        && apart
        && !matches!([*first, *second], [b'D' | b'P', b'X'])
}

/// The token is a part of something longer: a phone number, a postcode, a date, an amount, a name with a hyphen.
fn is_part(text: &str, line_start: usize, line_end: usize, token: Token, word: &Folded) -> bool {
    let mut before = text.get(line_start..token.start).unwrap_or_default().chars().rev();
    if let Some(last) = before.next() {
        let joint =
            is_dash(last) || is_point(last) || matches!(last, ',' | '/' | '\'' | '\u{2019}');
        let second = before.next();
        let number = second.is_some_and(|it| it.is_ascii_digit());
        let part = if is_dash(last) { second.is_some_and(is_word) } else { number };
        let area_code = |it: char| it == ')' && number;
        if (joint && part && !matches!(last, '/' | ',')) || area_code(last) {
            return true;
        }
        if matches!(last, '/' | ',') && number && next_is_digit(text, token.start) {
            return true;
        }
        // `(509) 99213`
        if is_blank(last)
            && second == Some(')')
            && before.next().is_some_and(|it| it.is_ascii_digit())
        {
            return true;
        }
    }
    let Some((next, width)) = char_at(text, token.end).filter(|_| token.end < line_end) else {
        return false;
    };
    let rest = text.get(token.end + width..line_end).unwrap_or_default();
    let following = rest.chars().next();
    if is_dash(next) {
        let joined = rest.chars().take_while(|it| is_word(*it)).count();
        let is_modifier =
            word.length() == 5 && joined == 2 && rest.get(..2).is_some_and(modifier::has_shape);
        return following.is_some_and(is_word) && !is_modifier;
    }
    matches!(next, ',' | '/' | ':')
        && following.is_some_and(|it| it.is_ascii_digit())
        && next_is_digit(text, token.start)
}

fn next_is_digit(text: &str, at: usize) -> bool {
    char_at(text, at).is_some_and(|(it, _)| it.is_ascii_digit())
}

/// `T10/T11`, `L4/L5`, `S20/21`: two levels of the spine.
fn is_spine_level(
    text: &str,
    line_start: usize,
    line_end: usize,
    token: Token,
    word: &Folded,
) -> bool {
    let level = |it: &str| {
        let rest = it.strip_prefix(['C', 'T', 'L', 'S']).unwrap_or(it);
        (1..=2).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_digit())
    };
    let text_of = word.text();
    if !text_of.starts_with(['C', 'T', 'L', 'S']) || !level(text_of) {
        return false;
    }
    let behind = text.get(token.end..line_end).unwrap_or_default();
    let before = text.get(line_start..token.start).unwrap_or_default();
    let next = behind
        .strip_prefix('/')
        .map(|rest| &rest[..rest.bytes().take_while(u8::is_ascii_alphanumeric).count()]);
    let last = before.strip_suffix('/').map(|rest| {
        let length = rest.bytes().rev().take(4).take_while(u8::is_ascii_alphanumeric).count();
        &rest[rest.len() - length..]
    });
    next.is_some_and(level) || last.is_some_and(level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::tokens;

    /// Whether the token `wanted` of `text` is excluded.
    fn excluded(text: &str, wanted: &str) -> bool {
        let start = text.find(wanted).unwrap();
        let token = tokens::at(text, start, text.len()).unwrap();
        let word = Folded::read(token.text(text)).unwrap();
        excludes_bare(text, 0, text.len(), token, &word)
    }

    #[test]
    fn numbers_of_other_kinds_are_excluded() {
        for (text, token) in [
            ("Spokane, WA 99202", "99202"),
            ("WA 99202-1234", "99202"),
            ("call (509) 99213", "99213"),
            ("call 509-555-99213", "99213"),
            ("paid $99213", "99213"),
            ("paid $ 99213", "99213"),
            ("platelets 15000 mcL", "15000"),
            ("WBC 12000 cells", "12000"),
            ("saturation 99213 %", "99213"),
            ("MRN 99213", "99213"),
            ("order: 99213", "99213"),
            ("room B1204", "B1204"),
            ("#99213", "99213"),
            ("1,99213", "99213"),
            ("99213,000", "99213"),
        ] {
            assert!(excluded(text, token), "{text}");
        }
    }

    #[test]
    fn names_with_digits_are_excluded() {
        for (text, token) in [
            ("HLA-B27 positive", "B27"),
            ("HLA B27", "B27"),
            ("vitamin K12", "K12"),
            ("K562-cells", "K562"),
            ("T10-T11", "T10"),
            ("L45/S1", "L45"),
            ("T20/T21", "T21"),
            ("B27+", "B27"),
        ] {
            assert!(excluded(text, token), "{text}");
        }
    }

    #[test]
    fn codes_are_not() {
        for (text, token) in [
            ("visit 99213-25 today", "99213"),
            ("visit 99213.", "99213"),
            ("(I10)", "I10"),
            ("billed J1885 today", "J1885"),
            ("I10/E11", "I10"),
            ("99213, 99214", "99214"),
            ("Seen by PX 99213", "99213"),
        ] {
            assert!(!excluded(text, token), "{text}");
        }
    }

    #[test]
    fn word_lists_are_sorted() {
        assert!(UNITS.is_sorted() && IDENTIFIERS.is_sorted());
    }
}
