//! The one time that a note states for its visit, and the one visit it is about.
//!
//! Silent where a note may mean another time: of a procedure, of staff, of a symptom, of a second service.

use std::{collections::BTreeSet, ops::Range};

use super::{Mark, TextView};
use crate::{
    date::Date,
    system::CodeSystem,
    visit_levels::{self, VisitFamily, VisitLevel},
    words::{Statement, assertion::lower, minutes, spans, statements, words},
};

/// A visit with its level on the date that counts.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'n> {
    /// Where the code stands.
    pub mark: &'n Mark<'n>,
    /// Its row of the time table.
    pub level: &'static VisitLevel,
    /// The date that counts.
    pub date: Date,
}

/// Services that are counted in minutes beside a visit: only a time that is called total is then the visit's.
const BESIDE: &[(&str, &str)] =
    &[("96360", "96549"), ("97010", "97799"), ("99406", "99409"), ("99497", "99498")];

/// Services whose time nobody can tell from that of the visit: psychotherapy and critical care.
const NEVER: &[(&str, &str)] = &[("90832", "90840"), ("99291", "99292")];

/// No visit is longer; both in minutes.
const LONGEST: u32 = 240;

impl<'n> TextView<'n> {
    /// The reported codes of procedures and visits of an encounter, in text order.
    pub fn reported_services(&self, encounter: usize) -> impl Iterator<Item = &'n Mark<'n>> {
        self.marks_of(encounter).filter(|mark| {
            mark.reported && matches!(mark.mention.system, CodeSystem::Cpt | CodeSystem::Hcpcs)
        })
    }

    /// The visit of an encounter whose level may rest on time. `None` when there is none, or more than one visit.
    pub fn timed_visit(&self, encounter: usize) -> Option<Visit<'n>> {
        let visits: Vec<_> = self
            .reported_services(encounter)
            .filter_map(|mark| Some((mark, self.date_of(mark)?)))
            .filter(|(mark, date)| visit_levels::is_visit(&mark.written, *date))
            .collect();
        let codes: BTreeSet<&str> = visits.iter().map(|(mark, _)| &*mark.written).collect();
        let (mark, date) = visits.first().copied().filter(|_| codes.len() == 1)?;
        let level = visit_levels::level(&mark.written, date)?;
        let by_time = !matches!(
            level.family,
            VisitFamily::Emergency
                | VisitFamily::PreventiveNew
                | VisitFamily::PreventiveEstablished
                | VisitFamily::CriticalCare
        );
        (by_time && level.family.is_visit()).then_some(Visit { mark, level, date })
    }

    /// The minutes that an encounter states for its visit. `None` when it states none, or several.
    pub fn visit_minutes(&self, visit: &Visit<'_>) -> Option<u32> {
        let encounter = visit.mark.mention.encounter;
        let within = |list: &[(&str, &str)]| {
            self.reported_services(encounter).any(|mark| {
                list.iter().any(|(first, last)| *first <= &*mark.written && &*mark.written <= *last)
            })
        };
        if within(NEVER) {
            return None;
        }
        let scope = self.note.encounters.get(encounter)?.range.clone();
        let found = self.stated_minutes(scope.clone(), Some(&visit.mark.mention.range));
        let has_total = found.iter().any(|stated| stated.is_total) || within(BESIDE);
        let kept = found.iter().filter(|stated| stated.is_total || !has_total);
        let mut values: BTreeSet<u32> = kept.map(|stated| stated.minutes).collect();
        if values.is_empty() && !has_total {
            values.extend(start_and_stop(self.text, scope));
        }
        values.pop_first().filter(|_| values.is_empty())
    }

    /// The times of a range that are called the time of the service, in text order.
    pub fn stated_minutes(&self, scope: Range<usize>, code: Option<&Range<usize>>) -> Vec<Stated> {
        let found = minutes::spans(self.text, scope.clone()).into_iter();
        found
            .filter(|span| span.is_exact() && (1..=LONGEST).contains(&span.minutes))
            .filter_map(|span| {
                let clause = spans::clause(self.text, span.range.clone(), scope.clone());
                let said = statements(self.text, clause.clone());
                let at = said.iter().position(|it| it.word.range.end > span.range.start)?;
                let is_total = is_total(&said, at);
                let beside = code.is_some_and(|code| is_beside(self.text, code, &span.range));
                let is_visits =
                    is_total || is_time(self.text, &said, at) || beside && !span.is_clock;
                let plain = said.get(at)?.assertion.is_plain();
                (is_visits && plain && !is_other(&said, at, is_total)).then_some(Stated {
                    range: span.range,
                    minutes: span.minutes,
                    is_total,
                })
            })
            .collect()
    }
}

/// A time that a text calls that of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// Its bytes.
    pub range: Range<usize>,
    /// Whole minutes.
    pub minutes: u32,
    /// It is called the total.
    pub is_total: bool,
}

/// Whether a time stands directly beside a code: `99215 (25 min)`, `99215-25, 25 minutes`, `25 min 99215`.
fn is_beside(text: &str, code: &Range<usize>, time: &Range<usize>) -> bool {
    let gap = if code.end <= time.start { code.end..time.start } else { time.end..code.start };
    let Some(gap) = text.get(gap) else { return false };
    !gap.contains(|it: char| it.is_alphabetic() || it == '\n')
}

/// "total time 41 min", "41 minutes total", "a total of 41 minutes".
fn is_total(said: &[Statement<'_>], at: usize) -> bool {
    (at.saturating_sub(9)..at + 4).any(|near| lower(said, near) == "total")
}

/// "time: 25 min", "time spent 25 min", "I spent 25 minutes", "25 minutes were spent".
fn is_time(text: &str, said: &[Statement<'_>], at: usize) -> bool {
    let time = (at.saturating_sub(5)..at).any(|near| {
        let Some(own) = said.get(near).filter(|it| it.word.lower == "time") else { return false };
        let Some(before) = near.checked_sub(1).and_then(|before| said.get(before)) else {
            return true;
        };
        // `CPT: 99213, time 24 minutes`
        let gap = text.get(before.word.range.end..own.word.range.start).unwrap_or_default();
        gap.contains(|it: char| !matches!(it, ' ' | '-')) || OF_VISIT.contains(&&*before.word.lower)
    });
    let spent = (at.saturating_sub(9)..at + 6).any(|near| lower(said, near) == "spent");
    time || spent
}

/// Words before "time" that leave it the time of the visit. Behind others it is one of sleep, travel, a procedure.
const OF_VISIT: &[&str] = &[
    "and",
    "billable",
    "documented",
    "encounter",
    "face",
    "my",
    "of",
    "our",
    "overall",
    "physician",
    "provider",
    "service",
    "the",
    "today's",
    "visit",
];

/// Beginnings of words in the same clause that make it the time of something else.
const OTHERS: &[&str] = &[
    "bypass",
    "drive",
    "fluoro",
    "ischem",
    "labor",
    "last",
    "seizure",
    "sleep",
    "transport",
    "travel",
    "ventilat",
    "acp",
    "advance",
    "alcohol",
    "anesth",
    "biops",
    "cessation",
    "critical",
    "dialysis",
    "exercise",
    "infus",
    "inject",
    "nurse",
    "nurses",
    "observation",
    "pain",
    "previous",
    "procedure",
    "psychother",
    "resident",
    "scribe",
    "smok",
    "staff",
    "student",
    "surg",
    "therap",
    "tobacco",
    "trainee",
    "wait",
    "walk",
    "yesterday",
];

/// What follows these is not counted in, so that it says nothing of the time.
const APART: &[&str] = &[
    "apart",
    "beyond",
    "exclude",
    "excluded",
    "excludes",
    "excluding",
    "exclusive",
    "minus",
    "separate",
    "not",
];

fn is_other(said: &[Statement<'_>], at: usize, is_total: bool) -> bool {
    let end = (0..said.len()).find(|it| APART.contains(&lower(said, *it))).unwrap_or(said.len());
    let words = || (0..end).map(|it| lower(said, it));
    let other = words().any(|word| OTHERS.iter().any(|begin| word.starts_with(begin)));
    // `10 minutes spent counseling` is a part of a visit, `30 minutes, half of it counseling` the whole.
    let counsels = words().any(|word| word.starts_with("counsel") || word.starts_with("discuss"));
    let whole = words()
        .any(|word| matches!(word, "visit" | "encounter" | "face" | "half" | "50" | "today"));
    // A total may count procedures in its words; what stands directly behind it is what it is of.
    let of_other = is_total
        && (at..at + 6)
            .any(|it| it < end && OTHERS.iter().any(|begin| lower(said, it).starts_with(begin)));
    if is_total {
        of_other || words().any(|word| matches!(word, "critical" | "last" | "sleep"))
    } else {
        other || counsels && !whole
    }
}

/// "Start 10:05, stop 10:32": one of each in the range.
fn start_and_stop(text: &str, scope: Range<usize>) -> Option<u32> {
    let (mut starts, mut stops) = (BTreeSet::new(), BTreeSet::new());
    for word in words(text, scope) {
        let Some((time, _)) = minutes::time_of_day(text, word.range.start) else { continue };
        let line = text.get(..word.range.start)?.rsplit('\n').next()?.to_lowercase();
        let others = words(&line, 0..line.len());
        if others.iter().any(|it| OTHERS.iter().any(|begin| it.lower.starts_with(begin))) {
            return None;
        }
        let near: Vec<&str> = others.iter().rev().take(3).map(|it| &*it.lower).collect();
        let first = near.iter().find_map(|word| match *word {
            "start" | "started" | "begin" | "began" => Some(true),
            "stop" | "stopped" | "end" | "ended" => Some(false),
            _ => None,
        });
        match first {
            Some(true) => starts.insert(time),
            Some(false) => stops.insert(time),
            None => continue,
        };
    }
    let (first, second) = (starts.pop_first()?, stops.pop_first()?);
    let only = starts.is_empty() && stops.is_empty();
    minutes::between(first, second).filter(|minutes| only && *minutes <= LONGEST)
}
