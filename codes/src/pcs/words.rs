//! Titles as words: numbers in place of texts, so that comparing is cheap.

use std::collections::HashMap;

/// A word or a comma.
pub(super) type Word = u32;

/// What stands between the pieces of a title. Their numbers are the first ones.
const SEPARATORS: [&str; 10] =
    [",", "with", "using", "from", "to", "into", "in", "of", "for", "on"];

const COMMA: Word = 0;

/// After these the word "Approach" is left out: some titles have it and some do not.
const APPROACHES: [&str; 5] = ["Open", "Opening", "Percutaneous", "Endoscopic", "External"];

/// The words seen so far.
pub(super) struct Words {
    numbers: HashMap<String, Word, foldhash::fast::RandomState>,
    texts: Vec<String>,
}

impl Words {
    pub(super) fn new() -> Self {
        let mut words = Self { numbers: HashMap::default(), texts: Vec::new() };
        for separator in SEPARATORS {
            words.number(separator);
        }
        words
    }

    fn number(&mut self, text: &str) -> Word {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = Word::try_from(self.texts.len()).unwrap_or(Word::MAX);
        self.numbers.insert(text.to_owned(), number);
        self.texts.push(text.to_owned());
        number
    }

    /// Appends the words of a title. A comma after a word is a word of its own.
    pub(super) fn split_into(&mut self, title: &str, words: &mut Vec<Word>) {
        let mut before = "";
        for piece in title.split_ascii_whitespace() {
            let word = piece.strip_suffix(',').unwrap_or(piece);
            if !(word.is_empty() || word == "Approach" && APPROACHES.contains(&before)) {
                words.push(self.number(word));
            }
            if word != piece {
                words.push(COMMA);
            }
            before = piece;
        }
    }

    /// The words of a text.
    pub(super) fn split(&mut self, text: &str) -> Vec<Word> {
        let mut words = Vec::new();
        self.split_into(text, &mut words);
        words
    }

    /// The text of a piece of a title.
    pub(super) fn join(&self, words: &[Word]) -> String {
        let mut text = String::new();
        for word in words {
            if !text.is_empty() && *word != COMMA {
                text.push(' ');
            }
            text.push_str(self.texts.get(*word as usize).map_or("", String::as_str));
        }
        text
    }
}

/// Whether the word stands between pieces.
pub(super) fn is_separator(word: Word) -> bool {
    (word as usize) < SEPARATORS.len()
}

/// Whether the word is a separator other than the comma.
pub(super) fn is_preposition(word: Word) -> bool {
    is_separator(word) && word != COMMA
}

/// Whether the word never stands within a label: it parts a substance from its place, a device from a body part.
pub(super) fn is_boundary(word: Word) -> bool {
    SEPARATORS.get(word as usize).is_some_and(|text| matches!(*text, "into" | "from" | "using"))
}

/// The words without separators at either end.
pub(super) fn strip(words: &[Word]) -> &[Word] {
    let Some(start) = words.iter().position(|word| !is_separator(*word)) else { return &[] };
    let end = words.iter().rposition(|word| !is_separator(*word)).map_or(start, |last| last + 1);
    words.get(start..end).unwrap_or_default()
}

/// The number of words two texts begin with alike.
pub(super) fn common_prefix(left: &[Word], right: &[Word]) -> usize {
    left.iter().zip(right).take_while(|(left, right)| left == right).count()
}

/// The number of words two texts end with alike.
pub(super) fn common_suffix(left: &[Word], right: &[Word]) -> usize {
    left.iter().rev().zip(right.iter().rev()).take_while(|(left, right)| left == right).count()
}

/// Where `piece` begins in `words`, each time.
pub(super) fn occurrences<'a>(
    words: &'a [Word],
    piece: &'a [Word],
) -> impl Iterator<Item = usize> + 'a {
    words.windows(piece.len().max(1)).enumerate().filter(move |(_, it)| *it == piece).map(|it| it.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_and_joins_a_title() {
        let mut words = Words::new();
        let title = "Excision of Stomach, Pylorus, Open Approach, Diagnostic";
        let split = words.split(title);
        assert_eq!(split.len(), 9);
        assert_eq!(words.join(&split), "Excision of Stomach, Pylorus, Open, Diagnostic");
        assert_eq!(words.join(strip(&split[1..5])), "Stomach, Pylorus");
        assert!(strip(&split[1..2]).is_empty() && strip(&[]).is_empty());
        assert_eq!(occurrences(&split, &split[3..4]).collect::<Vec<_>>(), [3, 5, 7]);
    }
}
