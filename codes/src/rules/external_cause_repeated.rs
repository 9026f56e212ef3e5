//! Place, activity and status of an event, coded twice or where they do not belong.

use crate::{
    code_set::CodeSet,
    cue::Cue,
    encounter::JudgedEncounter,
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
};

declare_rule! {
    /// Place, activity or status of an event is coded twice, or where it does not apply.
    ///
    /// ## Why
    /// An event has one place (Y92), one activity (Y93) and one status (Y99), reported once, at the first visit.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: S72.001A, Y99.8
    ///               ^^^^^ info[external-cause-repeated]: Y99.8 (Other external cause status) stands without the cause itself (V00 to Y38): report the cause, or leave the status out.
    /// ```
    ///
    /// ## Exceptions
    /// A second place is right when a new injury occurs in hospital: inpatients get no issue for two Y92 codes.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.20.b, c, d and k.
    "external-cause-repeated", Information, Reported, Coding(check), about(Cue::Begins(&["Y92", "Y93", "Y99"]))
}

/// Codes that say no more than their heading; they are not for "not stated".
static UNSPECIFIC: CodeSet = CodeSet::new("Y92.9, Y93.9, Y99.9");
static DRUGS: CodeSet = CodeSet::new("T36-T50");
static INJURIES: CodeSet = CodeSet::new("S00-T88, M80, M84.3-, M84.4-");
static OTHER_CAUSES: CodeSet = CodeSet::new("V00-Y38, Y62-Y84, Y90-Y91, Y95-Y97");

/// A part of the description of an event.
const PARTS: [(&str, &str); 3] = [("Y92", "place"), ("Y93", "activity"), ("Y99", "status")];

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let mut is_right = false;
    for (category, part) in PARTS {
        let of_part: Vec<_> = diagnoses.iter().filter(|it| it.starts_with(category)).collect();
        let Some(first) = of_part.first() else { continue };
        if let Some(message) = fault(encounter, first, category, part) {
            report.fail_on(encounter, first, message).remove(first.item, &first.written());
            continue;
        }
        let twice_is_right = category == "Y92" && encounter.is_inpatient();
        match of_part.get(1) {
            Some(second) if !twice_is_right => {
                let message = format!(
                    "{} stands beside {}: report the {part} of an event once.",
                    second.named(),
                    first.written()
                );
                let issue = report.fail_on(encounter, second, message);
                issue.and(first).remove(second.item, &second.written());
            }
            _ => is_right = true,
        }
    }
    if is_right {
        report.pass();
    }
}

/// What is wrong with a part of the description by itself.
fn fault(
    encounter: &JudgedEncounter<'_>,
    code: &ReportedDiagnosis<'_>,
    category: &str,
    part: &str,
) -> Option<String> {
    if UNSPECIFIC.contains(code) {
        return Some(format!(
            "{} says nothing: leave the {part} out when it is not stated.",
            code.named()
        ));
    }
    let diagnoses = encounter.good_diagnoses();
    if category == "Y99" && !diagnoses.iter().any(|it| OTHER_CAUSES.contains(it)) {
        return Some(format!(
            "{} stands without the cause itself (V00 to Y38): report the cause, or leave the status out.",
            code.named()
        ));
    }
    if category == "Y92" {
        return None;
    }
    let mut injuries = diagnoses.iter().filter(|it| INJURIES.contains(it)).peekable();
    let does_not_apply =
        |it: &ReportedDiagnosis<'_>| DRUGS.contains(it) || it.seventh() == Some('S');
    let none_applies = injuries.peek().is_some() && injuries.all(does_not_apply);
    none_applies.then(|| {
        format!(
            "{}: the {part} is not reported for poisonings, adverse effects, underdosing and sequelae.",
            code.named()
        )
    })
}

#[cfg(test)]
mod tests {
    use crate::{
        encounter::{Encounter, Setting},
        testing::{encounter_of, reports, reports_of},
    };

    const RULE: &str = "external-cause-repeated";

    #[test]
    fn reports_what_stands_twice_or_for_nothing() {
        let twice = "S72.001A, W19.XXXA, Y93.01, Y93.A1";
        assert_eq!(reports(RULE, twice), ["info Y93.A1 Y93.01"]);
        assert_eq!(reports(RULE, "S72.001A, Y99.0"), ["info Y99.0"]);
        assert_eq!(reports(RULE, "S72.001A, W19.XXXA, Y93.9"), ["info Y93.9"]);
        assert_eq!(reports(RULE, "M25.551, S72.001S, W19.XXXS, Y93.01"), ["info Y93.01"]);
        assert_eq!(reports(RULE, "T40.2X1A, Y93.01"), ["info Y93.01"]);
    }

    #[test]
    fn accepts_each_part_once() {
        let all = "S72.001A, W19.XXXA, Y92.009, Y93.01, Y99.8";
        for codes in [all, "S72.001A, W19.XXXA", "I10"] {
            assert!(reports(RULE, codes).is_empty(), "{codes}");
        }
    }

    #[test]
    fn accepts_a_second_place_of_an_inpatient() {
        let codes = "S72.001A, W19.XXXA, Y92.009, Y92.230";
        assert_eq!(reports(RULE, codes), ["info Y92.230 Y92.009"]);
        let inpatient = Encounter { setting: Setting::Inpatient, ..encounter_of(codes) };
        assert!(reports_of(RULE, &inpatient).is_empty());
    }
}
