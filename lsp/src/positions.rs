//! Positions: lines and columns of the wire against byte offsets of the text.
//!
//! Everything else counts bytes of UTF-8; this module alone knows the three encodings of columns. A position is never
//! refused: one that lies outside the text, or inside a character, is moved to the nearest place before it, and the
//! caller is told.

use std::ops::Range;

mod line_table;

pub(crate) use line_table::LineTable;

/// What the columns of a position count. Agreed with the client once, in `initialize`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Bytes.
    Utf8,
    /// Code units of UTF-16: the default of the protocol.
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The encoding with this name on the wire.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "utf-8" => Some(Self::Utf8),
            "utf-16" => Some(Self::Utf16),
            "utf-32" => Some(Self::Utf32),
            _ => None,
        }
    }

    /// The name on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
            Self::Utf32 => "utf-32",
        }
    }

    /// How many columns a character takes.
    fn width(self, character: char) -> usize {
        match self {
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
            Self::Utf32 => 1,
        }
    }

    /// The columns that `text`, a part of one line, takes.
    pub(crate) fn columns(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
            Self::Utf32 => text.chars().count(),
        }
    }

    /// The bytes of `line` in front of `column`, and whether the column had to be moved.
    fn bytes_before(self, line: &str, column: usize) -> (usize, bool) {
        let mut passed = 0;
        for (offset, character) in line.char_indices() {
            if passed == column {
                return (offset, false);
            }
            let next = passed + self.width(character);
            if next > column {
                return (offset, true);
            }
            passed = next;
        }
        (line.len(), passed != column)
    }
}

/// A place in a text as the wire has it: line and column from 0, the column in the agreed [`Encoding`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Point {
    /// Line, from 0.
    pub(crate) line: u32,
    /// Column, from 0.
    pub(crate) column: u32,
}

/// Two points of one text; the end is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// First place of the span.
    pub(crate) start: Point,
    /// The place behind the span.
    pub(crate) end: Point,
}

/// A byte offset that a point stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Located {
    /// Bytes from the start of the text, always on a character border.
    pub(crate) offset: usize,
    /// The point did not exist in the text and was moved.
    pub(crate) corrected: bool,
}

/// A text together with its lines and the agreed encoding: what conversion needs.
#[derive(Clone, Copy)]
pub(crate) struct Grid<'a> {
    text: &'a str,
    lines: &'a LineTable,
    encoding: Encoding,
}

impl<'a> Grid<'a> {
    /// `lines` must be the table of `text`.
    pub(crate) fn new(text: &'a str, lines: &'a LineTable, encoding: Encoding) -> Self {
        Self { text, lines, encoding }
    }

    /// The offset of a point. Past the end of a line means its end, past the last line the end of the text, inside a
    /// character its start.
    pub(crate) fn offset(&self, point: Point) -> Located {
        let line = usize::try_from(point.line).unwrap_or(usize::MAX);
        let column = usize::try_from(point.column).unwrap_or(usize::MAX);
        let Some(content) = self.lines.content(self.text, line) else {
            return Located { offset: self.text.len(), corrected: true };
        };
        let in_line = if self.lines.is_ascii(line) {
            (column.min(content.len()), column > content.len())
        } else {
            self.encoding.bytes_before(&self.text[content.clone()], column)
        };
        Located { offset: content.start + in_line.0, corrected: in_line.1 }
    }

    /// The byte range of a span. A span with its ends exchanged is put right.
    pub(crate) fn range(&self, span: Span) -> (Range<usize>, bool) {
        let (start, end) = (self.offset(span.start), self.offset(span.end));
        let corrected = start.corrected || end.corrected || start.offset > end.offset;
        (start.offset.min(end.offset)..start.offset.max(end.offset), corrected)
    }

    /// The point of an offset. Past the end of the text means its end, inside a character its start.
    pub(crate) fn point(&self, offset: usize) -> Point {
        let offset = floor_border(self.text, offset);
        let line = self.lines.line_of(offset);
        let start = self.lines.start(line);
        let column = if self.lines.is_ascii(line) {
            offset - start
        } else {
            self.encoding.columns(&self.text[start..offset])
        };
        let narrow = |value| u32::try_from(value).unwrap_or(u32::MAX);
        Point { line: narrow(line), column: narrow(column) }
    }

    /// The span of a byte range.
    pub(crate) fn span(&self, range: &Range<usize>) -> Span {
        Span { start: self.point(range.start), end: self.point(range.end) }
    }
}

/// The character border at or before `offset`.
fn floor_border(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    fn offset(text: &str, encoding: Encoding, line: u32, column: u32) -> Located {
        let lines = LineTable::new(text);
        Grid::new(text, &lines, encoding).offset(Point { line, column })
    }

    fn at(offset: usize) -> Located {
        Located { offset, corrected: false }
    }

    fn moved(offset: usize) -> Located {
        Located { offset, corrected: true }
    }

    #[test]
    fn counts_columns_in_each_encoding() {
        // é is 2 bytes and 1 unit, 😀 is 4 bytes and 2 units.
        let text = "Dx\né😀E11.9";
        assert_eq!(offset(text, Encoding::Utf8, 1, 6), at(9));
        assert_eq!(offset(text, Encoding::Utf16, 1, 3), at(9));
        assert_eq!(offset(text, Encoding::Utf32, 1, 2), at(9));
    }

    #[test]
    fn moves_points_inside_a_character_to_its_start() {
        assert_eq!(offset("😀x", Encoding::Utf16, 0, 1), moved(0));
        assert_eq!(offset("aéx", Encoding::Utf8, 0, 2), moved(1));
    }

    #[test]
    fn moves_points_behind_a_line_to_its_end() {
        for encoding in ALL {
            assert_eq!(offset("ab\r\ncd", encoding, 0, 99), moved(2));
            assert_eq!(offset("é\ncd", encoding, 0, 99), moved(2));
            assert_eq!(offset("ab\ncd", encoding, 7, 0), moved(5));
            assert_eq!(offset("", encoding, 0, 0), at(0));
        }
    }

    #[test]
    fn puts_exchanged_ends_right() {
        let lines = LineTable::new("E11.9");
        let grid = Grid::new("E11.9", &lines, Encoding::Utf16);
        let span = Span { start: Point { line: 0, column: 4 }, end: Point { line: 0, column: 1 } };
        assert_eq!(grid.range(span), (1..4, true));
    }

    #[test]
    fn names_round_trip() {
        for encoding in ALL {
            assert_eq!(Encoding::named(encoding.name()), Some(encoding));
        }
        assert_eq!(Encoding::named("utf-7"), None);
    }

    proptest! {
        #[test]
        fn offsets_round_trip(text in "[a-z.é\u{301}😀\r\n]{0,40}") {
            let lines = LineTable::new(&text);
            for encoding in ALL {
                let grid = Grid::new(&text, &lines, encoding);
                for offset in (0..=text.len()).filter(|offset| text.is_char_boundary(*offset)) {
                    let point = grid.point(offset);
                    let located = grid.offset(point);
                    // Between \r and \n there is no place: it reads as the end of the line.
                    let inside_terminator = text[..offset].ends_with('\r') && text[offset..].starts_with('\n');
                    let expected = if inside_terminator { offset - 1 } else { offset };
                    prop_assert_eq!(located.offset, expected);
                }
            }
        }

        #[test]
        fn any_point_lands_on_a_border(text in "\\PC{0,30}", line in 0_u32..5, column in any::<u32>()) {
            let lines = LineTable::new(&text);
            for encoding in ALL {
                let located = Grid::new(&text, &lines, encoding).offset(Point { line, column });
                prop_assert!(text.is_char_boundary(located.offset));
            }
        }
    }
}
