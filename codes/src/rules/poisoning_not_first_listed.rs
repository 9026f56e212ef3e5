//! A poisoning behind its manifestation.

use crate::{
    code_set::CodeSet,
    cue::Cue,
    encounter::JudgedEncounter,
    reported::{ReportedDiagnosis, intent},
    rule::{Report, declare_rule},
};

declare_rule! {
    /// A poisoning or toxic effect stands behind what it caused.
    ///
    /// ## Why
    /// In a poisoning the T code comes first and its manifestations follow, the reverse of an adverse effect.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: R40.20, T40.2X1A
    ///             ^^^^^^^^ warning[poisoning-not-first-listed]: T40.2X1A (Poisoning by other opioids, accidental (unintentional), initial encounter) stands behind R40.20 (Unspecified coma): a poisoning is listed before what it caused. If R40.20 has another cause, the order may be right.
    /// ```
    ///
    /// ## Exceptions
    /// Whether the code before it is a manifestation cannot be seen from the codes. Obstetric codes O9A.2-, abuse (T74, T76) and a
    /// pump failure (T85.6-) before the poisoning are right.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.19.e.5.b and d.
    "poisoning-not-first-listed", Warning, Reported, Coding(check), about(Cue::Begins(&["T3", "T4", "T5", "T6"]))
}

/// What may stand before a poisoning.
static MAY_COME_FIRST: CodeSet = CodeSet::new("O00-O9A, T36-T65, T74, T76, T85.6-");

/// Chapters that hold manifestations; factors of health, injuries and external causes are none.
static MANIFESTATIONS: CodeSet = CodeSet::new("A00-R99");

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let is_poisoning = |it: &&ReportedDiagnosis<'_>| {
        it.intent().is_some_and(|it| it <= intent::UNDETERMINED) && it.seventh() == Some('A')
    };
    let Some(poisoning) = diagnoses.iter().find(is_poisoning) else { return };
    let Some(first) = encounter.first_listed() else { return };
    if first.position == poisoning.position
        || MAY_COME_FIRST.contains(first)
        || !MANIFESTATIONS.contains(first)
    {
        return report.pass();
    }
    let message = format!(
        "{} stands behind {}: a poisoning is listed before what it caused. If {} has another cause, the order may be \
         right.",
        poisoning.named(),
        first.named(),
        first.written()
    );
    let title = format!("Move {} to the front", poisoning.written());
    report.fail_on(encounter, poisoning, message).and(first).move_to(0, title);
}

#[cfg(test)]
mod tests {
    use crate::testing::reports;

    #[test]
    fn reports_what_the_catalogue_names() {
        assert_eq!(
            reports("poisoning-not-first-listed", "R40.20, T40.2X1A"),
            ["warning T40.2X1A R40.20"]
        );
    }

    #[test]
    fn accepts_what_is_right() {
        for codes in [
            "T40.2X1A, R40.20",
            "O9A.211, T40.2X1A",
            "R40.20, T40.2X1D",
            "T85.614A, T38.3X1A, E11.649",
            "S72.001A, T40.2X1A",
            "R40.20",
        ] {
            assert!(reports("poisoning-not-first-listed", codes).is_empty(), "{codes}");
        }
    }
}
