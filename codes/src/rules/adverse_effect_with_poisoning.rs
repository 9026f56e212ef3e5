//! One drug, used correctly and incorrectly.

use crate::{
    code::CodeKey,
    cue::Cue,
    encounter::JudgedEncounter,
    reported::{ReportedDiagnosis, intent},
    rule::{Report, declare_rule},
};

declare_rule! {
    /// One drug is coded both as poisoning and as adverse effect.
    ///
    /// ## Why
    /// A drug was taken as prescribed or it was not; one event cannot be both.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: T40.2X1A, R40.20, T40.2X5A
    ///                       ^^^^^^^^ warning[adverse-effect-with-poisoning]: T40.2X5A (Adverse effect of other opioids, initial encounter) and T40.2X1A (Poisoning by other opioids, accidental (unintentional), initial encounter) name one drug as taken correctly and incorrectly: keep one, unless these were two events. A reaction of a prescribed drug with one that was not prescribed, or with alcohol, is poisoning.
    /// ```
    ///
    /// ## Exceptions
    /// Two separate events are possible; no section forbids to report both.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.19.e.5.a and b.
    "adverse-effect-with-poisoning", Warning, Reported, Coding(check), about(Cue::Begins(&["T3", "T4", "T5", "T6"]))
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let effects = diagnoses.iter().filter(|it| it.intent() == Some(intent::ADVERSE_EFFECT));
    for effect in effects {
        let poisoning = diagnoses.iter().find(|it| {
            it.intent().is_some_and(|it| it <= intent::UNDETERMINED)
                && substance(it) == substance(effect)
        });
        let Some(poisoning) = poisoning else {
            report.pass();
            continue;
        };
        let message = format!(
            "{} and {} name one drug as taken correctly and incorrectly: keep one, unless these were two events. A \
             reaction of a prescribed drug with one that was not prescribed, or with alcohol, is poisoning.",
            effect.named(),
            poisoning.named()
        );
        report
            .fail_on(encounter, effect, message)
            .and(poisoning)
            .remove(effect.item, &effect.written())
            .remove(poisoning.item, &poisoning.written());
    }
}

/// What two codes of one substance share: four characters, and the fifth where it belongs to the substance.
fn substance(diagnosis: &ReportedDiagnosis<'_>) -> CodeKey {
    let fifth_is_intent = diagnosis.key.character(5).is_none_or(|it| it == 'X');
    let fifth_is_filler = diagnosis.key.character(4) == Some('X');
    diagnosis.key.prefix(if fifth_is_intent || fifth_is_filler { 4 } else { 5 })
}

#[cfg(test)]
mod tests {
    use crate::testing::reports;

    #[test]
    fn reports_what_the_catalogue_names() {
        assert_eq!(
            reports("adverse-effect-with-poisoning", "T40.2X5A, T40.2X1A"),
            ["warning T40.2X5A T40.2X1A"]
        );
    }

    #[test]
    fn accepts_what_is_right() {
        for codes in
            ["D68.32, T45.515A, T40.2X1A", "T40.2X5A", "T40.2X1A, T45.515A", "T40.2X1A, T40.2X6A"]
        {
            assert!(reports("adverse-effect-with-poisoning", codes).is_empty(), "{codes}");
        }
    }
}
