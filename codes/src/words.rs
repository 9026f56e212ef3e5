//! Words of a note as rules about words read them: stemmed, with abbreviations spelled out, each with what its sentence
//! says of it (denied, doubted, past, of a relative).
//!
//! Everything is a range of bytes into the text; nothing here knows codes. Read in this order: [`tokens`] (what a word
//! is), [`stem`], [`mod@abbreviations`] and [`stop`] (which words are the same, which say nothing), [`spans`] (item,
//! sentence, clause), [`assertion`] (what is said of a word), [`body`] and [`sides`] (parts of the body), [`minutes`]
//! (spans of time), [`prose`] and [`vocabulary`] (the words of an encounter, and the different ones of a document).
//!
//! Heuristic on purpose: rules that stand on it stay silent where it may be wrong.

use std::ops::Range;

pub mod abbreviations;
pub mod assertion;
pub mod body;
pub mod list;
pub mod minutes;
pub mod prose;
pub mod related;
pub mod sides;
pub mod spans;
pub mod stem;
pub mod stop;
pub mod titles;
pub mod tokens;
pub mod vocabulary;

pub use assertion::{Assertion, Statement, statements};
pub use tokens::{Word, words};

/// The stems of the words in a range that say something, abbreviations spelled out, in text order. Words that stand
/// for "not" are kept as `without`.
pub fn content(text: &str, range: Range<usize>) -> Vec<String> {
    words(text, range).iter().flat_map(stems).collect()
}

/// The stems of one word: none for a stop word, several for an abbreviation.
pub fn stems(word: &Word<'_>) -> Vec<String> {
    if let Some(expansion) = abbreviations::expand(word.text) {
        return expansion.split(' ').map(|it| stem::stem(it).into_owned()).collect();
    }
    if stop::is_denial(&word.lower) {
        return vec!["without".to_owned()];
    }
    if stop::is_stop_word(&word.lower) { Vec::new() } else { vec![word.stem().into_owned()] }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> Vec<String> {
        content(text, 0..text.len())
    }

    #[test]
    fn abbreviations_and_titles_meet() {
        assert_eq!(of("HTN"), of("hypertension"));
        assert_eq!(
            of("T2DM w/o complications"),
            of("Type 2 diabetes mellitus without complication")
        );
        assert_eq!(of("CKD stage 4"), of("Chronic kidney disease, stage 4"));
        assert_eq!(of("fractures of the arteries"), of("fractured artery"));
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,80}|([A-Za-z0-9 ,.;:()/?'\n-]|r/o|no |h/o |but |é){0,40}", at in 0usize..200, length in 0usize..40) {
            let mut start = at.min(text.len());
            while !text.is_char_boundary(start) { start -= 1; }
            let mut end = (start + length).min(text.len());
            while !text.is_char_boundary(end) { end += 1; }
            for word in words(&text, start..end) {
                prop_assert_eq!(&text[word.range.clone()], word.text);
                prop_assert!(word.range.start >= start && word.range.end <= end);
            }
            let within = 0..text.len();
            let item = spans::item(&text, start..end, within.clone());
            let sentence = spans::sentence(&text, start..end, within.clone());
            let clause = spans::clause(&text, start..end, within.clone());
            for (inner, outer) in [(&clause, &sentence), (&sentence, &item), (&(start..end), &clause)] {
                prop_assert!(outer.start <= inner.start && inner.end <= outer.end, "{:?} {:?}", inner, outer);
            }
            prop_assert!(text.get(item.clone()).is_some() && text.get(clause).is_some());
            let found = statements(&text, item.clone());
            prop_assert_eq!(found.len(), words(&text, item).len());
            let _ = (content(&text, within.clone()), body::parts(&words(&text, within)).count());
        }

        #[test]
        fn stems_are_stable(word in "[a-z]{0,14}") {
            let once = stem::stem(&word);
            prop_assert!(once.len() <= word.len() + 1);
        }
    }
}
