//! What users have: zips, folders, files, the same twice, two for one release.

use super::*;

const ORDER_ADDENDA: &[u8] =
    include_bytes!("../../../../../tests/releases/mini/icd10cm-order-addenda.txt");
const CODES_ADDENDA: &[u8] =
    include_bytes!("../../../../../tests/releases/mini/icd10cm-codes-addenda.txt");
const MUE: &str = "HCPCS/CPT Code,MUE Values,MUE Adjudication Indicator,MUE Rationale\n\
                   A0000,300,3 Date of Service Edit: Clinical,Invented reason\n";
const AGE_RANGES: &str =
    "group,start_age,end_age,valid_from,valid_to\nAdult,15,124,19840301,20270331\n";
const STATUSES: &str = "code,valid_from,valid_to\n01,19801001,20270331\n";

#[test]
fn takes_zips_folders_and_single_files() {
    let order = order_file(&VALID, "Zip");
    for (saved, bytes) in [
        ("cms_2025.zip", zip_of(&[("folder/icd10cm_order_2025.txt", &order)])),
        ("outer.zip", zip_of(&[("dx.zip", &zip_of(&[("icd10cm_order_2025.txt", &order)]))])),
        ("icd10cm_order_2025.txt", order.clone()),
        ("folder/icd10cm_order_2025.txt", order.clone()),
        // Nothing but its content tells what it is.
        ("FY2025", order.clone()),
    ] {
        let place = Place::new();
        let path = place.save(saved, &bytes);
        let path = if saved.starts_with("folder") { path.parent().unwrap().into() } else { path };
        let imported = place.import(path).unwrap();
        let came: Vec<_> = imported.releases.iter().map(|record| &record.release).collect();
        let [release] = came.as_slice() else { panic!("{saved}: {came:?}") };
        assert_eq!(release.dataset, "icd-10-cm", "{saved}");
        assert_eq!(release.version, date(2024, 10, 1), "{saved}");
        assert_eq!(release.title, "ICD-10-CM FY2025, October 2024, order file", "{saved}");
        let snapshot = place.snapshot();
        assert_eq!(title(&snapshot, "E11.9", "2025-01-01").as_deref(), Some("Zip E119"));
        assert_eq!(snapshot.digest, imported.catalog.digest);
        assert_eq!(place.left(), ["catalog.db"]);
    }
}

#[test]
fn reads_one_of_files_that_say_the_same() {
    let place = Place::new();
    let zip = zip_of(&[
        ("icd10cm_codes_2025.txt", &codes_file(&VALID, "Same")),
        ("icd10cm_codes_addenda_2025.txt", CODES_ADDENDA),
        ("icd10cm_order_2025.txt", &order_file(&VALID, "Same")),
        ("icd10cm_order_addenda_2025.txt", ORDER_ADDENDA),
        ("guide.pdf", b"%PDF-1.7 invented"),
    ]);
    let imported = place.import(place.save("cms.zip", &zip)).unwrap();
    let found: Vec<_> = outcomes(&imported);
    assert!(matches!(
        found.as_slice(),
        [
            ("cms.zip/guide.pdf", Became::Documentation(_)),
            ("cms.zip/icd10cm_codes_2025.txt", Became::Twin(_)),
            ("cms.zip/icd10cm_codes_addenda_2025.txt", Became::Twin(_)),
            ("cms.zip/icd10cm_order_2025.txt", Became::Imported(_)),
            ("cms.zip/icd10cm_order_addenda_2025.txt", Became::Imported(_)),
        ]
    ));
    // Addenda belong to the list they came with.
    assert_eq!(imported.releases.len(), 2);
    assert!(imported.releases.iter().all(|record| record.release.version == date(2024, 10, 1)));
}

#[test]
fn keeps_a_codes_file_that_says_something_else() {
    let place = Place::new();
    let zip = zip_of(&[
        ("icd10cm_codes_2025.txt", &codes_file(&VALID, "Other")),
        ("icd10cm_order_2025.txt", &order_file(&VALID, "Same")),
    ]);
    let imported = place.import(place.save("cms.zip", &zip)).unwrap();
    assert!(outcomes(&imported).iter().all(|(_, became)| matches!(became, Became::Imported(_))));
}

#[test]
fn says_what_is_there_already() {
    let place = Place::new();
    let path = place.save("icd10cm_order_2025.txt", &order_file(&VALID, "Once"));
    place.import(path.clone()).unwrap();
    let before = place.catalog();
    let again = place.import(path).unwrap();
    assert_eq!(outcomes(&again), [("icd10cm_order_2025.txt", &Became::AlreadyThere)]);
    assert!(again.releases.is_empty() && !again.catalog.is_new);
    assert_eq!(place.catalog(), before);
}

#[test]
fn of_two_files_for_one_release_the_later_wins_and_both_are_listed() {
    let place = Place::new();
    for word in ["First", "Second"] {
        place.import(place.save("icd10cm_order_2025.txt", &order_file(&VALID, word))).unwrap();
        let snapshot = place.snapshot();
        assert_eq!(title(&snapshot, "E11.9", "2025-01-01"), Some(format!("{word} E119")));
    }
    let snapshot = place.snapshot();
    let both = snapshot.releases.iter().filter(|record| {
        record.release.dataset == "icd-10-cm" && record.release.version == date(2024, 10, 1)
    });
    assert_eq!(both.count(), 2);
}

#[test]
fn an_older_release_changes_no_later_answer() {
    let place = Place::new();
    let answers = |snapshot: &Snapshot| -> Vec<_> {
        let days = ["2025-10-01", "2026-04-01", "2026-11-23"];
        days.iter().flat_map(|day| VALID.map(|code| title(snapshot, code, day))).collect()
    };
    place.import(place.save("icd10cm_order_2026.txt", &order_file(&VALID, "New"))).unwrap();
    let before = answers(&place.snapshot());
    place.import(place.save("icd10cm_order_2025.txt", &order_file(&VALID, "Old"))).unwrap();
    let snapshot = place.snapshot();
    assert_eq!(answers(&snapshot), before);
    assert_eq!(title(&snapshot, "E11.9", "2025-09-30").as_deref(), Some("Old E119"));
}

#[test]
fn passes_over_unknown_files_beside_known_ones() {
    let place = Place::new();
    place.save("unknown.dat", &[1, 2, 3]);
    let path = place.save("icd10cm_order_2025.txt", &order_file(&VALID, "Known"));
    let imported = place.import(path.parent().unwrap().into()).unwrap();
    assert!(matches!(
        outcomes(&imported).as_slice(),
        [(_, Became::Imported(_)), ("unknown.dat", Became::Unknown)]
    ));
}

#[test]
fn says_when_it_knows_none_of_the_files() {
    let place = Place::new();
    let before = place.catalog();
    let error = place.import(place.save("letter.txt", b"Dear colleague,\n\nno codes.\n"));
    let error = error.unwrap_err().to_string();
    assert!(error.contains("letter.txt") && error.contains("no format"), "{error}");
    assert_eq!(place.catalog(), before);
}

#[test]
fn asks_for_the_release_where_nothing_tells_it() {
    let place = Place::new();
    let path = place.save("list.txt", &order_file(&VALID, "Undated"));
    let error = place.import(path.clone()).unwrap_err().to_string();
    assert!(error.starts_with("list.txt: ") && error.contains("--release"), "{error}");
    let imported = place.import_with(&[path], Some(date(2024, 10, 1)), None).unwrap();
    assert_eq!(imported.releases[0].release.version, date(2024, 10, 1));
}

#[test]
fn asks_whom_edits_are_for_where_nothing_tells_it() {
    let place = Place::new();
    let path = place.save("edits_2026-01.csv", MUE.as_bytes());
    let error = place.import(path.clone()).unwrap_err().to_string();
    assert!(error.starts_with("edits_2026-01.csv: ") && error.contains("--setting"), "{error}");
    let imported = place.import_with(&[path], None, Some(EditSetting::Dme)).unwrap();
    assert_eq!(imported.releases[0].release.dataset, "mue-dme");
    assert_eq!(imported.releases[0].release.version, date(2026, 1, 1));
}

#[test]
fn makes_a_catalog_where_there_is_none() {
    let folder = TempDir::new().unwrap();
    let place = Place { folder };
    let path = place.save("icd10cm_order_2025.txt", &order_file(&VALID, "Alone"));
    place.import(path).unwrap();
    assert_eq!(title(&place.snapshot(), "E11.9", "2025-01-01").as_deref(), Some("Alone E119"));
}

#[test]
fn keeps_the_small_tables_of_the_code_editor_apart() {
    let place = Place { folder: TempDir::new().unwrap() };
    place.save("age_ranges.csv", AGE_RANGES.as_bytes());
    let path = place.save("discharge_status.csv", STATUSES.as_bytes());
    let imported = place.import(path.parent().unwrap().into()).unwrap();
    let datasets: Vec<_> =
        imported.releases.iter().map(|record| record.release.dataset.as_str()).collect();
    assert_eq!(datasets, ["mce-age-ranges", "mce-discharge-statuses"]);
    assert!(imported.releases.iter().all(|record| record.row_count == 1));
}

/// Files in the layout of the AMA with invented codes and words: what the holder of a licence brings.
#[test]
fn wordings_of_cpt_complete_each_other_and_keep_their_notice() {
    let place = Place::new();
    let notice =
        "Invented data only, copyright 2025 American Medical Association. All rights reserved.";
    let long = format!("{notice}\r\n\r\n00000\tInvented visit of a garden\r\n");
    let short = format!("{notice}\r\n\r\n00000 INVENTED GARDEN VISIT\r\n");
    place.save("cpt/LONGULT.txt", long.as_bytes());
    let path = place.save("cpt/SHORTU.txt", short.as_bytes());
    let folder = path.parent().unwrap().to_owned();
    assert!(matches!(place.import(folder.clone()), Err(InstallError::UnknownRelease { .. })));
    let imported = place.import_with(&[folder], Some(date(2026, 1, 1)), None).unwrap();
    for record in &imported.releases {
        assert!(record.source.copyright.contains("American Medical Association"));
        assert!(record.source.licence.contains("not to be passed on"));
    }
    let snapshot = place.snapshot();
    let code = Code::parse(CodeSystem::Cpt, "00000").unwrap();
    let on = |day: &str| snapshot.terminology.concept(code, parse_iso(day).unwrap()).unwrap();
    assert_eq!(on("2026-03-01").title().unwrap().0, "Invented visit of a garden");
    let wordings = |day: &str| {
        let day = parse_iso(day).unwrap();
        let wordings = snapshot.terminology.supplements().cpt_wordings(code.key(), day);
        wordings.map(|(usage, text)| format!("{usage}: {text}")).collect::<Vec<_>>()
    };
    assert_eq!(wordings("2026-03-01"), ["short-title: INVENTED GARDEN VISIT"]);
    assert!(wordings("2027-01-01").is_empty());
}

/// A table of meanings in its stored form.
fn table_of_meanings() -> Vec<u8> {
    use crate::catalog::search::semantic::{DIMENSIONS, Pieces, Provenance, Table};
    let provenance = Provenance { model: "a drawing 1.0".into(), fitted_to: date(2026, 4, 1) };
    let vectors = [[0.5; DIMENSIONS], [1.0; DIMENSIONS]];
    Table::new(provenance, Pieces::new(["foot", "ulcer"]), &vectors).unwrap().to_bytes()
}

#[test]
fn takes_a_table_of_meanings_and_keeps_it() {
    let place = Place::new();
    let mut bytes = table_of_meanings();
    let path = place.save("made/anything.bin", &bytes);
    assert_eq!(place.snapshot().search.meaning_to_bytes(), None);
    let imported = place.import(path.clone()).unwrap();
    let [record] = imported.releases.as_slice() else { panic!("{:?}", imported.releases) };
    assert_eq!(
        (record.release.dataset.as_str(), record.kind.id(), record.row_count),
        ("meanings", "meanings", 2)
    );
    assert_eq!((record.release.version, record.release.effective_to), (date(2026, 4, 1), None));
    assert!(record.source.licence.contains("Apache License 2.0"), "{}", record.source.licence);
    assert_eq!(record.remarks, ["near to a drawing 1.0"]);
    let meanings = place.snapshot().search.meaning_to_bytes();
    assert!(meanings.is_some());
    // What comes later leaves it there; the same again changes nothing; what is broken is refused.
    assert!(matches!(outcomes(&place.import(path).unwrap())[0].1, Became::AlreadyThere));
    place.import(place.save("icd10cm_order_2025.txt", &order_file(&VALID, "Later"))).unwrap();
    assert!(place.snapshot().search.meaning_to_bytes().is_some());
    let verified = crate::catalog::verify::verify(&catalog_path(&place.data_dir())).unwrap();
    assert_eq!(verified.problems, Vec::<String>::new());
    bytes.pop();
    let error = place.import(place.save("broken.bin", &bytes)).unwrap_err().to_string();
    assert!(error.contains("the table of meanings is damaged"), "{error}");
}

#[test]
fn meanings_are_read_when_asked_for_and_told_when_damaged() {
    let place = Place::new();
    place.import(place.save("meanings.bin", &table_of_meanings())).unwrap();
    let path = catalog_path(&place.data_dir());
    let opened = Snapshot::open(&path).unwrap();
    assert_eq!(opened.search.meaning_to_bytes(), place.snapshot().search.meaning_to_bytes());
    assert_eq!(opened.damage(), None);
    damage_part(&path, "meanings");
    let opened = Snapshot::open(&path).unwrap();
    assert_eq!(opened.search.meaning_to_bytes(), None);
    assert!(opened.damage().is_some_and(|damage| damage.contains("meanings")));
    assert!(matches!(Snapshot::load(&path), Err(StoreError::Damaged(_))));
}
