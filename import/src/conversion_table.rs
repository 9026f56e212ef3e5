//! The yearly conversion table of ICD-10-CM: which code was assigned before a new one existed.
//!
//! A row of prose, a header, then one row for each new code of any year: the code, when it became effective (a year,
//! which means October 1, or a spreadsheet's number of a day), and what was coded before. That is a code in nine of
//! ten rows; the others hold `None`, ranges, lists and phrases, which [`previous`] reads. What it cannot read is listed
//! by line and never guessed.
//!
//! Source: the table of NCHS for FY2026, which is cumulative since 2016.

use jiff::{
    Span,
    civil::{Date, date},
};
use medcode_codes::{code::CodeKey, date::parse_iso};

use super::{ImportError, Place, rows::ConversionRow};

mod previous;

pub use previous::Previous;

/// The header stands in one of the first rows.
const HEADER_WITHIN: usize = 20;

/// A new code and what was coded before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversionTableRow {
    /// The line or row of the sheet.
    pub line: u64,
    /// The new code.
    pub to: CodeKey,
    /// Its first day.
    pub effective: Date,
    /// What was coded before, as alternatives. Empty where the table says `None`.
    pub previous: Vec<Previous>,
}

impl ConversionTableRow {
    /// The codes that were assigned before, sorted: see [`expand`].
    pub fn previous_codes(&self, codes: &[CodeKey]) -> Vec<CodeKey> {
        let mut found = Vec::new();
        self.previous.iter().for_each(|previous| previous.codes(codes, &mut found));
        found.retain(|code| *code != self.to);
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConversionTable {
    /// The rows that were read, in order.
    pub rows: Vec<ConversionTableRow>,
    /// Lines of rows that could not be read.
    pub unread: Vec<u64>,
}

/// The columns of code, day and previous codes.
type Columns = (usize, usize, usize);

/// Whether the first rows of a sheet are those of a conversion table.
pub fn recognises_rows(rows: &[Vec<String>]) -> bool {
    rows.iter().take(HEADER_WITHIN).any(|cells| header(cells).is_some())
}

/// Reads the rows of a sheet, each with its line. Rows without text are passed over.
///
/// # Errors
/// None of the first rows is the header, or no row behind it can be read.
pub fn read(
    rows: impl IntoIterator<Item = (u64, Vec<String>)>,
    file: &str,
) -> Result<ConversionTable, ImportError> {
    let refuse = |problem: &str| ImportError::new(file, Place::File, problem);
    let mut rows = rows.into_iter();
    let columns = rows.by_ref().take(HEADER_WITHIN).find_map(|(_, cells)| header(&cells));
    let columns = columns.ok_or_else(|| refuse("no header names current and previous codes"))?;
    let mut table = ConversionTable::default();
    for (line, cells) in rows {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        match row(line, &cells, columns) {
            Some(row) => table.rows.push(row),
            None => table.unread.push(line),
        }
    }
    if table.rows.is_empty() { Err(refuse("no row can be read")) } else { Ok(table) }
}

/// Pairs of codes, sorted, each once.
///
/// Ranges and headers become the codes that `codes`, the sorted codes of the release before, has there. A single code
/// that it does not have is kept as written. The table is cumulative: give it the rows of one effective date at a time
/// and the codes of the day before. A row does not say that the previous code has ended.
pub fn expand<'r>(
    rows: impl IntoIterator<Item = &'r ConversionTableRow>,
    codes: &[CodeKey],
) -> Vec<ConversionRow> {
    let pairs = rows.into_iter().flat_map(|row| {
        let (to, effective) = (row.to, row.effective);
        let previous = row.previous_codes(codes).into_iter();
        previous.map(move |from| ConversionRow { from, to, effective })
    });
    let mut pairs: Vec<_> = pairs.collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

fn header(cells: &[String]) -> Option<Columns> {
    let column = |words: &str| {
        let begins = |cell: &String| cell.trim().to_ascii_lowercase().starts_with(words);
        cells.iter().position(begins)
    };
    Some((column("current code")?, column("effective")?, column("previous code")?))
}

fn row(
    line: u64,
    cells: &[String],
    (to, effective, previous): Columns,
) -> Option<ConversionTableRow> {
    let cell = |column: usize| cells.get(column).map_or("", |cell| cell.trim());
    Some(ConversionTableRow {
        line,
        to: previous::code(cell(to))?,
        effective: first_day(cell(effective))?,
        previous: previous::parse(cell(previous))?,
    })
}

/// The day that a cell means: October 1 of a year, the day of a spreadsheet's number, or a day as written.
fn first_day(text: &str) -> Option<Date> {
    if let Ok(day) = parse_iso(text.split(['T', ' ']).next()?) {
        return Some(day);
    }
    let text = text.strip_suffix(".0").unwrap_or(text);
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match text.parse().ok()? {
        year @ 2015..=2099_i32 => Date::new(i16::try_from(year).ok()?, 10, 1).ok(),
        // From 2015 to 2099. Days are counted from the day before December 31 of 1899.
        day @ 42_005..=73_050 => {
            date(1899, 12, 30).checked_add(Span::new().try_days(day).ok()?).ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
