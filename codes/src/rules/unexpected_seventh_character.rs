//! Characters behind a complete code.

use crate::{
    encounter::JudgedEncounter,
    rule::{Report, declare_rule},
    verdict::Verdict,
};

declare_rule! {
    /// The code is complete and takes no further character.
    ///
    /// ## Why
    /// A character too many makes the code invalid.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: E11.9A
    ///     ^^^^^^ error[unexpected-seventh-character]: E11.9 is complete and takes no further character; E11.9A is no code.
    /// ```
    ///
    /// ## Exceptions
    /// None. The fix is not applied in bulk: a character before it may be the wrong one.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.A.5; the tabular list.
    "unexpected-seventh-character", Error, EachCode, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    for coded in &encounter.items {
        let judgement = &coded.judgement;
        let Verdict::UnexpectedCharacters { known } = judgement.verdict else {
            report.pass();
            continue;
        };
        let message = format!(
            "{known} is complete and takes no further character; {} is no code.",
            judgement.written()
        );
        let concept = encounter.terminology.concept(known, judgement.date);
        let title = concept.and_then(|concept| concept.title());
        let issue = report.fail(coded.item, judgement, message);
        issue.replace(known, title.as_ref().map(|(title, _)| title.as_ref()), false);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::rules_fired;

    #[test]
    fn reports_a_character_too_many() {
        assert_eq!(rules_fired("Dx: E11.9A"), ["unexpected-seventh-character"]);
        assert_eq!(rules_fired("Dx: M25.561D"), ["unexpected-seventh-character"]);
    }

    #[test]
    fn accepts_codes_that_take_one() {
        assert!(rules_fired("Dx: M80.08XA").is_empty());
    }
}
