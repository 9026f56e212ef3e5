#![expect(clippy::inconsistent_digit_grouping, reason = "days: year, month, day")]

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::{code_master, testing};

fn code(code: &str, start: &str, end: &str, flags: &[&str]) -> CodeRow {
    let flags = flags.iter().map(|flag| (*flag).to_owned()).collect();
    CodeRow { code: code.into(), start: start.into(), end: end.into(), flags }
}

/// A small file; the rows of a code do not stand in order.
fn editor() -> Root {
    let cm = vec![
        code("M545", "20181001", "20210930", &["adult", "unspecified"]),
        code("M545", "20151001", "20180930", &[""]),
        code("E119", "20151001", "", &[""]),
    ];
    let pcs = vec![code("0DTJ4ZZ", "20151001", "20260930", &["noncovered"])];
    let newborn = AgeRow {
        group: "Newborn".into(),
        first: 0,
        last: 0,
        start: "19840301".into(),
        end: String::new(),
    };
    let home = DischargeRow { status: 1, start: "19801001".into(), end: String::new() };
    let hospice = DischargeRow { status: 10, start: "19931001".into(), end: "20030930".into() };
    Root {
        age_ranges: Some(AgeRanges { rows: vec![newborn] }),
        discharge_statuses: Some(DischargeStatuses { rows: vec![home, hospice] }),
        cm: Some(Codes { rows: cm }),
        pcs: Some(Codes { rows: pcs }),
        date_format: DATE_FORMAT.into(),
        version: 431,
        termination_date: "20260930".into(),
    }
}

fn refuse(change: impl Fn(&mut Root)) -> String {
    let mut editor = editor();
    change(&mut editor);
    read(&editor.encode_to_vec(), "mce.bin").unwrap_err().problem
}

fn first_code(editor: &mut Root) -> &mut CodeRow {
    &mut editor.cm.as_mut().unwrap().rows[0]
}

#[test]
fn reads_the_same_rows_as_the_other_form_of_the_tables() {
    let bytes = editor().encode_to_vec();
    assert!(recognises(&bytes));
    let editor = read(&bytes, "mce.bin").unwrap();
    assert_eq!((editor.version, editor.cm.horizon), (431, date(2026, 9, 30)));
    let master = |system, rows: &[(&str, u32, u32, &[&str])]| {
        code_master::read(&testing::master(2026_09_30, rows), system, "master").unwrap()
    };
    let cm = master(
        CodeSystem::Icd10Cm,
        &[
            ("E119", 2015_10_01, 2026_09_30, &[]),
            ("M545", 2015_10_01, 2018_09_30, &[]),
            ("M545", 2018_10_01, 2021_09_30, &["adult", "unspecified"]),
        ],
    );
    assert_eq!(editor.cm, cm);
    let pcs = master(CodeSystem::Icd10Pcs, &[("0DTJ4ZZ", 2015_10_01, 2026_09_30, &["noncovered"])]);
    assert_eq!(editor.pcs, pcs);
    let newborn = &editor.age_ranges[0];
    assert_eq!((newborn.group.as_str(), newborn.last, newborn.period.end), ("Newborn", 0, None));
    let statuses: Vec<_> =
        editor.discharge_statuses.iter().map(|row| (row.status, row.period.end)).collect();
    assert_eq!(statuses, [(1, None), (10, Some(date(2003, 9, 30)))]);
}

#[test]
fn passes_over_the_tables_of_icd9() {
    let mut bytes = editor().encode_to_vec();
    // Field 5, a message of three bytes.
    bytes.extend_from_slice(&[5 << 3 | 2, 3, 1 << 3 | 2, 1, b'x']);
    assert!(read(&bytes, "mce.bin").is_ok());
}

#[test]
fn refuses_other_files_and_broken_rows() {
    let bytes = editor().encode_to_vec();
    for other in [&b""[..], b"PK\x03\x04", b"00001 A00     0 Cholera", &bytes[..bytes.len() - 1]] {
        assert!(!recognises(other) && read(other, "mce.bin").is_err());
    }
    assert!(refuse(|editor| editor.termination_date = "2026-09-30".into()).contains("no file of"));
    assert!(refuse(|editor| editor.date_format = "MMddyyyy".into()).contains("no file of"));
    assert!(refuse(|editor| editor.cm = None).contains("ICD-10-CM is missing"));
    assert!(refuse(|editor| editor.pcs = Some(Codes::default())).contains("ICD-10-PCS is missing"));
    assert!(refuse(|editor| editor.age_ranges = None).contains("no age range"));
    assert!(refuse(|editor| first_code(editor).code = "M54.5".into()).contains("another shape"));
    assert!(refuse(|editor| first_code(editor).start = "20181301".into()).contains("no date"));
    assert!(
        refuse(|editor| first_code(editor).start = "20181002".into()).contains("gap or overlap")
    );
    assert!(refuse(|editor| first_code(editor).flags[0] = "other".into()).contains("flag"));
    let status = |editor: &mut Root| {
        editor.discharge_statuses.as_mut().unwrap().rows[1].status = 300;
    };
    assert_eq!(refuse(status), "discharge status 2 makes no sense");
}

proptest! {
    #[test]
    fn never_panics(
        noise in prop::collection::vec(any::<u8>(), 0..120),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..9),
        length in any::<prop::sample::Index>(),
    ) {
        let mut file = editor().encode_to_vec();
        for (index, value) in changes {
            let at = index.index(file.len());
            file[at] = value;
        }
        let cut = file[..=length.index(file.len())].to_vec();
        for bytes in [noise, file, cut] {
            let _ = recognises(&bytes);
            let _ = read(&bytes, "mce.bin");
        }
    }
}
