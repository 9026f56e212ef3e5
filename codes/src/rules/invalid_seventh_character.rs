//! 7th characters that are not defined for their code.

use crate::{
    encounter::JudgedEncounter,
    rule::{Report, declare_rule},
    verdict::Verdict,
};

declare_rule! {
    /// The 7th character is not one of those defined for this code.
    ///
    /// ## Why
    /// Each category defines its own 7th characters; the wrong one makes the code invalid.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: W19.XXXG
    ///     ^^^^^^^^ error[invalid-seventh-character]: G is not a 7th character of W19 (A, D, S).
    /// ```
    ///
    /// ## Exceptions
    /// A code that once existed is `expired-code`.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.A.5; the definitions in the tabular list.
    "invalid-seventh-character", Error, EachCode, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    for coded in &encounter.items {
        let judgement = &coded.judgement;
        let Verdict::InvalidSeventhCharacter { stem, character } = judgement.verdict else {
            report.pass();
            continue;
        };
        let concept = encounter.terminology.concept(stem, judgement.date);
        let completions = concept.map(|concept| concept.completions()).unwrap_or_default();
        let valid: Vec<_> =
            completions.iter().map(|seventh| seventh.character.to_string()).collect();
        let message =
            format!("{character} is not a 7th character of {stem} ({}).", valid.join(", "));
        let issue = report.fail(coded.item, judgement, message);
        for seventh in completions {
            issue.replace(seventh.code, Some(&seventh.meaning), false);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::rules_fired;

    #[test]
    fn reports_characters_of_other_categories() {
        for text in ["Dx: S61.411G", "Dx: E11.3214"] {
            assert_eq!(rules_fired(text), ["invalid-seventh-character"], "{text}");
        }
    }

    #[test]
    fn accepts_defined_characters() {
        for text in ["Dx: S72.001G", "Dx: E11.3211"] {
            assert!(rules_fired(text).is_empty(), "{text}");
        }
    }
}
