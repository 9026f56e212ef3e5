//! Reads the official files of the index, the tabular list, the conversion table and the mappings, where they are at
//! hand, and compares with the numbers counted by other readers.

use std::{
    collections::BTreeMap,
    io::Read,
    path::{Path, PathBuf},
};

use medcode_codes::{
    gem::GemDirection,
    index_term::{IndexEntry, IndexPart},
    tabular::NodeKind,
};
use medcode_import::{gem, index_xml, tabular_xml};

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
    // Deaths at S06 with D or S: 72 codes that ended on 2017-09-30 and that no list forms.
    assert_eq!(list.billable_codes().len(), 71_486 - 72);
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
