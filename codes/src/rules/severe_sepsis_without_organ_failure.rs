//! Organ dysfunction that is claimed and not coded.

use crate::{
    attempts::note_naming,
    check::Reason,
    code_set::CodeSet,
    cue::Cue,
    encounter::JudgedEncounter,
    issue::Severity,
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
    tabular::NoteKind,
};

declare_rule! {
    /// R65.20 or R65.11 has no code of the organ dysfunction that it says there is.
    ///
    /// ## Why
    /// Severe sepsis, and SIRS with acute organ dysfunction, are coded together with each organ dysfunction. Without one
    /// auditors take the severe sepsis away.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: A41.9, R65.20
    ///            ^^^^^^ warning[severe-sepsis-without-organ-failure]: R65.20 (Severe sepsis without septic shock) has no code of an acute organ dysfunction, which is required with it (ICD-10-CM guideline I.C.1.d.1.b). Add the dysfunction that is documented, such as N17.-, J96.0- or G93.41; without one, remove R65.20.
    /// ```
    ///
    /// ## Exceptions
    /// R65.21: shock is itself an organ dysfunction. Beside the codes that the note names, any other acute condition of an
    /// organ counts. R65.11 is reported as information.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.1.d.1.b, I.C.1.d.2 and I.C.18.g; use additional code notes at R65.2 and R65.11.
    "severe-sepsis-without-organ-failure", Warning, Reported, Coding(check), about(Cue::Begins(&["R652", "R651"]))
}

/// Acute conditions of organs beside those that the notes name. The notes say "such as": a heuristic, wide on purpose.
static ACUTE: CodeSet = CodeSet::new(
    "D65, D68.4, D68.8, D68.9, D69.5, D69.6, E27.2, E27.4, F05, G92, G93.4, G93.5, G93.6, G93.82, I21, I22, I26, I40, \
     I46, I50.21, I50.23, I50.31, I50.33, I50.41, I50.43, I50.811, I50.813, I51.81, I5A, I95, J80, J81.0, J95.82, J96.0, \
     J96.2, J96.9, K55.0, K56.0, K56.7, K72.0, K72.9, K76.7, K76.82, N17, N19, N99.0, O75.1, O90.4, P28.5, P60, P96.0, \
     R34, R40.2, R57, R65.21, T81.1",
);

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let claims = |it: &&ReportedDiagnosis<'_>| it.starts_with("R6520") || it.starts_with("R6511");
    for claim in diagnoses.iter().filter(claims) {
        let is_dysfunction = |it: &ReportedDiagnosis<'_>| {
            ACUTE.contains(it) || note_naming(claim, it, NoteKind::UseAdditionalCode).is_some()
        };
        if diagnoses.iter().any(is_dysfunction) {
            report.pass();
            continue;
        }
        if claim.place.is_none() {
            report.no_data(Reason::NotesMissing);
            continue;
        }
        // A code that is not good may be the dysfunction.
        if encounter.has_faulty_diagnosis() {
            continue;
        }
        let of_sepsis = claim.starts_with("R6520");
        let section = if of_sepsis { "I.C.1.d.1.b" } else { "I.C.18.g" };
        let message = format!(
            "{} has no code of an acute organ dysfunction, which is required with it (ICD-10-CM guideline {section}). \
             Add the dysfunction that is documented, such as N17.-, J96.0- or G93.41; without one, remove {}.",
            claim.named(),
            claim.written(),
        );
        let issue = report.fail_on(encounter, claim, message);
        if !of_sepsis {
            issue.severity(Severity::Information);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, outcome_of, reports};

    const RULE: &str = "severe-sepsis-without-organ-failure";

    #[test]
    fn reports_a_dysfunction_that_is_not_coded() {
        assert_eq!(reports(RULE, "A41.9, R65.20"), ["warning R65.20"]);
        assert_eq!(reports(RULE, "A41.9, R65.20, I10, N18.4"), ["warning R65.20"]);
        assert_eq!(reports(RULE, "S72.001A, R65.11"), ["info R65.11"]);
    }

    #[test]
    fn accepts_a_dysfunction_that_the_note_names_or_another() {
        for codes in [
            "A41.9, R65.20, N17.9",
            "A41.9, R65.21",
            "A41.9, R65.20, J96.21",
            "A41.9, R65.20, I21.A1",
            "A41.9, R65.20, K76.7",
            "A41.9, R65.20, D69.59",
            "A41.9, R65.20, G93.40",
            "S72.001A, R65.11, N17.9",
        ] {
            assert!(reports(RULE, codes).is_empty(), "{codes}");
        }
        assert_eq!(outcome_of(RULE, &encounter_of("A41.9, R65.21")), None);
    }

    #[test]
    fn a_code_that_is_not_good_may_be_the_dysfunction() {
        assert!(reports(RULE, "A41.9, R65.20, N17").is_empty());
    }

    #[test]
    fn codes_that_could_not_be_asked_are_no_pass() {
        let outcome = outcome_of(RULE, &encounter_of("A41.9, R65.20 @2010-03-02"));
        assert_eq!(outcome.as_deref(), Some("no_data"));
    }
}
