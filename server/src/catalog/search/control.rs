//! Words that say how well a condition is controlled: `poorly controlled diabetes`, `refractory epilepsy`.
//!
//! The classification says it in one word, and in another one with each condition.

use std::ops::Range;

use super::words::Word;

/// How the classification says that a condition is not controlled.
struct Uncontrolled {
    /// Names of the condition and the ways people shorten them.
    names: &'static [&'static str],
    /// The word of its titles.
    meant: &'static str,
    /// What people write beside what they write of any condition; before what it ends with.
    said: &'static [&'static [&'static str]],
    /// Words beside which it is not said.
    unsaid_beside: &'static [&'static str],
}

const CONDITIONS: [Uncontrolled; 2] = [
    // The Alphabetic Index: Diabetes, inadequately controlled, out of control, poorly controlled.
    Uncontrolled {
        names: &[
            "diab", "diabetes", "diabetic", "dm", "dm1", "dm2", "iddm", "niddm", "t1dm", "t2dm",
        ],
        meant: "hyperglycemia",
        said: &[],
        // The Index: uncontrolled may mean hypoglycemia. Codes of a pregnancy do not tell.
        unsaid_beside: &["gestational", "hypoglycemia", "pregnancy", "pregnant"],
    },
    // The notes at G40 and G43: what is to be considered equivalent to intractable.
    Uncontrolled {
        names: &["epilepsy", "epileptic", "migraine", "migraines", "seizure", "seizures"],
        meant: "intractable",
        said: &[
            &["drug", "resistant"],
            &["medically", "refractory"],
            &["medication", "resistant"],
            &["pharmacoresistant"],
            &["refractory"],
            &["treatment", "resistant"],
        ],
        unsaid_beside: &[],
    },
];

/// How people write that a condition is not controlled.
const SAID: &[&[&str]] = &[
    &["inadequate", "control"],
    &["inadequately", "controlled"],
    &["not", "well", "controlled"],
    &["not", "controlled"],
    &["out", "of", "control"],
    &["poor", "control"],
    &["poorly", "controlled"],
    &["suboptimally", "controlled"],
    &["uncontrolled"],
];

/// Writes the word of the classification in the place of those that say that a condition of the query is not controlled.
pub(super) fn as_classified(words: &mut Vec<Word>) {
    let has = |list: &[&str]| {
        words.iter().any(|word| list.contains(&word.text.as_str()) && !word.is_negated)
    };
    let is_meant = |condition: &&Uncontrolled| has(condition.names);
    let Some(condition) = CONDITIONS.iter().find(is_meant) else { return };
    let mut phrases = SAID.iter().chain(condition.said);
    let Some(place) = phrases.find_map(|phrase| find(words, phrase)) else { return };
    let is_said = !has(condition.unsaid_beside);
    let Some([first, .., last] | [first @ last]) = words.get(place.clone()) else { return };
    let word = Word {
        text: condition.meant.to_owned(),
        range: first.range.start..last.range.end,
        in_brackets: first.in_brackets,
        is_negated: false,
    };
    words.splice(place, is_said.then_some(word));
}

/// Where words stand one behind the other. A query that denies them says something else.
fn find(words: &[Word], phrase: &[&str]) -> Option<Range<usize>> {
    let is = |window: &[Word]| {
        window.first().is_some_and(|first| !first.is_negated)
            && window.iter().map(|word| word.text.as_str()).eq(phrase.iter().copied())
    };
    let start = words.windows(phrase.len()).position(is)?;
    Some(start..start + phrase.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::search::{negation, words::words};

    fn classified(query: &str) -> String {
        let mut words = words(query);
        negation::mark(query, &mut words);
        as_classified(&mut words);
        let words: Vec<_> = words.into_iter().map(|word| word.text).collect();
        words.join(" ")
    }

    #[test]
    fn has_another_word_with_each_condition() {
        for (query, expected) in [
            ("poorly controlled t2dm with foot ulcer", "hyperglycemia t2dm with foot ulcer"),
            ("diabetes, not well controlled", "diabetes hyperglycemia"),
            ("dm out of control", "dm hyperglycemia"),
            ("poorly controlled epilepsy", "intractable epilepsy"),
            ("drug resistant migraine", "intractable migraine"),
            ("uncontrolled dm with hypoglycemia", "dm with hypoglycemia"),
        ] {
            assert_eq!(classified(query), expected, "{query}");
        }
    }

    #[test]
    fn leaves_what_says_something_else() {
        for query in [
            "uncontrolled hypertension",
            "drug resistant diabetes",
            "diabetes controlled",
            "no uncontrolled diabetes",
            "out of",
        ] {
            assert_eq!(classified(query), query);
        }
    }

    #[test]
    fn marks_all_that_said_it() {
        let query = "dm poorly controlled";
        let mut words = words(query);
        as_classified(&mut words);
        assert_eq!(words.last().map(|word| &query[word.range.clone()]), Some("poorly controlled"));
    }
}
