//! Preventive visits by age.

use crate::{
    code::{Code, CodeKey},
    cue::Cue,
    encounter::JudgedEncounter,
    rule::{Report, declare_rule},
    system::CodeSystem,
};

declare_rule! {
    /// The preventive visit code is for another age band.
    ///
    /// ## Why
    /// Both series have one number for each age band; with the wrong one the line is refused.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// 30-year-old woman
    /// CPT: 99396
    ///      ^^^^^ warning[preventive-visit-age]: 99396 is for ages 40 to 64 by the age table that medcode ships; the patient is 30: use 99395.
    /// ```
    ///
    /// ## Exceptions
    /// Silent without an age.
    ///
    /// ## Source
    /// The age table that medcode ships; not compared with the official source yet.
    "preventive-visit-age", Warning, Reported, Coding(check), unverified("the age table that medcode ships"),
        about(Cue::Systems(&[CodeSystem::Cpt]))
}

/// First and last age of each band in completed years; the numbers of a series follow each other.
const BANDS: [(u32, u32); 7] =
    [(0, 0), (1, 4), (5, 11), (12, 17), (18, 39), (40, 64), (65, u32::MAX)];

/// The first number of each series.
const SERIES: [u32; 2] = [99_381, 99_391];

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    for (_, coded) in encounter.lines() {
        let judgement = &coded.judgement;
        let number = judgement.normalized.code.parse::<u32>().ok();
        let number = number.filter(|_| judgement.system == CodeSystem::Cpt);
        let Some((series, (first, last))) = number.and_then(band) else { continue };
        let Some(age) = encounter.encounter.age_in_years() else {
            report.fact_missing("age_years");
            continue;
        };
        if (first..=last).contains(&age) {
            report.pass();
            continue;
        }
        let ages = match (first, last) {
            (0, _) => "under 1".to_owned(),
            (_, u32::MAX) => format!("{first} and over"),
            _ => format!("{first} to {last}"),
        };
        let right = number_for(series, age);
        let message = format!(
            "{} is for ages {ages} by the age table that medcode ships; the patient is {age}: use {right}.",
            judgement.written()
        );
        let issue = report.fail(coded.item, judgement, message);
        let right = CodeKey::new(&right.to_string());
        if let Some(code) = right.and_then(|key| Code::from_key(CodeSystem::Cpt, key)) {
            issue.replace(code, None, false);
        }
    }
}

/// The series of a number and its ages.
fn band(number: u32) -> Option<(u32, (u32, u32))> {
    SERIES.into_iter().find_map(|series| {
        let index = usize::try_from(number.checked_sub(series)?).ok()?;
        Some((series, *BANDS.get(index)?))
    })
}

fn number_for(series: u32, age: u32) -> u32 {
    let below = BANDS.iter().filter(|(_, last)| *last < age).count();
    series.saturating_add(u32::try_from(below).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        encounter::{Encounter, ServiceLine},
        testing::{encounter_of, outcome_of, reports_of},
    };

    const RULE: &str = "preventive-visit-age";

    fn visit(number: &str, age: Option<u32>) -> Encounter {
        let lines = vec![ServiceLine::new(CodeSystem::Cpt, number)];
        Encounter { lines, age_years: age, ..encounter_of("Z00.00") }
    }

    #[test]
    fn reports_another_band_of_either_series() {
        assert_eq!(reports_of(RULE, &visit("99396", Some(30))), ["warning 99396"]);
        for (number, age) in [("99381", 1), ("99382", 0), ("99387", 64), ("99397", 12)] {
            assert_eq!(reports_of(RULE, &visit(number, Some(age))).len(), 1, "{number} {age}");
        }
    }

    #[test]
    fn accepts_both_ends_of_a_band() {
        for (number, age) in [
            ("99395", 30),
            ("99391", 0),
            ("99382", 1),
            ("99382", 4),
            ("99395", 39),
            ("99396", 40),
            ("99397", 65),
            ("99387", 110),
        ] {
            assert!(reports_of(RULE, &visit(number, Some(age))).is_empty(), "{number} {age}");
        }
    }

    #[test]
    fn other_numbers_are_none_and_no_age_is_no_pass() {
        for number in ["99380", "99388", "99390", "99398", "99213"] {
            assert_eq!(outcome_of(RULE, &visit(number, Some(30))), None, "{number}");
        }
        assert_eq!(outcome_of(RULE, &visit("99396", None)).as_deref(), Some("no_data"));
    }

    #[test]
    fn proposes_the_number_of_the_age() {
        assert_eq!(
            [0, 1, 17, 18, 65].map(|age| number_for(99_391, age)),
            [99_391, 99_392, 99_394, 99_395, 99_397]
        );
    }
}
