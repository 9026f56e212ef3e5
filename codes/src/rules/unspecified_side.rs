//! Codes that leave the side open.

use crate::{
    encounter::JudgedEncounter,
    flag::Flag,
    issue::Severity,
    rule::{Report, declare_rule},
    tabular::sides::Side,
};

declare_rule! {
    /// The code leaves the side open, which Medicare's code editor questions.
    ///
    /// ## Why
    /// A side is seldom unknown. For inpatients the claim comes back unless a remark says that the side cannot be
    /// determined.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: S82.209A
    ///     ^^^^^^^^ hint[unspecified-side]: S82.209A does not say which side; the code editor of Medicare asks for the side, or a remark that it cannot be determined.
    /// ```
    ///
    /// ## Exceptions
    /// A warning for inpatients, a hint otherwise. Not every code without a side has the flag, and none had it before
    /// 2022-04-01. The notes of other clinicians may tell the side.
    ///
    /// ## Source
    /// Medicare Code Editor, unspecified code edit, with the flag of its tables; ICD-10-CM guidelines FY2026, I.B.13 and
    /// I.B.14.
    "unspecified-side", Warning, Reported, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let severity = if encounter.is_inpatient() { Severity::Warning } else { Severity::Hint };
    for diagnosis in encounter.good_diagnoses() {
        if !diagnosis.has(Flag::Unspecified) {
            report.pass();
            continue;
        }
        let message = format!(
            "{} does not say which side; the code editor of Medicare asks for the side, or a remark that it cannot be determined.",
            diagnosis.written()
        );
        let issue = report.fail_on(encounter, diagnosis, message).severity(severity);
        for side in [Side::Right, Side::Left, Side::Bilateral] {
            let Some(sided) = diagnosis.at_side(side) else { continue };
            let title = sided.title().map(|(title, _)| title);
            if let Some(code) = sided.code() {
                issue.replace(code, title.as_deref(), false);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        encounter::{Encounter, Setting},
        testing::{encounter_of, issues_for_codes, reports, reports_of},
    };

    const RULE: &str = "unspecified-side";

    #[test]
    fn reports_codes_with_the_flag() {
        for code in ["S82.209A", "L97.909", "G81.90"] {
            assert_eq!(reports(RULE, code), [format!("hint {code}")]);
        }
        let stay = Encounter { setting: Setting::Inpatient, ..encounter_of("S82.209A") };
        assert_eq!(reports_of(RULE, &stay), ["warning S82.209A"]);
    }

    #[test]
    fn accepts_a_side_codes_without_the_flag_and_earlier_days() {
        for codes in ["M25.569", "S82.202A", "S82.209A @2022-03-31", "I10"] {
            assert!(reports(RULE, codes).is_empty(), "{codes}");
        }
    }

    #[test]
    fn offers_the_sides() {
        let issues = issues_for_codes(&["S82.209A"], "2026-04-01");
        let issue = issues.iter().find(|issue| issue.rule == RULE).unwrap();
        let titles: Vec<_> = issue.fixes.iter().map(|fix| &fix.title[..19]).collect();
        assert_eq!(titles, ["Replace by S82.201A", "Replace by S82.202A"]);
        assert!(issue.fixes.iter().all(|fix| !fix.safe));
    }
}
