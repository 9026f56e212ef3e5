//! Codes in lower case.

use crate::{
    fact::Fact,
    rule::declare_rule,
    text_check::{TextReport, TextView},
};

declare_rule! {
    /// The code is written in lower case.
    ///
    /// ## Why
    /// ICD-10 does not distinguish case, but many systems that receive the code do.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: e11.9
    ///     ^^^^^ hint[lowercase-code]: e11.9 is written in lower case: E11.9.
    /// ```
    ///
    /// ## Exceptions
    /// The placeholder may be written `x`.
    ///
    /// ## Source
    /// Experience; codes are published in capitals.
    "lowercase-code", Hint, EachCode, Text(check)
}

fn check(view: &TextView<'_>, report: &mut TextReport) {
    for mark in
        view.marks.iter().filter(|mark| mark.normalized.lowercase && mark.fact == Fact::Known)
    {
        let raw = &view.text[mark.mention.range.clone()];
        report.respell(mark, format!("{raw} is written in lower case: {}.", mark.written));
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::rules_fired;

    #[test]
    fn reports_lower_case_and_accepts_capitals() {
        assert_eq!(rules_fired("Dx: e11.9"), ["lowercase-code"]);
        assert!(rules_fired("Dx: E11.9").is_empty());
    }
}
