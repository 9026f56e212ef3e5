//! A category where one code is required.

use crate::{
    encounter::JudgedEncounter,
    rule::{Report, declare_rule},
    rules::non_billable_code::offer_billable,
    verdict::Verdict,
};

declare_rule! {
    /// A category reference or range (`E11.-`) stands where one code is required.
    ///
    /// ## Why
    /// A payer cannot process a group of codes.
    ///
    /// ## Example
    /// ```note
    /// | DOS | ICD-10 |
    /// | --- | --- |
    /// | 2026-04-01 | E11.- |
    ///                ^^^^^ error[category-on-claim]: E11.- refers to a whole category; a claim needs one code.
    /// ```
    ///
    /// ## Exceptions
    /// In prose and behind labels a reference to a category is right.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.A.3 and I.B.2.
    "category-on-claim", Error, EachCode, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    for coded in &encounter.items {
        let judgement = &coded.judgement;
        if judgement.verdict != Verdict::CategoryReference {
            report.pass();
            continue;
        }
        let text = encounter.text_of(coded.item).trim();
        let message = format!("{text} refers to a whole category; a claim needs one code.");
        offer_billable(report.fail(coded.item, judgement, message), judgement);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::rules_fired;

    #[test]
    fn stays_silent_in_prose() {
        assert!(rules_fired("The codes E08-E13 and E11.- are about diabetes.").is_empty());
    }
}
