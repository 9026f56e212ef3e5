//! A run of words.

use super::words::Word;

/// Words from `start` up to `end`, not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    start: usize,
    end: usize,
}

impl Span {
    pub(super) fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    pub(super) fn start(self) -> usize {
        self.start
    }

    pub(super) fn end(self) -> usize {
        self.end
    }

    pub(super) fn len(self) -> usize {
        self.end - self.start
    }

    pub(super) fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether they have a word in common.
    pub(super) fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether they overlap or lie side by side.
    pub(super) fn touches(self, other: Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    /// The runs that are left when the words of `others` are taken out.
    pub(super) fn without<'a>(self, others: impl Iterator<Item = &'a Self>) -> Vec<Self> {
        let mut others: Vec<Self> = others.copied().filter(|other| other.overlaps(self)).collect();
        others.sort_unstable();
        let mut runs = Vec::new();
        let mut start = self.start;
        for other in others {
            if start < other.start {
                runs.push(Self { start, end: other.start });
            }
            start = start.max(other.end);
        }
        if start < self.end {
            runs.push(Self { start, end: self.end });
        }
        runs
    }

    pub(super) fn of(self, words: &[Word]) -> &[Word] {
        words.get(self.start..self.end).unwrap_or_default()
    }
}
