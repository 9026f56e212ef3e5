//! Two services of which one contains the other.

use crate::{
    check::Reason,
    claim_line::ClaimLine,
    cue::Cue,
    edits::{
        modifiers,
        ptp::{ModifierIndicator, PtpEdit},
    },
    encounter::JudgedEncounter,
    rule::{Need, Report, declare_rule},
    supplements::NoData,
};

declare_rule! {
    /// Two procedures form an NCCI pair, of which only the first is paid.
    ///
    /// ## Why
    /// The code of column 2 is part of that of column 1, or the two cannot both be right. Indicator 0 means that nothing
    /// lifts the edit, indicator 1 that a modifier may, where the services were separate.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Setting: professional
    /// CPT: 11042, 97597
    ///             ^^^^^ warning[unbundled-procedures]: 97597 is bundled into 11042 (NCCI pair of the practitioner tables, column 2, modifier indicator 0): report 11042 only.
    /// ```
    ///
    /// ## Exceptions
    /// Lines of another provider or day, edits that have been deleted, and with indicator 1 the modifiers of NCCI on the
    /// code of column 2: one that names a site counts only where column 1 names another. 59, XE, XP, XS and XU count on
    /// either code since 2019-07-01.
    ///
    /// ## Source
    /// Medicare NCCI Policy Manual, chapter I, and the procedure-to-procedure edits of the quarter (verify).
    "unbundled-procedures", Warning, Reported, Coding(check), needs(Ptp),
    unverified("the reading of NCCI pairs that medcode ships"), about(Cue::CLAIM_LINES)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let lines = encounter.claim_lines();
    for (index, second) in lines.iter().enumerate() {
        let others = lines[..index].iter();
        for first in others.filter(|first| first.is_with(second) && first.key != second.key) {
            match edit(encounter, first, second) {
                Err(NoData) => report.not_loaded(Need::Ptp),
                Ok(None) => report.pass(),
                Ok(Some((column1, column2, edit))) => {
                    judge(encounter, report, (column1, column2), edit);
                }
            }
        }
    }
}

/// The edit between two lines in either order, with the lines of its columns.
fn edit<'l, 'a>(
    encounter: &JudgedEncounter<'_>,
    first: &'l ClaimLine<'a>,
    second: &'l ClaimLine<'a>,
) -> Result<Option<(&'l ClaimLine<'a>, &'l ClaimLine<'a>, PtpEdit)>, NoData> {
    let tables = encounter.terminology.supplements();
    let setting = encounter.edit_tables().setting;
    for (column1, column2) in [(first, second), (second, first)] {
        let found = tables.ptp_edit(setting, column1.key, column2.key, column2.date)?;
        if let Some(edit) = found {
            return Ok(Some((column1, column2, edit)));
        }
    }
    Ok(None)
}

fn judge(
    encounter: &JudgedEncounter<'_>,
    report: &mut Report<'_>,
    (column1, column2): (&ClaimLine<'_>, &ClaimLine<'_>),
    edit: PtpEdit,
) {
    let (indicator, unless) = match edit.modifier {
        ModifierIndicator::NotApplicable => return report.pass(),
        ModifierIndicator::NotAllowed => ('0', ""),
        ModifierIndicator::Allowed => {
            if modifiers::lift(column1.line, column2.line, column2.date) {
                return report.bypassed(Reason::Modifier);
            }
            ('1', ", unless a distinct service is documented")
        }
    };
    let tables = encounter.edit_tables();
    let (kept, code) = (column1.key, column2.key.to_string());
    let message = format!(
        "{code} is bundled into {kept} (NCCI pair of the {} tables, column 2, modifier indicator {indicator}): report {kept} only{unless}.{}",
        tables.words(),
        tables.assumption(),
    );
    let issue = report.fail_on_line(encounter, column2, message);
    issue.and_line(column1).remove(column2.item, &code);
    if edit.modifier == ModifierIndicator::Allowed {
        let modifier = if column2.is_visit() { "25" } else { "59" };
        issue.add_modifier(modifier, "if a distinct service is documented");
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        encounter::{Encounter, Setting},
        engine::{RuleOptions, check_encounter},
        testing::{
            TODAY,
            claims::{line_reports, lines_of, with_claim_tables, with_tables},
            issues_of, outcome_of, reports_over,
        },
    };

    const RULE: &str = "unbundled-procedures";

    fn outcome(encounter: &Encounter) -> Option<String> {
        let options = RuleOptions { enable: vec![RULE.to_owned()], ..RuleOptions::default() };
        let report = check_encounter(encounter, with_claim_tables(), TODAY, &options);
        report.checks.first().map(|check| check.outcome.id().to_owned())
    }

    #[test]
    fn reports_a_pair_in_either_order() {
        assert_eq!(line_reports(RULE, "11042, 97597"), ["warning 97597 11042"]);
        assert_eq!(
            line_reports(RULE, "97597-59, 99213, 11042"),
            ["warning 97597 11042", "warning 99213 11042"]
        );
        assert_eq!(line_reports(RULE, "29881-RT, 20610-RT"), ["warning 20610 29881"]);
        assert_eq!(line_reports(RULE, "11042, 97602, 97602-59"), ["warning 97602 11042"]);
    }

    #[test]
    fn a_modifier_lifts_an_edit_that_allows_it() {
        for written in
            ["11042, 97602-59", "11042-XS, 97602", "29881-RT, 20610-LT", "11042, 99213-25"]
        {
            assert_eq!(outcome(&lines_of(written)).as_deref(), Some("bypassed"), "{written}");
        }
        assert_eq!(outcome(&lines_of("11042, 36415")).as_deref(), Some("pass"));
        assert_eq!(outcome(&lines_of("11042")), None);
    }

    #[test]
    fn edits_have_dates() {
        assert!(line_reports(RULE, "36415, 36416").is_empty());
        assert_eq!(line_reports(RULE, "93000, 93005 @2025-12-31"), ["warning 93005 93000"]);
        assert!(line_reports(RULE, "93000, 93005 @2026-01-01").is_empty());
        assert!(line_reports(RULE, "97140, 97530 @2025-12-31").is_empty());
        assert_eq!(line_reports(RULE, "97140, 97530"), ["warning 97530 97140"]);
        assert_eq!(line_reports(RULE, "11042-59, 97602 @2019-06-30"), ["warning 97602 11042"]);
    }

    #[test]
    fn other_providers_and_days_count_apart() {
        let mut encounter = lines_of("11042, 97597");
        encounter.lines[1].provider = Some("B".to_owned());
        assert!(reports_over(with_claim_tables(), RULE, &encounter).is_empty());
        let mut encounter = lines_of("11042, 97597");
        encounter.lines[1].service_date = Some(jiff::civil::date(2026, 4, 2));
        assert!(reports_over(with_claim_tables(), RULE, &encounter).is_empty());
    }

    #[test]
    fn each_setting_has_its_edits() {
        let mut encounter = lines_of("11042, 97597, 97602-59");
        encounter.setting = Setting::Outpatient;
        let found = reports_over(with_claim_tables(), RULE, &encounter);
        assert_eq!(found, ["warning 97602 11042"]);
        encounter.setting = Setting::Dme;
        assert_eq!(outcome(&encounter).as_deref(), Some("no_data"));
    }

    #[test]
    fn without_tables_for_the_day_nothing_passes() {
        let lines = lines_of("11042, 97597");
        assert_eq!(outcome_of(RULE, &lines).as_deref(), Some("no_data"));
        assert_eq!(outcome(&lines_of("11042, 97597 @2026-07-01")).as_deref(), Some("no_data"));
        let none = with_tables(|tables| tables.ptp.clear());
        assert!(reports_over(&none, RULE, &lines).is_empty());
        let hints = issues_of("DOS: 2026-04-01\nCPT: 11042, 97597");
        assert!(hints.iter().any(|hint| hint.contains("procedure-to-procedure")), "{hints:?}");
    }
}
