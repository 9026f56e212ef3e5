use medcode_proto::v1::{
    self, CheckDetail, CheckOutcome, CheckReason, EncounterVerdict, FactState, IssueSeverity,
};
use tonic::Code;

use crate::harness::{Running, cm, coding, date, day, fields, reason};

fn encounter(codes: &[&str], dos: &str) -> v1::Encounter {
    let diagnosis =
        |code: &&str| v1::Diagnosis { coding: Some(cm(code)), ..v1::Diagnosis::default() };
    v1::Encounter {
        encounter_id: "visit-1".into(),
        service_date: date(dos),
        diagnoses: codes.iter().map(diagnosis).collect(),
        ..v1::Encounter::default()
    }
}

async fn check(encounter: v1::Encounter, options: v1::ValidationOptions) -> v1::EncounterReport {
    let request = v1::ValidateEncounterRequest {
        encounter: Some(encounter),
        options: Some(options),
        date: None,
    };
    let response = Running::new().encounters().validate_encounter(request).await.unwrap();
    response.into_inner().report.unwrap()
}

fn rules(report: &v1::EncounterReport) -> Vec<&str> {
    report.issues.iter().map(|issue| issue.rule_id.as_str()).collect()
}

#[tokio::test]
async fn a_clean_encounter_is_clean() {
    let report =
        check(encounter(&["E11.9", "I10"], "2026-04-01"), v1::ValidationOptions::default()).await;
    assert_eq!(report.verdict(), EncounterVerdict::Clean, "{report:?}");
    assert_eq!(
        (report.encounter_id.as_str(), day(report.as_of.as_ref())),
        ("visit-1", "2026-04-01".into())
    );
    let counts = report.counts.unwrap();
    assert!(counts.pass > 0 && counts.fail == 0 && counts.no_data == 0);
    assert!(report.checks.is_empty(), "passed checks are listed only when asked for");
    assert!(report.releases_used.iter().any(|used| used.dataset == "mce"));
}

#[tokio::test]
async fn reports_what_is_wrong_and_how_to_mend_it() {
    let report = check(
        encounter(&["E11.9", "M54.5", "E11.66"], "2026-04-01"),
        v1::ValidationOptions::default(),
    )
    .await;
    assert_eq!(report.verdict(), EncounterVerdict::Issues);
    assert_eq!(rules(&report), ["expired-code", "unknown-code"]);
    let expired = &report.issues[0];
    assert_eq!(expired.severity(), IssueSeverity::Error);
    assert_eq!(expired.expression, ["diagnoses[1].coding.code"]);
    assert!(expired.r#type.is_empty() && !expired.source.is_empty());
    let fix = &expired.fixes[0];
    assert_eq!(fix.edits[0].path, "diagnoses[1]");
    let Some(v1::coding_edit::Edit::ReplaceWith(by)) = &fix.edits[0].edit else {
        panic!("{fix:?}")
    };
    assert_eq!(by.code, "M54.50");
}

#[tokio::test]
async fn options_decide_which_rules_run_and_how_much_they_weigh() {
    let codes = encounter(&["M54.5", "E11.66"], "2026-04-01");
    let only = |enable: &[&str], disable: &[&str]| v1::ValidationOptions {
        enable: enable.iter().map(ToString::to_string).collect(),
        disable: disable.iter().map(ToString::to_string).collect(),
        ..v1::ValidationOptions::default()
    };
    assert_eq!(rules(&check(codes.clone(), only(&["unknown-code"], &[])).await), ["unknown-code"]);
    let none =
        check(codes.clone(), only(&["unknown-code"], &["unknown-code", "no-such-rule"])).await;
    assert!(none.issues.is_empty());
    let newer = check(codes.clone(), only(&["rule-of-tomorrow"], &[])).await;
    assert_eq!(newer.verdict(), EncounterVerdict::Incomplete);
    assert_eq!(
        (newer.checks[0].outcome(), newer.checks[0].reason()),
        (CheckOutcome::NoData, CheckReason::RuleUnknown)
    );
    let lighter = v1::ValidationOptions {
        severity: [
            ("expired-code".to_owned(), IssueSeverity::Hint as i32),
            ("no-such-rule".to_owned(), 1),
        ]
        .into(),
        ..v1::ValidationOptions::default()
    };
    let report = check(codes.clone(), lighter).await;
    assert_eq!(report.issues[0].severity(), IssueSeverity::Hint);
    let all = v1::ValidationOptions {
        check_detail: CheckDetail::All.into(),
        ..v1::ValidationOptions::default()
    };
    let report = check(codes, all).await;
    assert!(report.checks.iter().any(|check| check.outcome() == CheckOutcome::Pass));
}

#[tokio::test]
async fn an_acknowledged_issue_is_let_through() {
    let acknowledge = |codes: &[&str]| v1::ValidationOptions {
        acknowledgements: vec![v1::Acknowledgement {
            rule_id: "expired-code".into(),
            codes: codes.iter().map(ToString::to_string).collect(),
        }],
        ..v1::ValidationOptions::default()
    };
    let codes = encounter(&["M54.5"], "2026-04-01");
    for accepted in [&["m545"][..], &[][..]] {
        let report = check(codes.clone(), acknowledge(accepted)).await;
        assert!(report.issues.is_empty());
        let check = report.checks.iter().find(|check| check.rule_id == "expired-code").unwrap();
        assert_eq!(
            (check.outcome(), check.reason()),
            (CheckOutcome::Bypassed, CheckReason::Acknowledged)
        );
    }
    assert_eq!(rules(&check(codes, acknowledge(&["E11.9"])).await), ["expired-code"]);
}

#[tokio::test]
async fn what_could_not_be_asked_is_no_pass() {
    let line =
        v1::ServiceLine { coding: Some(coding("cpt", "99213")), ..v1::ServiceLine::default() };
    let codes = v1::Encounter { lines: vec![line], ..encounter(&["E11.9"], "2026-04-01") };
    let report = check(codes, v1::ValidationOptions::default()).await;
    assert_ne!(report.verdict(), EncounterVerdict::Clean, "CPT is not loaded");
    let payer = v1::Encounter { payer: "acme-hmo".into(), ..encounter(&["E11.9"], "2026-04-01") };
    let report = check(payer, v1::ValidationOptions::default()).await;
    assert_eq!(report.verdict(), EncounterVerdict::Incomplete);
    assert_eq!(report.checks[0].reason(), CheckReason::DatasetNotLoaded);
}

#[tokio::test]
async fn a_code_of_a_release_that_is_not_loaded_is_no_pass() {
    for version in ["FY2019", "2031-04-01", "latest"] {
        for code in ["E11.9", "E11.66"] {
            let mut codes = encounter(&["I10", code], "2026-04-01");
            codes.diagnoses[1].coding = Some(v1::Coding { version: version.into(), ..cm(code) });
            let report = check(codes, v1::ValidationOptions::default()).await;
            assert_eq!(report.verdict(), EncounterVerdict::Incomplete, "{code} of {version}");
            assert!(report.issues.is_empty(), "{code} of {version}: {:?}", rules(&report));
            let check = report.checks.iter().find(|check| check.rule_id == "unknown-code").unwrap();
            assert_eq!(
                (check.outcome(), check.reason()),
                (CheckOutcome::NoData, CheckReason::CodeUnavailable)
            );
            assert_eq!(check.expression, ["diagnoses[1]"]);
        }
    }
    let mut loaded = encounter(&["E11.9"], "2026-04-01");
    loaded.diagnoses[0].coding = Some(v1::Coding { version: "FY2026".into(), ..cm("E11.9") });
    let report = check(loaded, v1::ValidationOptions::default()).await;
    assert_eq!(report.verdict(), EncounterVerdict::Clean);
}

#[tokio::test]
async fn a_code_that_was_in_use_on_other_days_only_is_no_pass() {
    let on = |dos: &str| v1::Encounter {
        lines: vec![v1::ServiceLine {
            coding: Some(coding("hcpcs", "J1885")),
            ..v1::ServiceLine::default()
        }],
        ..encounter(&["E11.9"], dos)
    };
    let report = check(on("2026-04-01"), v1::ValidationOptions::default()).await;
    assert_eq!(report.verdict(), EncounterVerdict::Clean, "{report:?}");
    let report = check(on("2026-11-23"), v1::ValidationOptions::default()).await;
    assert_ne!(report.verdict(), EncounterVerdict::Clean);
    assert_eq!(rules(&report), ["code-set-not-loaded"]);
    let check = report.checks.iter().find(|check| check.rule_id == "unknown-code").unwrap();
    assert_eq!(
        (check.outcome(), check.reason()),
        (CheckOutcome::NoData, CheckReason::DateNotCovered)
    );
    assert_eq!(check.expression, ["lines[0]"]);
}

#[tokio::test]
async fn the_date_of_an_inpatient_is_the_discharge() {
    let stay = |discharge: Option<&str>| v1::Encounter {
        setting: v1::Setting::Inpatient.into(),
        discharge_date: discharge.and_then(date),
        ..encounter(&["M54.5"], "2021-09-30")
    };
    let report = check(stay(Some("2021-10-02")), v1::ValidationOptions::default()).await;
    assert_eq!(
        (rules(&report), day(report.as_of.as_ref())),
        (vec!["expired-code"], "2021-10-02".into())
    );
    let report = check(stay(None), v1::ValidationOptions::default()).await;
    assert_eq!((rules(&report).len(), day(report.as_of.as_ref())), (0, "2021-09-30".into()));
    let undated = v1::Encounter { service_date: None, ..stay(None) };
    let request = v1::ValidateEncounterRequest {
        encounter: Some(undated.clone()),
        options: None,
        date: date("2021-09-30"),
    };
    let asked = Running::new()
        .encounters()
        .validate_encounter(request)
        .await
        .unwrap()
        .into_inner()
        .report
        .unwrap();
    assert_eq!(
        (rules(&asked).contains(&"expired-code"), day(asked.as_of.as_ref())),
        (false, "2021-09-30".into())
    );
    assert_eq!(
        day(check(undated, v1::ValidationOptions::default()).await.as_of.as_ref()),
        "2026-04-01"
    );
}

#[tokio::test]
async fn brings_the_concepts_along_when_asked() {
    let options =
        v1::ValidationOptions { include_concepts: true, ..v1::ValidationOptions::default() };
    let line =
        v1::ServiceLine { coding: Some(coding("cpt", "99213")), ..v1::ServiceLine::default() };
    let codes = v1::Encounter {
        lines: vec![line],
        ..encounter(&["E11.9", "E11.66", "E11.9"], "2026-04-01")
    };
    let report = check(codes, options).await;
    let states: Vec<_> = report.concepts.iter().map(v1::LookupResult::state).collect();
    assert_eq!(states, [FactState::Known, FactState::Unknown, FactState::Unavailable]);
    assert!(!report.concepts[0].concept.as_ref().unwrap().notes.is_empty(), "the FULL view");
}

#[tokio::test]
async fn refuses_what_breaks_its_form() {
    let running = Running::new();
    let ask = async |encounter: Option<v1::Encounter>| {
        let request = v1::ValidateEncounterRequest { encounter, options: None, date: None };
        running.encounters().validate_encounter(request).await.unwrap_err()
    };
    assert_eq!(fields(&ask(None).await), ["encounter"]);
    let foreign = v1::Diagnosis { coding: Some(coding("snomed", "1")), ..v1::Diagnosis::default() };
    let codes = v1::Encounter {
        diagnoses: vec![foreign],
        place_of_service: "1".into(),
        ..v1::Encounter::default()
    };
    let status = ask(Some(codes)).await;
    assert_eq!(
        fields(&status),
        ["encounter.diagnoses[0].coding.system", "encounter.place_of_service"]
    );
    let status = ask(Some(encounter(&["E11.9"; 101], "2026-04-01"))).await;
    assert_eq!(
        (status.code(), reason(&status).0.as_str()),
        (Code::InvalidArgument, "TOO_MANY_ITEMS")
    );
}
