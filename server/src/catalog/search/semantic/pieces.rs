//! Cuts words into the pieces of a vocabulary: `ketoacidosis` is `ke`, `##to`, `##ac`, `##ido`, `##sis`.

use super::super::{
    codec::{IndexError, Reader, Writer},
    word_list::WordList,
    words::words,
};

/// In front of a piece that continues a word.
const CONTINUES: &str = "##";

/// Bytes of a word that is cut. A longer one is no word.
const MOST_BYTES: usize = 100;

/// Words of a text that are looked at.
const MOST_WORDS: usize = 128;

/// A vocabulary of pieces. The number of a piece is its place in byte order.
#[derive(Debug)]
pub struct Pieces(WordList);

impl Pieces {
    /// A vocabulary. Pieces that continue a word begin with `##`.
    pub fn new<'p>(pieces: impl IntoIterator<Item = &'p str>) -> Self {
        let mut pieces: Vec<_> = pieces.into_iter().collect();
        pieces.sort_unstable();
        pieces.dedup();
        // Sorted and distinct: only four gigabytes of pieces would be refused.
        Self(WordList::from_sorted(pieces).unwrap_or_default())
    }

    /// How many pieces there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no piece.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A piece by its number; empty behind the last.
    pub fn get(&self, number: usize) -> &str {
        self.0.get(number)
    }

    /// The number of a piece.
    pub fn find(&self, piece: &str) -> Option<usize> {
        self.0.find(piece)
    }

    /// The numbers of the pieces of a text: those of its words, without the marks between them.
    pub fn of_text(&self, text: &str) -> Vec<usize> {
        let words = words(text).into_iter().take(MOST_WORDS);
        words.flat_map(|word| self.of_word(&word.text)).collect()
    }

    /// The numbers of the pieces of a folded word, always the longest piece that fits. Empty where one cannot be cut.
    pub fn of_word(&self, word: &str) -> Vec<usize> {
        if word.len() > MOST_BYTES {
            return Vec::new();
        }
        let mut pieces = Vec::new();
        let mut rest = word;
        while !rest.is_empty() {
            let Some((piece, length)) = self.longest(rest, rest.len() < word.len()) else {
                return Vec::new();
            };
            pieces.push(piece);
            rest = rest.get(length..).unwrap_or_default();
        }
        pieces
    }

    /// The longest piece at the beginning, and how many bytes of the text it is.
    fn longest(&self, text: &str, continues: bool) -> Option<(usize, usize)> {
        let mut piece = String::with_capacity(CONTINUES.len() + text.len());
        if continues {
            piece.push_str(CONTINUES);
        }
        let front = piece.len();
        piece.push_str(text);
        while piece.len() > front {
            if let Some(number) = self.0.find(&piece) {
                return Some((number, piece.len() - front));
            }
            piece.pop();
        }
        None
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        self.0.write(writer);
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, IndexError> {
        WordList::read(reader).map(Self)
    }
}
