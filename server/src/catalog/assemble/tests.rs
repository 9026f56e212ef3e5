use jiff::civil::date;
use medcode_codes::{
    code::{Code, CodeKey},
    code_table::Lifetime,
    date::{Date, Period},
    release::{Content, Release},
};
use medcode_import::rows::{CodeRow, ListedRow, MasterRows};

use super::*;
use crate::catalog::releases::Source;

fn key(text: &str) -> CodeKey {
    CodeKey::new(text).unwrap()
}

fn loaded(system: CodeSystem, version: Date, effective_to: Option<Date>, rows: Rows) -> Loaded {
    let record = ReleaseRecord {
        release: Release {
            dataset: system.id().to_owned(),
            version,
            effective_to,
            digest: format!("{version} {}", rows.count()),
            title: format!("{system} {version}"),
            content: Content::Complete,
        },
        kind: ReleaseKind::of(&rows),
        systems: vec![system],
        horizon: None,
        is_default: false,
        source: Source {
            package: String::new(),
            file: String::new(),
            sha256: String::new(),
            licence: String::new(),
            copyright: String::new(),
        },
        imported_at: String::new(),
        row_count: 0,
        billable_count: None,
        remarks: Vec::new(),
    };
    Loaded { record, rows }
}

fn listed(code: &str, title: &str) -> ListedRow {
    let is_header = code.len() == 3 && code.starts_with('H');
    ListedRow { code: key(code), is_header, short: String::new(), long: title.to_owned() }
}

fn list(year: i16, codes: &[(&str, &str)]) -> Loaded {
    let rows = codes.iter().map(|(code, title)| listed(code, title)).collect();
    let (from, to) = (date(year - 1, 10, 1), date(year, 9, 30));
    loaded(CodeSystem::Icd10Cm, from, Some(to), Rows::CodeList(rows))
}

fn master(version: Date, horizon: Date, codes: &[(&str, Date, Option<Date>)]) -> Loaded {
    let row = |(code, start, end): &(&str, Date, Option<Date>)| CodeRow {
        code: key(code),
        lifetime: Lifetime::Dated(Period { start: *start, end: *end }),
        flags: Vec::new(),
    };
    let codes = codes.iter().map(row).collect();
    let systems = vec![MasterRows { system: CodeSystem::Icd10Cm, horizon, codes }];
    let rows = Rows::CodeMaster { systems, age_ranges: Vec::new(), discharge_statuses: Vec::new() };
    loaded(CodeSystem::Icd10Cm, version, Some(horizon), rows)
}

fn life(assembled: &Assembled, code: &str) -> Option<Lifetime> {
    let table = assembled.terminology.table(CodeSystem::Icd10Cm)?;
    Some(table.get(key(code))?.lifetime())
}

fn dated(start: Date, end: Option<Date>) -> Option<Lifetime> {
    Some(Lifetime::Dated(Period { start, end }))
}

fn title(assembled: &Assembled, code: &str, on: Date) -> Option<(String, String)> {
    let code = Code::from_key(CodeSystem::Icd10Cm, key(code))?;
    let concept = assembled.terminology.concept(code, on)?;
    let (title, release) = concept.title()?;
    Some((title.into_owned(), release.title.clone()))
}

#[test]
fn lists_alone_date_codes_from_the_first_one_on() {
    let assembled = assemble(vec![
        list(2024, &[("A00", "a"), ("B00", "b, revised"), ("C00", "c")]),
        list(2022, &[("A00", "a"), ("B00", "b"), ("H00", "header")]),
        list(2023, &[("B00", "b"), ("C00", "c")]),
    ])
    .unwrap();
    let fy = |year: i16| date(year - 1, 10, 1);
    assert_eq!(life(&assembled, "B00"), dated(fy(2022), None));
    assert_eq!(life(&assembled, "C00"), dated(fy(2023), None));
    assert_eq!(life(&assembled, "H00"), None);
    // Gone for a year: one life from its first day on.
    assert_eq!(life(&assembled, "A00"), dated(fy(2022), None));
    let table = assembled.terminology.table(CodeSystem::Icd10Cm).unwrap();
    assert_eq!((table.covered_from(), table.horizon()), (Some(fy(2022)), Some(date(2024, 9, 30))));
    assert!(table.has_header(key("H00")));
    let on = |day| title(&assembled, "B00", day).unwrap();
    assert_eq!(on(date(2023, 1, 1)), ("b".to_owned(), "ICD-10-CM 2022-10-01".to_owned()));
    assert_eq!(on(date(2024, 1, 1)), ("b, revised".to_owned(), "ICD-10-CM 2023-10-01".to_owned()));
    assert_eq!(on(date(2019, 1, 1)).1, "ICD-10-CM 2021-10-01");
}

#[test]
fn a_master_wins_as_far_as_it_reaches_and_lists_go_on_from_there() {
    let start = date(2015, 10, 1);
    let codes = [("A00", start, None), ("B00", start, Some(date(2022, 9, 30)))];
    let assembled = assemble(vec![
        list(2023, &[("A00", "a"), ("B00", "wrong")]),
        master(date(2022, 10, 1), date(2023, 3, 31), &codes),
        list(2024, &[("C00", "c")]),
    ])
    .unwrap();
    assert_eq!(life(&assembled, "B00"), dated(start, Some(date(2022, 9, 30))));
    assert_eq!(life(&assembled, "A00"), dated(start, Some(date(2023, 9, 30))));
    assert_eq!(life(&assembled, "C00"), dated(date(2023, 10, 1), None));
    let [disagreement] = assembled.disagreements.as_slice() else { panic!("one list differs") };
    assert_eq!((disagreement.extra.as_slice(), disagreement.count()), (&[key("B00")][..], 1));
    assert_eq!(disagreement.nearer, Some((start, 0)));
}

#[test]
fn an_older_master_changes_nothing() {
    let start = date(2015, 10, 1);
    let newer = || {
        master(
            date(2026, 10, 1),
            date(2027, 3, 31),
            &[("A00", start, Some(date(2026, 9, 30))), ("B00", date(2026, 10, 1), None)],
        )
    };
    let older = || master(date(2025, 10, 1), date(2026, 9, 30), &[("A00", start, None)]);
    for releases in [vec![newer(), older()], vec![older(), newer()]] {
        let assembled = assemble(releases).unwrap();
        assert_eq!(life(&assembled, "A00"), dated(start, Some(date(2026, 9, 30))));
        assert_eq!(life(&assembled, "B00"), dated(date(2026, 10, 1), None));
    }
}

#[test]
fn of_two_files_for_one_release_the_later_import_answers() {
    let assembled =
        assemble(vec![list(2022, &[("A00", "first")]), list(2022, &[("A00", "second")])]).unwrap();
    assert_eq!(title(&assembled, "A00", date(2022, 1, 1)).unwrap().0, "second");
}
