//! Descriptions of conditions in a note: what they come to without the words that say how the patient fares.

use crate::{
    term_key::TermReader,
    words::{Word, list::WordList, words},
};

pub mod uncoded;

/// Longer texts are sentences.
const MOST_WORDS: usize = 14;

/// The keys that a description may have as a name: as a whole, and up to its first sign. "Hypertension, at goal" names
/// hypertension.
pub fn keys(reader: &mut TermReader, description: &str) -> Vec<u64> {
    let mut words = words(description, 0..description.len());
    words.retain(|word| !is_noise(&word.lower));
    let mut key = |words: &[Word<'_>]| {
        (words.len() <= MOST_WORDS).then(|| reader.key_of(words.iter().map(|it| it.text))).flatten()
    };
    let mut found: Vec<u64> = key(&words).into_iter().collect();
    if let Some(head) = head(description) {
        // No word goes on over a sign.
        let behind = words.partition_point(|word| word.range.start < head);
        found.extend(words.get(..behind).and_then(key));
    }
    found.dedup();
    found
}

/// Where the first sign stands that parts a name from what else is said.
fn head(description: &str) -> Option<usize> {
    let bytes = description.as_bytes();
    let parts = |(at, byte): &(usize, &u8)| match byte {
        b',' | b';' | b':' | b'(' | b'\n' => true,
        b'.' => bytes.get(at + 1) == Some(&b' '),
        b' ' => {
            let behind = bytes.get(at + 1..).unwrap_or_default();
            [" - ", " \u{2013} ", " \u{2014} "]
                .iter()
                .any(|dash| behind.starts_with(&dash.as_bytes()[1..]))
        }
        _ => false,
    };
    bytes.iter().enumerate().find(parts).map(|(at, _)| at)
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
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn how_the_patient_fares_changes_no_name() {
        let reader = &mut TermReader::default();
        let plain = keys(reader, "hypertension");
        assert_eq!(keys(reader, "Stable hypertension"), plain);
        assert!(keys(reader, "Hypertension, at goal on lisinopril").contains(&plain[0]));
        assert!(!keys(reader, "Pulmonary hypertension").contains(&plain[0]));
    }

    proptest! {
        #[test]
        fn the_head_is_read_as_a_description_of_its_own(
            words in "(([a-z]{1,4}|no|well|Non-|s/p|w/o|e11\\.9|8\\.2|it's|é)([ ,;:(/.'-]|\n|, | - | \u{2013} |\\. )){0,9}",
        ) {
            let signs = [",", ";", ":", "(", "\n", " - ", " \u{2013} ", " \u{2014} ", ". "];
            let first = signs.iter().filter_map(|sign| words.find(sign)).min();
            prop_assert_eq!(head(&words), first);
            let reader = &mut TermReader::default();
            let mut own = |part: &str| {
                let all = crate::words::words(part, 0..part.len());
                let kept: Vec<&str> =
                    all.iter().filter(|word| !is_noise(&word.lower)).map(|word| word.text).collect();
                (kept.len() <= MOST_WORDS).then(|| reader.key(&kept.join(" "))).flatten()
            };
            let parts = [Some(&*words), first.map(|at| &words[..at])];
            let mut expected: Vec<u64> = parts.into_iter().flatten().filter_map(&mut own).collect();
            expected.dedup();
            prop_assert_eq!(keys(&mut TermReader::default(), &words), expected);
        }
    }
}
