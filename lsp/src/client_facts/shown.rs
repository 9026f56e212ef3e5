//! How the client shows outlines, folds and colours, and takes edits.

use serde_json::Value;

/// Capabilities of the features that show a note as a whole.
#[expect(
    clippy::struct_excessive_bools,
    reason = "capabilities of the protocol are yes or no each"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// The most folds that the client wants; `None`: no limit.
    pub(crate) most_folds: Option<usize>,
    /// The client brings colours for our own types of tokens.
    pub(crate) own_tokens: bool,
    /// The client tells of changed files that are registered for.
    pub(crate) watches_files: bool,
    /// The client asks whether something can be renamed.
    pub(crate) prepares_rename: bool,
    /// Edits can be marked as to be confirmed.
    pub(crate) change_annotations: bool,
    /// Outlines may be trees.
    pub(crate) nested_symbols: bool,
    /// A symbol of an outline can be marked as deprecated.
    pub(crate) symbol_deprecated: bool,
    /// A symbol of the workspace can be marked as deprecated.
    pub(crate) workspace_symbol_deprecated: bool,
}

impl Shown {
    /// Reads the parameters of `initialize`.
    pub(super) fn read(params: &Value) -> Self {
        let at = |path: &str| params.pointer(&format!("/capabilities{path}"));
        let yes = |path: &str| at(path) == Some(&Value::Bool(true));
        let deprecates = |path: &str| {
            let tags = at(&format!("{path}/tagSupport/valueSet")).and_then(Value::as_array);
            tags.is_some_and(|tags| tags.iter().any(|tag| tag.as_u64() == Some(1)))
        };
        let outline = "/textDocument/documentSymbol";
        let most_folds = at("/textDocument/foldingRange/rangeLimit").and_then(Value::as_u64);
        Self {
            most_folds: most_folds.and_then(|most| usize::try_from(most).ok()),
            own_tokens: params
                .pointer("/initializationOptions/client")
                .is_some_and(|client| client == "vscode" || client == "neovim"),
            watches_files: yes("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            prepares_rename: yes("/textDocument/rename/prepareSupport"),
            change_annotations: at("/workspace/workspaceEdit/changeAnnotationSupport")
                .is_some_and(Value::is_object),
            nested_symbols: yes(&format!("{outline}/hierarchicalDocumentSymbolSupport")),
            symbol_deprecated: deprecates(outline),
            workspace_symbol_deprecated: deprecates("/workspace/symbol"),
        }
    }
}
