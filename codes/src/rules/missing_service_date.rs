//! Encounters without a date.

use crate::{
    encounter::{DateBasis, JudgedEncounter},
    rule::{Report, declare_rule},
};

declare_rule! {
    /// No date of service was found, so today's date was used.
    ///
    /// ## Why
    /// Whether a code is valid depends on the date of service; without it old notes are judged by today's codes.
    ///
    /// ## Example
    /// ```note
    /// Dx: I10
    ///     ^^^ hint[missing-service-date]: No date of service was found; the codes were checked as of 2026-04-01.
    /// ```
    ///
    /// ## Exceptions
    /// None.
    ///
    /// ## Source
    /// HIPAA code set rules: the codes in force on the date of service.
    "missing-service-date", Hint, Reported, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let Some(first) = encounter.items.first() else { return };
    if encounter.basis != DateBasis::Today {
        return report.pass();
    }
    let message =
        format!("No date of service was found; the codes were checked as of {}.", encounter.date);
    report.fail(first.item, &first.judgement, message);
}

#[cfg(test)]
mod tests {
    use crate::testing::issues_of;

    #[test]
    fn reports_once_and_only_without_a_date() {
        let missing = |text: &str| {
            issues_of(text).iter().filter(|issue| issue.contains("missing-service-date")).count()
        };
        assert_eq!(missing("Dx: I10, E11.9"), 1);
        assert_eq!(missing("DOS: 2026-04-01\nDx: I10, E11.9"), 0);
        assert_eq!(missing("No codes at all."), 0);
    }
}
