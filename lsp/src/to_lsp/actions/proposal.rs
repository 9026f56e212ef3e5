//! What can be done, in the form that the client takes: a literal with its edit, a literal whose edit comes when it is
//! chosen, or a command of the server.

use std::collections::HashMap;

use medcode_codes::document::OPEN_REASON;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    client_facts::ClientFacts,
    documents::Document,
    protocol::{
        CodeAction, CodeActionDisabled, CodeActionKind, CodeActionOrCommand, Command, Diagnostic,
        DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier, Range, TextDocumentEdit,
        TextEdit, Url, WorkspaceEdit,
    },
    snapshot::Snapshot,
};

/// The kind of fixes and of the ways to accept an issue.
pub(crate) const QUICK_FIX: &str = "quickfix";
/// The kind of other ways to write the same, and of more specific codes.
pub(crate) const REWRITE: &str = "refactor.rewrite";
/// The kind of the fix of everything at once.
pub(crate) const FIX_ALL: &str = "source.fixAll.medcode";

/// The command that applies an edit, for clients that take actions as commands only, and puts the caret to a place.
pub(crate) const APPLY: &str = "medcode.server.applyAction";
/// The command that accepts an issue in the settings of a project.
pub(crate) const IGNORE_IN_PROJECT: &str = "medcode.server.ignoreInProject";

/// The form of [`Deferred`]. Data of another form is not read.
const FORM: u32 = 1;

/// The kinds of action that this server has.
pub(crate) fn advertised_kinds() -> Vec<CodeActionKind> {
    [QUICK_FIX, REWRITE, FIX_ALL].into_iter().map(CodeActionKind::from).collect()
}

/// Something that can be done.
pub(crate) struct Proposal {
    /// One of the three kinds.
    pub(super) kind: &'static str,
    /// What it does, for a menu.
    pub(crate) title: String,
    /// The issue that it is about.
    pub(crate) diagnostic: Option<Diagnostic>,
    /// It is the only way out.
    pub(crate) is_preferred: bool,
    /// The changes of the document.
    pub(crate) edits: Vec<TextEdit>,
    /// The changes are found when it is chosen.
    pub(crate) later: Option<Later>,
    /// A command that does it.
    pub(crate) command: Option<Command>,
    /// Why it cannot be done.
    pub(crate) disabled: Option<&'static str>,
}

/// What is found when an action is chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Later {
    /// Every safe fix of the document.
    FixAll,
    /// The official titles of the codes in this range.
    Titles(Range),
}

/// What an action carries until it is chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Deferred {
    v: u32,
    /// The document.
    pub(crate) uri: Url,
    /// The version for which it was offered.
    pub(crate) doc: i32,
    /// What is to be found.
    pub(crate) what: Later,
}

impl Deferred {
    /// What an action carries. `None` when it is of another form.
    pub(crate) fn read(action: &CodeAction) -> Option<Self> {
        let data: Self = serde_json::from_value(action.data.clone()?).ok()?;
        (data.v == FORM).then_some(data)
    }
}

impl Proposal {
    /// Changes of the document under one name.
    pub(crate) fn new(kind: &'static str, title: String, edits: Vec<TextEdit>) -> Self {
        Self {
            kind,
            title,
            diagnostic: None,
            is_preferred: false,
            edits,
            later: None,
            command: None,
            disabled: None,
        }
    }

    /// Whether both are called the same and do the same.
    pub(crate) fn does_the_same(&self, other: &Self) -> bool {
        self.title == other.title && self.edits == other.edits && self.command == other.command
    }
}

/// The command that accepts issues of a rule about some codes in the settings of the project of a document.
pub(super) fn ignore_in_project(uri: &Url, rule: &str, codes: &[String]) -> Command {
    let arguments = json!({ "uri": uri, "rule": rule, "codes": codes, "reason": "" });
    Command {
        title: format!("Ignore {rule} in this project"),
        command: IGNORE_IN_PROJECT.to_owned(),
        arguments: Some(vec![arguments]),
    }
}

/// The answer to the client, in the order of the proposals.
pub(crate) fn respond(
    document: &Document,
    snapshot: &Snapshot,
    proposals: Vec<Proposal>,
) -> Vec<CodeActionOrCommand> {
    let client = &snapshot.client;
    let known = |proposal: &Proposal| {
        proposal.disabled.is_none() || (client.edits.disabled_actions && client.action_literals)
    };
    let proposals = proposals.into_iter().filter(known);
    if client.action_literals {
        let literals = proposals.map(|proposal| literal(document, snapshot, proposal));
        return literals.map(CodeActionOrCommand::CodeAction).collect();
    }
    let commands = proposals.filter_map(|proposal| command(document, snapshot, proposal));
    commands.map(CodeActionOrCommand::Command).collect()
}

fn literal(document: &Document, snapshot: &Snapshot, proposal: Proposal) -> CodeAction {
    let client = &snapshot.client;
    let caret = caret(document, client, &proposal.edits);
    let command = proposal.command.or_else(|| caret.map(|caret| apply("Write the reason", &caret)));
    let edit =
        (!proposal.edits.is_empty()).then(|| workspace_edit(document, snapshot, proposal.edits));
    let data = proposal.later.and_then(|what| {
        let (uri, doc) = (document.uri.clone(), document.version);
        serde_json::to_value(Deferred { v: FORM, uri, doc, what }).ok()
    });
    CodeAction {
        title: proposal.title,
        kind: Some(proposal.kind.into()),
        diagnostics: proposal.diagnostic.map(|diagnostic| vec![diagnostic]),
        edit,
        command,
        is_preferred: (proposal.is_preferred && client.action_preferred).then_some(true),
        disabled: proposal.disabled.map(|reason| CodeActionDisabled { reason: reason.to_owned() }),
        data,
    }
}

/// The same for a client that knows commands only. `None` where it takes no edits from the server.
fn command(document: &Document, snapshot: &Snapshot, proposal: Proposal) -> Option<Command> {
    if let Some(command) = proposal.command {
        return Some(command);
    }
    if !snapshot.client.edits.apply || proposal.edits.is_empty() {
        return None;
    }
    let mut arguments =
        caret(document, &snapshot.client, &proposal.edits).unwrap_or_else(|| json!({}));
    let edit = workspace_edit(document, snapshot, proposal.edits);
    if let Some(arguments) = arguments.as_object_mut() {
        arguments.insert("label".to_owned(), json!(proposal.title));
        arguments.insert("edit".to_owned(), serde_json::to_value(edit).ok()?);
    }
    Some(apply(&proposal.title, &arguments))
}

fn apply(title: &str, arguments: &Value) -> Command {
    Command {
        title: title.to_owned(),
        command: APPLY.to_owned(),
        arguments: Some(vec![arguments.clone()]),
    }
}

/// Where the reason of the comment belongs that the edits insert, for clients that show places.
fn caret(document: &Document, client: &ClientFacts, edits: &[TextEdit]) -> Option<Value> {
    if !client.edits.shows_documents {
        return None;
    }
    // Edits come in text order: the first one moves nothing before itself.
    let edit = edits.first()?;
    let open = edit.new_text.rfind(OPEN_REASON)? + "-- ".len();
    let before = edit.new_text.get(..open)?;
    let columns = |text: &str| u32::try_from(client.encoding.columns(text)).ok();
    let mut place = edit.range.start;
    match before.rfind('\n') {
        Some(end) => {
            place.line += u32::try_from(before.matches('\n').count()).ok()?;
            place.character = columns(before.get(end + 1..)?)?;
        }
        None => place.character += columns(before)?,
    }
    Some(json!({ "uri": document.uri, "caret": Range { start: place, end: place } }))
}

/// Changes of a document, with the version they fit where the client looks at versions.
pub(crate) fn workspace_edit(
    document: &Document,
    snapshot: &Snapshot,
    edits: Vec<TextEdit>,
) -> WorkspaceEdit {
    edit_of(snapshot, document.uri.clone(), Some(document.version), edits)
}

/// Changes of a file; without a version when it is not open.
pub(crate) fn edit_of(
    snapshot: &Snapshot,
    uri: Url,
    version: Option<i32>,
    edits: Vec<TextEdit>,
) -> WorkspaceEdit {
    if !snapshot.client.versioned_edits {
        return WorkspaceEdit {
            changes: Some(HashMap::from([(uri, edits)])),
            ..WorkspaceEdit::default()
        };
    }
    let change = TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
        edits: edits.into_iter().map(OneOf::Left).collect(),
    };
    WorkspaceEdit {
        document_changes: Some(DocumentChanges::Edits(vec![change])),
        ..WorkspaceEdit::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Position;

    fn inserted(text: &str) -> TextEdit {
        let start = Position { line: 1, character: 7 };
        TextEdit { range: Range { start, end: start }, new_text: text.to_owned() }
    }

    #[test]
    fn the_caret_goes_where_the_reason_belongs() {
        let showing = json!({"capabilities": {"window": {"showDocument": {"support": true}}}});
        let client = ClientFacts::read(&showing);
        let document = Document::new("file:///a.md".parse().unwrap(), 1, "a\nDx: E11\n".to_owned());
        let at = |text: &str| {
            let place = caret(&document, &client, &[inserted(text)]).unwrap();
            let start = &place["caret"]["start"];
            (start["line"].as_u64().unwrap(), start["character"].as_u64().unwrap())
        };
        assert_eq!(at(" <!-- medcode: ignore a-b -- -->"), (1, 7 + 29));
        assert_eq!(at("  <!-- medcode: ignore-file a-b -- -->\n"), (1, 7 + 35));
        assert_eq!(at("\r\n<!-- medcode: ignore-file a-b -- -->"), (2, 33));
        assert_eq!(caret(&document, &client, &[inserted(" E11.9")]), None);
        let blind = ClientFacts::read(&json!({}));
        assert_eq!(caret(&document, &blind, &[inserted(" a -- -->")]), None);
    }
}
