//! Brings what entries of payer files say to the rules that answer for them.

use crate::{
    check::Reason,
    encounter::JudgedEncounter,
    rule::{Need, Report},
};

use super::{PayerFile, PayerOutcome, PayerRuleKind, TextRequirement, evaluate};

/// The rules of the encounter's payer on its date.
#[derive(Debug)]
pub enum InForce<'a> {
    /// No payer is named: nothing to ask.
    NoPayer,
    /// No file of the payer was understood.
    NoFile,
    /// Files of the payer are there, none covers the date; the nearest one.
    OutOfDate(&'a PayerFile),
    /// The file to ask.
    File(&'a PayerFile),
}

/// Finds the file that answers for an encounter.
pub fn in_force<'a>(encounter: &JudgedEncounter<'a>) -> InForce<'a> {
    let Some(payer) = encounter.encounter.payer.as_deref() else { return InForce::NoPayer };
    if let Some(file) = encounter.payers.in_force(payer, encounter.date) {
        return InForce::File(file);
    }
    match encounter.payers.of(payer).max_by_key(|file| file.until) {
        Some(file) => InForce::OutOfDate(file),
        None => InForce::NoFile,
    }
}

/// Reports the findings of one kind.
pub(crate) fn report(
    kind: PayerRuleKind,
    encounter: &JudgedEncounter<'_>,
    report: &mut Report<'_>,
) {
    let file = match in_force(encounter) {
        InForce::NoPayer => return,
        InForce::NoFile => return report.not_loaded(Need::PayerFile),
        InForce::OutOfDate(_) => return report.no_data(Reason::DateNotCovered),
        InForce::File(file) => file,
    };
    let findings = evaluate(file, encounter);
    for finding in findings.into_iter().filter(|finding| finding.kind == kind) {
        match finding.outcome {
            PayerOutcome::Pass => report.pass(),
            PayerOutcome::Missing(field) => report.fact_missing(field),
            PayerOutcome::Open(_) => report.fact_missing("text"),
            PayerOutcome::Fail(message) => {
                let judgement = |item| encounter.items.iter().find(|coded| coded.item == item);
                let Some(coded) = judgement(finding.item) else { continue };
                let issue = report.fail(finding.item, &coded.judgement, message);
                issue.severity(finding.severity);
                issue.source = finding.source;
                if let Some(other) = finding.other.and_then(judgement) {
                    issue.with(other.item, &other.judgement);
                }
            }
        }
    }
}

/// What only the text of the encounter can answer.
pub fn requirements(encounter: &JudgedEncounter<'_>) -> Vec<TextRequirement> {
    let InForce::File(file) = in_force(encounter) else { return Vec::new() };
    let findings = evaluate(file, encounter).into_iter();
    findings
        .filter_map(|finding| match finding.outcome {
            PayerOutcome::Open(requirement) => Some(*requirement),
            _ => None,
        })
        .collect()
}
