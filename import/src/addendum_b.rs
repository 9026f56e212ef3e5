//! Addendum B of Medicare's outpatient payment system: HCPCS Level II codes in use in a quarter, with their status.
//!
//! The tables also hold CPT and CDT codes, whose wording is licensed. **Only rows with a Level II code are taken**;
//! rows of the others are dropped and counted, and no error message shows any of a row.
//!
//! Presence shows that a code was in use in the quarter. Absence shows nothing: not every Level II code is in here.
//!
//! Sources: CMS's own table, a title and notices over several rows, then headings (`HCPCS Code`, `Short Descriptor`,
//! `SI`, `APC`, …); and tables reduced to `code,short_descriptor,status_indicator,source_quarter`. Some of the latter
//! are cumulative: a row whose `source_quarter` is another quarter is not counted as in use.

use std::collections::HashSet;

use jiff::civil::{Date, date};
use medcode_codes::{code::CodeKey, system::hcpcs};

use super::{
    ImportError, Place,
    csv_rows::{CsvRows, first_rows, heading},
    hcpcs_lines::{Owner, squeezed},
    rows::AddendumBRow,
};

/// What is taken of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddendumB {
    /// The Level II codes of the quarter, in the order of the table.
    pub rows: Vec<AddendumBRow>,
    /// Rows of CPT and CDT codes. They were dropped while the table was read.
    pub dropped: usize,
    /// Level II rows that a cumulative table carries on from other quarters.
    pub of_other_quarters: usize,
}

/// Whether a file that begins like this is a CSV or a tab-separated table of the format.
pub fn recognises(head: &str) -> bool {
    recognises_rows(&first_rows(head))
}

/// Whether a table with these first rows is in the format: one of them holds the headings.
pub fn recognises_rows(rows: &[Vec<String>]) -> bool {
    rows.iter().any(|row| Columns::of(row).is_some())
}

/// The quarter that the name or the title of a table tells: `October 2025`, `2025 October` and `2025-10` begin on
/// 2025-10-01. `None` where it tells none or more than one.
pub fn quarter_in(text: &str) -> Option<Date> {
    const MONTHS: [(&str, i8); 4] = [("january", 1), ("april", 4), ("july", 7), ("october", 10)];
    let text = text.to_ascii_lowercase();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let year = |word: &str| {
        let year: i16 = word.parse().ok().filter(|_| word.len() == 4)?;
        (2000..2100).contains(&year).then_some(year)
    };
    let named = |word: &str| MONTHS.iter().find(|month| month.0 == word).map(|month| month.1);
    let numbered = |word: &str| {
        let month: i8 = word.parse().ok().filter(|_| word.len() == 2)?;
        MONTHS.iter().any(|known| known.1 == month).then_some(month)
    };
    let mut found = words.windows(2).filter_map(|pair| {
        let [first, second] = pair else { return None };
        let (year, month) = match (year(first), year(second)) {
            (Some(year), None) => (year, named(second).or_else(|| numbered(second))?),
            (None, Some(year)) => (year, named(first)?),
            _ => return None,
        };
        Some(date(year, month, 1))
    });
    let quarter = found.next()?;
    found.all(|other| other == quarter).then_some(quarter)
}

/// Reads a CSV or tab-separated table of the quarter that begins on `quarter`, UTF-8 or windows-1252.
///
/// # Errors
/// As [`read_rows`], or a line cannot be read.
pub fn read_csv(bytes: &[u8], quarter: Date, file: &str) -> Result<AddendumB, ImportError> {
    let mut reader = AddendumReader::new(quarter, file);
    let mut rows = CsvRows::new(bytes, file);
    while let Some((line, row)) = rows.next_row()? {
        reader.add(line, &row)?;
    }
    reader.finish()
}

/// Reads the rows of one sheet, each with its line.
///
/// # Errors
/// As [`AddendumReader::add`] and [`AddendumReader::finish`].
pub fn read_rows(
    rows: impl Iterator<Item = (u64, Vec<String>)>,
    quarter: Date,
    file: &str,
) -> Result<AddendumB, ImportError> {
    let mut reader = AddendumReader::new(quarter, file);
    for (line, row) in rows {
        reader.add(line, &row)?;
    }
    reader.finish()
}

/// Takes the rows of one sheet one by one.
#[derive(Debug)]
pub struct AddendumReader<'f> {
    file: &'f str,
    quarter: Date,
    columns: Option<Columns>,
    read: AddendumB,
    seen: HashSet<CodeKey>,
}

impl<'f> AddendumReader<'f> {
    /// A reader for the table of the quarter that begins on `quarter`. `file` is the name for errors.
    pub fn new(quarter: Date, file: &'f str) -> Self {
        Self { file, quarter, columns: None, read: AddendumB::default(), seen: HashSet::new() }
    }

    /// Takes the next row; `line` counts from 1. Rows without a code, such as notices, are passed over.
    ///
    /// # Errors
    /// A Level II row has no descriptor or no well-formed status, its code stands twice, or its first letter is not in
    /// use.
    pub fn add(&mut self, line: u64, cells: &[String]) -> Result<(), ImportError> {
        let Some(columns) = &self.columns else {
            self.columns = Columns::of(cells);
            return Ok(());
        };
        let cell = |column: usize| cells.get(column).map_or("", |cell| cell.trim());
        let code = match Owner::of(cell(columns.code)) {
            Owner::LevelTwo(code) if hcpcs::has_shape(&code.text()) => code,
            Owner::Licensed => {
                self.read.dropped += 1;
                return Ok(());
            }
            Owner::LevelTwo(_) | Owner::Nobody => {
                return if is_code_of_new_letter(cell(columns.code)) {
                    let problem = "the first letter is not in use in Level II";
                    Err(ImportError::new(self.file, Place::Line(line), problem))
                } else {
                    Ok(())
                };
            }
        };
        if columns.quarter.is_some_and(|column| !is_quarter(cell(column), self.quarter)) {
            self.read.of_other_quarters += 1;
            return Ok(());
        }
        let refuse = |problem: &str| ImportError::new(self.file, Place::Line(line), problem);
        let short = squeezed(cell(columns.descriptor));
        if short.is_empty() {
            return Err(refuse("the short descriptor is empty"));
        }
        let status = cell(columns.status).to_owned();
        if !is_status(&status) {
            return Err(refuse("the status indicator is not a letter, or a letter and a digit"));
        }
        if !self.seen.insert(code) {
            return Err(refuse(&format!("{code} stands twice")));
        }
        self.read.rows.push(AddendumBRow { code, short, status, quarter: self.quarter });
        Ok(())
    }

    /// What was taken, once every row has come.
    ///
    /// # Errors
    /// There were no headings, or no Level II row of the quarter.
    pub fn finish(self) -> Result<AddendumB, ImportError> {
        let problem = match (&self.columns, self.read.rows.is_empty()) {
            (None, _) => {
                "no row has the headings of a code, a short descriptor and a status indicator"
            }
            (Some(_), true) if self.read.of_other_quarters > 0 => {
                "every Level II row is of another quarter"
            }
            (Some(_), true) => "the table holds no Level II code",
            (Some(_), false) => return Ok(self.read),
        };
        Err(ImportError::new(self.file, Place::File, problem))
    }
}

/// Where the fields stand.
#[derive(Clone, Copy, Debug)]
struct Columns {
    code: usize,
    descriptor: usize,
    status: usize,
    quarter: Option<usize>,
}

impl Columns {
    fn of(row: &[String]) -> Option<Self> {
        let headings: Vec<String> = row.iter().map(|cell| heading(cell)).collect();
        let find =
            |names: &[&str]| headings.iter().position(|known| names.contains(&known.as_str()));
        Some(Self {
            code: find(&["hcpcscode", "hcpcs", "code"])?,
            descriptor: find(&["shortdescriptor", "shortdescription"])?,
            status: find(&["si", "statusindicator"])?,
            quarter: find(&["sourcequarter", "quarter"]),
        })
    }
}

/// Whether `text` names the quarter: `2021-10`.
fn is_quarter(text: &str, quarter: Date) -> bool {
    text == format!("{:04}-{:02}", quarter.year(), quarter.month())
}

/// `N`, `E1`; blank where the table has none.
fn is_status(text: &str) -> bool {
    match text.as_bytes() {
        [] => true,
        [letter] => letter.is_ascii_uppercase(),
        [letter, digit] => letter.is_ascii_uppercase() && digit.is_ascii_digit(),
        _ => false,
    }
}

/// A letter and four digits, but none of the letters in use.
fn is_code_of_new_letter(text: &str) -> bool {
    let rest = text.strip_prefix(|c: char| c.is_ascii_uppercase());
    rest.is_some_and(|rest| rest.len() == 4 && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests;
