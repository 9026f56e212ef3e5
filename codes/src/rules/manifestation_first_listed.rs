//! Manifestation codes in first place.

use crate::{
    check::Reason,
    concept::Concept,
    encounter::{CodedItem, Item, JudgedEncounter},
    flag::Flag,
    issue::{Change, RelatedNote},
    rule::{Report, declare_rule},
    tabular::{Note, NoteKind},
    verdict::Verdict,
};

/// At most this many etiologies are named in the message.
const MOST_NAMED: usize = 3;

declare_rule! {
    /// A manifestation code is listed first or alone.
    ///
    /// ## Why
    /// A manifestation is the sign of another disease, which must be listed before it; alone it is refused.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: D63.1, N18.6
    ///     ^^^^^ error[manifestation-first-listed]: D63.1 describes a manifestation and cannot be listed first: code the underlying disease first (underlying chronic kidney disease (CKD) (N18.-)).
    /// ```
    ///
    /// ## Exceptions
    /// None.
    ///
    /// ## Source
    /// ICD-10-CM guidelines FY2026, I.A.13; Medicare Code Editor, manifestation flag.
    "manifestation-first-listed", Error, Reported, Coding(check)
}

fn check(encounter: &JudgedEncounter<'_>, report: &mut Report<'_>) {
    let Some(first) = encounter.diagnoses().next() else { return };
    let Some(concept) = first.judgement.concept.filter(|_| first.judgement.is_billable()) else {
        if let Verdict::Unavailable(reason) = first.judgement.verdict {
            report.no_data(Reason::CodeUnavailable(reason));
        }
        return;
    };
    if !concept.flags().contains(Flag::Manifestation) {
        return report.pass();
    }
    let notes: Vec<_> =
        concept.notes().into_iter().filter(|note| note.kind == NoteKind::CodeFirst).collect();
    let issue = report.fail(first.item, &first.judgement, message(first, &notes));
    for note in &notes {
        if let Some((edition, _)) = concept.place() {
            let owner = edition.list.name(note.owner).to_owned();
            issue.note(RelatedNote {
                owner,
                text: note.text.to_owned(),
                kind: NoteKind::CodeFirst,
            });
        }
    }
    if let Some(index) = etiology(encounter, &concept, &notes) {
        let title = format!("Move {} behind its underlying disease", first.judgement.written());
        issue.fix(title, false, Change::MoveTo(index));
    }
}

fn message(first: &CodedItem<'_>, notes: &[Note<'_>]) -> String {
    let etiologies: Vec<_> =
        notes.iter().map(|note| note.text).filter(|text| text.contains('(')).collect();
    let named = etiologies.iter().take(MOST_NAMED).copied().collect::<Vec<_>>().join("; ");
    let more = if etiologies.len() > MOST_NAMED { " …" } else { "" };
    let named = if named.is_empty() { String::new() } else { format!(" ({named}{more})") };
    format!(
        "{} describes a manifestation and cannot be listed first: code the underlying disease first{named}.",
        first.judgement.written()
    )
}

/// Where a disease that the notes name stands in the list.
fn etiology(
    encounter: &JudgedEncounter<'_>,
    concept: &Concept<'_>,
    notes: &[Note<'_>],
) -> Option<usize> {
    let (edition, _) = concept.place()?;
    let mut later = encounter.diagnoses().skip(1).filter_map(|coded| {
        let (other, location) = coded.judgement.concept?.place()?;
        std::ptr::eq(edition, other).then_some((coded, location))
    });
    let (found, _) = later.find(|(_, location)| {
        notes
            .iter()
            .any(|note| edition.list.targets(note).iter().any(|target| target.contains(*location)))
    })?;
    match found.item {
        Item::Diagnosis(index) => Some(index),
        Item::Line(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::issues_for_codes;

    fn fires(codes: &[&str]) -> bool {
        issues_for_codes(codes, "2026-04-01")
            .iter()
            .any(|issue| issue.rule == "manifestation-first-listed")
    }

    #[test]
    fn reports_a_manifestation_in_first_place_or_alone() {
        assert!(fires(&["G63"]));
        assert!(fires(&["D63.1", "N18.6"]));
        assert!(fires(&["F02.80", "G30.9"]));
        assert!(fires(&["E08.9"]));
        assert!(fires(&["D63.0", "C50.911"]));
    }

    #[test]
    fn accepts_it_behind_its_disease() {
        assert!(!fires(&["G30.9", "F02.80"]));
        assert!(!fires(&["N18.6", "D63.1"]));
    }

    #[test]
    fn offers_to_move_it_behind_a_disease_that_is_there() {
        let issues = issues_for_codes(&["D63.1", "N18.6"], "2026-04-01");
        let issue = issues.iter().find(|issue| issue.rule == "manifestation-first-listed").unwrap();
        assert_eq!(issue.fixes[0].edits[0].1, crate::issue::Change::MoveTo(1));
    }
}
