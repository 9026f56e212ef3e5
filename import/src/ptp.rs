//! Procedure-to-procedure edits of the National Correct Coding Initiative (NCCI).
//!
//! A release is one table of up to 2.6 million rows in four files, because a spreadsheet holds no more in one. The
//! files of practitioners and of hospitals look the same inside. Deleted edits stay in the files, so one release
//! answers for past dates as well.
//!
//! A pair may stand twice with the same first day when one of the rows never applied (indicator 9, deleted on the day
//! it began). Any other two rows of a pair and a day that differ refuse the release.
//!
//! Source: `ccipra-v320r0-f1.txt` and `ccioph-…` of CMS: a notice, a title, a header over several rows, then column 1,
//! column 2, `*` when the edit existed before 1996, effective date, deletion date or `*`, modifier indicator,
//! rationale.

use std::collections::BTreeSet;

use medcode_codes::{
    date::{Date, parse_compact},
    edits::{
        EditSetting,
        ptp::{ModifierIndicator, PtpEdit, PtpRows},
    },
};

use super::{
    ImportError, Place,
    edit_table::{
        PassedOver, Taken, UnknownSetting, code, file_name, heading, is_dental, quarter_start,
        read_table, setting_in, squeezed,
    },
    sheet::{SheetFormat, SheetRow, first_rows},
};

/// Rows that are read for a title.
const HEAD: usize = 30;
/// Columns of the table.
const COLUMNS: usize = 7;

/// The edits of one release, or of some of its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PtpRelease {
    /// The edits, sorted by column 1, column 2 and first day, each once.
    pub rows: PtpRows,
    /// Whom they are for, where a file name or a title tells it.
    pub setting: Option<EditSetting>,
    /// First day of the quarter, where a file name tells it.
    pub quarter: Option<Date>,
    /// The numbers of the parts that were read, where file names tell them: 1 to 4 in a complete release.
    pub parts: BTreeSet<u8>,
    /// What was not taken.
    pub passed_over: PassedOver,
    /// Rows that repeat another one exactly.
    pub repeated: usize,
}

/// Collects the parts of one release, in any order.
#[derive(Clone, Debug, Default)]
pub struct PtpCollector {
    rows: PtpRows,
    setting: Option<EditSetting>,
    quarter: Option<Date>,
    parts: BTreeSet<u8>,
    passed_over: PassedOver,
    file: String,
}

impl PtpCollector {
    /// Reads one part. After an error the collector holds half a file: drop it.
    ///
    /// # Errors
    /// The part belongs to another setting or quarter than those before; it has no header, or its columns are others;
    /// a row below the header is broken.
    pub fn add(
        &mut self,
        bytes: &[u8],
        format: SheetFormat,
        file: &str,
    ) -> Result<(), ImportError> {
        let refuse = |problem| Err(ImportError::new(file, Place::File, problem));
        let setting = setting_of(file, &first_rows(bytes, format, HEAD)).ok();
        if self.setting.is_some() && setting.is_some() && self.setting != setting {
            return refuse("this part is for another setting than the parts before");
        }
        let quarter = release_of(file);
        if self.quarter.is_some() && quarter.is_some() && self.quarter != quarter {
            return refuse("this part belongs to another quarter than the parts before");
        }
        let taken =
            read_table(bytes, format, file, find_header, |header, row| self.take(header, row))?;
        self.passed_over.add(taken);
        self.setting = self.setting.or(setting);
        self.quarter = self.quarter.or(quarter);
        self.parts.extend(part_of(file));
        file_name(file).clone_into(&mut self.file);
        Ok(())
    }

    fn take(&mut self, header: &mut Header, row: &SheetRow<'_>) -> Result<Taken, String> {
        if header.open {
            if !names_codes(row.cells) {
                header.extend(row.cells);
                return Ok(Taken::Header);
            }
            header.close()?;
        }
        if !(COLUMNS - 1..=COLUMNS).contains(&row.cells.len()) {
            return Err("the row does not have six or seven cells".to_owned());
        }
        let (Some(column1), Some(column2)) = (code(row.cell(0)), code(row.cell(1))) else {
            return Err("the row does not begin with two codes of five characters".to_owned());
        };
        let broken = |what: &str| format!("{column1} and {column2}: {what}");
        let before_1996 = match row.cell(2) {
            "" => false,
            "*" => true,
            _ => return Err(broken("the mark for edits before 1996 is neither * nor empty")),
        };
        let from = parse_compact(row.cell(3))
            .map_err(|_| broken("the effective date is no day written YYYYMMDD"))?;
        let deleted = match row.cell(4) {
            "*" => None,
            day => Some(parse_compact(day).map_err(|_| {
                broken("the deletion date is neither * nor a day written YYYYMMDD")
            })?),
        };
        if deleted.is_some_and(|deleted| deleted < from) {
            return Err(broken("the edit was deleted before it began"));
        }
        let modifier = match row.cell(5) {
            "0" => ModifierIndicator::NotAllowed,
            "1" => ModifierIndicator::Allowed,
            "9" => ModifierIndicator::NotApplicable,
            _ => return Err(broken("the modifier indicator is not 0, 1 or 9")),
        };
        if is_dental(column1) || is_dental(column2) {
            return Ok(Taken::Dental);
        }
        let rationale = self
            .rationale(row.cell(6))
            .ok_or_else(|| broken("the table gives more than 256 different reasons"))?;
        self.rows.edits.push(PtpEdit {
            column1,
            column2,
            from,
            deleted,
            modifier,
            before_1996,
            rationale,
        });
        Ok(Taken::Row)
    }

    /// The number of a reason.
    fn rationale(&mut self, text: &str) -> Option<u8> {
        let known = |known: &String| known == text;
        if let Some(number) = self.rows.rationales.iter().position(known) {
            return u8::try_from(number).ok();
        }
        let text = squeezed(text);
        let number = self.rows.rationales.iter().position(|known| *known == text);
        let number = number.unwrap_or(self.rows.rationales.len());
        let index = u8::try_from(number).ok()?;
        if number == self.rows.rationales.len() {
            self.rows.rationales.push(text);
        }
        Some(index)
    }

    /// Sorts the edits and drops repeated ones.
    ///
    /// # Errors
    /// No edit was read, or two edits of a pair begin on the same day and differ although both apply.
    pub fn finish(self) -> Result<PtpRelease, ImportError> {
        let refuse = |problem: String| Err(ImportError::new(&self.file, Place::File, problem));
        let mut rows = self.rows;
        if rows.edits.is_empty() {
            return refuse("no edit stands in the table".to_owned());
        }
        let read = rows.edits.len();
        rows.edits.sort_unstable();
        rows.edits.dedup();
        let key = |edit: &PtpEdit| (edit.column1, edit.column2, edit.from);
        for same in rows.edits.chunk_by(|one, next| key(one) == key(next)) {
            let mut applying = same.iter().filter(|edit| applies(edit));
            if let (Some(edit), Some(_)) = (applying.next(), applying.next()) {
                return refuse(format!(
                    "{} and {} have two different edits from {} on",
                    edit.column1, edit.column2, edit.from
                ));
            }
        }
        let repeated = read - rows.edits.len();
        rows.edits.shrink_to_fit();
        Ok(PtpRelease {
            rows,
            setting: self.setting,
            quarter: self.quarter,
            parts: self.parts,
            passed_over: self.passed_over,
            repeated,
        })
    }
}

/// Whether an edit was ever in force.
fn applies(edit: &PtpEdit) -> bool {
    edit.modifier != ModifierIndicator::NotApplicable && edit.deleted != Some(edit.from)
}

/// The words of a header, by column, while more rows of it may follow.
struct Header {
    words: [String; COLUMNS],
    open: bool,
}

impl Header {
    fn extend(&mut self, cells: &[String]) {
        for (words, cell) in self.words.iter_mut().zip(cells) {
            words.push_str(&heading(cell));
        }
    }

    /// Checks the order of the columns.
    fn close(&mut self) -> Result<(), String> {
        self.open = false;
        let expected =
            ["column1", "column2", "1996", "effective", "deletion", "modifier", "rationale"];
        let as_expected =
            self.words.iter().zip(expected).all(|(words, expected)| words.contains(expected));
        as_expected.then_some(()).ok_or_else(|| "the columns are not those of PTP edits".to_owned())
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the form of all tables")]
fn find_header(latest: &[Vec<String>]) -> Result<Option<Header>, String> {
    let Some([first, second, rest @ ..]) = latest.last().map(Vec::as_slice) else {
        return Ok(None);
    };
    if heading(first) != "column1" || heading(second) != "column2" || rest.is_empty() {
        return Ok(None);
    }
    let mut header = Header { words: Default::default(), open: true };
    let above = latest.iter().rev().skip(1).take_while(|row| !names_codes(row)).count();
    for row in latest.iter().skip(latest.len() - 1 - above) {
        header.extend(row);
    }
    Ok(Some(header))
}

/// Whether something stands in the first two columns; rows that go on with the header have nothing there.
fn names_codes(row: &[String]) -> bool {
    row.iter().take(2).any(|cell| !cell.trim().is_empty())
}

/// Whether the first rows of a table are those of PTP edits.
pub fn recognises_rows(rows: &[Vec<String>]) -> bool {
    let Some((at, mut header)) =
        (1..=rows.len()).find_map(|end| Some((end, find_header(rows.get(..end)?).ok()??)))
    else {
        return false;
    };
    for row in rows.iter().skip(at).take_while(|row| !names_codes(row)) {
        header.extend(row);
    }
    header.close().is_ok()
}

/// Whom the edits of a file are for: its name tells it, or a title above the header.
///
/// # Errors
/// Neither does: ask the user.
pub fn setting_of(name: &str, head: &[Vec<String>]) -> Result<EditSetting, UnknownSetting> {
    if let Some(setting) = setting_in(file_name(name)) {
        return Ok(setting);
    }
    let is_header = |row: &Vec<String>| row.first().is_some_and(|cell| heading(cell) == "column1");
    let titles = head.iter().take_while(|row| !is_header(row)).flatten();
    titles.into_iter().find_map(|title| setting_in(title)).ok_or(UnknownSetting)
}

/// The first day of the quarter of a version: `v320` in a file name is the first quarter of 2026, `v323` the fourth,
/// `v330` the first of 2027.
pub fn release_of(name: &str) -> Option<Date> {
    let version = words(name).find_map(|word| {
        let digits = word.strip_prefix('v')?;
        let (digits, revision) = digits.split_at_checked(3)?;
        (revision.is_empty() || revision.starts_with('r')).then(|| digits.parse::<u16>().ok())?
    })?;
    quarter_start(1994 + version / 10, version % 10 + 1)
}

/// The number of a part: `f1` in a file name is 1.
fn part_of(name: &str) -> Option<u8> {
    let part = words(name).find_map(|word| word.strip_prefix('f')?.parse().ok());
    part.filter(|part| (1..=9).contains(part))
}

/// The words of a file name, in small letters, between dashes, points and the like.
fn words(name: &str) -> impl Iterator<Item = String> {
    let words = file_name(name).split(|c: char| !c.is_ascii_alphanumeric());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests;
