//! Descriptions of conditions in a note: what they come to without the words that say how the patient fares.

use crate::{
    term_key::TermReader,
    words::{list::WordList, words},
};

pub mod uncoded;

/// Longer texts are sentences.
const MOST_WORDS: usize = 14;

/// The keys that a description may have as a name: as a whole, and up to its first sign. "Hypertension, at goal" names
/// hypertension.
pub fn keys(reader: &mut TermReader, description: &str) -> Vec<u64> {
    let head = description.find([',', ';', ':', '(', '\n']).into_iter();
    let head = head
        .chain(
            [" - ", " \u{2013} ", " \u{2014} ", ". "]
                .iter()
                .filter_map(|sign| description.find(sign)),
        )
        .min();
    let parts = [Some(description), head.and_then(|at| description.get(..at))];
    let mut found: Vec<u64> = parts
        .into_iter()
        .flatten()
        .filter_map(|part| {
            let words = words(part, 0..part.len());
            let kept: Vec<&str> =
                words.iter().filter(|word| !is_noise(&word.lower)).map(|word| word.text).collect();
            (kept.len() <= MOST_WORDS).then(|| reader.key(&kept.join(" "))).flatten()
        })
        .collect();
    found.dedup();
    found
}

/// Whether a word says how the patient fares or what is done, not what the condition is.
pub fn is_noise(lower: &str) -> bool {
    NOISE.contains(lower)
}

static NOISE: WordList = WordList::new(&[
    "active",
    "again",
    "all",
    "asymptomatic",
    "better",
    "continue",
    "continues",
    "controlled",
    "doing",
    "established",
    "f/u",
    "fairly",
    "followup",
    "goal",
    "improved",
    "improving",
    "known",
    "new",
    "ongoing",
    "overall",
    "poorly",
    "recently",
    "reviewed",
    "significantly",
    "since",
    "stable",
    "still",
    "today",
    "treated",
    "unchanged",
    "uncontrolled",
    "under",
    "well",
    "worse",
    "worsened",
    "worsening",
]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_the_patient_fares_changes_no_name() {
        let reader = &mut TermReader::default();
        let plain = keys(reader, "hypertension");
        assert_eq!(keys(reader, "Stable hypertension"), plain);
        assert!(keys(reader, "Hypertension, at goal on lisinopril").contains(&plain[0]));
        assert!(!keys(reader, "Pulmonary hypertension").contains(&plain[0]));
    }
}
