//! Reads the official lists that lie beside the repository and compares their counts with those that are known.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read files")]

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
    path::PathBuf,
};

use flate2::read::GzDecoder;
use jiff::civil::date;
use medcode_codes::{code::CodeKey, system::CodeSystem};
use medcode_import::{
    addenda, codes_file, icd9_descriptions, master_csv, mce_bin, order_file,
    poa_exempt::{self, PoaKind},
    rows::ChangeAction,
};

const CM: CodeSystem = CodeSystem::Icd10Cm;
const PCS: CodeSystem = CodeSystem::Icd10Pcs;

/// A file of the test data. `None`, said once for each test, where there are none.
fn file(path: &str) -> Option<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    if !folder.is_dir() {
        eprintln!("skipped: ../shared/data is not there");
        return None;
    }
    Some(std::fs::read(folder.join(path)).unwrap())
}

/// The text files of a zip by name, folders left out.
fn texts(path: &str) -> Option<BTreeMap<String, Vec<u8>>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(file(path)?)).unwrap();
    let mut texts = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let name = entry.name().unwrap().rsplit('/').next().unwrap_or_default().to_owned();
        if name.to_ascii_lowercase().ends_with(".txt") {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            texts.insert(name, bytes);
        }
    }
    Some(texts)
}

fn unzipped(path: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    GzDecoder::new(&file(path)?[..]).read_to_end(&mut bytes).unwrap();
    Some(bytes)
}

fn head(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(1 << 16)]).into_owned()
}

/// The one format that recognises a text file.
fn format(bytes: &[u8]) -> &'static str {
    let head = head(bytes);
    let formats = [
        ("order", order_file::recognises(&head)),
        ("codes", codes_file::recognises(&head)),
        ("addenda", addenda::recognises(&head)),
        ("poa", poa_exempt::recognises(&head)),
        ("icd9", icd9_descriptions::recognises(&head)),
        ("csv", master_csv::recognises(&head)),
        ("mce", mce_bin::recognises(bytes)),
    ];
    let mut fits = formats.into_iter().filter(|(_, fits)| *fits).map(|(name, _)| name);
    let format = fits.next().unwrap_or("none");
    assert_eq!(fits.next(), None, "two formats fit");
    format
}

fn only<'a>(files: &'a BTreeMap<String, Vec<u8>>, wanted: &str) -> &'a [u8] {
    let mut found = files.values().filter(|bytes| format(bytes) == wanted);
    let file = found.next().unwrap();
    assert!(found.next().is_none(), "two files are {wanted}");
    file
}

#[test]
fn reads_every_order_file_with_its_headers_and_codes() {
    for (path, system, lines, headers, codes) in [
        ("icd10cm/cms_2021_dx.zip", CM, 95_358, 22_737, 72_621),
        ("icd10cm/cms_2022_dx.zip", CM, 95_528, 22_778, 72_750),
        ("icd10cm/cms_2023_dx.zip", CM, 96_795, 23_121, 73_674),
        ("icd10cm/cms_2024_dx.zip", CM, 97_296, 23_252, 74_044),
        ("icd10cm/cms_2025_dx.zip", CM, 97_584, 23_324, 74_260),
        ("icd10cm/Code-desciptions-April-2025.zip", CM, 97_584, 23_324, 74_260),
        ("icd10cm/cms_2026_dx.zip", CM, 98_186, 23_467, 74_719),
        ("icd10pcs/cms_2024_pr.zip", PCS, 79_543, 905, 78_638),
        ("icd10pcs/cms_2025_pr.zip", PCS, 79_856, 908, 78_948),
        ("icd10pcs/cms_2026_pr.zip", PCS, 80_029, 914, 79_115),
    ] {
        let Some(files) = texts(path) else { return };
        let order = only(&files, "order");
        assert_eq!(order_file::system_of(order), Some(system), "{path}");
        let rows = order_file::read(order, system, path).unwrap();
        let header_count = rows.iter().filter(|row| row.is_header).count();
        assert_eq!(
            (rows.len(), header_count, rows.len() - header_count),
            (lines, headers, codes),
            "{path}"
        );
        if system == CM {
            let list = only(&files, "codes");
            assert_eq!(codes_file::system_of(list), Some(system), "{path}");
            let mut billable: Vec<_> = rows
                .into_iter()
                .filter(|row| !row.is_header)
                .map(|row| (row.code, row.long))
                .collect();
            billable.sort();
            let listed = codes_file::read(list, system, path).unwrap();
            assert!(listed.into_iter().map(|row| (row.code, row.title)).eq(billable), "{path}");
        }
    }
}

#[test]
fn reads_every_addenda_file_with_its_changes() {
    // Lines added, deleted and revised: of the order file, then of the codes file.
    for (path, system, order, codes) in [
        ("icd10cm/cms_2021_dx.zip", CM, (659, 66, 52), Some((496, 59, 47))),
        ("icd10cm/cms_2022_dx.zip", CM, (5, 1, 1), Some((3, 1, 0))),
        ("icd10cm/cms_2023_dx.zip", CM, (57, 7, 1), Some((42, 7, 1))),
        ("icd10cm/cms_2024_dx.zip", CM, (0, 0, 0), Some((0, 0, 0))),
        ("icd10cm/cms_2025_dx.zip", CM, (324, 36, 14), Some((252, 36, 13))),
        ("icd10cm/Code-desciptions-April-2025.zip", CM, (0, 0, 0), Some((0, 0, 0))),
        ("icd10cm/cms_2026_dx.zip", CM, (630, 28, 45), Some((487, 28, 38))),
        ("icd10pcs/cms_2024_pr.zip", PCS, (41, 6, 3), None),
        ("icd10pcs/cms_2025_pr.zip", PCS, (374, 61, 0), None),
        ("icd10pcs/cms_2026_pr.zip", PCS, (160, 27, 1), None),
    ] {
        let Some(files) = texts(path) else { return };
        let mut found = (None, None);
        for (name, bytes) in files.iter().filter(|(_, bytes)| format(bytes) == "addenda") {
            let addenda = addenda::read(bytes, name).unwrap();
            assert_eq!(addenda.system, system, "{path}, {name}");
            let count =
                |action| addenda.changes.iter().filter(|change| change.action == action).count();
            let counts = (
                count(ChangeAction::Add),
                count(ChangeAction::Delete),
                count(ChangeAction::Revise),
            );
            let half = if addenda.headers.is_some() { &mut found.0 } else { &mut found.1 };
            assert_eq!(half.replace(counts), None, "{path}, {name}");
        }
        assert_eq!(found, (Some(order), codes), "{path}");
    }
}

#[test]
fn reads_the_poa_exempt_lists() {
    let Some(files) = texts("gem_poa_conv/POAexemptCodesFY26.zip") else { return };
    let mut found = Vec::new();
    for (name, bytes) in &files {
        if name.starts_with("ReadMe") {
            assert_eq!(format(bytes), "none");
            continue;
        }
        assert_eq!(format(bytes), "poa", "{name}");
        let list = poa_exempt::read(bytes, name).unwrap();
        let year = (list.kind != PoaKind::Deleted).then_some(2026);
        assert_eq!(list.fiscal_year, year, "{name}");
        let revised = if list.kind == PoaKind::Revised { list.codes.len() } else { 0 };
        assert_eq!(list.before.len(), revised, "{name}");
        found.push((list.kind, list.codes.len()));
    }
    let expected = [
        (PoaKind::Added, 209),
        (PoaKind::Exempt, 38_349),
        (PoaKind::Deleted, 14),
        (PoaKind::Revised, 25),
    ];
    assert_eq!(found, expected);
}

#[test]
fn reads_the_tables_of_the_code_editor_as_csv() {
    let horizon = date(2027, 3, 31);
    for (name, system, rows, codes, pairs, version) in [
        ("icd10cm", CM, 85_122, 75_909, 6_190, date(2025, 10, 1)),
        ("icd10pcs", PCS, 86_910, 82_508, 15_345, date(2026, 10, 1)),
    ] {
        let Some(bytes) = unzipped(&format!("mce/{name}_master.csv.gz")) else { return };
        assert_eq!((format(&bytes), master_csv::system_of(&bytes)), ("csv", Some(system)));
        let master = master_csv::read_master(&bytes, system, name).unwrap();
        let found = (master.horizon, master.rows_read, master.codes.len());
        assert_eq!(found, (horizon, rows, codes), "{name}");
        let valid = master.valid_on(date(2026, 4, 1)).count();
        assert_eq!(valid, if system == CM { 74_719 } else { 79_193 });

        let bytes = unzipped(&format!("mce/{name}_conversions.csv.gz")).unwrap();
        assert_eq!(format(&bytes), "csv");
        let is_code =
            |key: CodeKey| master.codes.binary_search_by_key(&key, |row| row.code).is_ok();
        let conversions = master_csv::read_conversions(&bytes, name, is_code).unwrap();
        assert_eq!((conversions.version, conversions.rows_read), (version, pairs), "{name}");
    }
    let ages = file("mce/age_ranges.csv").unwrap();
    assert_eq!(format(&ages), "csv");
    let ages = master_csv::read_age_ranges(&ages, horizon, "age_ranges.csv").unwrap();
    let maternity: Vec<_> = ages
        .iter()
        .filter(|range| range.group == "Maternity")
        .map(|range| (range.first, range.last, range.period.end))
        .collect();
    assert_eq!(
        (ages.len(), maternity),
        (5, vec![(12, 55, Some(date(2019, 9, 30))), (9, 64, None)])
    );
    let statuses = file("mce/discharge_status.csv").unwrap();
    assert_eq!(format(&statuses), "csv");
    let statuses =
        master_csv::read_discharge_statuses(&statuses, horizon, "discharge_status.csv").unwrap();
    assert_eq!(statuses.len(), 45);
}

#[test]
fn takes_no_other_list_for_one_of_these() {
    for path in ["gem_poa_conv/2018_I10gem.txt", "gem_poa_conv/2018_I9gem.txt"] {
        let Some(bytes) = file(path) else { return };
        assert_eq!(format(&bytes), "none", "{path}");
    }
    for path in ["hcpcs/2019-Alpha-Numeric-HCPCS-File.zip", "hcpcs/2019-HCPCS-Record-Layout.zip"] {
        let Some(files) = texts(path) else { return };
        for (name, bytes) in files {
            assert_eq!(format(&bytes), "none", "{name}");
        }
    }
    for path in ["hcpcs/hcpcs_level_2_2022q2.csv", "icd10cm/cms_2026_dx.zip", "eval/search_dev.tsv"]
    {
        let Some(bytes) = file(path) else { return };
        assert_eq!(format(&bytes), "none", "{path}");
    }
}
