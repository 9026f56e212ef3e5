//! Add-on code edits of the National Correct Coding Initiative (NCCI).
//!
//! Source: `AOC_V2026Q2-MCR.xlsx` or `.txt` of CMS: a notice, a header (`AOC_Edit_Type`, `Add-On_Code`, `AOC_DelDT`,
//! `Primary_Code`, `Primary_Code_DelDT`, `AOC_Edit_EffDT`, `AOC_Edit_DelDT`, `Special_Instruction_Notes`), then the
//! rows. Days are written as year and day of the year: 2026091 is 2026-04-01. The primary code `CCCCC` stands for
//! "the contractor decides".

use std::collections::HashSet;

use jiff::{Span, civil};
use medcode_codes::{
    date::Date,
    edits::add_on::{AddOnEdit, AddOnType},
};

use super::{
    ImportError, Place,
    edit_table::{
        PassedOver, Taken, code, column, file_name, has_header, heading, is_dental, quarter_start,
        read_table, squeezed,
    },
    sheet::{SheetFormat, SheetRow},
};

/// What stands for a primary code that the contractor decides on.
const CONTRACTOR: &str = "CCCCC";

/// The edits of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddOnFile {
    /// The edits in the order of the file, each once.
    pub rows: Vec<AddOnEdit>,
    /// First day of the quarter of the release, where the file name tells it. The rows have dates of their own.
    pub quarter: Option<Date>,
    /// What was not taken.
    pub passed_over: PassedOver,
}

/// Reads a file.
///
/// # Errors
/// The table has no header, or its columns are others; a row below the header is broken.
pub fn read(bytes: &[u8], format: SheetFormat, file: &str) -> Result<AddOnFile, ImportError> {
    let mut rows = Vec::new();
    // Other sheets of a workbook may repeat rows as news of the quarter.
    let mut seen = HashSet::new();
    let passed_over = read_table(bytes, format, file, find_header, |header, row| {
        let edit = take(header, row)?;
        if is_dental(edit.add_on) || edit.primary.is_some_and(is_dental) {
            return Ok(Taken::Dental);
        }
        if seen.insert(edit.clone()) {
            rows.push(edit);
        }
        Ok(Taken::Row)
    })?;
    if rows.is_empty() {
        return Err(ImportError::new(file, Place::File, "no edit stands in the table"));
    }
    Ok(AddOnFile { rows, quarter: release_of(file), passed_over })
}

fn take(header: &mut Header, row: &SheetRow<'_>) -> Result<AddOnEdit, String> {
    let add_on = code(row.cell(header.add_on)).ok_or("the row has no add-on code")?;
    let broken = |what: &str| format!("{add_on}: {what}");
    let kind = match row.cell(header.kind) {
        "1" => AddOnType::Closed,
        "2" => AddOnType::Contractor,
        "3" => AddOnType::Partial,
        _ => return Err(broken("the type is not 1, 2 or 3")),
    };
    let primary = match row.cell(header.primary) {
        CONTRACTOR => None,
        text => Some(code(text).ok_or_else(|| broken("the primary code is no code"))?),
    };
    let day = |column: usize| match row.cell(column) {
        "" => Ok(None),
        text => {
            day_of_year(text).map(Some).ok_or_else(|| broken("a date is not a day written YYYYDDD"))
        }
    };
    let from = day(header.from)?.ok_or_else(|| broken("the edit has no first day"))?;
    let to = day(header.to)?;
    if to.is_some_and(|to| to < from) {
        return Err(broken("the edit ends before it begins"));
    }
    Ok(AddOnEdit {
        kind,
        add_on,
        primary,
        from,
        to,
        add_on_deleted: day(header.add_on_deleted)?,
        primary_deleted: day(header.primary_deleted)?,
        notes: squeezed(row.cell(header.notes)),
    })
}

/// Where the columns are.
struct Header {
    kind: usize,
    add_on: usize,
    add_on_deleted: usize,
    primary: usize,
    primary_deleted: usize,
    from: usize,
    to: usize,
    notes: usize,
}

fn find_header(latest: &[Vec<String>]) -> Result<Option<Header>, String> {
    let cells = latest.last().map(Vec::as_slice).unwrap_or_default();
    let headings: Vec<_> = cells.iter().map(|cell| heading(cell)).collect();
    let is_there = |name: &str| headings.iter().any(|heading| heading == name);
    if !(is_there("aocedittype") && is_there("addoncode")) {
        return Ok(None);
    }
    let find = |name: &str, expected: &str| {
        // Some quarters write `AOC_DelDT_Julian`.
        column(&headings, name, |heading| {
            heading.strip_suffix("julian").unwrap_or(heading) == expected
        })
    };
    Ok(Some(Header {
        kind: find("type", "aocedittype")?,
        add_on: find("add-on code", "addoncode")?,
        add_on_deleted: find("deletion of the add-on code", "aocdeldt")?,
        primary: find("primary code", "primarycode")?,
        primary_deleted: find("deletion of the primary code", "primarycodedeldt")?,
        from: find("first day", "aoceditefdt").or_else(|_| find("first day", "aocediteffdt"))?,
        to: find("last day", "aoceditdeldt")?,
        notes: find("notes", "specialinstructionnotes")?,
    }))
}

/// Whether the first rows of a table are those of add-on code edits.
pub fn recognises_rows(rows: &[Vec<String>]) -> bool {
    has_header(rows, find_header)
}

/// The first day of the quarter in a file name such as `AOC_V2026Q2-MCR.xlsx`.
pub fn release_of(name: &str) -> Option<Date> {
    let name = file_name(name).to_ascii_lowercase();
    let (_, version) = name.split_once("aoc_v")?;
    let (year, quarter) = (version.get(..4)?, version.get(4..6)?.strip_prefix('q')?);
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (digits(year) && digits(quarter))
        .then(|| quarter_start(year.parse().ok()?, quarter.parse().ok()?))?
}

/// A day written as year and day of the year.
fn day_of_year(text: &str) -> Option<Date> {
    let (year, day) = text.split_at_checked(4).filter(|(_, day)| day.len() == 3)?;
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let first = civil::Date::new(year.parse().ok().filter(|_| digits)?, 1, 1).ok()?;
    let before = day.parse::<i64>().ok()?.checked_sub(1).filter(|before| *before >= 0)?;
    let date = first.checked_add(Span::new().try_days(before).ok()?).ok()?;
    (date.year() == first.year()).then_some(date)
}

#[cfg(test)]
mod tests;
