//! CPT codes that were deleted.

use crate::{
    check::Reason,
    cue::Cue,
    date::Date,
    encounter::JudgedEncounter,
    rule::{Report, declare_rule},
    system::CodeSystem,
    verdict::Verdict,
};

declare_rule! {
    /// The CPT code was deleted before the date of service.
    ///
    /// ## Why
    /// A claim that carries it is refused. Many numbers of visits were deleted in 2021, 2023 and 2025, and live on in
    /// templates.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2022-01-01
    /// CPT: 99201
    ///      ^^^^^ warning[deleted-cpt-code]: 99201 was deleted 2021-01-01 by the list that medcode ships (date of service 2022-01-01).
    /// ```
    ///
    /// ## Exceptions
    /// Without the licensed CPT file only the numbers of visits that medcode lists are known.
    ///
    /// ## Source
    /// The CPT file of the user; else a list of deleted numbers that medcode ships, not compared with the official source
    /// yet.
    "deleted-cpt-code", Warning, EachCode, Coding(check), needs(Cpt), unverified("the list of deleted numbers that medcode ships"),
        about(Cue::Systems(&[CodeSystem::Cpt]))
}

/// First and last number, and the first day without them.
const DELETED: [(u32, u32, Date); 12] = [
    (99_201, 99_201, jiff::civil::date(2021, 1, 1)),
    (99_217, 99_220, jiff::civil::date(2023, 1, 1)),
    (99_224, 99_226, jiff::civil::date(2023, 1, 1)),
    (99_241, 99_241, jiff::civil::date(2023, 1, 1)),
    (99_251, 99_251, jiff::civil::date(2023, 1, 1)),
    (99_318, 99_318, jiff::civil::date(2023, 1, 1)),
    (99_324, 99_328, jiff::civil::date(2023, 1, 1)),
    (99_334, 99_337, jiff::civil::date(2023, 1, 1)),
    (99_339, 99_340, jiff::civil::date(2023, 1, 1)),
    (99_343, 99_343, jiff::civil::date(2023, 1, 1)),
    (99_354, 99_357, jiff::civil::date(2023, 1, 1)),
    (99_441, 99_443, jiff::civil::date(2025, 1, 1)),
];

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    for coded in &encounter.items {
        let judgement = &coded.judgement;
        if judgement.system != CodeSystem::Cpt {
            continue;
        }
        let deleted = match &judgement.verdict {
            Verdict::Expired { .. } => {
                let end = judgement.concept.and_then(|concept| concept.lifetime()?.period()?.end);
                Some(end.map_or_else(
                    || "has ended by the CPT file that is installed".to_owned(),
                    |end| format!("ended {end} by the CPT file that is installed"),
                ))
            }
            Verdict::Billable => None,
            verdict => match (deleted(&judgement.normalized.code), verdict) {
                (Some(day), _) if day <= judgement.date => {
                    Some(format!("was deleted {day} by the list that medcode ships"))
                }
                (Some(_), _) => None,
                (None, Verdict::Unavailable(reason)) => {
                    report.no_data(Reason::CodeUnavailable(*reason));
                    continue;
                }
                (None, _) => continue,
            },
        };
        let Some(deleted) = deleted else {
            report.pass();
            continue;
        };
        let (written, date) = (judgement.written(), judgement.date);
        let message = format!("{written} {deleted} ({} {date}).", encounter.basis.words());
        report.fail(coded.item, judgement, message);
    }
}

/// The first day on which a number of the built-in list could no longer be used.
fn deleted(number: &str) -> Option<Date> {
    let number: u32 = number.parse().ok()?;
    DELETED.iter().find(|(first, last, _)| (*first..=*last).contains(&number)).map(|it| it.2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        encounter::{Encounter, ServiceLine},
        testing::{encounter_of, outcome_of, reports_of},
    };

    const RULE: &str = "deleted-cpt-code";

    fn line(code: &str, date: &str) -> Encounter {
        let lines = vec![ServiceLine::new(CodeSystem::Cpt, code)];
        Encounter { lines, ..encounter_of(&format!("@{date}")) }
    }

    #[test]
    fn reports_from_the_day_of_the_deletion_on() {
        for (code, date) in [
            ("99201", "2022-01-01"),
            ("99201", "2021-01-01"),
            ("99241", "2023-02-01"),
            ("99357", "2023-01-01"),
            ("99441", "2025-01-01"),
        ] {
            assert_eq!(reports_of(RULE, &line(code, date)), [format!("warning {code}")]);
        }
    }

    #[test]
    fn accepts_the_day_before() {
        for (code, date) in
            [("99201", "2020-12-31"), ("99241", "2022-12-31"), ("99443", "2024-12-31")]
        {
            assert_eq!(outcome_of(RULE, &line(code, date)).as_deref(), Some("pass"), "{code}");
        }
    }

    #[test]
    fn what_is_not_in_the_list_has_no_data() {
        for code in ["99202", "99213", "99242", "0001T"] {
            assert!(reports_of(RULE, &line(code, "2026-01-01")).is_empty());
            assert_eq!(outcome_of(RULE, &line(code, "2026-01-01")).as_deref(), Some("no_data"));
        }
        assert_eq!(outcome_of(RULE, &encounter_of("I10")), None);
    }
}
