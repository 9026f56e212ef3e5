//! Hypertensive kidney disease against the stage.

use crate::{
    code::Code,
    code_set::CodeSet,
    cue::Cue,
    encounter::JudgedEncounter,
    rule::{Report, declare_rule},
    system::CodeSystem,
};

declare_rule! {
    /// The code of hypertensive kidney disease and the stage of chronic kidney disease disagree.
    ///
    /// ## Why
    /// I12.0, I13.11 and I13.2 are for stage 5 and end stage disease, I12.9, I13.0 and I13.10 for stages 1 to 4 and
    /// unspecified stages. Both codes say the stage, so they have to agree.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: I12.0, N18.30
    ///     ^^^^^ error[ckd-stage-conflict]: I12.0 is for stage 5 or end stage disease, but N18.30 (Chronic kidney disease, stage 3 unspecified) is another stage (ICD-10-CM guideline I.C.9.a.2). Report I12.9, or correct the stage.
    /// ```
    ///
    /// ## Exceptions
    /// Where several stages are reported, one that agrees is enough; that they are several is reported by another rule.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.9.a.2 and I.C.9.a.3; titles and use additional code notes of I12 and I13.
    "ckd-stage-conflict", Error, Reported, Coding(check), about(Cue::Begins(&["I12", "I13"]))
}

/// Each code for an early stage with its counterpart for a late one.
const EARLY_AND_LATE: [(&str, &str); 3] = [("I129", "I120"), ("I1310", "I1311"), ("I130", "I132")];

static STAGES: CodeSet = CodeSet::new("N18");
static LATE: CodeSet = CodeSet::new("N18.5, N18.6");

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    for (early, late) in EARLY_AND_LATE {
        for hypertensive in diagnoses {
            let is_late = match &*hypertensive.key.text() {
                code if code == early => false,
                code if code == late => true,
                _ => continue,
            };
            let stages: Vec<_> = diagnoses.iter().filter(|it| STAGES.contains(it)).collect();
            let Some(wrong) = stages.first() else { continue };
            if stages.iter().any(|it| LATE.contains(it) == is_late) {
                report.pass();
                continue;
            }
            let (meant, section) = (if is_late { early } else { late }, section(early));
            let meant = Code::parse(CodeSystem::Icd10Cm, meant).ok();
            let of = if is_late {
                "stage 5 or end stage disease"
            } else {
                "stages 1 to 4 or unspecified"
            };
            let way_out = match meant {
                Some(code) => format!("Report {code}, or correct"),
                None => "Correct".to_owned(),
            };
            let message = format!(
                "{} is for {of}, but {} is another stage (ICD-10-CM guideline {section}). {way_out} the stage.",
                hypertensive.written(),
                wrong.named(),
            );
            let issue = report.fail_on(encounter, hypertensive, message).and(wrong);
            if let Some(code) = meant {
                issue.replace(code, None, false);
            }
        }
    }
}

fn section(early: &str) -> &'static str {
    if early.starts_with("I12") { "I.C.9.a.2" } else { "I.C.9.a.3" }
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, outcome_of, reports};

    const RULE: &str = "ckd-stage-conflict";

    #[test]
    fn reports_another_stage() {
        assert_eq!(reports(RULE, "I12.0, N18.30"), ["error I12.0 N18.30"]);
        assert_eq!(reports(RULE, "N18.6, I12.9"), ["error I12.9 N18.6"]);
        assert_eq!(reports(RULE, "I13.2, I50.22, N18.9"), ["error I13.2 N18.9"]);
        assert_eq!(reports(RULE, "I13.10, N18.5"), ["error I13.10 N18.5"]);
    }

    #[test]
    fn accepts_the_same_stage() {
        for codes in [
            "I12.0, N18.6",
            "I12.9, N18.2",
            "I13.0, I50.22, N18.4",
            "I13.11, N18.5",
            "I12.0, N18.4, N18.6",
            "I12.9",
        ] {
            assert!(reports(RULE, codes).is_empty(), "{codes}");
        }
        assert_eq!(outcome_of(RULE, &encounter_of("I12.9")), None);
    }

    #[test]
    fn codes_that_could_not_be_asked_are_no_pass() {
        let outcome = outcome_of(RULE, &encounter_of("I12.0, N18.30 @2010-03-02"));
        assert_eq!(outcome.as_deref(), Some("no_data"));
    }
}
