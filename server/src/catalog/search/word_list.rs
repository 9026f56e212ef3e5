//! Sorted words in one piece of text.

use std::{cmp::Ordering, ops::Range};

use super::codec::{IndexError, Reader, Writer};

/// Letters that words begin with in the table of beginnings.
const LETTERS: usize = 26;

/// Distinct words in byte order. The number of a word is its place.
#[derive(Debug, Default)]
pub(super) struct WordList {
    text: String,
    ends: Vec<u32>,
    /// For each two letters, `aa` to `zz`, the place of the first word that is not before them; then the number of words. A
    /// search begins between two of them.
    beginnings: Vec<u32>,
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
        for (place, word) in (0..).zip(words) {
            if !list.ends.is_empty() && list.get(list.len() - 1) >= word {
                return Err(IndexError::Corrupt("words are not in order"));
            }
            list.text.push_str(word);
            // The pairs of letters up to this word begin here, but for those that began before.
            list.beginnings.resize(pairs_up_to(word).max(list.beginnings.len()), place);
            list.ends.push(
                u32::try_from(list.text.len())
                    .map_err(|_| IndexError::Corrupt("too many words"))?,
            );
        }
        list.beginnings
            .resize(LETTERS * LETTERS + 1, u32::try_from(list.len()).unwrap_or(u32::MAX));
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
        let end =
            start + Self::partition(start..self.around(prefix).end, |place| ahead(self.get(place)));
        start..end
    }

    fn first_not_before(&self, word: &str) -> usize {
        let around = self.around(word);
        let is_before = |place| self.get(place).cmp(word) == Ordering::Less;
        around.start + Self::partition(around, is_before)
    }

    /// The places between which words stand that begin as this one does.
    fn around(&self, word: &str) -> Range<usize> {
        let pair = pair(word);
        let place = |pair: usize| self.beginnings.get(pair).map(|place| *place as usize);
        let between = pair.and_then(|pair| Some(place(pair)?..place(pair + 1)?));
        between.unwrap_or(0..self.len())
    }

    /// How many places fulfil a condition that holds for the first of them only.
    fn partition(places: Range<usize>, condition: impl Fn(usize) -> bool) -> usize {
        let (mut low, mut high) = (places.start, places.end);
        while low < high {
            let middle = low + (high - low) / 2;
            if condition(middle) { low = middle + 1 } else { high = middle }
        }
        low - places.start
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

/// The number of the two letters that a word begins with.
fn pair(word: &str) -> Option<usize> {
    let [first, second, ..] = word.as_bytes() else { return None };
    let number = |letter: u8| letter.is_ascii_lowercase().then(|| usize::from(letter - b'a'));
    Some(number(*first)? * LETTERS + number(*second)?)
}

/// How many of the pairs `aa` to `zz` do not come behind a word.
fn pairs_up_to(word: &str) -> usize {
    if let Some(pair) = pair(word) {
        return pair + 1;
    }
    let mut bytes = word.bytes();
    let first = bytes.next().unwrap_or_default();
    let is_behind_all = bytes.next().is_some_and(|second| second > b'z');
    // Letters before the first one, and its own where nothing that follows could be a letter.
    let letters =
        usize::from(first.saturating_sub(b'a')) + usize::from(first >= b'a' && is_behind_all);
    letters.min(LETTERS) * LETTERS
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
    fn finds_words_of_any_letters() {
        let words = [
            "!no", "1", "1a", "a", "a1", "aa", "ab", "az", "a\u{E9}", "b", "b9", "bz", "z", "z2",
            "zz", "z\u{E9}", "{", "\u{E9}", "\u{E9}a",
        ];
        let list = WordList::from_sorted(words).unwrap();
        for (place, word) in words.iter().enumerate() {
            assert_eq!(list.find(word), Some(place), "{word}");
            let alike = words.iter().filter(|other| other.starts_with(word)).count();
            assert_eq!(list.beginning_with(word), place..place + alike, "{word}");
        }
        for word in ["", "!", "ba", "aaa", "zzz", "y", "\u{F1}", "a{"] {
            let before = words.iter().filter(|other| **other < word).count();
            assert_eq!(
                (list.find(word), list.beginning_with(word).start),
                (None, before),
                "{word}"
            );
        }
        let none = WordList::from_sorted([]).unwrap();
        assert_eq!((none.find("aa"), none.beginning_with("a")), (None, 0..0));
        assert_eq!(WordList::default().find("aa"), None);
    }

    #[test]
    fn refuses_words_out_of_order() {
        assert!(WordList::from_sorted(["b", "a"]).is_err());
        assert!(WordList::from_sorted(["a", "a"]).is_err());
    }
}
