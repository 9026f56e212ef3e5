//! A visit on the day of a procedure that includes it.

use crate::{
    claim_line::{ClaimLine, EditTables},
    cue::Cue,
    edits::{EditSetting, modifiers, ptp::ModifierIndicator},
    encounter::JudgedEncounter,
    rule::{Need, Report, declare_rule},
};

declare_rule! {
    /// A visit on the day of a procedure lacks modifier 25 or 57.
    ///
    /// ## Why
    /// The payment of a procedure includes the usual visit of its day. A visit beside it is paid only where a modifier
    /// says that it was more: 25 for a separate visit, 57 for the decision for major surgery.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// CPT: 99213, 20610
    ///      ^^^^^ warning[em-without-modifier-25]: 99213 lacks modifier 25 beside 20610 (global days 000). Add it where the visit was significant and is documented apart from the procedure.
    /// ```
    ///
    /// ## Exceptions
    /// Procedures of another provider or day, and procedures without global days that no NCCI edit pairs with the visit.
    /// Global days are those of physicians: on hospital claims only the pairs count.
    ///
    /// ## Source
    /// Medicare NCCI Policy Manual, chapter I, section D, and chapter XI (verify); physician fee schedule, global days.
    "em-without-modifier-25", Warning, Reported, Coding(check), needs(FeeSchedule, Ptp),
    unverified("the reading of global days that medcode ships"), about(Cue::CLAIM_LINES)
}

/// Why a visit needs a modifier.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ground<'a> {
    /// The procedure has global days.
    Days(&'a str),
    /// NCCI pairs the visit with the procedure.
    Pair,
}

impl Ground<'_> {
    fn modifier(self) -> &'static str {
        if self == Self::Days("090") { "57" } else { "25" }
    }

    fn words(self) -> String {
        match self {
            Self::Days(days) => format!("global days {days}"),
            Self::Pair => "NCCI pair".to_owned(),
        }
    }
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let lines = encounter.claim_lines();
    for visit in lines.iter().filter(|line| line.is_visit()) {
        let mut lacking: Vec<(&ClaimLine<'_>, Ground<'_>)> = Vec::new();
        for procedure in lines.iter().filter(|line| !line.is_visit() && line.is_with(visit)) {
            match ground(encounter, visit, procedure) {
                Err(need) => report.not_loaded(need),
                Ok(Some(ground)) if !has_what(ground, visit, procedure) => {
                    lacking.push((procedure, ground));
                }
                Ok(_) => report.pass(),
            }
        }
        for modifier in ["25", "57"] {
            let grounds: Vec<_> =
                lacking.iter().filter(|(_, ground)| ground.modifier() == modifier).collect();
            if !grounds.is_empty() {
                tell(encounter, report, visit, modifier, &grounds);
            }
        }
    }
}

/// Why the visit needs a modifier beside a procedure; `Err` where neither table covers the day.
fn ground<'a>(
    encounter: &JudgedEncounter<'a>,
    visit: &ClaimLine<'_>,
    procedure: &ClaimLine<'_>,
) -> Result<Option<Ground<'a>>, Need> {
    let EditTables { setting, .. } = encounter.edit_tables();
    let tables = encounter.terminology.supplements();
    let has_days = setting == EditSetting::Practitioner;
    let days = tables.fee_schedule_rows(procedure.key, procedure.date);
    if let (true, Ok([row, ..])) = (has_days, days)
        && matches!(row.global_days.as_str(), "000" | "010" | "090")
    {
        return Ok(Some(Ground::Days(&row.global_days)));
    }
    match tables.ptp_edit(setting, procedure.key, visit.key, visit.date) {
        Ok(Some(edit)) if edit.modifier == ModifierIndicator::Allowed => Ok(Some(Ground::Pair)),
        Err(_) if !has_days => Err(Need::Ptp),
        Err(_) if days.is_err() => Err(Need::FeeSchedule),
        _ => Ok(None),
    }
}

fn has_what(ground: Ground<'_>, visit: &ClaimLine<'_>, procedure: &ClaimLine<'_>) -> bool {
    match ground {
        Ground::Days(_) => visit.line.has_modifier(ground.modifier()),
        Ground::Pair => modifiers::lift(procedure.line, visit.line, visit.date),
    }
}

fn tell(
    encounter: &JudgedEncounter<'_>,
    report: &mut Report<'_>,
    visit: &ClaimLine<'_>,
    modifier: &str,
    grounds: &[&(&ClaimLine<'_>, Ground<'_>)],
) {
    let beside: Vec<_> = grounds
        .iter()
        .map(|(procedure, ground)| format!("{} ({})", procedure.key, ground.words()))
        .collect();
    let way_out = if modifier == "57" {
        "Add it where the decision for the surgery was made at this visit; other visits of the day are included in the surgery."
    } else {
        "Add it where the visit was significant and is documented apart from the procedure."
    };
    let message =
        format!("{} lacks modifier {modifier} beside {}. {way_out}", visit.key, beside.join(", "));
    let condition = if modifier == "57" {
        "if the visit led to the decision for the surgery"
    } else {
        "if the visit is documented separately"
    };
    let issue = report.fail_on_line(encounter, visit, message);
    issue.add_modifier(modifier, condition);
    for (procedure, _) in grounds {
        issue.and_line(procedure);
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        encounter::Setting,
        testing::{
            claims::{line_reports, lines_of, with_claim_tables, with_tables},
            outcome_of, reports_over,
        },
    };

    const RULE: &str = "em-without-modifier-25";

    fn found(written: &str) -> Vec<String> {
        line_reports(RULE, written)
    }

    #[test]
    fn reports_a_visit_without_its_modifier() {
        assert_eq!(found("99213, 20610"), ["warning 99213 20610"]);
        assert_eq!(found("20610-RT, 17000, 99213"), ["warning 99213 20610 17000"]);
        assert_eq!(found("99213, 27447"), ["warning 99213 27447"]);
        assert_eq!(found("99213-25, 27447"), ["warning 99213 27447"]);
    }

    #[test]
    fn accepts_a_visit_with_it_and_procedures_without_global_days() {
        for written in ["99213-25, 20610", "99213-57, 27447", "99213, 36415", "99213", "20610"] {
            assert!(found(written).is_empty(), "{written}");
        }
    }

    #[test]
    fn other_providers_count_apart() {
        let mut encounter = lines_of("99213, 20610");
        encounter.lines[0].provider = Some("B".to_owned());
        assert!(reports_over(with_claim_tables(), RULE, &encounter).is_empty());
    }

    #[test]
    fn one_of_the_tables_is_enough() {
        let pairs_only = with_tables(|tables| tables.fee_schedule.clear());
        assert_eq!(
            reports_over(&pairs_only, RULE, &lines_of("99213, 11042")),
            ["warning 99213 11042"]
        );
        assert!(reports_over(&pairs_only, RULE, &lines_of("99213-25, 11042")).is_empty());
        let days_only = with_tables(|tables| tables.ptp.clear());
        assert_eq!(
            reports_over(&days_only, RULE, &lines_of("99213, 20610")),
            ["warning 99213 20610"]
        );
        assert_eq!(outcome_of(RULE, &lines_of("99213, 20610")).as_deref(), Some("no_data"));
        assert_eq!(outcome_of(RULE, &lines_of("99213")), None);
    }

    #[test]
    fn hospitals_have_no_global_days() {
        let mut encounter = lines_of("99213, 20610");
        encounter.setting = Setting::Outpatient;
        assert!(reports_over(with_claim_tables(), RULE, &encounter).is_empty());
    }
}
