//! Reads the official files of the index, the tabular list, the conversion table and the mappings, where they are at
//! hand, and compares with the numbers counted by other readers.

#![expect(clippy::unwrap_used, reason = "what is missing fails the test")]
#![expect(clippy::disallowed_methods, reason = "the files are read here, not by the importers")]

use std::{
    collections::BTreeMap,
    io::Read,
    path::{Path, PathBuf},
};

use calamine::{Data, Reader, Xlsx};
use medcode_codes::{
    code::CodeKey,
    date::{Date, day::number},
    gem::GemDirection,
    index_term::{IndexEntry, IndexPart},
    tabular::NodeKind,
};
use medcode_import::{conversion_table, cpt, gem, index_xml, tabular_xml};

fn shared(path: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    if folder.is_dir() {
        return Some(folder.join(path));
    }
    eprintln!("skipped: ../shared/data is not there");
    None
}

fn xml_of_2017(name: &str) -> Option<Vec<u8>> {
    let path = shared("icd10cm/ICD10CM_FY2017_Full_XML.zip")?;
    let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut bytes = Vec::new();
    zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    Some(bytes)
}

fn index_of_2017(name: &str) -> Option<index_xml::IndexFile> {
    let bytes = xml_of_2017(name)?;
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(64 << 10)]);
    assert!(index_xml::recognises(&head) && !tabular_xml::recognises(&head));
    let file = index_xml::read(&bytes, name).unwrap();
    assert_eq!(file.year, "2017");
    Some(file)
}

/// Numbers of codes by form.
fn forms(entries: &[IndexEntry]) -> BTreeMap<&'static str, usize> {
    let mut forms = BTreeMap::new();
    for entry in entries.iter().filter(|entry| !entry.code.is_empty()) {
        let form = match entry.code.as_str() {
            code if code.ends_with(".-") => "X.-",
            code if code.ends_with('-') => "X-",
            _ => "complete",
        };
        *forms.entry(form).or_default() += 1;
    }
    forms
}

#[test]
fn main_index_of_2017() {
    let Some(file) = index_of_2017("icd10cm_index_2017.xml") else { return };
    assert_eq!(file.part, IndexPart::Diseases);
    assert_eq!((file.letters, file.main_terms, file.terms), (26, 7_973, 69_226));
    // 59,412 codes (52,855, 6,492 and 65), 15 categories and 130 subcategories, 7 of them with a hyphen.
    let expected = [("X-", 6_492 + 7), ("X.-", 65), ("complete", 52_855 + 15 + 123)];
    assert_eq!(forms(&file.entries), BTreeMap::from(expected));
    assert_eq!(file.entries.iter().filter(|entry| !entry.manifestation.is_empty()).count(), 746);
    assert_eq!(file.entries.iter().filter(|entry| !entry.see.is_empty()).count(), 11_979);
    assert_eq!(file.entries.iter().filter(|entry| !entry.see_also.is_empty()).count(), 1_704);
    assert!(file.no_codes.is_empty());
    let upper =
        file.entries.iter().find(|entry| entry.path == ["Pain", "abdominal", "upper"]).unwrap();
    assert_eq!(upper.code, "R10.10");
    let unbalanced = file.entries.iter().flat_map(|entry| &entry.path);
    let unbalanced =
        unbalanced.filter(|title| title.matches('(').count() != title.matches(')').count());
    assert_eq!(unbalanced.count(), 0);
}

#[test]
fn other_indexes_of_2017() {
    let Some(file) = index_of_2017("icd10cm_eindex_2017.xml") else { return };
    assert_eq!(file.part, IndexPart::ExternalCauses);
    assert_eq!((file.letters, file.main_terms, file.terms), (22, 314, 7_258));
    assert_eq!(forms(&file.entries), BTreeMap::from([("X-", 233), ("complete", 5_975 + 15)]));

    let Some(file) = index_of_2017("icd10cm_neoplasm_2017.xml") else { return };
    assert_eq!(file.part, IndexPart::Neoplasms);
    assert_eq!((file.letters, file.main_terms, file.terms), (1, 1, 1_929));
    let expected = [("X-", 911), ("X.-", 52), ("complete", 8_046)];
    assert_eq!(forms(&file.entries), BTreeMap::from(expected));
    assert_eq!(file.no_codes, [1950], "words in the place of a manifestation");

    let Some(file) = index_of_2017("icd10cm_drug_2017.xml") else { return };
    assert_eq!(file.part, IndexPart::Drugs);
    assert_eq!((file.letters, file.main_terms, file.terms), (27, 5_170, 2_246));
    assert_eq!(forms(&file.entries), BTreeMap::from([("complete", 39_964)]));
    assert_eq!(file.entries[0].column, "Poisoning, Accidental (unintentional)");
}

#[test]
fn tabular_list_of_2017() {
    let Some(bytes) = xml_of_2017("icd10cm_tabular_2017.xml") else { return };
    assert!(tabular_xml::recognises(&String::from_utf8_lossy(&bytes[..64 << 10])));
    let file = tabular_xml::read(&bytes, "tabular.xml").unwrap();
    assert_eq!(file.year, "2017");
    let chapters = file.rows.nodes.iter().filter(|node| node.parent.is_none()).count();
    assert_eq!(chapters, 21);
    let list = file.rows.to_list().unwrap();
    let leaves = list.ids().filter(|id| list.kind(*id) == NodeKind::Code && list.is_leaf(*id));
    let spelled_out = leaves.map(|leaf| list.seventh_characters(leaf).map_or(1, |all| all.len()));
    assert_eq!(spelled_out.sum::<usize>(), 71_486);
    // Deaths at S06 with D or S: 72 codes that later lists rule out in prose.
    assert_eq!(list.billable_codes().len(), 71_486);
}

#[test]
fn mappings_of_2018() {
    for (name, direction, rows, without, combined) in [
        ("2018_I10gem.txt", GemDirection::CmToIcd9, 81_593, 731, 9_033),
        ("2018_I9gem.txt", GemDirection::Icd9ToCm, 24_860, 422, 2_338),
    ] {
        let Some(path) = shared("gem_poa_conv") else { return };
        let bytes = std::fs::read(path.join(name)).unwrap();
        assert!(gem::recognises(&String::from_utf8_lossy(&bytes[..64 << 10])));
        let file = gem::read(&bytes, name).unwrap();
        assert_eq!((file.direction, file.entries.len()), (direction, rows));
        assert_eq!(file.entries.iter().filter(|row| row.to.is_none()).count(), without);
        assert_eq!(file.entries.iter().filter(|row| row.combination).count(), combined);
        let exact = file.entries.iter().filter(|row| !row.approximate).count();
        assert_eq!(exact, 3_522);
    }
}

/// Codes with their first and last days, as numbers.
fn lives() -> Option<Vec<(CodeKey, u32, u32)>> {
    let bytes = std::fs::read(shared("mce/icd10cm_master.csv.gz")?).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
    let life = |line: &str| {
        let fields: Vec<_> = line.split(',').collect();
        let day = |field: &str| field.parse().unwrap();
        (CodeKey::new(fields[0]).unwrap(), day(fields[1]), day(fields[2]))
    };
    Some(text.lines().skip(1).map(life).collect())
}

#[test]
fn conversion_table_of_2026() {
    let Some(path) = shared("gem_poa_conv/ICD-10-CM-CONVERSION-TABLE-FY2026.xlsx") else { return };
    let mut book: Xlsx<_> = calamine::open_workbook(path).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let cells = |row: &[Data]| row.iter().map(ToString::to_string).collect::<Vec<_>>();
    let rows: Vec<_> = (1_u64..).zip(sheet.rows().map(cells)).collect();
    let head: Vec<_> = rows.iter().take(20).map(|(_, cells)| cells.clone()).collect();
    assert!(conversion_table::recognises_rows(&head));

    let table = conversion_table::read(rows, "table.xlsx").unwrap();
    // "S06.890D-S06.899S" names two encounters.
    assert_eq!(table.unread, [3_542, 3_545]);
    assert_eq!(table.rows.len(), 5_892 - 2);
    let none = table.rows.iter().filter(|row| row.previous.is_empty()).count();
    assert_eq!(none, 125);

    let lives = lives().unwrap();
    let mut days: Vec<Date> = table.rows.iter().map(|row| row.effective).collect();
    days.sort_unstable();
    days.dedup();
    assert_eq!(days.len(), 14);
    let (mut pairs, mut unresolved, mut unknown) = (0, Vec::new(), Vec::new());
    for day in days {
        let before = number(day.yesterday().unwrap());
        let valid = lives.iter().filter(|(_, first, last)| (*first..=*last).contains(&before));
        let mut codes: Vec<_> = valid.map(|(code, ..)| *code).collect();
        codes.sort_unstable();
        codes.dedup();
        for row in table.rows.iter().filter(|row| row.effective == day) {
            let previous = row.previous_codes(&codes);
            let is_unknown = |code: &&CodeKey| codes.binary_search(code).is_err();
            unknown.extend(previous.iter().filter(is_unknown).map(|code| (row.line, *code)));
            if previous.is_empty() && !row.previous.is_empty() {
                unresolved.push(row.line);
            }
        }
        let of_day = table.rows.iter().filter(|row| row.effective == day);
        pairs += conversion_table::expand(of_day, &codes).len();
    }
    assert!(unresolved.is_empty(), "{unresolved:?}");
    // Most pairs come from "Codes in Categories T15-T19", which 126 rows name. 35 codes are misprints: no release has
    // Q25.12 or V29.80XA.
    assert_eq!((pairs, unknown.len()), (43_261, 35), "{unknown:?}");
}

#[test]
fn no_file_at_hand_is_taken_for_one_of_cpt() {
    let Some(folder) = shared("") else { return };
    for name in ["gem_poa_conv/2018_I9gem.txt", "hcpcs/hcpcs_level_2_2022q2.csv"] {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        let head = String::from_utf8_lossy(&bytes[..64 << 10]);
        assert!(!cpt::recognises(&head) && !index_xml::recognises(&head), "{name}");
        assert_eq!(gem::recognises(&head), name.contains("gem."), "{name}");
    }
}
