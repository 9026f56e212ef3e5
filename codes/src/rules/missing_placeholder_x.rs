//! Placeholders X that are missing, misplaced or too many.

use crate::{
    encounter::JudgedEncounter,
    rule::{Report, declare_rule},
    system::icd10cm,
    verdict::Verdict,
};

declare_rule! {
    /// The placeholder X is missing, misplaced or superfluous.
    ///
    /// ## Why
    /// A 7th character stands in the seventh place; without the placeholder it stands in another and the code is
    /// invalid.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: T36.01A
    ///     ^^^^^^^ error[missing-placeholder-x]: T36.01A lacks the placeholder: T36.0X1A.
    /// ```
    ///
    /// ## Exceptions
    /// Where more than one code could be meant it is `unknown-code` with candidates.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.A.4.
    "missing-placeholder-x", Error, EachCode, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    for coded in &encounter.items {
        let judgement = &coded.judgement;
        let Verdict::MissingPlaceholder { intended } = judgement.verdict else {
            report.pass();
            continue;
        };
        let count = |text: &str| {
            text.chars().skip(icd10cm::POINT_AFTER).filter(|character| *character == 'X').count()
        };
        let (typed, meant) = (count(&judgement.normalized.code), count(&intended.key().text()));
        let fault = match typed.cmp(&meant) {
            std::cmp::Ordering::Less => "lacks the placeholder",
            std::cmp::Ordering::Equal => "has the placeholder in the wrong place",
            std::cmp::Ordering::Greater => "has a placeholder too many",
        };
        let message = format!("{} {fault}: {intended}.", judgement.written());
        report.fail(coded.item, judgement, message).spell(intended);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::rules_fired;

    #[test]
    fn reports_missing_and_superfluous_placeholders() {
        for text in
            ["Dx: T36.01A", "Dx: W19A", "Dx: W19.A", "Dx: V97.33D", "Dx: O36.40", "Dx: E11.9XX"]
        {
            assert!(
                rules_fired(text).contains(&"missing-placeholder-x".to_owned()),
                "{text}: {:?}",
                rules_fired(text)
            );
        }
    }

    #[test]
    fn accepts_placeholders_in_their_place() {
        for text in ["Dx: H54.0X33", "Dx: T36.0X1A"] {
            assert!(rules_fired(text).is_empty(), "{text}");
        }
    }
}
