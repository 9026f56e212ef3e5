//! Codes without the second code that the guidelines ask for.

use crate::{
    cue::Cue,
    encounter::JudgedEncounter,
    issue::Severity,
    reported::{Present, ReportedDiagnosis},
    rule::{Report, declare_rule},
};

mod table;

use table::{EXTERNAL_CAUSES, ROWS, Row, Wanted, Z_CODES};

declare_rule! {
    /// A code is reported without the second code the guidelines ask for.
    ///
    /// ## Why
    /// Chemotherapy without a neoplasm, or an examination "with abnormal findings" without a finding, says half of what
    /// happened; payers ask back.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: Z51.11
    ///     ^^^^^^ warning[companion-code-missing]: Z51.11 (Encounter for antineoplastic chemotherapy) is reported together with the neoplasm that is treated (C00-D49), which is missing (ICD-10-CM guideline I.C.2.e.2).
    /// ```
    ///
    /// ## Exceptions
    /// A finding may itself be a Z code, such as an allergy: a further Z code lowers the issue to information. That
    /// radiotherapy, chemotherapy and immunotherapy are for a neoplasm is said since 2025-10-01 and not checked before.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.C.1.a.2.h, I.C.2.e.2, I.C.6.b.5, I.C.9.a.5, I.C.9.a.6, I.C.9.e.4, I.C.15.d,
    /// I.C.15.g, I.C.21.c.8, I.C.21.c.12, IV.M and IV.P.
    "companion-code-missing", Warning, Reported, Coding(check),
        about(Cue::Rows(|| ROWS.iter().map(|row| &row.codes).collect()))
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let date = encounter.date;
    for own in encounter.good_diagnoses() {
        for row in ROWS.iter().filter(|row| row.codes.contains(own)) {
            let holds = row.valid_from.is_none_or(|from| from <= date);
            if !holds || row.first_only && !own.is_first() {
                continue;
            }
            match missing(row, own, encounter) {
                Some(severity) => fail(encounter, report, own, row, severity),
                None => report.pass(),
            }
        }
    }
}

/// How much the absence of the companion weighs; `None` when it is there.
fn missing(
    row: &Row,
    own: &ReportedDiagnosis<'_>,
    encounter: &JudgedEncounter<'_>,
) -> Option<Severity> {
    let others = || encounter.present().filter(|other| other.item != own.item);
    let is_cause = |other: &Present<'_>| EXTERNAL_CAUSES.holds(other.key, other.place);
    let is_z = |other: &Present<'_>| Z_CODES.holds(other.key, other.place);
    let (is_there, may_be_there) = match &row.wanted {
        Wanted::Codes(codes) => (others().any(|other| codes.holds(other.key, other.place)), false),
        Wanted::Finding => (
            others().any(|other| !is_z(&other) && !is_cause(&other)),
            others().any(|other| is_z(&other)),
        ),
        Wanted::Other => (others().any(|other| !is_cause(&other)), false),
    };
    let severity = if may_be_there { Severity::Information } else { row.severity };
    (!is_there).then_some(severity)
}

fn fail(
    encounter: &JudgedEncounter<'_>,
    report: &mut Report<'_>,
    own: &ReportedDiagnosis<'_>,
    row: &Row,
    severity: Severity,
) {
    let message = format!(
        "{} is reported together with {}, which is missing (ICD-10-CM guideline {}).",
        own.named(),
        row.words,
        row.section
    );
    report.fail_on(encounter, own, message).severity(severity);
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, outcome_of, reports};

    const ID: &str = "companion-code-missing";

    #[test]
    fn reports_codes_without_their_companion() {
        for (codes, expected) in [
            ("Z51.11", "warning Z51.11"),
            ("Z00.01", "warning Z00.01"),
            ("Z00.01, Z79.4", "info Z00.01"),
            ("I22.0", "warning I22.0"),
            ("I21.A1, I22.0", "warning I22.0"),
            ("O98.711", "warning O98.711"),
            ("O10.111", "warning O10.111"),
            ("O24.112", "info O24.112"),
            ("G89.3", "warning G89.3"),
            ("Z01.818", "info Z01.818"),
            ("H35.033", "info H35.033"),
            ("Z08", "info Z08"),
        ] {
            assert_eq!(reports(ID, codes), [expected], "{codes}");
        }
    }

    #[test]
    fn accepts_codes_with_their_companion_in_any_place() {
        for codes in [
            "Z51.11, C50.911",
            "C50.911, Z51.11",
            "Z00.01, R73.03",
            "I21.4, I22.2",
            "O98.711, B20",
            "G89.3, C34.90",
            "O24.112, E11.9",
            "Z01.818, E11.9",
            "I10, H35.033",
            "M54.50, G89.3",
            "E11.9",
        ] {
            assert_eq!(reports(ID, codes), Vec::<String>::new(), "{codes}");
        }
    }

    #[test]
    fn treatment_was_not_always_said_to_be_for_a_neoplasm() {
        assert_eq!(reports(ID, "Z51.11 @2025-09-30"), Vec::<String>::new());
        assert_eq!(reports(ID, "Z51.11 @2025-10-01"), ["warning Z51.11"]);
    }

    #[test]
    fn gives_no_data_for_codes_that_could_not_be_asked() {
        let encounter = encounter_of("Z51.11 @2010-03-02");
        assert_eq!(outcome_of(ID, &encounter).as_deref(), Some("no_data"));
    }
}
