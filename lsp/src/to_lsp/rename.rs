//! Edits of a rename.

use std::{collections::HashMap, ops::Range};

use super::{places::span_range, range};
use crate::{
    client_facts::ClientFacts,
    positions::{Grid, Span},
    protocol::{
        AnnotatedTextEdit, ChangeAnnotation, DocumentChanges, OneOf,
        OptionalVersionedTextDocumentIdentifier, PrepareRenameResponse, TextDocumentEdit, TextEdit,
        Url, WorkspaceEdit,
    },
};

/// The name of the annotation of edits in other notes.
const OTHER_NOTES: &str = "medcode/other-notes";

/// What is written into one note.
#[derive(Clone, Debug)]
pub(crate) struct NoteEdits {
    /// The note.
    pub(crate) uri: Url,
    /// The version that the edits fit; `None` for a note that is not open.
    pub(crate) version: Option<i32>,
    /// It is another note than the one the user looks at.
    pub(crate) is_other: bool,
    /// Places and what comes there, in text order.
    pub(crate) edits: Vec<(Span, String)>,
}

/// A code that can be renamed, at its place.
pub(crate) fn renamed(
    grid: &Grid<'_>,
    place: &Range<usize>,
    placeholder: String,
) -> PrepareRenameResponse {
    PrepareRenameResponse::RangeWithPlaceholder { range: range(grid, place), placeholder }
}

/// The edits, with versions where the client takes them. Those in other notes are to be confirmed, where it can ask.
pub(crate) fn rename(notes: Vec<NoteEdits>, client: &ClientFacts) -> WorkspaceEdit {
    if !client.versioned_edits {
        let changes: HashMap<Url, Vec<TextEdit>> =
            notes.into_iter().map(|note| (note.uri, plain(note.edits).collect())).collect();
        return WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
    }
    let annotates = client.shown.change_annotations;
    let has_others = annotates && notes.iter().any(|note| note.is_other);
    let edits = notes.into_iter().map(|note| {
        let asks = annotates && note.is_other;
        let edits = plain(note.edits).map(|text_edit| {
            if asks {
                let annotation_id = OTHER_NOTES.to_owned();
                OneOf::Right(AnnotatedTextEdit { text_edit, annotation_id })
            } else {
                OneOf::Left(text_edit)
            }
        });
        TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier {
                uri: note.uri,
                version: note.version,
            },
            edits: edits.collect(),
        }
    });
    let annotation = ChangeAnnotation {
        label: "Codes in other notes".to_owned(),
        needs_confirmation: Some(true),
        description: None,
    };
    WorkspaceEdit {
        document_changes: Some(DocumentChanges::Edits(edits.collect())),
        change_annotations: has_others
            .then(|| HashMap::from([(OTHER_NOTES.to_owned(), annotation)])),
        ..WorkspaceEdit::default()
    }
}

fn plain(edits: Vec<(Span, String)>) -> impl Iterator<Item = TextEdit> {
    edits.into_iter().map(|(span, new_text)| TextEdit { range: span_range(span), new_text })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::positions::Point;

    fn answer(capabilities: &Value) -> Value {
        let client = ClientFacts::read(
            &json!({"capabilities": {"workspace": {"workspaceEdit": capabilities}}}),
        );
        let point = |column| Point { line: 0, column };
        let edits = vec![(Span { start: point(4), end: point(9) }, "E11.65".to_owned())];
        let note = |name: &str, version, is_other| NoteEdits {
            uri: format!("file:///{name}.md").parse().unwrap(),
            version,
            is_other,
            edits: edits.clone(),
        };
        let notes = vec![note("a", Some(7), false), note("b", None, true)];
        serde_json::to_value(rename(notes, &client)).unwrap()
    }

    #[test]
    fn asks_before_other_notes_are_changed() {
        let answer = answer(&json!({"documentChanges": true, "changeAnnotationSupport": {}}));
        let changes = &answer["documentChanges"];
        assert_eq!(changes[0]["textDocument"]["version"], 7);
        assert_eq!(changes[0]["edits"][0].get("annotationId"), None);
        assert_eq!(changes[1]["textDocument"]["version"], Value::Null);
        let id = changes[1]["edits"][0]["annotationId"].as_str().unwrap();
        assert_eq!(answer["changeAnnotations"][id]["needsConfirmation"], true);
    }

    #[test]
    fn degrades_to_what_the_client_takes() {
        let versioned = answer(&json!({"documentChanges": true}));
        assert_eq!(versioned["documentChanges"][1]["edits"][0].get("annotationId"), None);
        assert_eq!(versioned.get("changeAnnotations"), None);
        let plain = answer(&json!({}));
        assert_eq!(plain["changes"]["file:///b.md"][0]["newText"], "E11.65");
    }
}
