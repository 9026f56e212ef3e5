//! A decimal point in the wrong place.

use crate::{
    code::Code,
    encounter::JudgedEncounter,
    normalize::Point,
    rule::{Report, declare_rule},
    system::CodeSystem,
    verdict::Judgement,
};

declare_rule! {
    /// The decimal point stands in the wrong place.
    ///
    /// ## Why
    /// Searches, imports and claims do not find a code whose point is misplaced.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: E116.5
    ///     ^^^^^^ warning[misplaced-dot]: E116.5: the point belongs after the third character: E11.65.
    /// ```
    ///
    /// ## Exceptions
    /// A code without any point is `missing-dot`. Codes that nobody knows are reported as such instead.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.A.2; ICD-10-PCS, CPT and HCPCS codes have no point.
    "misplaced-dot", Warning, EachCode, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    for coded in &encounter.items {
        let judgement = &coded.judgement;
        match judgement
            .code
            .filter(|_| judgement.normalized.point == Point::Wrong && judgement.concept.is_some())
        {
            Some(code) => {
                let text = encounter.text_of(coded.item);
                report.fail(coded.item, judgement, message(judgement, text, code)).spell(code);
            }
            None => report.pass(),
        }
    }
}

fn message(judgement: &Judgement<'_>, text: &str, code: Code) -> String {
    let text = text.trim();
    if judgement.system == CodeSystem::Icd10Cm && code.key().length() > 3 {
        format!("{text}: the point belongs after the third character: {code}.")
    } else {
        format!("{text}: this code has no point: {code}.")
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::rules_fired;

    #[test]
    fn reports_points_that_are_moved_or_foreign() {
        for text in ["Dx: E116.5", "Dx: E1.165", "PCS: 0DTJ.4ZZ", "Dx: E11,65"] {
            assert_eq!(rules_fired(text), ["misplaced-dot"], "{text}");
        }
    }

    #[test]
    fn accepts_the_right_place_and_no_point_at_all() {
        for text in ["Dx: E11.65", "Dx: E1165", "PCS: 0DTJ4ZZ"] {
            assert!(!rules_fired(text).contains(&"misplaced-dot".to_owned()), "{text}");
        }
    }
}
