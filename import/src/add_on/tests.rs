use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::testing::workbook_file;

const NAME: &str = "AOC_V2026Q2-MCR.txt";
const MINI: &[u8] = include_bytes!("../../../tests/releases/mini/AOC_V2026Q2-MCR.txt");
const HEADER: &str = "AOC_Edit_Type\tAdd-On_Code\tAOC_DelDT_Julian\tPrimary_Code\tPrimary_Code_DelDT_Julian\t\
                      AOC_Edit_EffDT_Julian\tAOC_Edit_DelDT_Julian\tSpecial_Instruction_Notes\n";

fn table(rows: &str) -> Result<AddOnFile, ImportError> {
    read(format!("{HEADER}{rows}").as_bytes(), SheetFormat::Tab, "edits.txt")
}

fn edit(kind: AddOnType, add_on: &str, primary: Option<&str>, from: Date) -> AddOnEdit {
    AddOnEdit {
        kind,
        add_on: code(add_on).unwrap(),
        primary: primary.map(|primary| code(primary).unwrap()),
        from,
        to: None,
        add_on_deleted: None,
        primary_deleted: None,
        notes: String::new(),
    }
}

#[test]
fn reads_the_layout() {
    let file = read(MINI, SheetFormat::Tab, NAME).unwrap();
    assert_eq!(file.quarter, Some(date(2026, 4, 1)));
    assert_eq!(file.passed_over, PassedOver { other: 2, dental: 1 });
    assert_eq!(
        file.rows,
        [
            edit(AddOnType::Closed, "00000", Some("99999"), date(2013, 1, 1)),
            AddOnEdit {
                to: Some(date(2024, 12, 31)),
                primary_deleted: Some(date(2024, 12, 31)),
                notes: "Invented notes, with \"quotes\"".to_owned(),
                ..edit(AddOnType::Closed, "00000", Some("A0000"), date(2013, 4, 1))
            },
            edit(AddOnType::Contractor, "A0001", None, date(2026, 4, 1)),
            AddOnEdit {
                to: Some(date(2025, 12, 31)),
                add_on_deleted: Some(date(2025, 12, 31)),
                notes: "Invented notes".to_owned(),
                ..edit(AddOnType::Partial, "A0002", Some("A0003"), date(2020, 1, 1))
            },
        ]
    );
}

#[test]
fn reads_workbooks_whose_other_sheets_repeat_rows() {
    let header: Vec<_> = HEADER.trim().split('\t').collect();
    let row = ["1", "00000", "", "99999", "", "2026091", "", ""];
    let book = workbook_file(&[("All", &[&["notice"], &header, &row]), ("New", &[&header, &row])]);
    let file = read(&book, SheetFormat::Xlsx, "edits.xlsx").unwrap();
    assert_eq!(file.rows, [edit(AddOnType::Closed, "00000", Some("99999"), date(2026, 4, 1))]);
    assert_eq!((file.quarter, file.passed_over.other), (None, 3));
}

#[test]
fn refuses_broken_rows_with_their_lines() {
    for (row, part) in [
        ("1\t0000\t\t99999\t\t2026091\t\tsecret", "add-on code"),
        ("4\t00000\t\t99999\t\t2026091\t\tsecret", "type"),
        ("1\t00000\t\t\t\t2026091\t\tsecret", "primary code"),
        ("1\t00000\t\t99999\t\t\t\tsecret", "no first day"),
        ("1\t00000\t\t99999\t\t2025366\t\tsecret", "YYYYDDD"),
        ("1\t00000\t\t99999\t\t20260401\t\tsecret", "YYYYDDD"),
        ("1\t00000\t2026000\t99999\t\t2026091\t\tsecret", "YYYYDDD"),
        ("1\t00000\t\t99999\t\t2026091\t2026090\tsecret", "before it begins"),
    ] {
        let good = "1\t00000\t\t99999\t\t2026091\t\t";
        let error = table(&format!("{good}\n{row}\n")).unwrap_err();
        assert!(error.problem.contains(part), "{error}");
        assert_eq!(error.place, Place::Line(3), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    assert!(table("").unwrap_err().problem.contains("no edit"));
    let error = read(b"AOC_Edit_Type\tAdd-On_Code\n", SheetFormat::Tab, NAME).unwrap_err();
    assert!(error.problem.contains("deletion of the add-on code"), "{error}");
}

#[test]
fn reads_days_of_the_year() {
    for (text, day) in [
        ("2026091", Some(date(2026, 4, 1))),
        ("2024366", Some(date(2024, 12, 31))),
        ("2025366", None),
        ("2026000", None),
        ("+026091", None),
        ("2026+91", None),
        ("", None),
    ] {
        assert_eq!(day_of_year(text), day, "{text}");
    }
}

#[test]
fn takes_the_quarter_from_the_name() {
    for (name, quarter) in [
        (NAME, Some(date(2026, 4, 1))),
        ("AOC_V2025Q4_01-MCR.txt", Some(date(2025, 10, 1))),
        ("AOC_V2026Q5-MCR.txt", None),
        ("AOC_V2026é-MCR.txt", None),
        ("aoc.txt", None),
    ] {
        assert_eq!(release_of(name), quarter, "{name}");
    }
}

proptest! {
    #[test]
    fn never_panics(
        noise in prop::collection::vec(any::<u8>(), 0..200),
        rows in prop::collection::vec("[1-4]\t[0-9A-E]{4,5}\t([0-9]{7})?\t[0-9C]{5}\t\t2[0-9]{6}\t([0-9]{7})?\t.{0,9}", 0..5),
        text in "\\PC{0,9}",
    ) {
        let _ = (table(&rows.join("\n")), day_of_year(&text), release_of(&format!("AOC_V{text}")));
        for format in [SheetFormat::Tab, SheetFormat::Comma, SheetFormat::Xlsx] {
            let _ = read(&noise, format, &text);
        }
    }
}
