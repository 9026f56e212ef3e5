//! Counts what was read, to compare it with what a pin says.

use std::fmt::Debug;

use medcode_codes::tabular::{NodeKind, NoteKind, TabularList};

use super::{InstallError, manifest::TabularCounts};
use medcode_import::rows::TabularRows;

/// Refuses a file that does not hold what its pin says.
pub(super) fn compare<T: PartialEq + Debug + ?Sized>(
    file: &str,
    found: &T,
    expected: &T,
) -> Result<(), InstallError> {
    if found == expected {
        return Ok(());
    }
    Err(InstallError::Inconsistent(format!(
        "{file} holds {found:?} where {expected:?} was expected"
    )))
}

/// Counts a tabular list.
pub(super) fn of_list(rows: &TabularRows, list: &TabularList) -> TabularCounts {
    let nodes = |kind| list.ids().filter(move |id| list.kind(*id) == kind);
    let notes = |kind| rows.notes.iter().filter(|note| note.kind == kind).count();
    let leaves = || nodes(NodeKind::Code).filter(|id| list.is_leaf(*id));
    let complete = |id| list.seventh_characters(id).map_or(1, |characters| characters.len());
    let mut definitions: Vec<_> = rows.seventh.iter().map(|row| row.node).collect();
    definitions.dedup();
    TabularCounts {
        chapters: nodes(NodeKind::Chapter).count(),
        sections: nodes(NodeKind::Section).count(),
        empty_sections: nodes(NodeKind::Section).filter(|id| list.is_leaf(*id)).count(),
        codes: nodes(NodeKind::Code).count(),
        categories: nodes(NodeKind::Code)
            .filter(|id| list.key(*id).is_some_and(|key| key.length() == 3))
            .count(),
        leaves: leaves().count(),
        definitions: definitions.len(),
        extensions: rows.seventh.len(),
        excludes1: notes(NoteKind::Excludes1),
        excludes2: notes(NoteKind::Excludes2),
        code_first: notes(NoteKind::CodeFirst),
        use_additional_code: notes(NoteKind::UseAdditionalCode),
        code_also: notes(NoteKind::CodeAlso),
        inclusion_terms: notes(NoteKind::InclusionTerm),
        includes: notes(NoteKind::Includes),
        complete: leaves().map(complete).sum(),
        billable: list.billable_codes().len(),
    }
}
