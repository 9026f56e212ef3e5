//! Reports on encounters as bytes, for streams: a report is dozens of texts otherwise, most of them copied twice.

use std::io::Write;

use medcode_codes::{
    check::{EncounterReport, Outcome, RuleCheck},
    date::Date,
    encounter::{Item, JudgedEncounter},
    issue::Issue,
};

use super::{
    BUSINESS_RULE, counts, fix, items_of, notes, outcome, path, reason_of, requirement, severity,
    verdict,
};
use crate::{
    catalog::snapshot::Snapshot,
    to_proto::{UsedReleases, fields::Fields},
};

/// Writes the fields of the message that [`super::report`] makes, but for the id of the encounter.
pub(crate) fn write_report(
    snapshot: &Snapshot,
    report: &EncounterReport,
    judged: &JudgedEncounter<'_>,
    lists_passed: bool,
    releases: &UsedReleases<'_>,
    fields: &mut Fields<'_>,
) {
    let counts = counts(report.checks.iter().map(|check| check.outcome));
    fields.value(2, verdict(counts));
    if !report.issues.is_empty() {
        // Every issue names them.
        let mut used = Vec::new();
        releases.write(10, &mut Fields(&mut used));
        for issue in &report.issues {
            fields.part(3, |fields| write_issue(snapshot, issue, report.as_of, &used, fields));
        }
    }
    for check in &report.checks {
        if lists_passed || check.outcome != Outcome::Pass {
            fields.part(4, |fields| write_check(check, &report.issues, judged, fields));
        }
    }
    fields.part(5, |fields| {
        let numbers = [counts.pass, counts.fail, counts.bypassed, counts.no_data];
        (1..).zip(numbers).for_each(|(field, number)| fields.number(field, number));
    });
    fields.date(6, report.as_of);
    releases.write(7, fields);
    for asked in &report.requirements {
        fields.message(11, &requirement(asked));
    }
}

/// Writes the fields of an `Issue`.
fn write_issue(
    snapshot: &Snapshot,
    issue: &Issue,
    date: Date,
    releases: &[u8],
    fields: &mut Fields<'_>,
) {
    fields.value(1, severity(issue.severity));
    fields.text(2, BUSINESS_RULE);
    fields.text(5, &issue.message);
    for item in &issue.items {
        write_path(6, *item, ".coding.code", fields);
    }
    fields.text(7, &issue.rule);
    for (place, proposed) in issue.fixes.iter().enumerate() {
        fields.message(8, &fix(snapshot, proposed, place == 0, date, path));
    }
    fields.text(9, &issue.source);
    fields.encoded(releases);
    for note in &issue.notes {
        fields.part(11, |fields| {
            fields.text(1, &note.owner);
            fields.text(2, &note.text);
            fields.value(3, notes::kind(note.kind));
        });
    }
}

/// Writes the fields of a `RuleCheck`.
fn write_check(
    check: &RuleCheck,
    issues: &[Issue],
    judged: &JudgedEncounter<'_>,
    fields: &mut Fields<'_>,
) {
    let given = check.reason.map(reason_of).unwrap_or_default();
    fields.text(1, &check.rule);
    fields.value(2, outcome(check.outcome));
    fields.value(3, given.reason);
    fields.text(4, given.missing_fact);
    for item in items_of(check, issues, judged) {
        write_path(5, item, "", fields);
    }
    fields.text(8, given.missing_dataset);
    fields.value(9, given.unavailable);
}

/// Writes the path of an item, and what stands behind it.
fn write_path(field: u32, item: Item, behind: &str, fields: &mut Fields<'_>) {
    let (list, index) = match item {
        Item::Diagnosis(index) => ("diagnoses", index),
        Item::Line(index) => ("lines", index),
    };
    fields.part(field, |fields| {
        // There is always room in a vector.
        let _ = write!(fields.0, "{list}[{index}]{behind}");
    });
}
