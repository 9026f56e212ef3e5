//! What a rule about a missing or conflicting code needs beside the good codes: codes that were tried, and the note that
//! names a pair.

use crate::{
    encounter::{Item, JudgedEncounter},
    issue::RelatedNote,
    reported::ReportedDiagnosis,
    tabular::{Location, NoteKind, TabularList},
    verdict::Verdict,
};

impl JudgedEncounter<'_> {
    /// Whether a diagnosis, good or not, begins with `prefix`, written without its point. A code that is there and wrong
    /// has an issue of its own; it is not missing as well.
    pub(crate) fn tries(&self, prefix: &str) -> bool {
        self.diagnoses().any(|coded| coded.judgement.normalized.code.starts_with(prefix))
    }

    /// Whether some diagnosis is not good: any code that is missed may be the one that was meant.
    pub(crate) fn has_faulty_diagnosis(&self) -> bool {
        self.diagnoses().any(|coded| !coded.judgement.is_billable())
    }

    /// Whether some diagnosis could not be asked.
    pub(crate) fn has_unasked_diagnosis(&self) -> bool {
        let unasked = |verdict: &Verdict| matches!(verdict, Verdict::Unavailable(_));
        self.diagnoses().any(|coded| unasked(&coded.judgement.verdict))
    }
}

impl ReportedDiagnosis<'_> {
    /// Its index in the diagnoses of the encounter.
    pub(crate) fn index(&self) -> usize {
        match self.item {
            Item::Diagnosis(index) | Item::Line(index) => index,
        }
    }
}

/// The codes as they are written in a sentence: `O80`, `O80 and Z37.0`, `O80, O70.0 and Z37.0`.
pub(crate) fn listed(diagnoses: &[&ReportedDiagnosis<'_>]) -> String {
    let written: Vec<_> = diagnoses.iter().map(|it| it.written()).collect();
    match written.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// The note of one kind, at either code or above it, that names the other.
pub(crate) fn note_between(
    a: &ReportedDiagnosis<'_>,
    b: &ReportedDiagnosis<'_>,
    kind: NoteKind,
) -> Option<RelatedNote> {
    note_naming(a, b, kind).or_else(|| note_naming(b, a, kind))
}

/// The note of one kind, at `own` or above it, that names `other`.
pub(crate) fn note_naming(
    own: &ReportedDiagnosis<'_>,
    other: &ReportedDiagnosis<'_>,
    kind: NoteKind,
) -> Option<RelatedNote> {
    let ((list, at_own), (other_list, at_other)) = own.place.zip(other.place)?;
    std::ptr::eq(list, other_list).then(|| note_at(list, at_own, at_other, kind)).flatten()
}

fn note_at(
    list: &TabularList,
    own: Location,
    named: Location,
    kind: NoteKind,
) -> Option<RelatedNote> {
    let notes = list.lineage(own.node).flat_map(|node| list.own_notes(node));
    let mut notes = notes.filter(|note| note.kind == kind);
    let found =
        notes.find(|note| list.targets(note).iter().any(|target| target.contains(named)))?;
    let owner = list.name(found.owner).to_owned();
    Some(RelatedNote { owner, text: found.text.to_owned(), kind })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TODAY, encounter_of, sample};

    #[test]
    fn finds_what_was_tried_though_it_is_no_good_code() {
        let encounter = encounter_of("O80, Z37");
        let judged = JudgedEncounter::new(&encounter, sample(), TODAY);
        assert!(judged.tries("Z37"));
        assert!(!judged.tries("Z3A"));
        assert!(judged.has_faulty_diagnosis());
        assert!(!judged.has_unasked_diagnosis());
    }

    #[test]
    fn lists_codes_and_finds_the_note_from_either_side() {
        let encounter = encounter_of("Z33.1, O80, I10");
        let judged = JudgedEncounter::new(&encounter, sample(), TODAY);
        let all: Vec<_> = judged.good_diagnoses().iter().collect();
        assert_eq!(listed(&all), "Z33.1, O80 and I10");
        assert_eq!(listed(&all[..1]), "Z33.1");
        let owner = |a: usize, b: usize| {
            note_between(all[a], all[b], NoteKind::Excludes1).map(|note| note.owner)
        };
        assert_eq!(owner(0, 1).as_deref(), Some("Z33.1"));
        assert_eq!(owner(1, 0).as_deref(), Some("Z33.1"));
        assert_eq!(owner(0, 2), None);
    }
}
