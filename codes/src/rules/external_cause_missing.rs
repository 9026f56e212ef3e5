//! An injury without its external cause.

use crate::{
    code_set::CodeSet,
    cue::Cue,
    encounter::JudgedEncounter,
    rule::{Report, declare_rule},
};

declare_rule! {
    /// An injury has no external cause code.
    ///
    /// ## Why
    /// Some payers and states ask how an injury happened. There is no national requirement, so the rule is off by default.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: S72.001A
    ///     ^^^^^^^^ info[external-cause-missing]: S72.001A (Fracture of unspecified part of neck of right femur, initial encounter for closed fracture) has no external cause code (V00 to Y99).
    /// ```
    ///
    /// ## Exceptions
    /// Off by default. Only initial encounters; poisonings and complications whose codes name the cause need none. Burns
    /// are to have one.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.20 and I.C.19.d.9.
    "external-cause-missing", Information, Reported, Coding(check), off, about(Cue::Codes(&[&INJURIES]))
}

static INJURIES: CodeSet = CodeSet::new("S00-T34, T66-T78");
static CAUSES: CodeSet = CodeSet::new("V00-Y99");

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let mut injuries =
        diagnoses.iter().filter(|it| INJURIES.contains(it) && it.seventh().is_some_and(is_initial));
    let Some(injury) = injuries.next() else { return };
    if diagnoses.iter().any(|it| CAUSES.contains(it)) {
        return report.pass();
    }
    let message = format!("{} has no external cause code (V00 to Y99).", injury.named());
    report.fail_on(encounter, injury, message);
}

/// A, and B and C of open fractures.
fn is_initial(seventh: char) -> bool {
    matches!(seventh, 'A' | 'B' | 'C')
}

#[cfg(test)]
mod tests {
    use crate::{
        rules,
        testing::{encounter_of, issues_for_codes, reports},
    };

    #[test]
    fn reports_an_injury_alone_when_it_is_switched_on() {
        assert_eq!(reports("external-cause-missing", "S72.001A"), ["info S72.001A"]);
        assert_eq!(reports("external-cause-missing", "T20.30XA"), ["info T20.30XA"]);
        for codes in ["S72.001A, W19.XXXA", "S72.001D", "T40.2X1A", "I10"] {
            assert!(reports("external-cause-missing", codes).is_empty(), "{codes}");
        }
    }

    #[test]
    fn is_off_by_default() {
        assert!(!rules::find("external-cause-missing").unwrap().is_on);
        let issues = issues_for_codes(&["S72.001A"], "2026-04-01");
        assert!(issues.iter().all(|it| it.rule != "external-cause-missing"));
        assert!(encounter_of("S72.001A").payer.is_none());
    }
}
