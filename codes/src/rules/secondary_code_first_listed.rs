//! Codes in first place that only add to another code.

use crate::{
    encounter::{Item, JudgedEncounter},
    flag::Flag,
    issue::{Change, Fix},
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
};

mod table;

use table::{BY_LETTER, HISTORY, NO_REASON, Only, ROWS, Row};

declare_rule! {
    /// A code that may only be additional is listed first.
    ///
    /// ## Why
    /// A score, a social circumstance or a body mass index describes a patient whose condition another code names. The
    /// first-listed code is read as the reason for the encounter.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: Z68.41, E66.813
    ///     ^^^^^^ warning[secondary-code-first-listed]: Z68.41 (Body mass index [BMI] 40.0-44.9, adult) is an additional code (ICD-10-CM guideline I.B.14): list it behind the weight diagnosis that it belongs to.
    /// ```
    ///
    /// ## Exceptions
    /// I1A.0 only where a type of hypertension is reported, and Z80 to Z87 only where another code gives the reason for
    /// the encounter. Z15 and Z80 to Z87 are information.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.B.14, I.C.1.d.2, I.C.9.a.12, I.C.15.p.3, I.C.18.g, I.C.21.c.3, I.C.21.c.4 and
    /// I.C.21.c.11.
    "secondary-code-first-listed", Warning, Reported, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let Some(first) = encounter.leading() else { return };
    let rows = BY_LETTER.near(first.key).filter_map(|number| ROWS.get(number)).chain([&HISTORY]);
    let mut rows = rows.filter(|row| row.codes.contains(first) && applies(row, encounter));
    let Some(row) = rows.next() else { return report.pass() };
    let generally = row.generally_from.is_some_and(|from| from <= encounter.date);
    let message = format!(
        "{} is {}an additional code (ICD-10-CM guideline {}): list it behind {}.",
        first.named(),
        if generally { "generally " } else { "" },
        row.section,
        row.after
    );
    let issue = report.fail_on(encounter, first, message).severity(row.severity);
    let instead = encounter.good_diagnoses().iter().find(|other| may_be_first(other));
    let Some(other) = instead.filter(|other| other.movable().is_some()) else { return };
    if let (Item::Diagnosis(index), Some(_)) = (first.item, first.movable()) {
        let title = format!("List {} first", other.written());
        let edits = vec![(other.item, Change::MoveTo(index))];
        issue.fixes.push(Fix { title, safe: false, edits });
    }
}

fn applies(row: &Row, encounter: &JudgedEncounter<'_>) -> bool {
    let others = || encounter.good_diagnoses().iter().filter(|other| !other.is_first());
    match row.only {
        Only::Always => true,
        Only::With(codes) => others().any(|other| codes.contains(other)),
        Only::WithReason => others().any(may_be_first),
    }
}

/// Whether a code may give the reason for the encounter.
fn may_be_first(other: &ReportedDiagnosis<'_>) -> bool {
    !NO_REASON.contains(other)
        && !other.has(Flag::Manifestation)
        && !ROWS.iter().any(|row| row.codes.contains(other))
}

#[cfg(test)]
mod tests {
    use crate::{
        encounter::{Item, Setting},
        issue::Change,
        testing::{encounter_of, issues_for_codes, outcome_of, reports, reports_of},
    };

    const ID: &str = "secondary-code-first-listed";

    #[test]
    fn reports_additional_codes_in_first_place() {
        for (codes, expected) in [
            ("Z59.01, F32.A", "warning Z59.01"),
            ("Z68.41, E66.813", "warning Z68.41"),
            ("R29.705, I63.9", "warning R29.705"),
            ("I1A.0, I10", "warning I1A.0"),
            ("Z85.3, C79.51", "info Z85.3"),
            ("Z37.0, O80", "warning Z37.0"),
            ("Z16.11, N39.0", "warning Z16.11"),
        ] {
            assert_eq!(reports(ID, codes), [expected], "{codes}");
        }
    }

    #[test]
    fn accepts_them_behind_their_condition() {
        for codes in ["E66.813, Z68.41", "I10, I1A.0", "I1A.0", "Z85.3, Z79.4", "E11.9"] {
            assert_eq!(reports(ID, codes), Vec::<String>::new(), "{codes}");
        }
        let mut encounter = encounter_of("Z85.3");
        encounter.setting = Setting::Outpatient;
        assert_eq!(reports_of(ID, &encounter), Vec::<String>::new());
    }

    #[test]
    fn offers_the_first_code_that_may_be_first() {
        let issues = issues_for_codes(&["Z68.41", "Z79.4", "E66.813"], "2026-04-01");
        let issue = issues.iter().find(|issue| issue.rule == ID).unwrap();
        assert_eq!(issue.fixes[0].edits, [(Item::Diagnosis(2), Change::MoveTo(0))]);
    }

    #[test]
    fn gives_no_data_for_codes_that_could_not_be_asked() {
        let encounter = encounter_of("Z68.41 @2010-03-02");
        assert_eq!(outcome_of(ID, &encounter).as_deref(), Some("no_data"));
    }
}
