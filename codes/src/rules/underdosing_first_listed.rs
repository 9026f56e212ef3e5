//! An underdosing code in first place.

use crate::{
    cue::Cue,
    encounter::JudgedEncounter,
    reported::intent,
    rule::{Report, declare_rule},
};

declare_rule! {
    /// An underdosing code is listed first.
    ///
    /// ## Why
    /// Taking less of a drug than prescribed is never the reason for the encounter by itself: the condition that it led to, or
    /// made worse, is.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: T38.3X6A, E11.65
    ///     ^^^^^^^^ error[underdosing-first-listed]: T38.3X6A (Underdosing of insulin and oral hypoglycemic [antidiabetic] drugs, initial encounter) is an underdosing code and never the first-listed diagnosis: list the medical condition first, such as E11.65.
    /// ```
    ///
    /// ## Exceptions
    /// None. A change of the condition need not be documented. When an insulin pump fails, T85.6- stands first.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.19.e.5.c.
    "underdosing-first-listed", Error, Reported, Coding(check), about(Cue::Begins(&["T3", "T4", "T5", "T6"]))
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let Some(first) = encounter.first_listed() else { return };
    if first.intent() != Some(intent::UNDERDOSING) {
        if diagnoses.iter().any(|it| it.intent() == Some(intent::UNDERDOSING)) {
            report.pass();
        }
        return;
    }
    // What an underdosing may lead to: no drug, no external cause, no factor of health.
    let condition = diagnoses
        .iter()
        .find(|it| it.intent().is_none() && !it.starts_with_any(&["V", "W", "X", "Y", "Z"]));
    let such_as = condition.map_or_else(String::new, |it| format!(", such as {}", it.written()));
    let message = format!(
        "{} is an underdosing code and never the first-listed diagnosis: list the medical condition first{such_as}.",
        first.named()
    );
    let issue = report.fail_on(encounter, first, message);
    if let Some(condition) = condition {
        issue.and(condition).move_to(
            condition.position,
            format!("Move {} behind {}", first.written(), condition.written()),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::reports;

    #[test]
    fn reports_what_the_catalogue_names() {
        assert_eq!(
            reports("underdosing-first-listed", "T38.3X6A, E11.65"),
            ["error T38.3X6A E11.65"]
        );
        assert_eq!(reports("underdosing-first-listed", "T38.3X6A"), ["error T38.3X6A"]);
    }

    #[test]
    fn accepts_what_is_right() {
        for codes in ["E11.65, T38.3X6A, Z91.120", "E11.65, I10", "T38.3X5A, E11.65"] {
            assert!(reports("underdosing-first-listed", codes).is_empty(), "{codes}");
        }
    }
}
