//! Burns without their extent.

use crate::{
    code_set::CodeSet,
    cue::Cue,
    encounter::JudgedEncounter,
    issue::Severity,
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
};

declare_rule! {
    /// Burns are reported without the extent of the body surface, or with one where none belongs.
    ///
    /// ## Why
    /// The extent (T31, T32) decides on severity and payment of third-degree burns.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: T20.30XA
    ///     ^^^^^^^^ info[burn-extent-missing]: T20.30XA (Burn of third degree of head, face, and neck, unspecified site, initial encounter): add the extent of the body surface (T31 for burns, T32 for corrosions).
    /// ```
    ///
    /// ## Exceptions
    /// The guideline advises it where data on the extent are needed and for third-degree burns; it requires it only where the site is
    /// not specified. For burns of lower degree it is a hint. An extent beside sequelae only is a warning: it is for acute burns.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.19.d.6; Use additional code note at section T20-T25.
    "burn-extent-missing", Information, Reported, Coding(check), about(Cue::Codes(&[&BURNS]))
}

static EXTENT: CodeSet = CodeSet::new("T31, T32");
static BURNS: CodeSet = CodeSet::new("T20-T25");

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let burns: Vec<_> = diagnoses.iter().filter(|it| BURNS.contains(it)).collect();
    let extent = diagnoses.iter().find(|it| EXTENT.contains(it));
    let all_sequelae = burns.iter().all(|it| it.seventh() == Some('S'));
    match (burns.first(), extent) {
        (None, _) => {}
        (Some(_), Some(extent)) if all_sequelae => {
            let message = format!(
                "{} is for acute burns, and every burn here is a sequela: leave it out.",
                extent.named()
            );
            report
                .fail_on(encounter, extent, message)
                .severity(Severity::Warning)
                .remove(extent.item, &extent.written());
        }
        (Some(_), Some(_)) => report.pass(),
        (Some(_), None) => {
            let acute = || burns.iter().filter(|it| it.seventh() == Some('A'));
            let deepest = acute().find(|it| is_third_degree(it)).or_else(|| acute().next());
            let Some(burn) = deepest else { return report.pass() };
            let message = format!(
                "{}: add the extent of the body surface (T31 for burns, T32 for corrosions).",
                burn.named()
            );
            let issue = report.fail_on(encounter, burn, message);
            if !is_third_degree(burn) {
                issue.severity(Severity::Hint);
            }
        }
    }
}

/// The fourth character says the degree: 3 and 7 are third degree, of a burn and of a corrosion.
fn is_third_degree(burn: &ReportedDiagnosis<'_>) -> bool {
    matches!(burn.key.character(3), Some('3' | '7'))
}

#[cfg(test)]
mod tests {
    use crate::testing::reports;

    #[test]
    fn reports_what_the_catalogue_names() {
        assert_eq!(reports("burn-extent-missing", "T20.30XA"), ["info T20.30XA"]);
        assert_eq!(reports("burn-extent-missing", "T20.10XA"), ["hint T20.10XA"]);
        assert_eq!(reports("burn-extent-missing", "L90.5, T20.30XS, T31.10"), ["warning T31.10"]);
    }

    #[test]
    fn accepts_what_is_right() {
        for codes in ["T20.10XA, T31.0", "T20.30XD", "L90.5, T20.30XS", "I10"] {
            assert!(reports("burn-extent-missing", codes).is_empty(), "{codes}");
        }
    }
}
