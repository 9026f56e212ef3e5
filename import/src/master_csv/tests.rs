#![expect(clippy::inconsistent_digit_grouping, reason = "days: year, month, day")]

use proptest::prelude::*;

use super::*;
use crate::{code_master, conversions, testing};

const MASTER: &str = "code,valid_from,valid_to,flags\nE119,20151001,20270331,\nM545,20151001,20180930,\n\
    M545,20181001,20210930,adult|unspecified\n";
const PAIRS: &str = "previous_code,current_code,effective\nM545,M5450,20211001\nA CODE F,M5450,20211001\n\
    W230XXA ,W2301XA,20251001\nM545,M545,20211001\n,M5450,20211001\n";
const AGES: &str = "group,start_age,end_age,valid_from,valid_to\nAdult,15,124,19840301,20270331\n\
    Maternity,12,55,19840301,20190930\n";
const STATUSES: &str = "code,valid_from,valid_to\n01,19801001,20270331\n10,19931001,20030930\n";
const HORIZON: Date = date(2027, 3, 31);

fn cm(text: &str) -> Result<CodeMaster, ImportError> {
    read_master(text.as_bytes(), CodeSystem::Icd10Cm, "master.csv")
}

fn is_code(key: CodeKey) -> bool {
    ["M545", "M5450", "W230XXA", "W2301XA"].contains(&&*key.text())
}

#[test]
fn reads_the_rows_of_the_binary_master() {
    let binary = testing::master(
        2027_03_31,
        &[
            ("E119", 2015_10_01, 2027_03_31, &[]),
            ("M545", 2015_10_01, 2018_09_30, &[]),
            ("M545", 2018_10_01, 2021_09_30, &["adult", "unspecified"]),
        ],
    );
    assert_eq!(cm(MASTER), code_master::read(&binary, CodeSystem::Icd10Cm, "master"));
    assert_eq!(system_of(MASTER.as_bytes()), Some(CodeSystem::Icd10Cm));
}

#[test]
fn reads_the_rows_of_the_binary_conversions() {
    let binary = testing::conversions(&[
        ("M545", "M5450", 2021_10_01, 2, 1),
        ("A CODE F", "M5450", 2021_10_01, 2, 1),
        ("W230XXA ", "W2301XA", 2025_10_01, 2, 1),
        ("M545", "M545", 2021_10_01, 2, 1),
        ("", "M5450", 2021_10_01, 2, 1),
    ]);
    let csv = read_conversions(PAIRS.as_bytes(), "conversions.csv", is_code);
    assert_eq!(csv, conversions::read(&binary, "conversions", is_code));
    assert_eq!(csv.unwrap().pairs.len(), 2);
}

#[test]
fn reads_the_rows_of_the_small_binary_tables() {
    let binary = testing::age_table(&[
        ("Adult", 15, 124, 1984_03_01, 2027_03_31),
        ("Maternity", 12, 55, 1984_03_01, 2019_09_30),
    ]);
    assert_eq!(
        read_age_ranges(AGES.as_bytes(), HORIZON, "ages.csv"),
        mce_tables::age_ranges(&binary, HORIZON, "ages")
    );
    let binary =
        testing::discharge_table(&[(1, 1980_10_01, 2027_03_31), (10, 1993_10_01, 2003_09_30)]);
    assert_eq!(
        read_discharge_statuses(STATUSES.as_bytes(), HORIZON, "statuses.csv"),
        mce_tables::discharge_statuses(&binary, HORIZON, "statuses")
    );
}

#[test]
fn tells_the_tables_by_their_headers() {
    for (text, table) in [
        (MASTER, CsvTable::Master),
        (PAIRS, CsvTable::Conversions),
        (AGES, CsvTable::AgeRanges),
        (STATUSES, CsvTable::DischargeStatuses),
    ] {
        assert_eq!(table_of(&text.replace('\n', "\r\n")), Some(table));
        assert_eq!(table_of(&format!("\u{FEFF}{text}")), Some(table));
    }
    assert_eq!(table_of("code,valid_from"), None);
}

#[test]
fn names_the_line_that_it_refuses() {
    for (from, to, line) in [
        ("code,", "name,", 1),
        ("E119", "E11.9", 2),
        ("E119,20151001", "E119,20151301", 2),
        ("E119,20151001", "E119,20280101", 2),
        ("M545,20151001", "A545,20151001", 3),
        ("20181001", "20181002", 4),
        ("adult|", "other|", 4),
        (",adult|unspecified", "", 4),
    ] {
        let error = cm(&MASTER.replace(from, to)).unwrap_err();
        assert_eq!(error.place, Place::Line(line), "{from}: {error}");
    }
    assert!(cm("code,valid_from,valid_to,flags\n").unwrap_err().problem.contains("no code"));
    let refuse = |text: &str| read_conversions(text.as_bytes(), "csv", is_code).unwrap_err().place;
    assert_eq!(refuse(&PAIRS.replace("20251001", "2025")), Place::Line(4));
    assert_eq!(refuse("previous_code,current_code,effective\nA,B,20211001\n"), Place::File);
    let statuses = STATUSES.replace("10,", "100,");
    let error = read_discharge_statuses(statuses.as_bytes(), HORIZON, "csv").unwrap_err();
    assert_eq!(error.place, Place::Line(3));
}

proptest! {
    #[test]
    fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..99), text in "[\\PC,\n\"]{0,60}") {
        for table in CsvTable::ALL {
            let head = format!("{}\n{text}", table.header()).into_bytes();
            for bytes in [&bytes, &head] {
                let _ = read_master(bytes, CodeSystem::Icd10Cm, "csv");
                let _ = read_conversions(bytes, "csv", |_| true);
                let _ = read_age_ranges(bytes, HORIZON, "csv");
                let _ = read_discharge_statuses(bytes, HORIZON, "csv");
                let _ = (system_of(bytes), table_of(&String::from_utf8_lossy(bytes)));
            }
        }
    }
}
