//! Medically unlikely edits of the National Correct Coding Initiative (NCCI).
//!
//! One table for each of three settings and each quarter. No dates stand inside: the quarter is in the file name, and
//! a value holds for that quarter only.
//!
//! Source: `MCR_MUE_PractitionerServices_Eff_MM-DD-YYYY.csv` and its siblings for hospitals and suppliers: a quoted
//! notice over several lines, a header (`"HCPCS/\nCPT Code"`, `Practitioner Services MUE Values`, `MUE Adjudication
//! Indicator`, `MUE Rationale`), then the rows. In windows-1252.

use std::collections::{BTreeMap, btree_map::Entry};

use medcode_codes::{
    date::Date,
    edits::{
        EditSetting,
        mue::{Adjudication, MueEdit},
    },
};

use super::{
    ImportError, Place,
    edit_table::{
        PassedOver, Taken, code, column, file_name, has_header, heading, is_dental, quarter_start,
        read_table, setting_in, squeezed,
    },
    sheet::{SheetFormat, SheetRow},
};

/// The edits of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MueFile {
    /// The edits, sorted by code, each code once.
    pub rows: Vec<MueEdit>,
    /// Whom they are for, where the header or the file name tells it.
    pub setting: Option<EditSetting>,
    /// First day of the quarter for which they hold, where the file name tells it.
    pub quarter: Option<Date>,
    /// What was not taken.
    pub passed_over: PassedOver,
}

/// Reads a file.
///
/// # Errors
/// The table has no header, or its columns are others; a row below the header is broken; a code has two different
/// edits; the header names another setting than the file name.
pub fn read(bytes: &[u8], format: SheetFormat, file: &str) -> Result<MueFile, ImportError> {
    let mut edits = BTreeMap::new();
    let mut setting = setting_in(file_name(file));
    let passed_over = read_table(bytes, format, file, find_header, |header, row| {
        if let (Some(named), Some(here)) = (setting, header.setting)
            && named != here
        {
            return Err("the table is for another setting than the file name tells".to_owned());
        }
        setting = setting.or(header.setting);
        let Some(edit) = take(header, row)? else { return Ok(Taken::Dental) };
        match edits.entry(edit.code) {
            Entry::Vacant(entry) => {
                entry.insert(edit);
            }
            Entry::Occupied(known) if *known.get() == edit => {}
            Entry::Occupied(_) => return Err(format!("{} has two different edits", edit.code)),
        }
        Ok(Taken::Row)
    })?;
    if edits.is_empty() {
        return Err(ImportError::new(file, Place::File, "no edit stands in the table"));
    }
    let rows = edits.into_values().collect();
    Ok(MueFile { rows, setting, quarter: quarter_of(file), passed_over })
}

/// Reads a row. `None` when its code is a dental one.
fn take(header: &Header, row: &SheetRow<'_>) -> Result<Option<MueEdit>, String> {
    let code = code(row.cell(header.code)).ok_or("the row has no code of five characters")?;
    let broken = |what: &str| format!("{code}: {what}");
    let units = row.cell(header.units);
    let units = Some(units).filter(|units| units.bytes().all(|byte| byte.is_ascii_digit()));
    let units = units.and_then(|units| units.parse().ok());
    let units = units.ok_or_else(|| broken("the MUE value is no whole number"))?;
    let adjudication = match heading(row.cell(header.adjudication)).as_str() {
        "1lineedit" => Adjudication::Line,
        "2dateofserviceeditpolicy" => Adjudication::DayPolicy,
        "3dateofserviceeditclinical" => Adjudication::DayClinical,
        _ => return Err(broken("the adjudication indicator is unknown")),
    };
    let rationale = squeezed(row.cell(header.rationale));
    Ok((!is_dental(code)).then_some(MueEdit { code, units, adjudication, rationale }))
}

/// Where the columns are.
struct Header {
    code: usize,
    units: usize,
    adjudication: usize,
    rationale: usize,
    setting: Option<EditSetting>,
}

fn find_header(latest: &[Vec<String>]) -> Result<Option<Header>, String> {
    let cells = latest.last().map(Vec::as_slice).unwrap_or_default();
    let headings: Vec<_> = cells.iter().map(|cell| heading(cell)).collect();
    if headings.first().is_none_or(|first| first != "hcpcscptcode") {
        return Ok(None);
    }
    let units = column(&headings, "MUE values", |heading| heading.ends_with("muevalues"))?;
    Ok(Some(Header {
        code: 0,
        units,
        adjudication: column(&headings, "adjudication indicator", |heading| {
            heading == "mueadjudicationindicator"
        })?,
        rationale: column(&headings, "rationale", |heading| heading == "muerationale")?,
        setting: cells.get(units).and_then(|cell| setting_in(cell)),
    }))
}

/// Whether the first rows of a table are those of medically unlikely edits.
pub fn recognises_rows(rows: &[Vec<String>]) -> bool {
    has_header(rows, find_header)
}

/// The first day of the quarter in a file name such as `…_Eff_01-01-2026.csv`. `None` as well when a quarter begins on
/// another day.
pub fn quarter_of(name: &str) -> Option<Date> {
    let name = file_name(name).to_ascii_lowercase();
    let (_, day) = name.split_once("eff_")?;
    let mut parts = day.get(..10)?.split('-').map(|part| {
        part.parse::<u16>().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()))
    });
    let (month, 1, year) = (parts.next()??, parts.next()??, parts.next()??) else { return None };
    (month % 3 == 1).then(|| quarter_start(year, month / 3 + 1))?
}

#[cfg(test)]
mod tests;
