//! ICD-10-CM codes written without their point.

use crate::{
    fact::Fact,
    normalize::Point,
    note::{Evidence, Place},
    rule::declare_rule,
    system::CodeSystem,
    text_check::{TextReport, TextView},
};

declare_rule! {
    /// An ICD-10-CM code of more than three characters is written without its point.
    ///
    /// ## Why
    /// Without the point many codes cannot be told from HCPCS codes (`A0100`) by those who read the note later.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: E1165
    ///     ^^^^^ hint[missing-dot]: E1165 is written without its point: E11.65.
    /// ```
    ///
    /// ## Exceptions
    /// Claim formats forbid the point. Only codes behind a label or in a coding column are looked at.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.A.2.
    "missing-dot", Hint, EachCode, Text(check)
}

fn check(view: &TextView<'_>, report: &mut TextReport) {
    for mark in view.marks {
        let mention = mark.mention;
        let labelled = matches!(mention.evidence, Evidence::Certain | Evidence::Labelled);
        if labelled
            && mention.place != Place::Claim
            && mention.system == CodeSystem::Icd10Cm
            && mark.normalized.point == Point::Missing
            && mark.fact == Fact::Known
        {
            let raw = &view.text[mention.range.clone()];
            report.respell(mark, format!("{raw} is written without its point: {}.", mark.written));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::rules_fired;

    #[test]
    fn reports_a_labelled_code_without_point() {
        assert_eq!(rules_fired("Dx: E1165"), ["missing-dot"]);
    }

    #[test]
    fn accepts_codes_that_have_none_and_claim_formats() {
        for text in ["Dx: E11.65", "Dx: I10", "HI*ABK:E1165~"] {
            assert!(rules_fired(text).is_empty(), "{text}");
        }
    }
}
