use jiff::civil::date;
use medcode_codes::{
    code::{Code, CodeKey},
    code_table::Lifetime,
    date::Period,
    flag::{Flag, Flags},
    release::{Content, Release},
    system::CodeSystem,
    tabular::{NoteKind, TabularList},
};
use proptest::prelude::*;
use tempfile::TempDir;

use super::{
    APPLICATION_ID, FORMAT, StoreError, catalog_path, encoding, read::CatalogReader,
    write::CatalogWriter,
};
use crate::catalog::{
    assemble::{Loaded, assemble},
    parts,
    releases::{ReleaseKind, ReleaseRecord, Source},
    search::SearchIndex,
    snapshot::{Abbreviation, Snapshot},
    store::digest,
    verify::verify,
};
use medcode_import::{
    rows::{CodeRow, ConversionRow, ListedRow, MasterRows, Rows},
    tabular_xml,
    testing::TABULAR,
};

fn key(text: &str) -> CodeKey {
    CodeKey::new(text).unwrap()
}

/// A release of the miniature and its rows as stored.
fn release(dataset: &str, rows: &Rows) -> (ReleaseRecord, Vec<u8>) {
    let encoded = encoding::encode_rows(rows).unwrap();
    let record = ReleaseRecord {
        release: Release {
            dataset: dataset.to_owned(),
            version: date(2026, 4, 1),
            effective_to: Some(date(2026, 9, 30)),
            digest: encoded.digest,
            title: format!("{dataset}, April 2026"),
            content: Content::Complete,
        },
        kind: ReleaseKind::of(rows),
        systems: vec![CodeSystem::Icd10Cm],
        horizon: Some(date(2027, 3, 31)),
        is_default: false,
        source: Source {
            package: "miniature 1.0".to_owned(),
            file: "a.xml".to_owned(),
            sha256: "0".repeat(64),
            licence: "public domain".to_owned(),
            copyright: String::new(),
        },
        imported_at: "2026-11-23T00:00:00Z".to_owned(),
        row_count: u32::try_from(rows.count()).unwrap(),
        billable_count: None,
        remarks: vec!["one".to_owned(), "two".to_owned()],
    };
    (record, encoded.bytes)
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

fn rows() -> Vec<(&'static str, Rows)> {
    let codes = vec![MasterRows {
        system: CodeSystem::Icd10Cm,
        horizon: date(2027, 3, 31),
        codes: codes(),
    }];
    let master =
        Rows::CodeMaster { systems: codes, age_ranges: Vec::new(), discharge_statuses: Vec::new() };
    let listed = ListedRow {
        code: key("M545"),
        is_header: false,
        short: String::new(),
        long: "Low back pain".to_owned(),
    };
    let pair = ConversionRow { from: key("M545"), to: key("M5450"), effective: date(2021, 10, 1) };
    vec![
        ("icd-10-cm", Rows::Tabular(tabular_xml::read(TABULAR, "tabular.xml").unwrap().rows)),
        ("mce", master),
        ("titles", Rows::CodeList(vec![listed])),
        ("conversions", Rows::Conversions(vec![pair])),
        ("abbreviations", Rows::Abbreviations(abbreviations())),
    ]
}

/// A small catalog, complete with its index.
fn catalog(folder: &TempDir) -> std::path::PathBuf {
    let loaded = |(dataset, rows)| (release(dataset, &rows), rows);
    catalog_of(folder, rows().into_iter().map(loaded))
}

fn catalog_of(
    folder: &TempDir,
    releases: impl Iterator<Item = ((ReleaseRecord, Vec<u8>), Rows)>,
) -> std::path::PathBuf {
    let path = catalog_path(folder.path());
    let mut writer = CatalogWriter::create(&path).unwrap();
    let mut all = Vec::new();
    for ((record, encoded), rows) in releases {
        writer.release(&record, &encoded).unwrap();
        all.push(Loaded { record, rows });
    }
    let assembled = assemble(all).unwrap();
    let search = SearchIndex::build(&assembled.terminology, &assembled.abbreviations);
    parts::write(&mut writer, &assembled, &search).unwrap();
    writer.finish(&path, Some("sha256:set")).unwrap();
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
    let reader = CatalogReader::open(&path).unwrap();
    assert_eq!(reader.default_set().unwrap().as_deref(), Some("sha256:set"));
    reader.check_pages().unwrap();
    for (stored, (dataset, rows)) in reader.releases().unwrap().iter().zip(rows()) {
        assert_eq!(stored.record, release(dataset, &rows).0);
        assert_eq!(reader.rows(stored).unwrap(), rows);
    }
    let snapshot = Snapshot::load(&path).unwrap();
    let rows = tabular_xml::read(TABULAR, "tabular.xml").unwrap().rows;
    let digest = release("icd-10-cm", &Rows::Tabular(rows.clone())).0.release.digest;
    assert_eq!(snapshot.rows(&digest).unwrap(), Some(Rows::Tabular(rows.clone())));
    assert_eq!(snapshot.rows("sha256:other").unwrap(), None);
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
    let title = |code| table.get(key(code)).unwrap().title(date(2026, 4, 1));
    assert_eq!(title("E119"), None);
    assert_eq!(title("M545").unwrap().text, "Low back pain");
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
fn reads_the_releases_of_another_format_as_long_as_their_rows_have_the_same() {
    let folder = TempDir::new().unwrap();
    let path = catalog(&folder);
    set_header(&path, "user_version", i64::from(FORMAT) - 1);
    assert!(matches!(CatalogReader::open(&path), Err(StoreError::Older { .. })));
    let reader = CatalogReader::open_older(&path).unwrap().unwrap();
    let stored = reader.releases().unwrap();
    assert_eq!(reader.rows(&stored[1]).unwrap(), rows()[1].1);
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.execute_batch("UPDATE property SET value = '0' WHERE name = 'rows_format'").unwrap();
    assert!(CatalogReader::open_older(&path).unwrap().is_none());
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
    let set = |bytes: &[u8]| {
        let values = rusqlite::params![encoding::checksum(bytes), bytes];
        let sql = "UPDATE part SET checksum = ?, bytes = ? WHERE name = 'search'";
        rusqlite::Connection::open(&path).unwrap().execute(sql, values).unwrap();
    };
    // The number behind the eight bytes that mark an index is its format.
    let mut index = Vec::new();
    CatalogReader::open(&path).unwrap().part("search", &mut index).unwrap();
    index[8..12].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0]);
    set(&index);
    assert!(Snapshot::load(&path).is_ok());
    set(&[0]);
    assert!(matches!(Snapshot::load(&path), Err(StoreError::Damaged(_))));
    edit("DELETE FROM part WHERE name = 'search'");
    assert!(matches!(Snapshot::load(&path), Err(StoreError::Damaged(_))));
}

#[test]
fn notices_parts_that_do_not_fit() {
    for sql in [
        "UPDATE part SET bytes = x'00' WHERE name = 'edition/000'",
        "DELETE FROM part WHERE name = 'codes/icd-10-cm'",
        "UPDATE part SET name = 'nonsense' WHERE name = 'supplements'",
        "UPDATE release SET kind = 'nonsense'",
        "UPDATE release SET version = 20151301",
        "UPDATE release SET systems = 'nonsense'",
        "DELETE FROM property",
        "DROP TABLE part",
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
fn a_catalog_that_is_read_on_demand_is_the_same() {
    let folder = TempDir::new().unwrap();
    let path = catalog(&folder);
    let (loaded, opened) = (Snapshot::load(&path).unwrap(), Snapshot::open(&path).unwrap());
    // What is open stays readable when the file is gone.
    std::fs::remove_file(&path).unwrap();
    let parts = |snapshot: &Snapshot| {
        let terminology = &snapshot.terminology;
        let tables: Vec<_> = terminology.tables().map(encoding::encode).collect();
        let editions: Vec<_> = terminology.editions().iter().map(encoding::encode).collect();
        let supplements = encoding::encode(terminology.supplements());
        let all = tables.into_iter().chain(editions).chain([supplements]);
        (all.collect::<Result<Vec<_>, _>>().unwrap(), snapshot.search.to_bytes())
    };
    assert_eq!(parts(&opened), parts(&loaded));
    assert_eq!(opened.abbreviations, loaded.abbreviations);
    assert_eq!((&opened.releases, &opened.digest), (&loaded.releases, &loaded.digest));
    assert_eq!((opened.damage(), loaded.damage()), (None, None));
}

#[test]
fn an_older_edition_shares_the_text_of_the_newest_and_says_what_it_said() {
    let folder = TempDir::new().unwrap();
    let text = std::str::from_utf8(TABULAR).unwrap().replace("hyperglycemia", "high sugar");
    let older = tabular_xml::read(text.as_bytes(), "older.xml").unwrap().rows;
    let ((mut record, encoded), changed) = {
        let rows = Rows::Tabular(older.clone());
        (release("icd-10-cm", &rows), rows)
    };
    record.release.version = date(2025, 10, 1);
    record.release.effective_to = Some(date(2026, 3, 31));
    let loaded = |(dataset, rows)| (release(dataset, &rows), rows);
    let all = rows().into_iter().map(loaded).chain([((record, encoded), changed)]);
    let path = catalog_of(&folder, all);
    let original = older.to_list().unwrap();
    for snapshot in [Snapshot::load(&path).unwrap(), Snapshot::open(&path).unwrap()] {
        let [edition, newest] = snapshot.terminology.editions() else { panic!("two editions") };
        assert_eq!(edition.release.version, date(2025, 10, 1));
        let list = &edition.list;
        let title = |list: &TabularList| {
            list.node(key("E1165")).map(|node| list.title(node).to_owned()).unwrap()
        };
        assert_ne!(title(list), title(&newest.list));
        for id in original.ids() {
            assert_eq!(list.name(id), original.name(id));
            assert_eq!(list.title(id), original.title(id));
            assert!(list.own_notes(id).eq(original.own_notes(id)));
            assert_eq!(list.seventh_characters(id), original.seventh_characters(id));
        }
        assert_eq!((list.ids().count(), snapshot.damage()), (original.ids().count(), None));
    }
    assert!(verify(&path).unwrap().problems.is_empty());
}

#[test]
fn what_is_damaged_is_told_when_it_is_asked_for() {
    type Ask = fn(&Snapshot) -> bool;
    let asks: [(&str, Ask); 3] = [
        ("edition/000", |snapshot| snapshot.terminology.editions()[0].list.ids().next().is_none()),
        ("codes/icd-10-cm", |snapshot| snapshot.terminology.table(CodeSystem::Icd10Cm).is_none()),
        ("supplements", |snapshot| snapshot.terminology.supplements().gems.is_empty()),
    ];
    for (name, is_empty) in asks {
        let folder = TempDir::new().unwrap();
        let path = catalog(&folder);
        super::testing::damage_part(&path, name);
        assert!(matches!(Snapshot::load(&path), Err(StoreError::Damaged(_))), "{name}");
        let snapshot = Snapshot::open(&path).unwrap();
        assert_eq!(snapshot.damage(), None, "{name}");
        assert!(is_empty(&snapshot), "{name}");
        assert!(snapshot.damage().is_some_and(|damage| damage.contains(name)), "{name}");
    }
}

#[test]
fn a_search_index_that_cannot_be_read_is_built_anew() {
    let folder = TempDir::new().unwrap();
    let path = catalog(&folder);
    let loaded = Snapshot::load(&path).unwrap();
    let sql = "DELETE FROM part WHERE name = 'search'";
    rusqlite::Connection::open(&path).unwrap().execute(sql, []).unwrap();
    let opened = Snapshot::open(&path).unwrap();
    assert_eq!(opened.search.to_bytes(), loaded.search.to_bytes());
    assert_eq!(opened.damage(), None);
}

#[test]
fn a_sound_catalog_is_verified() {
    let folder = TempDir::new().unwrap();
    let verified = verify(&catalog(&folder)).unwrap();
    assert!(verified.is_sound(), "{:?}", verified.problems);
    assert_eq!((verified.releases, verified.parts), (5, 5));
    assert!(verified.rows > 5 && verified.digest.starts_with("sha256:"));
    let none = folder.path().join("none.db");
    assert!(matches!(verify(&none), Err(StoreError::Missing(_))));
}

#[test]
fn verifying_names_whatever_is_damaged() {
    let set_part = "UPDATE part SET bytes = x'00', checksum = 3523407757 WHERE name =";
    for (sql, told) in [
        ("UPDATE release SET row_count = row_count + 1 WHERE dataset = 'mce'", "rows and has"),
        ("UPDATE release SET billable_count = 1 WHERE kind = 'tabular'", "billable codes"),
        ("UPDATE release SET digest = 'sha256:0' WHERE dataset = 'mce'", "another digest"),
        ("UPDATE release SET version = 20260402 WHERE dataset = 'titles'", "digest of the catalog"),
        ("UPDATE release SET kind = 'nonsense'", "unknown kind"),
        ("UPDATE release_rows SET bytes = x'FF' WHERE release = 1", "cannot be unpacked"),
        ("DELETE FROM release_rows WHERE release = 2", "has no rows"),
        ("UPDATE property SET value = 'sha256:0' WHERE name = 'digest'", "digest of the catalog"),
        ("DELETE FROM property WHERE name = 'digest'", "has no digest"),
        ("DELETE FROM property WHERE name = 'parts'", "has no parts"),
        ("UPDATE part SET checksum = 1 WHERE name = 'search'", "search was changed"),
        ("DELETE FROM part WHERE name = 'codes/icd-10-cm'", "no part codes/icd-10-cm"),
        ("UPDATE property SET value = value || ' x' WHERE name = 'parts'", "no part x"),
        (&format!("{set_part} 'abbreviations'"), "abbreviations is not what the releases give"),
        (&format!("{set_part} 'edition/000'"), "edition/000 is not what the releases give"),
        (&format!("{set_part} 'supplements'"), "supplements is not what the releases give"),
    ] {
        let folder = TempDir::new().unwrap();
        let path = catalog(&folder);
        let connection = rusqlite::Connection::open(&path).unwrap();
        connection.pragma_update(None, "foreign_keys", false).unwrap();
        connection.execute_batch(sql).unwrap();
        drop(connection);
        let problems = verify(&path).unwrap().problems;
        assert!(problems.iter().any(|problem| problem.contains(told)), "{sql}: {problems:?}");
    }
}

#[test]
fn verifying_notices_damaged_pages() {
    let folder = TempDir::new().unwrap();
    let path = catalog(&folder);
    let mut bytes = std::fs::read(&path).unwrap();
    let end = bytes.len();
    bytes.truncate(end - 4_096);
    std::fs::write(&path, bytes).unwrap();
    assert!(!verify(&path).unwrap().is_sound());
}

#[test]
fn says_that_the_disk_is_full() {
    let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
    assert!(matches!(StoreError::from(full), StoreError::Full));
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL);
    let full = rusqlite::Error::SqliteFailure(code, None);
    assert!(matches!(StoreError::from(full), StoreError::Full));
}

#[test]
fn notices_rows_that_were_changed() {
    let folder = TempDir::new().unwrap();
    let path = catalog(&folder);
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.execute_batch("UPDATE release SET digest = 'sha256:0'").unwrap();
    let reader = CatalogReader::open(&path).unwrap();
    let stored = &reader.releases().unwrap()[0];
    assert!(matches!(reader.rows(stored), Err(StoreError::Damaged(_))));
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
        let _ = verify(&path);
    }
}
