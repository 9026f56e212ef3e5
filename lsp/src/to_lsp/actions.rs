//! Fixes, and the ways to accept an issue, as code actions.

use super::diagnostics::{EditsData, FixData, IssueData, SOURCE, diagnostic};
use crate::{
    documents::Document,
    from_lsp,
    governing::path_of,
    protocol::{Diagnostic, Range, TextEdit},
    reported::Checked,
    snapshot::Snapshot,
};

mod proposal;

pub(crate) use proposal::{
    APPLY, Deferred, FIX_ALL, IGNORE_IN_PROJECT, Later, Proposal, QUICK_FIX, REWRITE,
    advertised_kinds, edit_of, respond, workspace_edit,
};

/// An issue that actions are asked for: as the client has it, and what can be done about it.
pub(crate) struct Actionable {
    diagnostic: Diagnostic,
    data: IssueData,
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

/// The actions for issues: fixes, then the ways to accept the rule, then pairs. Each issue keeps its own order; the same
/// action is offered once.
pub(crate) fn quick_fixes(document: &Document, issues: &[Actionable]) -> Vec<Proposal> {
    let mut proposals: Vec<Proposal> = Vec::new();
    let fixes =
        issues.iter().flat_map(|issue| issue.data.fixes.iter().map(|fix| fixed(issue, fix)));
    let ignores = issues.iter().flat_map(|issue| accepted(document, issue));
    let pairs = issues.iter().filter_map(unrelated);
    for proposal in fixes.chain(ignores).chain(pairs) {
        if !proposals.iter().any(|other| other.does_the_same(&proposal)) {
            proposals.push(proposal);
        }
    }
    proposals
}

fn fixed(issue: &Actionable, fix: &FixData) -> Proposal {
    Proposal {
        is_preferred: issue.data.fixes.len() == 1,
        ..about(issue, fix.title.clone(), fix.edits.clone())
    }
}

/// Here, in this file, in this project.
fn accepted(document: &Document, issue: &Actionable) -> Vec<Proposal> {
    let data = &issue.data;
    let rule = &data.rule;
    let by_comment = |ignore: &Option<EditsData>, place: &str| {
        let edits = ignore.as_ref()?.edits.clone();
        Some(about(issue, format!("Ignore {rule} {place}"), edits))
    };
    let here = by_comment(&data.ignore, "here");
    // From front matter both say the same.
    let in_file = by_comment(&data.ignore_in_file, "in this file")
        .filter(|_| data.ignore_in_file != data.ignore);
    let writes_files = path_of(&document.uri).is_some();
    let in_project = writes_files.then(|| Proposal {
        command: Some(proposal::ignore_in_project(&document.uri, rule, &data.codes)),
        ..about(issue, format!("Ignore {rule} in this project"), Vec::new())
    });
    here.into_iter().chain(in_file).chain(in_project).collect()
}

fn unrelated(issue: &Actionable) -> Option<Proposal> {
    let edits = issue.data.unrelated.as_ref()?.edits.clone();
    let [first, second] = issue.data.codes.as_slice() else { return None };
    Some(about(issue, format!("Mark {first} and {second} as unrelated"), edits))
}

fn about(issue: &Actionable, title: String, edits: Vec<TextEdit>) -> Proposal {
    Proposal {
        diagnostic: Some(issue.diagnostic.clone()),
        ..Proposal::new(QUICK_FIX, title, edits)
    }
}
