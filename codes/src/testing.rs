//! Help for tests of this and other crates: a small sample of the code sets, and notes with drawn issues.

use std::sync::LazyLock;

use crate::{
    date::{Date, parse_iso},
    document::{CheckSettings, Document},
    encounter::{Diagnosis, Encounter},
    engine::{RuleOptions, check_encounter},
    issue::Issue,
    system::CodeSystem,
    terminology::Terminology,
};

pub mod notation;
mod sample;

/// The day on which tests take place.
pub const TODAY: Date = jiff::civil::date(2026, 4, 1);

/// A small part of the real code sets; see `testing/sample.txt`.
///
/// # Panics
/// The sample does not parse, which its own test would show first.
pub fn sample() -> &'static Terminology {
    static SAMPLE: LazyLock<Terminology> = LazyLock::new(own_sample);
    &SAMPLE
}

/// The sample as a value, for those who keep the terminology that they answer from.
///
/// # Panics
/// The sample does not parse, which its own test would show first.
pub fn own_sample() -> Terminology {
    sample::parse(include_str!("testing/sample.txt"))
}

/// Every issue of a note over the sample, as `severity[rule]: message`, in text order. Without a date the note is
/// judged as of [`TODAY`].
pub fn issues_of(text: &str) -> Vec<String> {
    let drawn = notation::issues(text, sample(), TODAY, &CheckSettings::default());
    drawn.into_iter().map(|issue| issue.label).collect()
}

/// The ids of the rules that report on a note, in text order. A note without a date is dated [`TODAY`].
pub fn rules_fired(text: &str) -> Vec<String> {
    let dated =
        if text.contains("DOS:") { text.to_owned() } else { format!("DOS: {TODAY}\n\n{text}") };
    let document = Document::new(&dated);
    let answers: Vec<_> =
        document.requests().iter().map(|request| request.answer(sample(), TODAY)).collect();
    let assembly = document.assemble(&answers, &CheckSettings::default());
    assembly.issues.into_iter().map(|issue| issue.rule).collect()
}

/// Every issue of diagnoses reported together on a day.
///
/// # Panics
/// The date is not ISO.
pub fn issues_for_codes(codes: &[&str], date: &str) -> Vec<Issue> {
    check_encounter(&encounter(codes, date), sample(), TODAY, &RuleOptions::default()).issues
}

/// Every rule that had something to look at, with its outcome, for diagnoses reported together on a day.
///
/// # Panics
/// The date is not ISO.
pub fn checks_for_codes(codes: &[&str], date: &str) -> Vec<(String, String)> {
    let report = check_encounter(&encounter(codes, date), sample(), TODAY, &RuleOptions::default());
    report
        .checks
        .into_iter()
        .map(|check| (check.rule.to_string(), check.outcome.id().to_owned()))
        .collect()
}

fn encounter(codes: &[&str], date: &str) -> Encounter {
    let diagnosis =
        |code: &&str| Diagnosis { system: CodeSystem::Icd10Cm, text: (*code).to_owned() };
    let service_date = Some(parse_iso(date).expect("a test names an ISO date"));
    Encounter {
        service_date,
        diagnoses: codes.iter().map(diagnosis).collect(),
        ..Encounter::default()
    }
}
