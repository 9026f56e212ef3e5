//! The tables of `docs/language-server.md` against the server: what is announced, what is answered, what is sent.

use std::{collections::BTreeMap, path::Path};

use serde_json::{Value, json};
use tokio::sync::watch;

use super::client::Client;
use crate::CatalogState;

const PAGE: &str = include_str!("../../../docs/language-server.md");
/// What real editors say, and whether they ask for diagnostics rather than being sent them.
const EDITORS: [(&str, bool); 6] = [
    (include_str!("../../../tests/e2e/lsp/clients/vscode-1.100.3-languageclient-9.0.1.json"), true),
    (include_str!("../../../tests/e2e/lsp/clients/vscode-languageclient-10.1.2.json"), true),
    (include_str!("../../../tests/e2e/lsp/clients/neovim-0.12.4.json"), true),
    (include_str!("../../../tests/e2e/lsp/clients/neovim-0.11.4.json"), false),
    (include_str!("../../../tests/e2e/lsp/clients/helix-25.07.1.json"), true),
    (include_str!("../../../tests/e2e/lsp/clients/emacs-30.2-eglot.json"), false),
];
const VS_CODE: &str = EDITORS[0].0;

const NOTE: &str = "file:///notes/visit.md";

/// What a client may ask, and where the capabilities announce it.
const REQUESTS: &[(&str, &str)] = &[
    ("textDocument/willSaveWaitUntil", "textDocumentSync/willSaveWaitUntil"),
    ("textDocument/completion", "completionProvider"),
    ("completionItem/resolve", "completionProvider/resolveProvider"),
    ("textDocument/hover", "hoverProvider"),
    ("textDocument/signatureHelp", "signatureHelpProvider"),
    ("textDocument/declaration", "declarationProvider"),
    ("textDocument/definition", "definitionProvider"),
    ("textDocument/typeDefinition", "typeDefinitionProvider"),
    ("textDocument/implementation", "implementationProvider"),
    ("textDocument/references", "referencesProvider"),
    ("textDocument/documentHighlight", "documentHighlightProvider"),
    ("textDocument/documentSymbol", "documentSymbolProvider"),
    ("textDocument/codeAction", "codeActionProvider"),
    ("codeAction/resolve", "codeActionProvider/resolveProvider"),
    ("textDocument/codeLens", "codeLensProvider"),
    ("codeLens/resolve", "codeLensProvider/resolveProvider"),
    ("textDocument/documentLink", "documentLinkProvider"),
    ("documentLink/resolve", "documentLinkProvider/resolveProvider"),
    ("textDocument/documentColor", "colorProvider"),
    ("textDocument/colorPresentation", "colorProvider"),
    ("textDocument/formatting", "documentFormattingProvider"),
    ("textDocument/rangeFormatting", "documentRangeFormattingProvider"),
    ("textDocument/rangesFormatting", "documentRangeFormattingProvider/rangesSupport"),
    ("textDocument/onTypeFormatting", "documentOnTypeFormattingProvider"),
    ("textDocument/rename", "renameProvider"),
    ("textDocument/prepareRename", "renameProvider/prepareProvider"),
    ("textDocument/foldingRange", "foldingRangeProvider"),
    ("textDocument/selectionRange", "selectionRangeProvider"),
    ("textDocument/linkedEditingRange", "linkedEditingRangeProvider"),
    ("textDocument/semanticTokens/full", "semanticTokensProvider/full"),
    ("textDocument/semanticTokens/full/delta", "semanticTokensProvider/full/delta"),
    ("textDocument/semanticTokens/range", "semanticTokensProvider/range"),
    ("textDocument/inlayHint", "inlayHintProvider"),
    ("inlayHint/resolve", "inlayHintProvider/resolveProvider"),
    ("textDocument/inlineValue", "inlineValueProvider"),
    ("textDocument/inlineCompletion", "inlineCompletionProvider"),
    ("textDocument/moniker", "monikerProvider"),
    ("textDocument/prepareCallHierarchy", "callHierarchyProvider"),
    ("callHierarchy/incomingCalls", "callHierarchyProvider"),
    ("callHierarchy/outgoingCalls", "callHierarchyProvider"),
    ("textDocument/prepareTypeHierarchy", "typeHierarchyProvider"),
    ("typeHierarchy/supertypes", "typeHierarchyProvider"),
    ("typeHierarchy/subtypes", "typeHierarchyProvider"),
    ("textDocument/diagnostic", "diagnosticProvider"),
    ("workspace/diagnostic", "diagnosticProvider/workspaceDiagnostics"),
    ("workspace/symbol", "workspaceSymbolProvider"),
    ("workspaceSymbol/resolve", "workspaceSymbolProvider/resolveProvider"),
    ("workspace/executeCommand", "executeCommandProvider"),
    ("workspace/willCreateFiles", "workspace/fileOperations/willCreate"),
    ("workspace/willRenameFiles", "workspace/fileOperations/willRename"),
    ("workspace/willDeleteFiles", "workspace/fileOperations/willDelete"),
    ("workspace/textDocumentContent", "workspace/textDocumentContent"),
];

/// What a client may tell, and where the capabilities announce it. Empty: nowhere, the protocol has it always, or the
/// client learns of it in another way.
const NOTIFICATIONS: &[(&str, &str)] = &[
    ("initialize", ""),
    ("initialized", ""),
    ("shutdown", ""),
    ("exit", ""),
    ("$/cancelRequest", ""),
    ("$/setTrace", ""),
    ("$/progress", ""),
    ("window/workDoneProgress/cancel", ""),
    ("textDocument/didOpen", "textDocumentSync/openClose"),
    ("textDocument/didChange", "textDocumentSync/change"),
    ("textDocument/didClose", "textDocumentSync/openClose"),
    ("textDocument/didSave", "textDocumentSync/save"),
    ("textDocument/willSave", "textDocumentSync/willSave"),
    ("notebookDocument/didOpen", "notebookDocumentSync"),
    ("notebookDocument/didChange", "notebookDocumentSync"),
    ("notebookDocument/didSave", "notebookDocumentSync"),
    ("notebookDocument/didClose", "notebookDocumentSync"),
    ("workspace/didChangeConfiguration", ""),
    ("workspace/didChangeWatchedFiles", ""),
    ("workspace/didChangeWorkspaceFolders", "workspace/workspaceFolders/changeNotifications"),
    ("workspace/didCreateFiles", "workspace/fileOperations/didCreate"),
    ("workspace/didRenameFiles", "workspace/fileOperations/didRename"),
    ("workspace/didDeleteFiles", "workspace/fileOperations/didDelete"),
];

/// What a server may send, and the type that sends it.
const SENT: &[(&str, &str)] = &[
    ("textDocument/publishDiagnostics", "PublishDiagnostics"),
    ("window/showMessage", "ShowMessage"),
    ("window/showMessageRequest", "ShowMessageRequest"),
    ("window/showDocument", "ShowDocument"),
    ("window/logMessage", "LogMessage"),
    ("window/workDoneProgress/create", "WorkDoneProgressCreate"),
    ("$/progress", "Progress"),
    ("$/logTrace", "LogTrace"),
    ("client/registerCapability", "RegisterCapability"),
    ("client/unregisterCapability", "UnregisterCapability"),
    ("workspace/configuration", "WorkspaceConfiguration"),
    ("workspace/workspaceFolders", "WorkspaceFoldersRequest"),
    ("workspace/applyEdit", "ApplyWorkspaceEdit"),
    ("workspace/diagnostic/refresh", "WorkspaceDiagnosticRefresh"),
    ("workspace/inlayHint/refresh", "InlayHintRefreshRequest"),
    ("workspace/semanticTokens/refresh", "SemanticTokensRefresh"),
    ("workspace/codeLens/refresh", "CodeLensRefresh"),
    ("workspace/foldingRange/refresh", "FoldingRangeRefresh"),
    ("workspace/inlineValue/refresh", "InlineValueRefreshRequest"),
    ("workspace/textDocumentContent/refresh", "TextDocumentContentRefresh"),
    ("telemetry/event", "TelemetryEvent"),
    ("medcode/status", "StatusNotification"),
];

/// The rows of one table: what its second column says of each method.
fn table(from: &str, to: &str) -> BTreeMap<String, bool> {
    let begin = PAGE.find(from).expect("the heading is there");
    let end = PAGE[begin..].find(to).expect("the next heading is there") + begin;
    let mut found = BTreeMap::new();
    for row in PAGE[begin..end].lines().filter(|line| line.starts_with("| `")) {
        let mut cells = row.split('|').map(str::trim).skip(1);
        let method = cells.next().unwrap().trim_matches('`').to_owned();
        let supported = match cells.next().unwrap() {
            "yes" => true,
            "no" => false,
            other => panic!("{method}: {other:?} is neither yes nor no"),
        };
        let note = cells.next().unwrap();
        assert!(supported || !note.is_empty(), "{method} is not supported, and nothing says why");
        assert_eq!(found.insert(method.clone(), supported), None, "{method} stands twice");
    }
    found
}

fn asked() -> BTreeMap<String, bool> {
    table("## What the client may ask", "## What the server sends")
}

#[test]
fn the_tables_name_every_method_and_no_other() {
    let names = |known: &[&[(&str, &str)]]| -> Vec<String> {
        let mut names: Vec<String> =
            known.iter().flat_map(|list| list.iter()).map(|(name, _)| (*name).to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(asked().into_keys().collect::<Vec<_>>(), names(&[REQUESTS, NOTIFICATIONS]));
    let sent = table("## What the server sends", "## Commands");
    assert_eq!(sent.into_keys().collect::<Vec<_>>(), names(&[SENT]));
}

/// Whether the value at the end of this path announces something.
fn announces(capabilities: &Value, path: &str) -> bool {
    match capabilities.pointer(&format!("/{path}")) {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(_) => true,
    }
}

async fn greeted(captured: &str) -> Client {
    let params = serde_json::from_str(captured).unwrap();
    Client::greet_with(watch::channel(CatalogState::Missing).1, &params).await
}

#[tokio::test]
async fn the_table_says_what_is_announced_to_real_editors() {
    let documented = asked();
    for (captured, pulls) in EDITORS {
        let client = greeted(captured).await;
        let params: Value = serde_json::from_str(captured).unwrap();
        let prepares = params.pointer("/capabilities/textDocument/rename/prepareSupport").is_some();
        let capabilities = &client.greeting["capabilities"];
        for (method, path) in REQUESTS.iter().chain(NOTIFICATIONS) {
            if !path.is_empty() {
                let wanted = match *path {
                    "renameProvider/prepareProvider" => prepares,
                    // Only where `workspace.check` is set.
                    "diagnosticProvider/workspaceDiagnostics" => false,
                    _ => pulls || !path.starts_with("diagnosticProvider"),
                };
                assert_eq!(
                    announces(capabilities, path),
                    documented[*method] && wanted,
                    "{method} is announced by {path}: {capabilities:#}"
                );
            }
        }
    }
}

/// Parameters that the request accepts, so that only the handler decides.
fn params_of(method: &str) -> Value {
    let position = json!({"line": 0, "character": 5});
    let range = json!({"start": position, "end": position});
    match method {
        "completionItem/resolve" => return json!({"label": "E11.9"}),
        "codeAction/resolve" => return json!({"title": "E11.9", "kind": "quickfix"}),
        "codeLens/resolve" | "documentLink/resolve" => return json!({"range": range}),
        "inlayHint/resolve" => return json!({"position": position, "label": "E11.9"}),
        _ => {}
    }
    let hierarchy = json!({
        "name": "E11.9", "kind": 5, "uri": NOTE, "range": range, "selectionRange": range,
    });
    // Each request takes its own of these.
    json!({
        "textDocument": {"uri": NOTE}, "position": position, "positions": [position],
        "range": range, "ranges": [range],
        "context": {
            "diagnostics": [], "includeDeclaration": true, "triggerKind": 1, "isRetrigger": false,
            "frameId": 1, "stoppedLocation": range,
        },
        "options": {"tabSize": 4, "insertSpaces": true}, "ch": "\n", "newName": "I10",
        "name": "E11.9", "kind": 5, "location": {"uri": NOTE, "range": range},
        "item": hierarchy, "query": "E11", "reason": 1, "previousResultId": "0",
        "color": {"red": 0, "green": 0, "blue": 0, "alpha": 0}, "previousResultIds": [],
        "command": "medcode.server.status", "arguments": [],
        "files": [{"uri": NOTE, "oldUri": NOTE, "newUri": NOTE}], "uri": NOTE,
    })
}

#[tokio::test]
async fn the_table_says_what_is_answered() {
    let mut client = greeted(VS_CODE).await;
    client.open(NOTE, 1, "Dx: E11.9\n").await;
    for (method, supported) in asked() {
        if !REQUESTS.iter().any(|(name, _)| *name == method) {
            continue;
        }
        let id = client.begin(&method, &params_of(&method)).await;
        // What is not there is refused before anybody could give up on it.
        client.tell("$/cancelRequest", &json!({"id": id})).await;
        let answer = client.response(id).await;
        let refused = answer["error"]["code"] == -32_601;
        assert_eq!(!refused, supported, "{method}: {answer}");
        let complaint = answer["error"]["message"].as_str().unwrap_or_default();
        assert!(
            !complaint.starts_with("missing field") && !complaint.starts_with("invalid type"),
            "this test does not know what {method} takes: {complaint}"
        );
    }
}

/// The sources of this crate without its tests, after each other.
fn sources() -> String {
    fn collect(folder: &Path, found: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap();
            if ["tests", "in_process_tests", "test_hooks"].contains(&name) {
                continue;
            }
            if path.is_dir() {
                collect(&path, found);
            } else {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push_str(text.split("#[cfg(test)]").next().unwrap_or_default());
            }
        }
    }
    let mut found = String::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

#[test]
fn the_table_says_what_is_sent() {
    let sources = sources();
    let words: std::collections::HashSet<&str> =
        sources.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let documented = table("## What the server sends", "## Commands");
    for (method, name) in SENT {
        assert_eq!(words.contains(name), documented[*method], "{method}, sent as {name}");
    }
}

#[tokio::test]
async fn the_table_of_commands_is_what_is_announced() {
    let client = greeted(VS_CODE).await;
    let mut announced: Vec<&str> =
        client.greeting["capabilities"]["executeCommandProvider"]["commands"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .filter(|name| !name.contains(".test."))
            .collect();
    announced.sort_unstable();
    let begin = PAGE.find("## Commands").unwrap();
    let mut documented: Vec<&str> = PAGE[begin..]
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    documented.sort_unstable();
    assert_eq!(documented, announced);
}
