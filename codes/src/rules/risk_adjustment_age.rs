//! Age and sex edits of risk adjustment.

use crate::{
    encounter::JudgedEncounter,
    rule::{Need, Report, declare_rule},
};

declare_rule! {
    /// An age or sex edit of the CMS-HCC risk adjustment applies.
    ///
    /// ## Why
    /// The risk adjustment models leave a diagnosis out, or move it to another category, when age or sex does not fit.
    ///
    /// ## Example
    /// ```text
    /// Off by default. Without the CMS-HCC tables the rule answers that it has no data.
    /// ```
    ///
    /// ## Exceptions
    /// For work on risk adjustment only; it has nothing to do with the code editor. No importer for the tables exists yet.
    ///
    /// ## Source
    /// The edit tables of the CMS-HCC software.
    "risk-adjustment-age", Warning, Reported, Coding(check), off, needs(Hcc)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    if !encounter.good_diagnoses().is_empty() {
        report.not_loaded(Need::Hcc);
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        encounter::Encounter,
        testing::{checks_for_codes, encounter_of, outcome_of, reports},
    };

    #[test]
    fn has_no_data_and_says_so_when_it_is_asked() {
        let rule = "risk-adjustment-age";
        assert_eq!(outcome_of(rule, &encounter_of("E11.9")).as_deref(), Some("no_data"));
        assert!(reports(rule, "E11.9").is_empty());
        assert_eq!(outcome_of(rule, &Encounter::default()), None);
        let by_default = checks_for_codes(&["E11.9"], "2026-04-01");
        assert!(by_default.iter().all(|(id, _)| id != rule));
    }
}
