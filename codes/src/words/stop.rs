//! Words that say nothing of a condition.

use super::list::WordList;

/// Words that stand for "without", so that `no complications` and `w/o complications` are the same.
pub fn is_denial(lower: &str) -> bool {
    matches!(lower, "no" | "non" | "not" | "w/o" | "without")
}

/// Whether a word in lower case names nothing: it denies, or says nothing of a condition.
pub fn says_nothing(lower: &str) -> bool {
    is_stop_word(lower) || is_denial(lower)
}

/// Whether a word in lower case says nothing of a condition: grammar, and what titles say of themselves
/// ("unspecified").
pub fn is_stop_word(lower: &str) -> bool {
    STOP.contains(lower)
}

static STOP: WordList = WordList::new(&[
    "a",
    "an",
    "and",
    "are",
    "as",
    "at",
    "be",
    "been",
    "being",
    "both",
    "by",
    "can",
    "cause",
    "classifiable",
    "classified",
    "condition",
    "current",
    "currently",
    "due",
    "during",
    "elsewhere",
    "for",
    "from",
    "has",
    "have",
    "having",
    "her",
    "his",
    "in",
    "into",
    "is",
    "it",
    "its",
    "mellitus",
    "nec",
    "nos",
    "of",
    "on",
    "or",
    "organism",
    "other",
    "otherwise",
    "part",
    "patient",
    "pt",
    "s",
    "site",
    "specified",
    "than",
    "that",
    "the",
    "their",
    "there",
    "these",
    "this",
    "to",
    "type",
    "uncomplicated",
    "unspecified",
    "was",
    "were",
    "which",
    "while",
    "with",
]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grammar_says_nothing_of_a_condition() {
        assert!(is_stop_word("unspecified") && !is_stop_word("chronic") && is_denial("w/o"));
    }
}
