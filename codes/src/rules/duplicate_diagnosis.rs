//! One diagnosis code twice.

use crate::{
    check::Reason,
    encounter::{JudgedEncounter, Setting},
    issue::{Change, Severity},
    rule::{Report, declare_rule},
    verdict::Verdict,
};

declare_rule! {
    /// The same diagnosis code is reported twice.
    ///
    /// ## Why
    /// Each diagnosis is reported once; a repetition is often a typing error for another code.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: I10, E11.9, I10
    ///                 ^^^ warning[duplicate-diagnosis]: I10 is reported twice in this encounter; report it once.
    /// ```
    ///
    /// ## Exceptions
    /// Naming a code again in another part of a note is no repetition, nor is one code on several claim lines. For
    /// inpatients a repeated principal diagnosis is an error.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.B.12; Medicare Code Editor, duplicate of the principal diagnosis.
    "duplicate-diagnosis", Warning, Reported, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    for coded in encounter.diagnoses() {
        if let Verdict::Unavailable(reason) = coded.judgement.verdict {
            report.no_data(Reason::CodeUnavailable(reason));
        }
    }
    let known: Vec<_> =
        encounter.diagnoses().filter(|coded| coded.judgement.concept.is_some()).collect();
    for (index, coded) in known.iter().enumerate() {
        let earlier =
            known[..index].iter().position(|other| other.judgement.code == coded.judgement.code);
        let Some(earlier) = earlier else {
            report.pass();
            continue;
        };
        let written = coded.judgement.written();
        let message = format!("{written} is reported twice in this encounter; report it once.");
        let issue = report.fail(coded.item, &coded.judgement, message);
        issue.with(known[earlier].item, &known[earlier].judgement);
        issue.fix(format!("Remove the second {written}"), true, Change::Remove);
        if earlier == 0 && encounter.encounter.setting == Setting::Inpatient {
            issue.severity(Severity::Error);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{issues_for_codes, rules_fired};

    #[test]
    fn reports_the_second_of_two() {
        let issues = issues_for_codes(&["I10", "E11.9", "i10"], "2026-04-01");
        let issue = issues.iter().find(|issue| issue.rule == "duplicate-diagnosis").unwrap();
        assert_eq!(issue.items[0], crate::encounter::Item::Diagnosis(2));
    }

    #[test]
    fn accepts_a_code_that_another_part_of_the_note_names_again() {
        assert!(rules_fired("DOS: 2026-04-01\nDx: I10, E11.9\n\nPlan\n\nDx: I10").is_empty());
    }
}
