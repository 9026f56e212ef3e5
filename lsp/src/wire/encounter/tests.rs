//! A question and its answer keep their meaning on the wire.

use medcode_codes::{
    code::Code, encounter::Item, fact::Fact, issue::Change, system::CodeSystem, tabular::NoteKind,
};

use super::*;

fn request() -> EncounterRequest {
    let diagnosis = |text: &str| Diagnosis::new(CodeSystem::Icd10Cm, text);
    let line = ServiceLine {
        modifiers: vec!["25".to_owned()],
        diagnosis_pointers: vec![1],
        ..ServiceLine::new(CodeSystem::Cpt, "99213")
    };
    let encounter = Encounter {
        setting: Setting::Professional,
        service_date: medcode_codes::date::parse_iso("2026-03-02").ok(),
        age_years: Some(54),
        sex: Sex::Female,
        diagnoses: vec![diagnosis("N18.3"), diagnosis("e116"), diagnosis("N18.3")],
        lines: vec![line],
        ..Encounter::default()
    };
    EncounterRequest { encounter, mentions: vec![0, 1, 2, 3], ..EncounterRequest::default() }
}

fn known(code: &str, title: &str) -> v1::ItemContext {
    v1::ItemContext {
        state: v1::FactState::Known.into(),
        code: code.to_owned(),
        title: title.to_owned(),
        ..v1::ItemContext::default()
    }
}

/// A report with one context for each item: N18.3, e116, N18.3, 99213.
fn report() -> v1::EncounterReport {
    let unknown = v1::ItemContext {
        state: v1::FactState::Unknown.into(),
        code: "E11.6".to_owned(),
        ..v1::ItemContext::default()
    };
    let not_loaded = v1::ItemContext {
        state: v1::FactState::Unavailable.into(),
        unavailable_reason: v1::UnavailableReason::CodeSystemNotLoaded.into(),
        code: "99213".to_owned(),
        ..v1::ItemContext::default()
    };
    let kidney = known("N18.3", "Chronic kidney disease, stage 3 (moderate)");
    v1::EncounterReport {
        as_of: Some(v1::Date { year: 2026, month: 3, day: 2 }),
        contexts: vec![kidney.clone(), unknown, kidney, not_loaded],
        ..v1::EncounterReport::default()
    }
}

fn answer(report: v1::EncounterReport) -> Option<EncounterAnswer> {
    encounter_answer(&request(), v1::ValidateEncounterResponse { report: Some(report) })
}

fn issue(expression: &[&str], fixes: Vec<v1::Fix>) -> v1::Issue {
    v1::Issue {
        severity: v1::IssueSeverity::Error.into(),
        rule_id: "expired-code".to_owned(),
        message: "N18.3 ended 2020-09-30.".to_owned(),
        expression: expression.iter().map(|path| (*path).to_owned()).collect(),
        fixes,
        related_notes: vec![v1::RelatedNote {
            owner_code: "N18".to_owned(),
            text: "code first …".to_owned(),
            kind: v1::NoteKind::CodeFirst.into(),
        }],
        ..v1::Issue::default()
    }
}

fn replacement(path: &str, code: &str) -> v1::Fix {
    let edit = v1::coding_edit::Edit::ReplaceWith(coding(CodeSystem::Icd10Cm, code));
    v1::Fix {
        title: format!("Replace by {code}"),
        edits: vec![v1::CodingEdit { path: path.to_owned(), edit: Some(edit) }],
        ..v1::Fix::default()
    }
}

#[test]
fn sends_codes_and_facts() {
    let message = encounter_request(&request());
    let encounter = message.encounter.unwrap();
    assert_eq!(encounter.service_date, Some(v1::Date { year: 2026, month: 3, day: 2 }));
    assert_eq!((encounter.age_years, encounter.sex()), (Some(54), v1::Sex::Female));
    assert_eq!(encounter.diagnoses.len(), 3);
    assert_eq!(encounter.lines[0].modifiers, ["25"]);
    assert_eq!(encounter.lines[0].diagnosis_pointers, [1]);
    let options = message.options.unwrap();
    assert!(options.include_contexts && options.enable.is_empty());
}

#[test]
fn asks_about_single_codes_only_where_they_are_mentioned() {
    let request = EncounterRequest { each_code_only: true, ..request() };
    let enabled = encounter_request(&request).options.unwrap().enable;
    assert!(enabled.iter().any(|rule| rule == "expired-code"), "{enabled:?}");
    assert!(!enabled.iter().any(|rule| rule == "excludes1-conflict"), "{enabled:?}");
}

#[test]
fn gives_each_item_its_fact() {
    let Some(EncounterAnswer::Answered { facts, .. }) = answer(report()) else {
        panic!("an answer")
    };
    let short: Vec<_> = facts.iter().map(|fact| (fact.fact, fact.written.as_str())).collect();
    assert_eq!(
        short,
        [
            (Fact::Known, "N18.3"),
            (Fact::Unknown, "E11.6"),
            (Fact::Known, "N18.3"),
            (Fact::Unavailable(UnavailableReason::CodeSystemNotLoaded), "99213"),
        ]
    );
}

#[test]
fn brings_issues_and_fixes_back_to_their_items() {
    let fixes = vec![replacement("diagnoses[2]", "N18.30"), replacement("", "N18.31")];
    let found = issue(&["diagnoses[2].coding.code", "lines[0]"], fixes);
    let report = v1::EncounterReport { issues: vec![found], ..report() };
    let Some(EncounterAnswer::Answered { issues, .. }) = answer(report) else {
        panic!("an answer")
    };
    let issue = &issues[0];
    assert_eq!(issue.items, [Item::Diagnosis(2), Item::Line(0)]);
    assert_eq!(issue.codes, ["N18.3", "99213"]);
    assert_eq!(issue.notes[0].kind, NoteKind::CodeFirst);
    let code = |text| Code::parse(CodeSystem::Icd10Cm, text).unwrap();
    let edits: Vec<_> = issue.fixes.iter().map(|fix| fix.edits.clone()).collect();
    assert_eq!(
        edits,
        [
            vec![(Item::Diagnosis(2), Change::ReplaceWith(code("N18.30")))],
            vec![(Item::Diagnosis(2), Change::ReplaceWith(code("N18.31")))],
        ]
    );
}

#[test]
fn leaves_out_what_points_at_nothing() {
    let issues = vec![
        issue(&["diagnoses[9]"], Vec::new()),
        issue(&[], Vec::new()),
        issue(&["x"], Vec::new()),
    ];
    let half = v1::Fix {
        edits: vec![v1::CodingEdit { path: "diagnoses[0]".to_owned(), edit: None }],
        ..v1::Fix::default()
    };
    let issues = [issues, vec![issue(&["diagnoses[0]"], vec![half])]].concat();
    let report = v1::EncounterReport { issues, ..report() };
    let Some(EncounterAnswer::Answered { issues, .. }) = answer(report) else {
        panic!("an answer")
    };
    assert_eq!(issues.len(), 1);
    assert!(issues[0].fixes.is_empty());
}

#[test]
fn takes_no_answer_for_one_that_does_not_fit() {
    assert_eq!(encounter_answer(&request(), v1::ValidateEncounterResponse { report: None }), None);
    assert_eq!(answer(v1::EncounterReport::default()), None);
    assert_eq!(answer(v1::EncounterReport { as_of: None, ..report() }), None);
    assert_eq!(answer(v1::EncounterReport { contexts: Vec::new(), ..report() }), None);
}

#[test]
fn a_check_says_what_is_missing() {
    let check = |reason: v1::CheckReason, dataset: &str, fact: &str| v1::RuleCheck {
        rule_id: "a".to_owned(),
        outcome: v1::CheckOutcome::NoData.into(),
        reason: reason.into(),
        missing_dataset: dataset.to_owned(),
        missing_fact: fact.to_owned(),
        ..v1::RuleCheck::default()
    };
    let not_loaded = v1::CheckReason::DatasetNotLoaded;
    for (check, expected) in [
        (check(not_loaded, "ncci-ptp", ""), Reason::NotLoaded(Need::Ptp)),
        (check(not_loaded, "icd-10-cm-notes", ""), Reason::NotesMissing),
        (check(v1::CheckReason::FactMissing, "", "sex"), Reason::FactMissing("sex")),
        (check(v1::CheckReason::FactMissing, "", "shoe_size"), Reason::FactMissing("fact")),
        (check(v1::CheckReason::DateNotCovered, "", ""), Reason::DateNotCovered),
        (check(v1::CheckReason::Modifier, "", ""), Reason::Modifier),
    ] {
        assert_eq!(super::check(check).unwrap().reason, Some(expected));
    }
}

/// A fact that a rule misses keeps its name on the wire only when the domain has it in its list.
#[test]
fn the_facts_that_rules_miss_have_names() {
    let rules = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../codes/src/rules");
    for entry in std::fs::read_dir(rules).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        for part in text.split("fact_missing(\"").skip(1) {
            let name = part.split('"').next().unwrap();
            assert_eq!(Reason::fact_missing(name), Reason::FactMissing(name.to_owned().leak()));
        }
    }
}
