//! A tumor that is gone and is there.

use crate::{
    code_set::CodeSet,
    cue::Cue,
    encounter::JudgedEncounter,
    rule::{Report, declare_rule},
};

declare_rule! {
    /// A history and an active neoplasm of the same site stand together.
    ///
    /// ## Why
    /// Z85 says that the tumor was removed or eradicated, is no longer treated, and that nothing of it is left. An active
    /// code of the same site says the contrary.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: C50.911, Z85.3
    ///              ^^^^^ info[neoplasm-history-with-active]: Z85.3 (Personal history of malignant neoplasm of breast) stands beside C50.911: a history is for a tumor that is gone and no longer treated (ICD-10-CM guideline I.C.2.m). Keep both only for a second primary.
    /// ```
    ///
    /// ## Exceptions
    /// A second primary exists, therefore this is information. Skin: patients with a history often have another tumor of
    /// the skin, so it is left out. Secondary neoplasms are of another site.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.2.d and I.C.2.m; titles of Z85.
    "neoplasm-history-with-active", Information, Reported, Coding(check), about(Cue::Begins(&["Z85"]))
}

/// The codes of a history with the active codes of the same site. Source: titles of Z85 and of the categories.
static SITES: [(&str, CodeSet); 47] = [
    ("Z8501", CodeSet::new("C15")),
    ("Z85020", CodeSet::new("C7A.092")),
    ("Z85028", CodeSet::new("C16")),
    ("Z85030", CodeSet::new("C7A.02")),
    ("Z85038", CodeSet::new("C18")),
    ("Z85040", CodeSet::new("C7A.026")),
    ("Z85048", CodeSet::new("C19, C20, C21")),
    ("Z8505", CodeSet::new("C22")),
    ("Z85060", CodeSet::new("C7A.01")),
    ("Z85068", CodeSet::new("C17")),
    ("Z8507", CodeSet::new("C25")),
    ("Z8509", CodeSet::new("C23, C24, C26")),
    ("Z85110", CodeSet::new("C7A.090")),
    ("Z85118", CodeSet::new("C34")),
    ("Z8512", CodeSet::new("C33")),
    ("Z8521", CodeSet::new("C32")),
    ("Z8522", CodeSet::new("C30, C31")),
    ("Z85230", CodeSet::new("C7A.091")),
    ("Z85238", CodeSet::new("C37")),
    ("Z853", CodeSet::new("C50")),
    ("Z8541", CodeSet::new("C53")),
    ("Z8542", CodeSet::new("C54, C55")),
    ("Z8543", CodeSet::new("C56")),
    ("Z8544", CodeSet::new("C51, C52")),
    ("Z8546", CodeSet::new("C61")),
    ("Z8547", CodeSet::new("C62")),
    ("Z8548", CodeSet::new("C63.0")),
    ("Z8549", CodeSet::new("C60")),
    ("Z854A", CodeSet::new("C57.0")),
    ("Z8551", CodeSet::new("C67")),
    ("Z85520", CodeSet::new("C7A.093")),
    ("Z85528", CodeSet::new("C64")),
    ("Z8553", CodeSet::new("C65")),
    ("Z8554", CodeSet::new("C66")),
    ("Z8559", CodeSet::new("C68")),
    ("Z856", CodeSet::new("C91, C92, C93, C94, C95")),
    ("Z8571", CodeSet::new("C81")),
    ("Z8572", CodeSet::new("C82, C83, C84, C85, C86")),
    ("Z8579", CodeSet::new("C88, C90, C96")),
    ("Z85810", CodeSet::new("C01, C02")),
    ("Z85818", CodeSet::new("C00, C03, C04, C05, C06, C07, C08, C09, C10, C11, C12, C13")),
    ("Z85830", CodeSet::new("C40, C41")),
    ("Z85831", CodeSet::new("C49")),
    ("Z85840", CodeSet::new("C69")),
    ("Z85841", CodeSet::new("C71")),
    ("Z85848", CodeSet::new("C70, C72")),
    ("Z85850", CodeSet::new("C73")),
];

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    for history in diagnoses.iter().filter(|it| it.starts_with("Z85")) {
        let site = SITES.iter().find(|(code, _)| history.starts_with(code));
        let Some((_, active)) = site else { continue };
        let Some(active) = diagnoses.iter().find(|it| active.contains(it)) else {
            report.pass();
            continue;
        };
        let message = format!(
            "{} stands beside {}: a history is for a tumor that is gone and no longer treated (ICD-10-CM guideline \
             I.C.2.m). Keep both only for a second primary.",
            history.named(),
            active.written(),
        );
        report.fail_on(encounter, history, message).and(active);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, outcome_of, reports};

    const RULE: &str = "neoplasm-history-with-active";

    #[test]
    fn reports_the_same_site() {
        assert_eq!(reports(RULE, "C50.911, Z85.3"), ["info Z85.3 C50.911"]);
        assert_eq!(reports(RULE, "Z85.118, C34.90"), ["info Z85.118 C34.90"]);
    }

    #[test]
    fn accepts_other_sites() {
        assert!(reports(RULE, "C79.51, Z85.3").is_empty());
        assert!(reports(RULE, "C34.90, Z85.3").is_empty());
        assert_eq!(outcome_of(RULE, &encounter_of("C50.911")), None);
        assert_eq!(outcome_of(RULE, &encounter_of("Z85.3")).as_deref(), Some("pass"));
    }

    #[test]
    fn codes_that_could_not_be_asked_are_no_pass() {
        let outcome = outcome_of(RULE, &encounter_of("C50.911, Z85.3 @2010-03-02"));
        assert_eq!(outcome.as_deref(), Some("no_data"));
    }
}
