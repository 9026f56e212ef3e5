//! Lists of words that every word of a note is looked up in.

use std::sync::OnceLock;

/// The first bytes and the lengths of some words: most words of a note have neither in common with them.
#[derive(Debug)]
pub struct Shapes([u64; 256]);

impl Shapes {
    /// Those of no word.
    pub const NONE: Self = Self([0; 256]);

    /// The same with those of the first `length` bytes of `word`.
    #[must_use]
    pub const fn with(mut self, word: &str, length: usize) -> Self {
        if length > 0 && length <= word.len() {
            self.0[word.as_bytes()[0] as usize] |= 1 << (length % 64);
        }
        self
    }

    /// The same with those of all of `word` and its first letter in either case.
    #[must_use]
    pub const fn with_either_case(mut self, word: &str) -> Self {
        if let [first, ..] = word.as_bytes() {
            let length = 1 << (word.len() % 64);
            self.0[first.to_ascii_lowercase() as usize] |= length;
            self.0[first.to_ascii_uppercase() as usize] |= length;
        }
        self
    }

    /// Whether a word may be one of them; where not, it is none.
    pub fn may_be(&self, word: &str) -> bool {
        let first = word.as_bytes().first().map_or(0, |first| usize::from(*first));
        self.0.get(first).is_some_and(|lengths| lengths & (1 << (word.len() % 64)) != 0)
    }
}

/// Words of a list, found by their first byte.
#[derive(Debug)]
pub struct WordList {
    words: &'static [&'static str],
    shapes: Shapes,
    by_first: OnceLock<Vec<Vec<&'static str>>>,
}

impl WordList {
    /// The list of these words, in any order.
    pub const fn new(words: &'static [&'static str]) -> Self {
        let mut shapes = Shapes::NONE;
        let mut index = 0;
        while index < words.len() {
            shapes = shapes.with(words[index], words[index].len());
            index += 1;
        }
        Self { words, shapes, by_first: OnceLock::new() }
    }

    /// Whether the word is in the list.
    pub fn contains(&self, word: &str) -> bool {
        self.shapes.may_be(word) && self.finds(word)
    }

    fn finds(&self, word: &str) -> bool {
        let Some(first) = word.bytes().next() else { return false };
        let by_first = self.by_first.get_or_init(|| {
            let mut by_first = vec![Vec::new(); 256];
            for word in self.words {
                let first = word.bytes().next().map(usize::from);
                if let Some(same) = first.and_then(|first| by_first.get_mut(first)) {
                    same.push(*word);
                }
            }
            by_first
        });
        by_first.get(usize::from(first)).is_some_and(|same| same.contains(&word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_its_words_and_no_others() {
        static LIST: WordList = WordList::new(&["of", "on", "and", "é"]);
        assert!(["of", "on", "and", "é"].iter().all(|word| LIST.contains(word)));
        assert!(!["", "o", "off", "ant", "b"].iter().any(|word| LIST.contains(word)));
    }
}
