//! How the client shows outlines, folds and colours, and takes edits.

use serde_json::Value;

/// Capabilities of the features that show a note as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// The most folds that the client wants; `None`: no limit.
    pub(crate) most_folds: Option<usize>,
    /// The client brings colours for our own types of tokens.
    pub(crate) own_tokens: bool,
}

impl Shown {
    /// Reads the parameters of `initialize`.
    pub(super) fn read(params: &Value) -> Self {
        let at = |path: &str| params.pointer(&format!("/capabilities{path}"));
        let most_folds = at("/textDocument/foldingRange/rangeLimit").and_then(Value::as_u64);
        Self {
            most_folds: most_folds.and_then(|most| usize::try_from(most).ok()),
            own_tokens: params
                .pointer("/initializationOptions/client")
                .is_some_and(|client| client == "vscode" || client == "neovim"),
        }
    }
}
