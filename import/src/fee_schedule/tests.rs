use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::testing::workbook_file;

const NAME: &str = "PPRRVU26_JAN.csv";
const MINI: &[u8] = include_bytes!("../../../tests/releases/mini/PPRRVU26_JAN.csv");
const ABOVE: [&str; 14] = [
    "", "", "", "STATUS", "WORK", "PCTC", "GLOB", "PRE", "MULT", "BILAT", "ASST", "CO-", "TEAM",
    "ENDO",
];
const HEADER: [&str; 14] = [
    "HCPCS",
    "MOD",
    "DESCRIPTION",
    "CODE",
    "RVU",
    "IND",
    "DAYS",
    "OP",
    "PROC",
    "SURG",
    "SURG",
    "SURG",
    "SURG",
    "BASE",
];

fn table(rows: &str) -> Result<FeeScheduleFile, ImportError> {
    let text = format!("{}\n{}\n{rows}", ABOVE.join(","), HEADER.join(","));
    read(text.as_bytes(), SheetFormat::Comma, "fees.csv")
}

fn shown(row: &FeeScheduleRow) -> String {
    let base = row.endoscopic_base.map(|code| code.to_string());
    let digits =
        [row.components, row.multiple, row.bilateral, row.assistant, row.co_surgeons, row.team];
    let digits: String = digits.iter().map(|digit| digit.unwrap_or('-')).collect();
    let base = base.unwrap_or_default();
    format!("{} {} {} {} {digits} {base}", row.code, row.modifier, row.status, row.global_days)
}

#[test]
fn keeps_indicators_and_no_words() {
    let file = read(MINI, SheetFormat::Comma, NAME).unwrap();
    let rows: Vec<_> = file.rows.iter().map(shown).collect();
    assert_eq!(
        rows,
        [
            "00000  A 090 021210 ",
            "00000 26 A XXX 100000 ",
            "A0000  A 000 039100 A0001",
            "A0001 TC I ZZZ 9----- ",
        ]
    );
    assert_eq!(file.quarter, Some(date(2026, 1, 1)));
    assert_eq!(file.passed_over, PassedOver { other: 6, dental: 1 });
    assert!(!format!("{file:?}").contains("wording"), "a descriptor was kept");
}

#[test]
fn reads_workbooks() {
    let row = ["00000", "", "words", "A", "1.2", "0", "010", "", "2", "1", "2", "1", "0", ""];
    let title =
        ["", "", "2026 National Physician Fee Schedule Relative Value File October Release"];
    let book = workbook_file(&[("PPRRVU", &[&title, &ABOVE, &HEADER, &row])]);
    let file = read(&book, SheetFormat::Xlsx, "fees.xlsx").unwrap();
    assert_eq!(shown(&file.rows[0]), "00000  A 010 021210 ");
    assert_eq!(file.quarter, Some(date(2026, 10, 1)));
}

#[test]
fn refuses_broken_rows_with_their_lines() {
    let good = "00000,,words,A,1.2,0,090,0,2,1,2,1,0,";
    for (row, part) in [
        ("0000,,secret,A,1.2,0,090,0,2,1,2,1,0,", "code"),
        ("00001,2,secret,A,1.2,0,090,0,2,1,2,1,0,", "modifier"),
        ("00001,,secret,AB,1.2,0,090,0,2,1,2,1,0,", "status"),
        ("00001,,secret,,1.2,0,090,0,2,1,2,1,0,", "status"),
        ("00001,,secret,A,1.2,0,90,0,2,1,2,1,0,", "global days"),
        ("00001,,secret,A,1.2,x,090,0,2,1,2,1,0,", "components"),
        ("00001,,secret,A,1.2,0,090,0,22,1,2,1,0,", "multiple"),
        ("00001,,secret,A,1.2,0,090,0,2,1,2,1,0,0001", "endoscopic"),
        ("00000,,secret,A,1.2,0,090,0,2,2,2,1,0,", "two different rows"),
    ] {
        let error = table(&format!("{good}\n{row}\n")).unwrap_err();
        assert!(error.problem.contains(part), "{error}");
        assert_eq!(error.place, Place::Line(4), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    assert_eq!(table(&format!("{good}\n{good}\n")).unwrap().rows.len(), 1);
}

#[test]
fn refuses_headers_without_a_column_or_with_two() {
    let problem =
        |header: &str| read(header.as_bytes(), SheetFormat::Comma, "x").unwrap_err().problem;
    assert!(
        problem("HCPCS,MOD,DESCRIPTION,STATUS CODE,PCTC IND\n")
            .contains("no column for the global")
    );
    let twice = format!("{},GLOB\n{},DAYS\n", ABOVE.join(","), HEADER.join(","));
    assert!(problem(&twice).contains("several columns for the global days"));
    assert!(problem("HDR00000 words, of fixed width\n").contains("header"));
    assert!(table("").unwrap_err().problem.contains("no code"));
}

#[test]
fn takes_the_quarter_from_name_or_title() {
    let title = |text: &str| vec![vec![String::new(), text.to_owned()]];
    for (name, head, quarter) in [
        (NAME, "", Some(date(2026, 1, 1))),
        ("PPRRVU2026_Jul_nonQPP.csv", "", Some(date(2026, 7, 1))),
        ("PPRRVU24_OCT_v2.xlsx", "", Some(date(2024, 10, 1))),
        ("PPRRVU26_FEB.csv", "", None),
        (
            "x.csv",
            "2025 National Physician Fee Schedule Relative Value File April Release",
            Some(date(2025, 4, 1)),
        ),
        ("x.csv", "2025 National Physician Fee Schedule Relative Value File", None),
        ("x.csv", "RELEASED 12/19/2025", None),
    ] {
        assert_eq!(release_of(name, &title(head)), quarter, "{name} {head}");
    }
}

proptest! {
    #[test]
    fn never_panics(
        noise in prop::collection::vec(any::<u8>(), 0..200),
        rows in prop::collection::vec("[0-9A-E]{4,5},(26)?,[a-z]{3},[A-Z],1,[0-9]?,(000|XXX),,[0-9]?,[0-9]?,1,1,1,[A0-9]{0,5}", 0..5),
        name in "(PPRRVU)?[0-9_JANé]{0,9}",
    ) {
        let _ = (table(&rows.join("\n")), release_of(&name, &[vec![name.clone()]]));
        for format in [SheetFormat::Tab, SheetFormat::Comma, SheetFormat::Xlsx] {
            let _ = read(&noise, format, &name);
        }
    }
}
