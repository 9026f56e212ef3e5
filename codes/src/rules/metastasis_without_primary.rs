//! A secondary neoplasm from nowhere.

use crate::{
    code_set::CodeSet,
    cue::Cue,
    encounter::JudgedEncounter,
    rule::{Report, declare_rule},
};

declare_rule! {
    /// A secondary neoplasm has neither a primary, nor a history of one, nor C80.1.
    ///
    /// ## Why
    /// A metastasis has a primary: active, in the history (Z85), or unknown (C80.1). Coding it completes the picture that
    /// treatment and risk adjustment are judged by.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: C79.51
    ///     ^^^^^^ info[metastasis-without-primary]: C79.51 (Secondary malignant neoplasm of bone) has no primary: add the primary neoplasm, its history (Z85), or C80.1 if it is unknown (ICD-10-CM guideline I.C.2.d).
    /// ```
    ///
    /// ## Exceptions
    /// C80.0 is for unknown sites only and does not count as a primary.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.2.d, I.C.2.j and I.C.2.k.
    "metastasis-without-primary", Information, Reported, Coding(check), about(Cue::Codes(&[&SECONDARY]))
}

static SECONDARY: CodeSet = CodeSet::new("C77, C78, C79, C7B");
static NO_PRIMARY: CodeSet = CodeSet::new("C77, C78, C79, C7B, C80.0, C80.2");

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let Some(secondary) = diagnoses.iter().find(|it| SECONDARY.contains(it)) else { return };
    let has_primary = diagnoses
        .iter()
        .any(|it| it.starts_with("Z85") || it.starts_with("C") && !NO_PRIMARY.contains(it));
    if has_primary {
        return report.pass();
    }
    // A code that is not good may be the primary.
    if encounter.has_faulty_diagnosis() {
        return;
    }
    let message = format!(
        "{} has no primary: add the primary neoplasm, its history (Z85), or C80.1 if it is unknown (ICD-10-CM guideline \
         I.C.2.d).",
        secondary.named(),
    );
    report.fail_on(encounter, secondary, message);
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, outcome_of, reports};

    const RULE: &str = "metastasis-without-primary";

    #[test]
    fn reports_a_metastasis_alone() {
        assert_eq!(reports(RULE, "C79.51"), ["info C79.51"]);
        assert_eq!(reports(RULE, "C79.51, C79.52, I10"), ["info C79.51"]);
        assert_eq!(reports(RULE, "C79.51, C80.0"), ["info C79.51"]);
    }

    #[test]
    fn accepts_a_primary_a_history_and_an_unknown_primary() {
        for codes in ["C79.51, C80.1", "C50.911, C79.51", "C79.51, Z85.3", "C79.51, C50", "C50.911"]
        {
            assert!(reports(RULE, codes).is_empty(), "{codes}");
        }
    }

    #[test]
    fn codes_that_could_not_be_asked_are_no_pass() {
        let outcome = outcome_of(RULE, &encounter_of("C79.51 @2010-03-02"));
        assert_eq!(outcome.as_deref(), Some("no_data"));
    }
}
