//! Sorted words in one piece of text.

use std::{cmp::Ordering, ops::Range};

use super::codec::{IndexError, Reader, Writer};

/// Distinct words in byte order. The number of a word is its place.
#[derive(Debug, Default)]
pub(super) struct WordList {
    text: String,
    ends: Vec<u32>,
}

impl WordList {
    /// A list of words that are sorted and distinct already.
    ///
    /// # Errors
    /// The words are not in ascending order.
    pub(super) fn from_sorted<'w>(
        words: impl IntoIterator<Item = &'w str>,
    ) -> Result<Self, IndexError> {
        let mut list = Self::default();
        for word in words {
            if !list.ends.is_empty() && list.get(list.len() - 1) >= word {
                return Err(IndexError::Corrupt("words are not in order"));
            }
            list.text.push_str(word);
            list.ends.push(
                u32::try_from(list.text.len())
                    .map_err(|_| IndexError::Corrupt("too many words"))?,
            );
        }
        list.text.shrink_to_fit();
        list.ends.shrink_to_fit();
        Ok(list)
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The word at a place; empty behind the end.
    pub(super) fn get(&self, place: usize) -> &str {
        let Some(end) = self.ends.get(place) else { return "" };
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(start as usize..*end as usize).unwrap_or_default()
    }

    /// The place of a word.
    pub(super) fn find(&self, word: &str) -> Option<usize> {
        let place = self.first_not_before(word);
        (place < self.len() && self.get(place) == word).then_some(place)
    }

    /// The places of the words that begin with `prefix`.
    pub(super) fn beginning_with(&self, prefix: &str) -> Range<usize> {
        let start = self.first_not_before(prefix);
        let ahead = |word: &str| word.starts_with(prefix) || word < prefix;
        let end = start + self.partition(start, ahead);
        start..end
    }

    fn first_not_before(&self, word: &str) -> usize {
        self.partition(0, |other| other.cmp(word) == Ordering::Less)
    }

    /// How many words from `start` on fulfil a condition that holds for the first of them only.
    fn partition(&self, start: usize, condition: impl Fn(&str) -> bool) -> usize {
        let (mut low, mut high) = (start, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if condition(self.get(middle)) { low = middle + 1 } else { high = middle }
        }
        low - start
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.text(&self.text);
        writer.numbers(&self.ends);
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, IndexError> {
        let text = reader.text()?;
        let ends = reader.numbers()?;
        let mut start = 0;
        let mut words = Vec::with_capacity(ends.len());
        for end in ends {
            let word = text
                .get(start..end as usize)
                .ok_or(IndexError::Corrupt("a word lies outside the text"))?;
            words.push(word);
            start = end as usize;
        }
        Self::from_sorted(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_words_and_beginnings() {
        let list = WordList::from_sorted(["anemia", "diabetes", "diabetic", "foot"]).unwrap();
        assert_eq!(list.find("diabetic"), Some(2));
        assert_eq!(list.find("diab"), None);
        assert_eq!(list.beginning_with("diab"), 1..3);
        assert_eq!(list.beginning_with("z"), 4..4);
        assert_eq!(list.beginning_with(""), 0..4);
    }

    #[test]
    fn refuses_words_out_of_order() {
        assert!(WordList::from_sorted(["b", "a"]).is_err());
        assert!(WordList::from_sorted(["a", "a"]).is_err());
    }
}
