//! Complications and comorbidities that the principal diagnosis takes away.

use crate::{
    encounter::JudgedEncounter,
    rule::{Need, Report, declare_rule},
};

declare_rule! {
    /// The principal diagnosis excludes a secondary diagnosis as a CC or MCC.
    ///
    /// ## Why
    /// A complication or comorbidity (CC, MCC) that belongs to the principal diagnosis does not raise the MS-DRG. Those who
    /// review the capture of severity want to see it.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Setting: inpatient
    /// Dx: J18.9, J96.01
    /// ```
    ///
    /// ## Exceptions
    /// Off by default. The tables of exclusions cannot be imported yet: the rule answers that it has no data.
    ///
    /// ## Source
    /// MS-DRG Definitions Manual, appendix C.
    "cc-excluded-by-principal", Information, Reported, Coding(check), off, needs(Drg)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    if encounter.good_diagnoses().len() > 1 {
        report.not_loaded(Need::Drg);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, outcome_of};

    #[test]
    fn without_the_tables_nothing_passes() {
        let outcome = |codes| outcome_of("cc-excluded-by-principal", &encounter_of(codes));
        assert_eq!(outcome("I10, E11.9").as_deref(), Some("no_data"));
        assert_eq!(outcome("I10"), None);
    }
}
