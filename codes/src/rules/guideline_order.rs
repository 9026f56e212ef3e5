//! Two codes in the reverse of the order that the guidelines give.

use std::cell::OnceCell;

use crate::{
    cue::Cue,
    encounter::JudgedEncounter,
    issue::{RelatedNote, Severity},
    reported::ReportedDiagnosis,
    rule::{Report, declare_rule},
    tabular::{Mark, Note, NoteKind, TabularList},
};

pub(super) mod burn;
mod table;

use table::{BURNS, FIRST, ROWS, Row, THEN};

declare_rule! {
    /// Two codes stand in the reverse of the order the guidelines give.
    ///
    /// ## Why
    /// Where two codes describe one event, the guidelines say which one leads: the deeper burn, the birth weight, the
    /// failed pump before the dose that went wrong.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: P07.36, P07.18
    ///     ^^^^^^ warning[guideline-order]: P07.36 is listed before P07.18; the order is P07.18, then P07.36 (ICD-10-CM guideline I.C.16.d).
    /// ```
    ///
    /// ## Exceptions
    /// One code of the leading kind that stands before is enough. Where the guideline speaks of the reason for the
    /// encounter (a myocardial infarction before coronary disease), one of the two has to be first-listed. Only burns of
    /// the skin are compared by degree. Codes that a use-additional-code note wants behind are information.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.A.13, I.B.7, I.C.1.d.5.b, I.C.1.d.9, I.C.4.a.5, I.C.9.a.4, I.C.9.b, I.C.16.d,
    /// I.C.19.d.1.a, I.C.19.f, I.C.20.f and I.C.21.c.8.
    "guideline-order", Warning, Reported, Coding(check),
        about(
            Cue::Rows(|| ROWS.iter().map(|row| &row.first).collect()),
            Cue::Codes(&[&BURNS]),
            Cue::Marked(Mark::PlainAddition)
        )
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    report.skip_unavailable(encounter);
    let diagnoses = encounter.good_diagnoses();
    // Who leads is the same for every code of a row.
    let leading = [const { OnceCell::new() }; ROWS.len()];
    let near = FIRST.near_any(diagnoses);
    let additions: Vec<Addition<'_, '_>> = diagnoses.iter().filter_map(Addition::of).collect();
    for (index, early) in diagnoses.iter().enumerate() {
        let (before, after) = (&diagnoses[..index], &diagnoses[index + 1..]);
        let rows = THEN.near(early.key).among(&near);
        let rows = rows.filter_map(|number| ROWS.get(number).zip(leading.get(number)));
        for (row, leading) in rows.filter(|(row, _)| row.then.contains(early)) {
            let first = || diagnoses.iter().find(|other| row.first.contains(other));
            if let Some(first) = leading.get_or_init(first) {
                check_row(row, encounter, early, first, report);
            }
        }
        check_burn(encounter, early, after, report);
        let behind = additions.partition_point(|it| it.late.position <= early.position);
        let additions = additions.get(behind..).unwrap_or_default();
        check_addition(encounter, early, (before, after, additions), report);
    }
}

/// Two codes of a row; `first` is the first of the codes that lead.
fn check_row(
    row: &Row,
    encounter: &JudgedEncounter<'_>,
    early: &ReportedDiagnosis<'_>,
    first: &ReportedDiagnosis<'_>,
    report: &mut Report<'_>,
) {
    // A code of both sets is in its own place.
    let is_in_place = first.position <= early.position;
    if is_in_place || row.by_reason && !early.is_first() {
        return report.pass();
    }
    fail(encounter, report, early, first, &format!("ICD-10-CM guideline {}", row.section))
        .severity(row.severity);
}

fn check_burn(
    encounter: &JudgedEncounter<'_>,
    early: &ReportedDiagnosis<'_>,
    after: &[ReportedDiagnosis<'_>],
    report: &mut Report<'_>,
) {
    let Some(degree) = degree(early) else { return };
    let others = after.iter().filter_map(|other| Some((self::degree(other)?, other)));
    let Some((highest, late)) = others.reduce(|a, b| if b.0 > a.0 { b } else { a }) else {
        return;
    };
    if highest <= degree {
        return report.pass();
    }
    fail(
        encounter,
        report,
        early,
        late,
        "the highest degree goes first, ICD-10-CM guideline I.C.19.d.1.a",
    );
}

/// The degree of a current burn or corrosion of the skin.
fn degree(diagnosis: &ReportedDiagnosis<'_>) -> Option<u8> {
    let is_current = diagnosis.seventh() != Some('S');
    (is_current && BURNS.contains(diagnosis)).then(|| burn::degree(diagnosis.key)).flatten()
}

/// A code with plain use-additional-code notes.
struct Addition<'d, 'a> {
    late: &'d ReportedDiagnosis<'a>,
    list: &'a TabularList,
    /// The notes, nearest first.
    notes: Vec<Note<'a>>,
}

impl<'d, 'a> Addition<'d, 'a> {
    fn of(late: &'d ReportedDiagnosis<'a>) -> Option<Self> {
        let (list, location) = late.place.filter(|_| late.is_marked(Mark::PlainAddition))?;
        let notes = list.lineage(location.node).flat_map(|node| {
            let plain = list.plain_additions(node);
            plain.flat_map(move |container| list.container(node, container))
        });
        Some(Self { late, list, notes: notes.collect() })
    }
}

/// The diagnoses before and behind one, and those behind it that have plain use-additional-code notes.
type Around<'d, 'a> =
    (&'d [ReportedDiagnosis<'a>], &'d [ReportedDiagnosis<'a>], &'d [Addition<'d, 'a>]);

/// A code that a plain use-additional-code note of a later code wants behind it.
fn check_addition(
    encounter: &JudgedEncounter<'_>,
    early: &ReportedDiagnosis<'_>,
    (before, after, additions): Around<'_, '_>,
    report: &mut Report<'_>,
) {
    let owner = additions.iter().find_map(|Addition { late, list, notes }| {
        let at = early.location_in(list)?;
        let names = |note: &Note<'_>, at| list.targets(note).iter().any(|it| it.contains(at));
        let note = notes.iter().find(|note| names(note, at))?;
        let is_named = |other: &ReportedDiagnosis<'_>| {
            other.location_in(list).is_some_and(|at| names(note, at))
        };
        // One that stands behind is enough.
        let rest = after.iter().filter(|other| other.position > late.position);
        (!rest.into_iter().any(is_named)).then_some((late, list, note))
    });
    let Some((late, list, note)) = owner else { return };
    // It may belong to a code before it: the organism of another infection.
    if before.iter().any(|other| asks_for(other, early)) {
        return report.pass();
    }
    let basis = format!("{} says: use additional code", list.name(note.owner));
    fail(encounter, report, early, late, &basis).severity(Severity::Information).note(
        RelatedNote {
            owner: list.name(note.owner).to_owned(),
            text: note.text.to_owned(),
            kind: NoteKind::UseAdditionalCode,
        },
    );
}

/// Whether any use-additional-code note above `own` names the other.
fn asks_for(own: &ReportedDiagnosis<'_>, other: &ReportedDiagnosis<'_>) -> bool {
    let Some((list, location)) = own.place else { return false };
    let Some(at) = other.location_in(list) else { return false };
    let mut nodes = list.lineage(location.node);
    nodes.any(|node| list.naming(node, NoteKind::UseAdditionalCode, at).is_some())
}

fn fail<'i>(
    encounter: &JudgedEncounter<'_>,
    report: &'i mut Report<'_>,
    early: &ReportedDiagnosis<'_>,
    late: &ReportedDiagnosis<'_>,
    basis: &str,
) -> &'i mut crate::issue::Issue {
    let (one, other) = (early.written(), late.written());
    let message =
        format!("{one} is listed before {other}; the order is {other}, then {one} ({basis}).");
    let issue = report.fail_on(encounter, early, message).and(late);
    if let Some((_, index)) = early.movable().zip(late.movable()) {
        issue.move_to(index, format!("Move {one} behind {other}"));
    }
    issue
}

#[cfg(test)]
mod tests {
    use crate::testing::{encounter_of, outcome_of, reports};

    const ID: &str = "guideline-order";

    #[test]
    fn reports_the_reverse_of_an_order() {
        for (codes, expected) in [
            ("T24.111A, T22.311A", "warning T24.111A T22.311A"),
            ("P07.36, P07.18", "warning P07.36 P07.18"),
            ("T38.3X6A, T85.614A", "warning T38.3X6A T85.614A"),
            ("I25.10, I21.4", "warning I25.10 I21.4"),
            ("S72.001A, Y92.009, W19.XXXA", "info Y92.009 W19.XXXA"),
            ("B96.20, N39.0", "info B96.20 N39.0"),
            ("N18.30, I12.9", "info N18.30 I12.9"),
            ("T81.44XA, T81.41XA", "warning T81.44XA T81.41XA"),
            ("I10, I63.9", "info I10 I63.9"),
            ("S72.001A, W19.XXXA, V43.52XA", "info W19.XXXA V43.52XA"),
        ] {
            assert_eq!(reports(ID, codes), [expected], "{codes}");
        }
    }

    #[test]
    fn accepts_the_order_of_the_guidelines() {
        for codes in [
            "T22.311A, T24.111A",
            "P07.18, P07.36",
            "T85.614A, T38.3X6A",
            "I21.4, I25.10",
            "S72.001A, W19.XXXA, Y92.009",
            "N39.0, B96.20",
            "I12.9, N18.30",
            "J18.9, I25.10, I21.4",
            "I63.9, I10",
            // The organism belongs to the infection before it.
            "N39.0, B96.20, L02.211",
            "E11.9, I10",
        ] {
            assert_eq!(reports(ID, codes), Vec::<String>::new(), "{codes}");
        }
    }

    #[test]
    fn gives_no_data_for_codes_that_could_not_be_asked() {
        let encounter = encounter_of("P07.36, P07.18 @2010-03-02");
        assert_eq!(outcome_of(ID, &encounter).as_deref(), Some("no_data"));
        assert_eq!(outcome_of(ID, &encounter_of("E11.9, I10")), None);
    }
}
