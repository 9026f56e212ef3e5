//! What the client can do with changes that the server proposes.

use serde_json::Value;

/// How changes of texts and files reach the client.
#[expect(
    clippy::struct_excessive_bools,
    reason = "capabilities of the protocol are yes or no each"
)]
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct EditFacts {
    /// The edit of an action may come when the action is chosen.
    pub(crate) resolves_edit: bool,
    /// Actions may be shown that cannot be chosen, with the reason.
    pub(crate) disabled_actions: bool,
    /// The server may ask for edits.
    pub(crate) apply: bool,
    /// Edits may create files.
    pub(crate) creates_files: bool,
    /// The server may ask for a document to be shown, with the caret at a place.
    pub(crate) shows_documents: bool,
}

impl EditFacts {
    /// Reads the parameters of `initialize`. Total: what is missing or of another type counts as absent.
    pub(super) fn read(params: &Value) -> Self {
        let at = |path: &str| params.pointer(&format!("/capabilities{path}"));
        let yes = |path: &str| at(path) == Some(&Value::Bool(true));
        let lists = |path: &str, wanted: &str| {
            let entries = at(path).and_then(Value::as_array);
            entries.is_some_and(|entries| entries.iter().any(|entry| entry == wanted))
        };
        Self {
            resolves_edit: lists("/textDocument/codeAction/resolveSupport/properties", "edit"),
            disabled_actions: yes("/textDocument/codeAction/disabledSupport"),
            apply: yes("/workspace/applyEdit"),
            creates_files: lists("/workspace/workspaceEdit/resourceOperations", "create")
                && yes("/workspace/workspaceEdit/documentChanges"),
            shows_documents: yes("/window/showDocument/support"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_what_is_announced_and_nothing_else() {
        let facts = EditFacts::read(&json!({
            "capabilities": {
                "workspace": {"applyEdit": true, "workspaceEdit": {
                    "documentChanges": true, "resourceOperations": ["create", "rename"]}},
                "window": {"showDocument": {"support": true}},
                "textDocument": {"codeAction": {"disabledSupport": true,
                    "resolveSupport": {"properties": ["edit", "command"]}}},
            },
        }));
        assert!(facts.apply && facts.creates_files && facts.shows_documents);
        assert!(facts.resolves_edit && facts.disabled_actions);
        assert_eq!(EditFacts::read(&json!({"capabilities": []})), EditFacts::default());
    }
}
