//! Abbreviations of clinical language and what they stand for.
//!
//! Our own short list counts for every word. The long list of the catalog counts only for words that occur in no
//! official text, because many of its entries are ordinary words ("was", "or").

use super::words;
use crate::catalog::snapshot;

/// One `short<TAB>expansion` a line; `#` begins a comment.
const OWN: &str = include_str!("abbreviations.tsv");

/// What an abbreviation can stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Abbreviation {
    /// As people write it: `COPD`.
    pub(super) short: String,
    /// The words it stands for, as published.
    pub(super) expansion: String,
}

/// Abbreviations by their folded form.
#[derive(Debug, Default)]
pub(super) struct Abbreviations {
    /// Sorted by the folded form; alternatives in the order of their source.
    entries: Vec<(String, Abbreviation)>,
}

impl Abbreviations {
    /// The list that is part of the program.
    pub(super) fn own() -> Self {
        let lines = OWN.lines().filter(|line| !line.starts_with('#'));
        let pairs = lines.filter_map(|line| line.split_once('\t'));
        Self::new(pairs.map(|(short, expansion)| (short.to_owned(), expansion.to_owned())))
    }

    /// The list of a catalog.
    pub(super) fn of_catalog(abbreviations: &[snapshot::Abbreviation]) -> Self {
        let pairs = abbreviations.iter().flat_map(|abbreviation| {
            abbreviation
                .expansions
                .iter()
                .map(|expansion| (abbreviation.short.clone(), expansion.clone()))
        });
        Self::new(pairs)
    }

    fn new(pairs: impl Iterator<Item = (String, String)>) -> Self {
        let entries = pairs.filter_map(|(short, expansion)| {
            Some((folded(&short)?, Abbreviation { short, expansion }))
        });
        let mut entries: Vec<_> = entries.collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        entries.dedup();
        Self { entries }
    }

    /// What a folded word can stand for.
    pub(super) fn of(&self, word: &str) -> impl Iterator<Item = &Abbreviation> {
        let start = self.entries.partition_point(|(short, _)| short.as_str() < word);
        self.entries[start..]
            .iter()
            .take_while(move |(short, _)| short == word)
            .map(|(_, abbreviation)| abbreviation)
    }

    /// Everything in it, for storing.
    pub(super) fn pairs(&self) -> impl ExactSizeIterator<Item = &Abbreviation> {
        self.entries.iter().map(|(_, abbreviation)| abbreviation)
    }

    /// The list with these pairs.
    pub(super) fn from_pairs(pairs: Vec<(String, String)>) -> Self {
        Self::new(pairs.into_iter())
    }
}

/// The folded form of an abbreviation: one word, or two letters with a slash as in `w/o`.
fn folded(short: &str) -> Option<String> {
    match words::words(short).as_slice() {
        [word] => Some(word.text.clone()),
        [left, right] => words::slashed(short, left, right).map(|word| word.text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expansions(list: &Abbreviations, word: &str) -> Vec<String> {
        list.of(word).map(|abbreviation| abbreviation.expansion.clone()).collect()
    }

    #[test]
    fn every_line_of_our_own_list_is_an_abbreviation() {
        let lines = OWN.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        for line in lines.clone() {
            let (short, expansion) =
                line.split_once('\t').unwrap_or_else(|| panic!("no tab in '{line}'"));
            assert!(folded(short).is_some(), "{short}");
            assert!(!words::words(expansion).is_empty(), "{short}");
        }
        assert_eq!(Abbreviations::own().pairs().len(), lines.count(), "a line stands twice");
    }

    #[test]
    fn knows_the_most_common_abbreviations() {
        let own = Abbreviations::own();
        for short in [
            "copd", "mi", "htn", "dm", "t2dm", "uti", "afib", "chf", "ckd", "gerd", "cva", "dvt",
            "pe",
        ] {
            assert!(!expansions(&own, short).is_empty(), "{short}");
        }
        assert_eq!(expansions(&own, "htn"), ["hypertension", "hypertensive"]);
    }

    #[test]
    fn keeps_alternatives_in_the_order_of_their_source() {
        let list = [snapshot::Abbreviation {
            short: "Ab".into(),
            expansions: vec!["zebra stripe".into(), "apple".into()],
        }];
        assert_eq!(expansions(&Abbreviations::of_catalog(&list), "ab"), ["zebra stripe", "apple"]);
        assert!(expansions(&Abbreviations::of_catalog(&list), "a").is_empty());
    }
}
