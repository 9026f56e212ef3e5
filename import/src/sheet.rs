//! Tables that people keep in spreadsheets: comma-separated, tab-separated and xlsx files, row by row.
//!
//! Rows stream: neither the file's text nor a sheet is held a second time. Rows without any text are left out, and so
//! are empty cells at the end of a row. A cell keeps its line breaks and its outer blanks.

use jiff::{Span, civil};
use medcode_codes::date::Date;

use super::{ImportError, Place};

mod delimited;
mod workbook;

/// Cells of the longest row that is taken; the widest official table has about fifty.
const MOST_CELLS: usize = 1024;
/// Characters of the longest text that a spreadsheet can hold in a cell.
const LONGEST_CELL: usize = 32_767;
/// How much of a file decides about its separator.
const HEAD: usize = 64 << 10;

/// How the rows of a table are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SheetFormat {
    /// Cells separated by commas; quoted cells may hold commas and line breaks.
    Comma,
    /// The same with tabs.
    Tab,
    /// An Office Open XML workbook.
    Xlsx,
}

/// A row that has text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SheetRow<'a> {
    /// The name of the sheet; empty in text files, which have only one.
    pub sheet: &'a str,
    /// The line in which the row begins, or the row's number in its sheet. From 1.
    pub line: u64,
    /// The cells up to the last one that has text. Numbers are written without `.0`, and dates of a workbook are
    /// serial numbers: see [`excel_day`].
    pub cells: &'a [String],
}

impl SheetRow<'_> {
    /// The text of a cell without outer blanks; empty where the row is shorter.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map(|cell| cell.trim()).unwrap_or_default()
    }
}

/// How the table in `bytes` is written. `None` when it is no table: a workbook of another format, another binary
/// file, or text without tabs and commas.
pub fn format_of(bytes: &[u8]) -> Option<SheetFormat> {
    if bytes.starts_with(b"PK\x03\x04") {
        return workbook::is_workbook(bytes).then_some(SheetFormat::Xlsx);
    }
    let head = &bytes[..bytes.len().min(HEAD)];
    if head.contains(&0) {
        return None;
    }
    // The lines of a table have the same number of separators, those of prose do not.
    let (tabs, commas) = (agreeing_lines(head, b'\t'), agreeing_lines(head, b','));
    match (tabs, commas) {
        (0, 0) => None,
        _ if tabs >= commas => Some(SheetFormat::Tab),
        _ => Some(SheetFormat::Comma),
    }
}

/// How many lines have the number of separators that most lines with any have.
fn agreeing_lines(head: &[u8], separator: u8) -> usize {
    let mut lines_with = std::collections::BTreeMap::<usize, usize>::new();
    for line in head.split(|byte| *byte == b'\n') {
        let count = memchr::memchr_iter(separator, line).count();
        if count > 0 {
            *lines_with.entry(count).or_default() += 1;
        }
    }
    lines_with.into_values().max().unwrap_or_default()
}

/// Calls `each` with every row of a table, sheet by sheet. `file` names it in errors.
///
/// Text is UTF-8, with or without byte order mark; a cell that is not is read as windows-1252.
///
/// # Errors
/// The first error of `each`; a row of more than 1,024 cells or a cell of more than 32,767 characters, which is what
/// a quote that is not closed looks like. In a workbook also: a part is missing, encrypted, broken or no well-formed
/// XML; a cell is of a kind that no version of Excel writes; days are counted from 1904; or the parts unpack to more
/// than 512 MB, or to more than 200 times the size of the file once over 16 MB. Rows before an error were delivered.
pub fn for_each_row(
    bytes: &[u8],
    format: SheetFormat,
    file: &str,
    each: &mut dyn FnMut(SheetRow<'_>) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    match format {
        SheetFormat::Comma => delimited::for_each_row(bytes, b',', file, each),
        SheetFormat::Tab => delimited::for_each_row(bytes, b'\t', file, each),
        SheetFormat::Xlsx => workbook::for_each_row(bytes, file, each),
    }
}

/// The first rows of a table, at most `most`, for recognising it. Empty when they cannot be read.
pub fn first_rows(bytes: &[u8], format: SheetFormat, most: usize) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    // The error only ends the reading early.
    let _ = for_each_row(bytes, format, "", &mut |row| {
        if rows.len() == most {
            return Err(ImportError::new("", Place::File, "enough"));
        }
        rows.push(row.cells.to_vec());
        Ok(())
    });
    rows
}

/// The day that a workbook means by a serial number: 43922 is 2020-04-01.
///
/// `None` for 0, for 60, which is February 29 of 1900 in workbooks and nowhere else, and after the year 9999.
pub fn excel_day(serial: u32) -> Option<Date> {
    let before = match serial {
        1..=59 => civil::date(1899, 12, 31),
        61.. => civil::date(1899, 12, 30),
        _ => return None,
    };
    before.checked_add(Span::new().try_days(serial).ok()?).ok()
}

/// The cells of one row, whose memory is used again for the next.
#[derive(Debug, Default)]
struct RowBuffer {
    cells: Vec<String>,
    used: usize,
}

impl RowBuffer {
    /// Forgets the row before.
    fn start(&mut self) {
        self.used = 0;
    }

    /// The cell at `column`, emptied, to be written to. `None` when the row becomes too long.
    fn cell(&mut self, column: usize) -> Option<&mut String> {
        if column >= MOST_CELLS {
            return None;
        }
        let length = self.cells.len().max(column + 1);
        self.cells.resize_with(length, String::new);
        for cell in self.cells.iter_mut().take(column).skip(self.used) {
            cell.clear();
        }
        self.used = self.used.max(column + 1);
        let cell = self.cells.get_mut(column)?;
        cell.clear();
        Some(cell)
    }

    /// The cells up to the last one that has text.
    fn cells(&self) -> &[String] {
        let cells = self.cells.get(..self.used).unwrap_or_default();
        let length = cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |at| at + 1);
        cells.get(..length).unwrap_or_default()
    }

    /// What is wrong with the length of a cell.
    fn too_long(cell: &str) -> Option<&'static str> {
        (cell.len() > LONGEST_CELL && cell.chars().count() > LONGEST_CELL).then_some(
            "a cell from here on is longer than a spreadsheet can hold: is a quote not closed?",
        )
    }
}

#[cfg(test)]
mod tests;
