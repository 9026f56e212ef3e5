//! Help for tests of this and other crates: a small sample of the code sets, and notes with drawn issues.

use std::sync::LazyLock;

use crate::{
    check::EncounterReport,
    date::{Date, parse_iso},
    document::{CheckSettings, Document},
    encounter::{Diagnosis, Encounter, JudgedEncounter},
    engine::{self, RuleOptions, check_encounter},
    issue::Issue,
    payer::{self, PayerFault, PayerRules},
    system::CodeSystem,
    terminology::Terminology,
};

pub mod claims;
pub mod hcpcs;
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

/// The tables beside the codes of the sample.
fn own_supplements() -> crate::supplements::Supplements {
    sample::supplements_of(include_str!("testing/sample.txt"))
}

/// The rules of an invented payer, and a file that cannot be used.
///
/// # Panics
/// The file is not well formed, which its own test would show first.
pub fn payers() -> &'static PayerRules {
    static PAYERS: LazyLock<PayerRules> = LazyLock::new(|| {
        let file = payer::parse("sample.toml", include_str!("testing/payer.toml"));
        let broken = "schema = 1\n[payer]\nnmae = \"Broken Payer\"\nid = \"broken-payer\"\n";
        let fault = payer::parse("broken.toml", broken).expect_err("an unknown key");
        PayerRules {
            files: vec![file.expect("a well-formed file")],
            faults: vec![PayerFault {
                file: "broken.toml".to_owned(),
                payer: Some("broken-payer".to_owned()),
                message: fault.to_string(),
            }],
        }
    });
    &PAYERS
}

/// Every issue of a note over the sample, as `severity[rule]: message`, in text order. Without a date the note is
/// judged as of [`TODAY`].
pub fn issues_of(text: &str) -> Vec<String> {
    let drawn = notation::issues(text, sample(), TODAY, &CheckSettings::default());
    drawn.into_iter().map(|issue| issue.label).collect()
}

/// What one rule alone reports of a note, as `severity code code …`, one line for each issue. A note without a date is
/// dated [`TODAY`].
///
/// # Panics
/// There is no such rule.
pub fn text_reports(rule: &str, text: &str) -> Vec<String> {
    assert!(crate::rules::find(rule).is_some(), "there is no rule {rule}");
    let dated =
        if text.contains("DOS:") { text.to_owned() } else { format!("DOS: {TODAY}\n\n{text}") };
    let document = Document::new(&dated);
    let answers: Vec<_> =
        document.requests().iter().map(|request| request.answer(sample(), TODAY)).collect();
    let assembly = document.assemble(&answers, &CheckSettings::default());
    let own = assembly.issues.into_iter().filter(|issue| issue.rule == rule);
    own.map(|issue| format!("{} {}", issue.severity, issue.codes.join(" "))).collect()
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

/// What the rules say of an encounter when each of them is asked, whether or not it has anything to look at: the slow way,
/// for comparison.
pub fn ask_every_rule(judged: &JudgedEncounter<'_>, options: &RuleOptions) -> EncounterReport {
    engine::ask_every_rule(judged, options)
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

/// What one rule alone reports of an encounter, as `severity code code …`, one line for each issue. Without a date the
/// encounter takes place on [`TODAY`].
///
/// # Panics
/// There is no such rule, or it gives an outcome that does not fit what it reports.
pub fn reports_of(rule: &str, encounter: &Encounter) -> Vec<String> {
    reports_over(sample(), rule, encounter)
}

/// The same over another terminology.
///
/// # Panics
/// There is no such rule.
pub fn reports_over(terminology: &Terminology, rule: &str, encounter: &Encounter) -> Vec<String> {
    assert!(crate::rules::find(rule).is_some(), "there is no rule {rule}");
    let options = RuleOptions { enable: vec![rule.to_owned()], ..RuleOptions::default() };
    let report = check_encounter(encounter, terminology, TODAY, &options);
    let lines = report.issues.iter();
    lines.map(|issue| format!("{} {}", issue.severity, issue.codes.join(" "))).collect()
}

/// The outcome of one rule alone on an encounter; `None` when it had nothing to look at.
pub fn outcome_of(rule: &str, encounter: &Encounter) -> Option<String> {
    let options = RuleOptions { enable: vec![rule.to_owned()], ..RuleOptions::default() };
    let report = check_encounter(encounter, sample(), TODAY, &options);
    report.checks.first().map(|check| check.outcome.id().to_owned())
}

/// What one rule alone reports of diagnoses written `E11.9, I10` or `E11.9, I10 @2025-09-30`.
///
/// # Panics
/// The date is not ISO, or there is no such rule.
pub fn reports(rule: &str, codes: &str) -> Vec<String> {
    reports_of(rule, &encounter_of(codes))
}

/// Diagnoses written `E11.9, I10` or `E11.9, I10 @2025-09-30` as an encounter; without a date on [`TODAY`].
///
/// # Panics
/// The date is not ISO.
pub fn encounter_of(codes: &str) -> Encounter {
    let today = TODAY.to_string();
    let (codes, date) = codes.split_once('@').unwrap_or((codes, &today));
    let codes: Vec<_> = codes.split(',').map(str::trim).filter(|code| !code.is_empty()).collect();
    encounter(&codes, date.trim())
}

fn encounter(codes: &[&str], date: &str) -> Encounter {
    let diagnosis = |code: &&str| Diagnosis::new(CodeSystem::Icd10Cm, *code);
    let service_date = Some(parse_iso(date).expect("a test names an ISO date"));
    Encounter {
        service_date,
        diagnoses: codes.iter().map(diagnosis).collect(),
        ..Encounter::default()
    }
}

/// The text with `typed` in the place of about `gone` bytes, cut at borders of characters, for tests with random edits.
#[cfg(test)]
pub(crate) fn edited(text: &str, at: usize, gone: usize, typed: &str) -> String {
    let border = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let at = border(at % (text.len() + 1));
    let end = border(at + gone).max(at);
    format!("{}{typed}{}", &text[..at], &text[end..])
}
