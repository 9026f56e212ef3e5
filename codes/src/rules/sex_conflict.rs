//! Codes that were restricted to the other sex.

use crate::{
    check::Reason,
    encounter::{JudgedEncounter, Sex},
    patient_group::{SEX_EDIT_RETIRED, restricted_sex},
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
};

declare_rule! {
    /// The code was restricted to the other sex.
    ///
    /// ## Why
    /// Medicare's code editor refused such claims until 2024-09-30, and other payers may still do so. Often the code, the
    /// sex or the patient is another one.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// 71-year-old woman
    /// Dx: C61
    ///     ^^^ warning[sex-conflict]: C61 was restricted to male patients (Medicare sex edit, retired 2024-09-30); the sex given is female. Other payers may still ask for condition code 45 or modifier KX.
    /// ```
    ///
    /// ## Exceptions
    /// Silent when the sex is missing or another, with condition code 45 or modifier KX on the claim, and with payer
    /// Medicare from 2024-10-01. Codes that began after the edit was retired never had a restriction.
    ///
    /// ## Source
    /// Medicare Code Editor, sex conflict: the last flag that the code had.
    "sex-conflict", Warning, Reported, Coding(check),
    unverified("the convention that condition code 45 and modifier KX lift the edit")
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let asked = encounter.encounter;
    let is_medicare = asked.payer.as_deref().is_some_and(|it| it.eq_ignore_ascii_case("medicare"));
    if asked.sex == Sex::Other || is_medicare && encounter.date >= SEX_EDIT_RETIRED {
        return;
    }
    for diagnosis in encounter.good_diagnoses() {
        // While the edit was in force its flags were dated; since then the last one is all that is left.
        let restricted = if encounter.date < SEX_EDIT_RETIRED {
            restricted_sex(diagnosis.flags())
        } else {
            restriction(diagnosis)
        };
        let Some(restricted) = restricted else { continue };
        match asked.sex {
            Sex::Unknown | Sex::Other => report.fact_missing("sex"),
            sex if sex == restricted => report.pass(),
            _ if is_lifted(encounter) => report.bypassed(Reason::Modifier),
            sex => {
                let message = format!(
                    "{} was restricted to {} patients (Medicare sex edit, retired 2024-09-30); the sex given is {}. \
                     Other payers may still ask for condition code 45 or modifier KX.",
                    diagnosis.written(),
                    word(restricted),
                    word(sex),
                );
                report.fail_on(encounter, diagnosis, message);
            }
        }
    }
}

/// The sex that the code was restricted to last.
fn restriction(diagnosis: &ReportedDiagnosis<'_>) -> Option<Sex> {
    diagnosis.concept.flag_periods().iter().rev().find_map(|(_, flags)| restricted_sex(*flags))
}

fn is_lifted(encounter: &JudgedEncounter<'_>) -> bool {
    encounter.encounter.condition_codes.iter().any(|code| code == "45")
        || encounter.encounter.lines.iter().any(|line| line.has_modifier("KX"))
}

fn word(sex: Sex) -> &'static str {
    if sex == Sex::Female { "female" } else { "male" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        encounter::{Encounter, ServiceLine},
        system::CodeSystem,
        testing::{encounter_of, outcome_of, reports_of},
    };

    const RULE: &str = "sex-conflict";

    fn of(sex: Sex, codes: &str) -> Encounter {
        Encounter { sex, ..encounter_of(codes) }
    }

    #[test]
    fn reports_codes_of_the_other_sex() {
        assert_eq!(reports_of(RULE, &of(Sex::Female, "C61")), ["warning C61"]);
        assert_eq!(reports_of(RULE, &of(Sex::Male, "O80")), ["warning O80"]);
        assert_eq!(reports_of(RULE, &of(Sex::Male, "C50.919")), ["warning C50.919"]);
        assert_eq!(reports_of(RULE, &of(Sex::Female, "C61 @2020-01-15")), ["warning C61"]);
    }

    #[test]
    fn accepts_the_own_sex_and_codes_for_all() {
        assert!(reports_of(RULE, &of(Sex::Male, "C61")).is_empty());
        assert_eq!(outcome_of(RULE, &of(Sex::Male, "I10")), None);
        assert_eq!(outcome_of(RULE, &of(Sex::Male, "P07.18")), None);
        // "Of unspecified female breast": there are codes of the male breast beside it.
        assert!(reports_of(RULE, &of(Sex::Female, "C50.919")).is_empty());
    }

    #[test]
    fn a_missing_sex_is_no_pass_and_another_one_is_not_asked() {
        assert_eq!(outcome_of(RULE, &of(Sex::Unknown, "C61")).as_deref(), Some("no_data"));
        assert_eq!(outcome_of(RULE, &of(Sex::Other, "C61")), None);
    }

    #[test]
    fn medicare_has_retired_the_edit() {
        let medicare =
            |codes| Encounter { payer: Some("Medicare".to_owned()), ..of(Sex::Female, codes) };
        assert_eq!(outcome_of(RULE, &medicare("C61 @2025-01-15")), None);
        assert_eq!(reports_of(RULE, &medicare("C61 @2024-09-30")).len(), 1);
    }

    #[test]
    fn a_condition_code_or_modifier_lifts_the_edit() {
        let line = ServiceLine {
            modifiers: vec!["KX".to_owned()],
            ..ServiceLine::new(CodeSystem::Cpt, "99213")
        };
        let by_modifier = Encounter { lines: vec![line], ..of(Sex::Female, "C61") };
        let condition_codes = vec!["45".to_owned()];
        let by_code = Encounter { condition_codes, ..of(Sex::Female, "C61") };
        for encounter in [by_modifier, by_code] {
            assert_eq!(outcome_of(RULE, &encounter).as_deref(), Some("bypassed"));
        }
    }
}
