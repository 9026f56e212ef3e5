//! The small tables of CMS's Medicare Code Editor: ages of groups of patients, and discharge statuses.
//!
//! A last day equal to the termination date of the code master means "still in force when the table was made": no end
//! is kept. Source: the tables `mce_age_ranges` and `mce_discharge_status` of the code editor, version 44.0.

use jiff::civil::Date;

use super::{
    ImportError, Place,
    bytes::{index_at, slice_at, u32_at},
    code_master::{date_at, period},
    rows::{AgeRange, DischargeStatus},
};

const AGE_MAGIC: u32 = 0x4D43_4147;
const AGE_ROW: usize = 24;
const DISCHARGE_MAGIC: u32 = 0x4D43_4453;
const DISCHARGE_ROW: usize = 12;
const HEADER: usize = 32;

/// Reads the table of ages. `horizon` is the termination date of the code master that it comes with.
///
/// # Errors
/// The bytes are no such table, or a row is cut short or makes no sense.
pub fn age_ranges(bytes: &[u8], horizon: Date, file: &str) -> Result<Vec<AgeRange>, ImportError> {
    let table = Table::open(bytes, AGE_MAGIC, AGE_ROW, file)?;
    let strings_at = index_at(bytes, 12).unwrap_or(usize::MAX);
    let read = |row: &[u8]| {
        let name_at = index_at(row, 0)?.checked_add(strings_at)?;
        let name = slice_at(bytes, name_at, index_at(row, 4)?)?;
        age_range(
            std::str::from_utf8(name).ok()?,
            number(row, 8)?,
            number(row, 12)?,
            days(row, 16)?,
            horizon,
        )
    };
    table.rows(read)
}

/// Reads the table of discharge statuses. `horizon` is the termination date of the code master that it comes with.
///
/// # Errors
/// The bytes are no such table, or a row is cut short or makes no sense.
pub fn discharge_statuses(
    bytes: &[u8],
    horizon: Date,
    file: &str,
) -> Result<Vec<DischargeStatus>, ImportError> {
    let table = Table::open(bytes, DISCHARGE_MAGIC, DISCHARGE_ROW, file)?;
    table.rows(|row| discharge_status(number(row, 0)?, days(row, 4)?, horizon))
}

/// Ages that make sense: a name, years of a life, days in order.
pub(crate) fn age_range(
    group: &str,
    first: u64,
    last: u64,
    (start, end): (Date, Date),
    horizon: Date,
) -> Option<AgeRange> {
    let is_name = !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_graphic());
    let (first, last) = (u16::try_from(first).ok()?, u16::try_from(last).ok()?);
    let period = period(start, end, horizon)?;
    (is_name && first <= last).then(|| AgeRange { group: group.to_owned(), first, last, period })
}

/// A status that makes sense: two digits, days in order.
pub(crate) fn discharge_status(
    status: u64,
    (start, end): (Date, Date),
    horizon: Date,
) -> Option<DischargeStatus> {
    let status = u8::try_from(status).ok().filter(|status| (1..=99).contains(status))?;
    Some(DischargeStatus { status, period: period(start, end, horizon)? })
}

fn number(row: &[u8], at: usize) -> Option<u64> {
    u32_at(row, at).map(u64::from)
}

fn days(row: &[u8], at: usize) -> Option<(Date, Date)> {
    Some((date_at(row, at)?, date_at(row, at + 4)?))
}

/// The rows of a table, behind its header.
struct Table<'a> {
    file: &'a str,
    at: usize,
    width: usize,
    rows: &'a [u8],
}

impl<'a> Table<'a> {
    fn open(bytes: &'a [u8], magic: u32, width: usize, file: &'a str) -> Result<Self, ImportError> {
        let refuse = |problem: &str| ImportError::new(file, Place::File, problem);
        if u32_at(bytes, 0) != Some(magic) {
            return Err(refuse("this is no such table of the code editor"));
        }
        let header = index_at(bytes, 4).zip(index_at(bytes, 8)).filter(|(_, at)| *at >= HEADER);
        let rows = header.and_then(|(count, at)| {
            slice_at(bytes, at, count.checked_mul(width)?).map(|rows| (at, rows))
        });
        let (at, rows) =
            rows.ok_or_else(|| refuse("the header does not fit the length of the table"))?;
        Ok(Self { file, at, width, rows })
    }

    fn rows<T>(&self, read: impl Fn(&[u8]) -> Option<T>) -> Result<Vec<T>, ImportError> {
        let rows = self.rows.chunks_exact(self.width).enumerate();
        rows.map(|(number, row)| {
            let place = Place::Offset((self.at + number * self.width) as u64);
            read(row).ok_or_else(|| ImportError::new(self.file, place, "the row makes no sense"))
        })
        .collect()
    }
}

#[cfg(test)]
#[expect(clippy::inconsistent_digit_grouping, reason = "days: year, month, day")]
mod tests {
    use jiff::civil::date;
    use medcode_codes::date::Period;
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{age_table, discharge_table};

    const HORIZON: Date = date(2027, 3, 31);

    fn ages() -> Vec<u8> {
        age_table(&[
            ("Adult", 15, 124, 1984_03_01, 2027_03_31),
            ("Maternity", 12, 55, 1984_03_01, 2019_09_30),
        ])
    }

    #[test]
    fn reads_ages() {
        let ranges = age_ranges(&ages(), HORIZON, "ages").unwrap();
        let adult = AgeRange {
            group: "Adult".to_owned(),
            first: 15,
            last: 124,
            period: Period::since(date(1984, 3, 1)),
        };
        assert_eq!(ranges[0], adult);
        assert_eq!(
            (ranges[1].group.as_str(), ranges[1].period.end),
            ("Maternity", Some(date(2019, 9, 30)))
        );
    }

    #[test]
    fn reads_discharge_statuses() {
        let table = discharge_table(&[(1, 1980_10_01, 2027_03_31), (10, 1993_10_01, 2003_09_30)]);
        let statuses = discharge_statuses(&table, HORIZON, "statuses").unwrap();
        assert_eq!((statuses[0].status, statuses[0].period.end), (1, None));
        assert_eq!((statuses[1].status, statuses[1].period.end), (10, Some(date(2003, 9, 30))));
    }

    #[test]
    fn refuses_other_tables_and_rows_that_make_no_sense() {
        assert!(age_ranges(b"", HORIZON, "ages").is_err());
        assert!(discharge_statuses(&ages(), HORIZON, "statuses").is_err());
        for at in [4, 8, 12] {
            let mut bad = ages();
            bad[at..at + 4].copy_from_slice(&[0xFF; 4]);
            assert!(age_ranges(&bad, HORIZON, "ages").is_err(), "{at}");
        }
        for row in [
            ("", 0, 1, 1984_03_01, 2027_03_31),
            ("Adult", 2, 1, 1984_03_01, 2027_03_31),
            ("Adult", 0, 70_000, 1984_03_01, 2027_03_31),
            ("Adult", 0, 1, 1984_13_01, 2027_03_31),
            ("Adult", 0, 1, 2028_01_01, 2027_03_31),
        ] {
            let error = age_ranges(&age_table(&[row]), HORIZON, "ages").unwrap_err();
            assert_eq!(error.place, Place::Offset(32), "{row:?}");
        }
        for status in [0, 100, 300] {
            let table = discharge_table(&[(status, 1980_10_01, 2027_03_31)]);
            assert!(discharge_statuses(&table, HORIZON, "statuses").is_err(), "{status}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..9),
            length in any::<prop::sample::Index>(),
        ) {
            let discharge = discharge_table(&[(1, 1980_10_01, 2027_03_31)]);
            for mut bytes in [ages(), discharge] {
                for (index, value) in &changes {
                    let at = index.index(bytes.len());
                    bytes[at] = *value;
                }
                bytes.truncate(length.index(bytes.len()) + 1);
                let _ = age_ranges(&bytes, HORIZON, "ages");
                let _ = discharge_statuses(&bytes, HORIZON, "statuses");
            }
        }
    }
}
