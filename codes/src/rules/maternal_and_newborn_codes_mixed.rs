//! Two records in one.

use crate::{
    attempts::{listed, note_between},
    cue::Cue,
    encounter::JudgedEncounter,
    issue::Severity,
    obstetrics::{is_maternal, is_newborns},
    rule::{Report, declare_rule},
    tabular::NoteKind,
};

declare_rule! {
    /// One encounter holds codes of the mother and of the newborn.
    ///
    /// ## Why
    /// Mother and newborn are two patients with two records. Codes of chapter 15 and Z37 are the mother's, chapter 16 and
    /// Z38 the newborn's.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: O80, Z37.0, Z38.00
    ///                 ^^^^^^ error[maternal-and-newborn-codes-mixed]: Z38.00 belongs on the record of the newborn, O80 and Z37.0 on that of the mother (ICD-10-CM guidelines I.C.15.a.2, I.C.16.a): report two encounters.
    /// ```
    ///
    /// ## Exceptions
    /// Without Z38 it is a warning: a perinatal condition may go on throughout life, so a pregnant adult may have one.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.15.a.2, I.C.16.a.1, I.C.16.a.2, I.C.16.a.4 and I.C.21.c.11; notes of chapters 15
    /// and 16, Z37 and Z38.
    "maternal-and-newborn-codes-mixed", Error, Reported, Coding(check),
        about(Cue::Begins(&["O", "P", "Z33", "Z34", "Z37", "Z38", "Z39", "Z3A"]))
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let maternal: Vec<_> = diagnoses.iter().filter(|it| is_maternal(it)).collect();
    let newborns: Vec<_> = diagnoses.iter().filter(|it| is_newborns(it)).collect();
    let (Some(mother), Some(newborn)) = (maternal.first(), newborns.first()) else {
        if !maternal.is_empty() || !newborns.is_empty() {
            report.pass();
        }
        return;
    };
    // Whose record it is, the first code says; the other group is at fault.
    let (fault, others) = if mother.position < newborn.position {
        (&newborns, &maternal)
    } else {
        (&maternal, &newborns)
    };
    let birth = newborns.iter().any(|it| it.starts_with("Z38"));
    let lifelong =
        if birth { "" } else { ", unless the mother herself still has the perinatal condition" };
    let belongs = if newborns.len() == 1 { "belongs" } else { "belong" };
    let message = format!(
        "{} {belongs} on the record of the newborn, {} on that of the mother (ICD-10-CM guidelines I.C.15.a.2, \
         I.C.16.a): report two encounters{lifelong}.",
        listed(&newborns),
        listed(&maternal),
    );
    let issue = report.fail_on(encounter, fault[0], message);
    for other in fault.iter().skip(1).chain(others.iter()) {
        issue.and(other);
    }
    if !birth {
        issue.severity(Severity::Warning);
    }
    if let Some(note) = note_between(mother, newborn, NoteKind::Excludes1) {
        issue.note(note);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, outcome_of, reports};

    const RULE: &str = "maternal-and-newborn-codes-mixed";

    #[test]
    fn reports_two_records_in_one() {
        assert_eq!(reports(RULE, "O80, Z37.0, Z38.00"), ["error Z38.00 O80 Z37.0"]);
        assert_eq!(reports(RULE, "Z38.00, Z37.0"), ["error Z37.0 Z38.00"]);
    }

    #[test]
    fn a_perinatal_condition_may_be_the_mothers_own() {
        assert_eq!(reports(RULE, "O70.0, P07.18"), ["warning P07.18 O70.0"]);
    }

    #[test]
    fn accepts_one_record() {
        assert!(reports(RULE, "O80, Z37.0").is_empty());
        assert!(reports(RULE, "Z38.00, P07.18").is_empty());
        assert!(reports(RULE, "I10, Z30.2").is_empty());
    }

    #[test]
    fn codes_that_could_not_be_asked_are_no_pass() {
        let outcome = outcome_of(RULE, &encounter_of("O80, Z38.00 @2010-03-02"));
        assert_eq!(outcome.as_deref(), Some("no_data"));
    }
}
