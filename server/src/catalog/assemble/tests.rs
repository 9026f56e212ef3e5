use jiff::civil::date;
use medcode_codes::{
    code::{Code, CodeKey},
    code_table::Lifetime,
    date::{Date, Period},
    fact::UnavailableReason,
    hcpcs_record::HcpcsRecord,
    release::{Content, Release},
    verdict::{Verdict, judge},
};
use medcode_import::rows::{AddendumBRow, CodeRow, ListedRow, MasterRows};

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

#[expect(clippy::unnecessary_wraps, reason = "compared with what a table may lack")]
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

fn hcpcs(version: Date, codes: &[(&str, Option<Date>, Option<Date>)]) -> Loaded {
    let record = |(code, added, terminated): &(&str, Option<Date>, Option<Date>)| HcpcsRecord {
        code: key(code),
        is_modifier: code.len() == 2,
        long: format!("long {code}"),
        short: format!("short {code}"),
        coverage: None,
        pricing: Vec::new(),
        multiple_pricing: None,
        references: Vec::new(),
        laboratory: Vec::new(),
        cross_references: Vec::new(),
        asc_group: String::new(),
        processing_note: String::new(),
        betos: String::new(),
        types_of_service: Vec::new(),
        anesthesia_units: None,
        added: *added,
        action_effective: None,
        terminated: *terminated,
        action: None,
    };
    let end = date(version.year(), version.month() + 2, 30);
    let rows = Rows::Hcpcs(codes.iter().map(record).collect());
    loaded(CodeSystem::Hcpcs, version, Some(end), rows)
}

fn bare(version: Date, codes: &[&str]) -> Loaded {
    let end = date(version.year(), version.month() + 2, 30);
    let rows = Rows::BareCodes(codes.iter().map(|code| key(code)).collect());
    loaded(CodeSystem::Hcpcs, version, Some(end), rows)
}

#[test]
fn services_are_dated_by_the_newest_file_and_gone_when_a_later_one_lacks_them() {
    let added = Some(date(2000, 1, 1));
    let ended = Some(date(2018, 12, 31));
    let assembled = assemble(vec![
        hcpcs(
            date(2019, 1, 1),
            &[
                ("A0001", added, None),
                ("A0002", added, ended),
                ("A0003", added, None),
                ("LT", added, None),
            ],
        ),
        hcpcs(date(2018, 1, 1), &[("A0002", added, None), ("A0009", added, None)]),
        bare(date(2026, 7, 1), &["A0001", "A0002", "A0004"]),
    ])
    .unwrap();
    let table = assembled.terminology.table(CodeSystem::Hcpcs).unwrap();
    let life = |code| table.get(key(code)).map(|entry| entry.lifetime());
    assert_eq!(life("A0001"), dated(date(2000, 1, 1), None));
    assert_eq!(life("A0002"), dated(date(2000, 1, 1), ended));
    // Missing in a later whole file: gone the day before.
    assert_eq!(life("A0003"), dated(date(2000, 1, 1), Some(date(2026, 6, 30))));
    assert_eq!(life("A0009"), dated(date(2000, 1, 1), ended));
    // Lists of bare codes hold no modifiers, so one that is missing there has not ended.
    assert_eq!(life("LT"), dated(date(2000, 1, 1), None));
    let seen = date(2026, 7, 1);
    assert_eq!(life("A0004"), Some(Lifetime::Seen { first: seen, last: seen }));
    // What the file of 2019 calls open may have ended since, but what the list of 2026 lacks does not exist.
    assert_eq!(table.horizon(), Some(date(2019, 3, 30)));
    assert_eq!(table.complete_to(), Some(date(2026, 9, 30)));
    let on = |code: &str, day| judge(&assembled.terminology, CodeSystem::Hcpcs, code, day).verdict;
    let august = date(2026, 8, 1);
    assert!(matches!(on("A0005", august), Verdict::Unknown { .. }));
    let later = date(2027, 1, 1);
    assert_eq!(on("A0005", later), Verdict::Unavailable(UnavailableReason::DateNotCovered));
    assert_eq!(table.release().version, date(2019, 1, 1), "what dates the codes");
    // Ended codes stand in the list too, so it makes none valid.
    let beyond = |code: &str, day| {
        judge(&assembled.terminology, CodeSystem::Hcpcs, code, day).beyond_horizon
    };
    assert_eq!(beyond("A0004", august), Some(date(2026, 6, 30)));
    assert_eq!(beyond("A0001", august), Some(date(2019, 3, 30)));
}

#[test]
fn an_older_file_takes_nothing_from_what_is_known_of_later_days() {
    let payable = |code: &str| AddendumBRow {
        code: key(code),
        short: "short".to_owned(),
        status: "N".to_owned(),
        quarter: date(2026, 7, 1),
    };
    let rows = Rows::Payable(vec![payable("A0001"), payable("A0002"), payable("A0007")]);
    let added = Some(date(2000, 1, 1));
    let assembled = assemble(vec![
        loaded(CodeSystem::Hcpcs, date(2026, 7, 1), Some(date(2026, 9, 30)), rows),
        hcpcs(
            date(2019, 1, 1),
            &[
                ("A0001", added, None),
                ("A0002", added, Some(date(2018, 12, 31))),
                ("A0003", added, None),
            ],
        ),
    ])
    .unwrap();
    let on = |code: &str, day| {
        let judged = judge(&assembled.terminology, CodeSystem::Hcpcs, code, day);
        (judged.verdict == Verdict::Billable, judged.beyond_horizon)
    };
    let august = date(2026, 8, 1);
    assert_eq!(on("A0001", august), (true, None));
    assert_eq!(on("A0007", august), (true, None));
    // In use again: it has not stayed ended.
    assert_eq!(on("A0002", august), (true, None));
    assert_eq!(on("A0003", august), (true, Some(date(2019, 3, 30))));
    assert_eq!(on("A0001", date(2026, 10, 1)), (true, Some(date(2026, 9, 30))));
}

#[test]
fn a_short_descriptor_names_a_service_only_where_nothing_else_does() {
    let payable = |code: &str| AddendumBRow {
        code: key(code),
        short: "short".to_owned(),
        status: "N".to_owned(),
        quarter: date(2025, 10, 1),
    };
    let rows = Rows::Payable(vec![payable("A0001"), payable("A0007")]);
    let assembled = assemble(vec![
        hcpcs(date(2019, 1, 1), &[("A0001", Some(date(2000, 1, 1)), None)]),
        loaded(CodeSystem::Hcpcs, date(2025, 10, 1), Some(date(2025, 12, 31)), rows),
    ])
    .unwrap();
    let table = assembled.terminology.table(CodeSystem::Hcpcs).unwrap();
    let title = |code| table.get(key(code)).unwrap().title(date(2025, 11, 1)).unwrap().text;
    assert_eq!((title("A0001"), title("A0007")), ("long A0001", "short"));
}
