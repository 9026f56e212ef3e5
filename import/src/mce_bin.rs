//! The tables of CMS's Medicare Code Editor in CMS's own form: `mce.bin`, inside its Java archive.
//!
//! The file is protobuf without a published schema; the messages below were found in it. An empty last day is open,
//! and a row without flags carries one empty flag. The tables of ICD-9-CM (fields 5 and 6) are not read. Source: the
//! code editor of CMS, version 43.1.

use jiff::civil::Date;
use medcode_codes::{date::parse_compact, system::CodeSystem};
use prost::Message;

use super::{
    ImportError, Place,
    code_master::{CodeMaster, Joiner, RawRow, flags},
    mce_tables::{age_range, discharge_status},
    rows::{AgeRange, DischargeStatus},
    shapes::key_of,
};

const DATE_FORMAT: &str = "yyyyMMdd";

/// What the code editor knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeEditor {
    /// The version without its point: 431 is 43.1.
    pub version: u32,
    /// Codes of ICD-10-CM.
    pub cm: CodeMaster,
    /// Codes of ICD-10-PCS.
    pub pcs: CodeMaster,
    /// Ages of groups of patients.
    pub age_ranges: Vec<AgeRange>,
    /// Discharge statuses it accepts.
    pub discharge_statuses: Vec<DischargeStatus>,
}

/// Reads a file.
///
/// # Errors
/// The bytes are not in this form or cut short, a table is missing, a row makes no sense, a code has not the shape of
/// its system, a flag is unknown, or the periods of a code do not follow each other without gap or overlap.
pub fn read(bytes: &[u8], file: &str) -> Result<CodeEditor, ImportError> {
    let refuse = |problem: String| ImportError::new(file, Place::File, problem);
    let horizon = horizon(bytes);
    let horizon = horizon.ok_or_else(|| refuse("this is no file of the code editor".to_owned()))?;
    let root = Root::decode(bytes).map_err(|_| {
        refuse("a message is cut short or has fields that version 43.1 does not have".to_owned())
    })?;
    let version = u32::try_from(root.version).map_err(|_| refuse("the version is none".into()))?;
    let master = |table: Option<Codes>, system| {
        let rows = table.map(|table| table.rows).unwrap_or_default();
        master(rows, system, horizon).map_err(refuse)
    };
    let rows = root.age_ranges.map(|table| table.rows).unwrap_or_default();
    let age = |row: &AgeRow| {
        age_range(&row.group, row.first, row.last, days(&row.start, &row.end, horizon)?, horizon)
    };
    let age_ranges = every(&rows, age, "age range").map_err(refuse)?;
    let rows = root.discharge_statuses.map(|table| table.rows).unwrap_or_default();
    let status = |row: &DischargeRow| {
        discharge_status(row.status, days(&row.start, &row.end, horizon)?, horizon)
    };
    let discharge_statuses = every(&rows, status, "discharge status").map_err(refuse)?;
    Ok(CodeEditor {
        version,
        cm: master(root.cm, CodeSystem::Icd10Cm)?,
        pcs: master(root.pcs, CodeSystem::Icd10Pcs)?,
        age_ranges,
        discharge_statuses,
    })
}

/// Whether the bytes, a whole file, are in this form.
pub fn recognises(bytes: &[u8]) -> bool {
    horizon(bytes).is_some()
}

/// The termination date, when the outermost message is one of the code editor. The tables are passed over.
fn horizon(bytes: &[u8]) -> Option<Date> {
    let frame = Frame::decode(bytes).ok().filter(|frame| frame.date_format == DATE_FORMAT)?;
    parse_compact(&frame.termination_date).ok()
}

fn master(mut rows: Vec<CodeRow>, system: CodeSystem, horizon: Date) -> Result<CodeMaster, String> {
    if rows.is_empty() {
        return Err(format!("the table of {system} is missing or empty"));
    }
    // Nothing promises an order. Days of eight digits sort as text.
    rows.sort_by(|one, other| (&one.code, &one.start).cmp(&(&other.code, &other.start)));
    let mut joiner = Joiner::new(horizon);
    for row in rows {
        let code = key_of(system, &row.code)
            .ok_or_else(|| format!("the table of {system} holds a code of another shape"))?;
        let (start, end) = days(&row.start, &row.end, horizon)
            .ok_or_else(|| format!("a date of {code} is no date"))?;
        let flags = flags(row.flags.iter().map(String::as_str))
            .map_err(|problem| format!("{code}: {problem}"))?;
        joiner.push(RawRow { code, start, end, flags })?;
    }
    Ok(joiner.finish())
}

fn days(start: &str, end: &str, horizon: Date) -> Option<(Date, Date)> {
    let end = if end.is_empty() { horizon } else { parse_compact(end).ok()? };
    Some((parse_compact(start).ok()?, end))
}

/// Reads all rows of a table that must have some.
fn every<R, T>(rows: &[R], read: impl Fn(&R) -> Option<T>, what: &str) -> Result<Vec<T>, String> {
    if rows.is_empty() {
        return Err(format!("there is no {what}"));
    }
    let rows = (1..).zip(rows);
    rows.map(|(number, row)| read(row).ok_or_else(|| format!("{what} {number} makes no sense")))
        .collect()
}

#[derive(Clone, PartialEq, Message)]
struct Frame {
    #[prost(string, tag = "7")]
    date_format: String,
    #[prost(string, tag = "9")]
    termination_date: String,
}

#[derive(Clone, PartialEq, Message)]
struct Root {
    #[prost(message, optional, tag = "1")]
    age_ranges: Option<AgeRanges>,
    #[prost(message, optional, tag = "2")]
    discharge_statuses: Option<DischargeStatuses>,
    #[prost(message, optional, tag = "3")]
    cm: Option<Codes>,
    #[prost(message, optional, tag = "4")]
    pcs: Option<Codes>,
    #[prost(string, tag = "7")]
    date_format: String,
    #[prost(uint64, tag = "8")]
    version: u64,
    #[prost(string, tag = "9")]
    termination_date: String,
}

#[derive(Clone, PartialEq, Message)]
struct AgeRanges {
    #[prost(message, repeated, tag = "1")]
    rows: Vec<AgeRow>,
}

#[derive(Clone, PartialEq, Message)]
struct AgeRow {
    #[prost(string, tag = "1")]
    group: String,
    #[prost(uint64, tag = "2")]
    first: u64,
    #[prost(uint64, tag = "3")]
    last: u64,
    #[prost(string, tag = "4")]
    start: String,
    #[prost(string, tag = "5")]
    end: String,
}

#[derive(Clone, PartialEq, Message)]
struct DischargeStatuses {
    #[prost(message, repeated, tag = "1")]
    rows: Vec<DischargeRow>,
}

#[derive(Clone, PartialEq, Message)]
struct DischargeRow {
    #[prost(uint64, tag = "1")]
    status: u64,
    #[prost(string, tag = "2")]
    start: String,
    #[prost(string, tag = "3")]
    end: String,
}

#[derive(Clone, PartialEq, Message)]
struct Codes {
    #[prost(message, repeated, tag = "1")]
    rows: Vec<CodeRow>,
}

#[derive(Clone, PartialEq, Message)]
struct CodeRow {
    #[prost(string, tag = "1")]
    code: String,
    #[prost(string, tag = "2")]
    start: String,
    #[prost(string, tag = "3")]
    end: String,
    #[prost(string, repeated, tag = "4")]
    flags: Vec<String>,
}

#[cfg(test)]
mod tests;
