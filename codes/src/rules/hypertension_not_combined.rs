//! Hypertension beside heart or kidney disease.

use crate::{
    attempts::{listed, note_between},
    code_set::CodeSet,
    cue::Cue,
    date::Date,
    encounter::JudgedEncounter,
    issue::{Change, Fix, Severity},
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
    tabular::NoteKind,
};

mod combination;

use combination::{Combination, named};

declare_rule! {
    /// Hypertension and heart or kidney disease are not combined in one code.
    ///
    /// ## Why
    /// ICD-10-CM presumes that heart failure, other heart disease and chronic kidney disease of a patient with hypertension
    /// are due to it: I11, I12 and I13 are the codes for that, and I10 is not reported beside them.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: I10, I50.22
    ///     ^^^ warning[hypertension-not-combined]: I10 (Essential (primary) hypertension) is not combined with I50.22: heart and kidney disease are presumed to be due to hypertension (ICD-10-CM guideline I.C.9.a). Report I11.0 (Hypertensive heart disease with heart failure) instead, unless the documentation calls the conditions unrelated.
    /// ```
    ///
    /// ## Exceptions
    /// Documentation that clearly calls the conditions unrelated: say so with an `ignore` pragma and its reason. Secondary
    /// hypertension (I15) is never combined, nor is acute kidney failure. Heart failure that is rheumatic (I09.81), follows
    /// surgery (I97.13-) or obstetric procedures (O75.4) has its cause. N26 is information: the note at I12 names it, the
    /// guideline does not. Before 2025-10-01 I51.5 and I51.7 may stand beside I11 and I13. Two codes of hypertension that
    /// contradict each other are an error.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.A.15 and I.C.9.a.1 to a.3; includes notes at I11, I12 and I13; Excludes1 notes at I51.5
    /// and I51.7.
    "hypertension-not-combined", Error, Reported, Coding(check), about(Cue::Begins(&["I10", "I11", "I12", "I13"]))
}

static HEART_FAILURE: CodeSet = CodeSet::new("I50");
static OTHER_HEART: CodeSet = CodeSet::new("I51.4, I51.5, I51.7, I51.89, I51.9");
static KIDNEY: CodeSet = CodeSet::new("N18, N26");
/// Heart failure with these has a cause of its own. Source: code first note at I50.
static OTHER_CAUSE: CodeSet = CodeSet::new("I09.81, I97.13, O75.4");
/// Part of hypertensive heart disease.
static PART_OF_I11: CodeSet = CodeSet::new("I51.5, I51.7");
/// The day from which I51.5 and I51.7 are not coded beside I11. Source: I.C.9.a.1, changed for FY2026.
const PART_SINCE: Date = jiff::civil::date(2025, 10, 1);

/// Codes of hypertension, the first of each category.
struct Hypertension<'e, 'a> {
    essential: Option<&'e ReportedDiagnosis<'a>>,
    heart: Option<&'e ReportedDiagnosis<'a>>,
    kidney: Option<&'e ReportedDiagnosis<'a>>,
    both: Option<&'e ReportedDiagnosis<'a>>,
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let find = |family: &str| diagnoses.iter().find(|it| it.starts_with(family));
    let found = Hypertension {
        essential: find("I10"),
        heart: find("I11"),
        kidney: find("I12"),
        both: find("I13"),
    };
    let combined = found.heart.or(found.kidney).or(found.both);
    if found.essential.or(combined).is_none() {
        return;
    }
    report.pass();
    if let (Some(essential), Some(combined)) = (found.essential, combined) {
        contradiction(encounter, report, essential, combined);
    }
    match &found {
        Hypertension { both: Some(both), heart, kidney, .. } => {
            for single in heart.iter().chain(kidney) {
                contradiction(encounter, report, single, both);
            }
        }
        Hypertension { heart: Some(heart), kidney: Some(kidney), .. } => {
            two_halves(encounter, report, heart, kidney);
        }
        _ => presumed(encounter, report, &found),
    }
    if let Some(heart) = found.heart.or(found.both).filter(|_| encounter.date >= PART_SINCE) {
        for part in diagnoses.iter().filter(|it| PART_OF_I11.contains(it)) {
            part_of_it(encounter, report, part, heart);
        }
    }
}

/// A code of hypertension beside one that says the same and more.
fn contradiction(
    encounter: &JudgedEncounter<'_>,
    report: &mut Report<'_>,
    less: &ReportedDiagnosis<'_>,
    more: &ReportedDiagnosis<'_>,
) {
    let message = format!(
        "{} is not reported beside {}, which includes it (ICD-10-CM guideline I.C.9.a). Remove {}.",
        less.named(),
        more.named(),
        less.written(),
    );
    let issue = report.fail_on(encounter, less, message).and(more);
    issue.remove(less.item, &less.written());
}

/// I11 beside I12: I13 is for both.
fn two_halves(
    encounter: &JudgedEncounter<'_>,
    report: &mut Report<'_>,
    heart: &ReportedDiagnosis<'_>,
    kidney: &ReportedDiagnosis<'_>,
) {
    let Some(code) = Combination::default().and(heart).and(kidney).code() else { return };
    let message = format!(
        "{} and {} are not reported together: I13.- is for heart and kidney disease with hypertension (ICD-10-CM guideline \
         I.C.9.a.3). Report {} alone.",
        heart.written(),
        kidney.written(),
        named(encounter, code),
    );
    let issue = report.fail_on(encounter, heart, message).and(kidney);
    issue.fixes.push(Fix {
        title: format!("Replace both by {code}"),
        safe: false,
        edits: vec![(heart.item, Change::ReplaceWith(code)), (kidney.item, Change::Remove)],
    });
}

/// Heart or kidney disease beside a code of hypertension that says nothing of it.
fn presumed(
    encounter: &JudgedEncounter<'_>,
    report: &mut Report<'_>,
    found: &Hypertension<'_, '_>,
) {
    let Some(base) = found.heart.or(found.kidney).or(found.essential) else { return };
    let diagnoses = encounter.good_diagnoses();
    let has_other_cause = diagnoses.iter().any(|it| OTHER_CAUSE.contains(it));
    let adds = |it: &&ReportedDiagnosis<'_>| {
        let heart = HEART_FAILURE.contains(it) && !has_other_cause || OTHER_HEART.contains(it);
        (found.heart.is_none() && heart) || (found.kidney.is_none() && KIDNEY.contains(it))
    };
    let added: Vec<_> = diagnoses.iter().filter(adds).collect();
    if added.is_empty() {
        return;
    }
    let combination = added.iter().fold(Combination::default().and(base), |all, it| all.and(it));
    let Some(code) = combination.code() else { return };
    let message = format!(
        "{} is not combined with {}: heart and kidney disease are presumed to be due to hypertension (ICD-10-CM guideline \
         I.C.9.a). Report {} instead, unless the documentation calls the conditions unrelated.",
        base.named(),
        listed(&added),
        named(encounter, code),
    );
    let severity = if added.iter().all(|it| it.starts_with("N26")) {
        Severity::Information
    } else {
        Severity::Warning
    };
    let issue = report.fail_on(encounter, base, message).severity(severity);
    for it in &added {
        issue.and(it);
    }
    issue.replace(code, None, false);
}

fn part_of_it(
    encounter: &JudgedEncounter<'_>,
    report: &mut Report<'_>,
    part: &ReportedDiagnosis<'_>,
    heart: &ReportedDiagnosis<'_>,
) {
    let message = format!(
        "{} is not reported beside {}, which includes it (ICD-10-CM guideline I.C.9.a.1, from 2025-10-01). Remove {}.",
        part.named(),
        heart.written(),
        part.written(),
    );
    let issue = report.fail_on(encounter, part, message).and(heart).severity(Severity::Warning);
    issue.remove(part.item, &part.written());
    if let Some(note) = note_between(part, heart, NoteKind::Excludes1) {
        issue.note(note);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, outcome_of, reports};

    const RULE: &str = "hypertension-not-combined";

    #[test]
    fn reports_what_is_presumed_to_be_one() {
        assert_eq!(reports(RULE, "I10, I50.22"), ["warning I10 I50.22"]);
        assert_eq!(reports(RULE, "I10, N18.30"), ["warning I10 N18.30"]);
        assert_eq!(reports(RULE, "I11.0, N18.4"), ["warning I11.0 N18.4"]);
        assert_eq!(reports(RULE, "I12.9, I50.22"), ["warning I12.9 I50.22"]);
        assert_eq!(reports(RULE, "E11.22, N18.30, I10"), ["warning I10 N18.30"]);
        assert_eq!(reports(RULE, "I10, I50.22, N18.30"), ["warning I10 I50.22 N18.30"]);
        assert_eq!(reports(RULE, "I10, I51.7"), ["warning I10 I51.7"]);
        assert_eq!(reports(RULE, "I10, N26.9"), ["info I10 N26.9"]);
    }

    #[test]
    fn reports_codes_that_contradict_each_other() {
        assert_eq!(reports(RULE, "I10, I11.9"), ["error I10 I11.9"]);
        assert_eq!(reports(RULE, "I12.9, I10, N18.30"), ["error I10 I12.9"]);
        assert_eq!(reports(RULE, "I11.0, I12.9"), ["error I11.0 I12.9"]);
        assert_eq!(reports(RULE, "I13.0, I11.0"), ["error I11.0 I13.0"]);
        assert_eq!(reports(RULE, "I10, I11.0, N18.4"), ["error I10 I11.0", "warning I11.0 N18.4"]);
    }

    #[test]
    fn heart_disease_is_part_of_the_code_since_2025() {
        assert_eq!(reports(RULE, "I11.9, I51.7"), ["warning I51.7 I11.9"]);
        assert_eq!(reports(RULE, "I13.10, I51.5 @2025-10-01"), ["warning I51.5 I13.10"]);
        assert!(reports(RULE, "I11.9, I51.7 @2025-09-30").is_empty());
    }

    #[test]
    fn accepts_what_is_combined_or_has_another_cause() {
        for codes in [
            "I12.9, N18.30",
            "I11.0, I50.22",
            "I15.1, N18.30",
            "I13.0, I50.22, N18.30",
            "I10, E11.9",
            "I10, N17.9",
            "I11.9, I51.89",
        ] {
            assert!(reports(RULE, codes).is_empty(), "{codes}");
        }
        assert_eq!(outcome_of(RULE, &encounter_of("I10")).as_deref(), Some("pass"));
        assert_eq!(outcome_of(RULE, &encounter_of("N18.30, I50.22")), None);
    }

    #[test]
    fn codes_that_could_not_be_asked_are_no_pass() {
        let outcome = outcome_of(RULE, &encounter_of("I10, I50.22 @2010-03-02"));
        assert_eq!(outcome.as_deref(), Some("no_data"));
    }
}
