//! From the types of the protocol to our own.

use std::ops::Range;

use serde_json::Value;

use crate::{
    documents::{Change, Document},
    folders::Folder,
    positions::{Grid, Point, Span},
    protocol::{
        CodeActionContext, CodeActionKind, CodeActionTriggerKind, CompletionParams,
        CompletionTriggerKind, DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
        DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams, Position,
        Range as LspRange, Url,
    },
    to_lsp::{FIX_ALL, QUICK_FIX, REWRITE},
};

/// The document of `didOpen`.
pub(crate) fn opened(params: Value) -> Option<Document> {
    let params: DidOpenTextDocumentParams = serde_json::from_value(params).ok()?;
    let item = params.text_document;
    let is_markdown = item.language_id == "markdown";
    let mut document = Document::new(item.uri, item.version, item.text);
    document.is_markdown = is_markdown;
    Some(document)
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

/// The address of `didSave`.
pub(crate) fn saved(params: Value) -> Option<Url> {
    let params: DidSaveTextDocumentParams = serde_json::from_value(params).ok()?;
    Some(params.text_document.uri)
}

/// The addresses of `didChangeWatchedFiles`.
pub(crate) fn touched(params: Value) -> Option<Vec<Url>> {
    let params: DidChangeWatchedFilesParams = serde_json::from_value(params).ok()?;
    Some(params.changes.into_iter().map(|change| change.uri).collect())
}

/// The folders of `didChangeWorkspaceFolders` that came, and those that went. Read from the raw JSON: one folder of
/// another form does not hide the others.
pub(crate) fn folders(params: &Value) -> Option<(Vec<Folder>, Vec<Folder>)> {
    let event = params.get("event")?;
    let list = |name: &str| {
        let folders = event.get(name).and_then(Value::as_array).into_iter().flatten();
        folders.filter_map(|folder| Folder::at(folder.get("uri")?.as_str()?)).collect()
    };
    Some((list("added"), list("removed")))
}

/// The actions that are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WantedActions {
    /// Fixes of issues, and the ways to accept them.
    pub(crate) quick_fixes: bool,
    /// Other ways to write the same, and more specific codes.
    pub(crate) rewrites: bool,
    /// The fix of everything at once.
    pub(crate) fix_all: bool,
}

/// The actions that are asked for: where no kind is named all but those that change a whole document.
pub(crate) fn wanted_actions(context: &CodeActionContext) -> WantedActions {
    let named = |kind: &str| {
        // A kind stands for all below it, an empty one for everything.
        let stands_for = |wanted: &CodeActionKind| {
            let rest = kind.strip_prefix(wanted.as_str());
            rest.is_some_and(|rest| {
                wanted.as_str().is_empty() || rest.is_empty() || rest.starts_with('.')
            })
        };
        context.only.as_ref().map(|only| only.iter().any(stands_for))
    };
    let asked = context.trigger_kind != Some(CodeActionTriggerKind::AUTOMATIC);
    WantedActions {
        quick_fixes: named(QUICK_FIX).unwrap_or(true),
        rewrites: asked && named(REWRITE).unwrap_or(true),
        fix_all: named(FIX_ALL).unwrap_or(false),
    }
}

/// What made a client ask for a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trigger {
    /// A character that was typed; `None` when the client does not say which.
    Character(Option<char>),
    /// The user, or a word that is being typed: clients do not tell these apart.
    Invoked,
    /// The list is open, and more was typed.
    Refined,
}

/// What made the client ask.
pub(crate) fn trigger(params: &CompletionParams) -> Trigger {
    let Some(context) = &params.context else { return Trigger::Invoked };
    match context.trigger_kind {
        CompletionTriggerKind::TRIGGER_CHARACTER => {
            let text = context.trigger_character.as_ref();
            Trigger::Character(text.and_then(|text| text.chars().next()))
        }
        CompletionTriggerKind::TRIGGER_FOR_INCOMPLETE_COMPLETIONS => Trigger::Refined,
        _ => Trigger::Invoked,
    }
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
