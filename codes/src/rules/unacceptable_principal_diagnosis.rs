//! Codes that do not explain an inpatient stay.

use crate::{
    check::Reason,
    code_set::CodeSet,
    encounter::{JudgedEncounter, Setting},
    flag::Flag,
    issue::Severity,
    rule::{Report, declare_rule},
};

/// Reasons for encounters outside of hospitals: examinations, screening, vaccination, counselling and the like. Where the
/// setting is not known they speak for an outpatient.
static OUTPATIENT_REASONS: CodeSet = CodeSet::new("Z00-Z13, Z20-Z53, Z69-Z76");

declare_rule! {
    /// The code is not acceptable as an inpatient principal diagnosis.
    ///
    /// ## Why
    /// The principal diagnosis is the condition that occasioned the admission. Medicare returns claims whose principal
    /// diagnosis is only a circumstance, a history or a part of another condition.
    ///
    /// ## Example
    /// ```note
    /// ---
    /// date: 2026-04-01
    /// setting: inpatient
    /// ---
    /// Dx: Z85.3
    ///     ^^^^^ error[unacceptable-principal-diagnosis]: Z85.3 (Personal history of malignant neoplasm of breast) is not acceptable as principal diagnosis of an inpatient stay.
    /// ```
    ///
    /// ## Exceptions
    /// Outpatients: a first-listed Z00.00 or Z23 is right there. Where the setting is not known it is information, and
    /// not for the reasons of outpatient encounters. Z51.89 is acceptable as soon as there is a secondary diagnosis.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, Section II; Medicare Code Editor, unacceptable principal diagnosis.
    "unacceptable-principal-diagnosis", Error, Reported, Coding(check)
}

/// Places of service of an inpatient stay: hospital, psychiatric facility, rehabilitation.
const INPATIENT_PLACES: [&str; 3] = ["21", "51", "61"];

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let setting = encounter.encounter.setting;
    let is_elsewhere = |place: &String| !INPATIENT_PLACES.contains(&place.as_str());
    let place = encounter.encounter.place_of_service.as_ref();
    if !matches!(setting, Setting::Inpatient | Setting::Unknown)
        || setting == Setting::Unknown && place.is_some_and(is_elsewhere)
    {
        return;
    }
    report.skip_unavailable(encounter);
    let Some(first) = encounter.leading() else { return };
    if !encounter.has_flags() {
        return report.no_data(Reason::DateNotCovered);
    }
    let is_inpatient = setting == Setting::Inpatient;
    let is_alone = first.has(Flag::RequiresSecondary);
    let fits = !first.has(Flag::Unacceptable) && !is_alone
        || is_alone && encounter.diagnoses().count() > 1
        || !is_inpatient && OUTPATIENT_REASONS.contains(first);
    if fits {
        return report.pass();
    }
    let reason = if is_inpatient {
        "is not acceptable as principal diagnosis of an inpatient stay"
    } else {
        "would not be acceptable as principal diagnosis of an inpatient stay"
    };
    let alone = if is_alone { " without a secondary diagnosis" } else { "" };
    let message = format!("{} {reason}{alone}.", first.named());
    let severity = if is_inpatient { Severity::Error } else { Severity::Information };
    report.fail_on(encounter, first, message).severity(severity);
}

#[cfg(test)]
mod tests {
    use crate::{
        encounter::Setting,
        testing::{encounter_of, outcome_of, reports_of},
    };

    const ID: &str = "unacceptable-principal-diagnosis";

    fn of(codes: &str, setting: Setting) -> Vec<String> {
        let mut encounter = encounter_of(codes);
        encounter.setting = setting;
        reports_of(ID, &encounter)
    }

    #[test]
    fn reports_codes_that_explain_no_stay() {
        for code in ["Z85.3", "B95.61", "Z3A.39", "R65.20", "Z51.89"] {
            assert_eq!(of(code, Setting::Inpatient), [format!("error {code}")]);
        }
    }

    #[test]
    fn accepts_what_is_right_for_outpatients() {
        for codes in ["Z12.4", "Z51.11, C50.911", "Z85.3"] {
            assert_eq!(of(codes, Setting::Outpatient), Vec::<String>::new(), "{codes}");
            assert_eq!(of(codes, Setting::Professional), Vec::<String>::new(), "{codes}");
        }
        assert_eq!(of("Z51.89, I10", Setting::Inpatient), Vec::<String>::new());
        assert_eq!(of("I21.4, Z85.3", Setting::Inpatient), Vec::<String>::new());
    }

    #[test]
    fn a_setting_that_is_not_known_weighs_less() {
        assert_eq!(of("Z85.3", Setting::Unknown), ["info Z85.3"]);
        for codes in ["Z00.00", "Z23", "Z12.4", "Z51.89", "I10"] {
            assert_eq!(of(codes, Setting::Unknown), Vec::<String>::new(), "{codes}");
        }
    }

    #[test]
    fn gives_no_data_for_codes_that_could_not_be_asked() {
        let encounter = encounter_of("Z85.3 @2010-03-02");
        assert_eq!(outcome_of(ID, &encounter).as_deref(), Some("no_data"));
    }
}
