//! Chapter 15 behind another chapter.

use crate::{
    cue::Cue,
    encounter::{DiagnosisRole, JudgedEncounter},
    obstetrics::{is_newborns, is_obstetric},
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
};

declare_rule! {
    /// A code of chapter 15 is reported, but another chapter is listed first.
    ///
    /// ## Why
    /// Codes of pregnancy, childbirth and the puerperium have priority over all other chapters: a condition of a pregnant
    /// woman counts as complicating the pregnancy unless the provider says that it does not.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: I10, O24.414
    ///          ^^^^^^^ warning[obstetric-code-not-first]: O24.414 (Gestational diabetes mellitus in pregnancy, insulin controlled) stands behind I10: codes of chapter 15 come before those of all other chapters (ICD-10-CM guideline I.C.15.a.1). List it first; a pregnancy that the provider calls incidental is Z33.1 instead.
    /// ```
    ///
    /// ## Exceptions
    /// O94 as the only such code follows the sequela that it explains. Z39 and Z33.2 may only be first. Z33.1 and Z34
    /// beside chapter 15, and codes of the newborn, are reported by other rules. Where O98.5- only says that COVID-19 was
    /// found as well, the reason for the encounter may be first.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.15.a.1, I.C.15.f, g, m, p.3, r and s, I.C.2.l.3, I.C.21.c.15.
    "obstetric-code-not-first", Warning, Reported, Coding(check), about(Cue::Begins(&["O"]))
}

/// First-listed codes that may only be first, or whose conflict with chapter 15 is another rule's.
const LEFT_ALONE: [&str; 3] = ["Z33", "Z34", "Z39"];

/// COVID-19 itself and what may be its manifestation.
const COVID_OR_LUNG: [&str; 3] = ["U07", "J", "M3581"];

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let mut obstetric = encounter.good_diagnoses().iter().filter(|it| is_obstetric(it));
    let Some(fault) = obstetric.find(|it| !it.starts_with("O94")) else { return };
    // A first-listed code that is not good has its own issue; what it should be is open.
    let Some(first) = encounter.first_listed() else { return };
    let governed = LEFT_ALONE.iter().any(|family| first.starts_with(family));
    if is_obstetric(first) || governed || is_newborns(first) {
        return report.pass();
    }
    if has_covid_beside(encounter, first) {
        return report.pass();
    }
    let message = format!(
        "{} stands behind {}: codes of chapter 15 come before those of all other chapters (ICD-10-CM guideline \
         I.C.15.a.1). List it first; a pregnancy that the provider calls incidental is Z33.1 instead.",
        fault.named(),
        first.written(),
    );
    let issue = report.fail_on(encounter, fault, message).and(first);
    if first.role != DiagnosisRole::Principal {
        let title = format!("List {} before {}", fault.written(), first.written());
        issue.move_to(first.index(), title);
    }
}

/// Whether the pregnancy is named for COVID-19 only, which was found in an encounter for something else: then the reason
/// for the encounter comes first. Source: I.C.15.s.
fn has_covid_beside(encounter: &JudgedEncounter<'_>, first: &ReportedDiagnosis<'_>) -> bool {
    let mut obstetric = encounter.good_diagnoses().iter().filter(|it| is_obstetric(it));
    let only_covid = obstetric.all(|it| it.starts_with("O985") || it.starts_with("O94"));
    only_covid && encounter.tries("U071") && !COVID_OR_LUNG.iter().any(|it| first.starts_with(it))
}

#[cfg(test)]
mod tests {
    use crate::testing::{checks_for_codes, encounter_of, outcome_of, reports};

    const RULE: &str = "obstetric-code-not-first";

    #[test]
    fn reports_a_code_behind_another_chapter() {
        assert_eq!(reports(RULE, "E11.9, O24.414"), ["warning O24.414 E11.9"]);
        assert_eq!(reports(RULE, "I69.351, O94, O24.414"), ["warning O24.414 I69.351"]);
        // The first of several is the one to move.
        assert_eq!(reports(RULE, "U07.1, O98.511"), ["warning O98.511 U07.1"]);
        assert_eq!(reports(RULE, "B20, O98.711, O10.011"), ["warning O98.711 B20"]);
    }

    #[test]
    fn accepts_what_stands_first_or_may_only_stand_first() {
        for codes in [
            "O24.414, Z3A.28",
            "I69.351, O94",
            "Z39.0, O90.3",
            "Z33.2, O36.4XX0",
            "Z33.1, O09.91",
            "Z34.90, O09.91",
            "Z38.00, O80",
            "S72.001A, O98.511, U07.1",
            "E11.9, I10",
        ] {
            assert!(reports(RULE, codes).is_empty(), "{codes}");
        }
        assert_eq!(outcome_of(RULE, &encounter_of("E11.9, I10")), None);
        assert_eq!(outcome_of(RULE, &encounter_of("O24.414, I10")).as_deref(), Some("pass"));
    }

    #[test]
    fn says_nothing_behind_a_code_that_is_not_good() {
        assert!(reports(RULE, "E11, O24.414").is_empty());
    }

    #[test]
    fn one_rule_speaks_where_hiv_stands_before_the_pregnancy() {
        let failed = checks_for_codes(&["B20", "O98.711"], "2026-04-01");
        assert!(failed.iter().any(|(rule, outcome)| rule == RULE && outcome == "fail"));
    }

    #[test]
    fn codes_that_could_not_be_asked_are_no_pass() {
        let outcome = outcome_of(RULE, &encounter_of("E11.9, O24.414 @2010-03-02"));
        assert_eq!(outcome.as_deref(), Some("no_data"));
    }
}
