//! Issues as diagnostics.

use std::sync::Arc;

use medcode_codes::{
    document::{Edits, TextIssue},
    issue::{RelatedNote, Severity},
    tabular::NoteKind,
    text_check::TextFix,
};
use serde::{Deserialize, Serialize};

use super::{page_place::location_on, range, text_edits};
use crate::{
    documents::Document,
    issue_links::IssueLinks,
    positions::Grid,
    protocol::{
        CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity,
        DiagnosticTag, DocumentDiagnosticReport, DocumentDiagnosticReportResult,
        FullDocumentDiagnosticReport, Location, NumberOrString, PublishDiagnosticsParams,
        RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport, TextEdit,
        UnchangedDocumentDiagnosticReport, Url, WorkspaceDiagnosticReport,
        WorkspaceDiagnosticReportResult, WorkspaceDocumentDiagnosticReport,
        WorkspaceFullDocumentDiagnosticReport,
    },
    reported::Checked,
    snapshot::Snapshot,
    workspace_check::Found,
};

/// Who reports.
pub(crate) const SOURCE: &str = "medcode";

/// The most fixes that a diagnostic carries.
const MAX_FIXES: usize = 5;

/// The form of [`IssueData`]. Data of another form is not read.
const DATA_FORM: u32 = 1;

/// What a diagnostic carries along, so that actions need no second analysis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IssueData {
    v: u32,
    /// The version of the document that the edits fit.
    pub(crate) doc: i32,
    /// The rule.
    pub(crate) rule: String,
    /// The codes concerned.
    pub(crate) codes: Vec<String>,
    /// Proposed changes, best first.
    pub(crate) fixes: Vec<FixData>,
    /// The change that silences the rule here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ignore: Option<EditsData>,
    /// The change that silences the rule in the whole document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ignore_in_file: Option<EditsData>,
    /// The change that says that the two codes are unrelated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unrelated: Option<EditsData>,
}

/// A proposed change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct FixData {
    /// What it does.
    pub(crate) title: String,
    /// It may be applied in bulk.
    pub(crate) safe: bool,
    /// The edits, applied together.
    pub(crate) edits: Vec<TextEdit>,
}

/// Edits, applied together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct EditsData {
    /// The edits.
    pub(crate) edits: Vec<TextEdit>,
}

impl IssueData {
    /// The data of an issue.
    pub(crate) fn new(grid: &Grid<'_>, version: i32, issue: &TextIssue) -> Self {
        let data = |edits: &Edits| EditsData { edits: text_edits(grid, edits) };
        let ways = &issue.ignoring;
        Self {
            v: DATA_FORM,
            doc: version,
            rule: issue.rule.clone(),
            codes: issue.codes.clone(),
            fixes: issue.fixes.iter().take(MAX_FIXES).map(|fix| fix_data(grid, fix)).collect(),
            ignore: ways.here.as_ref().map(data),
            ignore_in_file: ways.in_file.as_ref().map(data),
            unrelated: ways.unrelated.as_ref().map(data),
        }
    }

    /// The data that came back with a diagnostic. `None` when it is missing, of another form, or another program's.
    pub(crate) fn read(diagnostic: &Diagnostic) -> Option<Self> {
        let data: Self = serde_json::from_value(diagnostic.data.clone()?).ok()?;
        (data.v == DATA_FORM).then_some(data)
    }
}

fn fix_data(grid: &Grid<'_>, fix: &TextFix) -> FixData {
    FixData { title: fix.title.clone(), safe: fix.safe, edits: text_edits(grid, &fix.edits) }
}

/// The diagnostics of a checked document.
pub(crate) fn diagnostics(
    document: &Document,
    checked: &Checked,
    snapshot: &Snapshot,
) -> Vec<Diagnostic> {
    let grid = document.grid(snapshot.client.encoding);
    let max = snapshot.settings.diagnostics_max;
    let shown = checked.issues.iter().take(max);
    let mut diagnostics: Vec<_> =
        shown.map(|issue| diagnostic(document, &grid, issue, snapshot)).collect();
    if let Some(hidden) = checked.issues.get(max) {
        let message = format!("{} more issues are not shown.", checked.issues.len() - max);
        diagnostics.push(information(range(&grid, &hidden.range), message));
    }
    let too_long = checked.long_lines.iter().take(max);
    diagnostics.extend(too_long.map(|line| {
        let start = range(&grid, &(line.start..line.start));
        information(
            start,
            "This line is not checked: it is longer than 20,000 characters.".to_owned(),
        )
    }));
    diagnostics
}

/// The diagnostics of a document, to be told.
pub(crate) fn published(
    document: &Document,
    diagnostics: Vec<Diagnostic>,
) -> PublishDiagnosticsParams {
    PublishDiagnosticsParams {
        uri: document.uri.clone(),
        diagnostics,
        version: Some(document.version),
    }
}

/// The diagnostics of a document, to a client that asked for them.
pub(crate) fn document_report(
    items: Vec<Diagnostic>,
    result_id: Option<String>,
) -> DocumentDiagnosticReportResult {
    let full_document_diagnostic_report = FullDocumentDiagnosticReport { result_id, items };
    let report = RelatedFullDocumentDiagnosticReport {
        related_documents: None,
        full_document_diagnostic_report,
    };
    DocumentDiagnosticReportResult::Report(DocumentDiagnosticReport::Full(report))
}

/// The same diagnostics as before.
pub(crate) fn unchanged_report(result_id: String) -> DocumentDiagnosticReportResult {
    let unchanged_document_diagnostic_report = UnchangedDocumentDiagnosticReport { result_id };
    let report = RelatedUnchangedDocumentDiagnosticReport {
        related_documents: None,
        unchanged_document_diagnostic_report,
    };
    DocumentDiagnosticReportResult::Report(DocumentDiagnosticReport::Unchanged(report))
}

/// What is said of a document that is not checked because of its size.
pub(crate) fn too_large(document: &Document, snapshot: &Snapshot) -> Vec<Diagnostic> {
    let grid = document.grid(snapshot.client.encoding);
    let message = format!(
        "This document is not checked: it is larger than {} bytes. The setting medcode.files.maxSize changes the limit.",
        snapshot.settings.max_document_bytes
    );
    vec![information(range(&grid, &document.line_at(0)), message)]
}

/// What is new in files that are not open, and those of which nothing is to be shown any more. `None` for nothing at all.
pub(crate) fn workspace_report(
    found: Vec<(Url, Arc<Found>)>,
    gone: Vec<Url>,
) -> Option<WorkspaceDiagnosticReportResult> {
    let report = |uri, result_id, items| {
        let full_document_diagnostic_report = FullDocumentDiagnosticReport { result_id, items };
        WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
            uri,
            version: None,
            full_document_diagnostic_report,
        })
    };
    let found = found
        .into_iter()
        .map(|(uri, found)| report(uri, Some(found.id.clone()), found.items.clone()));
    let gone = gone.into_iter().map(|uri| report(uri, None, Vec::new()));
    let items: Vec<_> = found.chain(gone).collect();
    (!items.is_empty())
        .then(|| WorkspaceDiagnosticReportResult::Report(WorkspaceDiagnosticReport { items }))
}

/// Nothing new in any file.
pub(crate) fn nothing_new() -> WorkspaceDiagnosticReportResult {
    WorkspaceDiagnosticReportResult::Report(WorkspaceDiagnosticReport { items: Vec::new() })
}

/// The issues of a file that is not open, to be told.
pub(crate) fn of_file(uri: Url, diagnostics: Vec<Diagnostic>) -> PublishDiagnosticsParams {
    PublishDiagnosticsParams { uri, diagnostics, version: None }
}

/// Withdraws everything that was said of a document.
pub(crate) fn no_diagnostics(uri: Url) -> PublishDiagnosticsParams {
    PublishDiagnosticsParams { uri, diagnostics: Vec::new(), version: None }
}

fn information(range: crate::protocol::Range, message: String) -> Diagnostic {
    Diagnostic {
        range,
        severity: Some(DiagnosticSeverity::INFORMATION),
        source: Some(SOURCE.to_owned()),
        message,
        ..Diagnostic::default()
    }
}

/// One issue.
pub(super) fn diagnostic(
    document: &Document,
    grid: &Grid<'_>,
    issue: &TextIssue,
    snapshot: &Snapshot,
) -> Diagnostic {
    let client = &snapshot.client;
    let related = related(document, grid, issue, &snapshot.links);
    let data = IssueData::new(grid, document.version, issue);
    Diagnostic {
        range: range(grid, &issue.range),
        severity: Some(severity(issue.severity)),
        code: Some(NumberOrString::String(issue.rule.clone())),
        code_description: Some(&snapshot.links)
            .filter(|_| client.code_description)
            .and_then(|links| links.rule(&issue.rule))
            .map(|href| CodeDescription { href }),
        source: Some(SOURCE.to_owned()),
        message: if client.related_information {
            issue.message.clone()
        } else {
            message(grid, issue)
        },
        related_information: Some(related)
            .filter(|related| client.related_information && !related.is_empty()),
        tags: tag(&issue.rule)
            .filter(|tag| match *tag {
                DiagnosticTag::DEPRECATED => client.tag_deprecated,
                _ => client.tag_unnecessary,
            })
            .map(|tag| vec![tag]),
        data: if client.diagnostic_data { serde_json::to_value(data).ok() } else { None },
    }
}

/// The message for clients that cannot point at other places: it names their lines.
fn message(grid: &Grid<'_>, issue: &TextIssue) -> String {
    let lines = issue.related.iter().map(|other| {
        format!("{} in line {}", other.code, grid.point(other.range.start).line.saturating_add(1))
    });
    let lines: Vec<_> = lines.collect();
    if lines.is_empty() {
        issue.message.clone()
    } else {
        format!("{} ({})", issue.message, lines.join(", "))
    }
}

fn related(
    document: &Document,
    grid: &Grid<'_>,
    issue: &TextIssue,
    links: &IssueLinks,
) -> Vec<DiagnosticRelatedInformation> {
    let at = |place, message| DiagnosticRelatedInformation {
        location: Location { uri: document.uri.clone(), range: range(grid, place) },
        message,
    };
    let others = issue.related.iter().map(|other| at(&other.range, other.code.clone()));
    // Without a page of the tabular list its notes are told at the code they are about.
    let notes = issue.notes.iter().map(|note| match links.note(&note.owner, &note.text) {
        Some(place) => {
            DiagnosticRelatedInformation { location: location_on(&place), message: note_line(note) }
        }
        None => at(&issue.range, note_line(note)),
    });
    others.chain(notes).collect()
}

/// A note in one line, with the node that carries it.
fn note_line(note: &RelatedNote) -> String {
    format!("{} at {}: {}", note_title(note.kind), note.owner, note.text)
}

/// What the tabular list calls a kind of note.
pub(super) fn note_title(kind: NoteKind) -> &'static str {
    match kind {
        NoteKind::Includes => "Includes",
        NoteKind::InclusionTerm => "Inclusion term",
        NoteKind::Excludes1 => "Excludes1",
        NoteKind::Excludes2 => "Excludes2",
        NoteKind::CodeFirst => "Code first",
        NoteKind::UseAdditionalCode => "Use additional code",
        NoteKind::CodeAlso => "Code also",
        NoteKind::SeventhCharacter => "7th character",
        NoteKind::Other => "Note",
    }
}

fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Information => DiagnosticSeverity::INFORMATION,
        Severity::Hint => DiagnosticSeverity::HINT,
    }
}

/// How an editor may draw the place, beside its severity.
fn tag(rule: &str) -> Option<DiagnosticTag> {
    match rule {
        "expired-code" | "terminated-hcpcs-code" | "deleted-cpt-code" => {
            Some(DiagnosticTag::DEPRECATED)
        }
        "duplicate-diagnosis" | "redundant-unspecified-code" | "unused-pragma" => {
            Some(DiagnosticTag::UNNECESSARY)
        }
        _ => None,
    }
}
