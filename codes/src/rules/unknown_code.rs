//! Codes that no release contains.

use crate::{
    code::Code,
    encounter::JudgedEncounter,
    repair::nearest::shared_beginning,
    rule::{Report, declare_rule},
    verdict::{Judgement, Verdict},
};

declare_rule! {
    /// No release contains the code.
    ///
    /// ## Why
    /// A claim with an unknown code is refused; most are typing errors.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: E11.66
    ///     ^^^^^^ error[unknown-code]: ICD-10-CM has no code E11.66. Did you mean E11.65 or E11.69?
    /// ```
    ///
    /// ## Exceptions
    /// Never for CPT, CDT or HCPCS Level II unless a complete official file is installed. Without a label the report
    /// is a hint.
    ///
    /// ## Source
    /// The official code sets; Medicare Code Editor, invalid code edit.
    "unknown-code", Error, EachCode, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    for coded in &encounter.items {
        let judgement = &coded.judgement;
        match &judgement.verdict {
            Verdict::Unknown { candidates } => {
                let issue = report.fail(
                    coded.item,
                    judgement,
                    message(judgement, &most_likely(judgement, candidates)),
                );
                for code in candidates {
                    let concept = encounter.terminology.concept(*code, judgement.date);
                    let title = concept.and_then(|concept| concept.title());
                    issue.replace(*code, title.as_ref().map(|(title, _)| title.as_ref()), false);
                }
            }
            Verdict::Unavailable(reason) => {
                report.no_data(crate::check::Reason::CodeUnavailable(*reason));
            }
            _ => report.pass(),
        }
    }
}

/// The candidates that share as much with the text as the best one; the fixes offer all.
fn most_likely(judgement: &Judgement<'_>, candidates: &[Code]) -> Vec<String> {
    let shared = |code: &Code| shared_beginning(&judgement.normalized.code, &code.key().text());
    let best = candidates.first().map_or(0, shared);
    candidates.iter().filter(|code| shared(code) >= best).map(ToString::to_string).collect()
}

fn message(judgement: &Judgement<'_>, candidates: &[String]) -> String {
    let has_none = format!("{} has no code {}.", judgement.system, judgement.written());
    match candidates {
        [] => has_none,
        [one] => format!("{has_none} Did you mean {one}?"),
        [first @ .., last] => format!("{has_none} Did you mean {} or {last}?", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{issues_of, rules_fired};

    #[test]
    fn reports_codes_that_never_were() {
        for text in ["Dx: E11.66", "Dx: J45.90A", "PCS: 02RF38Q"] {
            assert_eq!(rules_fired(text), ["unknown-code"], "{text}");
        }
        let issue = &issues_of("Dx: E11.66")[0];
        assert!(issue.contains("Did you mean E11.65 or E11.69?"), "{issue}");
    }

    #[test]
    fn stays_silent_on_codes_that_exist_and_on_dental_codes() {
        for text in ["Dx: E11.65", "Dx: QA0.0109", "HCPCS: D0120"] {
            assert!(!rules_fired(text).contains(&"unknown-code".to_owned()), "{text}");
        }
    }

    #[test]
    fn never_reports_systems_that_are_not_installed_in_full() {
        for text in ["CPT: 00000", "HCPCS: A0021"] {
            assert!(!rules_fired(text).contains(&"unknown-code".to_owned()), "{text}");
        }
    }
}
