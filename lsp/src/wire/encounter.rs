//! The question whether the codes of an encounter may stand together, and its answer.

use std::collections::HashMap;

use medcode_codes::{
    check::{Outcome, Reason, RuleCheck},
    code::{Code, written},
    document::{EncounterAnswer, EncounterRequest, ItemFact},
    encounter::{Diagnosis, ServiceLine, Setting, Sex},
    engine::RuleOptions,
    fact::{Fact, UnavailableReason},
    issue::Severity,
    normalize::normalize,
    system::CodeSystem,
};
use medcode_proto::v1;

use super::{
    codes::{coding, unavailable},
    dates::to_proto_date,
    issue,
};

/// The question as a message. It also asks what is known of the codes.
pub fn encounter_request(request: &EncounterRequest) -> v1::ValidateEncounterRequest {
    let encounter = &request.encounter;
    v1::ValidateEncounterRequest {
        encounter: Some(v1::Encounter {
            setting: setting(encounter.setting).into(),
            service_date: encounter.service_date.map(to_proto_date),
            discharge_date: encounter.discharge_date.map(to_proto_date),
            age_years: encounter.age_years,
            sex: sex(encounter.sex).into(),
            diagnoses: encounter.diagnoses.iter().map(diagnosis).collect(),
            lines: encounter.lines.iter().map(line).collect(),
            ..v1::Encounter::default()
        }),
        options: Some(options(&request.options())),
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
    let facts = facts(request, report.concepts)?;
    let issues = report
        .issues
        .into_iter()
        .filter_map(|found| issue::from_proto(request, &facts, found))
        .collect();
    let checks = report.checks.into_iter().filter_map(check).collect();
    Some(EncounterAnswer::Answered { issues, checks, facts, terms: Vec::new(), as_of })
}

fn diagnosis(diagnosis: &Diagnosis) -> v1::Diagnosis {
    v1::Diagnosis {
        coding: Some(coding(diagnosis.system, &diagnosis.text)),
        ..v1::Diagnosis::default()
    }
}

fn line(line: &ServiceLine) -> v1::ServiceLine {
    let pointers = line.diagnosis_pointers.iter().filter_map(|index| u32::try_from(*index).ok());
    v1::ServiceLine {
        coding: Some(coding(line.system, &line.text)),
        modifiers: line.modifiers.clone(),
        service_date: line.service_date.map(to_proto_date),
        diagnosis_pointers: pointers.collect(),
        ..v1::ServiceLine::default()
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
        include_concepts: true,
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

/// One fact for each diagnosis, then for each line. The service sends one for each distinct coding, in order of first
/// appearance.
fn facts(request: &EncounterRequest, results: Vec<v1::LookupResult>) -> Option<Vec<ItemFact>> {
    let diagnoses =
        request.encounter.diagnoses.iter().map(|item| (item.system, item.text.as_str()));
    let lines = request.encounter.lines.iter().map(|item| (item.system, item.text.as_str()));
    let mut places: HashMap<(CodeSystem, &str), usize> = HashMap::new();
    let mut distinct = Vec::new();
    let mut items = Vec::new();
    for item in diagnoses.chain(lines) {
        let place = *places.entry(item).or_insert_with(|| {
            distinct.push(item);
            distinct.len() - 1
        });
        items.push(place);
    }
    if results.len() != distinct.len() {
        return None;
    }
    let known: Vec<ItemFact> = distinct
        .iter()
        .zip(results)
        .map(|((system, text), result)| fact(*system, text, result))
        .collect();
    items.into_iter().map(|place| known.get(place).cloned()).collect()
}

fn fact(system: CodeSystem, text: &str, result: v1::LookupResult) -> ItemFact {
    let state = match result.state() {
        v1::FactState::Known => Fact::Known,
        v1::FactState::Unknown => Fact::Unknown,
        v1::FactState::Unavailable => Fact::Unavailable(unavailable(result.unavailable_reason())),
        v1::FactState::Unspecified => Fact::Unavailable(UnavailableReason::ServiceUnreachable),
    };
    // The service answers UNKNOWN to characters that only look like those of a code, and names the code first: what was
    // written is that code, in the wrong characters.
    let respelled = result.suggestions.into_iter().next();
    let respelled = respelled
        .filter(|first| state == Fact::Unknown && first.reason() == v1::SuggestionReason::Format)
        .and_then(|first| first.coding);
    if let Some(coding) = respelled {
        let title = Some(coding.display).filter(|title| !title.is_empty());
        return ItemFact { fact: Fact::Known, written: coding.code, title, context: None };
    }
    match result.concept.and_then(|concept| concept.coding) {
        Some(coding) => {
            let title = Some(coding.display).filter(|title| !title.is_empty());
            ItemFact { fact: state, written: coding.code, title, context: None }
        }
        None => {
            ItemFact { fact: state, written: as_written(system, text), title: None, context: None }
        }
    }
}

/// The code as its system writes it; the normalised text when it is no code.
fn as_written(system: CodeSystem, text: &str) -> String {
    match Code::parse(system, text) {
        Ok(code) => code.to_string(),
        Err(_) => written(system, &normalize(system, text).code),
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
    let reason = match check.reason() {
        v1::CheckReason::Acknowledged => Some(Reason::Acknowledged),
        v1::CheckReason::DateNotCovered => Some(Reason::DateNotCovered),
        v1::CheckReason::DatasetNotLoaded => Some(Reason::NotesMissing),
        v1::CheckReason::CodeUnavailable => {
            Some(Reason::CodeUnavailable(UnavailableReason::CodeSystemNotLoaded))
        }
        v1::CheckReason::RuleUnknown => Some(Reason::RuleUnknown),
        v1::CheckReason::Unspecified
        | v1::CheckReason::Modifier
        | v1::CheckReason::PayerException
        | v1::CheckReason::FactMissing => None,
    };
    Some(RuleCheck { rule: check.rule_id.into(), outcome, reason })
}

#[cfg(test)]
mod tests;
