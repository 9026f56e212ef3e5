//! The tables of CMS's Medicare Code Editor as plain CSV, decoded by somebody before.
//!
//! The columns of each are its header below; days are `YYYYMMDD`, flags are joined by `|`. The forms do not name their
//! termination date: it is the latest last day of a master, because nearly all codes reach it. They give the very rows
//! of the binary tables ([`code_master`](super::code_master), [`conversions`](super::conversions),
//! [`mce_tables`](super::mce_tables)). No official publication has this form.

use std::collections::BTreeSet;

use csv::StringRecord;
use jiff::civil::{Date, date};
use medcode_codes::{
    code::CodeKey,
    date::{fiscal_year, parse_compact},
    system::CodeSystem,
};

use super::{
    ImportError, Place,
    code_master::{CodeMaster, Joiner, RawRow, flags},
    conversions::{Conversions, kept_pair},
    delimited, mce_tables,
    rows::{AgeRange, ConversionRow, DischargeStatus},
    shapes::{key_of, system_of_codes},
};

/// A table in this form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CsvTable {
    /// [`read_master`] reads it.
    Master,
    /// [`read_conversions`] reads it.
    Conversions,
    /// [`read_age_ranges`] reads it.
    AgeRanges,
    /// [`read_discharge_statuses`] reads it.
    DischargeStatuses,
}

impl CsvTable {
    const ALL: [Self; 4] =
        [Self::Master, Self::Conversions, Self::AgeRanges, Self::DischargeStatuses];

    fn header(self) -> &'static str {
        match self {
            Self::Master => "code,valid_from,valid_to,flags",
            Self::Conversions => "previous_code,current_code,effective",
            Self::AgeRanges => "group,start_age,end_age,valid_from,valid_to",
            Self::DischargeStatuses => "code,valid_from,valid_to",
        }
    }
}

/// The table in a file that begins with `head`.
pub fn table_of(head: &str) -> Option<CsvTable> {
    let first = head.trim_start_matches('\u{FEFF}').lines().next()?.trim_end();
    CsvTable::ALL.into_iter().find(|table| table.header() == first)
}

/// Whether a file that begins with `head` is a table in this form.
pub fn recognises(head: &str) -> bool {
    table_of(head).is_some()
}

/// The system whose codes a master lists. `None` when the codes fit both systems or neither, or it is no master.
pub fn system_of(bytes: &[u8]) -> Option<CodeSystem> {
    let rows = Rows::read(bytes, CsvTable::Master, "").ok()?;
    system_of_codes(rows.rows.iter().map(|(_, row)| field(row, 0)))
}

/// Reads a code master of `system`.
///
/// # Errors
/// The header is another, a line has another form, a code has not the shape of the system, a flag is unknown, the
/// periods of a code do not follow each other without gap or overlap, or there is no code.
pub fn read_master(
    bytes: &[u8],
    system: CodeSystem,
    file: &str,
) -> Result<CodeMaster, ImportError> {
    let table = Rows::read(bytes, CsvTable::Master, file)?;
    let rows = table.map(|row| {
        let code = key_of(system, field(row, 0)).ok_or_else(|| format!("no {system} code"))?;
        let (start, end) =
            days(row, 1).ok_or_else(|| format!("a date of {code} is not YYYYMMDD"))?;
        Ok(RawRow { code, start, end, flags: flags(field(row, 3).split('|'))? })
    })?;
    let horizon = rows.iter().map(|(_, row)| row.end).max();
    let horizon = horizon.ok_or_else(|| ImportError::new(file, Place::File, "there is no code"))?;
    let mut joiner = Joiner::new(horizon);
    for (line, row) in rows {
        let pushed = joiner.push(row);
        pushed.map_err(|problem| ImportError::new(file, Place::Line(line), problem))?;
    }
    Ok(joiner.finish())
}

/// Reads a conversion table; the rows lead from old to new. `is_code` says which keys are codes of the master. The
/// version is the fiscal year of the latest row.
///
/// # Errors
/// The header is another, a line has another form, or no row leads from one code to another.
pub fn read_conversions(
    bytes: &[u8],
    file: &str,
    is_code: impl Fn(CodeKey) -> bool,
) -> Result<Conversions, ImportError> {
    let table = Rows::read(bytes, CsvTable::Conversions, file)?;
    let rows = table.map(|row| {
        let Some((from, to)) = kept_pair(field(row, 0), field(row, 1), &is_code) else {
            return Ok(None);
        };
        let effective = day(row, 2).ok_or("the effective date is not YYYYMMDD")?;
        Ok(Some(ConversionRow { from, to, effective }))
    })?;
    let pairs: BTreeSet<_> = rows.iter().filter_map(|(_, row)| *row).collect();
    let newest = pairs.iter().map(|pair| pair.effective).max();
    let newest = newest.ok_or_else(|| {
        ImportError::new(file, Place::File, "no row leads from one code of the master to another")
    })?;
    let version = date(fiscal_year(newest).saturating_sub(1), 10, 1);
    Ok(Conversions { version, rows_read: rows.len(), pairs: pairs.into_iter().collect() })
}

/// Reads ages of groups of patients. `horizon` is that of the master that they come with.
///
/// # Errors
/// The header is another, or a line has another form or makes no sense.
pub fn read_age_ranges(
    bytes: &[u8],
    horizon: Date,
    file: &str,
) -> Result<Vec<AgeRange>, ImportError> {
    let row = |row: &StringRecord| {
        let (first, last) = (field(row, 1).parse().ok()?, field(row, 2).parse().ok()?);
        mce_tables::age_range(field(row, 0), first, last, days(row, 3)?, horizon)
    };
    small_table(bytes, CsvTable::AgeRanges, file, row)
}

/// Reads discharge statuses. `horizon` is that of the master that they come with.
///
/// # Errors
/// The header is another, or a line has another form or makes no sense.
pub fn read_discharge_statuses(
    bytes: &[u8],
    horizon: Date,
    file: &str,
) -> Result<Vec<DischargeStatus>, ImportError> {
    let row = |row: &StringRecord| {
        mce_tables::discharge_status(field(row, 0).parse().ok()?, days(row, 1)?, horizon)
    };
    small_table(bytes, CsvTable::DischargeStatuses, file, row)
}

fn small_table<T>(
    bytes: &[u8],
    table: CsvTable,
    file: &str,
    read: impl Fn(&StringRecord) -> Option<T>,
) -> Result<Vec<T>, ImportError> {
    let table = Rows::read(bytes, table, file)?;
    let rows = table.map(|row| read(row).ok_or_else(|| "the row makes no sense".to_owned()))?;
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

fn field(row: &StringRecord, column: usize) -> &str {
    row.get(column).unwrap_or_default()
}

fn day(row: &StringRecord, column: usize) -> Option<Date> {
    parse_compact(field(row, column)).ok()
}

fn days(row: &StringRecord, column: usize) -> Option<(Date, Date)> {
    Some((day(row, column)?, day(row, column + 1)?))
}

/// The lines of a table with their numbers, each with as many fields as the header.
struct Rows<'a> {
    file: &'a str,
    rows: Vec<(u64, StringRecord)>,
}

impl<'a> Rows<'a> {
    fn read(bytes: &[u8], table: CsvTable, file: &'a str) -> Result<Self, ImportError> {
        let delimited::Table { header, rows } = delimited::read(bytes, b',', file)?;
        if header.iter().eq(table.header().split(',')) {
            return Ok(Self { file, rows });
        }
        let problem = format!("the header is not '{}'", table.header());
        Err(ImportError::new(file, Place::Line(1), problem))
    }

    /// Reads every row, each with its line.
    fn map<T>(
        &self,
        read: impl Fn(&StringRecord) -> Result<T, String>,
    ) -> Result<Vec<(u64, T)>, ImportError> {
        let rows = self.rows.iter().map(|(line, row)| match read(row) {
            Ok(row) => Ok((*line, row)),
            Err(problem) => Err(ImportError::new(self.file, Place::Line(*line), problem)),
        });
        rows.collect()
    }
}

#[cfg(test)]
mod tests;
