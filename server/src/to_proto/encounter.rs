//! What the rules found in an encounter.

use medcode_codes::{
    check::{EncounterReport, Outcome, Reason, RuleCheck},
    date::Date,
    encounter::{Item, JudgedEncounter},
    fact::UnavailableReason,
    issue::{Change, Fix, Issue, RelatedNote, Severity},
    payer::TextRequirement,
    verdict::Verdict,
};
use medcode_proto::v1::{self, CheckOutcome, CheckReason, EncounterVerdict, coding_edit::Edit};

use super::notes;
use crate::catalog::snapshot::Snapshot;

mod contexts;
mod written;

pub(crate) use contexts::{contexts, terms};
pub(crate) use written::write_report;

/// The dataset of the notes of the tabular list.
const NOTES: &str = "icd-10-cm-notes";

/// How FHIR classes every issue of a rule.
const BUSINESS_RULE: &str = "business-rule";

/// The report on an encounter, without its concepts.
pub(crate) fn report(
    snapshot: &Snapshot,
    encounter_id: String,
    report: &EncounterReport,
    judged: &JudgedEncounter<'_>,
    lists_passed: bool,
    releases_used: Vec<v1::ReleaseRef>,
) -> v1::EncounterReport {
    let all = || report.checks.iter();
    let counts = counts(all().map(|check| check.outcome));
    let listed = all().filter(|check| lists_passed || check.outcome != Outcome::Pass);
    let issues = report.issues.iter();
    v1::EncounterReport {
        encounter_id,
        verdict: verdict(counts).into(),
        issues: issues.map(|found| issue(snapshot, found, report.as_of, &releases_used)).collect(),
        checks: listed.map(|check| rule_check(check, &report.issues, judged)).collect(),
        counts: Some(counts),
        as_of: Some(super::date(report.as_of)),
        releases_used,
        text_requirements: report.requirements.iter().map(requirement).collect(),
        ..v1::EncounterReport::default()
    }
}

/// What the payer's rules ask of the text.
fn requirement(requirement: &TextRequirement) -> v1::TextRequirement {
    v1::TextRequirement {
        rule_id: requirement.rule.clone(),
        expression: path(requirement.item),
        code: requirement.code.clone(),
        condition: requirement.condition.clone().unwrap_or_default(),
        any: requirement.any.clone(),
        all: requirement.all.clone(),
        severity: severity(requirement.severity).into(),
        message: requirement.message.clone(),
        source: requirement.source.clone(),
    }
}

/// The path of an item in an encounter.
pub(crate) fn path(item: Item) -> String {
    match item {
        Item::Diagnosis(index) => format!("diagnoses[{index}]"),
        Item::Line(index) => format!("lines[{index}]"),
    }
}

/// A proposed change, with the path of each item that changes.
pub(super) fn fix(
    snapshot: &Snapshot,
    fix: &Fix,
    preferred: bool,
    date: Date,
    path: impl Fn(Item) -> String,
) -> v1::Fix {
    let edits = fix.edits.iter().map(|(item, change)| {
        let edit = match change {
            Change::ReplaceWith(code) => Edit::ReplaceWith(super::coding(snapshot, *code, date)),
            Change::Remove => Edit::Remove(true),
            Change::MoveTo(index) => Edit::MoveTo(u32::try_from(*index).unwrap_or(u32::MAX)),
            Change::AddModifier(modifier) => Edit::AddModifier(modifier.clone()),
            Change::RemoveModifier(modifier) => Edit::RemoveModifier(modifier.clone()),
        };
        v1::CodingEdit { path: path(*item), edit: Some(edit) }
    });
    v1::Fix { title: fix.title.clone(), preferred, safe: fix.safe, edits: edits.collect() }
}

/// The severity on the wire.
pub(super) fn severity(severity: Severity) -> v1::IssueSeverity {
    match severity {
        Severity::Error => v1::IssueSeverity::Error,
        Severity::Warning => v1::IssueSeverity::Warning,
        Severity::Information => v1::IssueSeverity::Information,
        Severity::Hint => v1::IssueSeverity::Hint,
    }
}

fn issue(snapshot: &Snapshot, issue: &Issue, date: Date, releases: &[v1::ReleaseRef]) -> v1::Issue {
    let fixes = issue.fixes.iter().enumerate();
    v1::Issue {
        severity: severity(issue.severity).into(),
        code: BUSINESS_RULE.into(),
        r#type: String::new(),
        message_id: String::new(),
        message: issue.message.clone(),
        expression: issue.items.iter().map(|item| format!("{}.coding.code", path(*item))).collect(),
        rule_id: issue.rule.as_ref().to_owned(),
        fixes: fixes
            .map(|(place, proposed)| fix(snapshot, proposed, place == 0, date, path))
            .collect(),
        source: issue.source.clone(),
        releases_used: releases.to_vec(),
        related_notes: issue.notes.iter().map(related_note).collect(),
    }
}

/// A note that an issue rests on.
pub(super) fn related_note(note: &RelatedNote) -> v1::RelatedNote {
    v1::RelatedNote {
        owner_code: note.owner.clone(),
        text: note.text.clone(),
        kind: notes::kind(note.kind).into(),
    }
}

/// A check, with the items that it reports or could not ask.
fn rule_check(check: &RuleCheck, issues: &[Issue], judged: &JudgedEncounter<'_>) -> v1::RuleCheck {
    let given = check.reason.map(reason_of).unwrap_or_default();
    v1::RuleCheck {
        rule_id: check.rule.as_ref().to_owned(),
        outcome: outcome(check.outcome).into(),
        reason: given.reason.into(),
        missing_fact: given.missing_fact.to_owned(),
        expression: items_of(check, issues, judged).into_iter().map(path).collect(),
        missing_dataset: given.missing_dataset.to_owned(),
        unavailable_reason: given.unavailable.into(),
        ..v1::RuleCheck::default()
    }
}

/// The items that a check reports or could not ask, each once.
fn items_of(check: &RuleCheck, issues: &[Issue], judged: &JudgedEncounter<'_>) -> Vec<Item> {
    if check.outcome == Outcome::Pass {
        return Vec::new();
    }
    let reported = issues.iter().filter(|issue| issue.rule == check.rule);
    let reported = reported.flat_map(|issue| issue.items.iter().copied());
    let could_not_ask = matches!(check.reason, Some(Reason::CodeUnavailable(_)));
    let unasked = judged.items.iter().filter(|coded| {
        could_not_ask && matches!(coded.judgement.verdict, Verdict::Unavailable(_))
    });
    let mut items = Vec::new();
    for item in reported.chain(unasked.map(|coded| coded.item)) {
        if !items.contains(&item) {
            items.push(item);
        }
    }
    items
}

fn outcome(outcome: Outcome) -> CheckOutcome {
    match outcome {
        Outcome::Pass => CheckOutcome::Pass,
        Outcome::Fail => CheckOutcome::Fail,
        Outcome::Bypassed => CheckOutcome::Bypassed,
        Outcome::NoData => CheckOutcome::NoData,
    }
}

/// Why a check has no plain answer, in the fields of the wire.
#[derive(Default)]
struct Given {
    reason: CheckReason,
    missing_fact: &'static str,
    missing_dataset: &'static str,
    unavailable: v1::UnavailableReason,
}

fn reason_of(reason: Reason) -> Given {
    let plain = |reason| Given { reason, ..Given::default() };
    let not_loaded =
        |missing_dataset| Given { missing_dataset, ..plain(CheckReason::DatasetNotLoaded) };
    match reason {
        Reason::Acknowledged => plain(CheckReason::Acknowledged),
        Reason::Modifier => plain(CheckReason::Modifier),
        Reason::PayerException => plain(CheckReason::PayerException),
        Reason::RuleUnknown => plain(CheckReason::RuleUnknown),
        Reason::DateNotCovered => plain(CheckReason::DateNotCovered),
        Reason::CodeUnavailable(reason) => Given {
            unavailable: super::unavailable(reason),
            ..plain(match reason {
                UnavailableReason::DateNotCovered => CheckReason::DateNotCovered,
                _ => CheckReason::CodeUnavailable,
            })
        },
        Reason::NotesMissing => not_loaded(NOTES),
        Reason::NotLoaded(need) => not_loaded(need.id()),
        Reason::FactMissing(fact) => {
            Given { missing_fact: fact, ..plain(CheckReason::FactMissing) }
        }
    }
}

fn counts(outcomes: impl Iterator<Item = Outcome>) -> v1::CheckCounts {
    let mut counts = v1::CheckCounts::default();
    for outcome in outcomes {
        match outcome {
            Outcome::Pass => counts.pass += 1,
            Outcome::Fail => counts.fail += 1,
            Outcome::Bypassed => counts.bypassed += 1,
            Outcome::NoData => counts.no_data += 1,
        }
    }
    counts
}

/// A check that could not be asked is no pass.
fn verdict(counts: v1::CheckCounts) -> EncounterVerdict {
    match counts {
        v1::CheckCounts { fail: 1.., .. } => EncounterVerdict::Issues,
        v1::CheckCounts { no_data: 1.., .. } => EncounterVerdict::Incomplete,
        _ => EncounterVerdict::Clean,
    }
}
