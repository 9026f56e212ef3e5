use super::*;

fn diagnosis(code: &str) -> v1::Diagnosis {
    let (system, code) = ("icd-10-cm".into(), code.into());
    let coding = v1::Coding { system, code, ..v1::Coding::default() };
    v1::Diagnosis { coding: Some(coding), ..v1::Diagnosis::default() }
}

fn read(encounter: v1::Encounter, options: v1::ValidationOptions) -> Result<EncounterAsked, Error> {
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
        read(encounter, v1::ValidationOptions::default()).unwrap().encounter.age_years,
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
    assert!(asked.options.acknowledged[0].1.contains(&"E11.9".to_owned()));
}

#[test]
fn units_are_decimal_numbers() {
    for text in ["", "1", "0.5", "12.25"] {
        assert!(is_decimal(text), "{text}");
    }
    for text in [".5", "5.", "1e3", "-1", "1 ", "\u{661}", "1.2.3", "11111111111111111"] {
        assert!(!is_decimal(text), "{text}");
    }
}
