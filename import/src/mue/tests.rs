use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::testing::workbook_file;

const NAME: &str = "MCR_MUE_PractitionerServices_Eff_01-01-2026.csv";
const MINI: &[u8] =
    include_bytes!("../../../tests/releases/mini/MCR_MUE_PractitionerServices_Eff_01-01-2026.csv");
const HEADER: &str =
    "HCPCS/CPT Code,DME Supplier Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n";

fn table(rows: &str) -> Result<MueFile, ImportError> {
    read(format!("{HEADER}{rows}").as_bytes(), SheetFormat::Comma, "mue.csv")
}

fn edit(name: &str, units: u32, adjudication: Adjudication, rationale: &str) -> MueEdit {
    MueEdit { code: code(name).unwrap(), units, adjudication, rationale: rationale.to_owned() }
}

#[test]
fn reads_the_layout() {
    let file = read(MINI, SheetFormat::Comma, NAME).unwrap();
    assert_eq!(file.setting, Some(EditSetting::Practitioner));
    assert_eq!(file.quarter, Some(date(2026, 1, 1)));
    assert_eq!(file.passed_over, PassedOver { other: 2, dental: 1 });
    assert_eq!(
        file.rows,
        [
            edit("00000", 1, Adjudication::DayPolicy, "Invented – reason"),
            edit("A0000", 300, Adjudication::DayClinical, "Invented reason, quoted"),
            edit("A0001", 0, Adjudication::Line, "Invented reason"),
        ]
    );
}

#[test]
fn reads_workbooks_and_takes_the_setting_from_the_header() {
    let header = [
        "HCPCS/\nCPT Code",
        "Outpatient Hospital Services MUE Values",
        "MUE Adjudication Indicator",
        "MUE Rationale",
    ];
    let row = ["00000", "2", "1 Line Edit", "Invented"];
    let book = workbook_file(&[("About", &[&["words"]]), ("MUE", &[&["notice"], &header, &row])]);
    let file = read(&book, SheetFormat::Xlsx, "mue.xlsx").unwrap();
    assert_eq!((file.setting, file.quarter), (Some(EditSetting::Hospital), None));
    assert_eq!(file.rows, [edit("00000", 2, Adjudication::Line, "Invented")]);
    assert_eq!(file.passed_over.other, 3);
    let error = read(&book, SheetFormat::Xlsx, NAME).unwrap_err();
    assert!(error.problem.contains("another setting"), "{error}");
}

#[test]
fn refuses_broken_rows_with_their_lines() {
    for (row, part) in [
        ("0000,1,1 Line Edit,secret", "no code"),
        (",1,1 Line Edit,secret", "no code"),
        ("00000,,1 Line Edit,secret", "whole number"),
        ("00000,1.5,1 Line Edit,secret", "whole number"),
        ("00000,+1,1 Line Edit,secret", "whole number"),
        ("00000,99999999999,1 Line Edit,secret", "whole number"),
        ("00000,1,4 Other Edit,secret", "adjudication indicator"),
        ("00000,1,2 Line Edit,secret", "adjudication indicator"),
        ("A0000,2,1 Line Edit,secret", "two different edits"),
    ] {
        let error = table(&format!("A0000,1,1 Line Edit,Invented\n{row}\n")).unwrap_err();
        assert!(error.problem.contains(part), "{error}");
        assert_eq!(error.place, Place::Line(3), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

#[test]
fn refuses_other_tables() {
    let problem = |text: &str| read(text.as_bytes(), SheetFormat::Comma, "x").unwrap_err().problem;
    assert!(problem("a,b\n").contains("header"));
    assert!(problem("HCPCS/CPT Code,MUE Values\n").contains("adjudication indicator"));
    assert!(table("").unwrap_err().problem.contains("no edit"));
}

#[test]
fn takes_the_quarter_from_the_name() {
    for (name, quarter) in [
        (NAME, Some(date(2026, 1, 1))),
        ("mcr_mue_dmesupplierservices_eff_10-01-2025.XLSX", Some(date(2025, 10, 1))),
        ("MUE_Eff_02-01-2026.csv", None),
        ("MUE_Eff_01-02-2026.csv", None),
        ("MUE_Eff_13-01-2026.csv", None),
        ("MUE_Eff_+1-01-2026.csv", None),
        ("MUE_Eff_01-01", None),
        ("mue.csv", None),
    ] {
        assert_eq!(quarter_of(name), quarter, "{name}");
    }
}

proptest! {
    #[test]
    fn never_panics(
        noise in prop::collection::vec(any::<u8>(), 0..200),
        rows in prop::collection::vec("[0-9A-E]{4,5},[0-9]{0,6},[1-4] (Line|Date of Service) Edit.{0,9},.{0,9}", 0..5),
        name in "(Eff_)?[0-9\\-é]{0,12}",
    ) {
        let _ = (table(&rows.join("\n")), quarter_of(&name));
        for format in [SheetFormat::Tab, SheetFormat::Comma, SheetFormat::Xlsx] {
            let _ = read(&noise, format, &name);
        }
    }
}
