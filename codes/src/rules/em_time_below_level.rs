//! Visits whose documented time is shorter than their level asks for.

use crate::{
    rule::declare_rule,
    text_check::{TextReport, TextView},
    visit_levels::{VisitFamily, VisitLevel},
    words::words,
};

declare_rule! {
    /// The documented time is shorter than the level of the visit asks for.
    ///
    /// ## Why
    /// A level that rests on time needs the time. Where it rests on nothing else the visit is paid back at an audit.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Total time on the date of the encounter: 25 min.
    /// CPT: 99215
    ///      ^^^^^ warning[em-time-below-level]: 99215 by time needs 40 minutes on the date of the encounter, by the time table that medcode ships; the note says 25, which supports 99213. Medical decision making may still support 99215.
    /// ```
    ///
    /// ## Exceptions
    /// Notes that rest the level on medical decision making; times of staff, procedures and other services; several
    /// times, or "more than" and "less than". Emergency visits, which time does not decide. Never an error.
    ///
    /// ## Source
    /// CPT evaluation and management guidelines of the year of service (verify); the time table that medcode ships.
    "em-time-below-level", Warning, Reported, Text(check), unverified("the time table that medcode ships")
}

fn check(view: &TextView<'_>, report: &mut TextReport) {
    for (encounter, scope) in view.note.encounters.iter().enumerate() {
        let Some(visit) = view.timed_visit(encounter) else { continue };
        let Some(least) = visit.level.minimum else { continue };
        let Some(minutes) = view.visit_minutes(&visit).filter(|it| *it < u32::from(least)) else {
            continue;
        };
        if rests_on_decisions(view.text.get(scope.range.clone()).unwrap_or_default()) {
            continue;
        }
        let code = &visit.mark.written;
        let supported = supported(visit.level, minutes, visit.date);
        let supports = match supported {
            Some(level) => format!("which supports {}", level.code),
            None => "which supports none of its kind".to_owned(),
        };
        let message = format!(
            "{code} by time needs {least} minutes on the date of the encounter, by the time table that medcode ships; the note says {minutes}, {supports}. Medical decision making may still support {code}."
        );
        let finding = report.fail_on(visit.mark, message);
        if let Some(level) = supported {
            finding.replace(visit.mark, level.code, "");
        }
    }
}

/// The level that a time supports. A discharge always has one: the lower asks for no time.
pub(super) fn supported(
    level: &'static VisitLevel,
    minutes: u32,
    date: crate::date::Date,
) -> Option<&'static VisitLevel> {
    let is_discharge =
        matches!(level.family, VisitFamily::HospitalDischarge | VisitFamily::NursingDischarge);
    let lower = || level.next_down(date).filter(|lower| is_discharge && lower.minimum.is_none());
    level.by_minutes(minutes, date).or_else(lower)
}

/// Whether a note says that medical decision making, or the level of it, counts.
fn rests_on_decisions(text: &str) -> bool {
    let all = words(text, 0..text.len());
    let at = |index: usize| all.get(index).map_or("", |word| &*word.lower);
    (0..all.len()).any(|it| {
        at(it) == "mdm" || at(it) == "decision" && matches!(at(it + 1), "making" | "complexity")
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::text_reports;

    fn reports(text: &str) -> Vec<String> {
        text_reports("em-time-below-level", text)
    }

    #[test]
    fn reports_times_below_the_level() {
        for (text, code) in [
            ("Time: 25 min\nCPT: 99215", "99215"),
            ("Total time spent 45 minutes.\nCPT: 99205", "99205"),
            ("CPT: 99215 (25 min)", "99215"),
            ("I spent 20 minutes with the patient today.\nCPT 99214", "99214"),
            ("Time in room 10:05-10:25\nCPT: 99214-25", "99214"),
            ("Start 10:05, stop 10:20\nCPT: 99214", "99214"),
            ("Start time: 1:50 pm. End time: 2:05 pm.\nCPT: 99215", "99215"),
            ("A total of 25 minutes was spent on discharge.\nCPT: 99239", "99239"),
            ("Total time 20 min, excluding separately reported procedures.\nCPT: 99214", "99214"),
            ("Total time 5 min\nCPT: 99213", "99213"),
            ("Total time 22 min.\nCPT: 99214, 97110", "99214"),
        ] {
            assert_eq!(reports(text), [format!("warning {code}")], "{text}");
        }
    }

    #[test]
    fn silent_where_time_suffices_or_may_be_another() {
        for text in [
            "Total time 32 min\nCPT: 99214",
            "MDM high\nCPT: 99215",
            "MDM high. Total time 25 min.\nCPT: 99215",
            "Level by medical decision making; time 20 min.\nCPT: 99214",
            "Pain for 20 minutes at a time.\nCPT: 99214",
            "Walks 20 min daily.\nCPT: 99214",
            "Spent 5 minutes counseling on tobacco cessation.\nCPT: 99214",
            "Procedure time 15 min.\nCPT: 99214-25, 20610",
            "Time spent by nursing staff: 10 minutes\nCPT: 99214",
            "More than 20 minutes spent.\nCPT: 99214",
            "Less than 30 minutes spent.\nCPT: 99215",
            "Time: 20 min\nCPT: 99284",
            "Time: 20 min psychotherapy\nCPT: 99214, 90833",
            "Critical care time 20 min\nCPT: 99291",
            "Time spent 15 minutes.\nCPT: 99214, 97110",
            "Total time 25 min\nCPT: 99214, 99396",
            "Counseled for 10 minutes on diet.\nCPT: 99214",
            "Time: 25 min of exercise\nCPT: 99214",
            "Screen time 20 min daily.\nCPT: 99214",
            "Total sleep time 20 min.\nCPT: 99214",
            "Total time at last visit 20 min.\nCPT: 99214",
            "Appointment time: 10:00 - 10:20\nCPT: 99214",
            "Return in 20 minutes if not better.\nCPT: 99214",
            "DOS: 2020-05-01\nTotal time 10 min\nCPT: 99214",
            "## Visit 2026-03-01\nDOS: 2026-03-01\nTotal time 10 min\nCPT: 99212\n## Visit 2026-03-02\nDOS: 2026-03-02\nCPT: 99214",
        ] {
            assert!(reports(text).is_empty(), "{text}");
        }
    }
}
