//! Texts as the network reads them.

use anyhow::Context;
use medcode_server::catalog::search::semantic::Pieces;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Pieces of a text that are looked at.
const MOST: usize = 126;

/// Turns texts into the numbers that the network has for pieces.
pub(crate) struct Tokens<'p> {
    pieces: &'p Pieces,
    /// The number that the network has for each piece.
    numbers: Vec<usize>,
    begin: usize,
    end: usize,
    unknown: usize,
}

impl<'p> Tokens<'p> {
    /// `vocabulary` in the order of the network.
    pub(crate) fn new(vocabulary: &[String], pieces: &'p Pieces) -> anyhow::Result<Self> {
        let mut numbers = vec![0; pieces.len()];
        for (number, piece) in vocabulary.iter().enumerate() {
            if let Some(place) = pieces.find(piece).and_then(|place| numbers.get_mut(place)) {
                *place = number;
            }
        }
        let special = |piece: &str| {
            let number = vocabulary.iter().position(|other| other == piece);
            number.with_context(|| format!("the vocabulary has no {piece}"))
        };
        let (begin, end, unknown) = (special("[CLS]")?, special("[SEP]")?, special("[UNK]")?);
        Ok(Self { pieces, numbers, begin, end, unknown })
    }

    /// The numbers of a text, with those of its begin and end.
    pub(crate) fn of(&self, text: &str) -> Vec<usize> {
        let mut numbers = vec![self.begin];
        for word in words(text) {
            let pieces = self.pieces.of_word(&word);
            if pieces.is_empty() {
                numbers.push(self.unknown);
            }
            numbers.extend(pieces.iter().filter_map(|piece| self.numbers.get(*piece)));
        }
        numbers.truncate(MOST + 1);
        numbers.push(self.end);
        numbers
    }
}

/// The words of a text and its marks: lower case, without accents; every mark is a word of its own.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_open = false;
    for character in text.to_lowercase().nfd().filter(|character| !is_combining_mark(*character)) {
        if character.is_alphanumeric() {
            match words.last_mut().filter(|_| is_open) {
                Some(word) => word.push(character),
                None => words.push(character.to_string()),
            }
        } else if !character.is_whitespace() {
            words.push(character.to_string());
        }
        is_open = character.is_alphanumeric();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_the_network_does() {
        assert_eq!(words("Ménière's (left)"), ["meniere", "'", "s", "(", "left", ")"]);
        let vocabulary = ["[CLS]", "[SEP]", "[UNK]", "ke", "##to", "foot", "("].map(str::to_owned);
        let pieces = Pieces::new(vocabulary.iter().map(String::as_str));
        let tokens = Tokens::new(&vocabulary, &pieces).unwrap();
        assert_eq!(tokens.of("Keto (foot"), [0, 3, 4, 6, 5, 1]);
        assert_eq!(tokens.of("kex"), [0, 2, 1]);
    }
}
