//! COVID-19: infection, manifestations, exposure, history and what comes after.

use crate::{
    attempts::{listed, note_naming},
    code_set::CodeSet,
    cue::Cue,
    encounter::JudgedEncounter,
    issue::Severity,
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
    tabular::NoteKind,
};

declare_rule! {
    /// COVID-19 codes contradict each other or stand in the wrong order.
    ///
    /// ## Why
    /// U07.1 is a confirmed infection. Its manifestations follow it, and exposure, history and the condition afterwards
    /// have codes of their own.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: J96.01, U07.1
    ///             ^^^^^ warning[covid-code-conflict]: U07.1 (COVID-19) stands behind J96.01: manifestations follow the infection (ICD-10-CM guideline I.C.1.g.1.b). List U07.1 before J96.01.
    /// ```
    ///
    /// ## Exceptions
    /// Sepsis, O98.5-, T86.- and other conditions may stand before U07.1; only its manifestations may not. A history
    /// (Z86.16) or a condition after COVID-19 (U09.9) is right when the patient was infected anew, so these are
    /// information.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.1.g.1.b, e, l and m; code first note at J12.82; note at U09.9.
    "covid-code-conflict", Warning, Reported, Coding(check), about(Cue::Begins(&["U071", "J1282"]))
}

/// What follows the infection that it comes from. Source: guideline I.C.1.g.1.b to d and l.
static MANIFESTATIONS: CodeSet = CodeSet::new("J12.82, J20.8, J22, J40, J80, J96.0, J98.8, M35.81");

/// A code beside U07.1, with why it does not go with it, and how heavy that is.
const BESIDE: [(&str, &str, Severity); 3] = [
    (
        "Z20822",
        "it is for exposure without a confirmed infection (ICD-10-CM guideline I.C.1.g.1.e). Remove it.",
        Severity::Warning,
    ),
    (
        "Z8616",
        "a history is for an infection that is over (ICD-10-CM guideline I.C.1.g.1). Remove it unless the patient was \
         infected anew.",
        Severity::Information,
    ),
    (
        "U099",
        "both go together only for a new infection beside a condition from an earlier one (ICD-10-CM guideline \
         I.C.1.g.1.m). Otherwise keep one of them.",
        Severity::Information,
    ),
];

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let Some(infection) = diagnoses.iter().find(|it| it.starts_with("U071")) else {
        return without_infection(encounter, report);
    };
    report.pass();
    let before: Vec<_> = diagnoses
        .iter()
        .filter(|it| it.position < infection.position && MANIFESTATIONS.contains(it))
        .collect();
    if let Some(first) = before.first() {
        let message = format!(
            "{} stands behind {}: manifestations follow the infection (ICD-10-CM guideline I.C.1.g.1.b). List U07.1 \
             before {}.",
            infection.named(),
            listed(&before),
            first.written(),
        );
        let issue = report.fail_on(encounter, infection, message);
        for other in &before {
            issue.and(other);
        }
        issue.move_to(first.index(), format!("List U07.1 before {}", first.written()));
        if let Some(note) = note_naming(first, infection, NoteKind::CodeFirst) {
            issue.note(note);
        }
    }
    for (code, reason, severity) in BESIDE {
        let Some(other) = diagnoses.iter().find(|it| it.starts_with(code)) else { continue };
        let message = format!("{} stands beside U07.1 (COVID-19): {reason}", other.named());
        let issue = report.fail_on(encounter, other, message).and(infection).severity(severity);
        issue.remove(other.item, &other.written());
    }
}

/// Pneumonia due to COVID-19 is the only code here that cannot do without U07.1.
fn without_infection(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let is_pneumonia = |it: &&ReportedDiagnosis<'_>| it.starts_with("J1282");
    let Some(pneumonia) = encounter.good_diagnoses().iter().find(is_pneumonia) else { return };
    // A wrong U07.1 has its own issue; what could not be asked may be U07.1.
    if encounter.tries("U07") || encounter.has_unasked_diagnosis() {
        return;
    }
    let message = format!(
        "{} is not reported without U07.1 (COVID-19), which stands before it. Add U07.1 if the infection is current.",
        pneumonia.named(),
    );
    report.fail_on(encounter, pneumonia, message);
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, outcome_of, reports};

    const RULE: &str = "covid-code-conflict";

    #[test]
    fn reports_manifestations_without_or_before_the_infection() {
        assert_eq!(reports(RULE, "J12.82"), ["warning J12.82"]);
        assert_eq!(reports(RULE, "J96.01, U07.1"), ["warning U07.1 J96.01"]);
        assert_eq!(reports(RULE, "J12.82, J80, U07.1"), ["warning U07.1 J12.82 J80"]);
    }

    #[test]
    fn reports_what_contradicts_a_confirmed_infection() {
        assert_eq!(reports(RULE, "U07.1, Z20.822"), ["warning Z20.822 U07.1"]);
        assert_eq!(reports(RULE, "U07.1, Z86.16"), ["info Z86.16 U07.1"]);
        assert_eq!(reports(RULE, "U09.9, U07.1"), ["info U09.9 U07.1"]);
    }

    #[test]
    fn accepts_what_may_stand_before_or_beside_it() {
        for codes in [
            "U07.1, J12.82",
            "A41.89, U07.1, J12.82",
            "O98.511, U07.1",
            "S72.001A, U07.1",
            "M35.81, U09.9",
            "Z20.822",
            "Z86.16",
        ] {
            assert!(reports(RULE, codes).is_empty(), "{codes}");
        }
        assert_eq!(outcome_of(RULE, &encounter_of("Z20.822")), None);
        assert_eq!(outcome_of(RULE, &encounter_of("U07.1")).as_deref(), Some("pass"));
    }

    #[test]
    fn codes_that_could_not_be_asked_are_no_pass() {
        let outcome = outcome_of(RULE, &encounter_of("J12.82 @2010-03-02"));
        assert_eq!(outcome.as_deref(), Some("no_data"));
    }
}
