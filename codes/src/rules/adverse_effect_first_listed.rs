//! An adverse effect drug code before its effect.

use crate::{
    cue::Cue,
    encounter::JudgedEncounter,
    reported::intent,
    rule::{Report, declare_rule},
};

declare_rule! {
    /// The code of a drug that was taken correctly stands before its adverse effect.
    ///
    /// ## Why
    /// What the drug did is the diagnosis; the T code only says which drug it was.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: T45.515A, D68.32
    ///     ^^^^^^^^ error[adverse-effect-first-listed]: T45.515A (Adverse effect of anticoagulants, initial encounter) names the drug of an adverse effect and stands first: list the nature of the effect before it, such as D68.32.
    /// ```
    ///
    /// ## Exceptions
    /// None. An effect that is not named is T88.7.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.19.e.5.a; Code first note at section T36-T50.
    "adverse-effect-first-listed", Error, Reported, Coding(check), about(Cue::Begins(&["T3", "T4", "T5", "T6"]))
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let Some(first) = encounter.first_listed() else { return };
    if first.intent() != Some(intent::ADVERSE_EFFECT) {
        if diagnoses.iter().any(|it| it.intent() == Some(intent::ADVERSE_EFFECT)) {
            report.pass();
        }
        return;
    }
    let effect = diagnoses
        .iter()
        .find(|it| it.intent().is_none() && !it.starts_with_any(&["V", "W", "X", "Y", "Z"]));
    let such_as = effect.map_or_else(
        || " (T88.7 when it is not named)".to_owned(),
        |it| format!(", such as {}", it.written()),
    );
    let message = format!(
        "{} names the drug of an adverse effect and stands first: list the nature of the effect before it{such_as}.",
        first.named()
    );
    let issue = report.fail_on(encounter, first, message);
    if let Some(effect) = effect {
        let title = format!("Move {} behind {}", first.written(), effect.written());
        issue.and(effect).move_to(effect.position, title);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::reports;

    #[test]
    fn reports_what_the_catalogue_names() {
        assert_eq!(
            reports("adverse-effect-first-listed", "T45.515A, D68.32"),
            ["error T45.515A D68.32"]
        );
        assert_eq!(reports("adverse-effect-first-listed", "T45.515A"), ["error T45.515A"]);
    }

    #[test]
    fn accepts_what_is_right() {
        for codes in ["D68.32, T45.515A", "D68.32", "T40.2X1A, R40.20"] {
            assert!(reports("adverse-effect-first-listed", codes).is_empty(), "{codes}");
        }
    }
}
