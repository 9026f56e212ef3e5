//! What becomes of concepts from one release to another.

use medcode_codes::{
    code::{Code, written},
    release::Release,
    replacement::successors,
    system::CodeSystem,
};
use medcode_proto::v1;

use super::concept;
use crate::{
    catalog::{
        diff::{ChangedField, Difference, DifferenceKind, ListedConcept},
        snapshot::Snapshot,
    },
    rpc::Sighting,
};

/// A change between two releases.
pub(crate) fn change(
    snapshot: &Snapshot,
    system: CodeSystem,
    difference: &Difference,
    [from, to]: [&Release; 2],
) -> v1::ConceptChange {
    let side = |listed: &Option<ListedConcept>, release| {
        listed.as_ref().map(|listed| listed_concept(snapshot, system, listed, release))
    };
    let kind = kind(difference.kind);
    let replaced_by = Code::from_key(system, difference.code)
        .filter(|_| kind == v1::ChangeKind::Deleted)
        .map(|code| successors(&snapshot.terminology, code, to.version));
    v1::ConceptChange {
        kind: kind.into(),
        before: side(&difference.before, from).filter(|_| kind != v1::ChangeKind::Added),
        after: side(&difference.after, to).filter(|_| kind != v1::ChangeKind::Deleted),
        changed_fields: difference.changed.iter().map(|field| name(*field).to_owned()).collect(),
        replaced_by: super::replacements(snapshot, &replaced_by.unwrap_or_default(), to.version),
    }
}

/// What becomes of a concept.
pub(crate) fn kind(kind: DifferenceKind) -> v1::ChangeKind {
    match kind {
        DifferenceKind::Added => v1::ChangeKind::Added,
        DifferenceKind::Deleted => v1::ChangeKind::Deleted,
        DifferenceKind::Revised => v1::ChangeKind::Revised,
    }
}

fn name(field: ChangedField) -> &'static str {
    match field {
        ChangedField::Display => "display",
        ChangedField::Billable => "billable",
        ChangedField::Notes => "notes",
        ChangedField::EditFlags => "edit_flags",
    }
}

/// A concept as a release lists it; what the list does not say, as the catalog has it on the first day.
fn listed_concept(
    snapshot: &Snapshot,
    system: CodeSystem,
    listed: &ListedConcept,
    release: &Release,
) -> v1::Concept {
    let code = Code::from_key(system, listed.code);
    let known = code.and_then(|code| snapshot.terminology.concept(code, release.version));
    let known = known.map(|concept| concept::basic(snapshot, &Sighting::of(concept)));
    let known = known.unwrap_or_default();
    let display = match (&known.coding, listed.title.as_str()) {
        (Some(coding), "") => coding.display.clone(),
        (_, title) => title.to_owned(),
    };
    v1::Concept {
        coding: Some(v1::Coding {
            system: system.url().into(),
            version: release.version.to_string(),
            code: written(system, &listed.code.text()),
            display,
        }),
        not_selectable: !listed.billable,
        billable: listed.billable,
        release: Some(super::release(release)),
        ..known
    }
}
