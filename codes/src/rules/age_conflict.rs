//! Codes for patients of another age.

use crate::{
    encounter::JudgedEncounter,
    issue::Severity,
    patient_group::{AGE_GROUPS, age_range},
    rule::{Report, declare_rule},
};

declare_rule! {
    /// The patient's age is outside the range of the code.
    ///
    /// ## Why
    /// Some conditions occur, or are coded so, only at certain ages. The code editor of Medicare refuses inpatient claims
    /// where the age does not fit; often the code, the age or the patient is another one.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// 34-year-old woman
    /// Dx: Z00.110
    ///     ^^^^^^^ warning[age-conflict]: Z00.110 is a newborn code (age 0); the patient is 34.
    /// ```
    ///
    /// ## Exceptions
    /// Silent without an age. An error for inpatients. Codes of chapter 16 have not been restricted to newborns since
    /// 2016-10-01. Maternity codes: 12 to 55 until 2019-09-30, 9 to 64 since.
    ///
    /// ## Source
    /// Medicare Code Editor, age conflict, with the flags and age groups of its tables.
    "age-conflict", Error, Reported, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let is_inpatient = encounter.is_inpatient();
    let ranges = &encounter.terminology.supplements().age_ranges;
    for diagnosis in encounter.good_diagnoses() {
        let mut groups = AGE_GROUPS.iter().filter(|(flag, _, _)| diagnosis.has(*flag)).peekable();
        if groups.peek().is_none() {
            continue;
        }
        let Some(age) = encounter.encounter.age_in_years() else {
            report.fact_missing("age_years");
            continue;
        };
        let conflict = groups.find_map(|(_, group, words)| {
            let (first, last) = age_range(ranges, group, encounter.date);
            let fits = (u32::from(first)..=u32::from(last)).contains(&age);
            (!fits).then_some((words, first, last))
        });
        let Some((words, first, last)) = conflict else {
            report.pass();
            continue;
        };
        let ages = if last == first { first.to_string() } else { format!("{first} to {last}") };
        let written = diagnosis.written();
        let message = format!("{written} is {words} code (age {ages}); the patient is {age}.");
        let issue = report.fail_on(encounter, diagnosis, message);
        issue.severity(if is_inpatient { Severity::Error } else { Severity::Warning });
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        encounter::{Encounter, Setting},
        testing::{encounter_of, outcome_of, reports_of},
    };

    const RULE: &str = "age-conflict";

    fn at(age: u32, codes: &str) -> Encounter {
        Encounter { age_years: Some(age), ..encounter_of(codes) }
    }

    #[test]
    fn reports_ages_outside_the_range() {
        for (age, codes) in [
            (34, "Z00.110"),
            (70, "O80"),
            (8, "O80"),
            (8, "F03.90"),
            (40, "G93.7"),
            (18, "G93.7"),
            (56, "O80 @2019-09-30"),
            (11, "O80 @2019-09-30"),
        ] {
            assert_eq!(reports_of(RULE, &at(age, codes)).len(), 1, "{age} {codes}");
        }
        assert_eq!(reports_of(RULE, &at(34, "Z00.110")), ["warning Z00.110"]);
        let stay = Encounter { setting: Setting::Inpatient, ..at(34, "Z00.110") };
        assert_eq!(reports_of(RULE, &stay), ["error Z00.110"]);
    }

    #[test]
    fn accepts_both_ends_of_the_range() {
        for (age, codes) in [
            (0, "Z38.00"),
            (66, "N40.1"),
            (5, "P07.18"),
            (17, "G93.7"),
            (15, "F03.90"),
            (9, "O80"),
            (64, "O80"),
            (56, "O80 @2019-10-01"),
            (55, "O80 @2019-09-30"),
        ] {
            assert!(reports_of(RULE, &at(age, codes)).is_empty(), "{age} {codes}");
        }
    }

    #[test]
    fn days_are_an_age_and_no_age_is_no_pass() {
        let born = Encounter { age_days: Some(3), ..encounter_of("Z38.00") };
        assert_eq!(outcome_of(RULE, &born).as_deref(), Some("pass"));
        assert_eq!(outcome_of(RULE, &encounter_of("Z00.110")).as_deref(), Some("no_data"));
        assert_eq!(outcome_of(RULE, &encounter_of("I10")), None);
        assert_eq!(outcome_of(RULE, &at(200, "I10")), None);
    }
}
