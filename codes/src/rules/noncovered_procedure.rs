//! Inpatient procedures that Medicare does not cover, or only under conditions.

use crate::{
    check::Reason,
    cue::Cue,
    encounter::{CodedItem, JudgedEncounter, Setting},
    flag::{Flag, Flags},
    rule::{Report, declare_rule},
    system::CodeSystem,
    verdict::Verdict,
};

declare_rule! {
    /// An ICD-10-PCS code is non-covered or limited by an edit of the code editor.
    ///
    /// ## Why
    /// Medicare refuses some procedures, covers others only under conditions, and checks the stay of a few.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// ICD-10-PCS: 0WFJXZZ
    ///             ^^^^^^^ info[noncovered-procedure]: 0WFJXZZ (Fragmentation in Pelvic Cavity, External Approach) is non-covered by the code editor of Medicare; see the coverage policy.
    /// ```
    ///
    /// ## Exceptions
    /// Conditions are read from the other codes of the stay, the age and the dates of the stay. Other payers cover by rules
    /// of their own.
    ///
    /// ## Source
    /// Medicare Code Editor, edits 11, 17 and 19 (verify), by the flags of its code master on the date.
    "noncovered-procedure", Information, Reported, Coding(check),
    unverified("the conditions of the code editor's flags as medcode reads them"),
        about(Cue::Systems(&[CodeSystem::Icd10Pcs]))
}

/// Oldest age at which the procedures of [`Flag::NonCoveredAge`] may be covered.
const OLDEST: u32 = 60;

/// Fewest days of a stay with a procedure of [`Flag::LengthOfStay`].
const FEWEST_DAYS: i32 = 4;

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    // Only inpatients have codes of ICD-10-PCS.
    if !matches!(encounter.encounter.setting, Setting::Inpatient | Setting::Unknown) {
        return;
    }
    for (_, coded) in encounter.lines() {
        if coded.judgement.system != CodeSystem::Icd10Pcs {
            continue;
        }
        if let Verdict::Unavailable(reason) = coded.judgement.verdict {
            report.no_data(Reason::CodeUnavailable(reason));
        }
        let flags = flags_of(coded);
        let found = reasons(encounter, report, flags);
        if coded.judgement.is_billable() && found.is_empty() {
            report.pass();
        }
        for reason in found {
            report.fail(coded.item, &coded.judgement, format!("{} {reason}", named(coded)));
        }
    }
}

/// The flags on the date; none of a code that is not good.
fn flags_of(coded: &CodedItem<'_>) -> Flags {
    let good = coded.judgement.concept.filter(|_| coded.judgement.is_billable());
    good.map(|concept| concept.flags()).unwrap_or_default()
}

fn named(coded: &CodedItem<'_>) -> String {
    let title = coded.judgement.concept.and_then(|concept| concept.title());
    match title {
        Some((title, _)) if !title.is_empty() => {
            format!("{} ({title})", coded.judgement.written())
        }
        _ => coded.judgement.written(),
    }
}

/// What the flags say of a procedure in this stay.
fn reasons(
    encounter: &JudgedEncounter<'_>,
    report: &mut Report<'_>,
    flags: Flags,
) -> Vec<&'static str> {
    let diagnoses = encounter.good_diagnoses();
    let mut found = Vec::new();
    if flags.contains(Flag::NonCovered) {
        found.push("is non-covered by the code editor of Medicare; see the coverage policy.");
    }
    if flags.contains(Flag::LimitedCoverage) {
        found.push("has limited coverage by Medicare; check that the stay meets its conditions.");
    }
    if flags.contains(Flag::NonCoveredZ302) && diagnoses.iter().any(|it| it.starts_with("Z302")) {
        found.push("is non-covered with Z30.2 (sterilization).");
    }
    if flags.contains(Flag::NonCovered6) && diagnoses.iter().any(|it| it.has(Flag::NonCovered6)) {
        found.push(
            "is non-covered with one of the reported diagnoses, by the flags of the code editor.",
        );
    }
    if flags.contains(Flag::NonCovered45) && !has_grounds_for_pancreas(encounter) {
        found.push("is covered only with a kidney transplant or a diagnosis of type 1 diabetes, by the flags of the code editor.");
    }
    if flags.contains(Flag::NonCoveredAge) {
        match encounter.encounter.age_years {
            Some(age) if age > OLDEST => {
                found.push("is non-covered for patients over 60, by the flags of the code editor.");
            }
            Some(_) => {}
            None => report.fact_missing("age_years"),
        }
    }
    if flags.contains(Flag::LengthOfStay) {
        let stay = &encounter.encounter;
        match (stay.admission_date, stay.discharge_date) {
            (Some(first), Some(last)) if (last - first).get_days() < FEWEST_DAYS => {
                found.push(
                    "takes more than four days, and the stay is shorter; check code and dates.",
                );
            }
            (Some(_), Some(_)) => {}
            (None, _) => report.fact_missing("admission_date"),
            (_, None) => report.fact_missing("discharge_date"),
        }
    }
    found
}

/// A transplant of the pancreas is covered with one of the kidney, or for type 1 diabetes.
fn has_grounds_for_pancreas(encounter: &JudgedEncounter<'_>) -> bool {
    let with_kidney =
        encounter.lines().any(|(_, coded)| flags_of(coded).contains(Flag::KidneyTransplant));
    with_kidney || encounter.good_diagnoses().iter().any(|it| it.has(Flag::DiabetesType1))
}

#[cfg(test)]
mod tests {
    use crate::{
        encounter::{Encounter, ServiceLine, Setting},
        system::CodeSystem,
        testing::{encounter_of, outcome_of, reports_of},
    };

    const RULE: &str = "noncovered-procedure";

    fn stay(diagnoses: &str, procedures: &[&str]) -> Encounter {
        let line = |code: &&str| ServiceLine::new(CodeSystem::Icd10Pcs, *code);
        Encounter {
            setting: Setting::Inpatient,
            lines: procedures.iter().map(line).collect(),
            ..encounter_of(diagnoses)
        }
    }

    #[test]
    fn reports_what_is_not_covered() {
        assert_eq!(reports_of(RULE, &stay("I10", &["0WFJXZZ"])), ["info 0WFJXZZ"]);
        assert!(reports_of(RULE, &stay("I10", &["02RF38Z"])).is_empty());
        assert_eq!(outcome_of(RULE, &stay("I10", &["02RF38Z"])).as_deref(), Some("pass"));
        assert_eq!(outcome_of(RULE, &stay("I10", &[])), None);
        let mut outpatient = stay("I10", &["0WFJXZZ"]);
        outpatient.setting = Setting::Outpatient;
        assert_eq!(outcome_of(RULE, &outpatient), None);
    }

    #[test]
    fn flags_are_those_of_the_date() {
        assert!(reports_of(RULE, &stay("I10", &["0VTQ4ZZ"])).is_empty());
        assert_eq!(reports_of(RULE, &stay("Z30.2", &["0VTQ4ZZ"])), ["info 0VTQ4ZZ"]);
        assert_eq!(reports_of(RULE, &stay("I10 @2016-03-01", &["0VTQ4ZZ"])), ["info 0VTQ4ZZ"]);
    }

    #[test]
    fn age_is_a_condition() {
        let mut stay = stay("I10", &["0SR20JZ"]);
        assert_eq!(outcome_of(RULE, &stay).as_deref(), Some("no_data"));
        stay.age_years = Some(60);
        assert_eq!(outcome_of(RULE, &stay).as_deref(), Some("pass"));
        stay.age_years = Some(61);
        assert_eq!(reports_of(RULE, &stay), ["info 0SR20JZ"]);
    }

    #[test]
    fn other_codes_of_the_stay_are_conditions() {
        let pancreas = ["0FYG0Z0"];
        assert_eq!(reports_of(RULE, &stay("I10", &pancreas)).len(), 2);
        assert_eq!(reports_of(RULE, &stay("E10.22", &pancreas)).len(), 1);
        let both = stay("I10", &["0FYG0Z0", "0TY10Z0"]);
        assert_eq!(reports_of(RULE, &both), ["info 0FYG0Z0", "info 0TY10Z0"]);
    }

    #[test]
    fn the_stay_has_to_be_long_enough() {
        let mut stay = stay("I10", &["5A1955Z"]);
        assert_eq!(outcome_of(RULE, &stay).as_deref(), Some("no_data"));
        stay.admission_date = Some(jiff::civil::date(2026, 3, 1));
        stay.discharge_date = Some(jiff::civil::date(2026, 3, 4));
        assert_eq!(reports_of(RULE, &stay), ["info 5A1955Z"]);
        stay.discharge_date = Some(jiff::civil::date(2026, 3, 9));
        assert_eq!(outcome_of(RULE, &stay).as_deref(), Some("pass"));
    }
}
