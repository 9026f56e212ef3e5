//! Principal diagnoses that seldom need a hospital.

use crate::{
    check::Reason,
    encounter::JudgedEncounter,
    flag::Flag,
    rule::{Report, declare_rule},
};

declare_rule! {
    /// The principal diagnosis alone seldom justifies an admission.
    ///
    /// ## Why
    /// The code editor flags 30 diagnoses, such as hypertension without complications, that are usually treated without
    /// an admission. Reviewers ask for what made the stay necessary.
    ///
    /// ## Example
    /// ```note
    /// ---
    /// date: 2026-04-01
    /// setting: inpatient
    /// ---
    /// Dx: I10
    ///     ^^^ info[questionable-admission]: I10 (Essential (primary) hypertension) alone seldom justifies an admission: make sure that the record shows why the stay was necessary.
    /// ```
    ///
    /// ## Exceptions
    /// Inpatients only.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, Section II; Medicare Code Editor, questionable admission flag.
    "questionable-admission", Information, Reported, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    if !encounter.is_inpatient() {
        return;
    }
    report.skip_unavailable(encounter);
    let Some(first) = encounter.leading() else { return };
    if !encounter.has_flags() {
        return report.no_data(Reason::DateNotCovered);
    }
    if !first.has(Flag::QuestionableAdmission) {
        return report.pass();
    }
    let message = format!(
        "{} alone seldom justifies an admission: make sure that the record shows why the stay was necessary.",
        first.named()
    );
    report.fail_on(encounter, first, message);
}

#[cfg(test)]
mod tests {
    use crate::{
        encounter::Setting,
        testing::{encounter_of, outcome_of, reports_of},
    };

    const ID: &str = "questionable-admission";

    fn of(codes: &str, setting: Setting) -> Vec<String> {
        let mut encounter = encounter_of(codes);
        encounter.setting = setting;
        reports_of(ID, &encounter)
    }

    #[test]
    fn reports_flagged_principal_diagnoses_of_inpatients() {
        assert_eq!(of("I10", Setting::Inpatient), ["info I10"]);
        assert_eq!(of("E11.9, I10", Setting::Inpatient), ["info E11.9"]);
    }

    #[test]
    fn accepts_others_and_outpatients() {
        assert_eq!(of("I21.4, I10", Setting::Inpatient), Vec::<String>::new());
        assert_eq!(of("I10", Setting::Outpatient), Vec::<String>::new());
        assert_eq!(of("I10", Setting::Unknown), Vec::<String>::new());
    }

    #[test]
    fn gives_no_data_for_codes_that_could_not_be_asked() {
        let mut encounter = encounter_of("I10 @2010-03-02");
        encounter.setting = Setting::Inpatient;
        assert_eq!(outcome_of(ID, &encounter).as_deref(), Some("no_data"));
    }
}
