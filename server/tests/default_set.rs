//! The default set as users get it: what must be true of the catalog that is made of the real packages.
//!
//! Needs a folder with the package files, named by `MEDCODE_TEST_WHEELS`; nothing is downloaded. The numbers were
//! counted in the files and, where an official list of the day exists, compared with it.

#![expect(clippy::unwrap_used, reason = "what is missing fails the test")]

use std::{collections::BTreeMap, env, io::Write, path::PathBuf};

use jiff::{Timestamp, ToSpan};
use medcode_codes::{
    code::{Code, CodeKey},
    code_table::{CodeTable, Entry, Lifetime},
    date::{Date, parse_iso},
    flag::Flag,
    gem::GemDirection,
    icd9::{Icd9Part, mapped},
    system::CodeSystem,
    tabular::{NodeId, sides::Side},
};
use medcode_server::{
    catalog::{releases::ReleaseKind, snapshot::Snapshot},
    install::{InstallOptions, Silent, install},
};

#[test]
fn holds_what_the_official_lists_hold() {
    let Some(folder) = env::var_os("MEDCODE_TEST_WHEELS").map(PathBuf::from) else {
        // Not through the test runner, which hides what passing tests print.
        let _ = writeln!(
            std::io::stderr(),
            "default_set: not run, MEDCODE_TEST_WHEELS names no folder with the package files"
        );
        return;
    };
    let data_dir = tempfile::tempdir().unwrap();
    let options = InstallOptions {
        force: false,
        from_dir: Some(folder),
        keep_packages: None,
        python: "no network is needed".into(),
        now: Timestamp::UNIX_EPOCH,
    };
    let installed = install(data_dir.path(), &options, &Silent).unwrap();
    let snapshot = Snapshot::load(&installed.catalog).unwrap();
    assert_eq!(snapshot.digest, installed.digest);

    lists_every_release(&snapshot);
    dates_every_code(&snapshot);
    changes_each_october(&snapshot);
    knows_single_codes(&snapshot);
    gives_flags_their_days(&snapshot);
    groups_codes_by_side(&snapshot);
    knows_what_has_no_title(&snapshot);
    knows_services_as_far_as_they_were_seen(&snapshot);
    offers_successors(&snapshot);
    uses_every_entry_of_the_search_lists(&snapshot);
    knows_icd_9(&snapshot);
    assert_eq!(snapshot.abbreviations.len(), 3_024);
}

fn day(text: &str) -> Date {
    parse_iso(text).unwrap()
}

fn table(snapshot: &Snapshot, system: CodeSystem) -> &CodeTable {
    snapshot.terminology.table(system).unwrap()
}

fn is_valid(entry: &Entry<'_>, date: Date) -> bool {
    entry.lifetime().period().is_some_and(|period| period.contains(date))
}

fn valid_on(table: &CodeTable, date: Date) -> usize {
    table.iter().filter(|entry| is_valid(entry, date)).count()
}

fn lists_every_release(snapshot: &Snapshot) {
    let rows = |dataset: &str, kind: ReleaseKind, version: &str| {
        let mut records = snapshot.releases.iter();
        let record = records.find(|record| {
            let release = &record.release;
            release.dataset == dataset && record.kind == kind && release.version == day(version)
        });
        record.map(|record| (record.row_count, record.billable_count)).unwrap()
    };
    assert_eq!(snapshot.releases.len(), 14);
    let cm = |kind, version| rows("icd-10-cm", kind, version);
    assert_eq!(cm(ReleaseKind::Tabular, "2026-04-01"), (47_200, Some(74_719)));
    assert_eq!(cm(ReleaseKind::Tabular, "2025-04-01"), (46_816, Some(74_260)));
    assert_eq!(cm(ReleaseKind::Tabular, "2021-01-01"), (45_335, Some(72_621)));
    assert_eq!(cm(ReleaseKind::CodeList, "2023-10-01"), (74_044, Some(74_044)));
    assert_eq!(rows("icd-10-pcs", ReleaseKind::CodeList, "2023-10-01"), (78_603, Some(78_603)));
    assert_eq!(rows("mce", ReleaseKind::CodeMaster, "2026-10-01"), (158_417, Some(154_135)));
    assert_eq!(rows("hcpcs", ReleaseKind::CodesInUse, "2026-07-01"), (2_200, None));
    let gem = |dataset| rows(dataset, ReleaseKind::Gem, "2015-10-01");
    assert_eq!(gem("gem-icd-10-cm-to-icd-9-cm"), (78_838, None));
    assert_eq!(gem("gem-icd-9-cm-to-icd-10-cm"), (23_912, None));
    let icd9 = |dataset| rows(dataset, ReleaseKind::Icd9, "2014-10-01");
    assert_eq!(icd9("icd-9-cm"), (14_567, None));
    assert_eq!(icd9("icd-9-cm-procedures"), (3_882, None));
    assert_eq!(rows("abbreviations", ReleaseKind::Abbreviations, "2022-04-19"), (3_024, None));
    for record in &snapshot.releases {
        assert!(record.release.digest.starts_with("sha256:") && record.source.sha256.len() == 64);
        assert!(!record.source.licence.is_empty());
    }
}

fn dates_every_code(snapshot: &Snapshot) {
    let (cm, pcs) = (table(snapshot, CodeSystem::Icd10Cm), table(snapshot, CodeSystem::Icd10Pcs));
    assert_eq!((cm.len(), pcs.len()), (75_909, 82_508));
    for table in [cm, pcs] {
        assert_eq!(table.horizon(), Some(day("2027-03-31")));
        assert_eq!(valid_on(table, day("2015-09-30")), 0);
    }
    for (date, codes, procedures) in [
        ("2015-10-01", 69_823, 71_974),
        ("2016-10-01", 71_486, 75_789),
        ("2017-10-01", 71_704, 78_705),
        ("2018-10-01", 71_932, 78_881),
        ("2019-10-01", 72_184, 77_559),
        ("2020-04-01", 72_186, 77_559),
        ("2020-08-01", 72_186, 77_571),
        ("2020-10-01", 72_616, 78_115),
        ("2021-01-01", 72_621, 78_136),
        ("2021-10-01", 72_748, 78_220),
        ("2022-04-01", 72_750, 78_229),
        ("2022-10-01", 73_639, 78_496),
        ("2023-04-01", 73_674, 78_530),
        ("2023-10-01", 74_044, 78_603),
        ("2024-04-01", 74_044, 78_638),
        ("2024-10-01", 74_260, 78_948),
        ("2025-04-01", 74_260, 78_986),
        ("2025-10-01", 74_719, 79_115),
        ("2026-04-01", 74_719, 79_193),
        ("2026-10-01", 74_879, 79_256),
    ] {
        assert_eq!(valid_on(cm, day(date)), codes, "{date}");
        assert_eq!(valid_on(pcs, day(date)), procedures, "{date}");
    }
}

fn groups_codes_by_side(snapshot: &Snapshot) {
    let edition = snapshot.terminology.edition_on(day("2026-04-01")).unwrap();
    let sides = |group: &[(Side, NodeId)]| {
        let letter = |(side, _): &(Side, NodeId)| side.id().as_bytes()[0];
        let mut letters: Vec<u8> = group.iter().map(letter).collect();
        letters.sort_unstable();
        String::from_utf8(letters).unwrap()
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for group in edition.list.side_groups() {
        *counts.entry(sides(group)).or_default() += 1;
    }
    let counts: Vec<_> = counts.iter().map(|(sides, count)| (sides.as_str(), *count)).collect();
    assert_eq!(counts, [("blr", 47), ("blru", 780), ("lr", 686), ("lru", 3_259)]);
}

fn changes_each_october(snapshot: &Snapshot) {
    let cm = table(snapshot, CodeSystem::Icd10Cm);
    let periods = || cm.iter().filter_map(|entry| entry.lifetime().period());
    for (year, new, ended) in [
        (2016, 1_974, 311),
        (2017, 360, 142),
        (2018, 279, 51),
        (2019, 273, 21),
        (2020, 488, 58),
        (2021, 159, 32),
        (2022, 1_176, 287),
        (2023, 395, 25),
        (2024, 252, 36),
        (2025, 487, 28),
        (2026, 190, 30),
    ] {
        let october = Date::new(year, 10, 1).unwrap();
        let eve = october.checked_sub(1.day()).unwrap();
        assert_eq!(periods().filter(|period| period.start == october).count(), new, "{year}");
        assert_eq!(periods().filter(|period| period.end == Some(eve)).count(), ended, "{year}");
    }
}

fn knows_single_codes(snapshot: &Snapshot) {
    let life = |code: &str| {
        let code = Code::parse(CodeSystem::Icd10Cm, code).unwrap();
        let entry = table(snapshot, CodeSystem::Icd10Cm).get(code.key()).unwrap();
        entry.lifetime().period().unwrap()
    };
    for (code, end) in [
        ("M54.5", "2021-09-30"),
        ("R05", "2021-09-30"),
        ("N18.3", "2020-09-30"),
        ("E66.8", "2024-09-30"),
        ("G35", "2025-09-30"),
        ("B88.0", "2025-09-30"),
        ("D69.1", "2026-09-30"),
        ("I42.0", "2026-09-30"),
        ("M72.2", "2026-09-30"),
        ("Z68.1", "2026-09-30"),
        ("S06.5X7D", "2017-09-30"),
    ] {
        assert_eq!(life(code).end, Some(day(end)), "{code}");
    }
    for (code, start) in [
        ("U07.1", "2020-04-01"),
        ("E66.813", "2024-10-01"),
        ("QA0.0101", "2025-10-01"),
        ("B88.01", "2025-10-01"),
    ] {
        assert_eq!((life(code).start, life(code).end), (day(start), None), "{code}");
    }
    // These five share their name with a section of one category.
    for code in ["B20", "F99", "P84", "R99", "Z66"] {
        assert_eq!(life(code).end, None, "{code}");
    }
}

fn gives_flags_their_days(snapshot: &Snapshot) {
    let on = |system, flag, date: &str| {
        let date = day(date);
        let codes = table(snapshot, system).iter();
        codes.filter(|entry| is_valid(entry, date) && entry.flags(date).contains(flag)).count()
    };
    let (cm, pcs) = (CodeSystem::Icd10Cm, CodeSystem::Icd10Pcs);
    for (system, flag, codes) in [
        (cm, Flag::ExternalCause, 7_461),
        (cm, Flag::Unspecified, 3_465),
        (cm, Flag::Unacceptable, 2_652),
        (cm, Flag::Maternity, 2_543),
        (cm, Flag::Adult, 856),
        (cm, Flag::Manifestation, 422),
        (cm, Flag::Pediatric, 125),
        (cm, Flag::DiabetesType1, 85),
        (cm, Flag::Newborn, 42),
        (cm, Flag::QuestionableAdmission, 30),
        (cm, Flag::DeliveryOutcome, 19),
        (cm, Flag::NonCovered6, 11),
        (cm, Flag::WrongProcedure, 3),
        (cm, Flag::ClinicalTrial, 1),
        (cm, Flag::NonCoveredZ302, 1),
        (cm, Flag::RequiresSecondary, 1),
        (pcs, Flag::NonCovered, 95),
        (pcs, Flag::NonCoveredZ302, 87),
        (pcs, Flag::LimitedCoverage, 49),
        (pcs, Flag::KidneyTransplant, 6),
        (pcs, Flag::VaginalDelivery, 5),
        (pcs, Flag::NonCovered6, 4),
        (pcs, Flag::CaesareanSection, 3),
        (pcs, Flag::NonCovered45, 2),
        (pcs, Flag::NonCoveredAge, 2),
        (pcs, Flag::LengthOfStay, 1),
    ] {
        assert_eq!(on(system, flag, "2026-04-01"), codes, "{system} {flag:?}");
    }
    for (date, female, male) in [("2023-10-01", 3_431, 529), ("2024-10-01", 0, 0)] {
        assert_eq!(on(cm, Flag::Female, date), female, "{date}");
        assert_eq!(on(cm, Flag::Male, date), male, "{date}");
    }
    assert_eq!(on(pcs, Flag::Female, "2023-10-01"), 2_307);
    assert_eq!(on(pcs, Flag::Male, "2023-10-01"), 1_949);
    assert_eq!(on(cm, Flag::Unspecified, "2022-03-31"), 0);
    assert_eq!(on(cm, Flag::Newborn, "2016-09-30"), 441);
    assert_eq!(on(cm, Flag::Newborn, "2016-10-01"), 27);
}

fn knows_what_has_no_title(snapshot: &Snapshot) {
    let terminology = &snapshot.terminology;
    let untitled = |system, date: Date| {
        let entries = table(snapshot, system).iter();
        let untitled = entries.filter(move |entry| {
            let code = Code::from_key(system, entry.key()).unwrap();
            terminology.concept(code, date).unwrap().title().is_none()
        });
        untitled.collect::<Vec<_>>()
    };
    let cm = untitled(CodeSystem::Icd10Cm, day("2026-11-23"));
    let new = cm.iter().filter(|entry| {
        entry.lifetime().period().is_some_and(|period| period.start == day("2026-10-01"))
    });
    assert_eq!((cm.len(), new.count()), (438, 190));
    let ended_early = |entry: &&Entry<'_>| {
        let end = entry.lifetime().period().and_then(|period| period.end);
        end.is_some_and(|end| end < day("2020-10-01"))
    };
    assert_eq!(cm.iter().filter(ended_early).count(), 248);

    let pcs = untitled(CodeSystem::Icd10Pcs, day("2026-11-23"));
    for (date, codes) in
        [("2024-10-01", 412), ("2025-10-01", 618), ("2026-04-01", 698), ("2026-10-01", 799)]
    {
        let date = day(date);
        assert_eq!(pcs.iter().filter(|entry| is_valid(entry, date)).count(), codes, "{date}");
    }
}

fn knows_services_as_far_as_they_were_seen(snapshot: &Snapshot) {
    let services = table(snapshot, CodeSystem::Hcpcs);
    let last_seen = |since: Date| {
        let seen = |entry: &Entry<'_>| matches!(entry.lifetime(), Lifetime::Seen { last, .. } if last >= since);
        services.iter().filter(seen).count()
    };
    assert_eq!(services.len(), 2_200);
    assert_eq!(last_seen(day("2023-01-01")), 2_153);
    assert_eq!(last_seen(day("2026-07-01")), 1_865);
    for entry in services.iter() {
        let medcode_codes::code_table::Title { text: title, release, .. } =
            entry.newest_title().unwrap();
        assert!((1..=28).contains(&title.chars().count()), "{}", entry.key());
        assert_eq!(release.version, day("2026-07-01"));
        assert!(!entry.key().text().starts_with('D'), "a dental code");
    }
    for letter in ["J", "Q", "C", "A", "G", "L", "P", "V"] {
        assert!(services.below(CodeKey::new(letter).unwrap()).next().is_some(), "{letter}");
    }
    assert!(snapshot.terminology.table(CodeSystem::Cpt).is_none());
}

fn knows_icd_9(snapshot: &Snapshot) {
    let terminology = &snapshot.terminology;
    let supplements = terminology.supplements();
    let key = |code| CodeKey::new(code).unwrap();
    assert_eq!(supplements.icd9_title(Icd9Part::Diagnoses, key("7242")), Some("Lumbago"));
    assert!(supplements.icd9_title(Icd9Part::Procedures, key("3893")).is_some());
    let codes = |code| -> Vec<String> {
        let mapped = mapped(terminology, key(code), day("2026-11-23"));
        mapped.iter().map(ToString::to_string).collect()
    };
    assert_eq!(codes("25000"), ["E11.9"]);
    assert_eq!(codes("7242"), ["M54.50", "M54.51", "M54.59"]);
    assert_eq!(codes("V5869"), ["Z79.891", "Z79.899"]);
    assert!(codes("25012").is_empty(), "two codes together");

    // The mappings are of FY2016: nearly all of its codes stand there, and none that came later.
    let cm = table(snapshot, CodeSystem::Icd10Cm);
    let map = &supplements.newest_gem(GemDirection::CmToIcd9).unwrap().rows;
    let in_map = |entry: &Entry<'_>| !map.of(entry.key()).is_empty();
    let first = cm.iter().filter(|entry| is_valid(entry, day("2015-10-01")));
    assert_eq!(first.filter(in_map).count(), 69_823);
    let came_later = |entry: &Entry<'_>| !is_valid(entry, day("2015-10-01"));
    assert_eq!(cm.iter().filter(|entry| came_later(entry) && in_map(entry)).count(), 0);
}

fn offers_successors(snapshot: &Snapshot) {
    let cm = table(snapshot, CodeSystem::Icd10Cm);
    let ended = || {
        cm.iter().filter(|entry| entry.lifetime().period().is_some_and(|life| life.end.is_some()))
    };
    let has_row = |entry: &Entry<'_>| cm.converted(entry.key()).next().is_some();
    assert_eq!(ended().count(), 1_030);
    assert_eq!(ended().filter(has_row).count(), 856);
    let code = Code::parse(CodeSystem::Icd10Cm, "M54.5").unwrap();
    let concept = snapshot.terminology.concept(code, day("2026-11-23")).unwrap();
    let codes = concept.replaced_by().into_iter().map(|replacement| replacement.code.to_string());
    assert_eq!(codes.collect::<Vec<_>>(), ["M54.50", "M54.51", "M54.59"]);
}

/// Abbreviations and synonyms that say what no text says would find nothing.
fn uses_every_entry_of_the_search_lists(snapshot: &Snapshot) {
    let idle = snapshot.search.idle_entries();
    assert!(idle.is_empty(), "{} entries say what no text says: {idle:#?}", idle.len());
}
