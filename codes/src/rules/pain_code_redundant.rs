//! Pain beside its known cause.

use crate::{
    code_set::CodeSet,
    cue::Cue,
    encounter::JudgedEncounter,
    rule::{Report, declare_rule},
};

declare_rule! {
    /// A code of G89 that is not listed first adds nothing to a diagnosis that explains the pain.
    ///
    /// ## Why
    /// When the cause of the pain is known, the cause is coded and G89 adds nothing, unless control of the pain is the
    /// purpose of the encounter; then G89 is listed first.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: M48.061, G89.29
    ///              ^^^^^^ info[pain-code-redundant]: G89.29 (Other chronic pain) adds nothing to M48.061, which explains pain (ICD-10-CM guideline I.C.6.b.1). Remove it, or list it first if pain control is the purpose of the encounter.
    /// ```
    ///
    /// ## Exceptions
    /// Only G89.11, G89.21 and G89.29 are reported, beside painful disorders of joints, spine, soft tissue and nerves,
    /// fractures and current injuries.
    /// A symptom code of a painful site, such as M54.2, leaves acute or chronic open, so G89 belongs to it. Pain after
    /// procedures, of neoplasms and with F45.42 has rules of its own. Where the cause is treated and a neurostimulator
    /// against the pain is inserted as well, both are right: ignore it with that reason.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.6.b.1, I.C.6.b.3, I.C.6.b.5 and I.C.5.a.
    "pain-code-redundant", Information, Reported, Coding(check), about(Cue::Codes(&[&PAIN]))
}

/// Pain by trauma, and chronic pain that is neither postprocedural nor of a neoplasm nor a syndrome.
static PAIN: CodeSet = CodeSet::new("G89.11, G89.21, G89.29");

/// Pain by site, which says neither acute nor chronic, and F45.42, which is coded with G89.
static SYMPTOMS: CodeSet = CodeSet::new(
    "F45.42, G44, H57.1, H92.0, K08.8, K14.6, M25.5, M26.62, M53.3, M54, M79.1, M79.6, M79.7, N23, N50.81, N50.82, N64.4, \
     N94, R07, R10, R30, R39.82, R51, R52, R68.84",
);

/// Diagnoses that explain pain: a choice, since the codes do not say which ones do. Not osteoporosis, not deformities.
static EXPLAINING: CodeSet = CodeSet::new(
    "G50-G59, M05-M19, M46-M48, M50, M51, M65-M67, M70-M77, M80, M84.3-M84.6, S00-S99",
);

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    let Some(pain) = diagnoses.iter().find(|it| PAIN.contains(it)) else { return };
    if pain.is_first() || diagnoses.iter().any(|it| SYMPTOMS.contains(it)) {
        return report.pass();
    }
    // What remained of an injury is coded before its sequela, and may be the pain.
    let mut current = diagnoses.iter().filter(|it| it.seventh() != Some('S'));
    let Some(cause) = current.find(|it| EXPLAINING.contains(it)) else { return report.pass() };
    // A code that is not good may be the painful site.
    if encounter.has_faulty_diagnosis() {
        return;
    }
    let message = format!(
        "{} adds nothing to {}, which explains pain (ICD-10-CM guideline I.C.6.b.1). Remove it, or list it first if pain \
         control is the purpose of the encounter.",
        pain.named(),
        cause.written(),
    );
    let issue = report.fail_on(encounter, pain, message).and(cause);
    issue.remove(pain.item, &pain.written());
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, outcome_of, reports};

    const RULE: &str = "pain-code-redundant";

    #[test]
    fn reports_pain_beside_its_cause() {
        assert_eq!(reports(RULE, "M48.061, G89.29"), ["info G89.29 M48.061"]);
        assert_eq!(reports(RULE, "S72.001A, G89.11"), ["info G89.11 S72.001A"]);
        assert_eq!(reports(RULE, "E11.9, G89.29, M48.061"), ["info G89.29 M48.061"]);
    }

    #[test]
    fn accepts_pain_that_says_more() {
        for codes in [
            "G89.3, C34.90",
            "C34.90, G89.3",
            "M54.2, G89.11",
            "G89.29, M54.50",
            "M54.50, G89.29",
            "T84.84XA, G89.18",
            "M48.061, M54.50, G89.29",
            "G89.29, M48.061",
            "M48.061, G89.29, F45.42",
            "M17.11, G89.18",
            "M48.061, G89.4",
            "E11.9, G89.29",
            "M81.0, G89.29",
            "I10, G89.21, S72.001S",
        ] {
            assert!(reports(RULE, codes).is_empty(), "{codes}");
        }
        assert_eq!(outcome_of(RULE, &encounter_of("G89.3, C34.90")), None);
    }

    #[test]
    fn codes_that_could_not_be_asked_are_no_pass() {
        let outcome = outcome_of(RULE, &encounter_of("M48.061, G89.29 @2010-03-02"));
        assert_eq!(outcome.as_deref(), Some("no_data"));
    }
}
