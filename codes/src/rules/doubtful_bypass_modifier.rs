//! Modifiers that say "distinct" where nothing asks for it.

use crate::{
    claim_line::ClaimLine,
    cue::Cue,
    edits::{
        modifiers::{DISTINCT, bypasses},
        ptp::ModifierIndicator,
    },
    encounter::JudgedEncounter,
    rule::{Need, Report, declare_rule},
    supplements::NoData,
};

declare_rule! {
    /// A modifier that lifts NCCI edits has nothing to lift, or may not.
    ///
    /// ## Why
    /// 59, XE, XP, XS and XU are audited. They belong on a code of an NCCI pair that allows a modifier, and nowhere else.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// CPT: 99213-59
    ///      ^^^^^ info[doubtful-bypass-modifier]: 99213-59: modifier 59 does not belong on a visit; 25 says that a visit was separate.
    /// ```
    ///
    /// ## Exceptions
    /// A line that is alone on its day, or that repeats another: the modifier may rest on another claim, or tell the two
    /// apart.
    ///
    /// ## Source
    /// Medicare NCCI Policy Manual, chapter I, section E (verify), and the procedure-to-procedure edits of the quarter.
    "doubtful-bypass-modifier", Information, Reported, Coding(check), needs(Ptp),
    unverified("the reading of NCCI modifiers that medcode ships"), about(Cue::CLAIM_LINES)
}

/// What a modifier finds to lift among the other lines of the day.
enum Pairs<'l, 'a> {
    /// An edit that allows it, or no other line to compare with.
    Fitting,
    /// Only edits that no modifier lifts.
    Closed(&'l ClaimLine<'a>),
    /// No edit.
    None,
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let lines = encounter.claim_lines();
    for line in &lines {
        let Some(modifier) = bypasses(line.line).next() else { continue };
        let precise = DISTINCT.iter().find(|modifier| line.line.has_modifier(modifier));
        let has_59 = line.line.has_modifier("59");
        let written = line.written();
        let message = if has_59 && line.is_visit() {
            format!(
                "{written}: modifier 59 does not belong on a visit; 25 says that a visit was separate."
            )
        } else if let (true, Some(precise)) = (has_59, precise) {
            format!("{written}: {precise} says more precisely what 59 says; report one of them.")
        } else {
            match pairs(encounter, line, &lines) {
                Err(NoData) => {
                    report.not_loaded(Need::Ptp);
                    continue;
                }
                Ok(Pairs::Fitting) => {
                    report.pass();
                    continue;
                }
                Ok(Pairs::Closed(other)) => {
                    let message = format!(
                        "{written}: modifier {modifier} does not lift the NCCI pair with {} (modifier indicator 0).{}",
                        other.key,
                        encounter.edit_tables().assumption(),
                    );
                    report
                        .fail_on_line(encounter, line, message)
                        .and_line(other)
                        .take_off(modifier);
                    continue;
                }
                Ok(Pairs::None) => format!(
                    "{written}: no NCCI pair with another line of the day needs modifier {modifier}; take it off unless the payer asks for it.{}",
                    encounter.edit_tables().assumption(),
                ),
            }
        };
        report.fail_on_line(encounter, line, message).take_off(if has_59 {
            "59"
        } else {
            modifier
        });
    }
}

/// The edits between a line and all others of its day, whoever provided them: XP speaks of another provider.
fn pairs<'l, 'a>(
    encounter: &JudgedEncounter<'_>,
    line: &ClaimLine<'_>,
    lines: &'l [ClaimLine<'a>],
) -> Result<Pairs<'l, 'a>, NoData> {
    let tables = encounter.terminology.supplements();
    let setting = encounter.edit_tables().setting;
    let others = || lines.iter().filter(|other| other.item != line.item && other.date == line.date);
    // Without a partner the table is asked all the same: no data is no pass.
    tables.ptp_edit(setting, line.key, line.key, line.date)?;
    let is_alone = others().next().is_none();
    if is_alone || others().any(|other| other.key == line.key) || encounter.has_wrong_lines() {
        return Ok(Pairs::Fitting);
    }
    let mut closed = None;
    for other in others() {
        for (column1, column2) in [(line.key, other.key), (other.key, line.key)] {
            match tables.ptp_edit(setting, column1, column2, line.date)?.map(|edit| edit.modifier) {
                Some(ModifierIndicator::Allowed) => return Ok(Pairs::Fitting),
                Some(ModifierIndicator::NotAllowed) => closed = closed.or(Some(other)),
                Some(ModifierIndicator::NotApplicable) | None => {}
            }
        }
    }
    Ok(closed.map_or(Pairs::None, Pairs::Closed))
}

#[cfg(test)]
mod tests {
    use crate::testing::{
        claims::{line_reports, lines_of},
        outcome_of, reports_of,
    };

    const RULE: &str = "doubtful-bypass-modifier";

    fn found(written: &str) -> Vec<String> {
        line_reports(RULE, written)
    }

    #[test]
    fn reports_a_modifier_that_has_nothing_to_lift_or_may_not() {
        assert_eq!(found("36415-59, 97110"), ["info 36415"]);
        assert_eq!(found("11042, 97597-XS"), ["info 97597 11042"]);
    }

    #[test]
    fn reports_59_on_a_visit_and_beside_a_more_precise_one_without_any_table() {
        assert_eq!(found("99213-59"), ["info 99213"]);
        assert_eq!(reports_of(RULE, &lines_of("99213-59")), ["info 99213"]);
        assert_eq!(reports_of(RULE, &lines_of("97602-59-XS")), ["info 97602"]);
    }

    #[test]
    fn accepts_a_modifier_that_lifts_an_edit_or_tells_lines_apart() {
        for written in
            ["11042, 97602-59", "11042-XU, 97602", "97110, 97110-59", "97110-59", "99213-25, 11042"]
        {
            assert!(found(written).is_empty(), "{written}");
        }
    }

    #[test]
    fn without_the_table_nothing_passes() {
        let outcome = |written: &str| outcome_of(RULE, &lines_of(written));
        assert_eq!(outcome("11042, 97602-59").as_deref(), Some("no_data"));
        assert_eq!(outcome("11042, 97602"), None);
    }
}
