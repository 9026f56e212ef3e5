//! What stands beside a code about its part on a claim, and what a claim says of an encounter.

use std::ops::Range;

use super::DateMention;
use crate::encounter::{DiagnosisRole, Units};

/// What a form, a row or a claim format says of one code. Empty for codes in prose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// The part of a diagnosis on the claim.
    pub role: DiagnosisRole,
    /// What pointers call a diagnosis, from 1: `1` and `A` are the first.
    pub position: Option<u8>,
    /// Present-on-admission indicator of a diagnosis: `Y`, `N`, `U`, `W` or `1`.
    pub present_on_admission: Option<char>,
    /// Units of a service.
    pub units: Option<Units>,
    /// Time of a service in minutes.
    pub minutes: Option<u32>,
    /// The day of a service.
    pub service_date: Option<DateMention>,
    /// Place of a service: the bytes of two digits.
    pub place_of_service: Option<Range<usize>>,
    /// The diagnoses that a service names as its reasons, in the order written.
    pub pointers: Vec<Pointer>,
}

/// One diagnosis that a service names as its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer {
    /// The letter or number; or the code itself, where the row of a service holds its diagnosis.
    pub range: Range<usize>,
    /// The position it names, from 1: `A` and `1` name the first. `None` where `range` is that of a mention.
    pub position: Option<u8>,
}

/// The indicator that a cell or element holds: its first character, in capitals, if it is one of the five.
pub(super) fn present_on_admission(text: &str) -> Option<char> {
    let mut characters = text.trim().chars();
    let first = characters.next()?.to_ascii_uppercase();
    let alone = match characters.as_str().to_ascii_lowercase().as_str() {
        "" => true,
        "es" => first == 'Y',
        "o" => first == 'N',
        _ => false,
    };
    (alone && matches!(first, 'Y' | 'N' | 'U' | 'W' | '1')).then_some(first)
}

/// The pointers of a cell or element: letters A to L or numbers 1 to 12, apart (`A, B`, `1:2`) or letters together
/// (`AB`). `None` when it holds anything else; letters behind L count, since somebody meant them as pointers.
pub(super) fn pointers(text: &str, range: Range<usize>) -> Option<Vec<Pointer>> {
    let content = text.get(range.clone()).filter(|content| content.is_ascii())?;
    let mut found = Vec::new();
    let mut start = range.start;
    for part in content.split_inclusive(|it: char| !it.is_ascii_alphanumeric()) {
        let word = part.trim_end_matches(|it: char| !it.is_ascii_alphanumeric());
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            if !word.is_empty() {
                let position = word.parse().ok().filter(|it| (1..=99).contains(it))?;
                found.push(Pointer { range: start..start + word.len(), position: Some(position) });
            }
        } else if word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            for (at, byte) in word.bytes().enumerate() {
                let position = byte.to_ascii_uppercase() - b'A' + 1;
                let range = start + at..start + at + 1;
                found.push(Pointer { range, position: Some(position) });
            }
        } else {
            return None;
        }
        start += part.len();
    }
    Some(found).filter(|found| found.len() <= 12)
}

/// Two digits and nothing more.
pub(super) fn two_digits(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let content = text.get(range.clone())?;
    let is_it = content.len() == 2 && content.bytes().all(|byte| byte.is_ascii_digit());
    is_it.then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn positions(text: &str) -> Option<Vec<u8>> {
        let found = pointers(text, 0..text.len())?;
        Some(found.into_iter().filter_map(|it| it.position).collect())
    }

    #[test]
    fn pointers_are_letters_or_numbers() {
        for (text, expected) in [
            ("A", vec![1]),
            ("ab", vec![1, 2]),
            ("A, B", vec![1, 2]),
            ("B:A", vec![2, 1]),
            ("1:2:12", vec![1, 2, 12]),
            ("1 2", vec![1, 2]),
            ("Z", vec![26]),
            ("", vec![]),
        ] {
            assert_eq!(positions(text), Some(expected), "{text}");
        }
        for text in ["E11.9", "pending", "0", "150.00", "\u{E9}"] {
            assert_eq!(positions(text), None, "{text}");
        }
    }

    #[test]
    fn indicators_are_five() {
        for (text, expected) in [
            ("Y", Some('Y')),
            ("n", Some('N')),
            ("Yes", Some('Y')),
            ("1", Some('1')),
            ("X", None),
            ("Yo", None),
            ("12", None),
            ("", None),
        ] {
            assert_eq!(present_on_admission(text), expected, "{text}");
        }
    }
}
