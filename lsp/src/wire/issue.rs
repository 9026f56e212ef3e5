//! What a rule reported, on its way back from the service.

use std::sync::Arc;

use medcode_codes::{
    code::Code,
    document::{EncounterRequest, ItemFact},
    encounter::Item,
    issue::{Change, Fix, Issue, RelatedNote, Severity},
    payer::TextRequirement,
    system::CodeSystem,
};
use medcode_proto::v1;

use super::codes::note_kind;

/// An issue of `request`. `None` when it points at nothing that was asked about, which only a service of another version
/// would send.
pub(super) fn from_proto(
    request: &EncounterRequest,
    facts: &[Arc<ItemFact>],
    issue: v1::Issue,
) -> Option<Issue> {
    let severity = weight(issue.severity())?;
    let items: Vec<Item> =
        issue.expression.iter().map(|path| item(request, path)).collect::<Option<_>>()?;
    let first = *items.first()?;

    let codes =
        items.iter().map(|item| fact(request, facts, *item).map(|fact| fact.written.clone()));
    let codes = codes.collect::<Option<_>>()?;
    let fixes = issue.fixes.into_iter().filter_map(|found| fix(request, first, found)).collect();
    let notes = issue.related_notes.into_iter().map(|note| RelatedNote {
        kind: note_kind(note.kind()),
        owner: note.owner_code,
        text: note.text,
    });
    Some(Issue {
        rule: issue.rule_id.into(),
        severity,
        message: issue.message,
        items,
        codes,
        fixes,
        notes: notes.collect(),
        source: issue.source,
    })
}

/// What the payer's rules ask of the text. `None` when it points at nothing that was asked about.
pub(super) fn requirement(
    request: &EncounterRequest,
    asked: v1::TextRequirement,
) -> Option<TextRequirement> {
    Some(TextRequirement {
        severity: weight(asked.severity())?,
        rule: asked.rule_id,
        item: item(request, &asked.expression)?,
        code: asked.code,
        condition: Some(asked.condition).filter(|condition| !condition.is_empty()),
        any: asked.any,
        all: asked.all,
        message: asked.message,
        source: asked.source,
    })
}

fn weight(severity: v1::IssueSeverity) -> Option<Severity> {
    match severity {
        v1::IssueSeverity::Error => Some(Severity::Error),
        v1::IssueSeverity::Warning => Some(Severity::Warning),
        v1::IssueSeverity::Information => Some(Severity::Information),
        v1::IssueSeverity::Hint => Some(Severity::Hint),
        v1::IssueSeverity::Unspecified => None,
    }
}

/// The item that a path such as `diagnoses[2].coding.code` names. `None` when there is no such item.
fn item(request: &EncounterRequest, path: &str) -> Option<Item> {
    let (list, rest) = path.split_once('[')?;
    let index: usize = rest.split_once(']')?.0.parse().ok()?;
    match list {
        "diagnoses" => {
            (index < request.encounter.diagnoses.len()).then_some(Item::Diagnosis(index))
        }
        "lines" => (index < request.encounter.lines.len()).then_some(Item::Line(index)),
        _ => None,
    }
}

fn fact<'f>(
    request: &EncounterRequest,
    facts: &'f [Arc<ItemFact>],
    item: Item,
) -> Option<&'f Arc<ItemFact>> {
    match item {
        Item::Diagnosis(index) => facts.get(index),
        Item::Line(index) => facts.get(request.encounter.diagnoses.len() + index),
    }
}

/// A fix with all its edits, or none: half a fix would be a mistake.
fn fix(request: &EncounterRequest, first: Item, fix: v1::Fix) -> Option<Fix> {
    let edits = fix.edits.into_iter().map(|edit| {
        let item = if edit.path.is_empty() { first } else { item(request, &edit.path)? };
        Some((item, change(edit.edit?)?))
    });
    Some(Fix { title: fix.title, safe: fix.safe, edits: edits.collect::<Option<_>>()? })
}

fn change(edit: v1::coding_edit::Edit) -> Option<Change> {
    use v1::coding_edit::Edit;
    match edit {
        Edit::ReplaceWith(coding) => {
            let system = CodeSystem::from_identifier(&coding.system).ok()?;
            Code::parse(system, &coding.code).ok().map(Change::ReplaceWith)
        }
        Edit::Remove(_) => Some(Change::Remove),
        Edit::MoveTo(index) => usize::try_from(index).ok().map(Change::MoveTo),
        Edit::AddModifier(modifier) => Some(Change::AddModifier(modifier)),
        Edit::RemoveModifier(modifier) => Some(Change::RemoveModifier(modifier)),
        // No rule of this version proposes it.
        Edit::InsertAfter(_) => None,
    }
}
