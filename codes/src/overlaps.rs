//! Where two rules see one fault, the one that knows the way out reports it.

use std::collections::HashMap;

use crate::{
    encounter::Setting,
    issue::Issue,
    rules::{self, CHAPTER_GUIDELINES, DOCUMENTATION, ORDER},
};

/// Rules that speak for others about the same codes: the first stays, the second goes. What the second rests on is kept
/// as a note of the first.
const PAIRS: &[(&str, &str)] = &[
    ("manifestation-first-listed", "code-first-out-of-order"),
    ("manifestation-first-listed", "code-first-missing"),
    ("manifestation-first-listed", "unacceptable-principal-diagnosis"),
    ("underdosing-first-listed", "unacceptable-principal-diagnosis"),
    ("adverse-effect-first-listed", "unacceptable-principal-diagnosis"),
    ("external-cause-first-listed", "unacceptable-principal-diagnosis"),
    ("guideline-order", "secondary-code-first-listed"),
    ("code-first-out-of-order", "secondary-code-first-listed"),
    ("code-first-out-of-order", "guideline-order"),
    ("companion-code-missing", "use-additional-code-missing"),
    ("redundant-by-guideline", "excludes1-conflict"),
    ("laterality-mismatch", "unspecified-code"),
    ("laterality-mismatch", "unspecified-side"),
    ("side-not-coded", "unspecified-code"),
    ("side-not-coded", "unspecified-side"),
    ("text-contradicts-code", "description-mismatch"),
    ("laterality-mismatch", "text-contradicts-code"),
    ("laterality-mismatch", "description-mismatch"),
    ("side-not-coded", "description-mismatch"),
    ("terminated-hcpcs-code", "unknown-code"),
    ("deleted-cpt-code", "unknown-code"),
    ("unsupported-severity", "code-without-support"),
    ("excludes1-conflict", "redundant-unspecified-code"),
    ("redundant-by-guideline", "redundant-unspecified-code"),
    ("ckd-stage-conflict", "redundant-unspecified-code"),
    ("normal-delivery-with-complication", "obstetric-code-not-first"),
    ("hiv-status-conflict", "obstetric-code-not-first"),
    ("em-without-modifier-25", "unbundled-procedures"),
    ("modifier-not-applicable", "doubtful-bypass-modifier"),
    ("text-contradicts-code", "unspecified-code"),
    ("description-mismatch", "code-without-support"),
    ("description-mismatch", "unspecified-code"),
    ("history-coded-as-active", "uncertain-diagnosis-coded"),
];

/// Verdicts on a code itself. What is no good code takes no part in rules about the words beside good codes.
const VERDICTS: &[&str] = &[
    "category-on-claim",
    "confusable-characters",
    "expired-code",
    "icd9-code",
    "invalid-seventh-character",
    "malformed-code",
    "missing-placeholder-x",
    "missing-seventh-character",
    "non-billable-code",
    "not-yet-effective-code",
    "unexpected-seventh-character",
    "unknown-code",
    "wrong-code-system",
];

/// Rules of chapters that say which of two codes that exclude each other stays.
const SETTLES_CONFLICTS: &[&str] = &[
    "aftercare-code-with-injury",
    "ckd-stage-conflict",
    "coma-scale-inconsistent",
    "covid-code-conflict",
    "hiv-status-conflict",
    "hypertension-not-combined",
    "incidental-pregnancy-with-obstetric-code",
    "maternal-and-newborn-codes-mixed",
    "normal-delivery-with-complication",
];

/// Takes out the issues that another issue speaks for.
pub fn settle(issues: &mut Vec<Issue>, setting: Setting) {
    if issues.len() < 2 {
        return;
    }
    let by_code = (issues.len() > FEW).then(|| by_code(issues));
    let stronger = |issue: &Issue| {
        let speaks = |index: &usize| {
            issues.get(*index).is_some_and(|other| {
                speaks_for(&other.rule, &other.codes, &issue.rule, &issue.codes, setting)
            })
        };
        let Some(by_code) = &by_code else { return (0..issues.len()).find(speaks) };
        // One that speaks for it names one of its codes.
        let near = issue.codes.iter().filter_map(|code| by_code.get(code.as_str())).flatten();
        near.copied().filter(speaks).min()
    };
    let speakers: Vec<Option<usize>> = issues.iter().map(stronger).collect();
    if speakers.iter().all(Option::is_none) {
        return;
    }
    // The notes of an issue that goes are kept by the one that speaks for it, if that one stays.
    for (index, speaker) in speakers.iter().enumerate() {
        let Some(speaker) = speaker else { continue };
        let notes = issues.get_mut(index).map(|it| std::mem::take(&mut it.notes));
        let is_same = |it: &Issue, of: &Issue| it.rule == of.rule && it.codes == of.codes;
        let Some(of) = issues.get(*speaker) else { continue };
        let mut staying = issues.iter().zip(&speakers).enumerate();
        let found = staying.find(|(_, (it, goes))| goes.is_none() && is_same(it, of));
        let Some(speaker) = found.map(|(at, _)| at).and_then(|at| issues.get_mut(at)) else {
            continue;
        };
        for note in notes.unwrap_or_default() {
            if !speaker.notes.contains(&note) {
                speaker.notes.push(note);
            }
        }
    }
    let mut speakers = speakers.into_iter();
    issues.retain(|_| speakers.next().flatten().is_none());
}

/// So few issues are compared with each other one by one.
const FEW: usize = 16;

/// The issues that name each code, by their places.
fn by_code(issues: &[Issue]) -> HashMap<&str, Vec<usize>, foldhash::fast::RandomState> {
    let mut by_code: HashMap<&str, Vec<usize>, _> = HashMap::default();
    for (index, issue) in issues.iter().enumerate() {
        for code in &issue.codes {
            by_code.entry(code.as_str()).or_default().push(index);
        }
    }
    by_code
}

/// Whether an issue of `rule` makes one of `other` needless: it is about the same codes, and its rule goes first.
pub fn speaks_for(
    rule: &str,
    codes: &[String],
    other: &str,
    other_codes: &[String],
    setting: Setting,
) -> bool {
    concerns_the_same(codes, other_codes) && outranks(rule, other, setting)
}

fn outranks(rule: &str, other: &str, setting: Setting) -> bool {
    let secondary = "secondary-code-first-listed";
    let unacceptable = "unacceptable-principal-diagnosis";
    match (rule, other) {
        _ if rule == other => false,
        // For inpatients the edit refuses the claim; elsewhere the guideline is what counts.
        _ if rule == unacceptable && other == secondary => setting == Setting::Inpatient,
        _ if rule == secondary && other == unacceptable => setting != Setting::Inpatient,
        _ if PAIRS.contains(&(rule, other)) => true,
        _ if VERDICTS.binary_search(&rule).is_ok() => {
            rules::is_in(DOCUMENTATION, other) || other == "unspecified-code"
        }
        // An order that is wrong, or a code that is missing, is no way out of a conflict.
        (_, "excludes1-conflict") => SETTLES_CONFLICTS.contains(&rule),
        _ => {
            rules::is_in(CHAPTER_GUIDELINES, rule)
                && !rule.ends_with("-missing")
                && (rules::is_in(ORDER, other) && other != "duplicate-diagnosis")
        }
    }
}

/// The code at fault is the same, and of two pairs both codes are.
fn concerns_the_same(codes: &[String], other: &[String]) -> bool {
    let shared = other.iter().filter(|code| codes.contains(code)).count();
    match (codes.len(), other.len()) {
        (_, 0) | (0, _) => false,
        (1, 1) => shared == 1,
        // One of them names a single code: it has to be among those of the other.
        (1, _) | (_, 1) => shared >= 1 && codes.first() == other.first() || shared == other.len(),
        _ => shared >= 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    fn speaks(rule: &str, own: &str, other: &str, others: &str, setting: Setting) -> bool {
        speaks_for(rule, &codes(own), other, &codes(others), setting)
    }

    #[test]
    fn a_rule_that_knows_the_way_out_speaks_for_the_note() {
        let unknown = Setting::Unknown;
        assert!(speaks(
            "redundant-by-guideline",
            "N18.4 N18.6",
            "excludes1-conflict",
            "N18.6 N18.4",
            unknown
        ));
        assert!(!speaks(
            "redundant-by-guideline",
            "N18.4 N18.6",
            "excludes1-conflict",
            "N18.6 N19",
            unknown
        ));
        assert!(!speaks("excludes1-conflict", "A B", "redundant-by-guideline", "A B", unknown));
    }

    #[test]
    fn what_is_no_good_code_has_no_words() {
        assert!(VERDICTS.is_sorted());
        assert!(speaks(
            "non-billable-code",
            "N18.3",
            "text-contradicts-code",
            "N18.3",
            Setting::Unknown
        ));
        assert!(!speaks("lowercase-code", "I10", "text-contradicts-code", "I10", Setting::Unknown));
    }

    #[test]
    fn who_speaks_of_a_first_listed_code_depends_on_the_setting() {
        let (secondary, unacceptable) =
            ("secondary-code-first-listed", "unacceptable-principal-diagnosis");
        assert!(speaks(unacceptable, "Z68.41", secondary, "Z68.41", Setting::Inpatient));
        assert!(!speaks(secondary, "Z68.41", unacceptable, "Z68.41", Setting::Inpatient));
        assert!(speaks(secondary, "Z68.41", unacceptable, "Z68.41", Setting::Outpatient));
    }
}
