//! A pregnancy without its week.

use crate::{
    check::Reason,
    cue::Cue,
    encounter::JudgedEncounter,
    obstetrics::{is_abortive, is_obstetric, is_puerperium_only, takes_weeks},
    rule::{Report, declare_rule},
};

declare_rule! {
    /// An obstetric code has no code of Z3A for the week of gestation.
    ///
    /// ## Why
    /// The chapter asks for the week of the pregnancy where it is known; quality measures and some payers read it.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: O24.414
    ///     ^^^^^^^ info[weeks-of-gestation-missing]: O24.414 (Gestational diabetes mellitus in pregnancy, insulin controlled) has no week of gestation: add a code of Z3A if the week is documented.
    /// ```
    ///
    /// ## Exceptions
    /// Pregnancies with abortive outcome, also their complications, conditions of the puerperium and sequelae (O94) take
    /// no week. The note at Z3A names the codes that take one.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.21.c.11 and I.C.15.q.3; note of chapter 15; code first note at Z3A.
    "weeks-of-gestation-missing", Information, Reported, Coding(check), about(Cue::Begins(&["O"]))
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let asks = |it: &&_| is_obstetric(it) && !is_puerperium_only(it) && !it.starts_with("O94");
    let mut asking = None;
    for diagnosis in encounter.good_diagnoses().iter().filter(asks) {
        match takes_weeks(diagnosis) {
            Some(true) => asking = asking.or(Some(diagnosis)),
            Some(false) => {}
            None => report.no_data(Reason::NotesMissing),
        }
    }
    let Some(diagnosis) = asking else { return };
    // Complications that led to an abortion are coded beside it, without a week (I.C.15.q.3).
    if encounter.good_diagnoses().iter().any(is_abortive) {
        return;
    }
    if encounter.tries("Z3A") {
        return report.pass();
    }
    // What could not be asked may be the week.
    if encounter.has_unasked_diagnosis() {
        return;
    }
    let message = format!(
        "{} has no week of gestation: add a code of Z3A if the week is documented.",
        diagnosis.named()
    );
    report.fail_on(encounter, diagnosis, message);
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, outcome_of, reports};

    const RULE: &str = "weeks-of-gestation-missing";

    #[test]
    fn reports_once() {
        assert_eq!(reports(RULE, "O24.414"), ["info O24.414"]);
        assert_eq!(reports(RULE, "O24.414, O10.011"), ["info O24.414"]);
    }

    #[test]
    fn accepts_a_week_and_codes_that_take_none() {
        for codes in
            ["O80, Z37.0, Z3A.39", "O03.9", "O90.3", "O10.03", "I69.351, O94", "O03.9, O10.011"]
        {
            assert!(reports(RULE, codes).is_empty(), "{codes}");
        }
        assert_eq!(outcome_of(RULE, &encounter_of("O03.9")), None);
    }

    #[test]
    fn a_wrong_week_is_not_a_missing_one() {
        assert!(reports(RULE, "O24.414, Z3A.50").is_empty());
        assert!(reports(RULE, "O24.414, Z3A").is_empty());
    }

    #[test]
    fn codes_that_could_not_be_asked_are_no_pass() {
        let outcome = outcome_of(RULE, &encounter_of("O24.414 @2010-03-02"));
        assert_eq!(outcome.as_deref(), Some("no_data"));
    }
}
