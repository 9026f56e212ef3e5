//! Places in a text as people count them: lines and columns from 1, columns in characters.

use std::{cell::OnceCell, ops::Range};

use serde::Serialize;

/// A place in a text, both counted from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// A range of a text; the end is the place behind its last character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Span {
    pub(super) start: Position,
    pub(super) end: Position,
}

/// Where the lines of a text begin: found once, for every issue of the text asks.
#[derive(Debug, Default)]
pub(super) struct Places {
    starts: OnceCell<Vec<usize>>,
}

impl Places {
    /// The place of a byte of `text`, which is the same text every time.
    pub(super) fn position(&self, text: &str, offset: usize) -> Position {
        let starts = self.starts(text);
        let line = starts.partition_point(|start| *start <= offset).max(1);
        let start = starts.get(line - 1).copied().unwrap_or_default();
        let before = text.get(start..offset).unwrap_or_default();
        Position { line, column: before.chars().count() + 1 }
    }

    /// The place of a range of bytes of `text`.
    pub(super) fn span(&self, text: &str, range: &Range<usize>) -> Span {
        Span { start: self.position(text, range.start), end: self.position(text, range.end) }
    }

    /// A line by its number, counted from 1, without its end.
    pub(super) fn line<'t>(&self, text: &'t str, number: usize) -> &'t str {
        let start = number.checked_sub(1).and_then(|index| self.starts(text).get(index));
        let rest = start.and_then(|start| text.get(*start..)).unwrap_or_default();
        rest.lines().next().unwrap_or_default()
    }

    fn starts(&self, text: &str) -> &[usize] {
        self.starts.get_or_init(|| {
            let behind_ends = text.match_indices('\n').map(|(at, _)| at + 1);
            std::iter::once(0).chain(behind_ends).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_and_characters_from_one() {
        let text = "Ä\nÄÖ x\r\n";
        let places = Places::default();
        let at = |offset| places.position(text, offset);
        assert_eq!(at(0), Position { line: 1, column: 1 });
        assert_eq!(at("Ä".len()), Position { line: 1, column: 2 });
        assert_eq!(at("Ä\nÄÖ ".len()), Position { line: 2, column: 4 });
        assert_eq!(at(text.len()), Position { line: 3, column: 1 });
        assert_eq!(places.line(text, 2), "ÄÖ x");
        assert_eq!(
            (places.line(text, 3), places.line(text, 4), places.line(text, 0)),
            ("", "", "")
        );
    }
}
