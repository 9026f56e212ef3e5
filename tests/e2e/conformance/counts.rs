//! How many codes were valid on each day, against the published numbers.

use e2e::catalog;
use jiff::civil::{Date, date};
use medcode_codes::system::CodeSystem;
use medcode_server::catalog::snapshot::Snapshot;

/// Valid codes of ICD-10-CM and ICD-10-PCS by date, as the official files of the day hold them.
const VALID: [(Date, usize, usize); 20] = [
    (date(2015, 10, 1), 69_823, 71_974),
    (date(2016, 10, 1), 71_486, 75_789),
    (date(2017, 10, 1), 71_704, 78_705),
    (date(2018, 10, 1), 71_932, 78_881),
    (date(2019, 10, 1), 72_184, 77_559),
    (date(2020, 4, 1), 72_186, 77_559),
    (date(2020, 8, 1), 72_186, 77_571),
    (date(2020, 10, 1), 72_616, 78_115),
    (date(2021, 1, 1), 72_621, 78_136),
    (date(2021, 10, 1), 72_748, 78_220),
    (date(2022, 4, 1), 72_750, 78_229),
    (date(2022, 10, 1), 73_639, 78_496),
    (date(2023, 4, 1), 73_674, 78_530),
    (date(2023, 10, 1), 74_044, 78_603),
    (date(2024, 4, 1), 74_044, 78_638),
    (date(2024, 10, 1), 74_260, 78_948),
    (date(2025, 4, 1), 74_260, 78_986),
    (date(2025, 10, 1), 74_719, 79_115),
    (date(2026, 4, 1), 74_719, 79_193),
    (date(2026, 10, 1), 74_879, 79_256),
];

#[test]
fn as_many_codes_are_valid_as_were_published() {
    let Some(catalog) = catalog() else { return };
    let snapshot = Snapshot::load(&catalog.join("catalog.db")).expect("the catalog opens");
    for (day, diagnoses, procedures) in VALID {
        let valid = |system: CodeSystem| {
            let table = snapshot.terminology.table(system).expect("the system is loaded");
            table
                .iter()
                .filter(|entry| entry.lifetime().period().is_some_and(|life| life.contains(day)))
                .count()
        };
        assert_eq!(valid(CodeSystem::Icd10Cm), diagnoses, "diagnoses on {day}");
        assert_eq!(valid(CodeSystem::Icd10Pcs), procedures, "procedures on {day}");
    }
}

#[test]
fn the_tabular_list_expands_to_the_codes_of_its_day() {
    let Some(catalog) = catalog() else { return };
    let snapshot = Snapshot::load(&catalog.join("catalog.db")).expect("the catalog opens");
    let counts: Vec<_> = snapshot
        .terminology
        .editions()
        .iter()
        .map(|edition| (edition.release.version.to_string(), edition.list.billable_codes().len()))
        .collect();
    let expected = [("2021-01-01", 72_621), ("2025-04-01", 74_260), ("2026-04-01", 74_719)];
    assert_eq!(counts, expected.map(|(version, count)| (version.to_owned(), count)));
}

#[test]
fn new_codes_are_valid_though_their_titles_are_not_installed() {
    let Some(catalog) = catalog() else { return };
    let snapshot = Snapshot::load(&catalog.join("catalog.db")).expect("the catalog opens");
    let table = snapshot.terminology.table(CodeSystem::Icd10Cm).expect("diagnoses are loaded");
    let day = date(2026, 10, 1);
    let new = table
        .iter()
        .filter(|entry| entry.lifetime().period().is_some_and(|life| life.start == day))
        .count();
    let ended = table
        .iter()
        .filter(|entry| {
            entry.lifetime().period().is_some_and(|life| life.end == Some(date(2026, 9, 30)))
        })
        .count();
    assert_eq!((new, ended), (190, 30));
}
