//! Characters outside of ASCII that look like those of a code.

use crate::{
    fact::Fact,
    rule::declare_rule,
    text_check::{TextReport, TextView},
};

declare_rule! {
    /// The code contains a non-ASCII character that looks like an ASCII one.
    ///
    /// ## Why
    /// Searches, imports and claims fail although the code looks right to everybody.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: Е11.9
    ///     ^^^^^ warning[lookalike-characters]: The code contains a character that only looks like a letter, digit or sign of E11.9.
    /// ```
    ///
    /// ## Exceptions
    /// Invisible characters are passed over.
    ///
    /// ## Source
    /// Unicode confusables; codes are published in ASCII.
    "lookalike-characters", Warning, EachCode, Text(check)
}

fn check(view: &TextView<'_>, report: &mut TextReport) {
    for mark in
        view.marks.iter().filter(|mark| mark.normalized.lookalike && mark.fact == Fact::Known)
    {
        let message = format!(
            "The code contains a character that only looks like a letter, digit or sign of {}.",
            mark.written
        );
        report.respell(mark, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::rules_fired;

    #[test]
    fn reports_cyrillic_letters_and_foreign_points() {
        assert_eq!(rules_fired("Dx: \u{0415}11.9"), ["lookalike-characters"]);
        assert_eq!(rules_fired("Dx: E11\u{2024}9"), ["lookalike-characters"]);
        assert!(rules_fired("Dx: E11.9").is_empty());
    }
}
