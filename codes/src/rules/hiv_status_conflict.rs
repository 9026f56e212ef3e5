//! HIV disease, status, inconclusive tests and prevention.

use crate::{
    attempts::note_between,
    cue::Cue,
    encounter::JudgedEncounter,
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
    tabular::NoteKind,
};

declare_rule! {
    /// HIV codes contradict each other, or stand before the code of the pregnancy that they belong to.
    ///
    /// ## Why
    /// A patient with HIV disease (B20) keeps that code: Z21 and R75 are never used again. Prophylaxis before exposure is
    /// for those without the infection. In a pregnancy O98.7- comes first.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: B20, Z21
    ///          ^^^ warning[hiv-status-conflict]: Z21 (Asymptomatic human immunodeficiency virus [HIV] infection status) is not used beside B20: once HIV disease is documented, neither Z21 nor R75 is coded again (ICD-10-CM guideline I.C.1.a.2.g). Remove it, or B20 if the infection never gave symptoms.
    /// ```
    ///
    /// ## Exceptions
    /// The place of B20 among other codes is free: it is first when the reason for the encounter is related to HIV.
    /// A screening (Z11.4) may have found the infection.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.1.a.2.b to k; Excludes1 notes at B20, Z21 and R75.
    "hiv-status-conflict", Warning, Reported, Coding(check), about(Cue::Begins(&["B20", "Z21", "R75", "O987", "Z2981"]))
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let find = |family: &str| encounter.good_diagnoses().iter().find(|it| it.starts_with(family));
    let (disease, status, inconclusive) = (find("B20"), find("Z21"), find("R75"));
    let (pregnancy, prophylaxis) = (find("O987"), find("Z2981"));
    let infection = disease.or(status);
    if infection.or(inconclusive).or(pregnancy).or(prophylaxis).is_some() {
        report.pass();
    }
    if let (Some(disease), Some(status)) = (disease, status) {
        let reason = "once HIV disease is documented, neither Z21 nor R75 is coded again (ICD-10-CM guideline \
                      I.C.1.a.2.g). Remove it, or B20 if the infection never gave symptoms.";
        conflict(encounter, report, status, disease, reason);
    }
    if let (Some(infection), Some(inconclusive)) = (infection, inconclusive) {
        let reason = "a known infection leaves no inconclusive test (ICD-10-CM guideline I.C.1.a.2.g). Remove it.";
        conflict(encounter, report, inconclusive, infection, reason);
    }
    if let (Some(infected), Some(prophylaxis)) = (infection.or(pregnancy), prophylaxis) {
        let reason = "prophylaxis before exposure is for patients without the infection (ICD-10-CM guideline \
                      I.C.1.a.2.k). Remove it.";
        conflict(encounter, report, prophylaxis, infected, reason);
    }
    let Some(pregnancy) = pregnancy else { return };
    let earliest = [disease, status].into_iter().flatten().min_by_key(|it| it.position);
    if let Some(before) = earliest.filter(|it| it.position < pregnancy.position) {
        let message = format!(
            "{} stands behind {}: in a pregnancy O98.7- comes first and the HIV code follows (ICD-10-CM guideline \
             I.C.1.a.2.h). List it before {}.",
            pregnancy.named(),
            before.written(),
            before.written(),
        );
        let issue = report.fail_on(encounter, pregnancy, message).and(before);
        let title = format!("List {} before {}", pregnancy.written(), before.written());
        issue.move_to(before.index(), title);
    }
}

fn conflict(
    encounter: &JudgedEncounter<'_>,
    report: &mut Report<'_>,
    fault: &ReportedDiagnosis<'_>,
    other: &ReportedDiagnosis<'_>,
    reason: &str,
) {
    let message = format!("{} is not used beside {}: {reason}", fault.named(), other.written());
    let issue = report.fail_on(encounter, fault, message).and(other);
    issue.remove(fault.item, &fault.written());
    if let Some(note) = note_between(fault, other, NoteKind::Excludes1) {
        issue.note(note);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, issues_for_codes, outcome_of, reports};

    const RULE: &str = "hiv-status-conflict";

    #[test]
    fn reports_codes_that_contradict_each_other() {
        assert_eq!(reports(RULE, "B20, Z21"), ["warning Z21 B20"]);
        assert_eq!(reports(RULE, "R75, B20"), ["warning R75 B20"]);
        assert_eq!(reports(RULE, "Z21, R75"), ["warning R75 Z21"]);
        assert_eq!(reports(RULE, "Z29.81, Z21"), ["warning Z29.81 Z21"]);
        assert_eq!(reports(RULE, "O98.711, Z29.81"), ["warning Z29.81 O98.711"]);
    }

    #[test]
    fn reports_the_order_in_a_pregnancy() {
        assert_eq!(reports(RULE, "B20, O98.711"), ["warning O98.711 B20"]);
        assert_eq!(reports(RULE, "Z21, O98.711"), ["warning O98.711 Z21"]);
        let issues = issues_for_codes(&["B20", "O98.711"], "2026-04-01");
        assert!(issues.iter().any(|issue| issue.rule == RULE));
        assert!(issues.iter().all(|issue| issue.rule != "obstetric-code-not-first"));
    }

    #[test]
    fn accepts_what_fits() {
        for codes in ["O98.711, B20", "S72.001A, B20", "B20, S72.001A", "O98.711, Z21", "Z29.81"] {
            assert!(reports(RULE, codes).is_empty(), "{codes}");
        }
        assert_eq!(outcome_of(RULE, &encounter_of("Z21, I10")).as_deref(), Some("pass"));
        assert_eq!(outcome_of(RULE, &encounter_of("I10")), None);
    }

    #[test]
    fn codes_that_could_not_be_asked_are_no_pass() {
        let outcome = outcome_of(RULE, &encounter_of("B20, Z21 @2010-03-02"));
        assert_eq!(outcome.as_deref(), Some("no_data"));
    }
}
