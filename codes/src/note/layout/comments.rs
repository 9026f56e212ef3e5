//! HTML comments, outside inline code.

use std::ops::Range;

use memchr::memmem;

/// Finds comments line by line, in text order.
pub(super) struct Comments<'t> {
    text: &'t str,
    found: Vec<Range<usize>>,
    /// The next `<!--` and `-->`, once looked for: a text is searched through once, not once for each line.
    next_opening: Option<usize>,
    next_closing: Option<usize>,
}

impl<'t> Comments<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, found: Vec::new(), next_opening: None, next_closing: None }
    }

    /// Where the last comment found so far ends.
    pub(super) fn end(&self) -> usize {
        self.found.last().map_or(0, |last| last.end)
    }

    /// The comments, in text order.
    pub(super) fn into_ranges(self) -> Vec<Range<usize>> {
        self.found
    }

    /// Finds the comments that begin in `line`. One that is never closed ends with its line; `only_here`, one must end
    /// in the line.
    pub(super) fn read(&mut self, line: Range<usize>, only_here: bool) {
        let mut from = line.start.max(self.end());
        let mut counted = from;
        let mut in_code = false;
        while from < line.end {
            let opening = next(self.text, &mut self.next_opening, "<!--", from);
            if opening >= line.end {
                return;
            }
            let before = self.text.get(counted..opening).unwrap_or_default();
            in_code ^= before.bytes().filter(|byte| *byte == b'`').count() % 2 == 1;
            counted = opening;
            from = opening + "<!--".len();
            if in_code {
                continue;
            }
            let closing = next(self.text, &mut self.next_closing, "-->", from);
            let closed = closing < self.text.len() && (!only_here || closing < line.end);
            let end = if closed { closing + "-->".len() } else { line.end };
            self.found.push(opening..end);
            from = end;
            counted = end;
        }
    }
}

/// Where `wanted` stands next, at or behind `from`; the length of the text if nowhere.
fn next(text: &str, known: &mut Option<usize>, wanted: &str, from: usize) -> usize {
    match *known {
        Some(at) if at >= from => at,
        _ => {
            let rest = text.as_bytes().get(from..).unwrap_or_default();
            let at = memmem::find(rest, wanted.as_bytes()).map_or(text.len(), |at| from + at);
            *known = Some(at);
            at
        }
    }
}
