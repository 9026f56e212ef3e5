//! The request of `ValidateEncounter`.

use std::collections::BTreeMap;

use medcode_codes::{
    code::Code,
    date::Date,
    encounter::{self, Encounter, Setting, Sex},
    engine::RuleOptions,
    issue::Severity,
    system::{CodeSystem, modifier},
};
use medcode_proto::v1;

use super::{AskedCoding, LONGEST_CODE, check_text, known};
use crate::{
    config::Limits,
    error::{Error, Violations},
};

/// Modifiers and diagnosis pointers of a line.
const MOST_MODIFIERS: usize = 4;
const MOST_POINTERS: usize = 12;

/// Entries of each list of options.
const MOST_OPTIONS: usize = 1_000;

/// Age in days of a patient below one year.
const MOST_AGE_DAYS: u32 = 365;

/// Bytes of the longest opaque key of a provider, and of the longest number of units.
const LONGEST_KEY: usize = 256;
const LONGEST_UNITS: usize = 16;

/// What `ValidateEncounter` is asked.
#[derive(Debug)]
pub(crate) struct EncounterAsked {
    pub(crate) encounter_id: String,
    pub(crate) encounter: Encounter,
    /// The codings of the diagnoses, then of the lines.
    pub(crate) codings: Vec<AskedCoding>,
    pub(crate) payer: String,
    pub(crate) options: RuleOptions,
    pub(crate) lists_passed: bool,
    pub(crate) include_concepts: bool,
    /// The day for an encounter without a date.
    pub(crate) as_of: Option<Date>,
}

/// Reads a request of `ValidateEncounter`.
pub(crate) fn validate_encounter(
    request: v1::ValidateEncounterRequest,
    limits: &Limits,
) -> Result<EncounterAsked, Error> {
    let mut violations = Violations::default();
    if request.encounter.is_none() {
        violations.add("encounter", "is required");
    }
    let sent = request.encounter.unwrap_or_default();
    let options = request.options.unwrap_or_default();
    let check_detail: v1::CheckDetail =
        known(&mut violations, "options.check_detail", options.check_detail);
    let lists_passed = check_detail == v1::CheckDetail::All;
    let include_concepts = options.include_concepts;
    let as_of = super::date(&mut violations, "date", request.date);
    let options = rule_options(&mut violations, options);
    let mut codings = Vec::with_capacity(sent.diagnoses.len() + sent.lines.len());
    let encounter = Encounter {
        setting: setting(&mut violations, sent.setting),
        service_date: super::date(&mut violations, "encounter.service_date", sent.service_date),
        discharge_date: super::date(
            &mut violations,
            "encounter.discharge_date",
            sent.discharge_date,
        ),
        age_years: age(&mut violations, sent.age_years, sent.age_days),
        sex: sex(&mut violations, sent.sex),
        diagnoses: diagnoses(&mut violations, &sent.diagnoses, limits, &mut codings),
        lines: lines(&mut violations, &sent, limits, &mut codings),
        ..Encounter::default()
    };
    super::date(&mut violations, "encounter.admission_date", sent.admission_date);
    known::<v1::PatientStatus>(&mut violations, "encounter.patient_status", sent.patient_status);
    check_text(
        &mut violations,
        || "encounter.encounter_id".into(),
        &sent.encounter_id,
        0,
        LONGEST_CODE,
    );
    check_text(&mut violations, || "encounter.payer".into(), &sent.payer, 0, LONGEST_KEY);
    check_two_digits(
        &mut violations,
        || "encounter.place_of_service".into(),
        &sent.place_of_service,
    );
    check_two_digits(
        &mut violations,
        || "encounter.discharge_status".into(),
        &sent.discharge_status,
    );
    let (encounter_id, payer) = (sent.encounter_id, sent.payer);
    violations.finish(EncounterAsked {
        encounter_id,
        encounter,
        codings,
        payer,
        options,
        lists_passed,
        include_concepts,
        as_of,
    })
}

fn setting(violations: &mut Violations, setting: i32) -> Setting {
    match known(violations, "encounter.setting", setting) {
        v1::Setting::Unspecified => Setting::Unknown,
        v1::Setting::Professional => Setting::Professional,
        v1::Setting::OutpatientFacility => Setting::Outpatient,
        v1::Setting::Inpatient => Setting::Inpatient,
        v1::Setting::Dme => Setting::Dme,
    }
}

fn sex(violations: &mut Violations, sex: i32) -> Sex {
    match known(violations, "encounter.sex", sex) {
        v1::Sex::Unspecified => Sex::Unknown,
        v1::Sex::Female => Sex::Female,
        v1::Sex::Male => Sex::Male,
        v1::Sex::Other => Sex::Other,
    }
}

/// The age in years; an age in days says that it is 0.
fn age(violations: &mut Violations, years: Option<u32>, days: Option<u32>) -> Option<u32> {
    match days {
        Some(days) if days > MOST_AGE_DAYS => {
            violations
                .add("encounter.age_days", format!("is above {MOST_AGE_DAYS}: give age_years"));
        }
        Some(_) if years.is_some_and(|years| years > 0) => {
            violations.add("encounter.age_days", "contradicts an age_years above 0");
        }
        _ => {}
    }
    years.or(days.map(|_| 0))
}

fn diagnoses(
    violations: &mut Violations,
    sent: &[v1::Diagnosis],
    limits: &Limits,
    codings: &mut Vec<AskedCoding>,
) -> Vec<encounter::Diagnosis> {
    if violations.check_count("encounter.diagnoses", sent.len(), limits.diagnoses) {
        return Vec::new();
    }
    let mut diagnoses = Vec::with_capacity(sent.len());
    for (index, diagnosis) in sent.iter().enumerate() {
        let path = format!("encounter.diagnoses[{index}]");
        let (coding, system) = coding(violations, &path, diagnosis.coding.clone());
        known::<v1::DiagnosisRole>(violations, &format!("{path}.role"), diagnosis.role);
        if !["", "Y", "N", "U", "W", "1"].contains(&diagnosis.present_on_admission.as_str()) {
            violations
                .add(format!("{path}.present_on_admission"), "is none of Y, N, U, W, 1 and empty");
        }
        diagnoses.push(encounter::Diagnosis::new(system, coding.code.clone()));
        codings.push(coding);
    }
    diagnoses
}

fn lines(
    violations: &mut Violations,
    sent: &v1::Encounter,
    limits: &Limits,
    codings: &mut Vec<AskedCoding>,
) -> Vec<encounter::ServiceLine> {
    if violations.check_count("encounter.lines", sent.lines.len(), limits.lines) {
        return Vec::new();
    }
    let mut lines = Vec::with_capacity(sent.lines.len());
    for (index, line) in sent.lines.iter().enumerate() {
        let path = format!("encounter.lines[{index}]");
        let (coding, system) = coding(violations, &path, line.coding.clone());
        check_modifiers(violations, &path, &line.modifiers);
        check_pointers(violations, &path, &line.diagnosis_pointers, sent.diagnoses.len());
        if !is_decimal(&line.units) {
            violations.add(format!("{path}.units"), "is not a decimal number");
        }
        check_two_digits(violations, || format!("{path}.place_of_service"), &line.place_of_service);
        check_text(
            violations,
            || format!("{path}.provider_key"),
            &line.provider_key,
            0,
            LONGEST_KEY,
        );
        lines.push(encounter::ServiceLine {
            modifiers: line
                .modifiers
                .iter()
                .map(|modifier| modifier.to_ascii_uppercase())
                .collect(),
            service_date: super::date(
                violations,
                &format!("{path}.service_date"),
                line.service_date,
            ),
            diagnosis_pointers: line
                .diagnosis_pointers
                .iter()
                .map(|pointer| *pointer as usize)
                .collect(),
            ..encounter::ServiceLine::new(system, coding.code.clone())
        });
        codings.push(coding);
    }
    lines
}

/// Reads the coding of an item. Its system has to be known: an encounter has no place for one that is not.
fn coding(
    violations: &mut Violations,
    path: &str,
    coding: Option<v1::Coding>,
) -> (AskedCoding, CodeSystem) {
    let path = format!("{path}.coding");
    let is_named = coding.as_ref().is_some_and(|coding| !coding.system.is_empty());
    let coding = super::required_coding(violations, &path, coding);
    let system = coding.system.unwrap_or_else(|_| {
        if is_named {
            violations.add(format!("{path}.system"), "is not a code system that is known here");
        }
        CodeSystem::Icd10Cm
    });
    (coding, system)
}

fn check_modifiers(violations: &mut Violations, path: &str, modifiers: &[String]) {
    if violations.check_count(format!("{path}.modifiers"), modifiers.len(), MOST_MODIFIERS) {
        return;
    }
    for (index, text) in modifiers.iter().enumerate() {
        if !modifier::has_shape(&text.to_ascii_uppercase()) {
            violations.add(format!("{path}.modifiers[{index}]"), "is not two letters or digits");
        }
    }
}

fn check_pointers(violations: &mut Violations, path: &str, pointers: &[u32], diagnoses: usize) {
    if violations.check_count(format!("{path}.diagnosis_pointers"), pointers.len(), MOST_POINTERS) {
        return;
    }
    for (index, pointer) in pointers.iter().enumerate() {
        if *pointer as usize >= diagnoses {
            violations.add(format!("{path}.diagnosis_pointers[{index}]"), "points at no diagnosis");
        }
    }
}

fn check_two_digits(violations: &mut Violations, path: impl Fn() -> String, text: &str) {
    let fits = text.is_empty() || text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !fits {
        violations.add(path(), "is not two digits");
    }
}

/// Digits, with a point between them or none. Empty means 1.
fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.is_empty()
        || text.len() <= LONGEST_UNITS
            && text
                .split_once('.')
                .map_or_else(|| digits(text), |(whole, part)| digits(whole) && digits(part))
}

fn rule_options(violations: &mut Violations, sent: v1::ValidationOptions) -> RuleOptions {
    for (field, count) in [
        ("options.enable", sent.enable.len()),
        ("options.disable", sent.disable.len()),
        ("options.severity", sent.severity.len()),
        ("options.acknowledgements", sent.acknowledgements.len()),
    ] {
        violations.check_count(field, count, MOST_OPTIONS);
    }
    for (index, id) in sent.enable.iter().enumerate() {
        check_text(violations, || format!("options.enable[{index}]"), id, 1, LONGEST_CODE);
    }
    let mut severities = BTreeMap::new();
    for (rule, severity) in sent.severity {
        severities.extend(self::severity(violations, severity).map(|severity| (rule, severity)));
    }
    let acknowledged =
        sent.acknowledgements.into_iter().enumerate().map(|(index, acknowledgement)| {
            if acknowledgement.rule_id.is_empty() {
                violations.add(format!("options.acknowledgements[{index}].rule_id"), "is required");
            }
            (acknowledgement.rule_id, written_codes(&acknowledgement.codes))
        });
    let acknowledged = acknowledged.collect();
    RuleOptions {
        enable: sent.enable,
        disable: sent.disable,
        severity: severities,
        acknowledged,
        ..RuleOptions::default()
    }
}

fn severity(violations: &mut Violations, severity: i32) -> Option<Severity> {
    match known(violations, "options.severity", severity) {
        v1::IssueSeverity::Unspecified => {
            violations.add("options.severity", "has a rule without a severity");
            None
        }
        v1::IssueSeverity::Error => Some(Severity::Error),
        v1::IssueSeverity::Warning => Some(Severity::Warning),
        v1::IssueSeverity::Information => Some(Severity::Information),
        v1::IssueSeverity::Hint => Some(Severity::Hint),
    }
}

/// Codes as issues name them, whatever their form in the request.
fn written_codes(codes: &[String]) -> Vec<String> {
    let forms = codes.iter().flat_map(|text| {
        let written =
            CodeSystem::ALL.into_iter().filter_map(|system| Code::parse(system, text).ok());
        written.map(|code| code.to_string()).chain(std::iter::once(text.clone()))
    });
    forms.collect()
}

#[cfg(test)]
mod tests;
