//! The alpha-numeric HCPCS file of CMS: records of 320 columns, windows-1252.
//!
//! Lines of disclaimers may come first. Then a code has a first line, whose columns 294 to 320 may be missing, and
//! continuation lines, which may end after the description in column 91. Fields are in [`super::hcpcs_lines`].
//!
//! Source: record layout of the contractor file (`HCPCS2019_recordlayout.txt`) and `HCPCyyyy_*_ANWEB.txt` of 2019.

use super::{
    ImportError, Place,
    hcpcs_lines::{Assembler, Field, LAYOUT, Owner, decoded},
};

pub use super::hcpcs_lines::HcpcsFile;

/// Columns of a whole record.
const RECORD_WIDTH: usize = 320;
/// The last column of a first line that is not a filler.
const FIRST_LINE_WIDTH: usize = 293;
/// Columns of code, sequence number and record identification.
const KEY_WIDTH: usize = 11;
/// Disclaimers before the first record never had this many lines.
const MOST_DISCLAIMER_LINES: usize = 200;

/// Whether a file that begins like this is in the format: a record is among its first lines.
pub fn recognises(head: &str) -> bool {
    let mut lines = head.lines().take(MOST_DISCLAIMER_LINES);
    // An end that was cut off does not matter: a record is told by its first columns and its width.
    lines.any(|line| is_record(line) && line.chars().count() > KEY_WIDTH + 80)
}

/// Reads the file. Records keep their order, the pieces of a long description are joined by one blank.
///
/// # Errors
/// After the first record a line is no record, a first line ends before column 293, a code stands twice, a continuation
/// line does not follow its first line, a date or a number is none, or there is no record.
pub fn read(bytes: &[u8], file: &str) -> Result<HcpcsFile, ImportError> {
    let text = decoded(bytes);
    let mut assembler = Assembler::new(file, true);
    for (number, line) in (1_u64..).zip(text.lines()) {
        let refuse = |problem: &str| ImportError::new(file, Place::Line(number), problem);
        if !is_record(line) {
            if assembler.is_empty() || line.trim().is_empty() {
                continue;
            }
            return Err(refuse(
                "the line does not begin with a code, a sequence number and 3, 4, 7 or 8",
            ));
        }
        let line = Line::new(line);
        let is_first = matches!(line.value(Field::Kind, 0), "3" | "7");
        if is_first && line.width() < FIRST_LINE_WIDTH {
            return Err(refuse("the first line of a record ends before column 293"));
        }
        if line.width() > RECORD_WIDTH {
            return Err(refuse("the line has more than 320 columns"));
        }
        assembler.add(number, &|field, at| line.value(field, at))?;
    }
    assembler.finish()
}

/// Whether a line begins with a code or, in columns 4 and 5, a modifier; then five digits; then 3, 4, 7 or 8.
fn is_record(line: &str) -> bool {
    let Some((code, rest)) = line.split_at_checked(5) else { return false };
    let is_code = Owner::of(code.strip_prefix("   ").unwrap_or(code)) != Owner::Nobody
        // A letter that is not in use yet: the reader says so, where skipping the line would lose a code.
        || code.bytes().enumerate().all(|(at, byte)| match at {
            0 => byte.is_ascii_uppercase(),
            _ => byte.is_ascii_digit(),
        });
    let mut rest = rest.bytes();
    let has_sequence = rest.by_ref().take(5).filter(u8::is_ascii_digit).count() == 5;
    is_code && has_sequence && matches!(rest.next(), Some(b'3' | b'4' | b'7' | b'8'))
}

/// A line that is cut by columns.
struct Line<'l> {
    text: &'l str,
    /// The byte at which each column begins; empty in an ASCII line, where columns are bytes.
    starts: Vec<usize>,
}

impl<'l> Line<'l> {
    fn new(text: &'l str) -> Self {
        let starts = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().map(|(start, _)| start).collect()
        };
        Self { text, starts }
    }

    fn width(&self) -> usize {
        if self.starts.is_empty() { self.text.len() } else { self.starts.len() }
    }

    /// `width` columns after the first `skipped`; what lies beyond the end of the line is missing.
    fn columns(&self, skipped: usize, width: usize) -> &str {
        let end = self.text.len();
        let byte = |column: usize| {
            if self.starts.is_empty() {
                column.min(end)
            } else {
                self.starts.get(column).copied().unwrap_or(end)
            }
        };
        self.text.get(byte(skipped)..byte(skipped + width)).unwrap_or_default()
    }

    fn value(&self, field: Field, at: usize) -> &str {
        let layout = LAYOUT.iter().find(|layout| layout.field == field);
        layout.map_or("", |layout| self.columns(layout.first - 1 + at * layout.width, layout.width))
    }
}

#[cfg(test)]
mod tests;
