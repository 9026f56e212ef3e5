//! Which words of a gap are a description.

use std::ops::Range;

use crate::note::tokens::{is_blank, is_dash};

/// Longer texts are sentences, not descriptions.
const LONGEST: usize = 200;

/// Words that join a code to what stands before it.
const JOINING: &[&str] = &["and ", "or ", "with ", "is ", "for "];

/// Words that say how a code is used, not what it means.
const ROLES: &[&str] = &[
    "active",
    "admitting",
    "assessment",
    "billed",
    "billing",
    "claim",
    "code",
    "codes",
    "coding",
    "confirmed",
    "final",
    "history",
    "impression",
    "new",
    "old",
    "per",
    "plan",
    "pmh",
    "primary",
    "principal",
    "problem",
    "reason",
    "resolved",
    "secondary",
    "since",
    "stable",
];

/// Words that a sentence about a code goes on with.
const SENTENCE: &[&str] = &[
    "applies", "are", "as", "at", "because", "billed", "by", "can", "covers", "does", "for",
    "from", "had", "has", "have", "if", "in", "into", "is", "may", "means", "must", "not", "on",
    "replaced", "replaces", "should", "then", "to", "was", "were", "when", "which", "will",
    "would",
];

/// Whether the words go on with a sentence about the code.
pub(super) fn begins_sentence(words: &str) -> bool {
    let first = words.split(|it: char| !it.is_alphabetic()).next().unwrap_or_default();
    SENTENCE.binary_search(&first).is_ok()
}

/// Cuts signs, enumerators and joining words off both ends. `None` if no word is left that describes anything.
pub(super) fn trim(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let sign = |it: char| {
        if it.is_ascii() {
            matches!(it, ' ' | '\t') || (it.is_ascii_punctuation() && it != '%')
        } else {
            is_blank(it) || is_dash(it)
        }
    };
    let mut words = text.get(range.clone())?;
    loop {
        words = words.trim_start_matches(sign);
        let joining = JOINING.iter().find(|it| words.starts_with(**it));
        let length = joining.map_or_else(|| enumerator(words), |it| it.len());
        if length == 0 {
            break;
        }
        words = words.get(length..)?;
    }
    let start = range.end - words.len();
    let bare = words.trim_end_matches(sign);
    // `diabetes (type 2)` keeps its bracket.
    let keeps_bracket = words.get(bare.len()..)?.starts_with(')') && bare.contains('(');
    let bare = if keeps_bracket { words.get(..=bare.len())? } else { bare };
    let bare = bare.strip_suffix(" and").or_else(|| bare.strip_suffix(" or")).unwrap_or(bare);
    let describes = bare
        .split(|it: char| !it.is_alphanumeric())
        .filter(|word| word.len() > 2 && word.contains(char::is_alphabetic))
        .any(|word| !is_role(word));
    (bare.len() <= LONGEST && describes).then(|| start..start + bare.len())
}

fn is_role(word: &str) -> bool {
    ROLES.iter().any(|role| role.len() == word.len() && role.eq_ignore_ascii_case(word))
}

/// The length of `1. ` or `2) ` at the start.
fn enumerator(words: &str) -> usize {
    let digits = words.bytes().take_while(u8::is_ascii_digit).count();
    let closed =
        words.get(digits..).is_some_and(|rest| rest.starts_with(". ") || rest.starts_with(") "));
    if (1..=2).contains(&digits) && closed { digits + 2 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trimmed(text: &str) -> Option<&str> {
        trim(text, 0..text.len()).map(|range| &text[range])
    }

    #[test]
    fn signs_and_joining_words_are_cut() {
        assert_eq!(trimmed(" - 1. and Type 2 diabetes, "), Some("Type 2 diabetes"));
        assert_eq!(trimmed(": diabetes (type 2) and "), Some("diabetes (type 2)"));
        assert_eq!(trimmed("\u{2013} Hyp\u{E9}r "), Some("Hyp\u{E9}r"));
    }

    #[test]
    fn what_describes_nothing_is_dropped() {
        for text in ["", " - ", "(primary)", "Secondary", "2 x 3", "since 2015", "r/o"] {
            assert_eq!(trimmed(text), None, "{text}");
        }
        assert!(ROLES.is_sorted() && SENTENCE.is_sorted());
        assert!(begins_sentence("was billed") && !begins_sentence("Type 2"));
    }
}
