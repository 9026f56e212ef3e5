//! Services that are billed by the minute, without minutes.

use crate::{
    rule::declare_rule,
    system::CodeSystem,
    text_check::{TextReport, TextView},
    words::words,
};

declare_rule! {
    /// A service that is counted in minutes is billed, and the note names no time.
    ///
    /// ## Why
    /// The units of such a service follow from its minutes; without them they cannot be defended.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Exercises for the right knee with good effort, less pain at the end, home program taught and understood.
    /// CPT: 97110
    ///      ^^^^^ info[timed-service-without-time]: 97110 is counted in minutes by the list of timed services that medcode ships, but this note names no time. Add the minutes, or start and stop.
    /// ```
    ///
    /// ## Exceptions
    /// Claims and superbills, which have no room for minutes.
    ///
    /// ## Source
    /// Medicare Claims Processing Manual, chapter 5, 20.2; CPT guidelines for time.
    "timed-service-without-time", Information, Reported, Text(check), unverified("the list of timed services that medcode ships")
}

/// A note of fewer words is a list of codes.
const LEAST_WORDS: usize = 8;

/// Sorted.
const TIMED: &[&str] = &[
    "90832", "90833", "90834", "90836", "90837", "90838", "90839", "90840", "96360", "96361",
    "96365", "96366", "96367", "96413", "96415", "97032", "97033", "97034", "97035", "97036",
    "97110", "97112", "97113", "97116", "97124", "97129", "97130", "97140", "97530", "97533",
    "97535", "97537", "97542", "97750", "97755", "97760", "97761", "97763", "99291", "99292",
    "99406", "99407", "99417", "99497", "99498", "G2212",
];

fn check(view: &TextView<'_>, report: &mut TextReport) {
    for (encounter, scope) in view.note.encounters.iter().enumerate() {
        let timed: Vec<_> = view
            .marks_of(encounter)
            .filter(|mark| {
                mark.reported && matches!(mark.mention.system, CodeSystem::Cpt | CodeSystem::Hcpcs)
            })
            .filter(|mark| TIMED.binary_search(&&*mark.written).is_ok())
            .collect();
        let is_note = !scope.is_claim && view.has_prose(encounter, LEAST_WORDS);
        if timed.is_empty()
            || !is_note
            || names_time(view.text.get(scope.range.clone()).unwrap_or_default())
        {
            continue;
        }
        let mut seen: Vec<&str> = Vec::new();
        for mark in timed {
            if seen.contains(&&*mark.written) {
                continue;
            }
            seen.push(&mark.written);
            let message = format!(
                "{} is counted in minutes by the list of timed services that medcode ships, but this note names no time. Add the minutes, or start and stop.",
                mark.written
            );
            report.fail_on(mark, message);
        }
    }
}

/// Whether a text names minutes, hours or times of day.
fn names_time(text: &str) -> bool {
    let unit = |lower: &str| {
        let bare = lower.trim_start_matches(|it: char| it.is_ascii_digit() || it == '.');
        matches!(bare, "min" | "mins" | "minute" | "minutes" | "hr" | "hrs" | "hour" | "hours")
            || (bare == "m" && lower.len() > 1)
            || (matches!(bare, "am" | "pm") && (lower.len() > 2))
    };
    let clock = text.as_bytes().windows(4).any(|bytes| {
        matches!(bytes, [a, b':', c, d] if a.is_ascii_digit() && c.is_ascii_digit() && d.is_ascii_digit())
    });
    clock || words(text, 0..text.len()).iter().any(|word| unit(&word.lower))
}

#[cfg(test)]
mod tests {
    use crate::testing::text_reports;

    fn reports(rest: &str) -> Vec<String> {
        text_reports(
            "timed-service-without-time",
            &format!(
                "Exercises for the right knee with good effort and less pain at the end.\n{rest}"
            ),
        )
    }

    #[test]
    fn reports_services_without_minutes() {
        assert_eq!(reports("CPT: 97110, 97140"), ["info 97110", "info 97140"]);
        assert_eq!(reports("CPT: 97110, 97110"), ["info 97110"]);
    }

    #[test]
    fn silent_with_any_time() {
        for rest in [
            "Time: 25 min\nCPT: 97110",
            "10:05 to 10:40\nCPT: 97110",
            "CPT: 97110 (23min)",
            "CPT: 99213",
            "Total 1 hour.\nCPT: 97110",
        ] {
            assert!(reports(rest).is_empty(), "{rest}");
        }
        assert!(text_reports("timed-service-without-time", "CPT: 97110").is_empty());
        assert!(super::TIMED.is_sorted());
    }
}
