//! Issues as JSON. Lines and columns count from 1, columns in characters.

use medcode_codes::document::TextIssue;
use serde::Serialize;

use super::{Checked, Totals, places::Span};

/// The whole document.
#[derive(Debug, Default, Serialize)]
pub(super) struct Document {
    issues: Vec<Issue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ignored: Option<Vec<Ignored>>,
    files: usize,
    skipped: usize,
    excluded: usize,
    silenced: usize,
    fixed: usize,
    incomplete: bool,
}

impl Document {
    /// Takes the issues of a text.
    pub(super) fn add(&mut self, checked: &Checked, with_ignored: bool) {
        self.issues.extend(issues(checked));
        if with_ignored {
            self.ignored.get_or_insert_default().extend(ignored(checked));
        }
    }

    /// The document with what is known at the end.
    pub(super) fn finish(self, totals: &Totals) -> Self {
        Self {
            files: totals.files,
            skipped: totals.skipped,
            excluded: totals.excluded,
            silenced: totals.silenced,
            fixed: totals.fixed,
            incomplete: totals.incomplete,
            ..self
        }
    }
}

/// An issue that is accepted.
#[derive(Debug, Serialize)]
pub(super) struct Ignored {
    #[serde(flatten)]
    issue: Issue,
    ignored: Acceptance,
}

#[derive(Debug, Serialize)]
struct Acceptance {
    by: &'static str,
    line: Option<usize>,
    reason: String,
}

/// One issue.
#[derive(Debug, Serialize)]
pub(super) struct Issue {
    path: String,
    rule: String,
    severity: &'static str,
    code: Option<String>,
    system: Option<&'static str>,
    message: String,
    range: Span,
    related: Vec<Related>,
    fixes: Vec<Fix>,
    source: String,
}

#[derive(Debug, Serialize)]
struct Related {
    code: String,
    range: Span,
}

#[derive(Debug, Serialize)]
struct Fix {
    title: String,
    safe: bool,
    edits: Vec<Edit>,
}

#[derive(Debug, Serialize)]
struct Edit {
    range: Span,
    text: String,
}

/// Every issue of a text.
pub(super) fn issues(checked: &Checked) -> Vec<Issue> {
    let issues = checked.assembly.issues.iter().zip(&checked.systems);
    issues.map(|(issue, system)| of(checked, issue, *system)).collect()
}

/// Every issue of a text that is accepted, with what accepts it.
pub(super) fn ignored(checked: &Checked) -> Vec<Ignored> {
    let silenced = checked.assembly.silenced.iter().zip(&checked.reasons);
    let ignored = silenced.map(|(silenced, accepting)| Ignored {
        issue: of(checked, &silenced.issue, None),
        ignored: Acceptance {
            by: if accepting.line.is_some() { "comment" } else { "settings" },
            line: accepting.line,
            reason: accepting.reason.clone(),
        },
    });
    ignored.collect()
}

fn of(checked: &Checked, issue: &TextIssue, system: Option<&'static str>) -> Issue {
    let related = issue
        .related
        .iter()
        .map(|related| Related { code: related.code.clone(), range: checked.span(&related.range) });
    let fixes = issue.fixes.iter().map(|fix| {
        let edits = fix.edits.iter();
        let edits =
            edits.map(|(range, new)| Edit { range: checked.span(range), text: new.clone() });
        Fix { title: fix.title.clone(), safe: fix.safe, edits: edits.collect() }
    });
    Issue {
        path: checked.path.clone(),
        rule: issue.rule.clone(),
        severity: issue.severity.id(),
        code: issue.codes.first().cloned(),
        system,
        message: issue.message.clone(),
        range: checked.span(&issue.range),
        related: related.collect(),
        fixes: fixes.collect(),
        source: issue.source.clone(),
    }
}
