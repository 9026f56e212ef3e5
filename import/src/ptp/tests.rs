use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::testing::workbook_file;

const F1: &[u8] = include_bytes!("../../../tests/releases/mini/ccipra-v320r0-f1.txt");
const F2: &[u8] = include_bytes!("../../../tests/releases/mini/ccipra-v320r0-f2.csv");
const HEADER: &str = "Column 1\tColumn 2\t*=in existence prior to 1996\tEffective Date\tDeletion Date *=no \
                      data\tModifier 0=not allowed 1=allowed 9=not applicable\tPTP Edit Rationale\n";

fn read(rows: &str) -> Result<PtpRelease, ImportError> {
    let mut collector = PtpCollector::default();
    collector.add(format!("{HEADER}{rows}").as_bytes(), SheetFormat::Tab, "edits.txt")?;
    collector.finish()
}

fn written(release: &PtpRelease) -> Vec<String> {
    let written = |edit: &PtpEdit| {
        let until = edit.deleted.map_or_else(|| "*".to_owned(), |day| day.to_string());
        let reason = &release.rows.rationales[usize::from(edit.rationale)];
        let (one, two, from) = (edit.column1, edit.column2, edit.from);
        format!("{one} {two} {from} {until} {:?} {} {reason}", edit.modifier, edit.before_1996)
    };
    release.rows.edits.iter().map(written).collect()
}

#[test]
fn collects_the_parts_of_a_release() {
    let mut collector = PtpCollector::default();
    collector.add(F2, SheetFormat::Comma, "ccipra-v320r0-f2.csv").unwrap();
    collector.add(F1, SheetFormat::Tab, "a/ccipra-v320r0-f1.TXT").unwrap();
    let release = collector.finish().unwrap();
    assert_eq!(release.setting, Some(EditSetting::Practitioner));
    assert_eq!(release.quarter, Some(date(2026, 1, 1)));
    assert_eq!(release.parts, BTreeSet::from([1, 2]));
    assert_eq!(release.passed_over, PassedOver { other: 9, dental: 1 });
    assert_eq!(release.repeated, 0);
    assert_eq!(
        written(&release),
        [
            "00000 99999 1996-01-01 * Allowed true Invented reason one",
            "00000 A0000 2024-01-01 2024-12-31 NotAllowed false Invented reason two",
            "00000 A0001 2025-01-01 2025-01-01 NotApplicable false Invented reason two",
            "A0001 99999 2026-01-01 * NotAllowed false Invented reason one",
            "A0002 A0003 2020-01-01 2025-12-31 NotAllowed false ",
            "A0002 A0003 2026-01-01 * Allowed false Invented reason, the third",
        ]
    );
}

#[test]
fn reads_workbooks() {
    let header: Vec<_> = HEADER.trim().split('\t').collect();
    let book = workbook_file(&[(
        "edits",
        &[
            &["Column1/Column2 Edits of hospitals"],
            &header,
            &["", "", "", "", "", "more of the header"],
            &["00000", "99999", "", "20260101", "*", "1", "Invented"],
        ],
    )]);
    let mut collector = PtpCollector::default();
    collector.add(&book, SheetFormat::Xlsx, "edits.xlsx").unwrap();
    let release = collector.finish().unwrap();
    assert_eq!(release.setting, Some(EditSetting::Hospital));
    assert_eq!((release.quarter, release.parts.len()), (None, 0));
    assert_eq!(written(&release), ["00000 99999 2026-01-01 * Allowed false Invented"]);
}

#[test]
fn drops_repeated_rows_and_keeps_edits_that_never_applied() {
    let row = "00000\t99999\t\t20200101\t*\t1\tInvented\n";
    let never = "00000\t99999\t\t20200101\t20200101\t9\tInvented\n";
    let release = read(&format!("{row}{never}{row}")).unwrap();
    assert_eq!((release.rows.edits.len(), release.repeated), (2, 1));
    let other = "00000\t99999\t\t20200101\t*\t0\tInvented\n";
    let error = read(&format!("{row}{other}")).unwrap_err();
    assert!(error.problem.contains("00000 and 99999 have two different edits"), "{error}");
}

#[test]
fn refuses_broken_rows_with_their_lines() {
    let good = "00000\t99999\t\t20200101\t*\t1\tInvented\n";
    for (row, part) in [
        ("0000\t99999\t\t20200101\t*\t1\tsecret", "two codes"),
        ("00000\t9999a\t\t20200101\t*\t1\tsecret", "two codes"),
        ("\t\t\t20200101\t*\t1\tsecret", "two codes"),
        ("00000\t99999\tx\t20200101\t*\t1\tsecret", "before 1996"),
        ("00000\t99999\t\t20200230\t*\t1\tsecret", "effective date"),
        ("00000\t99999\t\t20200101\t\t1\tsecret", "deletion date"),
        ("00000\t99999\t\t20200102\t20200101\t1\tsecret", "before it began"),
        ("00000\t99999\t\t20200101\t*\t2\tsecret", "modifier indicator"),
        ("00000\t99999\t\t20200101\t*", "six or seven"),
        ("00000\t99999\t\t20200101\t*\t1\tsecret\tmore", "six or seven"),
    ] {
        let error = read(&format!("{good}\n{row}\n{good}")).unwrap_err();
        assert!(error.problem.contains(part), "{error}");
        assert_eq!(error.place, Place::Line(4), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

#[test]
fn refuses_tables_of_other_kinds() {
    let add = |text: &str| {
        PtpCollector::default().add(text.as_bytes(), SheetFormat::Tab, "edits.txt").unwrap_err()
    };
    assert!(add("a\tb\nc\td\n").problem.contains("header"));
    let row = "00000\t99999\t\t20200101\t*\t1\tInvented\n";
    assert!(add(row).problem.contains("header"));
    let swapped = HEADER.replace("Effective", "x").replace("Deletion", "Effective");
    assert!(add(&format!("{swapped}{row}")).problem.contains("columns"));
    assert!(read("").unwrap_err().problem.contains("no edit"));
}

#[test]
fn refuses_parts_that_do_not_belong_together() {
    let mut collector = PtpCollector::default();
    collector.add(F1, SheetFormat::Tab, "ccipra-v320r0-f1.txt").unwrap();
    let mut other = |name| collector.add(F1, SheetFormat::Tab, name).unwrap_err().problem;
    assert!(other("ccioph-v320r0-f2.txt").contains("another setting"));
    assert!(other("ccipra-v321r0-f2.txt").contains("another quarter"));
}

#[test]
fn takes_setting_and_quarter_from_names_and_titles() {
    let title = [vec!["Outpatient hospital edits".to_owned()], vec!["Column 1".to_owned()]];
    assert_eq!(setting_of("ccipra-v320r0-f1.txt", &title), Ok(EditSetting::Practitioner));
    assert_eq!(setting_of("edits.txt", &title), Ok(EditSetting::Hospital));
    assert_eq!(setting_of("hospital/edits.txt", &[]), Err(UnknownSetting));
    for (name, quarter) in [
        ("ccipra-v320r0-f1.TXT", Some(date(2026, 1, 1))),
        ("ccioph-v323r1-f4.xlsx", Some(date(2026, 10, 1))),
        ("CCIPRA-V313R0-F1.txt", Some(date(2025, 10, 1))),
        ("ccipra-v330.zip", Some(date(2027, 1, 1))),
        ("ccipra-v324r0-f1.txt", None),
        ("ccipra-f1.txt", None),
        ("v32x.txt", None),
    ] {
        assert_eq!(release_of(name), quarter, "{name}");
    }
    assert_eq!(part_of("ccipra-v320r0-f4.TXT"), Some(4));
    assert_eq!(part_of("fees-f0-final.txt"), None);
}

/// Half a million rows: little memory for each, and quick. The time is shown with `--nocapture`.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test may look at the clock")]
fn keeps_little_of_each_row() {
    use std::fmt::Write as _;

    const ROWS: usize = 500_000;
    let mut text = HEADER.to_owned();
    for number in 0..ROWS {
        let (one, two) = (number / 700, number % 700);
        let reason = number % 20;
        writeln!(text, "A{one:04}\tB{two:04}\t\t20200101\t*\t1\tInvented reason {reason}").unwrap();
    }
    let start = std::time::Instant::now();
    let mut collector = PtpCollector::default();
    collector.add(text.as_bytes(), SheetFormat::Tab, "edits.txt").unwrap();
    let reserved = collector.rows.edits.capacity() * size_of::<PtpEdit>();
    let release = collector.finish().unwrap();
    eprintln!(
        "{ROWS} rows, {} MB of text: {:?}, {} bytes a row while reading",
        text.len() >> 20,
        start.elapsed(),
        reserved / ROWS
    );
    assert_eq!((release.rows.edits.len(), release.rows.rationales.len()), (ROWS, 20));
    assert!(reserved / ROWS < 100, "{reserved}");
}

proptest! {
    #[test]
    fn never_panics(
        noise in prop::collection::vec(any::<u8>(), 0..200),
        rows in prop::collection::vec("[0-9A-E]{4,5}\t[0-9A-E]{5}\t[*]?\t20[0-9]{6}\t([*]|2[0-9]{7})\t[0-9]", 0..6),
        name in "\\PC{0,20}",
    ) {
        let _ = read(&rows.join("\n"));
        let _ = (release_of(&name), part_of(&name), setting_of(&name, &[]));
        for format in [SheetFormat::Tab, SheetFormat::Comma, SheetFormat::Xlsx] {
            let _ = PtpCollector::default().add(&noise, format, &name);
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(
        days in prop::collection::btree_set(20_200_101_u32..20_200_129, 1..8),
        turn in any::<prop::sample::Index>(),
    ) {
        let rows: Vec<_> =
            days.iter().map(|day| format!("00000\t99999\t\t{day}\t*\t1\tInvented")).collect();
        let mut mixed = rows.clone();
        mixed.rotate_left(turn.index(rows.len()));
        mixed.reverse();
        prop_assert_eq!(read(&rows.join("\n")).unwrap(), read(&mixed.join("\n")).unwrap());
    }
}
