//! Visits whose documented time supports a higher level.

use super::em_time_below_level::supported;
use crate::{
    rule::declare_rule,
    text_check::{TextReport, TextView},
    visit_levels::of_family,
};

declare_rule! {
    /// The documented time supports a higher level than the one reported.
    ///
    /// ## Why
    /// A level may rest on time or on medical decision making, whichever is higher. What was worked is not paid.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Total time on the date of the encounter: 41 min.
    /// CPT: 99213
    ///      ^^^^^ info[em-time-above-level]: 99213 is reported; the note says 41 minutes, which by the time table that medcode ships supports 99215 (from 40 minutes). Only time on the date of the encounter, of the one who bills, counts.
    /// ```
    ///
    /// ## Exceptions
    /// Times of staff, procedures and other services; several times, or "more than" and "less than". Codes without a
    /// least time. Emergency visits, which time does not decide.
    ///
    /// ## Source
    /// CPT evaluation and management guidelines of the year of service (verify); the time table that medcode ships.
    "em-time-above-level", Information, Reported, Text(check), unverified("the time table that medcode ships")
}

fn check(view: &TextView<'_>, report: &mut TextReport) {
    for encounter in 0..view.note.encounters.len() {
        let Some(visit) = view.timed_visit(encounter) else { continue };
        let Some(minutes) = view.visit_minutes(&visit) else { continue };
        let Some(best) = supported(visit.level, minutes, visit.date) else { continue };
        let (Some(least), code) = (best.minimum, &visit.mark.written) else { continue };
        let rank = |code: &str| of_family(best.family, visit.date).position(|it| it.code == code);
        // The lowest level of established patients is no visit with the one who bills.
        let is_timed = visit.level.minimum.is_some() || visit.level.code != "99211";
        if !is_timed || rank(best.code) <= rank(code) {
            continue;
        }
        let message = format!(
            "{code} is reported; the note says {minutes} minutes, which by the time table that medcode ships supports {} (from {least} minutes). Only time on the date of the encounter, of the one who bills, counts.",
            best.code
        );
        report.fail_on(visit.mark, message).replace(visit.mark, best.code, "");
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::text_reports;

    fn reports(text: &str) -> Vec<String> {
        text_reports("em-time-above-level", text)
    }

    #[test]
    fn reports_times_above_the_level() {
        for (text, code) in [
            ("Total time 41 min\nCPT: 99213", "99213"),
            ("Time spent: 1 hour\nCPT: 99203", "99203"),
            ("Total time spent on discharge: 40 minutes\nCPT: 99238", "99238"),
            ("Total time 50 min, with 10 min on smoking\nCPT: 99232", "99232"),
        ] {
            assert_eq!(reports(text), [format!("info {code}")], "{text}");
        }
    }

    #[test]
    fn silent_within_the_level() {
        for text in [
            "Total time 32 min\nCPT: 99214",
            "Total time 90 min\nCPT: 99215",
            "Time: 15 min\nCPT: 99211",
            "Total time 25 min\nCPT: 99239",
            "CPT: 99213, recheck BP in 30 minutes",
            "Waited 60 minutes.\nCPT: 99213",
            "Total critical care time 40 min\nCPT: 99213",
            "Total time 60 min in the infusion chair\nCPT: 99213",
        ] {
            assert!(reports(text).is_empty(), "{text}");
        }
    }
}
