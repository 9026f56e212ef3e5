use proptest::prelude::*;

use super::*;
use crate::testing::ADDENDA_CM;

const PCS: &[u8] = include_bytes!("../../../tests/releases/mini/icd10pcs-order-addenda.txt");
const CODES: &[u8] = include_bytes!("../../../tests/releases/mini/icd10cm-codes-addenda.txt");

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The miniature with one text in place of another.
fn changed(from: &str, to: &str) -> Result<Addenda, ImportError> {
    let original = text(ADDENDA_CM);
    assert!(original.contains(from), "{from}");
    read(original.replacen(from, to, 1).as_bytes(), "addenda.txt")
}

fn short(change: &ChangeRow) -> String {
    format!("{:?} {:?} {}", change.action, change.is_header, change.code)
}

#[test]
fn reads_order_addenda_of_icd10cm() {
    let addenda = read(ADDENDA_CM, "addenda.txt").unwrap();
    assert_eq!(addenda.system, CodeSystem::Icd10Cm);
    let changes: Vec<_> = addenda.changes.iter().map(short).collect();
    let expected = [
        "Delete Some(false) B880",
        "Add Some(true) B880",
        "Add Some(false) B8801",
        "Add Some(false) B8809",
        "Revise Some(false) A7741",
    ];
    assert_eq!(changes, expected);
    let revised = &addenda.changes[4];
    let long = "Ehrlichiosis chaffeensis [E. chaffeensis]";
    assert_eq!((revised.titles.long.as_str(), revised.titles.short.as_str()), (long, long));
    let before = revised.before.as_ref().unwrap();
    assert_eq!(before.long, "Ehrlichiosis chafeensis [E. chafeensis]");
    let headers = addenda.headers.unwrap();
    assert_eq!((headers.before.lines, headers.after.lines, headers.additions), (3, 4, 1));
    assert_eq!(addenda.codes.after.file, "icd10cm_order_2026.txt");
}

#[test]
fn reads_order_addenda_without_a_flag() {
    let addenda = read(PCS, "addenda.txt").unwrap();
    assert_eq!(addenda.system, CodeSystem::Icd10Pcs);
    let changes: Vec<_> = addenda.changes.iter().map(short).collect();
    assert_eq!(changes, ["Add None 0DT", "Add None 0DTJ4ZZ", "Revise None 10E"]);
    let revised = &addenda.changes[2];
    assert_eq!(revised.titles.short, "Pregnancy, Delivery");
    assert_eq!(revised.before.as_ref().unwrap().short, "Preg, Delivery");
}

#[test]
fn reads_codes_addenda() {
    let addenda = read(CODES, "addenda.txt").unwrap();
    assert_eq!((addenda.system, addenda.headers), (CodeSystem::Icd10Cm, None));
    assert_eq!(addenda.changes.len(), 4);
    assert_eq!(addenda.changes[1].titles.long, "Infestation by Demodex mites");
    assert_eq!(addenda.changes[1].titles.short, "");
}

#[test]
fn takes_a_report_alone_for_no_change() {
    let report = "\r\nCodes\r\n  74044 codes in icd10cm_order_2024.txt\r\n  \
                  74044 codes in icd10cm_order_2024.txt\r\n      0 additions\r\n      \
                  0 deletions\r\n      0 revisions\r\n";
    let addenda = read(report.as_bytes(), "addenda.txt").unwrap();
    assert_eq!((addenda.system, addenda.changes), (CodeSystem::Icd10Cm, Vec::new()));
    assert!(recognises(report));
    let nameless = report.replace("icd10cm_", "");
    assert!(read(nameless.as_bytes(), "addenda.txt").unwrap_err().problem.contains("tells"));
}

#[test]
fn finds_the_system_by_the_changes_where_the_report_does_not_name_it() {
    for (bytes, system) in [
        (ADDENDA_CM, CodeSystem::Icd10Cm),
        (PCS, CodeSystem::Icd10Pcs),
        (CODES, CodeSystem::Icd10Cm),
    ] {
        let nameless = text(bytes).replace("icd10cm_", "").replace("icd10pcs_", "");
        assert_eq!(read(nameless.as_bytes(), "addenda.txt").unwrap().system, system);
    }
}

#[test]
fn names_the_line_that_it_refuses() {
    for (from, to, line) in [
        ("Add:         0 B880 ", "Add:         2 B880 ", 2),
        ("Add:         0 B880 ", "Add:         0 B88.0", 2),
        ("Add:         1 B8801", "Sub:         1 B8801", 3),
        ("Add:         1 B8809", "Add:         1 B8801", 4),
        ("Revise to:   1 A7741", "Revise to:   1 A7742", 6),
        ("Revise to:   1 A7741", "Revise to:   0 A7741", 6),
        ("Revise to:   1 A7741", "Add:         1 A7741", 6),
        ("Revise from: 1 A7741", "Add:         1 A7741", 6),
        ("of which", "of what", 14),
        ("      1 additions", "      2 additions", 8),
        ("      2 additions", "      3 additions", 19),
        ("      0 deletions", "      0 additions", 12),
        ("Codes", "Headers", 19),
    ] {
        let error = changed(from, to).unwrap_err();
        assert_eq!(error.place, Place::Line(line), "{from}: {error}");
    }
}

#[test]
fn refuses_files_that_are_not_whole() {
    let whole = text(ADDENDA_CM);
    for end in ["\r\nHeaders", "\r\nCodes", "      1 revisions\r\nof which"] {
        let cut = &whole[..whole.rfind(end).unwrap()];
        let problem = read(cut.as_bytes(), "addenda.txt").unwrap_err().problem;
        assert!(problem.contains("not whole"), "{problem}");
    }
    assert!(read(b"", "addenda.txt").is_err());
    let behind = format!("{whole}Add:         1 B8810   a\r\n");
    assert!(read(behind.as_bytes(), "addenda.txt").unwrap_err().problem.contains("behind"));
}

proptest! {
    #[test]
    fn never_panics(
        bytes in prop::collection::vec(any::<u8>(), 0..120),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..9),
        length in any::<prop::sample::Index>(),
    ) {
        let mut file = ADDENDA_CM.to_vec();
        for (index, value) in changes {
            let at = index.index(file.len());
            file[at] = value;
        }
        file.truncate(length.index(file.len()) + 1);
        for bytes in [bytes, file] {
            let _ = read(&bytes, "addenda.txt");
            let _ = recognises(&String::from_utf8_lossy(&bytes));
        }
    }
}
