use jiff::civil::date;
use medcode_codes::{
    code::{Code, CodeKey},
    code_table::Lifetime,
    date::Period,
    flag::{Flag, Flags},
    release::{Content, Release},
    system::CodeSystem,
    tabular::NoteKind,
};
use proptest::prelude::*;
use tempfile::TempDir;

use super::{
    APPLICATION_ID, FORMAT, StoreError, catalog_path,
    read::CatalogReader,
    write::{CatalogWriter, add_search_index},
};
use crate::catalog::{
    releases::{ReleaseKind, ReleaseRecord, Source},
    snapshot::{Abbreviation, Snapshot},
    store::digest,
};
use medcode_import::{
    rows::{CodeRow, ConversionRow, TitleRow},
    tabular_xml,
    testing::TABULAR,
};

fn key(text: &str) -> CodeKey {
    CodeKey::new(text).unwrap()
}

fn record(dataset: &str, kind: ReleaseKind, digest: String) -> ReleaseRecord {
    ReleaseRecord {
        release: Release {
            dataset: dataset.to_owned(),
            version: date(2026, 4, 1),
            effective_to: Some(date(2026, 9, 30)),
            digest,
            title: format!("{dataset}, April 2026"),
            content: Content::Complete,
        },
        kind,
        systems: vec![CodeSystem::Icd10Cm],
        horizon: Some(date(2027, 3, 31)),
        source: Source {
            package: "miniature 1.0".to_owned(),
            file: "a.xml".to_owned(),
            sha256: "0".repeat(64),
            licence: "public domain".to_owned(),
            copyright: String::new(),
        },
        imported_at: "2026-11-23T00:00:00Z".to_owned(),
        row_count: 28,
        billable_count: None,
    }
}

fn code(text: &str, lifetime: Lifetime) -> CodeRow {
    CodeRow { code: key(text), lifetime, flags: Vec::new() }
}

fn codes() -> Vec<CodeRow> {
    let since = Lifetime::Dated(Period::since(date(2015, 10, 1)));
    let until = Period { start: date(2015, 10, 1), end: Some(date(2021, 9, 30)) };
    let mut adult = Flags::default();
    adult.insert(Flag::Adult);
    vec![
        code("E1165", since),
        code("E119", since),
        CodeRow {
            code: key("M545"),
            lifetime: Lifetime::Dated(until),
            flags: vec![(until, adult)],
        },
        code("M5450", Lifetime::Dated(Period::since(date(2021, 10, 1)))),
    ]
}

/// A small catalog, complete with its index.
fn catalog(folder: &TempDir) -> std::path::PathBuf {
    let path = catalog_path(folder.path());
    let rows = tabular_xml::read(TABULAR, "tabular.xml").unwrap().rows;
    let mut writer = CatalogWriter::create(&path).unwrap();
    let list = record("icd-10-cm", ReleaseKind::Tabular, digest::of_tabular(&rows, &[]));
    let list = writer.release(list).unwrap();
    writer.tabular(list, &rows).unwrap();
    let codes = codes();
    let digest = digest::of_codes(&[(CodeSystem::Icd10Cm, codes.as_slice())]);
    let master = writer.release(record("mce", ReleaseKind::CodeMaster, digest)).unwrap();
    let table = writer.code_table(CodeSystem::Icd10Cm, master, &codes).unwrap();
    let title = |code, title: &str| TitleRow { code: key(code), title: title.to_owned() };
    let titles = [title("E119", "not shown"), title("M545", "Low back pain")];
    writer.titles(table, master, &titles, |row| row.code != key("E119")).unwrap();
    let pair = ConversionRow { from: key("M545"), to: key("M5450"), effective: date(2021, 10, 1) };
    writer.conversions(table, master, &[pair]).unwrap();
    writer.abbreviations(master, &abbreviations()).unwrap();
    writer.finish("sha256:set").unwrap();
    let snapshot = Snapshot::load_without_index(&path).unwrap();
    add_search_index(&path, &snapshot.search.to_bytes()).unwrap();
    path
}

fn abbreviations() -> Vec<Abbreviation> {
    let expansions = vec!["physical examination".to_owned(), "pulmonary embolism".to_owned()];
    vec![Abbreviation { short: "PE".to_owned(), expansions }]
}

#[test]
fn gives_back_what_was_written() {
    let folder = TempDir::new().unwrap();
    let path = catalog(&folder);
    let snapshot = Snapshot::load(&path).unwrap();

    let datasets: Vec<_> = snapshot.releases.iter().map(|record| &record.release.dataset).collect();
    assert_eq!(datasets, ["icd-10-cm", "mce"]);
    let rows = tabular_xml::read(TABULAR, "tabular.xml").unwrap().rows;
    let expected = record("icd-10-cm", ReleaseKind::Tabular, digest::of_tabular(&rows, &[]));
    assert_eq!(snapshot.releases[0], expected);
    assert_eq!(snapshot.digest, digest::of_releases(&snapshot.releases));
    assert_eq!(snapshot.abbreviations, abbreviations());

    let terminology = &snapshot.terminology;
    let table = terminology.table(CodeSystem::Icd10Cm).unwrap();
    assert_eq!(table.horizon(), Some(date(2027, 3, 31)));
    assert_eq!(table.release().dataset, "mce");
    for row in codes() {
        let entry = table.get(row.code).unwrap();
        assert_eq!(entry.lifetime(), row.lifetime);
        let flags = row.flags.first().map_or(Flags::default(), |(_, flags)| *flags);
        assert_eq!(entry.flags(date(2021, 9, 30)), flags);
        assert_eq!(entry.flags(date(2021, 10, 1)), Flags::default());
    }
    assert_eq!(table.get(key("E119")).unwrap().title(), None);
    assert_eq!(table.get(key("M545")).unwrap().title().unwrap().0, "Low back pain");
    assert_eq!(table.converted(key("M545")).collect::<Vec<_>>(), [key("M5450")]);

    let edition = &terminology.editions()[0];
    assert_eq!(edition.release.version, date(2026, 4, 1));
    let (list, original) = (&edition.list, rows.to_list().unwrap());
    assert_eq!(list.billable_codes(), original.billable_codes());
    for id in list.ids() {
        assert_eq!(list.title(id), original.title(id));
        assert_eq!(list.parent(id), original.parent(id));
        assert!(list.own_notes(id).eq(original.own_notes(id)));
        assert_eq!(list.seventh_characters(id), original.seventh_characters(id));
    }
    let concept = Code::parse(CodeSystem::Icd10Cm, "E11.65").unwrap();
    let concept = terminology.concept(concept, date(2026, 4, 1)).unwrap();
    assert!(concept.notes().iter().any(|note| note.kind == NoteKind::Excludes1));
}

#[test]
fn gives_equal_content_equal_digests() {
    let (one, two) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let digest =
        |folder: &TempDir| CatalogReader::open(&catalog(folder)).unwrap().digest().unwrap();
    assert_eq!(digest(&one), digest(&two));
    let mut other = codes();
    let before = digest::of_codes(&[(CodeSystem::Icd10Cm, other.as_slice())]);
    other[2].flags.clear();
    assert_ne!(digest::of_codes(&[(CodeSystem::Icd10Cm, other.as_slice())]), before);
}

#[test]
fn tells_why_a_file_is_no_catalog() {
    let folder = TempDir::new().unwrap();
    let path = catalog_path(folder.path());
    assert!(matches!(Snapshot::load(&path), Err(StoreError::Missing(_))));
    for content in ["", "no database", &"x".repeat(5_000)] {
        std::fs::write(&path, content).unwrap();
        let error = Snapshot::load(&path).unwrap_err();
        assert!(matches!(error, StoreError::NotACatalog(_)), "{error:?}");
        assert!(error.is_cured_by_install());
    }
}

/// Sets a number in the header of a `SQLite` file.
fn set_header(path: &std::path::Path, pragma: &str, value: i64) {
    rusqlite::Connection::open(path).unwrap().pragma_update(None, pragma, value).unwrap();
}

#[test]
fn leaves_other_formats_alone() {
    let folder = TempDir::new().unwrap();
    let path = catalog(&folder);
    set_header(&path, "user_version", i64::from(FORMAT) + 1);
    let before = std::fs::read(&path).unwrap();
    let newer = Snapshot::load(&path).unwrap_err();
    assert!(matches!(newer, StoreError::Newer { found, .. } if found == FORMAT + 1));
    assert!(newer.to_string().contains("update medcode") && !newer.is_cured_by_install());
    assert_eq!(std::fs::read(&path).unwrap(), before);

    set_header(&path, "user_version", 0);
    let older = Snapshot::load(&path).unwrap_err();
    assert!(matches!(older, StoreError::Older { found: 0, .. }) && older.is_cured_by_install());

    set_header(&path, "user_version", i64::from(FORMAT));
    set_header(&path, "application_id", APPLICATION_ID + 1);
    assert!(matches!(Snapshot::load(&path), Err(StoreError::NotACatalog(_))));
}

#[test]
fn writes_into_no_file_that_is_there() {
    let folder = TempDir::new().unwrap();
    let path = catalog(&folder);
    assert!(CatalogWriter::create(&path).is_err());
    assert!(Snapshot::load(&path).is_ok());
}

#[test]
fn an_index_of_another_format_is_built_anew_and_a_missing_one_is_damage() {
    let folder = TempDir::new().unwrap();
    let path = catalog(&folder);
    let edit = |sql: &str| rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    // The number behind the eight bytes that mark an index is its format.
    edit("UPDATE search_index SET bytes = CAST(substr(bytes, 1, 8) || x'FFFFFF00' AS BLOB)");
    assert!(Snapshot::load(&path).is_ok());
    edit("UPDATE search_index SET bytes = x'00'");
    assert!(matches!(Snapshot::load(&path), Err(StoreError::Damaged(_))));
    edit("DELETE FROM search_index");
    assert!(matches!(Snapshot::load(&path), Err(StoreError::Damaged(_))));
}

#[test]
fn notices_rows_that_do_not_fit() {
    for sql in [
        "UPDATE node SET parent = 27 WHERE number = 5",
        "UPDATE node SET name = 'E11' WHERE name = 'E11.9'",
        "DELETE FROM node WHERE number = 27",
        "INSERT INTO note VALUES (1, 99, 99, 'other', 99, 'belongs to nothing')",
        "UPDATE note SET kind = 'nonsense'",
        "UPDATE code SET code = 'm545' WHERE code = 'M545'",
        "UPDATE code SET first_day = 20151301",
        "UPDATE code_flag SET code = 'M546'",
        "UPDATE flag_set SET names = 'nonsense'",
        "INSERT INTO title VALUES (1, 1, 'Z999', 2, 'belongs to nothing')",
        "DELETE FROM release WHERE dataset = 'mce'",
        "UPDATE release SET kind = 'nonsense'",
        "DELETE FROM property",
        "DROP TABLE note",
    ] {
        let folder = TempDir::new().unwrap();
        let path = catalog(&folder);
        let connection = rusqlite::Connection::open(&path).unwrap();
        connection.pragma_update(None, "foreign_keys", false).unwrap();
        connection.execute_batch(sql).unwrap();
        drop(connection);
        assert!(Snapshot::load(&path).is_err(), "{sql}");
    }
}

#[test]
fn says_that_the_disk_is_full() {
    let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
    assert!(matches!(StoreError::from(full), StoreError::Full));
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL);
    let full = rusqlite::Error::SqliteFailure(code, None);
    assert!(matches!(StoreError::from(full), StoreError::Full));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn never_panics_on_damaged_files(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..60),
        length in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let folder = TempDir::new().unwrap();
        let path = catalog(&folder);
        let mut bytes = std::fs::read(&path).unwrap();
        for (index, value) in changes {
            let at = index.index(bytes.len());
            bytes[at] = value;
        }
        if cut {
            bytes.truncate(length.index(bytes.len()));
        }
        std::fs::write(&path, bytes).unwrap();
        let _ = Snapshot::load(&path);
    }
}
