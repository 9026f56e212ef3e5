//! The code master of CMS's Medicare Code Editor: which codes there are, when, with which flags.
//!
//! A code has a row for each period with the same flags. Nothing about life and death may be decided from one row, so
//! rows are joined here and nobody else sees them. An end equal to the table's termination date means "still valid
//! when the table was made": no end is kept, and the date becomes the horizon of the data.
//!
//! Source: the tables `mce_i10dx_master` and `mce_i10sg_master` of the code editor, version 44.0.

use jiff::civil::Date;
use medcode_codes::{
    code::CodeKey,
    code_table::Lifetime,
    date::{Period, parse_compact},
    flag::{Flag, Flags},
    system::CodeSystem,
};

use super::{
    ImportError, Place,
    bytes::{index_at, slice_at, u16_at, u32_at, until_nul},
    rows::CodeRow,
    shapes::key_of,
};

const MAGIC: u32 = 0x4D43_4544;
const HEADER: usize = 32;
const ROW: usize = 24;

/// A code master of one system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeMaster {
    /// The last day the table covers, inclusive.
    pub horizon: Date,
    /// How many rows were joined.
    pub rows_read: usize,
    /// The codes in text order.
    pub codes: Vec<CodeRow>,
}

impl CodeMaster {
    /// The codes that may be submitted on a date, in text order.
    pub fn valid_on(&self, date: Date) -> impl Iterator<Item = CodeKey> + '_ {
        let valid =
            move |row: &&CodeRow| row.lifetime.period().is_some_and(|period| period.contains(date));
        self.codes.iter().filter(valid).map(|row| row.code)
    }
}

/// Reads the table of `system`. `file` names it in errors.
///
/// # Errors
/// The bytes are no code master, a row is broken, a code has not the shape of the system, a flag is unknown, or the
/// periods of a code do not follow each other without gap or overlap.
pub fn read(bytes: &[u8], system: CodeSystem, file: &str) -> Result<CodeMaster, ImportError> {
    let table = Table::open(bytes, system, file)?;
    let mut joiner = Joiner::new(table.horizon);
    for number in 0..table.rows {
        let row = table.row(number)?;
        joiner.push(row).map_err(|problem| table.refuse(number, problem))?;
    }
    Ok(joiner.finish())
}

/// A row as published: one of the periods of a code.
#[derive(Clone, Copy)]
pub(crate) struct RawRow {
    pub(crate) code: CodeKey,
    pub(crate) start: Date,
    /// The last day, or the horizon of the table.
    pub(crate) end: Date,
    pub(crate) flags: Flags,
}

/// Joins the rows of a table, which come by code and then by date, whatever form the table has.
pub(crate) struct Joiner {
    master: CodeMaster,
    previous: Option<(CodeKey, Date)>,
}

impl Joiner {
    /// For a table that covers the days until `horizon`.
    pub(crate) fn new(horizon: Date) -> Self {
        Self { master: CodeMaster { horizon, rows_read: 0, codes: Vec::new() }, previous: None }
    }

    /// Takes the next row, or says what is wrong with it.
    pub(crate) fn push(&mut self, row: RawRow) -> Result<(), String> {
        let RawRow { code, start, end, flags } = row;
        let period = period(start, end, self.master.horizon)
            .ok_or_else(|| format!("{code} ends before it starts"))?;
        let joins = self.previous.is_some_and(|(before, _)| before == code);
        match self.previous {
            Some((_, last)) if joins && last.tomorrow().ok() != Some(start) => {
                return Err(format!("the periods of {code} leave a gap or overlap at {start}"));
            }
            Some((before, _)) if before > code => {
                return Err(format!("{code} stands out of order"));
            }
            _ => {}
        }
        if !joins {
            let lifetime = Lifetime::Dated(period);
            self.master.codes.push(CodeRow { code, lifetime, flags: Vec::new() });
        }
        if let Some(row) = self.master.codes.last_mut() {
            if let Lifetime::Dated(life) = &mut row.lifetime {
                life.end = period.end;
            }
            if flags != Flags::default() {
                row.flags.push((period, flags));
            }
        }
        self.master.rows_read += 1;
        self.previous = Some((code, end));
        Ok(())
    }

    /// The master of all rows.
    pub(crate) fn finish(self) -> CodeMaster {
        self.master
    }
}

/// The period of a row, open where it reaches the horizon. `None` when it ends before it starts.
pub(crate) fn period(start: Date, end: Date, horizon: Date) -> Option<Period> {
    (start <= end).then_some(Period { start, end: (end != horizon).then_some(end) })
}

/// The flags with these names; empty names stand for none.
pub(crate) fn flags<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Flags, String> {
    let mut flags = Flags::default();
    for name in names.into_iter().filter(|name| !name.is_empty()) {
        flags.insert(Flag::from_name(name).ok_or("a flag is unknown to this version of medcode")?);
    }
    Ok(flags)
}

struct Table<'a> {
    bytes: &'a [u8],
    system: CodeSystem,
    file: &'a str,
    rows: usize,
    rows_at: usize,
    strings: &'a [u8],
    horizon: Date,
}

impl<'a> Table<'a> {
    fn open(bytes: &'a [u8], system: CodeSystem, file: &'a str) -> Result<Self, ImportError> {
        let refuse = |problem: &str| ImportError::new(file, Place::File, problem);
        if u32_at(bytes, 0) != Some(MAGIC) {
            return Err(refuse("this is no code master"));
        }
        let header = (index_at(bytes, 4), index_at(bytes, 8), index_at(bytes, 12));
        let (Some(rows), Some(rows_at), Some(strings_at)) = header else {
            return Err(refuse("the header is cut short"));
        };
        let rows_end = rows.checked_mul(ROW).and_then(|length| length.checked_add(rows_at));
        let strings = bytes.get(strings_at..);
        let (Some(strings), true, true) =
            (strings, rows_at >= HEADER, rows_end.is_some_and(|end| end <= strings_at))
        else {
            return Err(refuse("the header does not fit the length of the table"));
        };
        let horizon =
            date_at(bytes, 16).ok_or_else(|| refuse("the termination date is no date"))?;
        Ok(Self { bytes, system, file, rows, rows_at, strings, horizon })
    }

    fn refuse(&self, number: usize, problem: impl Into<String>) -> ImportError {
        let offset = self.rows_at.saturating_add(number.saturating_mul(ROW));
        ImportError::new(self.file, Place::Offset(offset as u64), problem)
    }

    fn row(&self, number: usize) -> Result<RawRow, ImportError> {
        let broken = || self.refuse(number, "the row is cut short");
        let at = self.rows_at + number * ROW;
        let row = slice_at(self.bytes, at, ROW).ok_or_else(broken)?;
        let text = std::str::from_utf8(until_nul(&row[..8])).unwrap_or_default();
        let code = key_of(self.system, text)
            .ok_or_else(|| self.refuse(number, format!("no {} code stands here", self.system)))?;
        let days = (date_at(row, 8), date_at(row, 12));
        let (Some(start), Some(end)) = days else {
            return Err(self.refuse(number, format!("a date of {code} is no date")));
        };
        let flags_at = index_at(row, 16).ok_or_else(broken)?;
        let count = u16_at(row, 20).ok_or_else(broken)?;
        let flags = self.flags(flags_at, count).map_err(|problem| self.refuse(number, problem))?;
        Ok(RawRow { code, start, end, flags })
    }

    /// Reads `count` names that lie one after the other, each ended by NUL.
    fn flags(&self, at: usize, count: u16) -> Result<Flags, String> {
        let mut names = Vec::new();
        let mut rest = if count == 0 { &[] } else { self.strings.get(at..).unwrap_or_default() };
        for _ in 0..count {
            let name = until_nul(rest);
            rest = rest.get(name.len() + 1..).ok_or("the names of the flags are cut short")?;
            names.push(std::str::from_utf8(name).unwrap_or("?"));
        }
        flags(names)
    }
}

/// A date stored as the number YYYYMMDD.
pub(crate) fn date_at(bytes: &[u8], at: usize) -> Option<Date> {
    parse_compact(&format!("{:08}", u32_at(bytes, at)?)).ok()
}

#[cfg(test)]
#[expect(clippy::inconsistent_digit_grouping, reason = "days: year, month, day")]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::testing::master;

    const HORIZON: u32 = 2027_03_31;

    fn cm(rows: &[(&str, u32, u32, &[&str])]) -> Result<CodeMaster, ImportError> {
        read(&master(HORIZON, rows), CodeSystem::Icd10Cm, "master")
    }

    fn problem(rows: &[(&str, u32, u32, &[&str])]) -> String {
        cm(rows).unwrap_err().to_string()
    }

    fn flags(names: &[&str]) -> Flags {
        let mut flags = Flags::default();
        for name in names {
            flags.insert(Flag::from_name(name).unwrap());
        }
        flags
    }

    #[test]
    fn joins_the_rows_of_a_code_and_keeps_flags_by_period() {
        let table = cm(&[
            ("E119", 2015_10_01, 2027_03_31, &[]),
            ("M545", 2015_10_01, 2018_09_30, &["adult", "female"]),
            ("M545", 2018_10_01, 2021_09_30, &[]),
            ("S060X0A", 2015_10_01, 2022_03_31, &[]),
            ("S060X0A", 2022_04_01, 2027_03_31, &["unspecified"]),
        ]);
        let table = table.unwrap();
        assert_eq!((table.rows_read, table.horizon), (5, date(2027, 3, 31)));
        let lives: Vec<_> =
            table.codes.iter().map(|row| row.lifetime.period().unwrap().to_string()).collect();
        assert_eq!(lives, ["since 2015-10-01", "2015-10-01 to 2021-09-30", "since 2015-10-01"]);
        let until_2018 = Period { start: date(2015, 10, 1), end: Some(date(2018, 9, 30)) };
        assert_eq!(table.codes[1].flags, [(until_2018, flags(&["adult", "female"]))]);
        let since_2022 = Period::since(date(2022, 4, 1));
        assert_eq!(table.codes[2].flags, [(since_2022, flags(&["unspecified"]))]);
        assert_eq!(table.valid_on(date(2021, 10, 1)).count(), 2);
        assert_eq!(table.valid_on(date(2015, 9, 30)).count(), 0);
    }

    #[test]
    fn refuses_gaps_overlaps_and_disorder() {
        let gap = problem(&[
            ("M545", 2015_10_01, 2018_09_30, &[]),
            ("M545", 2018_10_02, 2021_09_30, &[]),
        ]);
        assert!(gap.contains("M545") && gap.contains("2018-10-02"), "{gap}");
        let overlap =
            [("M545", 2015_10_01, 2018_09_30, &[][..]), ("M545", 2018_09_30, 2021_09_30, &[])];
        assert!(problem(&overlap).contains("gap or overlap"));
        let disorder =
            [("M545", 2015_10_01, 2018_09_30, &[][..]), ("E119", 2018_10_01, 2021_09_30, &[])];
        assert!(problem(&disorder).contains("out of order"));
    }

    #[test]
    fn refuses_rows_that_make_no_sense() {
        assert!(problem(&[("E11.9", 2015_10_01, 2027_03_31, &[])]).contains("no ICD-10-CM code"));
        assert!(problem(&[("E119", 2015_13_01, 2027_03_31, &[])]).contains("no date"));
        assert!(problem(&[("E119", 2016_10_01, 2015_09_30, &[])]).contains("ends before"));
        assert!(problem(&[("E119", 2015_10_01, 2027_03_31, &["nonsense"])]).contains("flag"));
        let mut cut = master(HORIZON, &[("E119", 2015_10_01, 2027_03_31, &["adult"])]);
        cut.truncate(cut.len() - 1);
        let error = read(&cut, CodeSystem::Icd10Cm, "master").unwrap_err();
        assert!(error.problem.contains("cut short"), "{error}");
        assert_eq!(error.place, Place::Offset(32));
    }

    #[test]
    fn refuses_wrong_headers() {
        let good = master(HORIZON, &[("E119", 2015_10_01, 2027_03_31, &[])]);
        for (at, bytes) in
            [(0, [0; 4]), (4, [0xFF; 4]), (8, [0xFF; 4]), (12, [0xFF; 4]), (16, [0xFF; 4])]
        {
            let mut bad = good.clone();
            bad[at..at + 4].copy_from_slice(&bytes);
            assert!(read(&bad, CodeSystem::Icd10Cm, "master").is_err(), "{at}");
        }
        assert!(read(&good[..20], CodeSystem::Icd10Cm, "master").is_err());
    }

    proptest! {
        #[test]
        fn never_panics(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20),
            length in any::<prop::sample::Index>(),
            noise in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let mut bytes = master(HORIZON, &[
                ("E119", 2015_10_01, 2027_03_31, &["adult", "female"]),
                ("M545", 2015_10_01, 2021_09_30, &[]),
            ]);
            for (index, value) in changes {
                let at = index.index(bytes.len());
                bytes[at] = value;
            }
            bytes.truncate(length.index(bytes.len()) + 1);
            for bytes in [bytes, noise] {
                let _ = read(&bytes, CodeSystem::Icd10Cm, "master");
                let _ = read(&bytes, CodeSystem::Icd10Pcs, "master");
            }
        }
    }
}
