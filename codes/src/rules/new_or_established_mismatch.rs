//! Codes of new patients for established ones, and the reverse.

use std::ops::Range;

use crate::{
    date::Date,
    issue::Severity,
    rule::declare_rule,
    text_check::{Mark, TextReport, TextView},
    visit_levels::{self, VisitLevel},
    words::{Assertion, prose::Prose, spans, statements, words},
};

declare_rule! {
    /// A code for new patients beside words for an established one, or the reverse.
    ///
    /// ## Why
    /// Visits of new patients are paid more. Payers see the earlier claim, and take the difference back.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Established patient with hypertension, here for a refill.
    /// CPT: 99204
    ///      ^^^^^ warning[new-or-established-mismatch]: 99204 is for visits of new patients; the text says 'established patient'. 99214 is its like for established patients. New means: not seen for three years by the same group and specialty.
    /// ```
    ///
    /// ## Exceptions
    /// Information where the note names another specialty. Follow-up that is planned, and follow-up of another place such
    /// as a hospital. Notes that say both.
    ///
    /// ## Source
    /// CPT evaluation and management guidelines (verify); the families of visits that medcode ships.
    "new-or-established-mismatch", Warning, Reported, Text(check), unverified("the families of visits that medcode ships")
}

fn check(view: &TextView<'_>, report: &mut TextReport) {
    for (encounter, scope) in view.note.encounters.iter().enumerate() {
        let visits = view.reported_services(encounter).filter_map(|mark| {
            let date = view.date_of(mark)?;
            let level = visit_levels::level(&mark.written, date)?;
            Some((mark, level, level.family.is_for_new_patients()?, date))
        });
        let visits: Vec<(&Mark<'_>, &VisitLevel, bool, Date)> = visits.collect();
        let Some(is_new) = visits.first().map(|it| it.2) else { continue };
        // A note with both is its own puzzle.
        if visits.iter().any(|it| it.2 != is_new) {
            continue;
        }
        let said = view.prose_of(encounter);
        let says_new = new_patient(&said);
        let says_established =
            visits.first().and_then(|it| established(view.text, &said, &scope.range, it.3));
        let ((true, None, Some(words)) | (false, Some(words), None)) =
            (is_new, says_new, says_established)
        else {
            continue;
        };
        let other = said.positions(|lower| SPECIALTIES.contains(&lower)).next().is_some();
        for (mark, level, _, date) in visits {
            let (own, like) = if is_new { ("new", "established") } else { ("established", "new") };
            let counterpart = level.counterpart(date);
            let way_out = counterpart
                .map(|it| format!(" {} is its like for {like} patients.", it.code))
                .unwrap_or_default();
            let message = format!(
                "{} is for visits of {own} patients; the text says '{words}'.{way_out} New means: not seen for three years by the same group and specialty.",
                mark.written
            );
            let finding = report.fail_on(mark, message);
            if other {
                finding.severity(Severity::Information);
            }
            if let Some(counterpart) = counterpart {
                finding.replace(mark, counterpart.code, "");
            }
        }
    }
}

fn is_patient(lower: &str) -> bool {
    matches!(lower, "patient" | "pt")
}

/// "New patient", as what the visit is.
fn new_patient(said: &Prose<'_>) -> Option<&'static str> {
    let found = said.positions(|lower| lower == "new").any(|at| {
        let things = ["form", "forms", "packet", "paperwork", "portal", "with"];
        let before = at.checked_sub(1).map_or("", |before| said.lower(before));
        is_patient(said.lower(at + 1))
            && said.assertion(at).is_some_and(Assertion::is_plain)
            && !things.contains(&said.lower(at + 2))
            && !matches!(before, "since" | "as" | "her" | "his" | "last" | "initial")
    });
    found.then_some("new patient")
}

/// What says that the patient was seen here before.
fn established(
    text: &str,
    said: &Prose<'_>,
    scope: &Range<usize>,
    date: Date,
) -> Option<&'static str> {
    let plain = |at: usize| said.assertion(at).is_some_and(Assertion::is_plain);
    let known = said
        .positions(|lower| lower == "established")
        .any(|at| is_patient(said.lower(at + 1)) && plain(at) && !is_elsewhere(said.lower(at + 2)));
    if known {
        return Some("established patient");
    }
    let visit = said.positions(|lower| lower == "return").any(|at| {
        let planned = at.checked_sub(1).map_or("", |before| said.lower(before));
        said.lower(at + 1) == "visit"
            && plain(at)
            && !is_ahead(text, said, at)
            && !matches!(planned, "for" | "a" | "next")
    });
    if visit {
        return Some("return visit");
    }
    let follows = said.positions(|lower| lower == "follow").any(|at| {
        let named = (said.lower(at + 1), said.lower(at + 2)) == ("up", "visit");
        named && plain(at) && !is_ahead(text, said, at)
    });
    if follows {
        return Some("follow-up visit");
    }
    let seen = said.positions(|lower| lower == "last").any(|at| {
        said.lower(at + 1) == "seen"
            && !is_elsewhere(said.lower(at + 2))
            && is_recent(text, &said.range(at), scope, date)
    });
    seen.then_some("last seen")
}

/// "Established patient of Dr. …", "last seen by cardiology".
fn is_elsewhere(next: &str) -> bool {
    matches!(next, "by" | "of" | "at" | "elsewhere")
}

/// Whether a sentence plans, or speaks of another place.
fn is_ahead(text: &str, said: &Prose<'_>, at: usize) -> bool {
    let sentence = spans::sentence(text, said.range(at), 0..text.len());
    words(text, sentence).iter().any(|word| {
        matches!(
            &*word.lower,
            "in" | "schedule"
                | "scheduled"
                | "will"
                | "next"
                | "plan"
                | "needs"
                | "if"
                | "prn"
                | "month"
                | "months"
                | "discharge"
                | "ed"
                | "er"
                | "hospital"
                | "surgery"
                | "urgent"
                | "weeks"
        )
    })
}

/// Whether the sentence names a day within three years before the visit, and no other place.
fn is_recent(text: &str, at: &Range<usize>, scope: &Range<usize>, date: Date) -> bool {
    let sentence = spans::sentence(text, at.clone(), scope.clone());
    let said = statements(text, sentence);
    let behind: Vec<_> = said.iter().filter(|it| it.word.range.start > at.start).take(8).collect();
    let word = |index: usize| behind.get(index).map_or("", |it| &*it.word.lower);
    let elsewhere = (0..behind.len()).any(|it| {
        matches!(word(it), "by" | "elsewhere" | "hospital") || SPECIALTIES.contains(&word(it))
    });
    let ago = (0..behind.len()).any(|it| {
        let count: Option<u32> = word(it).parse().ok();
        match (count, word(it + 1), word(it + 2)) {
            (Some(_), "day" | "days" | "week" | "weeks", "ago") => true,
            (Some(count), "month" | "months", "ago") => count < 36,
            (Some(count), "year" | "years", "ago") => count < 3,
            _ => false,
        }
    });
    let year = |lower: &str| lower.parse::<i16>().ok().filter(|it| (2000..2100).contains(it));
    let dated = (0..behind.len())
        .any(|it| year(word(it)).is_some_and(|year| year <= date.year() && date.year() - year < 3));
    !elsewhere && (ago || dated)
}

/// Words of other specialties. Their patients may be new here.
const SPECIALTIES: &[&str] = &[
    "allergist",
    "cardiologist",
    "cardiology",
    "dermatologist",
    "dermatology",
    "endocrinologist",
    "endocrinology",
    "ent",
    "gastroenterologist",
    "gastroenterology",
    "gi",
    "hematology",
    "nephrologist",
    "nephrology",
    "neurologist",
    "neurology",
    "neurosurgery",
    "ob/gyn",
    "obgyn",
    "oncologist",
    "oncology",
    "ophthalmology",
    "ortho",
    "orthopedic",
    "orthopedics",
    "orthopedist",
    "podiatrist",
    "podiatry",
    "psychiatrist",
    "psychiatry",
    "pulmonologist",
    "pulmonology",
    "rheumatologist",
    "rheumatology",
    "specialist",
    "specialty",
    "urologist",
    "urology",
];

#[cfg(test)]
mod tests {
    use crate::testing::{issues_of, text_reports};

    fn reports(text: &str) -> Vec<String> {
        text_reports("new-or-established-mismatch", text)
    }

    #[test]
    fn reports_the_other_kind_of_patient() {
        for (text, issue) in [
            ("Established patient with HTN.\nCPT: 99204", "warning 99204"),
            ("Visit type: return visit\nCPT: 99203", "warning 99203"),
            ("Last seen 6 months ago for cough.\nCPT: 99203", "warning 99203"),
            ("Last seen 2025-11-03.\nCPT: 99203", "warning 99203"),
            ("Follow-up visit for asthma.\nCPT: 99203", "warning 99203"),
            ("New patient, here for knee pain.\nCPT: 99213", "warning 99213"),
            ("Established patient, also sees cardiology.\nCPT: 99204", "info 99204"),
            ("Established pt, annual physical.\nCPT: 99386", "warning 99386"),
        ] {
            assert_eq!(reports(text), [issue], "{text}");
        }
    }

    #[test]
    fn silent_where_nothing_contradicts() {
        for text in [
            "New patient with HTN.\nCPT: 99204",
            "Established patient with HTN.\nCPT: 99214",
            "New patient to our office, established patient of Dr. A elsewhere.\nCPT: 99204",
            "Knee pain. Follow-up in 2 weeks.\nCPT: 99203",
            "Schedule return visit in 3 months.\nCPT: 99203",
            "Last seen by her PCP 2 months ago.\nCPT: 99203",
            "Last seen here 5 years ago.\nCPT: 99203",
            "Hospital follow-up visit.\nCPT: 99203",
            "Not an established patient.\nCPT: 99203",
            "New patient forms signed.\nCPT: 99213",
            "Doing well since new patient visit.\nCPT: 99214",
            "Established patient.\nCPT: 99231",
            "Established patient.\nCPT: 99213, 99203",
        ] {
            assert!(reports(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn names_the_level_of_the_other_family() {
        let issues = issues_of("DOS: 2026-04-01\nNew patient, cough.\nCPT: 99215");
        assert!(
            issues.iter().any(|issue| issue.contains("99205 is its like for new patients")),
            "{issues:?}"
        );
    }
}
