//! Where the lines of a text begin, patched rather than rebuilt after an edit.

use std::ops::Range;

/// The lines of one text. `\n`, `\r\n` and `\r` end a line; the last line has no end and may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LineTable {
    lines: Vec<Line>,
}

/// One line, its terminator included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Line {
    /// Byte offset of its first character.
    start: usize,
    /// All its bytes are ASCII, so that columns are bytes in every encoding.
    ascii: bool,
}

impl LineTable {
    /// The table of `text`.
    pub(crate) fn new(text: &str) -> Self {
        let mut lines = Vec::with_capacity(text.len() / 32 + 1);
        scan(text, 0..text.len(), Rest::Nothing, &mut lines);
        Self { lines }
    }

    /// Follows an edit. `text` is the text after the edit, `replaced` the bytes of the text before it that went, and
    /// `inserted` the number of bytes that came in their place.
    pub(crate) fn patch(&mut self, text: &str, replaced: &Range<usize>, inserted: usize) {
        // A line that ends in `\r` takes in a `\n` that the edit puts behind it: begin one line earlier.
        let first = self.line_of(replaced.start).saturating_sub(1);
        let last = self.line_of(replaced.end);
        let begin = self.lines[first].start;
        let removed = replaced.len();
        let (end, rest) = match self.lines.get(last + 1) {
            Some(next) => (next.start + inserted - removed, Rest::Lines),
            None => (text.len(), Rest::Nothing),
        };
        let mut fresh = Vec::new();
        scan(text, begin..end, rest, &mut fresh);
        for line in &mut self.lines[last + 1..] {
            line.start = line.start + inserted - removed;
        }
        self.lines.splice(first..=last, fresh);
    }

    /// The line that holds the byte at `offset`; the last one for the end of the text and beyond.
    pub(crate) fn line_of(&self, offset: usize) -> usize {
        self.lines.partition_point(|line| line.start <= offset).saturating_sub(1)
    }

    /// The offset of the first byte of a line; that of the last line for lines that do not exist.
    pub(crate) fn start(&self, line: usize) -> usize {
        self.lines.get(line).or(self.lines.last()).map_or(0, |line| line.start)
    }

    /// The bytes of a line without its terminator. `None` when there is no such line.
    pub(crate) fn content(&self, text: &str, line: usize) -> Option<Range<usize>> {
        let start = self.lines.get(line)?.start;
        let end = self.lines.get(line + 1).map_or(text.len(), |next| next.start);
        let content = text[start..end].trim_end_matches(['\r', '\n']);
        // A line holds one terminator; a lone `\r` before `\r\n` would be a line of its own.
        Some(start..start + content.len())
    }

    /// Whether all characters of a line are ASCII.
    pub(crate) fn is_ascii(&self, line: usize) -> bool {
        self.lines.get(line).is_some_and(|line| line.ascii)
    }
}

/// What stands behind a scanned region.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    /// Lines that the edit left alone; the region ends with a terminator.
    Lines,
    /// The end of the text.
    Nothing,
}

/// Appends the lines that begin in `region`, which must begin at a line.
fn scan(text: &str, region: Range<usize>, rest: Rest, lines: &mut Vec<Line>) {
    let bytes = text.as_bytes();
    let mut line = Line { start: region.start, ascii: true };
    let mut at = region.start;
    while at < region.end {
        let byte = bytes[at];
        at += 1;
        line.ascii &= byte.is_ascii();
        if byte == b'\n' || byte == b'\r' {
            if byte == b'\r' && bytes.get(at) == Some(&b'\n') {
                at += 1;
            }
            lines.push(line);
            line = Line { start: at, ascii: true };
        }
    }
    // What follows the last terminator is the last line of the text, even when it is empty.
    if rest == Rest::Nothing {
        lines.push(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn knows_all_three_terminators() {
        let text = "a\nb\r\nc\rd";
        let table = LineTable::new(text);
        let contents: Vec<_> =
            (0..5).map(|line| table.content(text, line).map(|range| &text[range])).collect();
        assert_eq!(contents, [Some("a"), Some("b"), Some("c"), Some("d"), None]);
    }

    #[test]
    fn ends_with_an_empty_line_after_a_terminator() {
        assert_eq!(LineTable::new("a\n").content("a\n", 1), Some(2..2));
        assert_eq!(LineTable::new("").content("", 0), Some(0..0));
    }

    #[test]
    fn joins_a_return_with_a_newline_that_arrives_later() {
        let mut table = LineTable::new("a\rb");
        table.patch("a\r\nb", &(2..2), 1);
        assert_eq!(table, LineTable::new("a\r\nb"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn a_patched_table_equals_a_new_one(
            text in "[aé😀\r\n]{0,20}", from in 0_usize..21, to in 0_usize..21, insert in "[bü\r\n]{0,6}",
        ) {
            let border = |index: usize| text.char_indices().map(|(at, _)| at).nth(index).unwrap_or(text.len());
            let replaced = border(from.min(to))..border(from.max(to));
            let mut table = LineTable::new(&text);
            let after = format!("{}{}{}", &text[..replaced.start], insert, &text[replaced.end..]);
            table.patch(&after, &replaced, insert.len());
            prop_assert_eq!(table, LineTable::new(&after));
        }
    }
}
