//! The indicators of the Medicare physician fee schedule.
//!
//! Only indicators are taken: descriptors, amounts and relative values never leave the reader's buffer, and rows of
//! dental codes are dropped.
//!
//! Source: the national physician fee schedule relative value file of CMS (`PPRRVU26_JAN.csv`,
//! `PPRRVU2026_Jul_nonQPP.xlsx`): titles and notices, then a header whose words stand in several rows, the last of
//! which begins with `HCPCS` and `MOD`. The edition with columns of fixed width has no header and is refused.

use std::collections::{BTreeMap, btree_map::Entry};

use medcode_codes::{
    date::{Date, parse_compact},
    edits::fee_schedule::FeeScheduleRow,
};

use super::{
    ImportError, Place,
    edit_table::{
        PassedOver, Taken, code, column, file_name, has_header, heading, is_dental, read_table,
    },
    sheet::{SheetFormat, SheetRow, first_rows},
};

/// Columns before the first indicator: code, modifier, descriptor.
const BEFORE_INDICATORS: usize = 3;
/// Rows that are read for a title.
const HEAD: usize = 30;
const GLOBAL_DAYS: [&str; 7] = ["000", "010", "090", "MMM", "XXX", "YYY", "ZZZ"];
const MONTHS: [(&str, u8); 4] = [("jan", 1), ("apr", 4), ("jul", 7), ("oct", 10)];

/// The indicators of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeScheduleFile {
    /// The rows, sorted by code and modifier, each once.
    pub rows: Vec<FeeScheduleRow>,
    /// First day of the quarter of the file, where its name or its title tells year and month.
    pub quarter: Option<Date>,
    /// What was not taken.
    pub passed_over: PassedOver,
}

/// Reads a file.
///
/// # Errors
/// The table has no header, or lacks a column; a row below the header is broken; a code and modifier have two
/// different rows.
pub fn read(bytes: &[u8], format: SheetFormat, file: &str) -> Result<FeeScheduleFile, ImportError> {
    let mut rows = BTreeMap::new();
    let passed_over = read_table(bytes, format, file, find_header, |header, row| {
        let Some(taken) = take(header, row)? else { return Ok(Taken::Dental) };
        match rows.entry((taken.code, taken.modifier.clone())) {
            Entry::Vacant(entry) => {
                entry.insert(taken);
            }
            Entry::Occupied(known) if *known.get() == taken => {}
            Entry::Occupied(_) => {
                return Err(format!("{} {} has two different rows", taken.code, taken.modifier));
            }
        }
        Ok(Taken::Row)
    })?;
    if rows.is_empty() {
        return Err(ImportError::new(file, Place::File, "no code stands in the table"));
    }
    let quarter = release_of(file, &first_rows(bytes, format, HEAD));
    Ok(FeeScheduleFile { rows: rows.into_values().collect(), quarter, passed_over })
}

/// Reads a row. `None` when its code is a dental one.
fn take(header: &mut Header, row: &SheetRow<'_>) -> Result<Option<FeeScheduleRow>, String> {
    let code = code(row.cell(0)).ok_or("the row does not begin with a code of five characters")?;
    if is_dental(code) {
        return Ok(None);
    }
    let broken = |what: &str| format!("{code}: {what}");
    let modifier = row.cell(1);
    let is_modifier = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    if !(modifier.is_empty() || modifier.len() == 2 && modifier.bytes().all(is_modifier)) {
        return Err(broken("the modifier does not have two characters"));
    }
    let only = |text: &str| {
        let mut characters = text.chars();
        characters.next().filter(|_| characters.next().is_none())
    };
    let status = only(row.cell(header.status)).filter(char::is_ascii_uppercase);
    let status = status.ok_or_else(|| broken("the status is no capital letter"))?;
    let global_days = row.cell(header.global_days);
    if !GLOBAL_DAYS.contains(&global_days) {
        return Err(broken("the global days are unknown"));
    }
    let indicator = |column: usize, name: &str| match row.cell(column) {
        "" => Ok(None),
        text => only(text)
            .filter(char::is_ascii_digit)
            .map(Some)
            .ok_or_else(|| broken(&format!("the indicator for {name} is no digit"))),
    };
    let endoscopic_base = match row.cell(header.endoscopic_base) {
        "" => None,
        text => Some(self::code(text).ok_or_else(|| broken("the endoscopic base is no code"))?),
    };
    Ok(Some(FeeScheduleRow {
        code,
        modifier: modifier.to_owned(),
        status,
        components: indicator(header.components, "components")?,
        global_days: global_days.to_owned(),
        multiple: indicator(header.multiple, "multiple procedures")?,
        bilateral: indicator(header.bilateral, "bilateral surgery")?,
        assistant: indicator(header.assistant, "assistants")?,
        co_surgeons: indicator(header.co_surgeons, "co-surgeons")?,
        team: indicator(header.team, "team surgery")?,
        endoscopic_base,
    }))
}

/// Where the columns are.
struct Header {
    status: usize,
    components: usize,
    global_days: usize,
    multiple: usize,
    bilateral: usize,
    assistant: usize,
    co_surgeons: usize,
    team: usize,
    endoscopic_base: usize,
}

fn find_header(latest: &[Vec<String>]) -> Result<Option<Header>, String> {
    let cells = latest.last().map(Vec::as_slice).unwrap_or_default();
    let begins = |column: usize, name: &str| cells.get(column).is_some_and(|c| heading(c) == name);
    if !(begins(0, "hcpcs") && begins(1, "mod")) {
        return Ok(None);
    }
    let mut words = vec![String::new(); cells.len()];
    let above = latest.split_last().map_or(&[][..], |(_, above)| above);
    let above = above.iter().map(Vec::as_slice).filter(|row| is_header_row(row));
    for row in above.chain([cells]) {
        for (words, cell) in words.iter_mut().zip(row).skip(BEFORE_INDICATORS) {
            words.push_str(&heading(cell));
        }
    }
    let find = |name: &str, expected: &[&str]| {
        column(&words, name, |heading| expected.iter().any(|word| heading.ends_with(word)))
    };
    Ok(Some(Header {
        status: find("status", &["statuscode"])?,
        components: find("components", &["pctcind"])?,
        global_days: find("global days", &["globdays"])?,
        multiple: find("multiple procedures", &["multproc"])?,
        bilateral: find("bilateral surgery", &["bilatsurg"])?,
        assistant: find("assistants", &["asstsurg"])?,
        co_surgeons: find("co-surgeons", &["cosurg"])?,
        team: find("team surgery", &["teamsurg"])?,
        endoscopic_base: find("endoscopic base", &["endobase"])?,
    }))
}

/// Whether a row above the header belongs to it: titles and notices stand in the first columns alone.
fn is_header_row(row: &[String]) -> bool {
    row.iter().skip(BEFORE_INDICATORS).filter(|cell| !cell.trim().is_empty()).count() >= 3
}

/// Whether the first rows of a table are those of the relative value file.
pub fn recognises_rows(rows: &[Vec<String>]) -> bool {
    has_header(rows, find_header)
}

/// The first day of the quarter of a file: from a name such as `PPRRVU26_JAN` or `PPRRVU2026_Jul_nonQPP`, or from a
/// title such as "2026 National Physician Fee Schedule Relative Value File January Release". The day behind "RELEASED"
/// is not it: files are released before their quarter.
pub fn release_of(name: &str, head: &[Vec<String>]) -> Option<Date> {
    from_name(name).or_else(|| head.iter().flatten().find_map(|title| from_title(title)))
}

fn from_name(name: &str) -> Option<Date> {
    let name = file_name(name).to_ascii_lowercase();
    let (_, version) = name.split_once("pprrvu")?;
    let (year, rest) = version.split_once('_')?;
    let year = match year.len() {
        2 => format!("20{year}"),
        _ => year.to_owned(),
    };
    quarter(&year, rest)
}

fn from_title(title: &str) -> Option<Date> {
    let title = title.to_ascii_lowercase();
    let (year, rest) = title.trim().split_once(' ')?;
    let (before, _) = rest.split_once(" release")?;
    let (title, month) = before.trim().rsplit_once(' ')?;
    title.contains("relative value file").then(|| quarter(year, month))?
}

fn quarter(year: &str, month: &str) -> Option<Date> {
    let (_, month) = MONTHS.iter().find(|(name, _)| month.starts_with(name))?;
    parse_compact(&format!("{year}{month:02}01")).ok()
}

#[cfg(test)]
mod tests;
