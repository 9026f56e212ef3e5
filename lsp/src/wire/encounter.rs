//! The question whether the codes of an encounter may stand together, and its answer.

use std::sync::Arc;

use medcode_codes::{
    check::{Outcome, Reason, RuleCheck},
    document::{EncounterAnswer, EncounterRequest},
    encounter::{Diagnosis, DiagnosisRole, Encounter, PatientStatus, ServiceLine, Setting, Sex},
    engine::RuleOptions,
    fact::UnavailableReason,
    issue::Severity,
    rule::Need,
};
use medcode_proto::v1;

use super::{
    codes::{coding, unavailable},
    dates::to_proto_date,
    issue,
};

mod contexts;

/// The question as a message. It also asks what is known of the codes.
pub fn encounter_request(request: &EncounterRequest) -> v1::ValidateEncounterRequest {
    let mut options = options(&request.options());
    options.term_buckets = request.term_buckets.iter().map(|bucket| (*bucket).into()).collect();
    v1::ValidateEncounterRequest {
        encounter: Some(encounter(&request.encounter)),
        options: Some(options),
        date: request.as_of.map(to_proto_date),
    }
}

/// The answer to `request`. `None` when the message does not answer it: the sender is no medcode service of this
/// version.
pub fn encounter_answer(
    request: &EncounterRequest,
    answer: v1::ValidateEncounterResponse,
) -> Option<EncounterAnswer> {
    let report = answer.report?;
    let as_of = report.as_of.and_then(super::dates::from_proto_date)?;
    let asked = request.encounter.diagnoses.len() + request.encounter.lines.len();
    if report.contexts.len() != asked {
        return None;
    }
    let facts = report.contexts.into_iter().map(|it| contexts::fact(it).map(Arc::new));
    let facts: Vec<_> = facts.collect::<Option<_>>()?;
    let issues = report
        .issues
        .into_iter()
        .filter_map(|found| issue::from_proto(request, &facts, found))
        .collect();
    let checks = report.checks.into_iter().filter_map(check).collect();
    let terms = contexts::terms(&report.terms);
    let requirements = report.text_requirements.into_iter();
    let requirements =
        requirements.filter_map(|asked| issue::requirement(request, asked)).collect();
    Some(EncounterAnswer::Answered { issues, checks, facts, requirements, terms, as_of })
}

fn encounter(encounter: &Encounter) -> v1::Encounter {
    let text = |fact: &Option<String>| fact.clone().unwrap_or_default();
    v1::Encounter {
        encounter_id: String::new(),
        setting: setting(encounter.setting).into(),
        service_date: encounter.service_date.map(to_proto_date),
        admission_date: encounter.admission_date.map(to_proto_date),
        discharge_date: encounter.discharge_date.map(to_proto_date),
        age_years: encounter.age_years,
        age_days: encounter.age_days,
        sex: sex(encounter.sex).into(),
        patient_status: patient_status(encounter.patient_status).into(),
        place_of_service: text(&encounter.place_of_service),
        discharge_status: text(&encounter.discharge_status),
        payer: text(&encounter.payer),
        diagnoses: encounter.diagnoses.iter().map(diagnosis).collect(),
        lines: encounter.lines.iter().map(line).collect(),
        is_claim: encounter.is_claim,
        claim_fields: encounter.claim_fields.clone().map(|names| v1::ClaimFields { names }),
        condition_codes: encounter.condition_codes.clone(),
    }
}

fn diagnosis(diagnosis: &Diagnosis) -> v1::Diagnosis {
    v1::Diagnosis {
        coding: Some(coding(diagnosis.system, &diagnosis.text)),
        role: role(diagnosis.role).into(),
        present_on_admission: diagnosis.present_on_admission.map(String::from).unwrap_or_default(),
    }
}

fn line(line: &ServiceLine) -> v1::ServiceLine {
    let pointers = line.diagnosis_pointers.iter().filter_map(|index| u32::try_from(*index).ok());
    v1::ServiceLine {
        coding: Some(coding(line.system, &line.text)),
        modifiers: line.modifiers.clone(),
        units: line.units.map(|units| units.to_string()).unwrap_or_default(),
        service_date: line.service_date.map(to_proto_date),
        diagnosis_pointers: pointers.collect(),
        place_of_service: line.place_of_service.clone().unwrap_or_default(),
        provider_key: line.provider.clone().unwrap_or_default(),
        minutes: line.minutes,
        dangling_pointers: line.dangling_pointers.clone(),
    }
}

fn role(role: DiagnosisRole) -> v1::DiagnosisRole {
    match role {
        DiagnosisRole::ByPosition => v1::DiagnosisRole::Unspecified,
        DiagnosisRole::Principal => v1::DiagnosisRole::Principal,
        DiagnosisRole::Secondary => v1::DiagnosisRole::Secondary,
        DiagnosisRole::Admitting => v1::DiagnosisRole::Admitting,
        DiagnosisRole::ReasonForVisit => v1::DiagnosisRole::ReasonForVisit,
        DiagnosisRole::ExternalCause => v1::DiagnosisRole::ExternalCause,
    }
}

fn patient_status(status: PatientStatus) -> v1::PatientStatus {
    match status {
        PatientStatus::Unknown => v1::PatientStatus::Unspecified,
        PatientStatus::New => v1::PatientStatus::New,
        PatientStatus::Established => v1::PatientStatus::Established,
    }
}

fn setting(setting: Setting) -> v1::Setting {
    match setting {
        Setting::Unknown => v1::Setting::Unspecified,
        Setting::Professional => v1::Setting::Professional,
        Setting::Outpatient => v1::Setting::OutpatientFacility,
        Setting::Inpatient => v1::Setting::Inpatient,
        Setting::Dme => v1::Setting::Dme,
    }
}

fn sex(sex: Sex) -> v1::Sex {
    match sex {
        Sex::Unknown => v1::Sex::Unspecified,
        Sex::Female => v1::Sex::Female,
        Sex::Male => v1::Sex::Male,
        Sex::Other => v1::Sex::Other,
    }
}

fn options(options: &RuleOptions) -> v1::ValidationOptions {
    let severity =
        options.severity.iter().map(|(rule, severity)| (rule.clone(), weight(*severity).into()));
    let acknowledged = options
        .acknowledged
        .iter()
        .map(|(rule, codes)| v1::Acknowledgement { rule_id: rule.clone(), codes: codes.clone() });
    v1::ValidationOptions {
        enable: options.enable.clone(),
        disable: options.disable.clone(),
        severity: severity.collect(),
        acknowledgements: acknowledged.collect(),
        check_detail: v1::CheckDetail::All.into(),
        strict_excludes1: options.strict_excludes1,
        include_contexts: true,
        ..v1::ValidationOptions::default()
    }
}

fn weight(severity: Severity) -> v1::IssueSeverity {
    match severity {
        Severity::Error => v1::IssueSeverity::Error,
        Severity::Warning => v1::IssueSeverity::Warning,
        Severity::Information => v1::IssueSeverity::Information,
        Severity::Hint => v1::IssueSeverity::Hint,
    }
}

fn check(check: v1::RuleCheck) -> Option<RuleCheck> {
    let outcome = match check.outcome() {
        v1::CheckOutcome::Pass => Outcome::Pass,
        v1::CheckOutcome::Fail => Outcome::Fail,
        v1::CheckOutcome::Bypassed => Outcome::Bypassed,
        v1::CheckOutcome::NoData => Outcome::NoData,
        v1::CheckOutcome::Unspecified => return None,
    };
    let reason = reason(&check);
    Some(RuleCheck { rule: check.rule_id.into(), outcome, reason })
}

/// Why a check has no plain answer.
fn reason(check: &v1::RuleCheck) -> Option<Reason> {
    let reason = match check.reason() {
        v1::CheckReason::Unspecified => return None,
        v1::CheckReason::Acknowledged => Reason::Acknowledged,
        v1::CheckReason::Modifier => Reason::Modifier,
        v1::CheckReason::PayerException => Reason::PayerException,
        v1::CheckReason::FactMissing => Reason::fact_missing(&check.missing_fact),
        v1::CheckReason::RuleUnknown => Reason::RuleUnknown,
        v1::CheckReason::DatasetNotLoaded => {
            Need::from_id(&check.missing_dataset).map_or(Reason::NotesMissing, Reason::NotLoaded)
        }
        v1::CheckReason::DateNotCovered => match check.unavailable_reason() {
            v1::UnavailableReason::Unspecified => Reason::DateNotCovered,
            _ => Reason::CodeUnavailable(UnavailableReason::DateNotCovered),
        },
        v1::CheckReason::CodeUnavailable => {
            Reason::CodeUnavailable(unavailable(check.unavailable_reason()))
        }
    };
    Some(reason)
}

#[cfg(test)]
mod tests;
