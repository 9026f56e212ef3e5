//! O80 and what contradicts it.

use crate::{
    attempts::listed,
    cue::Cue,
    encounter::{DiagnosisRole, JudgedEncounter},
    obstetrics::{is_newborns, is_obstetric},
    rule::{Report, declare_rule},
};

declare_rule! {
    /// O80 (uncomplicated delivery) stands beside a complication, beside another outcome than Z37.0, or not first.
    ///
    /// ## Why
    /// O80 is for a full-term, spontaneous delivery of a single liveborn infant without complications. It is the principal
    /// diagnosis and stands with no other code of chapter 15.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: O80, O70.0, Z37.0
    ///     ^^^ warning[normal-delivery-with-complication]: O80 (Encounter for full-term uncomplicated delivery) is not used with O70.0: it is for deliveries without any other code of chapter 15 (ICD-10-CM guideline I.C.15.n). Remove O80 if the delivery had a complication.
    /// ```
    ///
    /// ## Exceptions
    /// Codes of other chapters that do not complicate the pregnancy may stand beside O80.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.15.n.1 to n.3; inclusion note at O80.
    "normal-delivery-with-complication", Warning, Reported, Coding(check), about(Cue::Begins(&["O80"]))
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let Some(normal) = diagnoses.iter().find(|it| it.starts_with("O80")) else { return };
    report.pass();
    let others: Vec<_> =
        diagnoses.iter().filter(|it| is_obstetric(it) && !it.starts_with("O80")).collect();
    if !others.is_empty() {
        let message = format!(
            "{} is not used with {}: it is for deliveries without any other code of chapter 15 (ICD-10-CM guideline \
             I.C.15.n). Remove O80 if the delivery had a complication.",
            normal.named(),
            listed(&others),
        );
        let issue = report.fail_on(encounter, normal, message);
        for other in &others {
            issue.and(other);
        }
        issue.remove(normal.item, "O80");
    }
    let outcome = |code: &str| code.starts_with("Z37") && code != "Z370";
    if let Some(outcome) = diagnoses.iter().find(|it| outcome(&it.key.text())) {
        let message = format!(
            "{} is not used with {}: its only outcome is Z37.0, a single live birth (ICD-10-CM guideline I.C.15.n.3). \
             Correct one of them.",
            normal.named(),
            outcome.named(),
        );
        report.fail_on(encounter, normal, message).and(outcome);
    }
    // Another code of chapter 15 in first place is reported above, a newborn's record by its own rule.
    let first = encounter.first_listed().filter(|it| !is_obstetric(it) && !is_newborns(it));
    if let Some(first) = first {
        let message = format!(
            "{} stands behind {}, but is always the principal diagnosis (ICD-10-CM guideline I.C.15.n.1). List it first.",
            normal.named(),
            first.written(),
        );
        let issue = report.fail_on(encounter, normal, message).and(first);
        if first.role != DiagnosisRole::Principal {
            issue.move_to(first.index(), format!("List O80 before {}", first.written()));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, issues_for_codes, outcome_of, reports};

    const RULE: &str = "normal-delivery-with-complication";

    #[test]
    fn reports_complications_other_outcomes_and_later_positions() {
        assert_eq!(reports(RULE, "O80, O70.0, Z37.0"), ["warning O80 O70.0"]);
        assert_eq!(reports(RULE, "O70.0, O80, Z37.0"), ["warning O80 O70.0"]);
        assert_eq!(reports(RULE, "O80, Z37.1"), ["warning O80 Z37.1"]);
        assert_eq!(reports(RULE, "Z37.0, O80"), ["warning O80 Z37.0"]);
        assert_eq!(reports(RULE, "D64.9, O80, Z37.0"), ["warning O80 D64.9"]);
    }

    #[test]
    fn accepts_a_normal_delivery() {
        assert!(reports(RULE, "O80, Z37.0, Z3A.39").is_empty());
        assert!(reports(RULE, "O80, Z37.0, I10").is_empty());
        assert_eq!(outcome_of(RULE, &encounter_of("O80, Z37.0")).as_deref(), Some("pass"));
        assert_eq!(outcome_of(RULE, &encounter_of("O70.0, Z37.1")), None);
    }

    #[test]
    fn one_rule_speaks_of_the_position() {
        let issues = issues_for_codes(&["D64.9", "O80", "Z37.0"], "2026-04-01");
        assert!(issues.iter().any(|issue| issue.rule == RULE));
        assert!(issues.iter().all(|issue| issue.rule != "obstetric-code-not-first"));
    }

    #[test]
    fn codes_that_could_not_be_asked_are_no_pass() {
        let outcome = outcome_of(RULE, &encounter_of("O80, O70.0 @2010-03-02"));
        assert_eq!(outcome.as_deref(), Some("no_data"));
    }
}
