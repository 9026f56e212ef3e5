//! Where two rules see one fault, the one that knows the way out reports it.

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
    let described: Vec<_> =
        issues.iter().map(|issue| (issue.rule.to_string(), issue.codes.clone())).collect();
    let mut adopted = Vec::new();
    let mut kept = Vec::with_capacity(issues.len());
    for issue in issues.drain(..) {
        let stronger = described
            .iter()
            .position(|(rule, codes)| speaks_for(rule, codes, &issue.rule, &issue.codes, setting));
        match stronger {
            Some(index) => adopted.push((index, issue.notes)),
            None => kept.push(issue),
        }
    }
    for (index, notes) in adopted {
        let (rule, codes) = &described[index];
        let speaker = kept.iter_mut().find(|issue| issue.rule == *rule && issue.codes == *codes);
        let Some(speaker) = speaker else { continue };
        for note in notes {
            if !speaker.notes.contains(&note) {
                speaker.notes.push(note);
            }
        }
    }
    *issues = kept;
}

/// Whether an issue of `rule` makes one of `other` needless: it is about the same codes, and its rule goes first.
pub fn speaks_for(
    rule: &str,
    codes: &[String],
    other: &str,
    other_codes: &[String],
    setting: Setting,
) -> bool {
    outranks(rule, other, setting) && concerns_the_same(codes, other_codes)
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
