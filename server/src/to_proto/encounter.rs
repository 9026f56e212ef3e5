//! What the rules found in an encounter.

use medcode_codes::{
    check::{EncounterReport, Outcome, Reason, RuleCheck},
    date::Date,
    encounter::{Item, JudgedEncounter},
    fact::UnavailableReason,
    issue::{Change, Fix, Issue, Severity},
    verdict::Verdict,
};
use medcode_proto::v1::{self, CheckOutcome, CheckReason, EncounterVerdict, coding_edit::Edit};

use super::notes;
use crate::catalog::snapshot::Snapshot;

/// The report on an encounter, without its concepts. `checks` holds what the rules say and what the service adds.
pub(crate) fn report(
    snapshot: &Snapshot,
    encounter_id: String,
    report: &EncounterReport,
    judged: &JudgedEncounter<'_>,
    added: Vec<v1::RuleCheck>,
    lists_passed: bool,
    releases: &[v1::ReleaseRef],
) -> v1::EncounterReport {
    let checks = report.checks.iter();
    let checks = checks.map(|check| rule_check(check, &report.issues, judged, releases));
    let checks: Vec<_> = checks.chain(added).collect();
    let counts = counts(&checks);
    v1::EncounterReport {
        encounter_id,
        verdict: verdict(counts).into(),
        issues: report
            .issues
            .iter()
            .map(|issue| self::issue(snapshot, issue, report.as_of, releases))
            .collect(),
        checks: checks
            .into_iter()
            .filter(|check| lists_passed || check.outcome() != CheckOutcome::Pass)
            .collect(),
        counts: Some(counts),
        as_of: Some(super::date(report.as_of)),
        releases_used: releases.to_vec(),
        concepts: Vec::new(),
    }
}

/// The check of a payer rule set that is not loaded.
pub(crate) fn payer_not_loaded() -> v1::RuleCheck {
    v1::RuleCheck {
        rule_id: "payer-rules".into(),
        outcome: CheckOutcome::NoData.into(),
        reason: CheckReason::DatasetNotLoaded.into(),
        ..v1::RuleCheck::default()
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
        code: "business-rule".into(),
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
        related_notes: issue
            .notes
            .iter()
            .map(|note| v1::RelatedNote {
                owner_code: note.owner.clone(),
                text: note.text.clone(),
                kind: notes::kind(note.kind).into(),
            })
            .collect(),
    }
}

/// A check, with the items that it reports or could not ask.
fn rule_check(
    check: &RuleCheck,
    issues: &[Issue],
    judged: &JudgedEncounter<'_>,
    releases: &[v1::ReleaseRef],
) -> v1::RuleCheck {
    let reported = issues.iter().filter(|issue| issue.rule == check.rule);
    let reported = reported.flat_map(|issue| issue.items.iter().copied());
    let could_not_ask = matches!(check.reason, Some(Reason::CodeUnavailable(_)));
    let unasked = judged.items.iter().filter(|coded| {
        could_not_ask && matches!(coded.judgement.verdict, Verdict::Unavailable(_))
    });
    let mut expression: Vec<String> = Vec::new();
    for item in reported.chain(unasked.map(|coded| coded.item)) {
        let path = path(item);
        if !expression.contains(&path) {
            expression.push(path);
        }
    }
    v1::RuleCheck {
        rule_id: check.rule.as_ref().to_owned(),
        outcome: outcome(check.outcome).into(),
        reason: check.reason.map_or(CheckReason::Unspecified, reason).into(),
        missing_fact: String::new(),
        expression,
        releases_used: if check.reason == Some(Reason::RuleUnknown) {
            Vec::new()
        } else {
            releases.to_vec()
        },
    }
}

fn outcome(outcome: Outcome) -> CheckOutcome {
    match outcome {
        Outcome::Pass => CheckOutcome::Pass,
        Outcome::Fail => CheckOutcome::Fail,
        Outcome::Bypassed => CheckOutcome::Bypassed,
        Outcome::NoData => CheckOutcome::NoData,
    }
}

fn reason(reason: Reason) -> CheckReason {
    match reason {
        Reason::Acknowledged => CheckReason::Acknowledged,
        Reason::NotesMissing => CheckReason::DatasetNotLoaded,
        Reason::CodeUnavailable(UnavailableReason::DateNotCovered) | Reason::DateNotCovered => {
            CheckReason::DateNotCovered
        }
        Reason::CodeUnavailable(_) => CheckReason::CodeUnavailable,
        Reason::RuleUnknown => CheckReason::RuleUnknown,
        Reason::Modifier => CheckReason::Modifier,
        Reason::PayerException => CheckReason::PayerException,
        Reason::NotLoaded(_) => CheckReason::DatasetNotLoaded,
        Reason::FactMissing(_) => CheckReason::FactMissing,
    }
}

fn counts(checks: &[v1::RuleCheck]) -> v1::CheckCounts {
    let count = |outcome: CheckOutcome| {
        let count = checks.iter().filter(|check| check.outcome() == outcome).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    };
    v1::CheckCounts {
        pass: count(CheckOutcome::Pass),
        fail: count(CheckOutcome::Fail),
        bypassed: count(CheckOutcome::Bypassed),
        no_data: count(CheckOutcome::NoData),
    }
}

/// A check that could not be asked is no pass.
fn verdict(counts: v1::CheckCounts) -> EncounterVerdict {
    match counts {
        v1::CheckCounts { fail: 1.., .. } => EncounterVerdict::Issues,
        v1::CheckCounts { no_data: 1.., .. } => EncounterVerdict::Incomplete,
        _ => EncounterVerdict::Clean,
    }
}
