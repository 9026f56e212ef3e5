//! A week of gestation where none belongs.

use crate::{
    attempts::note_between,
    cue::Cue,
    encounter::JudgedEncounter,
    obstetrics::{is_abortive, is_delivery, is_obstetric, is_puerperium_only},
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
    tabular::NoteKind,
};

declare_rule! {
    /// A week of gestation (Z3A) stands beside an abortion, a termination or a condition of the puerperium only.
    ///
    /// ## Why
    /// Z3A gives the week of a pregnancy that goes on or ends in a delivery. It is not assigned for O00 to O08, for Z33.2
    /// or after the delivery.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: O03.9, Z3A.10
    ///            ^^^^^^ warning[weeks-of-gestation-not-applicable]: Z3A.10 (10 weeks gestation of pregnancy) is not used with O03.9: no week is coded for abortive outcomes, terminations or the puerperium (ICD-10-CM guideline I.C.21.c.11). Remove it.
    /// ```
    ///
    /// ## Exceptions
    /// Any other code of a pregnancy, or a delivery, in the encounter may be what the week belongs to.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.21.c.11; code first note at Z3A.
    "weeks-of-gestation-not-applicable", Warning, Reported, Coding(check), about(Cue::Begins(&["Z3A"]))
}

/// Codes outside of chapter 15 that speak of a pregnancy that goes on.
const CURRENT: [&str; 3] = ["Z331", "Z333", "Z34"];

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let Some(week) = diagnoses.iter().find(|it| it.starts_with("Z3A")) else { return };
    let takes_none = |it: &ReportedDiagnosis<'_>| is_abortive(it) || is_puerperium_only(it);
    let takes_one = |it: &ReportedDiagnosis<'_>| {
        is_obstetric(it) && !takes_none(it) || CURRENT.iter().any(|family| it.starts_with(family))
    };
    let Some(ended) = diagnoses.iter().find(|it| takes_none(it)) else { return report.pass() };
    if diagnoses.iter().any(takes_one) || is_delivery(encounter) {
        return report.pass();
    }
    // What is wrong or could not be asked may be the pregnancy that the week belongs to.
    if encounter.has_faulty_diagnosis() {
        return;
    }
    let message = format!(
        "{} is not used with {}: no week is coded for abortive outcomes, terminations or the puerperium (ICD-10-CM \
         guideline I.C.21.c.11). Remove it.",
        week.named(),
        ended.written(),
    );
    let issue = report.fail_on(encounter, week, message).and(ended);
    issue.remove(week.item, &week.written());
    if let Some(note) = note_between(week, ended, NoteKind::CodeFirst) {
        issue.note(note);
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        encounter::ServiceLine,
        system::CodeSystem,
        testing::{encounter_of, outcome_of, reports, reports_of},
    };

    const RULE: &str = "weeks-of-gestation-not-applicable";

    #[test]
    fn reports_a_week_where_none_belongs() {
        assert_eq!(reports(RULE, "O03.9, Z3A.10"), ["warning Z3A.10 O03.9"]);
        assert_eq!(reports(RULE, "Z33.2, Z3A.09"), ["warning Z3A.09 Z33.2"]);
        assert_eq!(reports(RULE, "O10.03, Z3A.39"), ["warning Z3A.39 O10.03"]);
    }

    #[test]
    fn accepts_it_beside_a_pregnancy() {
        for codes in [
            "O20.0, Z3A.10",
            "O36.4XX0, Z3A.22",
            "O36.4XX0, O03.9, Z3A.22",
            "O90.3, Z3A.39",
            "I10, Z3A.39",
        ] {
            assert!(reports(RULE, codes).is_empty(), "{codes}");
        }
        assert_eq!(outcome_of(RULE, &encounter_of("O03.9")), None);
    }

    #[test]
    fn a_delivery_takes_the_week_though_its_complication_is_of_the_puerperium() {
        assert!(reports(RULE, "O10.03, Z37.0, Z3A.39").is_empty());
        let mut encounter = encounter_of("O10.03, Z3A.39");
        encounter.lines = vec![ServiceLine::new(CodeSystem::Icd10Pcs, "10E0XZZ")];
        assert!(reports_of(RULE, &encounter).is_empty());
    }

    #[test]
    fn codes_that_could_not_be_asked_are_no_pass() {
        let outcome = outcome_of(RULE, &encounter_of("O03.9, Z3A.10 @2010-03-02"));
        assert_eq!(outcome.as_deref(), Some("no_data"));
    }
}
