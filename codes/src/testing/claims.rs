//! Tables of claim edits for tests. Every row is invented; numbers of CPT stand for themselves.

use std::sync::LazyLock;

use crate::{
    code::CodeKey,
    date::{Date, parse_iso},
    edits::{
        EditSetting,
        add_on::{AddOnEdit, AddOnType},
        fee_schedule::FeeScheduleRow,
        mue::{Adjudication, MueEdit},
        ptp::{ModifierIndicator, PtpEdit, PtpRows},
    },
    encounter::{Encounter, ServiceLine},
    hcpcs_record::HcpcsRecord,
    release::{Content, Release},
    supplements::{OfRelease, SettingEdits, Supplements},
    system::CodeSystem,
    terminology::Terminology,
};

/// Column 1, column 2, first day, deletion date, modifier indicator.
const PTP_PRACTITIONER: [(&str, &str, &str, &str, char); 7] = [
    ("11042", "97597", "2015-01-01", "", '0'),
    ("11042", "97602", "2015-01-01", "", '1'),
    ("11042", "99213", "2015-01-01", "", '1'),
    ("29881", "20610", "2015-01-01", "", '1'),
    ("36415", "36416", "2015-01-01", "2015-01-01", '9'),
    ("93000", "93005", "2015-01-01", "2026-01-01", '0'),
    ("97140", "97530", "2026-01-01", "", '1'),
];
const PTP_HOSPITAL: [(&str, &str, &str, &str, char); 1] =
    [("11042", "97602", "2015-01-01", "", '0')];

/// Code, units, adjudication indicator.
const MUE_PRACTITIONER: [(&str, u32, u8); 4] =
    [("36415", 2, 3), ("97110", 6, 1), ("99291", 1, 2), ("J1885", 8, 3)];
const MUE_HOSPITAL: [(&str, u32, u8); 1] = [("36415", 5, 3)];

/// Type, add-on code, primary code; `CCCCC` where the contractor decides.
const ADD_ON: [(u8, &str, &str); 6] = [
    (3, "11045", "11042"),
    (1, "90785", "90832"),
    (1, "90785", "90834"),
    (1, "90785", "90837"),
    (2, "96368", "CCCCC"),
    (1, "99292", "99291"),
];

/// Code, global days.
const FEE_SCHEDULE: [(&str, &str); 9] = [
    ("11042", "000"),
    ("11045", "ZZZ"),
    ("17000", "010"),
    ("20610", "000"),
    ("22614", "ZZZ"),
    ("27447", "090"),
    ("36415", "XXX"),
    ("90785", "ZZZ"),
    ("99213", "XXX"),
];

/// Modifier, last day.
const MODIFIERS: [(&str, &str); 5] =
    [("GA", ""), ("GB", "2020-12-31"), ("KX", ""), ("LT", ""), ("RT", "")];

/// The sample with the invented tables: of edits until 2026-06-30, of the fee schedule and the modifiers for 2026.
///
/// # Panics
/// The sample does not parse, which its own test would show first.
pub fn with_claim_tables() -> &'static Terminology {
    static TABLES: LazyLock<Terminology> = LazyLock::new(|| with_tables(|_| ()));
    &TABLES
}

/// The same with some of the tables changed or taken out.
///
/// # Panics
/// The sample does not parse, which its own test would show first.
pub fn with_tables(change: impl FnOnce(&mut Supplements)) -> Terminology {
    let mut all = super::own_supplements();
    all.ptp = vec![
        of_setting(EditSetting::Practitioner, ptp(&PTP_PRACTITIONER)),
        of_setting(EditSetting::Hospital, ptp(&PTP_HOSPITAL)),
    ];
    all.mue = vec![
        of_setting(EditSetting::Practitioner, mue(&MUE_PRACTITIONER)),
        of_setting(EditSetting::Hospital, mue(&MUE_HOSPITAL)),
    ];
    all.add_on = vec![of_quarter(ADD_ON.map(add_on).to_vec())];
    all.fee_schedule = vec![of_year(FEE_SCHEDULE.map(fee_schedule).to_vec())];
    all.hcpcs = vec![of_year(MODIFIERS.map(modifier).to_vec())];
    change(&mut all);
    super::own_sample().with(all)
}

/// Lines written `99213-25, J1885` or `99213-25, J1885 @2025-09-30` as an encounter; without a date on
/// [`TODAY`](super::TODAY).
///
/// # Panics
/// The date is not ISO.
pub fn lines_of(written: &str) -> Encounter {
    let (lines, date) = written.split_once('@').unwrap_or((written, ""));
    let date = if date.is_empty() { super::TODAY } else { day(date.trim()) };
    let lines = lines.split(',').map(|line| {
        let mut parts = line.trim().split('-').map(str::to_owned);
        let code = parts.next().unwrap_or_default();
        ServiceLine { modifiers: parts.collect(), ..ServiceLine::new(CodeSystem::Cpt, code) }
    });
    Encounter { service_date: Some(date), lines: lines.collect(), ..Encounter::default() }
}

/// What one rule alone reports of lines over the invented tables, as `severity code code …`.
///
/// # Panics
/// The date is not ISO, or there is no such rule.
pub fn line_reports(rule: &str, written: &str) -> Vec<String> {
    super::reports_over(with_claim_tables(), rule, &lines_of(written))
}

fn ptp(rows: &[(&str, &str, &str, &str, char)]) -> PtpRows {
    let edit = |(column1, column2, from, deleted, indicator): &(&str, &str, &str, &str, char)| {
        let modifier = match indicator {
            '0' => ModifierIndicator::NotAllowed,
            '1' => ModifierIndicator::Allowed,
            _ => ModifierIndicator::NotApplicable,
        };
        PtpEdit {
            column1: key(column1),
            column2: key(column2),
            from: day(from),
            deleted: (!deleted.is_empty()).then(|| day(deleted)),
            modifier,
            before_1996: false,
            rationale: 0,
        }
    };
    let mut edits: Vec<_> = rows.iter().map(edit).collect();
    edits.sort_unstable();
    PtpRows { rationales: vec!["invented".to_owned()], edits }
}

fn mue(rows: &[(&str, u32, u8)]) -> Vec<MueEdit> {
    let edit = |(code, units, indicator): &(&str, u32, u8)| MueEdit {
        code: key(code),
        units: *units,
        adjudication: match indicator {
            1 => Adjudication::Line,
            2 => Adjudication::DayPolicy,
            _ => Adjudication::DayClinical,
        },
        rationale: "invented".to_owned(),
    };
    rows.iter().map(edit).collect()
}

fn add_on((kind, add_on, primary): (u8, &str, &str)) -> AddOnEdit {
    AddOnEdit {
        kind: match kind {
            1 => AddOnType::Closed,
            2 => AddOnType::Contractor,
            _ => AddOnType::Partial,
        },
        add_on: key(add_on),
        primary: (primary != "CCCCC").then(|| key(primary)),
        from: day("2015-01-01"),
        to: None,
        add_on_deleted: None,
        primary_deleted: None,
        notes: String::new(),
    }
}

fn fee_schedule((code, days): (&str, &str)) -> FeeScheduleRow {
    FeeScheduleRow {
        code: key(code),
        modifier: String::new(),
        status: 'A',
        components: None,
        global_days: days.to_owned(),
        multiple: None,
        bilateral: None,
        assistant: None,
        co_surgeons: None,
        team: None,
        endoscopic_base: None,
    }
}

fn modifier((text, last): (&str, &str)) -> HcpcsRecord {
    HcpcsRecord {
        code: key(text),
        is_modifier: true,
        long: "invented".to_owned(),
        short: "invented".to_owned(),
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
        added: None,
        action_effective: None,
        terminated: (!last.is_empty()).then(|| day(last)),
        action: None,
    }
}

fn of_setting<T>(setting: EditSetting, rows: T) -> SettingEdits<T> {
    SettingEdits { setting, releases: vec![of_quarter(rows)] }
}

fn of_quarter<T>(rows: T) -> OfRelease<T> {
    of_days("2026-04-01", "2026-06-30", rows)
}

fn of_year<T>(rows: T) -> OfRelease<T> {
    of_days("2026-01-01", "2026-12-31", rows)
}

fn of_days<T>(first: &str, last: &str, rows: T) -> OfRelease<T> {
    let release = Release {
        dataset: "invented".to_owned(),
        version: day(first),
        effective_to: Some(day(last)),
        digest: format!("sha256:{:064x}", 0),
        title: format!("invented tables {first}"),
        content: Content::Complete,
    };
    OfRelease { release, covered_to: Some(day(last)), rows }
}

fn day(text: &str) -> Date {
    parse_iso(text).expect("a test names an ISO date")
}

fn key(text: &str) -> CodeKey {
    CodeKey::new(text).expect("a code without its point")
}
