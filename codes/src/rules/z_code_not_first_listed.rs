//! Encounter codes that may only be first, in a later place.

use crate::{
    code_set::CodeSet,
    cue::Cue,
    encounter::JudgedEncounter,
    issue::Severity,
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
};

/// The list of guideline I.C.21.c.15, with its exclusions apart.
static FIRST_ONLY: CodeSet = CodeSet::new(
    "Z00, Z01, Z02, Z04, Z31.81, Z31.83, Z31.84, Z33.2, Z34, Z38, Z39, Z40, Z42, Z51.0, Z51.1-, Z52, Z76.1, Z76.2, Z99.12",
);

/// What the list leaves out of its categories.
static EXCLUDED: CodeSet = CodeSet::new("Z00.6, Z52.9");

/// May follow an unrelated diagnosis (I.C.21.c.6), or accompany the reason for a test (IV.K).
static LENIENT: CodeSet = CodeSet::new("Z04, Z01.89");

/// Treatment of a neoplasm, which chapter 15 precedes (I.C.15.a.1, I.C.2.l.3).
static TREATMENT: CodeSet = CodeSet::new("Z51.0, Z51.1-");

/// Chapter 15.
static OBSTETRIC: CodeSet = CodeSet::new("O00-O9A");

declare_rule! {
    /// An encounter code that may only be first is listed later.
    ///
    /// ## Why
    /// Codes such as Z00.00 or Z51.11 say why the patient came. In a later place they contradict the first-listed
    /// diagnosis, and the service is paid as another one.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: E11.9, Z00.00
    ///            ^^^^^^ warning[z-code-not-first-listed]: Z00.00 (Encounter for general adult medical examination without abnormal findings) is the reason for an encounter and may only be listed first: list it before E11.9.
    /// ```
    ///
    /// ## Exceptions
    /// Two codes of the list, one of them first: several encounters of one day in one record. Radiotherapy,
    /// chemotherapy and immunotherapy behind a code of chapter 15, which precedes all other chapters. Z04, which may
    /// follow an unrelated diagnosis, and Z01.89, which may accompany the reason for a test, are information only.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.21.c.15 (c.16 in older editions), I.C.21.c.6, IV.K, I.C.2.e.2 and I.C.15.a.1.
    "z-code-not-first-listed", Warning, Reported, Coding(check), about(Cue::Begins(&["Z"]))
}

/// Whether a code may only be listed first.
pub(super) fn is_first_only(diagnosis: &ReportedDiagnosis<'_>) -> bool {
    diagnosis.starts_with("Z") && FIRST_ONLY.contains(diagnosis) && !EXCLUDED.contains(diagnosis)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let leads = encounter.leading().is_some_and(is_first_only);
    let first = encounter.of_the_order().next().map(|(_, coded)| coded.judgement.written());
    for (index, own) in diagnoses.iter().enumerate().filter(|(_, own)| is_first_only(own)) {
        let behind_pregnancy = || diagnoses[..index].iter().any(|other| OBSTETRIC.contains(other));
        if own.is_first() || leads || TREATMENT.contains(own) && behind_pregnancy() {
            report.pass();
            continue;
        }
        let before = first.as_deref().unwrap_or("the other codes");
        let message = format!(
            "{} is the reason for an encounter and may only be listed first: list it before {before}.",
            own.named()
        );
        let severity =
            if LENIENT.contains(own) { Severity::Information } else { Severity::Warning };
        let issue = report.fail_on(encounter, own, message).severity(severity);
        if own.movable().is_some() {
            issue.move_to(0, format!("List {} first", own.written()));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, outcome_of, reports};

    const ID: &str = "z-code-not-first-listed";

    #[test]
    fn reports_reasons_for_an_encounter_in_a_later_place() {
        assert_eq!(reports(ID, "E11.9, Z00.00"), ["warning Z00.00"]);
        assert_eq!(reports(ID, "C50.911, Z51.11"), ["warning Z51.11"]);
        assert_eq!(reports(ID, "I10, Z04.1"), ["info Z04.1"]);
        assert_eq!(reports(ID, "E11.9, Z01.818"), ["warning Z01.818"]);
    }

    #[test]
    fn accepts_them_first_and_what_is_not_on_the_list() {
        for codes in [
            "Z00.00, E11.9",
            "Z51.11, C50.911",
            "Z51.0, Z51.11, C34.90",
            "Z00.00, E11.9, Z02.0",
            "O99.891, Z31.82",
            "O99.891, Z51.11",
            "E11.9, Z79.4",
            "I10, Z52.9",
        ] {
            assert_eq!(reports(ID, codes), Vec::<String>::new(), "{codes}");
        }
    }

    #[test]
    fn gives_no_data_for_codes_that_could_not_be_asked() {
        let encounter = encounter_of("E11.9, Z00.00 @2010-03-02");
        assert_eq!(outcome_of(ID, &encounter).as_deref(), Some("no_data"));
    }
}
