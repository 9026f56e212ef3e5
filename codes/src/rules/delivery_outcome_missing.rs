//! A delivery without its outcome.

use crate::{
    check::Reason,
    cue::Cue,
    encounter::{Item, JudgedEncounter},
    obstetrics::delivery,
    rule::{Report, declare_rule},
    system::CodeSystem,
    verdict::{Judgement, Verdict},
};

declare_rule! {
    /// A delivery has no code of Z37 for its outcome.
    ///
    /// ## Why
    /// Every record of a mother with a delivery carries one code for the outcome, always as a further code.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: O80, Z3A.39
    ///     ^^^ warning[delivery-outcome-missing]: O80 (Encounter for full-term uncomplicated delivery) is a delivery without an outcome: add the code of Z37 that is documented (ICD-10-CM guideline I.C.15.b.5).
    /// ```
    ///
    /// ## Exceptions
    /// None. Deliveries are O80, O82 and the procedures that the Medicare Code Editor flags as vaginal delivery or
    /// caesarean section.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.15.b.5 and I.C.21.c.11; use additional code notes at O80 and O82; flags of the
    /// Medicare Code Editor.
    "delivery-outcome-missing", Warning, Reported, Coding(check),
        about(Cue::Begins(&["O80", "O82"]), Cue::Systems(&[CodeSystem::Icd10Pcs]))
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    for (_, coded) in encounter.lines() {
        if let (CodeSystem::Icd10Pcs, Verdict::Unavailable(reason)) =
            (coded.judgement.system, &coded.judgement.verdict)
        {
            report.no_data(Reason::CodeUnavailable(*reason));
        }
    }
    let Some((item, judgement, named)) = found(encounter) else { return };
    if encounter.tries("Z37") {
        return report.pass();
    }
    // What could not be asked may be the outcome.
    if encounter.has_unasked_diagnosis() {
        return;
    }
    let message = format!(
        "{named} is a delivery without an outcome: add the code of Z37 that is documented (ICD-10-CM guideline \
         I.C.15.b.5)."
    );
    report.fail(item, judgement, message);
}

/// What says that there was a delivery, with its code and title.
fn found<'e, 'a>(encounter: &'e JudgedEncounter<'a>) -> Option<(Item, &'e Judgement<'a>, String)> {
    let mut diagnoses = encounter.good_diagnoses().iter();
    if let Some(diagnosis) = diagnoses.find(|it| it.starts_with("O80") || it.starts_with("O82")) {
        let judgement = &encounter.coded(diagnosis).judgement;
        return Some((diagnosis.item, judgement, diagnosis.named()));
    }
    let line = delivery(encounter)?;
    let title = line.judgement.concept.and_then(|concept| concept.title());
    let written = line.judgement.written();
    let named = title.map_or_else(|| written.clone(), |(title, _)| format!("{written} ({title})"));
    Some((line.item, &line.judgement, named))
}

#[cfg(test)]
mod tests {
    use crate::{
        encounter::ServiceLine,
        system::CodeSystem,
        testing::{encounter_of, outcome_of, reports, reports_of},
    };

    const RULE: &str = "delivery-outcome-missing";

    #[test]
    fn reports_a_delivery_by_its_diagnosis_or_procedure() {
        assert_eq!(reports(RULE, "O80"), ["warning O80"]);
        assert_eq!(reports(RULE, "O82, Z3A.39"), ["warning O82"]);
        for code in ["10E0XZZ", "10D07Z7", "10D00Z1"] {
            let mut encounter = encounter_of("O70.0");
            encounter.lines = vec![ServiceLine::new(CodeSystem::Icd10Pcs, code)];
            assert_eq!(reports_of(RULE, &encounter), [format!("warning {code}")]);
            encounter.diagnoses.extend(encounter_of("Z37.0").diagnoses);
            assert_eq!(outcome_of(RULE, &encounter).as_deref(), Some("pass"));
        }
    }

    #[test]
    fn accepts_an_outcome_and_what_is_no_delivery() {
        assert!(reports(RULE, "O80, Z37.0").is_empty());
        assert!(reports(RULE, "O24.414").is_empty());
        // A wrong code for the outcome is no missing one.
        assert!(reports(RULE, "O80, Z37").is_empty());
        let mut encounter = encounter_of("O70.0");
        encounter.lines = vec![ServiceLine::new(CodeSystem::Icd10Pcs, "0DTJ4ZZ")];
        assert_eq!(outcome_of(RULE, &encounter), None);
    }

    #[test]
    fn codes_that_could_not_be_asked_are_no_pass() {
        let outcome = outcome_of(RULE, &encounter_of("O80 @2010-03-02"));
        assert_eq!(outcome.as_deref(), Some("no_data"));
    }
}
