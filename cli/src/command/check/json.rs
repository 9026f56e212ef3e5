//! Issues as JSON. Lines and columns count from 1, columns in characters.

use std::ops::Range;

use serde::Serialize;

use super::{Checked, Totals};

/// The whole document.
#[derive(Debug, Serialize)]
pub(super) struct Document {
    issues: Vec<Issue>,
    files: usize,
    skipped: usize,
    silenced: usize,
    incomplete: bool,
}

impl Document {
    pub(super) fn new(issues: Vec<Issue>, totals: &Totals) -> Self {
        Self {
            issues,
            files: totals.files,
            skipped: totals.skipped,
            silenced: totals.silenced,
            incomplete: totals.incomplete,
        }
    }
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

#[derive(Clone, Copy, Debug, Serialize)]
struct Span {
    start: Position,
    end: Position,
}

/// A place in a text, both counted from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// Finds the place of a byte.
pub(super) fn position(text: &str, offset: usize) -> Position {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    Position {
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
    }
}

fn span(text: &str, range: &Range<usize>) -> Span {
    Span { start: position(text, range.start), end: position(text, range.end) }
}

/// Every issue of a text.
pub(super) fn issues(checked: &Checked) -> Vec<Issue> {
    let text = checked.text.as_str();
    let issues =
        checked.assembly.issues.iter().zip(&checked.systems).map(|(issue, system)| Issue {
            path: checked.path.clone(),
            rule: issue.rule.clone(),
            severity: issue.severity.id(),
            code: issue.codes.first().cloned(),
            system: *system,
            message: issue.message.clone(),
            range: span(text, &issue.range),
            related: issue
                .related
                .iter()
                .map(|related| Related {
                    code: related.code.clone(),
                    range: span(text, &related.range),
                })
                .collect(),
            fixes: issue
                .fixes
                .iter()
                .map(|fix| Fix {
                    title: fix.title.clone(),
                    safe: fix.safe,
                    edits: fix
                        .edits
                        .iter()
                        .map(|(range, new)| Edit { range: span(text, range), text: new.clone() })
                        .collect(),
                })
                .collect(),
            source: issue.source.clone(),
        });
    issues.collect()
}

#[cfg(test)]
mod tests {
    use super::{Position, position};

    #[test]
    fn counts_characters_from_one() {
        assert_eq!(position("Ä\nÄÖ x", 0), Position { line: 1, column: 1 });
        assert_eq!(position("Ä\nÄÖ x", "Ä\nÄÖ ".len()), Position { line: 2, column: 4 });
    }
}
