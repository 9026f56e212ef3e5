//! Codes that end, or change, at the next update.

use crate::{
    date::Date,
    encounter::JudgedEncounter,
    flag::Flags,
    replacement,
    rule::{Report, declare_rule},
    system::CodeSystem,
    verdict::Judgement,
};

declare_rule! {
    /// The code ends or changes at the next yearly or half-yearly update.
    ///
    /// ## Why
    /// Codes live in templates and problem lists for years. What ends on September 30 is refused on October 1.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-06-01
    /// Dx: D69.1
    ///     ^^^^^ info[code-expires-soon]: D69.1 ends 2026-09-30. From the next day on use D69.11, D69.19.
    /// ```
    ///
    /// ## Exceptions
    /// Once for each code. Silent where the end has passed already, and where the installed data does not reach beyond the
    /// next update: its last day is no end.
    ///
    /// ## Source
    /// The dates and flags of the installed code master.
    "code-expires-soon", Information, Reported, Coding(check)
}

/// At most this many successors are named.
const MOST_NAMED: usize = 6;

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let mut seen = Vec::with_capacity(encounter.items.len());
    for coded in &encounter.items {
        let judgement = &coded.judgement;
        let is_icd = matches!(judgement.system, CodeSystem::Icd10Cm | CodeSystem::Icd10Pcs);
        if !is_icd || !judgement.is_billable() || seen.contains(&judgement.code) {
            continue;
        }
        seen.push(judgement.code);
        match change(encounter, judgement) {
            Some(message) => {
                report.fail(coded.item, judgement, message);
            }
            None => report.pass(),
        }
    }
}

/// What becomes of a code at the next update, where the installed data tells.
fn change(encounter: &JudgedEncounter<'_>, judgement: &Judgement<'_>) -> Option<String> {
    let terminology = encounter.terminology;
    let code = judgement.code?;
    let table = terminology.table(judgement.system)?;
    let boundary = next_update(judgement.date).filter(|day| encounter.today < *day)?;
    let is_covered = || table.covered_to(code.key()).is_some_and(|last| boundary <= last);
    let entry = judgement.concept?.entry().filter(|_| is_covered())?;
    let end = entry.lifetime().period()?.end.filter(|end| *end < boundary);
    if let Some(end) = end {
        let successors = replacement::successors(terminology, code, boundary);
        let named: Vec<_> =
            successors.iter().take(MOST_NAMED).map(|it| it.code.to_string()).collect();
        let use_instead = match named.as_slice() {
            [] => String::new(),
            named => format!(" From the next day on use {}.", named.join(", ")),
        };
        return Some(format!("{} ends {end}.{use_instead}", judgement.written()));
    }
    let (now, then) = (entry.flags(judgement.date), entry.flags(boundary));
    (now != then).then(|| {
        let (gained, lost) = (names(then, now), names(now, then));
        let mut parts = Vec::new();
        if !gained.is_empty() {
            parts.push(format!("it gets the flag {gained}"));
        }
        if !lost.is_empty() {
            parts.push(format!("it loses the flag {lost}"));
        }
        let written = judgement.written();
        format!("The edits of {written} change on {boundary}: {}.", parts.join(" and "))
    })
}

/// The first of April or October behind a date.
fn next_update(date: Date) -> Option<Date> {
    let (year, month) = match date.month() {
        1..=3 => (date.year(), 4),
        4..=9 => (date.year(), 10),
        _ => (date.year().checked_add(1)?, 4),
    };
    Date::new(year, month, 1).ok()
}

/// The flags of one set that the other lacks.
fn names(of: Flags, without: Flags) -> String {
    Flags::from_bits(of.bits() & !without.bits()).names().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{encounter_of, outcome_of, reports};
    use jiff::civil::date;

    const RULE: &str = "code-expires-soon";

    #[test]
    fn reports_a_code_in_its_last_half_year() {
        assert_eq!(reports(RULE, "D69.1 @2026-06-01"), ["info D69.1"]);
        assert_eq!(reports(RULE, "D69.1, I10, D69.1 @2026-09-30"), ["info D69.1"]);
    }

    #[test]
    fn accepts_codes_that_go_on() {
        for codes in [
            "E11.9 @2026-06-01",
            "D69.1 @2026-03-31",
            // The installed data ends 2027-03-31; that is no end of the code.
            "E11.9 @2026-12-01",
            // It had ended when this was written.
            "M54.5 @2021-06-01",
            "C61 @2024-09-30",
        ] {
            assert!(reports(RULE, codes).is_empty(), "{codes}");
        }
        assert_eq!(outcome_of(RULE, &encounter_of("E11.9")).as_deref(), Some("pass"));
        assert_eq!(outcome_of(RULE, &encounter_of("E11")), None);
    }

    #[test]
    fn updates_come_in_april_and_october() {
        let next = |year, month, day| next_update(date(year, month, day)).unwrap();
        assert_eq!(next(2026, 3, 31), date(2026, 4, 1));
        assert_eq!(next(2026, 4, 1), date(2026, 10, 1));
        assert_eq!(next(2026, 10, 1), date(2027, 4, 1));
        assert_eq!(next_update(Date::MAX), None);
    }
}
