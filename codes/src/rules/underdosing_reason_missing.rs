//! Underdosing without its reason.

use crate::{
    code_set::CodeSet,
    cue::Cue,
    encounter::JudgedEncounter,
    reported::intent,
    rule::{Report, declare_rule},
};

declare_rule! {
    /// An underdosing code has no code for its reason.
    ///
    /// ## Why
    /// Whether a patient could not pay, forgot, or was given too little decides what follows, and the codes can say it.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: E11.65, T38.3X6A
    ///             ^^^^^^^^ info[underdosing-reason-missing]: T38.3X6A (Underdosing of insulin and oral hypoglycemic [antidiabetic] drugs, initial encounter): add the reason if it is known, noncompliance (Z91.12- to Z91.14-, Z91.A-) or a failure of dosage (Y63.6, Y63.8, Y63.9).
    /// ```
    ///
    /// ## Exceptions
    /// The guideline says "if known". The failure of an insulin pump (T85.6-) is a reason by itself.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.19.e.5.c; the Code first notes at Z91.A2- and Z91.A3-.
    "underdosing-reason-missing", Information, Reported, Coding(check), about(Cue::Begins(&["T3", "T4", "T5", "T6"]))
}

/// What gives the reason.
static REASONS: CodeSet = CodeSet::new(
    "Z91.12-, Z91.13-, Z91.14-, Z91.A2-, Z91.A3-, Z91.A4-, Y63.6, Y63.8, Y63.9, T85.6-",
);

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let Some(underdosing) = diagnoses.iter().find(|it| it.intent() == Some(intent::UNDERDOSING))
    else {
        return;
    };
    if diagnoses.iter().any(|it| REASONS.contains(it)) {
        return report.pass();
    }
    let message = format!(
        "{}: add the reason if it is known, noncompliance (Z91.12- to Z91.14-, Z91.A-) or a failure of dosage \
         (Y63.6, Y63.8, Y63.9).",
        underdosing.named()
    );
    report.fail_on(encounter, underdosing, message);
}

#[cfg(test)]
mod tests {
    use crate::testing::reports;

    #[test]
    fn reports_what_the_catalogue_names() {
        assert_eq!(reports("underdosing-reason-missing", "E11.65, T38.3X6A"), ["info T38.3X6A"]);
    }

    #[test]
    fn accepts_what_is_right() {
        for codes in ["E11.65, T38.3X6A, Z91.120", "E11.65", "T85.614A, T38.3X6A, E11.65"] {
            assert!(reports("underdosing-reason-missing", codes).is_empty(), "{codes}");
        }
    }
}
