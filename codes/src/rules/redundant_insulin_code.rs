//! Insulin in type 1 diabetes.

use crate::{
    code_set::CodeSet,
    cue::Cue,
    encounter::JudgedEncounter,
    rule::{Report, declare_rule},
};

declare_rule! {
    /// Z79.4 (long-term use of insulin) stands beside type 1 diabetes.
    ///
    /// ## Why
    /// Type 1 diabetes is treated with insulin, so Z79.4 adds nothing. The guidelines neither ask for it nor forbid it;
    /// E10 lacks the note that asks for it at the other types.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: E10.9, Z79.4
    ///            ^^^^^ hint[redundant-insulin-code]: Z79.4 (Long term (current) use of insulin) adds nothing to E10.9: type 1 diabetes is treated with insulin. It may be removed.
    /// ```
    ///
    /// ## Exceptions
    /// Another kind of diabetes in the encounter.
    ///
    /// ## Source
    /// ICD-10-CM tabular list: the use additional code notes of E08 to E13, which E10 lacks; guidelines FY2026, I.C.4.a.3.
    "redundant-insulin-code", Hint, Reported, Coding(check), about(Cue::Begins(&["Z794"]))
}

/// Kinds of diabetes whose notes ask for the treatment.
static OTHER_KINDS: CodeSet = CodeSet::new("E08, E09, E11, E13, O24.1, O24.3, O24.4, O24.8, O24.9");

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let Some(insulin) = diagnoses.iter().find(|it| it.starts_with("Z794")) else { return };
    let type_1 = diagnoses.iter().find(|it| it.starts_with("E10"));
    let other = diagnoses.iter().any(|it| OTHER_KINDS.contains(it));
    let Some(type_1) = type_1.filter(|_| !other) else { return report.pass() };
    // A code that is not good may be another kind of diabetes.
    if encounter.has_faulty_diagnosis() {
        return;
    }
    let message = format!(
        "{} adds nothing to {}: type 1 diabetes is treated with insulin. It may be removed.",
        insulin.named(),
        type_1.written(),
    );
    let issue = report.fail_on(encounter, insulin, message).and(type_1);
    issue.remove(insulin.item, &insulin.written());
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, outcome_of, reports};

    const RULE: &str = "redundant-insulin-code";

    #[test]
    fn hints_at_insulin_in_type_1_only() {
        assert_eq!(reports(RULE, "E10.9, Z79.4"), ["hint Z79.4 E10.9"]);
        assert!(reports(RULE, "E11.9, Z79.4").is_empty());
        assert!(reports(RULE, "E10.9, E11.9, Z79.4").is_empty());
        assert!(reports(RULE, "E10.9").is_empty());
    }

    #[test]
    fn codes_that_could_not_be_asked_are_no_pass() {
        let outcome = outcome_of(RULE, &encounter_of("E10.9, Z79.4 @2010-03-02"));
        assert_eq!(outcome.as_deref(), Some("no_data"));
    }
}
