//! More units of a service than one patient is likely to get.

use crate::{
    claim_line::ClaimLine,
    cue::Cue,
    edits::mue::{Adjudication, MueEdit},
    encounter::{JudgedEncounter, Units},
    rule::{Need, Report, declare_rule},
    supplements::NoData,
};

declare_rule! {
    /// The units of a code exceed its medically unlikely edit.
    ///
    /// ## Why
    /// Units beyond the edit are denied: often the amount was typed wrong, or counted in another unit.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Setting: professional
    /// CPT: 36415, 36415, 36415
    ///      ^^^^^ warning[units-exceed-mue]: 36415: 3 units, the medically unlikely edit is 2 (date of service edit, clinical). Check the units; services that were necessary go with modifier 76, 77, 91 or 59, and are paid on appeal.
    /// ```
    ///
    /// ## Exceptions
    /// Codes without an edit in the quarter of the service. Edits of the claim line look at each line by itself.
    ///
    /// ## Source
    /// Medicare NCCI Policy Manual, chapter I, section V, and the medically unlikely edits of the quarter (verify).
    "units-exceed-mue", Warning, Reported, Coding(check), needs(Mue),
    unverified("the reading of medically unlikely edits that medcode ships"), about(Cue::CLAIM_LINES)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let lines = encounter.claim_lines();
    let setting = encounter.edit_tables().setting;
    let tables = encounter.terminology.supplements();
    let is_same =
        |line: &ClaimLine<'_>, other: &ClaimLine<'_>| line.key == other.key && line.is_with(other);
    for (index, line) in lines.iter().enumerate() {
        let edit = match tables.mue_edit(setting, line.key, line.date) {
            Ok(None) => {
                report.pass();
                continue;
            }
            Err(NoData) => {
                // One unit is nothing that a table would have to be imported for.
                let of_day = lines.iter().filter(|other| is_same(line, other));
                if of_day.fold(Units::default(), |sum, it| sum.plus(it.line.units())) > Units::ONE {
                    report.not_loaded(Need::Mue);
                }
                continue;
            }
            Ok(Some(edit)) => edit,
        };
        let counted: Vec<&ClaimLine<'_>> = if edit.adjudication == Adjudication::Line {
            vec![line]
        } else if lines[..index].iter().any(|earlier| is_same(earlier, line)) {
            // Counted with the first line of the day.
            continue;
        } else {
            lines[index..].iter().filter(|other| is_same(line, other)).collect()
        };
        judge(encounter, report, &counted, edit);
    }
}

fn judge(
    encounter: &JudgedEncounter<'_>,
    report: &mut Report<'_>,
    counted: &[&ClaimLine<'_>],
    edit: &MueEdit,
) {
    let Some((first, others)) = counted.split_first() else { return };
    let units = others.iter().fold(first.line.units(), |sum, line| sum.plus(line.line.units()));
    if units <= Units::whole(edit.units) {
        return report.pass();
    }
    let (kind, way_out) = match edit.adjudication {
        Adjudication::Line => (
            "claim line edit",
            "Check the units; services that were necessary go on lines of their own with modifier 76, 77, 91 or 59.",
        ),
        Adjudication::DayPolicy => {
            ("date of service edit, policy", "Check the units: more are never paid.")
        }
        Adjudication::DayClinical => (
            "date of service edit, clinical",
            "Check the units; services that were necessary go with modifier 76, 77, 91 or 59, and are paid on appeal.",
        ),
    };
    let plural = if units == Units::ONE { "" } else { "s" };
    let message = format!(
        "{}: {units} unit{plural}, the medically unlikely edit is {} ({kind}). {way_out}{}",
        first.key,
        edit.units,
        encounter.edit_tables().assumption(),
    );
    let issue = report.fail_on_line(encounter, first, message);
    for line in others {
        issue.and_line(line);
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        encounter::{Encounter, Setting, Units},
        testing::{
            claims::{line_reports, lines_of, with_claim_tables},
            outcome_of, reports_over,
        },
    };

    const RULE: &str = "units-exceed-mue";

    fn with_units(written: &str, units: &[&str]) -> Encounter {
        let mut encounter = lines_of(written);
        for (line, units) in encounter.lines.iter_mut().zip(units) {
            line.units = Units::parse(units);
        }
        encounter
    }

    fn found(written: &str, units: &[&str]) -> Vec<String> {
        reports_over(with_claim_tables(), RULE, &with_units(written, units))
    }

    #[test]
    fn edits_of_a_day_count_all_lines() {
        assert_eq!(found("36415", &["3"]), ["warning 36415"]);
        assert_eq!(found("36415, 99291, 36415-91", &["2", "1", "0.5"]), ["warning 36415 36415"]);
        assert_eq!(found("99291", &["2"]), ["warning 99291"]);
        assert!(found("36415, 36415", &["1", "1"]).is_empty());
        assert!(line_reports(RULE, "36415, 36415, 99291, 99213").is_empty());
    }

    #[test]
    fn edits_of_a_line_look_at_each_line() {
        assert!(found("97110, 97110-59", &["6", "6"]).is_empty());
        assert_eq!(found("97110, 97110-59", &["6", "7"]), ["warning 97110"]);
    }

    #[test]
    fn days_providers_and_settings_count_apart() {
        let mut encounter = with_units("36415, 36415", &["2", "2"]);
        encounter.lines[1].provider = Some("B".to_owned());
        assert!(reports_over(with_claim_tables(), RULE, &encounter).is_empty());
        encounter.lines[1].provider = None;
        encounter.setting = Setting::Outpatient;
        assert!(reports_over(with_claim_tables(), RULE, &encounter).is_empty());
        encounter.setting = Setting::Professional;
        assert_eq!(reports_over(with_claim_tables(), RULE, &encounter), ["warning 36415 36415"]);
    }

    #[test]
    fn without_the_table_of_the_quarter_nothing_passes() {
        assert_eq!(outcome_of(RULE, &lines_of("36415, 36415")).as_deref(), Some("no_data"));
        assert_eq!(outcome_of(RULE, &lines_of("36415")), None);
        assert!(line_reports(RULE, "36415, 36415, 36415 @2026-03-31").is_empty());
        assert_eq!(outcome_of(RULE, &lines_of("E11.9")), None);
    }
}
