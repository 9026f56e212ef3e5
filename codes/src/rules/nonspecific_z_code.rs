//! Z codes that say too little.

use crate::{
    code_set::CodeSet,
    cue::Cue,
    encounter::JudgedEncounter,
    issue::Severity,
    rule::{Report, declare_rule},
};

/// The list of guideline I.C.21.c.14.
static NONSPECIFIC: CodeSet =
    CodeSet::new("Z02.9, Z04.9, Z13.9, Z41.9, Z52.9, Z86.59, Z88.9, Z92.0");

declare_rule! {
    /// A Z code says too little to justify its use.
    ///
    /// ## Why
    /// For hospitals there is little justification for these codes; elsewhere they are for records that say nothing more
    /// precise.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: Z13.9
    ///     ^^^^^ hint[nonspecific-z-code]: Z13.9 (Encounter for screening, unspecified) says too little: choose another code of Z13.- where the record allows it.
    /// ```
    ///
    /// ## Exceptions
    /// Information for inpatients, a hint otherwise.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.21.c.14.
    "nonspecific-z-code", Information, Reported, Coding(check), about(Cue::Begins(&["Z"]))
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let severity = if encounter.is_inpatient() { Severity::Information } else { Severity::Hint };
    let z_codes = encounter.good_diagnoses().iter().filter(|own| own.starts_with("Z"));
    for own in z_codes {
        if !NONSPECIFIC.contains(own) {
            report.pass();
            continue;
        }
        let message = format!(
            "{} says too little: choose another code of {}.- where the record allows it.",
            own.named(),
            own.key.prefix(3)
        );
        report.fail_on(encounter, own, message).severity(severity);
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        encounter::Setting,
        testing::{encounter_of, outcome_of, reports, reports_of},
    };

    const ID: &str = "nonspecific-z-code";

    #[test]
    fn reports_codes_of_the_list() {
        assert_eq!(reports(ID, "Z13.9"), ["hint Z13.9"]);
        let mut encounter = encounter_of("I21.4, Z88.9");
        encounter.setting = Setting::Inpatient;
        assert_eq!(reports_of(ID, &encounter), ["info Z88.9"]);
    }

    #[test]
    fn accepts_codes_that_say_more() {
        for codes in ["Z13.1", "E11.9", "Z85.3"] {
            assert_eq!(reports(ID, codes), Vec::<String>::new(), "{codes}");
        }
    }

    #[test]
    fn gives_no_data_for_codes_that_could_not_be_asked() {
        let encounter = encounter_of("Z13.9 @2010-03-02");
        assert_eq!(outcome_of(ID, &encounter).as_deref(), Some("no_data"));
    }
}
