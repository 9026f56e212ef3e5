//! Official files as published, imported over the default set: everything is recognised and dated, as many codes as
//! counted, no validity of a day changes, and titles are those of their day.
//!
//! Needs the packages of the default set, named by `MEDCODE_TEST_WHEELS`, and the official files in `../shared/data`
//! or the folder that `MEDCODE_TEST_SHARED` names. The numbers were counted in the files.

#![expect(clippy::unwrap_used, reason = "what is missing fails the test")]

use std::{
    env,
    io::Write,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use medcode_codes::{
    code::Code,
    date::{Date, parse_iso},
    system::CodeSystem,
};
use medcode_server::{
    catalog::{
        releases::{ReleaseKind, ReleaseRecord},
        snapshot::Snapshot,
    },
    install::{
        InstallOptions, Silent,
        import::{Became, ImportOptions, Imported, import},
        install,
    },
};

const FOLDERS: [&str; 5] = ["icd10cm", "icd10pcs", "hcpcs", "gem_poa_conv", "mce"];

/// Days on which the valid codes of ICD-10-CM and ICD-10-PCS were counted.
const VALID: [(&str, usize, usize); 20] = [
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
];

fn say(words: &str) {
    // Not through the test runner, which hides what passing tests print.
    let _ = writeln!(std::io::stderr(), "{words}");
}

#[test]
fn imports_everything_that_was_published() {
    let Some(wheels) = env::var_os("MEDCODE_TEST_WHEELS").map(PathBuf::from) else {
        say("skipped: MEDCODE_TEST_WHEELS names no folder with the packages of the default set");
        return;
    };
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let files = env::var_os("MEDCODE_TEST_SHARED").map_or(beside, PathBuf::from);
    if !files.is_dir() {
        say("skipped: ../shared/data is not there");
        return;
    }
    let data_dir = tempfile::tempdir().unwrap();
    let options = InstallOptions {
        force: false,
        from_dir: Some(wheels),
        keep_packages: None,
        python: "no network is needed".into(),
        now: Timestamp::UNIX_EPOCH,
    };
    install(data_dir.path(), &options, &Silent).unwrap();
    let from = |paths: &[PathBuf]| -> Imported {
        let options = ImportOptions { release: None, setting: None, now: Timestamp::UNIX_EPOCH };
        import(data_dir.path(), paths, &options, &Silent).unwrap()
    };
    let paths = FOLDERS.map(|folder| files.join(folder));
    for path in &paths {
        let imported = from(std::slice::from_ref(path));
        for file in &imported.files {
            assert_ne!(file.became, Became::Unknown, "{}", file.file);
        }
        assert!(!imported.releases.is_empty(), "{}", path.display());
    }
    let again = from(&paths);
    assert!(again.releases.is_empty() && !again.catalog.is_new);
    let snapshot = Snapshot::load(&again.catalog.catalog).unwrap();
    assert_eq!(snapshot.digest, again.catalog.digest);

    counts_the_lists(&snapshot);
    counts_the_services(&snapshot);
    counts_the_tables(&snapshot);
    dates_every_code_as_before(&snapshot);
    titles_are_those_of_their_day(&snapshot);
    remembers_codes_that_no_later_list_has(&snapshot);
}

fn day(text: &str) -> Date {
    parse_iso(text).unwrap()
}

/// The imported release of that name.
fn release<'s>(
    snapshot: &'s Snapshot,
    dataset: &str,
    kind: ReleaseKind,
    version: &str,
) -> &'s ReleaseRecord {
    let found = snapshot.releases.iter().find(|record| {
        !record.is_default
            && record.release.dataset == dataset
            && record.kind == kind
            && record.release.version == day(version)
    });
    found.unwrap_or_else(|| panic!("{dataset} {kind:?} {version} is missing"))
}

fn counts_the_lists(snapshot: &Snapshot) {
    for (dataset, version, lines, codes) in [
        ("icd-10-cm", "2021-01-01", 95_358, 72_621),
        ("icd-10-cm", "2022-04-01", 95_528, 72_750),
        ("icd-10-cm", "2023-04-01", 96_795, 73_674),
        ("icd-10-cm", "2024-04-01", 97_296, 74_044),
        ("icd-10-cm", "2024-10-01", 97_584, 74_260),
        // The same lines under another name; the addenda beside them change nothing.
        ("icd-10-cm", "2025-04-01", 97_584, 74_260),
        ("icd-10-cm", "2025-10-01", 98_186, 74_719),
        ("icd-10-pcs", "2024-04-01", 79_543, 78_638),
        ("icd-10-pcs", "2024-10-01", 79_856, 78_948),
        ("icd-10-pcs", "2025-10-01", 80_029, 79_115),
    ] {
        let list = release(snapshot, dataset, ReleaseKind::CodeList, version);
        assert_eq!(
            (list.row_count, list.billable_count),
            (lines, Some(codes)),
            "{dataset} {version}"
        );
        assert!(list.remarks.is_empty(), "{dataset} {version}: {:?}", list.remarks);
    }
    // 630 added, 28 deleted and 45 revised lines; 160, 27 and 1.
    for (dataset, changes) in [("icd-10-cm", 630 + 28 + 45), ("icd-10-pcs", 160 + 27 + 1)] {
        let addenda = release(snapshot, dataset, ReleaseKind::Addenda, "2025-10-01");
        assert_eq!(addenda.row_count, changes, "{dataset}");
    }
    let old = release(snapshot, "icd-10-cm", ReleaseKind::Tabular, "2016-10-01");
    assert_eq!(old.billable_count, Some(71_486));
}

fn counts_the_services(snapshot: &Snapshot) {
    for (version, rows, remark) in [
        ("2019-01-01", 6_440 + 360, "6440 codes and 360 modifiers"),
        ("2022-04-01", 7_125 + 375, "7125 codes and 375 modifiers"),
    ] {
        let file = release(snapshot, "hcpcs", ReleaseKind::Hcpcs, version);
        assert_eq!(file.row_count, rows, "{version}");
        assert!(file.remarks.iter().any(|said| said.starts_with(remark)), "{:?}", file.remarks);
    }
    let list = release(snapshot, "hcpcs", ReleaseKind::BareCodes, "2026-07-01");
    assert_eq!(list.row_count, 8_725);
    // Up to 2022-10 the tables are cumulative, and only the rows of their quarter count.
    for (version, rows) in [
        ("2020-04-01", 5_394),
        ("2021-10-01", 5_461),
        ("2022-10-01", 5_610),
        ("2023-10-01", 5_883),
        ("2024-10-01", 6_284),
        ("2025-04-01", 6_442),
        ("2025-07-01", 6_470),
        ("2025-10-01", 6_541),
    ] {
        let addendum = release(snapshot, "opps-addendum-b", ReleaseKind::Payable, version);
        assert_eq!(addendum.row_count, rows, "{version}");
    }
}

fn counts_the_tables(snapshot: &Snapshot) {
    let rows = |dataset, kind, version| release(snapshot, dataset, kind, version).row_count;
    let gem = ReleaseKind::Gem;
    assert_eq!(rows("gem-icd-10-cm-to-icd-9-cm", gem, "2017-10-01"), 81_593);
    assert_eq!(rows("gem-icd-9-cm-to-icd-10-cm", gem, "2017-10-01"), 24_860);
    assert_eq!(rows("poa-exempt", ReleaseKind::PoaExempt, "2025-10-01"), 38_349);
    let table = release(snapshot, "icd-10-cm-conversion", ReleaseKind::Conversions, "2025-10-01");
    assert!(table.row_count > 5_000, "{}", table.row_count);
    let master = ReleaseKind::CodeMaster;
    assert_eq!(rows("mce-age-ranges", master, "2026-10-01"), 5);
    assert_eq!(rows("mce-discharge-statuses", master, "2026-10-01"), 45);
    let of_systems: Vec<_> = snapshot
        .releases
        .iter()
        .filter(|record| !record.is_default && record.release.dataset == "mce")
        .map(|record| (record.row_count, record.billable_count))
        .collect();
    assert_eq!(of_systems.len(), 2);
    assert!(of_systems.contains(&(75_909, Some(74_879))), "{of_systems:?}");
    assert!(of_systems.contains(&(82_508, Some(79_256))), "{of_systems:?}");
}

fn dates_every_code_as_before(snapshot: &Snapshot) {
    for (date, diagnoses, procedures) in VALID {
        let valid = |system| {
            let table = snapshot.terminology.table(system).unwrap();
            let alive = table.iter().filter(|entry| {
                entry.lifetime().period().is_some_and(|life| life.contains(day(date)))
            });
            alive.count()
        };
        assert_eq!(valid(CodeSystem::Icd10Cm), diagnoses, "diagnoses on {date}");
        assert_eq!(valid(CodeSystem::Icd10Pcs), procedures, "procedures on {date}");
    }
}

fn title(snapshot: &Snapshot, code: &str, date: &str) -> String {
    let code = Code::parse(CodeSystem::Icd10Cm, code).unwrap();
    let concept = snapshot.terminology.concept(code, day(date)).unwrap();
    concept.title().unwrap().0.into_owned()
}

/// Lines "Revise from" and "Revise to" of the addenda, with the day before they came into force and that day.
fn titles_are_those_of_their_day(snapshot: &Snapshot) {
    let october_2024 = ("2024-09-30", "2024-10-01");
    let october_2025 = ("2025-09-30", "2025-10-01");
    for (code, (before, after), from, to) in [
        (
            "A77.41",
            october_2024,
            "Ehrlichiosis chafeensis [E. chafeensis]",
            "Ehrlichiosis chaffeensis [E. chaffeensis]",
        ),
        (
            "F98.21",
            october_2024,
            "Rumination disorder of infancy",
            "Rumination disorder of infancy and childhood",
        ),
        (
            "G93.42",
            october_2024,
            "Megaloencephalic leukoencephalopathy with subcortical cysts",
            "Megalencephalic leukoencephalopathy with subcortical cysts",
        ),
        (
            "H44.2A3",
            october_2024,
            "Degenerative myopia with choroidal neovascularization, bilateral eye",
            "Degenerative myopia with choroidal neovascularization, bilateral",
        ),
        (
            "H44.2D3",
            october_2024,
            "Degenerative myopia with foveoschisis, bilateral eye",
            "Degenerative myopia with foveoschisis, bilateral",
        ),
        (
            "L02.212",
            october_2025,
            "Cutaneous abscess of back [any part, except buttock]",
            "Cutaneous abscess of back [any part, except buttock and flank]",
        ),
        (
            "L02.222",
            october_2025,
            "Furuncle of back [any part, except buttock]",
            "Furuncle of back [any part, except buttock and flank]",
        ),
        (
            "M21.159",
            october_2025,
            "Varus deformity, not elsewhere classified, unspecified",
            "Varus deformity, not elsewhere classified, unspecified hip",
        ),
        (
            "M24.076",
            october_2025,
            "Loose body in unspecified toe joints",
            "Loose body in unspecified toe joint(s)",
        ),
        (
            "P09.6",
            october_2025,
            "Abnormal findings on neonatal screening for neonatal hearing loss",
            "Abnormal findings on neonatal hearing screening",
        ),
    ] {
        assert_eq!(title(snapshot, code, before), from, "{code} on {before}");
        assert_eq!(title(snapshot, code, after), to, "{code} on {after}");
    }
}

/// S06.5X7D and its like ended on 2017-09-30; the list of FY2017 is the last one that has them.
fn remembers_codes_that_no_later_list_has(snapshot: &Snapshot) {
    let code = Code::parse(CodeSystem::Icd10Cm, "S06.5X7D").unwrap();
    let concept = snapshot.terminology.concept(code, day("2017-09-30")).unwrap();
    let (title, release) = concept.title().unwrap();
    assert_eq!(release.version, day("2016-10-01"));
    assert_eq!(
        title,
        "Traumatic subdural hemorrhage with loss of consciousness of any duration with death due \
         to brain injury before regaining consciousness, subsequent encounter"
    );
}
