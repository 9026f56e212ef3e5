//! Codes that only add to another.

use crate::{
    claim_line::ClaimLine,
    cue::Cue,
    edits::add_on::{AddOnEdit, AddOnType},
    encounter::JudgedEncounter,
    issue::Severity,
    rule::{Need, Report, declare_rule},
    supplements::NoData,
    system::CodeSystem,
};

declare_rule! {
    /// An add-on code is reported without a primary procedure.
    ///
    /// ## Why
    /// An add-on code describes work beyond another service and is never paid alone.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// CPT: 99292, 36415
    ///      ^^^^^ warning[addon-without-primary]: 99292 is an add-on code and needs one of its primary codes on the same day: 99291.
    /// ```
    ///
    /// ## Exceptions
    /// Where CMS lists only some primary codes (type 3) a missing one is worth knowing only; where the contractor decides
    /// (type 2) any other service of the day is accepted. A primary code of another provider of the day counts.
    ///
    /// ## Source
    /// NCCI add-on code edits, types 1 to 3 (verify); physician fee schedule, global days ZZZ.
    "addon-without-primary", Warning, Reported, Coding(check), needs(AddOn, FeeSchedule),
    unverified("the reading of add-on edits that medcode ships"), about(Cue::CLAIM_LINES)
}

/// A message names at most so many primary codes.
const MOST_NAMED: usize = 6;

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let tables = encounter.terminology.supplements();
    let lines = encounter.claim_lines();
    for line in &lines {
        match tables.add_on_edits(line.key, line.date) {
            Ok(edits) if edits.is_empty() => report.pass(),
            Ok(edits) => by_edits(encounter, report, (line, &lines), &edits),
            Err(NoData) => by_global_days(encounter, report, (line, &lines)),
        }
    }
}

fn by_edits(
    encounter: &JudgedEncounter<'_>,
    report: &mut Report<'_>,
    (line, lines): (&ClaimLine<'_>, &[ClaimLine<'_>]),
    edits: &[&AddOnEdit],
) {
    let tables = encounter.terminology.supplements();
    let primaries: Vec<_> = edits.iter().filter_map(|edit| edit.primary).collect();
    let others = || lines.iter().filter(|other| other.date == line.date);
    let is_closed =
        edits.iter().all(|edit| edit.kind == AddOnType::Closed && edit.primary.is_some());
    let is_open = primaries.is_empty();
    let is_primary = |other: &ClaimLine<'_>| {
        let is_add_on = tables.add_on_edits(other.key, other.date).is_ok_and(|own| !own.is_empty());
        primaries.contains(&other.key) || (is_open && !is_add_on)
    };
    if others().any(is_primary) || encounter.has_wrong_lines() {
        return report.pass();
    }
    let code = line.key;
    let mut named: Vec<_> = primaries.iter().map(ToString::to_string).collect();
    named.sort_unstable();
    named.dedup();
    let more = if named.len() > MOST_NAMED { " …" } else { "" };
    named.truncate(MOST_NAMED);
    let named = named.join(", ");
    let message = if is_closed {
        format!(
            "{code} is an add-on code and needs one of its primary codes on the same day: {named}{more}."
        )
    } else if is_open {
        format!(
            "{code} is an add-on code and needs a primary service; the contractor decides which."
        )
    } else {
        format!(
            "{code} is an add-on code without one of the primary codes that CMS lists ({named}{more}); the contractor may accept others."
        )
    };
    let issue = report.fail_on_line(encounter, line, message);
    if !is_closed {
        issue.severity(Severity::Information);
    }
}

/// Without the table of add-on codes the fee schedule still knows which they are.
fn by_global_days(
    encounter: &JudgedEncounter<'_>,
    report: &mut Report<'_>,
    (line, lines): (&ClaimLine<'_>, &[ClaimLine<'_>]),
) {
    let tables = encounter.terminology.supplements();
    let is_add_on = |line: &ClaimLine<'_>| {
        let rows = tables.fee_schedule_rows(line.key, line.date)?;
        Ok(rows.iter().any(|row| row.global_days == "ZZZ"))
    };
    match is_add_on(line) {
        Err(NoData) if may_be_add_on(line) => report.not_loaded(Need::AddOn),
        Err(NoData) => {}
        Ok(false) => report.pass(),
        Ok(true) => {
            let has_primary =
                lines.iter().any(|other| other.date == line.date && is_add_on(other) == Ok(false));
            if has_primary || encounter.has_wrong_lines() {
                return report.pass();
            }
            let message = format!(
                "{} is an add-on code (global days ZZZ) and needs a primary service on the same day.",
                line.key
            );
            report.fail_on_line(encounter, line, message);
        }
    }
}

/// Visits, drugs and supplies are known to be none without a table.
fn may_be_add_on(line: &ClaimLine<'_>) -> bool {
    let is_service =
        line.system == CodeSystem::Cpt || line.is_within(&[("C0000", "C9999"), ("G0000", "G9999")]);
    is_service && !line.is_visit()
}

#[cfg(test)]
mod tests {
    use crate::testing::{
        claims::{line_reports, lines_of, with_tables},
        outcome_of, reports_over,
    };

    const RULE: &str = "addon-without-primary";

    fn found(written: &str) -> Vec<String> {
        line_reports(RULE, written)
    }

    #[test]
    fn reports_an_add_on_code_alone() {
        assert_eq!(found("99292"), ["warning 99292"]);
        assert_eq!(found("90785, 99213"), ["warning 90785"]);
        assert_eq!(found("99292, 90785"), ["warning 99292", "warning 90785"]);
    }

    #[test]
    fn accepts_it_beside_its_primary_code() {
        for written in ["99291, 99292", "90785, 90834", "99213", "11042, 11045", "96368, 99213"] {
            assert!(found(written).is_empty(), "{written}");
        }
        let mut encounter = lines_of("99291, 99292");
        encounter.lines[0].service_date = Some(jiff::civil::date(2026, 3, 31));
        let tables = with_tables(|_| ());
        assert_eq!(reports_over(&tables, RULE, &encounter), ["warning 99292"]);
    }

    #[test]
    fn what_the_contractor_decides_is_worth_knowing_only() {
        assert_eq!(found("11045, 99213"), ["info 11045"]);
        assert_eq!(found("96368, 11045, 11042"), [] as [&str; 0]);
        assert_eq!(found("96368"), ["info 96368"]);
    }

    #[test]
    fn a_wrong_code_may_have_been_the_primary_one() {
        assert!(found("99292, 9929").is_empty());
    }

    #[test]
    fn the_fee_schedule_alone_knows_that_a_primary_is_needed() {
        let tables = with_tables(|tables| tables.add_on.clear());
        let found = |written| reports_over(&tables, RULE, &lines_of(written));
        assert_eq!(found("22614"), ["warning 22614"]);
        assert!(found("22614, 27447").is_empty() && found("99213").is_empty());
        assert_eq!(outcome_of(RULE, &lines_of("99292")).as_deref(), Some("no_data"));
        assert_eq!(outcome_of(RULE, &lines_of("99213, J1885")), None);
    }
}
