//! Rows of text files.

use crate::{ImportError, Place};

use super::{RowBuffer, SheetRow};

const TOO_MANY: &str = "the row has more than 1,024 cells";

/// Calls `each` with every row.
pub(super) fn for_each_row(
    bytes: &[u8],
    separator: u8,
    file: &str,
    each: &mut dyn FnMut(SheetRow<'_>) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(bytes);
    let mut record = csv::ByteRecord::new();
    let mut row = RowBuffer::default();
    let mut lines = LineCounter { bytes, at: 0, line: 1 };
    loop {
        let line = lines.next_row(reader.position().byte());
        let refuse = |problem: &str| ImportError::new(file, Place::Line(line), problem);
        if !reader.read_byte_record(&mut record).map_err(|_| refuse("the line cannot be read"))? {
            return Ok(());
        }
        row.start();
        for (column, field) in record.iter().enumerate() {
            let cell = row.cell(column).ok_or_else(|| refuse(TOO_MANY))?;
            match std::str::from_utf8(field) {
                Ok(text) => cell.push_str(text),
                Err(_) => cell.push_str(&encoding_rs::WINDOWS_1252.decode(field).0),
            }
            if let Some(problem) = RowBuffer::too_long(cell) {
                return Err(refuse(problem));
            }
        }
        let cells = row.cells();
        if !cells.is_empty() {
            each(SheetRow { sheet: "", line, cells })?;
        }
    }
}

/// Counts physical lines. The reader's own count is one short after CRLF and does not know empty lines.
struct LineCounter<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl LineCounter<'_> {
    /// The line of the row that the reader finds from byte `from` on.
    fn next_row(&mut self, from: u64) -> u64 {
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let rest = self.bytes.get(from..).unwrap_or_default();
        let breaks = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let start = from.saturating_add(breaks);
        let passed = self.bytes.get(self.at..start).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
        self.at = start;
        self.line
    }
}
