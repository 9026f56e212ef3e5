use jiff::civil::date;

use super::*;
use crate::{
    edits::{add_on::AddOnType, mue::Adjudication, ptp::ModifierIndicator},
    release::Content,
};

fn key(text: &str) -> CodeKey {
    CodeKey::new(text).unwrap()
}

fn of<T>(version: Date, covered_to: Option<Date>, rows: T) -> OfRelease<T> {
    let release = Release {
        dataset: "test".to_owned(),
        version,
        effective_to: covered_to,
        digest: String::new(),
        title: String::new(),
        content: Content::Complete,
    };
    OfRelease { release, covered_to, rows }
}

fn edit(from: Date, deleted: Option<Date>, modifier: ModifierIndicator) -> PtpEdit {
    let (column1, column2) = (key("00000"), key("99999"));
    PtpEdit { column1, column2, from, deleted, modifier, before_1996: false, rationale: 0 }
}

#[test]
fn a_pair_is_edited_from_its_first_day_to_the_day_before_its_deletion() {
    let rows = PtpRows {
        rationales: vec!["Misuse".to_owned()],
        edits: vec![
            edit(date(2015, 1, 1), Some(date(2015, 1, 1)), ModifierIndicator::NotApplicable),
            edit(date(2016, 1, 1), Some(date(2020, 1, 1)), ModifierIndicator::NotAllowed),
            edit(date(2024, 1, 1), None, ModifierIndicator::Allowed),
        ],
    };
    let releases = vec![of(date(2026, 10, 1), Some(date(2026, 12, 31)), rows)];
    let supplements = Supplements {
        ptp: vec![SettingEdits { setting: EditSetting::Practitioner, releases }],
        ..Supplements::default()
    };
    let on = |day| {
        let edit = supplements.ptp_edit(EditSetting::Practitioner, key("00000"), key("99999"), day);
        edit.map(|edit| edit.map(|edit| edit.modifier))
    };
    assert_eq!(on(date(2015, 1, 1)), Ok(None));
    assert_eq!(on(date(2016, 1, 1)), Ok(Some(ModifierIndicator::NotAllowed)));
    assert_eq!(on(date(2019, 12, 31)), Ok(Some(ModifierIndicator::NotAllowed)));
    assert_eq!(on(date(2020, 1, 1)), Ok(None));
    assert_eq!(on(date(2026, 12, 31)), Ok(Some(ModifierIndicator::Allowed)));
    // Past the quarter of the newest table nothing is known; nor of another setting.
    assert_eq!(on(date(2027, 1, 1)), Err(NoData));
    let hospital = EditSetting::Hospital;
    let asked = supplements.ptp_edit(hospital, key("00000"), key("99999"), date(2026, 10, 1));
    assert_eq!(asked, Err(NoData));
}

#[test]
fn units_hold_for_the_quarter_of_their_table_only() {
    let edit = |units| MueEdit {
        code: key("00000"),
        units,
        adjudication: Adjudication::DayPolicy,
        rationale: "Anatomic consideration".to_owned(),
    };
    let releases = vec![
        of(date(2026, 4, 1), Some(date(2026, 6, 30)), vec![edit(1)]),
        of(date(2026, 10, 1), Some(date(2026, 12, 31)), vec![edit(2)]),
    ];
    let supplements = Supplements {
        mue: vec![SettingEdits { setting: EditSetting::Hospital, releases }],
        ..Supplements::default()
    };
    let on = |code, day| {
        let edit = supplements.mue_edit(EditSetting::Hospital, key(code), day);
        edit.map(|edit| edit.map(|edit| edit.units))
    };
    assert_eq!(on("00000", date(2026, 5, 1)), Ok(Some(1)));
    assert_eq!(on("00000", date(2026, 8, 1)), Err(NoData));
    assert_eq!(on("00000", date(2026, 11, 1)), Ok(Some(2)));
    assert_eq!(on("99999", date(2026, 11, 1)), Ok(None));
}

#[test]
fn add_on_codes_have_dates_of_their_own() {
    let edit = AddOnEdit {
        kind: AddOnType::Closed,
        add_on: key("99999"),
        primary: Some(key("00000")),
        from: date(2020, 1, 1),
        to: Some(date(2024, 12, 31)),
        add_on_deleted: None,
        primary_deleted: None,
        notes: String::new(),
    };
    let add_on = vec![of(date(2026, 10, 1), Some(date(2026, 12, 31)), vec![edit])];
    let supplements = Supplements { add_on, ..Supplements::default() };
    let count = |code, day| supplements.add_on_edits(key(code), day).map(|edits| edits.len());
    assert_eq!(count("99999", date(2024, 12, 31)), Ok(1));
    assert_eq!(count("99999", date(2025, 1, 1)), Ok(0));
    assert_eq!(count("00000", date(2022, 1, 1)), Ok(0));
    assert_eq!(count("99999", date(2027, 1, 1)), Err(NoData));
}

#[test]
fn a_list_of_exempt_codes_holds_for_its_fiscal_year() {
    let lists = vec![of(date(2025, 10, 1), Some(date(2026, 9, 30)), vec![key("B900")])];
    let supplements = Supplements { poa_exempt: lists, ..Supplements::default() };
    assert_eq!(supplements.is_poa_exempt(key("B900"), date(2026, 1, 1)), Ok(true));
    assert_eq!(supplements.is_poa_exempt(key("A000"), date(2026, 1, 1)), Ok(false));
    assert_eq!(supplements.is_poa_exempt(key("B900"), date(2024, 1, 1)), Err(NoData));
}
