//! Dates after the last day that the installed data covers.

use crate::{
    encounter::JudgedEncounter,
    rule::{Report, declare_rule},
};

declare_rule! {
    /// The date lies after the last day that the installed code set covers.
    ///
    /// ## Why
    /// Codes change every October and April. What is valid in the installed data may have ended by then.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2027-06-01
    /// Dx: I10
    ///     ^^^ warning[date-beyond-code-set]: 2027-06-01 lies after 2027-03-31, the last day the installed ICD-10-CM data covers. Install a newer release.
    /// ```
    ///
    /// ## Exceptions
    /// Reported once for each system.
    ///
    /// ## Source
    /// The period stated in the installed release.
    "date-beyond-code-set", Warning, Reported, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let mut reported = Vec::new();
    for coded in &encounter.items {
        let judgement = &coded.judgement;
        let Some(horizon) =
            judgement.beyond_horizon.filter(|_| !reported.contains(&judgement.system))
        else {
            report.pass();
            continue;
        };
        reported.push(judgement.system);
        let message = format!(
            "{} lies after {horizon}, the last day the installed {} data covers. Install a newer release.",
            judgement.date, judgement.system
        );
        report.fail(coded.item, judgement, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::rules_fired;

    #[test]
    fn reports_the_day_after_the_last_one_covered() {
        assert_eq!(rules_fired("DOS: 2027-04-01\nDx: I10, E11.9"), ["date-beyond-code-set"]);
        assert!(rules_fired("DOS: 2027-03-31\nDx: I10").is_empty());
    }
}
