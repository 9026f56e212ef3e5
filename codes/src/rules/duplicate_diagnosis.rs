//! One diagnosis code twice.

use crate::{
    encounter::{CodedItem, JudgedEncounter, Setting},
    issue::{Change, Severity},
    rule::{Report, declare_rule},
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
    report.skip_unavailable(encounter);
    let exists = |coded: &CodedItem<'_>| coded.judgement.concept.is_some();
    // The principal diagnosis comes first, wherever it stands: the later one is the repetition.
    let known = encounter.ordered().enumerate().filter(|(_, (_, coded))| exists(coded));
    let known: Vec<_> = known.collect();
    for (index, (_, (_, coded))) in known.iter().enumerate() {
        let mut earlier = known[..index].iter();
        let same = earlier.find(|(_, (_, other))| other.judgement.code == coded.judgement.code);
        let Some((position, (_, first))) = same else {
            report.pass();
            continue;
        };
        let written = coded.judgement.written();
        let message = format!("{written} is reported twice in this encounter; report it once.");
        let issue = report.fail(coded.item, &coded.judgement, message);
        issue.with(first.item, &first.judgement);
        // Pointers of lines count diagnoses: taking one out would let them point elsewhere.
        let is_counted =
            encounter.encounter.lines.iter().any(|line| !line.diagnosis_pointers.is_empty());
        issue.fix(format!("Remove the second {written}"), !is_counted, Change::Remove);
        if *position == 0 && encounter.encounter.setting == Setting::Inpatient {
            issue.severity(Severity::Error);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        encounter::{DiagnosisRole, Setting},
        testing::{encounter_of, issues_for_codes, reports, reports_of, rules_fired},
    };

    const ID: &str = "duplicate-diagnosis";

    #[test]
    fn a_principal_diagnosis_repeated_as_secondary_is_an_error() {
        assert_eq!(reports(ID, "I10, I10"), ["warning I10 I10"]);
        let mut encounter = encounter_of("I21.4, I10, I21.4, I10");
        encounter.setting = Setting::Inpatient;
        assert_eq!(reports_of(ID, &encounter), ["error I21.4 I21.4", "warning I10 I10"]);
    }

    #[test]
    fn the_admitting_diagnosis_may_be_the_principal_one() {
        let mut encounter = encounter_of("I21.4, I10, I21.4");
        encounter.setting = Setting::Inpatient;
        encounter.diagnoses[2].role = DiagnosisRole::Admitting;
        assert_eq!(reports_of(ID, &encounter), Vec::<String>::new());
    }

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
