//! Encounters without a date.

use crate::{
    date::{ICD10_START, fiscal_year},
    encounter::{DateBasis, JudgedEncounter},
    rule::{Report, declare_rule},
    verdict::{Judgement, Verdict},
};

/// Codes that began less than this many fiscal years before the date are young.
const YOUNG: i16 = 2;

declare_rule! {
    /// No date of service was found, so today's date was used.
    ///
    /// ## Why
    /// Whether a code is valid depends on the date of service; without it old notes are judged by today's codes.
    ///
    /// ## Example
    /// ```note
    /// Dx: G35.A
    ///     ^^^^^ hint[missing-service-date]: No date of service was found; the codes were checked as of 2026-04-01.
    /// ```
    ///
    /// ## Exceptions
    /// Silent while no code of the encounter depends on the date: none has ended or begun within two years.
    ///
    /// ## Source
    /// HIPAA code set rules: the codes in force on the date of service.
    "missing-service-date", Hint, Reported, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    if encounter.items.is_empty() {
        return;
    }
    let is_undated = encounter.basis == DateBasis::Today;
    let mut items = encounter.items.iter().filter(|_| is_undated);
    match items.find(|coded| depends_on_the_date(&coded.judgement)) {
        Some(coded) => {
            let message = format!(
                "No date of service was found; the codes were checked as of {}.",
                encounter.date
            );
            report.fail(coded.item, &coded.judgement, message);
        }
        None => report.pass(),
    }
}

/// Whether another date would easily give another answer: the code has ended, has not begun, or is young.
fn depends_on_the_date(judgement: &Judgement<'_>) -> bool {
    match judgement.verdict {
        Verdict::Expired { .. } | Verdict::NotYetEffective { .. } => true,
        Verdict::Billable => {
            let period = judgement.concept.and_then(|concept| concept.lifetime()?.period());
            // ICD-10 itself began on one day for all codes; that is no change.
            period.is_some_and(|period| {
                period.start > ICD10_START
                    && fiscal_year(judgement.date) - fiscal_year(period.start) < YOUNG
            })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::issues_of;

    #[test]
    fn reports_once_and_only_without_a_date() {
        let missing = |text: &str| {
            issues_of(text).iter().filter(|issue| issue.contains("missing-service-date")).count()
        };
        assert_eq!(missing("Dx: I10, G35.A, E66.811"), 1);
        assert_eq!(missing("Dx: I10, E11.9"), 0);
        assert_eq!(missing("DOS: 2026-04-01\nDx: I10, G35.A"), 0);
        assert_eq!(missing("No codes at all."), 0);
    }
}
