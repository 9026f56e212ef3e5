//! The names of methods as they may be logged: from the protocol, never a text of the client's making.

/// The method, or `other` for one that is no method of the protocol.
pub(crate) fn known(method: &str) -> &'static str {
    METHODS.iter().find(|known| **known == method).copied().unwrap_or("other")
}

const METHODS: &[&str] = &[
    "$/cancelRequest",
    "$/setTrace",
    "callHierarchy/incomingCalls",
    "callHierarchy/outgoingCalls",
    "codeAction/resolve",
    "codeLens/resolve",
    "completionItem/resolve",
    "documentLink/resolve",
    "exit",
    "initialize",
    "initialized",
    "inlayHint/resolve",
    "shutdown",
    "textDocument/codeAction",
    "textDocument/codeLens",
    "textDocument/completion",
    "textDocument/definition",
    "textDocument/diagnostic",
    "textDocument/didChange",
    "textDocument/didClose",
    "textDocument/didOpen",
    "textDocument/didSave",
    "textDocument/documentHighlight",
    "textDocument/documentLink",
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/formatting",
    "textDocument/hover",
    "textDocument/inlayHint",
    "textDocument/onTypeFormatting",
    "textDocument/prepareRename",
    "textDocument/prepareTypeHierarchy",
    "textDocument/rangeFormatting",
    "textDocument/references",
    "textDocument/rename",
    "textDocument/selectionRange",
    "textDocument/semanticTokens/full",
    "textDocument/semanticTokens/full/delta",
    "textDocument/semanticTokens/range",
    "typeHierarchy/subtypes",
    "typeHierarchy/supertypes",
    "window/workDoneProgress/cancel",
    "workspace/diagnostic",
    "workspace/didChangeConfiguration",
    "workspace/didChangeWatchedFiles",
    "workspace/didChangeWorkspaceFolders",
    "workspace/executeCommand",
    "workspace/symbol",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_the_protocol_names_and_nothing_else() {
        assert_eq!(known("textDocument/hover"), "textDocument/hover");
        assert_eq!(known("a note about Jane Doe"), "other");
        assert!(METHODS.is_sorted());
    }
}
