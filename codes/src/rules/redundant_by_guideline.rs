//! Two codes of which the guidelines want one.

use std::cell::OnceCell;

use crate::{
    cue::Cue,
    encounter::JudgedEncounter,
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
};

use super::guideline_order::burn;

mod table;

use table::{BURNS, DEMENTIA_FROM, GOES, INJURIES, ROWS, Row, STAYS};

declare_rule! {
    /// The guidelines want only one of two reported codes.
    ///
    /// ## Why
    /// One of the two says all that the other says, or rules it out. Together they count one condition twice.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: N18.6, N18.4
    ///            ^^^^^ warning[redundant-by-guideline]: N18.4 (Chronic kidney disease, stage 4 (severe)) is not reported with N18.6, because end-stage disease stands for the stage (ICD-10-CM guideline I.C.14.a.1). Report N18.6 only.
    /// ```
    ///
    /// ## Exceptions
    /// Pneumonia beside J95.851 where the latter is not first-listed. Secondary neoplasms beside a lymphoma where there is
    /// another primary, and otherwise information. Burns of several sites. A burn and its sequela.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.B.10, I.C.1.e.1, I.C.2.t, I.C.4.b.1, I.C.5.d, I.C.9.a.7, I.C.10.d, I.C.14.a.1,
    /// I.C.15.b.2, I.C.15.i, I.C.16.f, I.C.16.g, I.C.19.d.2, I.C.19.f and I.C.21.c.3.
    "redundant-by-guideline", Warning, Reported, Coding(check),
        about(
            Cue::Rows(|| ROWS.iter().map(|row| &row.stays).collect()),
            Cue::Codes(&[&BURNS, &INJURIES]),
            Cue::Begins(&["F01", "F02", "F03"])
        )
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    // What stays is the same for every code that a row is about.
    let staying: [OnceCell<Vec<_>>; ROWS.len()] = [const { OnceCell::new() }; ROWS.len()];
    let near = STAYS.near_any(diagnoses);
    for own in diagnoses {
        let mut others = diagnoses.iter().filter(|other| other.key != own.key);
        let rows = GOES.near(own.key).among(&near);
        let rows = rows.filter_map(|number| ROWS.get(number).zip(staying.get(number)));
        let mut rows = rows.filter(|(row, _)| row.goes.contains(own));
        let found = rows.find_map(|(row, staying)| {
            let staying = staying.get_or_init(|| {
                diagnoses.iter().filter(|other| row.stays.contains(other)).collect()
            });
            // A row is looked at once both of its sides are there.
            if !staying.is_empty() {
                report.pass();
            }
            let mut staying = staying.iter().copied();
            staying.find(|other| holds(row, own, other, encounter)).map(|it| (row, it))
        });
        if let Some((row, stays)) = found {
            fail(encounter, report, own, stays, (row.why, row.section), row.limits.either)
                .severity(row.limits.severity);
        } else if let Some((stays, why)) =
            others.find_map(|it| Some((it, outdone(own, it, encounter)?)))
        {
            fail(encounter, report, own, stays, why, false);
        }
    }
}

/// Whether a row takes `goes` out beside `stays`, which is one of its codes that stay.
fn holds(
    row: &Row,
    goes: &ReportedDiagnosis<'_>,
    stays: &ReportedDiagnosis<'_>,
    encounter: &JudgedEncounter<'_>,
) -> bool {
    let is_lifted = || {
        let mut all = encounter.good_diagnoses().iter();
        row.limits.unless.is_some_and(|codes| all.any(|other| codes.contains(other)))
    };
    stays.key != goes.key
        && (!row.limits.stays_first || stays.is_first())
        && row.limits.valid_from.is_none_or(|from| from <= encounter.date)
        && !is_lifted()
}

/// Why a code says less than another of the same kind, and the section of the guidelines.
fn outdone(
    own: &ReportedDiagnosis<'_>,
    other: &ReportedDiagnosis<'_>,
    encounter: &JudgedEncounter<'_>,
) -> Option<(&'static str, &'static str)> {
    if own.key.prefix(3) != other.key.prefix(3) {
        return None;
    }
    let is_sequela = |it: &ReportedDiagnosis<'_>| it.seventh() == Some('S');
    let by_severity = encounter.date >= DEMENTIA_FROM
        && severity(own).zip(severity(other)).is_some_and(|(less, more)| less < more);
    let by_degree = || {
        let degrees = burn::degree(own.key).zip(burn::degree(other.key));
        BURNS.contains(own)
            && burn::is_same_site(own.key, other.key)
            && degrees.is_some_and(|(less, more)| less < more)
            && !is_sequela(own)
            && !is_sequela(other)
    };
    let by_visit = || {
        is_sequela(own)
            && other.seventh().is_some()
            && !is_sequela(other)
            && INJURIES.contains(own)
            && own.stem() == other.stem()
    };
    if by_severity {
        Some(("only the highest severity is coded", "I.C.5.d"))
    } else if by_degree() {
        Some(("only the highest degree of a site is coded", "I.C.19.d.2"))
    } else if by_visit() {
        Some(("one injury is either under treatment or the cause of a sequela", "I.B.10"))
    } else {
        None
    }
}

/// The severity of a dementia, in F01 to F03: unspecified, mild, moderate, severe.
fn severity(diagnosis: &ReportedDiagnosis<'_>) -> Option<u8> {
    let text = diagnosis.key.text();
    if !matches!(text.get(..3), Some("F01" | "F02" | "F03")) {
        return None;
    }
    match diagnosis.key.character(3)? {
        'A' => Some(1),
        'B' => Some(2),
        'C' => Some(3),
        _ => Some(0),
    }
}

fn fail<'i>(
    encounter: &JudgedEncounter<'_>,
    report: &'i mut Report<'_>,
    goes: &ReportedDiagnosis<'_>,
    stays: &ReportedDiagnosis<'_>,
    (why, section): (&str, &str),
    either: bool,
) -> &'i mut crate::issue::Issue {
    let (kept, dropped) = (stays.written(), goes.written());
    let way_out = if either {
        "Report the one that the record supports.".to_owned()
    } else {
        format!("Report {kept} only.")
    };
    let message = format!(
        "{} is not reported with {kept}, because {why} (ICD-10-CM guideline {section}). {way_out}",
        goes.named()
    );
    let issue = report.fail_on(encounter, goes, message).and(stays);
    if !either {
        issue.remove(goes.item, &dropped);
    }
    issue
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, outcome_of, reports};

    const ID: &str = "redundant-by-guideline";

    #[test]
    fn reports_the_code_that_goes() {
        for (codes, expected) in [
            ("N18.6, N18.4", "warning N18.4 N18.6"),
            ("E66.813, E66.01", "warning E66.01 E66.813"),
            ("O24.414, Z79.4", "warning Z79.4 O24.414"),
            ("O24.414, O24.112", "warning O24.112 O24.414"),
            ("T86.11, Z94.0", "warning Z94.0 T86.11"),
            ("I10, R03.0", "warning R03.0 I10"),
            ("O80, O09.91, Z37.0", "warning O09.91 O80"),
            ("T24.311A, T24.211A", "warning T24.211A T24.311A"),
            ("T76.12XA, Y07.11", "warning Y07.11 T76.12XA"),
            ("A41.02, B95.62", "warning B95.62 A41.02"),
            ("J95.851, J13", "warning J13 J95.851"),
            ("C81.00, C78.00", "info C78.00 C81.00"),
            ("S72.001D, S72.001S", "warning S72.001S S72.001D"),
        ] {
            assert_eq!(reports(ID, codes), [expected], "{codes}");
        }
    }

    #[test]
    fn accepts_codes_that_say_different_things() {
        for codes in [
            "N18.6, Z99.2",
            "O24.112, E11.9, Z79.4",
            "J13, J95.851",
            "F03.90, F02.80",
            "T24.311A, T24.212A",
            "C50.911, C81.00, C79.51",
            "S72.001D, S72.002S",
            "T74.12XA, Y07.11",
            "N18.6, I10",
        ] {
            assert_eq!(reports(ID, codes), Vec::<String>::new(), "{codes}");
        }
    }

    #[test]
    fn class_3_obesity_came_later() {
        assert_eq!(reports(ID, "E66.813, E66.01 @2024-10-01").len(), 1);
    }

    #[test]
    fn gives_no_data_for_codes_that_could_not_be_asked() {
        let encounter = encounter_of("N18.6, N18.4 @2010-03-02");
        assert_eq!(outcome_of(ID, &encounter).as_deref(), Some("no_data"));
        assert_eq!(outcome_of(ID, &encounter_of("E11.9")), None);
    }
}
