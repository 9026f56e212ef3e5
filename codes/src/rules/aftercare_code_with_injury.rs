//! Aftercare Z codes beside an injury that is treated further.

use crate::{
    code_set::CodeSet,
    cue::Cue,
    encounter::JudgedEncounter,
    issue::Severity,
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
};

declare_rule! {
    /// An aftercare Z code is used for an injury.
    ///
    /// ## Why
    /// The 7th character of the injury says that this is later care; an aftercare code says it a second time, and is denied.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: S72.001D, Z47.89
    ///               ^^^^^^ warning[aftercare-code-with-injury]: Z47.89 (Encounter for other orthopedic aftercare) stands beside S72.001D, whose 7th character says already that this is later care: leave the aftercare code out.
    /// ```
    ///
    /// ## Exceptions
    /// Aftercare may be for another condition: only Z47.89, Z48.0- and Z51.89 are a warning, other codes of Z47 and Z48 are
    /// information.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.19.a and I.C.21.c.7; the notes at Z47 and Z48.
    "aftercare-code-with-injury", Warning, Reported, Coding(check), about(Cue::Codes(&[&AFTERCARE]))
}

static AFTERCARE: CodeSet = CodeSet::new("Z47, Z48, Z51.89");
static OF_ANY_KIND: CodeSet = CodeSet::new("Z47.89, Z48.0-, Z51.89");
static INJURIES: CodeSet = CodeSet::new("S00-T34");

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let injury = diagnoses.iter().find(|it| INJURIES.contains(it) && is_later_care(it));
    for aftercare in diagnoses.iter().filter(|it| AFTERCARE.contains(it)) {
        let Some(injury) = injury else {
            report.pass();
            continue;
        };
        let message = format!(
            "{} stands beside {}, whose 7th character says already that this is later care: leave the aftercare code \
             out.",
            aftercare.named(),
            injury.written()
        );
        let issue = report.fail_on(encounter, aftercare, message);
        issue.and(injury).remove(aftercare.item, &aftercare.written());
        if !OF_ANY_KIND.contains(aftercare) {
            issue.severity(Severity::Information);
        }
    }
}

/// D, and the letters of later care of fractures; neither the first encounters nor sequelae.
fn is_later_care(injury: &ReportedDiagnosis<'_>) -> bool {
    injury.seventh().is_some_and(|it| !matches!(it, 'A' | 'B' | 'C' | 'S'))
}

#[cfg(test)]
mod tests {
    use crate::testing::reports;

    const RULE: &str = "aftercare-code-with-injury";

    #[test]
    fn reports_aftercare_that_the_injury_says() {
        assert_eq!(reports(RULE, "Z47.89, S72.001D"), ["warning Z47.89 S72.001D"]);
        assert_eq!(reports(RULE, "Z48.02, S61.411D"), ["warning Z48.02 S61.411D"]);
        assert_eq!(reports(RULE, "S72.001D, Z47.1"), ["info Z47.1 S72.001D"]);
    }

    #[test]
    fn accepts_aftercare_of_something_else() {
        for codes in ["Z47.1, Z96.641", "S72.001D", "Z47.89, S72.001A", "M25.551, S72.001S, Z47.89"]
        {
            assert!(reports(RULE, codes).is_empty(), "{codes}");
        }
    }
}
