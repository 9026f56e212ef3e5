use medcode_codes::encounter::{DiagnosisRole, Units};

use super::*;

fn diagnosis(code: &str) -> v1::Diagnosis {
    let (system, code) = ("icd-10-cm".into(), code.into());
    let coding = v1::Coding { system, code, ..v1::Coding::default() };
    v1::Diagnosis { coding: Some(coding), ..v1::Diagnosis::default() }
}

fn read(encounter: v1::Encounter, options: v1::ValidationOptions) -> Result<ValidateAsked, Error> {
    let request = v1::ValidateEncounterRequest {
        encounter: Some(encounter),
        options: Some(options),
        date: None,
    };
    validate_encounter(request, &Limits::default())
}

fn fields(error: Error) -> Vec<String> {
    match error {
        Error::Invalid(violations) | Error::TooManyItems { violations, .. } => {
            violations.into_iter().map(|violation| violation.field).collect()
        }
        other => panic!("{other}"),
    }
}

#[test]
fn reports_every_field_that_breaks_its_form() {
    let line = v1::ServiceLine {
        coding: None,
        modifiers: vec!["25".into(), "x".into()],
        units: "1,5".into(),
        diagnosis_pointers: vec![0, 1],
        place_of_service: "1".into(),
        ..v1::ServiceLine::default()
    };
    let encounter = v1::Encounter {
        age_years: Some(1),
        age_days: Some(10),
        discharge_status: "ab".into(),
        setting: 99,
        diagnoses: vec![v1::Diagnosis { present_on_admission: "X".into(), ..diagnosis("E11.9") }],
        lines: vec![line],
        ..v1::Encounter::default()
    };
    let options = v1::ValidationOptions {
        severity: [("expired-code".to_owned(), 0)].into(),
        acknowledgements: vec![v1::Acknowledgement::default()],
        ..v1::ValidationOptions::default()
    };
    let mut found = fields(read(encounter, options).unwrap_err());
    found.sort();
    assert_eq!(
        found,
        [
            "encounter.age_days",
            "encounter.diagnoses[0].present_on_admission",
            "encounter.discharge_status",
            "encounter.lines[0].coding",
            "encounter.lines[0].diagnosis_pointers[1]",
            "encounter.lines[0].modifiers[1]",
            "encounter.lines[0].place_of_service",
            "encounter.lines[0].units",
            "encounter.setting",
            "options.acknowledgements[0].rule_id",
            "options.severity",
        ]
    );
}

#[test]
fn an_age_in_days_is_an_age_of_0_years() {
    let encounter = v1::Encounter { age_days: Some(365), ..v1::Encounter::default() };
    assert_eq!(
        read(encounter, v1::ValidationOptions::default()).unwrap().encounter.encounter.age_years,
        Some(0)
    );
    let encounter = v1::Encounter { age_days: Some(366), ..v1::Encounter::default() };
    assert_eq!(
        fields(read(encounter, v1::ValidationOptions::default()).unwrap_err()),
        ["encounter.age_days"]
    );
}

#[test]
fn counts_diagnoses_and_lines() {
    let encounter =
        v1::Encounter { diagnoses: vec![diagnosis("E11.9"); 101], ..v1::Encounter::default() };
    let error = read(encounter, v1::ValidationOptions::default()).unwrap_err();
    assert!(matches!(error, Error::TooManyItems { limit: 100, found: 101, .. }));
}

#[test]
fn acknowledged_codes_may_have_any_form() {
    let acknowledgement = v1::Acknowledgement { rule_id: "a".into(), codes: vec!["e119".into()] };
    let options = v1::ValidationOptions {
        acknowledgements: vec![acknowledgement],
        ..v1::ValidationOptions::default()
    };
    let asked = read(v1::Encounter::default(), options).unwrap();
    assert!(asked.options.rules.acknowledged[0].1.contains(&"E11.9".to_owned()));
}

#[test]
fn every_fact_arrives() {
    let line = v1::ServiceLine {
        coding: diagnosis("I10").coding,
        units: "2.5".into(),
        minutes: Some(30),
        place_of_service: "22".into(),
        provider_key: "p".into(),
        dangling_pointers: vec!["E".into()],
        ..v1::ServiceLine::default()
    };
    let role = v1::DiagnosisRole::Admitting.into();
    let sent = v1::Encounter {
        admission_date: Some(v1::Date { year: 2026, month: 3, day: 1 }),
        age_days: Some(9),
        patient_status: v1::PatientStatus::New.into(),
        place_of_service: "11".into(),
        discharge_status: "20".into(),
        payer: "acme".into(),
        is_claim: true,
        claim_fields: Some(v1::ClaimFields { names: vec!["npi".into()] }),
        condition_codes: vec!["G0".into()],
        diagnoses: vec![v1::Diagnosis {
            role,
            present_on_admission: "Y".into(),
            ..diagnosis("I10")
        }],
        lines: vec![line],
        ..v1::Encounter::default()
    };
    let found = read(sent, v1::ValidationOptions::default()).unwrap().encounter.encounter;
    assert_eq!(found.admission_date, medcode_codes::date::parse_iso("2026-03-01").ok());
    assert_eq!((found.age_years, found.age_days), (Some(0), Some(9)));
    assert_eq!(found.patient_status, PatientStatus::New);
    assert_eq!(found.place_of_service.as_deref(), Some("11"));
    assert_eq!(found.discharge_status.as_deref(), Some("20"));
    assert_eq!(found.payer.as_deref(), Some("acme"));
    assert_eq!((found.is_claim, found.claim_fields), (true, Some(vec!["npi".to_owned()])));
    assert_eq!(found.condition_codes, ["G0"]);
    assert_eq!(found.diagnoses[0].role, DiagnosisRole::Admitting);
    assert_eq!(found.diagnoses[0].present_on_admission, Some('Y'));
    let line = &found.lines[0];
    assert_eq!((line.units, line.minutes), (Units::parse("2.5"), Some(30)));
    assert_eq!(line.place_of_service.as_deref(), Some("22"));
    assert_eq!(line.provider.as_deref(), Some("p"));
    assert_eq!(line.dangling_pointers, ["E"]);
}

#[test]
fn units_are_decimal_numbers() {
    let with = |units: &str| {
        let coding = diagnosis("I10").coding;
        let line = v1::ServiceLine { coding, units: units.into(), ..v1::ServiceLine::default() };
        let encounter = v1::Encounter { lines: vec![line], ..v1::Encounter::default() };
        read(encounter, v1::ValidationOptions::default()).is_ok()
    };
    for text in ["", "1", "0.5", "12.25"] {
        assert!(with(text), "{text}");
    }
    for text in [".5", "5.", "1e3", "-1", "1 ", "\u{661}", "1.2.3", "0.1234", "11111111111111111"] {
        assert!(!with(text), "{text}");
    }
}

#[test]
fn lists_of_facts_and_options_have_their_form_and_length() {
    let line = v1::ServiceLine {
        coding: diagnosis("I10").coding,
        dangling_pointers: vec![String::new()],
        ..v1::ServiceLine::default()
    };
    let encounter = v1::Encounter {
        claim_fields: Some(v1::ClaimFields { names: vec!["x".repeat(65)] }),
        condition_codes: vec!["G0".into(), "G00".into()],
        lines: vec![line],
        ..v1::Encounter::default()
    };
    let options = v1::ValidationOptions {
        term_buckets: vec![65_535, 65_536],
        ..v1::ValidationOptions::default()
    };
    assert_eq!(
        fields(read(encounter, options).unwrap_err()),
        [
            "options.term_buckets[1]",
            "encounter.lines[0].dangling_pointers[0]",
            "encounter.claim_fields.names[0]",
            "encounter.condition_codes[1]",
        ]
    );
}
