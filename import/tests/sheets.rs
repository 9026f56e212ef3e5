//! The spreadsheets that CDC and CMS publish, where they are at hand.
#![expect(clippy::disallowed_methods, reason = "tests read files, importers do not")]
#![expect(clippy::unwrap_used, reason = "in a test a panic is a failure")]

use std::{
    io::{Cursor, Read},
    path::PathBuf,
};

use jiff::civil::date;
use medcode_import::{
    add_on, fee_schedule, mue, ptp,
    sheet::{SheetFormat, excel_day, first_rows, for_each_row, format_of},
};

/// A file of the official data. `None`, and a line that says so, where there are none.
fn official(path: &str) -> Option<Vec<u8>> {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    if !data.exists() {
        eprintln!("skipped: ../shared/data is not there");
        return None;
    }
    Some(std::fs::read(data.join(path)).unwrap())
}

fn inside(archive: &[u8], name: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut bytes = Vec::new();
    archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// Line and cells of every row.
fn rows(bytes: &[u8], format: SheetFormat) -> Vec<(u64, Vec<String>)> {
    assert_eq!(format_of(bytes), Some(format));
    let mut rows = Vec::new();
    let mut sheets = std::collections::BTreeSet::new();
    for_each_row(bytes, format, "table", &mut |row| {
        sheets.insert(row.sheet.to_owned());
        rows.push((row.line, row.cells.to_vec()));
        Ok(())
    })
    .unwrap();
    assert_eq!(sheets.len(), 1);
    rows
}

#[test]
fn the_conversion_table_has_its_rows_from_row_3() {
    let Some(bytes) = official("gem_poa_conv/ICD-10-CM-CONVERSION-TABLE-FY2026.xlsx") else {
        return;
    };
    let rows = rows(&bytes, SheetFormat::Xlsx);
    assert_eq!(rows[1].1, ["Current code assignment", "Effective", "Previous Code(s) Assignment"]);
    assert_eq!((rows[2].0, rows[2].1[1].as_str()), (3, "2017"));
    let data = &rows[2..];
    assert_eq!(data.len(), 5_892);
    assert_eq!(data.last().unwrap().0, 5_894, "no row is empty");
    for (line, cells) in data {
        assert_eq!(cells.len(), 3, "row {line}");
        let effective: u32 = cells[1].parse().unwrap();
        let day = excel_day(effective).unwrap();
        let by_serial = [date(2020, 4, 1), date(2021, 1, 1), date(2022, 4, 1), date(2023, 4, 1)];
        assert!((2016..=2025).contains(&effective) || by_serial.contains(&day), "row {line}");
    }
}

#[test]
fn the_list_of_poa_exempt_codes_equals_its_text() {
    let Some(bytes) = official("gem_poa_conv/POAexemptCodesFY26.zip") else { return };
    let workbook = rows(&inside(&bytes, "POAexemptCodesFY26.xlsx"), SheetFormat::Xlsx);
    let text = rows(&inside(&bytes, "POAexemptCodesFY26.txt"), SheetFormat::Tab);
    assert_eq!(workbook.len(), 1 + 38_349);
    assert_eq!(text.len(), workbook.len());
    for (of_text, of_workbook) in text.iter().zip(&workbook).skip(1) {
        assert_eq!(of_text.0, of_workbook.0);
        let trimmed = |row: &[String]| row.iter().map(|c| c.trim().to_owned()).collect::<Vec<_>>();
        assert_eq!(trimmed(&of_text.1), trimmed(&of_workbook.1));
    }
}

#[test]
fn the_hcpcs_workbook_has_the_records_of_its_text() {
    let Some(bytes) = official("hcpcs/2019-Alpha-Numeric-HCPCS-File.zip") else { return };
    let workbook = rows(&inside(&bytes, "HCPC2019_CONTR_ANWEB.xlsx"), SheetFormat::Xlsx);
    let header = workbook.iter().position(|(_, cells)| cells[0] == "HCPC").unwrap();
    assert_eq!((workbook[header].0, workbook.last().unwrap().0), (8, 6_809));
    let data = &workbook[header + 1..];
    assert_eq!(data.len(), 6_801);
    let first_lines: Vec<_> = data.iter().filter(|(_, cells)| cells[2] != "4").collect();
    let text = inside(&bytes, "HCPC2019_CONTR_ANWEB.txt");
    // The text goes on in further lines where a description is long, the workbook once.
    let is_first_line =
        |line: &&[u8]| matches!(line.get(10), Some(b'3' | b'7')) && line.len() > 300;
    let records: Vec<_> = text.split(|byte| *byte == b'\n').filter(is_first_line).collect();
    assert_eq!((records.len(), first_lines.len()), (6_800, 6_800));
    for (record, (line, cells)) in records.iter().zip(first_lines) {
        assert_eq!(&record[..5], cells[0].as_bytes(), "row {line}");
    }
}

type Recogniser = fn(&[Vec<String>]) -> bool;

/// Which importers take a table for one of theirs.
fn recognised_by(bytes: &[u8]) -> Vec<&'static str> {
    let Some(format) = format_of(bytes) else { return Vec::new() };
    let rows = first_rows(bytes, format, 30);
    let recognisers: [(&str, Recogniser); 4] = [
        ("ptp", ptp::recognises_rows),
        ("mue", mue::recognises_rows),
        ("add_on", add_on::recognises_rows),
        ("fee_schedule", fee_schedule::recognises_rows),
    ];
    recognisers.iter().filter(|(_, recognises)| recognises(&rows)).map(|(name, _)| *name).collect()
}

#[test]
fn each_table_is_recognised_by_one_importer() {
    let mini = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/releases/mini");
    for (file, expected) in [
        ("ccipra-v320r0-f1.txt", &["ptp"][..]),
        ("ccipra-v320r0-f2.csv", &["ptp"]),
        ("MCR_MUE_PractitionerServices_Eff_01-01-2026.csv", &["mue"]),
        ("AOC_V2026Q2-MCR.txt", &["add_on"]),
        ("PPRRVU26_JAN.csv", &["fee_schedule"]),
        ("BB.csv", &[]),
        ("EE.txt", &[]),
        ("icd10cm-codes.txt", &[]),
        ("icd10cm-tabular.xml", &[]),
    ] {
        assert_eq!(recognised_by(&std::fs::read(mini.join(file)).unwrap()), expected, "{file}");
    }
    let Some(table) = official("gem_poa_conv/ICD-10-CM-CONVERSION-TABLE-FY2026.xlsx") else {
        return;
    };
    assert!(recognised_by(&table).is_empty());
}
