//! The official files of HCPCS Level II, where they are at hand: counts, and that the twins agree.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
    path::{Path, PathBuf},
};

use calamine::Reader;
use flate2::read::GzDecoder;
use jiff::civil::date;
use medcode_codes::hcpcs_record::HcpcsRecord;
use medcode_import::{
    addendum_b, documentation, hcpcs_anweb, hcpcs_code_list, hcpcs_lines::HcpcsFile, hcpcs_table,
    processing_notes,
};

/// Bytes by which a file is recognised.
const HEAD: usize = 64 << 10;

/// The folder of official files, or `None` and a line that says so.
fn data() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: ../shared/data is not there");
    None
}

#[expect(clippy::disallowed_methods, reason = "a test is an edge: the importers read no file")]
fn bytes(folder: &Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(name)).unwrap()
}

/// The files of an archive, by name.
fn unzipped(folder: &Path, name: &str) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes(folder, name))).unwrap();
    let read = (0..archive.len()).map(|index| {
        let mut file = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        (file.name().unwrap().into_owned(), content)
    });
    read.collect()
}

fn head(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).into_owned()
}

fn of_2019(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    unzipped(folder, "hcpcs/2019-Alpha-Numeric-HCPCS-File.zip")
}

/// The sheets of a workbook, each a list of rows from line 1 on.
fn sheets(workbook: &[u8]) -> Vec<Vec<Vec<String>>> {
    let mut workbook = calamine::Xlsx::new(Cursor::new(workbook)).unwrap();
    let names = workbook.sheet_names();
    let rows = |name: String| {
        let sheet = workbook.worksheet_range(&name).unwrap();
        let skipped = usize::try_from(sheet.start().unwrap().0).unwrap();
        let empty = vec![Vec::new(); skipped];
        let rows = sheet.rows().map(|row| row.iter().map(ToString::to_string).collect());
        empty.into_iter().chain(rows).collect()
    };
    names.into_iter().map(rows).collect()
}

fn modifiers(file: &HcpcsFile) -> usize {
    file.records.iter().filter(|record| record.is_modifier).count()
}

fn codes(file: &HcpcsFile) -> Vec<&HcpcsRecord> {
    file.records.iter().filter(|record| !record.is_modifier).collect()
}

#[test]
fn the_alpha_numeric_file_of_2019_has_its_counts() {
    let Some(folder) = data() else { return };
    let files = of_2019(&folder);
    let bytes = &files["HCPC2019_CONTR_ANWEB.txt"];
    assert!(hcpcs_anweb::recognises(&head(bytes)));
    let file = hcpcs_anweb::read(bytes, "HCPC2019_CONTR_ANWEB.txt").unwrap();
    let codes = codes(&file);
    assert_eq!((codes.len(), modifiers(&file), file.dropped), (6_440, 360, 0));
    assert_eq!(codes.iter().filter(|record| record.terminated.is_some()).count(), 506);
    let mut coverage = BTreeMap::new();
    for record in &codes {
        *coverage.entry(record.coverage.unwrap()).or_insert(0) += 1;
    }
    let expected = [('C', 3_539), ('D', 1_887), ('I', 785), ('M', 104), ('S', 125)];
    assert_eq!(coverage, BTreeMap::from(expected));
    let ended = codes.iter().find(|record| &*record.code.text() == "C9463").unwrap();
    assert_eq!(ended.terminated, Some(date(2018, 12, 31)));
    assert_eq!(ended.cross_references[0].to_string(), "J0185");
    assert!(file.records.iter().all(|record| record.added.is_some() && !record.short.is_empty()));
}

#[test]
fn the_workbook_is_the_twin_of_the_text() {
    let Some(folder) = data() else { return };
    let files = of_2019(&folder);
    let text = hcpcs_anweb::read(&files["HCPC2019_CONTR_ANWEB.txt"], "anweb.txt").unwrap();
    let sheet = sheets(&files["HCPC2019_CONTR_ANWEB.xlsx"]).remove(0);
    assert!(hcpcs_table::recognises_rows(&sheet[..30]));
    let table = hcpcs_table::read_rows((1..).zip(sheet), "anweb.xlsx").unwrap();
    assert_eq!(table.records.len(), text.records.len());
    let (mut without_action_date, mut other_types) = (0, 0);
    for (table, text) in table.records.iter().zip(&text.records) {
        let mut table = table.clone();
        // The workbook leaves out some dates that the text has, and has two types of service more.
        if table.action_effective.is_none() && text.action_effective.is_some() {
            table.action_effective = text.action_effective;
            without_action_date += 1;
        }
        if table.types_of_service != text.types_of_service {
            table.types_of_service.clone_from(&text.types_of_service);
            other_types += 1;
        }
        assert_eq!(table, *text);
    }
    assert_eq!((without_action_date, other_types), (115, 2));
    assert_eq!((table.dropped, table.tells_terminations), (0, true));
}

#[test]
fn the_csv_of_2022_has_its_counts() {
    let Some(folder) = data() else { return };
    let bytes = bytes(&folder, "hcpcs/hcpcs_level_2_2022q2.csv");
    assert!(hcpcs_table::recognises(&head(&bytes)));
    let file = hcpcs_table::read_csv(&bytes, "hcpcs.csv").unwrap();
    let codes = codes(&file);
    assert_eq!((codes.len(), modifiers(&file), file.dropped), (7_125, 375, 0));
    assert!(!file.tells_terminations);
    let long = codes.iter().find(|record| &*record.code.text() == "G0503").unwrap();
    assert!(long.long.ends_with(
        "and/or other treatment goals and are prepared for discharge from active treatment"
    ));
}

#[test]
fn the_list_of_2026_has_its_counts() {
    let Some(folder) = data() else { return };
    let mut list = Vec::new();
    let packed = bytes(&folder, "hcpcs/hcpcs_level2_2026q3.txt.gz");
    GzDecoder::new(&*packed).read_to_end(&mut list).unwrap();
    assert!(hcpcs_code_list::recognises(&head(&list)));
    assert_eq!(hcpcs_code_list::read(&list, "codes.txt").unwrap().len(), 8_725);
}

#[test]
fn addendum_b_has_its_counts() {
    let Some(folder) = data() else { return };
    for (name, kept, of_other_quarters) in [
        ("addendum_b_2020-04_level2.csv", 5_394, 86),
        ("addendum_b_2021-10_level2.csv", 5_461, 292),
        ("addendum_b_2022-10_level2.csv", 5_610, 358),
        ("addendum_b_2023-10_level2.csv", 5_883, 0),
        ("addendum_b_2024-10_level2.csv", 6_284, 0),
        ("addendum_b_2025-04_level2.csv", 6_442, 0),
        ("addendum_b_2025-07_level2.csv", 6_470, 0),
        ("addendum_b_2025-10_level2.csv", 6_541, 0),
    ] {
        let bytes = bytes(&folder, &format!("hcpcs/addendum_b/{name}"));
        assert!(addendum_b::recognises(&head(&bytes)), "{name}");
        let quarter = addendum_b::quarter_in(name).unwrap();
        let table = addendum_b::read_csv(&bytes, quarter, name).unwrap();
        let counts = (table.rows.len(), table.of_other_quarters, table.dropped);
        assert_eq!(counts, (kept, of_other_quarters, 0), "{name}");
    }
}

#[test]
fn the_processing_notes_of_2019_lose_those_with_licensed_numbers() {
    let Some(folder) = data() else { return };
    let bytes = &of_2019(&folder)["proc_notes_2019.txt"];
    assert!(processing_notes::recognises(&head(bytes)));
    let read = processing_notes::read(bytes, "proc_notes_2019.txt").unwrap();
    assert_eq!(read.notes.len() + read.dropped, 218);
    assert_eq!(read.notes.last().unwrap().number, "0218");
}

/// Every importer of this group and every file of the folder that is text: each is taken by at most one.
#[test]
fn each_file_is_taken_by_its_own_importer_alone() {
    let Some(folder) = data() else { return };
    let archives = [
        "hcpcs/2019-Alpha-Numeric-HCPCS-File.zip",
        "hcpcs/2019-HCPCS-Record-Layout.zip",
        "icd10cm/cms_2026_dx.zip",
        "icd10cm/ICD10CM_FY2017_Full_XML.zip",
        "icd10pcs/cms_2026_pr.zip",
        "gem_poa_conv/POAexemptCodesFY26.zip",
    ];
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for archive in archives {
        files.extend(unzipped(&folder, archive));
    }
    for single in [
        "hcpcs/hcpcs_level_2_2022q2.csv",
        "hcpcs/addendum_b/addendum_b_2025-10_level2.csv",
        "gem_poa_conv/2018_I10gem.txt",
        "gem_poa_conv/2018_I9gem.txt",
    ] {
        files.insert(single.to_owned(), bytes(&folder, single));
    }
    let mut taken = BTreeMap::new();
    for (name, bytes) in &files {
        let head = head(bytes);
        let mut by = Vec::new();
        if Path::new(name).extension().is_some_and(|extension| extension == "xlsx") {
            for sheet in sheets(bytes) {
                let rows = &sheet[..sheet.len().min(30)];
                by.extend(hcpcs_table::recognises_rows(rows).then_some("table"));
                by.extend(addendum_b::recognises_rows(rows).then_some("addendum"));
                by.extend(documentation::what_is_table(rows));
            }
        } else {
            by.extend(hcpcs_anweb::recognises(&head).then_some("anweb"));
            by.extend(hcpcs_table::recognises(&head).then_some("table"));
            by.extend(hcpcs_code_list::recognises(&head).then_some("list"));
            by.extend(addendum_b::recognises(&head).then_some("addendum"));
            by.extend(processing_notes::recognises(&head).then_some("notes"));
            by.extend(documentation::what_is(&head, name));
        }
        if !by.is_empty() {
            taken.insert(name.as_str(), by.join(", "));
        }
    }
    let expected = [
        ("Changes_by_ActionCode.prn", "a report of changes"),
        ("Changes_by_HCPCSCode.prn", "a report of changes"),
        ("HCPC2019_CONTR_ANWEB.txt", "anweb"),
        ("HCPC2019_CONTR_ANWEB.xlsx", "table"),
        ("HCPC2019_README.txt", "a read-me file"),
        (
            "HCPC2019_Trans_Alpha.xlsx",
            "a report of changes, a report of changes, a key to action codes",
        ),
        ("HCPCS2019_recordlayout.txt", "a record layout"),
        ("ReadMePOAexemptFY26.txt", "a read-me file"),
        ("hcpcs/addendum_b/addendum_b_2025-10_level2.csv", "addendum"),
        ("hcpcs/hcpcs_level_2_2022q2.csv", "table"),
        ("icd10OrderFiles.pdf", "a PDF document"),
        ("icd10cmCodesFile.pdf", "a PDF document"),
        ("icd10cm_drug_neoplasm.xsd", "an XML schema"),
        ("icd10cm_index.xsd", "an XML schema"),
        ("icd10cm_tabular.xsd", "an XML schema"),
        ("icd10pcsOrderFile.pdf", "a PDF document"),
        ("proc_notes_2019.txt", "notes"),
    ];
    assert_eq!(taken, expected.map(|(name, by)| (name, by.to_owned())).into());
}
