//! Sequelae without the condition that remained.

use crate::{
    cue::Cue,
    encounter::JudgedEncounter,
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
};

declare_rule! {
    /// A sequela code is not preceded by the residual condition.
    ///
    /// ## Why
    /// The condition that remained is the reason for the visit and stands first; the injury that led to it follows with
    /// 7th character S. Both are needed.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: S72.001S
    ///     ^^^^^^^^ info[sequela-without-condition]: S72.001S is a sequela and stands first: list the condition that remained before it.
    /// ```
    ///
    /// ## Exceptions
    /// Codes of sequelae that name what remained (I69) stand alone.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.B.10 and I.C.19.a.
    "sequela-without-condition", Information, Reported, Coding(check), about(Cue::Begins(&["S", "T"]))
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    for diagnosis in encounter.good_diagnoses().iter().filter(|it| is_sequela(it)) {
        if !diagnosis.is_first() {
            report.pass();
            continue;
        }
        let message = format!(
            "{} is a sequela and stands first: list the condition that remained before it.",
            diagnosis.written()
        );
        report.fail_on(encounter, diagnosis, message);
    }
}

fn is_sequela(diagnosis: &ReportedDiagnosis<'_>) -> bool {
    matches!(diagnosis.key.character(0), Some('S' | 'T')) && diagnosis.seventh() == Some('S')
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, outcome_of, reports};

    const RULE: &str = "sequela-without-condition";

    #[test]
    fn reports_a_sequela_in_first_place() {
        assert_eq!(reports(RULE, "S72.001S"), ["info S72.001S"]);
        assert_eq!(reports(RULE, "S72.001S, M25.551"), ["info S72.001S"]);
    }

    #[test]
    fn accepts_a_sequela_behind_what_remained() {
        assert!(reports(RULE, "M25.551, S72.001S").is_empty());
        assert_eq!(outcome_of(RULE, &encounter_of("M25.551, S72.001S")).as_deref(), Some("pass"));
        for codes in ["S72.001A", "I69.351", "W19.XXXS", "I10"] {
            assert_eq!(outcome_of(RULE, &encounter_of(codes)), None, "{codes}");
        }
    }
}
