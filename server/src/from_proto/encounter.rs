//! An encounter as requests carry it.

use std::mem;

use medcode_codes::{
    date::Date,
    encounter::{Encounter, PatientStatus, Setting},
};
use medcode_proto::v1;

use super::{AskedCoding, LONGEST_CODE, check_text, date, known, required_coding, sex};
use crate::{
    config::Limits,
    error::{Error, Violations},
};

mod items;
mod options;
mod sent;

pub(crate) use options::{OptionsAsked, StreamAsked, options, stream_options};
pub(crate) use sent::{SentEncounter, SentItem};

/// Age in days of a patient below one year.
const MOST_AGE_DAYS: u32 = 365;

/// Bytes of the longest opaque key of a provider or payer.
const LONGEST_KEY: usize = 256;

/// Names of claim fields and condition codes of a claim.
const MOST_CLAIM_FIELDS: usize = 100;
const MOST_CONDITION_CODES: usize = 24;

/// An encounter that is to be checked.
#[derive(Debug)]
pub(crate) struct EncounterAsked {
    pub(crate) encounter_id: String,
    pub(crate) encounter: Encounter,
    /// The codings of the diagnoses, then of the lines.
    pub(crate) codings: Vec<AskedCoding<'static>>,
}

/// What `ValidateEncounter` is asked.
#[derive(Debug)]
pub(crate) struct ValidateAsked {
    pub(crate) encounter: EncounterAsked,
    pub(crate) options: OptionsAsked,
    /// The day for an encounter without a date.
    pub(crate) as_of: Option<Date>,
}

/// Reads a request of `ValidateEncounter`.
pub(crate) fn validate_encounter(
    request: v1::ValidateEncounterRequest,
    limits: &Limits,
) -> Result<ValidateAsked, Error> {
    let mut violations = Violations::default();
    if request.encounter.is_none() {
        violations.add("encounter", "is required");
    }
    let options = options(&mut violations, request.options.unwrap_or_default());
    let as_of = date(&mut violations, "date", request.date);
    let encounter = encounter(&mut violations, request.encounter.unwrap_or_default(), limits);
    violations.finish(ValidateAsked { encounter, options, as_of })
}

/// Reads an encounter.
pub(crate) fn encounter(
    violations: &mut Violations,
    mut sent: v1::Encounter,
    limits: &Limits,
) -> EncounterAsked {
    let (diagnoses, lines) = (mem::take(&mut sent.diagnoses), mem::take(&mut sent.lines));
    let count = diagnoses.len();
    let mut codings = Vec::with_capacity(count + lines.len());
    let encounter = Encounter {
        setting: setting(violations, sent.setting),
        service_date: date(violations, "encounter.service_date", sent.service_date),
        admission_date: date(violations, "encounter.admission_date", sent.admission_date),
        discharge_date: date(violations, "encounter.discharge_date", sent.discharge_date),
        age_years: age(violations, sent.age_years, sent.age_days),
        age_days: sent.age_days,
        sex: sex(violations, "encounter.sex", sent.sex),
        patient_status: patient_status(violations, sent.patient_status),
        diagnoses: items::diagnoses(violations, diagnoses, limits, &mut codings),
        lines: items::lines(violations, lines, count, limits, &mut codings),
        place_of_service: given(&sent.place_of_service),
        discharge_status: given(&sent.discharge_status),
        payer: given(&sent.payer),
        is_claim: sent.is_claim,
        claim_fields: sent.claim_fields.as_ref().map(|fields| fields.names.clone()),
        condition_codes: sent.condition_codes.clone(),
    };
    check_facts(violations, &sent);
    EncounterAsked { encounter_id: sent.encounter_id, encounter, codings }
}

/// Whether a text may be the id of an encounter.
pub(crate) fn has_form_of_id(id: &str) -> bool {
    let mut violations = Violations::default();
    check_text(&mut violations, String::new, id, 0, LONGEST_CODE);
    violations.finish(()).is_ok()
}

/// Checks the form of the facts that are taken as they are.
fn check_facts(violations: &mut Violations, sent: &v1::Encounter) {
    let id = || "encounter.encounter_id".into();
    check_text(violations, id, &sent.encounter_id, 0, LONGEST_CODE);
    check_text(violations, || "encounter.payer".into(), &sent.payer, 0, LONGEST_KEY);
    let place = || "encounter.place_of_service".into();
    check_two_digits(violations, place, &sent.place_of_service);
    check_two_digits(violations, || "encounter.discharge_status".into(), &sent.discharge_status);
    let fields = sent.claim_fields.as_ref().map_or(&[][..], |fields| &fields.names);
    if !violations.check_count("encounter.claim_fields.names", fields.len(), MOST_CLAIM_FIELDS) {
        for (index, name) in fields.iter().enumerate() {
            let path = || format!("encounter.claim_fields.names[{index}]");
            check_text(violations, path, name, 1, LONGEST_CODE);
        }
    }
    let conditions = &sent.condition_codes;
    if !violations.check_count("encounter.condition_codes", conditions.len(), MOST_CONDITION_CODES)
    {
        for (index, code) in conditions.iter().enumerate() {
            if code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                let path = format!("encounter.condition_codes[{index}]");
                violations.add(path, "is not two letters or digits");
            }
        }
    }
}

/// A fact that may be empty.
fn given(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn patient_status(violations: &mut Violations, status: i32) -> PatientStatus {
    match known(violations, "encounter.patient_status", status) {
        v1::PatientStatus::Unspecified => PatientStatus::Unknown,
        v1::PatientStatus::New => PatientStatus::New,
        v1::PatientStatus::Established => PatientStatus::Established,
    }
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

fn check_two_digits(violations: &mut Violations, path: impl Fn() -> String, text: &str) {
    let fits = text.is_empty() || text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !fits {
        violations.add(path(), "is not two digits");
    }
}

#[cfg(test)]
mod tests;
