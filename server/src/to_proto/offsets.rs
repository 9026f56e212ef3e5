//! Bytes of a text as offsets in another unit, and as lines.

use std::ops::Range;

use medcode_proto::v1::{LineRange, OffsetUnit, TextRange};

/// Where the lines of a text begin.
pub(super) struct Offsets<'t> {
    text: &'t str,
    unit: OffsetUnit,
    /// First byte of each line, and how many units lie before it.
    lines: Vec<(usize, usize)>,
}

impl<'t> Offsets<'t> {
    pub(super) fn new(text: &'t str, unit: OffsetUnit) -> Self {
        let bytes = text.as_bytes();
        let mut lines = vec![(0, 0)];
        let mut units = 0;
        let mut start = 0;
        for (place, byte) in bytes.iter().enumerate() {
            let ends = match byte {
                b'\n' => true,
                b'\r' => bytes.get(place + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends {
                units += count(text.get(start..=place).unwrap_or_default(), unit);
                start = place + 1;
                lines.push((start, units));
            }
        }
        Self { text, unit, lines }
    }

    /// A range of bytes in the unit.
    pub(super) fn range(&self, range: &Range<usize>) -> TextRange {
        let (start, end) = (self.place(range.start), self.place(range.end));
        TextRange {
            start: number(start.before + start.inside),
            end: number(end.before + end.inside),
        }
    }

    /// A range of bytes in lines and characters.
    pub(super) fn lines(&self, range: &Range<usize>) -> LineRange {
        let (start, end) = (self.place(range.start), self.place(range.end));
        LineRange {
            start_line: number(start.line),
            start_character: number(start.inside),
            end_line: number(end.line),
            end_character: number(end.inside),
        }
    }

    fn place(&self, byte: usize) -> Place {
        let line = self.lines.partition_point(|(first, _)| *first <= byte).saturating_sub(1);
        let (first, before) = self.lines.get(line).copied().unwrap_or_default();
        let inside = count(self.text.get(first..byte).unwrap_or_default(), self.unit);
        Place { line, before, inside }
    }
}

/// A place: its line, the units before the line, and those before the place in its line.
struct Place {
    line: usize,
    before: usize,
    inside: usize,
}

fn count(text: &str, unit: OffsetUnit) -> usize {
    match unit {
        OffsetUnit::Unspecified | OffsetUnit::Utf8 => text.len(),
        OffsetUnit::Utf16 => text.encode_utf16().count(),
        OffsetUnit::Utf32 => text.chars().count(),
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two lines before the code, of which the second holds a letter outside the basic plane.
    const TEXT: &str = "é\r\n\u{1d400} Dx: E11.9\rx";

    fn at(unit: OffsetUnit) -> (TextRange, LineRange) {
        let start = TEXT.find("E11.9").unwrap();
        let offsets = Offsets::new(TEXT, unit);
        (offsets.range(&(start..start + 5)), offsets.lines(&(start..start + 5)))
    }

    #[test]
    fn counts_in_every_unit() {
        for (unit, start, character) in [
            (OffsetUnit::Unspecified, 13, 9),
            (OffsetUnit::Utf8, 13, 9),
            (OffsetUnit::Utf16, 10, 7),
            (OffsetUnit::Utf32, 9, 6),
        ] {
            let (range, lines) = at(unit);
            assert_eq!((range.start, range.end), (start, start + 5), "{unit:?}");
            let expected = LineRange {
                start_line: 1,
                start_character: character,
                end_line: 1,
                end_character: character + 5,
            };
            assert_eq!(lines, expected, "{unit:?}");
        }
    }

    #[test]
    fn the_end_of_a_text_is_a_place() {
        let offsets = Offsets::new(TEXT, OffsetUnit::Utf8);
        assert_eq!(offsets.lines(&(TEXT.len()..TEXT.len())).start_line, 2);
        assert_eq!(Offsets::new("", OffsetUnit::Utf8).range(&(0..0)), TextRange::default());
    }
}
