//! What a name of a condition comes to when order, endings and small words are left aside.
//!
//! `HTN, essential` and `Essential hypertension` have one key. A description of a text never leaves its process: asked
//! for is only the bucket of its key, one of [`BUCKETS`]; see [`crate::code_context::TermMatch`]. The function is part of
//! the agreement between those who ask and those who answer: it holds no randomness.

use std::{collections::HashMap, ops::Range};

use foldhash::fast::FixedState;

use crate::words::{abbreviations, stem::stem, stop};

/// Number of buckets.
pub const BUCKETS: u16 = 4096;

/// Bracketed parts of a title that are read one by one; titles have at most five.
const MOST_BRACKETS: usize = 8;

/// The bucket of a key.
pub fn bucket(key: u64) -> u16 {
    u16::try_from(key % u64::from(BUCKETS)).unwrap_or_default()
}

/// Reads terms and remembers the words it has seen.
#[derive(Debug, Default)]
pub struct TermReader {
    /// Where the stems of each stand among `stems`.
    seen: HashMap<String, Range<usize>, FixedState>,
    stems: Vec<u64>,
    words: Vec<u64>,
}

impl TermReader {
    /// The key of a description as written, brackets included; `None` when it names nothing.
    pub fn key(&mut self, description: &str) -> Option<u64> {
        self.key_of([description])
    }

    /// The same of a description in parts.
    pub fn key_of<'p>(&mut self, parts: impl IntoIterator<Item = &'p str>) -> Option<u64> {
        self.words.clear();
        parts.into_iter().for_each(|part| self.read(part));
        self.finish()
    }

    /// The keys of a title or inclusion term: without its brackets, with each of them alone, and with all. Brackets hold
    /// words that change nothing ("Essential (primary) hypertension").
    pub fn keys(&mut self, term: &str) -> Vec<u64> {
        let mut base = Vec::new();
        let mut brackets: Vec<Vec<u64>> = Vec::new();
        for (part, inside) in parts(term) {
            self.words.clear();
            self.read(part);
            if inside && brackets.len() < MOST_BRACKETS {
                brackets.push(self.words.clone());
            } else if !inside {
                base.extend_from_slice(&self.words);
            }
        }
        let mut readings = vec![base.clone()];
        readings.extend(brackets.iter().map(|bracket| [&base[..], bracket].concat()));
        if brackets.len() > 1 {
            readings.push(base.iter().copied().chain(brackets.concat()).collect());
        }
        let mut keys: Vec<u64> = readings
            .into_iter()
            .filter_map(|reading| {
                self.words = reading;
                self.finish()
            })
            .collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Adds the stems of a text.
    fn read(&mut self, text: &str) {
        if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            // A word, as those who have parted a text give it.
            self.read_chunk(text);
        } else {
            let parted = |it: char| !(it.is_alphanumeric() || matches!(it, '/' | '\'' | '.'));
            text.split(parted).for_each(|chunk| self.read_chunk(chunk));
        }
    }

    fn read_chunk(&mut self, chunk: &str) {
        if matches!(chunk, "specified" | "elsewhere") {
            // "Not specified" denies nothing.
            self.words.pop_if(|last| *last == WITHOUT);
        } else if !chunk.is_empty() {
            let known = self.seen.get(chunk).cloned();
            let stems = known.unwrap_or_else(|| self.read_new(chunk));
            self.words.extend_from_slice(self.stems.get(stems).unwrap_or_default());
        }
    }

    /// Reads what was not seen before; where its stems stand.
    fn read_new(&mut self, chunk: &str) -> Range<usize> {
        let first = self.stems.len();
        for word in crate::words::words(chunk, 0..chunk.len()) {
            match abbreviations::expand(word.text) {
                Some(long) => self.stems.extend(long.split(' ').map(|it| hash(&stem(it)))),
                None if stop::is_denial(&word.lower) => self.stems.push(WITHOUT),
                None if stop::is_stop_word(&word.lower) => {}
                None => self.stems.push(hash(&word.stem())),
            }
        }
        let stems = first..self.stems.len();
        self.seen.insert(chunk.to_owned(), stems.clone());
        stems
    }

    /// The key of the words as a set. "Without" alone is no name.
    fn finish(&mut self) -> Option<u64> {
        self.words.sort_unstable();
        self.words.dedup();
        if self.words.iter().all(|word| *word == WITHOUT) {
            return None;
        }
        let bytes = self.words.iter().flat_map(|word| word.to_le_bytes());
        Some(mixed(bytes.fold(BASIS, step)))
    }
}

/// FNV-1a, the same in every process and release.
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;

const fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(0x0100_0000_01b3)
}

/// The stem of words that deny.
const WITHOUT: u64 = {
    let (word, mut at, mut hash) = (b"without", 0, BASIS);
    while at < word.len() {
        hash = step(hash, word[at]);
        at += 1;
    }
    hash
};

/// The upper half takes part in the bucket.
fn mixed(hash: u64) -> u64 {
    hash ^ (hash >> 32)
}

fn hash(word: &str) -> u64 {
    word.bytes().fold(BASIS, step)
}

/// The parts of a title outside and inside of brackets.
fn parts(term: &str) -> Vec<(&str, bool)> {
    let mut parts = Vec::new();
    let mut inside = false;
    let mut start = 0;
    for (at, sign) in term.char_indices() {
        if matches!(sign, '(' | '[' | ')' | ']') {
            parts.push((&term[start..at], inside));
            inside = matches!(sign, '(' | '[');
            start = at + 1;
        }
    }
    parts.push((&term[start..], inside));
    parts.retain(|(part, _)| !part.trim().is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(description: &str, term: &str) -> bool {
        let mut reader = TermReader::default();
        let key = reader.key(description).unwrap();
        reader.keys(term).contains(&key)
    }

    #[test]
    fn the_same_name_has_one_key() {
        for (description, term) in [
            ("HTN", "hypertension (arterial) (benign) (essential)"),
            ("Essential hypertension", "Essential (primary) hypertension"),
            ("hypertension, primary", "hypertension (essential) (primary)"),
            ("T2DM w/o complications", "Type 2 diabetes mellitus without complications"),
            ("COPD", "Chronic obstructive pulmonary disease, unspecified"),
            ("CHF", "Congestive heart failure NOS"),
            ("UTI", "Urinary tract infection, site not specified"),
        ] {
            assert!(matches(description, term), "{description} / {term}");
        }
        assert!(!matches(
            "Type 2 diabetes with complications",
            "Type 2 diabetes mellitus without complications"
        ));
    }

    #[test]
    fn what_names_nothing_has_no_key() {
        assert_eq!(TermReader::default().key("of the other"), None);
        assert_eq!(TermReader::default().key(""), None);
    }

    #[test]
    fn keys_are_the_same_for_ever() {
        let key = TermReader::default().key("Hypertension").unwrap();
        assert_eq!(TermReader::default().key("HTN"), Some(key));
        assert!(bucket(key) < BUCKETS);
    }
}
