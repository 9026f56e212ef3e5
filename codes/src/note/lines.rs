//! Lines of a text. Ends are `\n`, `\r\n` and `\r`, as editors count them.

use std::ops::Range;

/// One line, without its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// First byte.
    pub(super) start: usize,
    /// Byte behind the last one, before the line end.
    pub(super) end: usize,
    /// First byte of the line that follows.
    pub(super) next: usize,
    /// The line holds an ASCII digit or a character outside ASCII: without either it holds no code.
    pub(super) may_hold_code: bool,
}

/// Bytes of a line that are looked at together.
const STEP: usize = 16;

/// Longer lines, in characters, are not read: they are data, not text.
const LONGEST: usize = 20_000;

impl Line {
    /// The bytes of the line.
    pub(super) fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// Whether the line is too long to be read.
    pub(super) fn is_long(self, text: &str) -> bool {
        self.end - self.start > LONGEST && self.text(text).chars().nth(LONGEST).is_some()
    }

    /// The text of the line.
    pub(super) fn text(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }
}

/// The lines that begin in `range`, which begins at a line's start.
pub(super) fn lines(text: &str, range: Range<usize>) -> impl Iterator<Item = Line> + '_ {
    let mut start = range.start;
    std::iter::from_fn(move || {
        if start >= range.end.min(text.len()) {
            return None;
        }
        let line = line_at(text, start);
        start = line.next;
        Some(line)
    })
}

/// The line that begins at `start`.
pub(super) fn line_at(text: &str, start: usize) -> Line {
    let bytes = text.as_bytes();
    let mut may_hold_code = false;
    let mut end = start;
    // Many bytes at once, none of which ends the line.
    for chunk in bytes.get(start..).unwrap_or_default().chunks_exact(STEP) {
        let ends = chunk.iter().fold(false, |any, it| any | matches!(it, b'\n' | b'\r'));
        if ends {
            break;
        }
        let holds = chunk.iter().fold(false, |any, it| any | matches!(it, b'0'..=b'9' | 0x80..));
        may_hold_code |= holds;
        end += STEP;
    }
    while let Some(byte) = bytes.get(end) {
        match byte {
            b'\n' | b'\r' => break,
            b'0'..=b'9' | 0x80.. => may_hold_code = true,
            _ => {}
        }
        end += 1;
    }
    let width = match bytes.get(end..) {
        Some([b'\r', b'\n', ..]) => 2,
        Some([_, ..]) => 1,
        _ => 0,
    };
    Line { start, end, next: end + width, may_hold_code }
}

/// Where the line that holds `offset` begins.
pub(super) fn start_of_line(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    text.as_bytes()[..offset]
        .iter()
        .rposition(|byte| matches!(byte, b'\n' | b'\r'))
        .map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_every_kind_of_line_end() {
        let text = "a\r\nb\rc\n\nd1";
        let found: Vec<&str> = lines(text, 0..text.len()).map(|line| line.text(text)).collect();
        assert_eq!(found, ["a", "b", "c", "", "d1"]);
        assert!(lines("", 0..0).next().is_none());
        assert_eq!(lines("a\n", 0..2).count(), 1);
    }

    #[test]
    fn tells_lines_that_cannot_hold_a_code() {
        assert!(!line_at("pain\nE11", 0).may_hold_code);
        assert!(line_at("pain\nE11", 5).may_hold_code);
        assert!(line_at("\u{FF11}", 0).may_hold_code);
    }

    #[test]
    fn finds_the_start_of_a_line() {
        assert_eq!(start_of_line("ab\r\ncd", 5), 4);
        assert_eq!(start_of_line("ab", 99), 0);
    }
}
