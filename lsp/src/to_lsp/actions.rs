//! Fixes, and the way to ignore an issue, as code actions.

use std::collections::HashMap;

use super::diagnostics::{EditsData, FixData, IssueData, SOURCE, diagnostic};
use crate::{
    documents::Document,
    from_lsp,
    protocol::{
        CodeAction, CodeActionKind, CodeActionOrCommand, Diagnostic, DocumentChanges,
        NumberOrString, OneOf, OptionalVersionedTextDocumentIdentifier, Range, TextDocumentEdit,
        TextEdit, WorkspaceEdit,
    },
    reported::Checked,
    snapshot::Snapshot,
};

/// An issue that actions are asked for: as the client has it, and what can be done about it.
pub(crate) struct Actionable {
    diagnostic: Diagnostic,
    data: IssueData,
}

/// The kinds of action that this server has.
pub(crate) fn advertised_kinds() -> Vec<CodeActionKind> {
    vec![CodeActionKind::QUICKFIX]
}

/// What the diagnostics at the caret carry along. `None` when one of them is not of the version at hand, or carries
/// nothing: then the issues have to be looked up.
pub(crate) fn carried(document: &Document, diagnostics: &[Diagnostic]) -> Option<Vec<Actionable>> {
    let ours: Vec<_> = diagnostics.iter().filter(|found| is_ours(found)).collect();
    if ours.is_empty() {
        return None;
    }
    let carried = ours.into_iter().map(|diagnostic| {
        let data = IssueData::read(diagnostic).filter(|data| data.doc == document.version)?;
        Some(Actionable { diagnostic: diagnostic.clone(), data })
    });
    carried.collect()
}

/// The issues of a check that the diagnostics at the caret stand for; without diagnostics those that touch `place`.
pub(crate) fn looked_up(
    document: &Document,
    checked: &Checked,
    snapshot: &Snapshot,
    diagnostics: &[Diagnostic],
    place: Range,
) -> Vec<Actionable> {
    let grid = document.grid(snapshot.client.encoding);
    let ours: Vec<_> = diagnostics.iter().filter(|found| is_ours(found)).collect();
    let place = from_lsp::range(&grid, place);
    let touches =
        |issue: &std::ops::Range<usize>| issue.start <= place.end && place.start <= issue.end;
    let issues = checked.issues.iter().filter_map(|issue| {
        let current = diagnostic(document, &grid, issue, snapshot);
        let data = IssueData::new(&grid, document.version, issue);
        let asked = ours.iter().find(|asked| is_same(asked, &current, &data));
        match asked {
            Some(asked) => Some(Actionable { diagnostic: (*asked).clone(), data }),
            None if ours.is_empty() && touches(&issue.range) => {
                Some(Actionable { diagnostic: current, data })
            }
            None => None,
        }
    });
    issues.collect()
}

/// The diagnostics of other servers stand in the same list.
fn is_ours(diagnostic: &Diagnostic) -> bool {
    diagnostic.source.as_deref() == Some(SOURCE) && diagnostic.code.is_some()
}

/// Whether a diagnostic that the client holds is about the issue: by rule and codes where it carries them, since the
/// text may have moved, else by rule and range.
fn is_same(asked: &Diagnostic, current: &Diagnostic, data: &IssueData) -> bool {
    match IssueData::read(asked) {
        Some(carried) => carried.rule == data.rule && carried.codes == data.codes,
        None => asked.code == current.code && asked.range == current.range,
    }
}

/// The actions, fixes first. Each issue keeps its own order; the same action is offered once.
pub(crate) fn actions(
    document: &Document,
    snapshot: &Snapshot,
    issues: &[Actionable],
) -> Vec<CodeActionOrCommand> {
    let mut actions: Vec<CodeAction> = Vec::new();
    let fixes =
        issues.iter().flat_map(|issue| issue.data.fixes.iter().map(move |fix| (issue, fix)));
    let fixes = fixes.map(|(issue, fix)| fix_action(document, snapshot, issue, fix));
    let ignores = issues.iter().filter_map(|issue| {
        let ignore = issue.data.ignore.as_ref()?;
        Some(ignore_action(document, snapshot, issue, ignore))
    });
    for action in fixes.chain(ignores) {
        let same = |other: &CodeAction| other.title == action.title && other.edit == action.edit;
        if !actions.iter().any(same) {
            actions.push(action);
        }
    }
    actions.into_iter().map(CodeActionOrCommand::CodeAction).collect()
}

fn fix_action(
    document: &Document,
    snapshot: &Snapshot,
    issue: &Actionable,
    fix: &FixData,
) -> CodeAction {
    let only = issue.data.fixes.len() == 1;
    let mut action = action(document, snapshot, issue, fix.title.clone(), fix.edits.clone());
    action.is_preferred = (only && snapshot.client.action_preferred).then_some(true);
    action
}

fn ignore_action(
    document: &Document,
    snapshot: &Snapshot,
    issue: &Actionable,
    ignore: &EditsData,
) -> CodeAction {
    let rule = match &issue.diagnostic.code {
        Some(NumberOrString::String(rule)) => rule.as_str(),
        _ => issue.data.rule.as_str(),
    };
    action(document, snapshot, issue, format!("Ignore {rule} here"), ignore.edits.clone())
}

fn action(
    document: &Document,
    snapshot: &Snapshot,
    issue: &Actionable,
    title: String,
    edits: Vec<TextEdit>,
) -> CodeAction {
    CodeAction {
        title,
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(vec![issue.diagnostic.clone()]),
        edit: Some(workspace_edit(document, snapshot, edits)),
        ..CodeAction::default()
    }
}

/// With the version it fits where the client looks at versions.
fn workspace_edit(document: &Document, snapshot: &Snapshot, edits: Vec<TextEdit>) -> WorkspaceEdit {
    let uri = document.uri.clone();
    if !snapshot.client.versioned_edits {
        return WorkspaceEdit {
            changes: Some(HashMap::from([(uri, edits)])),
            ..WorkspaceEdit::default()
        };
    }
    let change = TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier {
            uri,
            version: Some(document.version),
        },
        edits: edits.into_iter().map(OneOf::Left).collect(),
    };
    WorkspaceEdit {
        document_changes: Some(DocumentChanges::Edits(vec![change])),
        ..WorkspaceEdit::default()
    }
}
