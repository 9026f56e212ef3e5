//! From the types of the protocol to our own.

use std::ops::Range;

use serde_json::Value;

use crate::{
    documents::{Change, Document},
    positions::{Grid, Point, Span},
    protocol::{
        CodeActionContext, CodeActionKind, CompletionParams, CompletionTriggerKind,
        DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
        Position, Range as LspRange, Url,
    },
};

/// The document of `didOpen`.
pub(crate) fn opened(params: Value) -> Option<Document> {
    let params: DidOpenTextDocumentParams = serde_json::from_value(params).ok()?;
    let item = params.text_document;
    Some(Document::new(item.uri, item.version, item.text))
}

/// The address, the new version and the changes of `didChange`.
pub(crate) fn changed(params: Value) -> Option<(Url, i32, Vec<Change>)> {
    let params: DidChangeTextDocumentParams = serde_json::from_value(params).ok()?;
    let changes = params.content_changes.into_iter();
    let changes =
        changes.map(|change| Change { span: change.range.map(span), text: change.text }).collect();
    Some((params.text_document.uri, params.text_document.version, changes))
}

/// The address of `didClose`.
pub(crate) fn closed(params: Value) -> Option<Url> {
    let params: DidCloseTextDocumentParams = serde_json::from_value(params).ok()?;
    Some(params.text_document.uri)
}

/// Whether actions of our kind are wanted: all are when none are named.
pub(crate) fn wants_quick_fixes(context: &CodeActionContext) -> bool {
    let quick_fix = CodeActionKind::QUICKFIX;
    context.only.as_ref().is_none_or(|only| {
        // A kind stands for all below it: an empty one for everything.
        only.iter()
            .any(|wanted| wanted.as_str().is_empty() || wanted.as_str() == quick_fix.as_str())
    })
}

/// Whether the list was asked for by the user rather than opened by a character.
pub(crate) fn is_invoked(params: &CompletionParams) -> bool {
    params
        .context
        .as_ref()
        .is_none_or(|context| context.trigger_kind != CompletionTriggerKind::TRIGGER_CHARACTER)
}

/// The offset of a position; outside of the text the nearest one inside.
pub(crate) fn offset(grid: &Grid<'_>, position: Position) -> usize {
    grid.offset(point(position)).offset
}

/// The bytes of a range; outside of the text the nearest ones inside.
pub(crate) fn range(grid: &Grid<'_>, range: LspRange) -> Range<usize> {
    grid.range(span(range)).0
}

fn span(range: LspRange) -> Span {
    Span { start: point(range.start), end: point(range.end) }
}

fn point(position: Position) -> Point {
    Point { line: position.line, column: position.character }
}
