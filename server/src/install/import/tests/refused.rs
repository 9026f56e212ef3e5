//! Bad input: refused whole, with file and place; the catalog keeps every byte.

use super::*;
use crate::archive::testing::{climbing_zip, encrypted_zip, zip_bomb};

/// A file or archive that must be refused.
struct Bad {
    what: &'static str,
    name: &'static str,
    bytes: Vec<u8>,
    /// What the message begins with: file and place.
    at: &'static str,
    /// What it says.
    says: &'static str,
}

fn bad(
    what: &'static str,
    name: &'static str,
    bytes: impl Into<Vec<u8>>,
    at: &'static str,
    says: &'static str,
) -> Bad {
    Bad { what, name, bytes: bytes.into(), at, says }
}

const ORDER: &str = "icd10cm_order_2025.txt";

/// An order file with another line in the place of one.
fn with_line(number: usize, line: &[u8]) -> Vec<u8> {
    let order = order_file(&VALID, "Broken");
    let mut lines: Vec<&[u8]> = order.split_inclusive(|byte| *byte == b'\n').collect();
    lines[number - 1] = line;
    lines.concat()
}

fn texts() -> Vec<Bad> {
    let twice = order_line(7, "E119", "Twice");
    let gap = order_line(9, "S060X0D", "Gap");
    let no_code = order_line(3, "E11..9", "Shape");
    let latin = order_line(5, "H540X33", "Umlaut").replace('U', "\u{DC}");
    let latin: Vec<u8> = latin.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let hcpcs = "hcpcs,seqnum,recid,long_description,short_description,term_dt\n";
    let other_year = &VALID[..5];
    vec![
        bad(
            "a code twice",
            ORDER,
            with_line(7, twice.as_bytes()),
            "icd10cm_order_2025.txt, line 7: ",
            "stands twice",
        ),
        bad(
            "a missing line",
            ORDER,
            with_line(7, gap.as_bytes()),
            "icd10cm_order_2025.txt, line 7: ",
            "order numbers",
        ),
        bad(
            "no code",
            ORDER,
            with_line(3, no_code.as_bytes()),
            "icd10cm_order_2025.txt, line 3: ",
            "no ICD-10-CM code",
        ),
        bad(
            "no columns",
            ORDER,
            with_line(2, b"words\r\n"),
            "icd10cm_order_2025.txt, line 2: ",
            "has not the form",
        ),
        bad(
            "another encoding",
            ORDER,
            with_line(5, &latin),
            "icd10cm_order_2025.txt, line 5: ",
            "not ASCII",
        ),
        bad("two bytes a character", ORDER, utf16(&order_file(&VALID, "Wide")), "", "no format"),
        bad(
            "codes of another year",
            "icd10cm_order_2024.txt",
            order_file(&VALID, "Late"),
            "icd10cm_order_2024.txt",
            "add --release 2024-10-01",
        ),
        bad(
            "codes of no year",
            ORDER,
            order_file(other_year, "Few"),
            "icd10cm_order_2025.txt",
            "only the latter has",
        ),
        bad(
            "a day that there is not",
            "hcpcs_2026q1.csv",
            format!("{hcpcs}A0001,0010,3,Invented,Inv,20260231\n"),
            "hcpcs_2026q1.csv, line 2: ",
            "termination",
        ),
        bad(
            "an XML entity bomb",
            "icd10cm_tabular_2025.xml",
            "<?xml version=\"1.0\"?>\n<!DOCTYPE t [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;\">]>\n<ICD10CM.tabular><version>2025</version>&b;</ICD10CM.tabular>",
            "icd10cm_tabular_2025.xml, line 2: ",
            "document type definition",
        ),
        bad(
            "XML cut short",
            "icd10cm_tabular_2025.xml",
            "<ICD10CM.tabular>\n<version>2025</version>\n<chapter>",
            "icd10cm_tabular_2025.xml, line 3: ",
            "",
        ),
        bad(
            "an endless line",
            ORDER,
            vec![b'0'; 17 << 20],
            "icd10cm_order_2025.txt, line 1: ",
            "longer than 16 MiB",
        ),
    ]
}

fn archives() -> Vec<Bad> {
    let mut cut = zip_of(&[(ORDER, &order_file(&VALID, "Cut"))]);
    cut.truncate(cut.len() / 3 * 2);
    let twice = with_line(7, order_line(7, "E119", "Twice").as_bytes());
    vec![
        bad("a zip cut short", "cms.zip", cut, "cms.zip: ", "is damaged"),
        bad("a zip bomb", "cms.zip", zip_bomb(), "cms.zip/codes.txt: ", "200 times its size"),
        bad(
            "a path that climbs out",
            "cms.zip",
            climbing_zip(),
            "cms.zip/../../climbed.txt: ",
            "name of this member",
        ),
        bad("an encrypted zip", "cms.zip", encrypted_zip(), "cms.zip/codes.txt: ", "is encrypted"),
        bad(
            "a good file beside a broken one",
            "cms.zip",
            zip_of(&[
                ("a/icd10cm_order_2025.txt", &order_file(&VALID, "Good")),
                ("b/icd10cm_order_2025.txt", &twice),
            ]),
            "cms.zip/b/icd10cm_order_2025.txt, line 7: ",
            "stands twice",
        ),
    ]
}

fn utf16(text: &[u8]) -> Vec<u8> {
    [0xFF, 0xFE].into_iter().chain(text.iter().flat_map(|byte| [*byte, 0])).collect()
}

#[test]
fn names_file_and_place_and_changes_nothing() {
    let place = Place::new();
    let before = place.catalog();
    let refuse = |what: &str, path: PathBuf, at: &str, says: &str| {
        let error = place.import(path).expect_err(what).to_string();
        assert!(error.starts_with(at) && error.contains(says), "{what}: {error}");
        assert!(place.catalog() == before, "{what}: the catalog has changed");
        assert_eq!(place.left(), ["catalog.db"], "{what}");
    };
    for Bad { what, name, bytes, at, says } in texts().into_iter().chain(archives()) {
        refuse(what, place.save(name, &bytes), at, says);
        // A good file in the same call does not come in alone.
        place.save("icd10cm_order_2026.txt", &order_file(&VALID, "Good"));
        if at.starts_with(name) {
            refuse(what, place.folder.path().join("official"), "", says);
        }
        fs::remove_dir_all(place.folder.path().join("official")).unwrap();
    }
}

#[test]
fn reads_nothing_of_a_file_of_two_gigabytes() {
    let place = Place::new();
    let before = place.catalog();
    let path = place.save(ORDER, &[b'0'; 8 << 10]);
    // Sparse, so it takes no room.
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(2 << 30).unwrap();
    let error = place.import(path).unwrap_err().to_string();
    assert!(error.starts_with(ORDER) && error.contains("larger than 512 MiB"), "{error}");
    assert!(place.catalog() == before);
}
