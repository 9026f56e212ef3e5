//! The language server as an editor meets it: the real binary over pipes, stdin held open.

mod children;
mod clients;
mod completion;
mod diagnostics;
mod documents;
mod hazards;
mod hover;
mod inlay_hints;
mod lifecycle;
mod live_update;
mod pages;
mod privacy;
mod remote;
mod settings;
mod symbols;

use std::path::PathBuf;

use e2e::lsp_client::{LspClient, LspServer};
use serde_json::{Value, json};

/// The document that most tests open.
const NOTE: &str = "file:///notes/visit.md";

/// What a client of ours could say: everything this server makes use of.
fn capable() -> Value {
    json!({
        "processId": null,
        "rootUri": null,
        "workspaceFolders": null,
        "initializationOptions": {"statusNotification": true, "diagnostics": {"delayMs": 0}},
        "capabilities": {
            "general": {"positionEncodings": ["utf-16", "utf-8", "utf-32"]},
            "workspace": {"workspaceEdit": {"documentChanges": true}},
            "textDocument": {
                "hover": {"contentFormat": ["markdown", "plaintext"]},
                "completion": {"completionItem": {
                    "labelDetailsSupport": true, "preselectSupport": true, "documentationFormat": ["markdown"],
                    "tagSupport": {"valueSet": [1]},
                }},
                "codeAction": {
                    "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}, "isPreferredSupport": true,
                    "dataSupport": true,
                },
                "publishDiagnostics": {
                    "relatedInformation": true, "versionSupport": true, "dataSupport": true,
                    "tagSupport": {"valueSet": [1, 2]},
                },
            },
        },
    })
}

/// A server without code sets that has been greeted.
fn greeted() -> LspClient {
    let mut client = LspServer::without_codes().spawn();
    client.initialize(&capable());
    client
}

/// A server over the installed code sets that has been greeted and is ready; `None` where there are none.
fn ready() -> Option<LspClient> {
    ready_as(&capable())
}

fn ready_as(params: &Value) -> Option<LspClient> {
    let data_dir: PathBuf = e2e::catalog()?;
    let mut client = LspServer::with_codes(&data_dir).spawn();
    client.initialize(params);
    client.wait_for("ready", |body| body["params"]["health"] == "ok");
    Some(client)
}

/// The arguments of a command of the tests.
fn command(name: &str, arguments: &Value) -> Value {
    json!({"command": format!("medcode.server.test.{name}"), "arguments": [arguments]})
}

/// A request at a place of [`NOTE`].
fn at(line: u32, character: u32) -> Value {
    json!({"textDocument": {"uri": NOTE}, "position": {"line": line, "character": character}})
}
