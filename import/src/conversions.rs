//! The conversion tables that come with the code master: which code followed which.
//!
//! A table holds several pairs of fiscal years, and each pair repeats the whole cumulative table of its later year,
//! so only the last pair with rows is read. Its sources are cut from free text ("A CODE F" from "a code from …"):
//! a row is kept when both ends are codes of the master. A row does not say that its source has ended.
//!
//! Source: the tables `icd10cm_conversions` and `icd10pcs_conversions`; the layout and the faults are those of the
//! file of October 2026.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use medcode_codes::{code::CodeKey, date::parse_compact};

use super::{
    ImportError, Place,
    bytes::{index_at, slice_at, u16_at, u32_at},
    rows::ConversionRow,
};

const MAGICS: [u32; 2] = [0x4943_4443, 0x4943_4450];
const HEADER: usize = 28;
const ROW: usize = 23;
/// Direction of the rows that lead from an old code to its successor.
const OLD_TO_NEW: u8 = 1;

/// A conversion table, cleaned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversions {
    /// The first day of the fiscal year the table was published for.
    pub version: Date,
    /// Rows of that year, old to new.
    pub rows_read: usize,
    /// Pairs of different codes, sorted, each once.
    pub pairs: Vec<ConversionRow>,
}

/// Reads a table. `is_code` says which keys are codes of the master.
///
/// # Errors
/// The bytes are no conversion table, or a row of the last pair has no date.
pub fn read(
    bytes: &[u8],
    file: &str,
    is_code: impl Fn(CodeKey) -> bool,
) -> Result<Conversions, ImportError> {
    let refuse = |place, problem: &str| ImportError::new(file, place, problem);
    let header = |problem: &str| refuse(Place::File, problem);
    if !u32_at(bytes, 0).is_some_and(|magic| MAGICS.contains(&magic)) {
        return Err(header("this is no conversion table"));
    }
    let (Some(pairs), Some(HEADER)) = (u32_at(bytes, 4), index_at(bytes, 8)) else {
        return Err(header("the header has another form"));
    };
    if pairs != 4 {
        return Err(header("the table does not hold four pairs of years"));
    }
    // Values are padded with NULs to a multiple of eight bytes: fewer than a row, so whole rows are all rows.
    let rows = || bytes.get(HEADER..).unwrap_or_default().chunks_exact(ROW).enumerate();
    let forward = || rows().filter(|(_, row)| row[22] == OLD_TO_NEW);
    let newest = forward().filter_map(|(_, row)| u16_at(row, 20)).max();
    let newest = newest.filter(|pair| u32::from(*pair) < pairs);
    let newest = newest.ok_or_else(|| header("no row leads from an old code to a new one"))?;
    let year =
        u32_at(bytes, 12 + 4 * usize::from(newest)).and_then(|year| i16::try_from(year).ok());
    let year = year.filter(|year| (2015..2100).contains(year));
    let year = year.ok_or_else(|| header("the years are no years"))?;

    let mut rows_read = 0;
    let mut kept = BTreeSet::new();
    for (index, row) in forward().filter(|(_, row)| u16_at(row, 20) == Some(newest)) {
        rows_read += 1;
        let Some((from, to)) = kept_pair(text_at(row, 0), text_at(row, 8), &is_code) else {
            continue;
        };
        let effective = u32_at(row, 16).and_then(|day| parse_compact(&format!("{day:08}")).ok());
        let place = Place::Offset((HEADER + index * ROW) as u64);
        let effective = effective.ok_or_else(|| refuse(place, "the effective date is no date"))?;
        kept.insert(ConversionRow { from, to, effective });
    }
    Ok(Conversions { version: date(year, 10, 1), rows_read, pairs: kept.into_iter().collect() })
}

/// The two ends of a row that is kept: different codes of the master, blanks and NULs around them removed. `None` for
/// cut-off words.
pub(crate) fn kept_pair(
    from: &str,
    to: &str,
    is_code: impl Fn(CodeKey) -> bool,
) -> Option<(CodeKey, CodeKey)> {
    let key = |text: &str| CodeKey::new(text.trim_matches(['\0', ' ']));
    let (from, to) = (key(from)?, key(to)?);
    (from != to && is_code(from) && is_code(to)).then_some((from, to))
}

/// The text of an eight-byte field; empty when it is none.
fn text_at(row: &[u8], at: usize) -> &str {
    slice_at(row, at, 8).and_then(|field| std::str::from_utf8(field).ok()).unwrap_or_default()
}

#[cfg(test)]
#[expect(clippy::inconsistent_digit_grouping, reason = "days: year, month, day")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::conversions;

    fn key(text: &str) -> CodeKey {
        CodeKey::new(text).unwrap()
    }

    fn is_code(key: CodeKey) -> bool {
        ["M545", "M5450", "M5459", "W230XXA", "W2301XA"].contains(&&*key.text())
    }

    #[test]
    fn keeps_the_rows_of_the_newest_year_between_codes() {
        let table = conversions(&[
            ("M545", "M5450", 2021_10_01, 1, 1),
            ("M545", "M5459", 2021_10_01, 2, 1),
            ("M545", "M5450", 2021_10_01, 2, 1),
            ("M545", "M5450", 2021_10_01, 2, 1),
            ("M5450", "M545", 2021_10_01, 3, 0),
            ("W230XXA ", "W2301XA", 2024_10_01, 2, 1),
            ("A CODE F", "M5450", 2021_10_01, 2, 1),
            ("NOPCS", "M5450", 2021_10_01, 2, 1),
            ("M545", "E11311", 2021_10_01, 2, 1),
            ("M5450", "M5450", 2021_10_01, 2, 1),
        ]);
        let table = read(&table, "conversions", is_code).unwrap();
        assert_eq!((table.version, table.rows_read), (date(2025, 10, 1), 8));
        let pairs: Vec<_> = table.pairs.iter().map(|pair| (pair.from, pair.to)).collect();
        let expected = [("M545", "M5450"), ("M545", "M5459"), ("W230XXA", "W2301XA")];
        assert_eq!(pairs, expected.map(|(from, to)| (key(from), key(to))));
        assert_eq!(table.pairs[2].effective, date(2024, 10, 1));
    }

    #[test]
    fn refuses_other_tables_and_rows_without_a_day() {
        assert!(read(b"", "conversions", is_code).is_err());
        assert!(read(&[0; 100], "conversions", is_code).is_err());
        let backwards = conversions(&[("M5450", "M545", 2021_10_01, 2, 0)]);
        assert!(read(&backwards, "conversions", is_code).is_err());
        let dateless = conversions(&[("M545", "M5450", 0, 2, 1)]);
        let error = read(&dateless, "conversions", is_code).unwrap_err();
        assert_eq!(error.place, Place::Offset(28));
    }

    proptest! {
        #[test]
        fn never_panics(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
            length in any::<prop::sample::Index>(),
        ) {
            let mut bytes = conversions(&[("M545", "M5450", 2021_10_01, 2, 1); 3]);
            for (index, value) in changes {
                let at = index.index(bytes.len());
                bytes[at] = value;
            }
            bytes.truncate(length.index(bytes.len()) + 1);
            let _ = read(&bytes, "conversions", |_| true);
        }
    }
}
