//! Lists of words that every word of a note is looked up in.

use std::sync::OnceLock;

/// Words of a list, found by their first byte.
#[derive(Debug)]
pub struct WordList {
    words: &'static [&'static str],
    by_first: OnceLock<Vec<Vec<&'static str>>>,
}

impl WordList {
    /// The list of these words, in any order.
    pub const fn new(words: &'static [&'static str]) -> Self {
        Self { words, by_first: OnceLock::new() }
    }

    /// Whether the word is in the list.
    pub fn contains(&self, word: &str) -> bool {
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
