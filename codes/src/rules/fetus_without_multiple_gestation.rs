//! A fetus with a number, and no multiple gestation.

use crate::{
    attempts::listed,
    check::Reason,
    cue::Cue,
    encounter::JudgedEncounter,
    obstetrics::is_obstetric,
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
};

declare_rule! {
    /// A 7th character names one fetus of several, but no code of O30 says that there are several.
    ///
    /// ## Why
    /// The characters 1 to 5 and 9 are for multiple gestations, and a code of O30 goes with them. A single gestation, or a
    /// fetus that cannot be determined, has 0.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: O36.4XX1, Z3A.22
    ///     ^^^^^^^^ info[fetus-without-multiple-gestation]: O36.4XX1 (Maternal care for intrauterine death, fetus 1) names one fetus of several, but no code of O30 (multiple gestation) is reported (ICD-10-CM guideline I.C.15.a.6). Add it, or use 7th character 0 for a single gestation.
    /// ```
    ///
    /// ## Exceptions
    /// 7th character 0.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.15.a.6; definitions of 7th characters at O31 to O69.
    "fetus-without-multiple-gestation", Information, Reported, Coding(check), about(Cue::Begins(&["O"]))
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let mut numbered = Vec::new();
    for diagnosis in encounter.good_diagnoses().iter().filter(|it| is_obstetric(it)) {
        match names_a_fetus(diagnosis) {
            Some(true) => numbered.push(diagnosis),
            Some(false) => {}
            None => report.no_data(Reason::NotesMissing),
        }
    }
    let Some((fault, others)) = numbered.split_first() else { return };
    if encounter.tries("O30") {
        return report.pass();
    }
    // What could not be asked may be the multiple gestation.
    if encounter.has_unasked_diagnosis() {
        return;
    }
    let (subject, names) = match others {
        [] => (fault.named(), "names"),
        _ => (listed(&numbered), "each name"),
    };
    let message = format!(
        "{subject} {names} one fetus of several, but no code of O30 (multiple gestation) is reported (ICD-10-CM \
         guideline I.C.15.a.6). Add it, or use 7th character 0 for a single gestation."
    );
    let issue = report.fail_on(encounter, fault, message);
    for other in others {
        issue.and(other);
    }
}

/// Whether the 7th character is the number of a fetus, by its definition. `None` when no installed list defines it.
fn names_a_fetus(diagnosis: &ReportedDiagnosis<'_>) -> Option<bool> {
    let Some((list, location)) = diagnosis.place else {
        return if diagnosis.seventh().is_some_and(|it| it != '0') { None } else { Some(false) };
    };
    let Some(seventh) = location.seventh else { return Some(false) };
    let defined = list.seventh_characters(location.node).unwrap_or_default();
    Some(defined.iter().any(|it| it.character == seventh && it.meaning.contains("fetus")))
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, outcome_of, reports};

    const RULE: &str = "fetus-without-multiple-gestation";

    #[test]
    fn reports_a_numbered_fetus() {
        assert_eq!(reports(RULE, "O36.4XX1"), ["info O36.4XX1"]);
        assert_eq!(reports(RULE, "O36.4XX1, O36.4XX2"), ["info O36.4XX1 O36.4XX2"]);
        assert_eq!(reports(RULE, "O36.4XX9"), ["info O36.4XX9"]);
    }

    #[test]
    fn accepts_multiple_gestations_and_single_ones() {
        assert!(reports(RULE, "O36.4XX1, O30.001").is_empty());
        assert!(reports(RULE, "O36.4XX0").is_empty());
        assert!(reports(RULE, "O36.4XX1, O30").is_empty());
        assert_eq!(outcome_of(RULE, &encounter_of("O36.4XX0")), None);
    }

    #[test]
    fn codes_that_could_not_be_asked_are_no_pass() {
        let outcome = outcome_of(RULE, &encounter_of("O36.4XX1 @2010-03-02"));
        assert_eq!(outcome.as_deref(), Some("no_data"));
    }
}
