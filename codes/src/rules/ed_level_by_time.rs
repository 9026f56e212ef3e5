//! Emergency department levels that are derived from time.

use crate::{
    rule::declare_rule,
    system::CodeSystem,
    text_check::{Mark, TextReport, TextView},
    words::{spans, words},
};

declare_rule! {
    /// A sentence derives the level of an emergency department visit from time.
    ///
    /// ## Why
    /// Time is no component of these levels. An auditor who finds time as the reason takes the level back.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Level of service based on total time of 45 minutes.
    /// CPT: 99284
    ///      ^^^^^ info[ed-level-by-time]: 99284 is an emergency department level, for which time does not count, by the time table that medcode ships; the text bases it on time. Base the level on medical decision making.
    /// ```
    ///
    /// ## Exceptions
    /// Times of arrival and stay, critical care, and sentences that say that time was not used.
    ///
    /// ## Source
    /// CPT evaluation and management guidelines (verify); the families of visits that medcode ships.
    "ed-level-by-time", Information, Reported, Text(check), unverified("the families of visits that medcode ships")
}

/// Emergency department visits. Sorted.
const LEVELS: &[&str] = &["99281", "99282", "99283", "99284", "99285"];

fn check(view: &TextView<'_>, report: &mut TextReport) {
    for (encounter, scope) in view.note.encounters.iter().enumerate() {
        let is_level = |mark: &&Mark<'_>| {
            mark.mention.system == CodeSystem::Cpt && LEVELS.contains(&&*mark.written)
        };
        let Some(mark) = view.reported_services(encounter).find(is_level) else { continue };
        let derived = words(view.text, scope.range.clone())
            .iter()
            .filter(|word| word.lower == "time")
            .any(|word| {
                let sentence = spans::sentence(view.text, word.range.clone(), scope.range.clone());
                derives(view.text.get(sentence).unwrap_or_default())
            });
        if !derived {
            continue;
        }
        let message = format!(
            "{} is an emergency department level, for which time does not count, by the time table that medcode ships; the text bases it on time. Base the level on medical decision making.",
            mark.written
        );
        report.fail_on(mark, message);
    }
}

/// Whether a sentence bases a level on time: "level based on time", "billed by total time", "99284 for time spent".
fn derives(sentence: &str) -> bool {
    let all = words(sentence, 0..sentence.len());
    let has = |list: &[&str]| all.iter().any(|word| list.contains(&&*word.lower));
    let level = has(&["billed", "billing", "coded", "coding", "level"]) || has(LEVELS);
    let other = has(&["arrival", "critical", "door", "less", "not", "without", "no", "procedure"]);
    // The reason stands before "time", with nothing but its own words between.
    let reason = all.iter().enumerate().filter(|(_, word)| word.lower == "time").any(|(at, _)| {
        let before: Vec<&str> =
            all.iter().take(at).rev().take(3).map(|word| &*word.lower).collect();
        let mut own = before.iter().skip_while(|word| matches!(**word, "my" | "the" | "total"));
        own.next().is_some_and(|word| matches!(*word, "by" | "on" | "upon"))
    });
    level && reason && !other
}

#[cfg(test)]
mod tests {
    use crate::testing::text_reports;

    fn reports(text: &str) -> Vec<String> {
        text_reports("ed-level-by-time", text)
    }

    #[test]
    fn reports_levels_by_time() {
        for text in [
            "Level based on total time of 45 min.\nCPT: 99284",
            "Billed by time: 45 minutes.\nCPT: 99284",
            "99284 based on time spent, 40 min.\nCPT: 99284",
        ] {
            assert_eq!(reports(text), ["info 99284"], "{text}");
        }
    }

    #[test]
    fn silent_on_other_times() {
        for text in [
            "Time seen 10:05. Total time in ED 4 hours.\nCPT: 99284",
            "Level based on MDM, not on time.\nCPT: 99284",
            "Critical care billed by time: 35 minutes.\nCPT: 99284, 99291",
            "Level based on total time of 45 min.\nCPT: 99214",
            "Patient arrived on time. Level of pain 4.\nCPT: 99283",
            "Spent 45 minutes.\nCPT: 99285",
        ] {
            assert!(reports(text).is_empty(), "{text}");
        }
    }
}
