//! The server over a pipe in memory: what the real binary shows only by accident, and what would take it long.

use std::time::Duration;

use serde_json::json;
use tokio::sync::watch;

pub(crate) use self::client::Client;
use crate::{CatalogState, InstallProgress};

mod client;
mod edits;
mod hostile;
mod method_table;
mod workspace;

/// How long anything may take.
const LIMIT: Duration = Duration::from_secs(20);

fn installing(message: &str, percent: u8) -> CatalogState {
    CatalogState::Installing(InstallProgress {
        message: message.to_owned(),
        percent: Some(percent),
    })
}

#[tokio::test]
async fn shows_an_installation_from_begin_to_end() {
    let (state, catalog) = watch::channel(installing("downloading", 10));
    let mut client = Client::greet(catalog).await;
    let create =
        client.expect(|message| message["method"] == "window/workDoneProgress/create").await;
    client.send(&json!({"jsonrpc": "2.0", "id": create["id"], "result": null})).await;
    client.progress("begin").await;
    let report = client.progress("report").await;
    assert_eq!((&report["message"], &report["percentage"]), (&json!("downloading"), &json!(10)));
    state.send_replace(installing("importing", 60));
    assert_eq!(client.progress("report").await["message"], "importing");
    state.send_replace(CatalogState::Failed("The disk is full.".to_owned()));
    assert_eq!(client.progress("end").await["message"], "The disk is full.");
}

#[tokio::test]
async fn tells_how_long_answers_took() {
    let (_state, catalog) = watch::channel(CatalogState::Missing);
    let mut client = Client::greet(catalog).await;
    client.tell("$/setTrace", &json!({"value": "verbose"})).await;
    let position = json!({"line": 0, "character": 0});
    let place = json!({"textDocument": {"uri": "file:///none.md"}, "position": position});
    client.ask(10, "textDocument/hover", &place).await;
    let status = json!({"command": "medcode.server.status"});
    let answer = client.ask(11, "workspace/executeCommand", &status).await;
    let hover = &answer["timings"]["textDocument/hover"];
    assert_eq!(hover["count"], 1, "{answer}");
    assert!(hover["maxUs"].as_u64() >= hover["p50Us"].as_u64());
}

#[tokio::test]
async fn refuses_an_installation_that_it_cannot_make() {
    let (_state, catalog) = watch::channel(CatalogState::Missing);
    let mut client = Client::greet(catalog).await;
    let install = json!({"command": "medcode.server.installCatalog"});
    let answer = client.ask(10, "workspace/executeCommand", &install).await;
    assert_eq!(answer["message"], "This server cannot install code sets.");
}

#[tokio::test]
async fn tells_what_a_failed_installation_means() {
    let (state, catalog) = watch::channel(installing("downloading", 10));
    let mut client = Client::greet(catalog).await;
    assert_eq!(client.status("installing").await["params"]["health"], "warning");
    state.send_replace(CatalogState::Failed("The disk is full.".to_owned()));
    let shown = client.expect(|message| message["method"] == "window/showMessage").await;
    assert_eq!(shown["params"], json!({"type": 1, "message": "medcode: The disk is full."}));
    assert_eq!(client.status("missing").await["params"]["health"], "error");
}

#[tokio::test]
async fn says_nothing_while_the_code_sets_are_being_opened() {
    let (state, catalog) = watch::channel(CatalogState::Loading);
    let mut client = Client::greet(catalog).await;
    client.send(&json!({"jsonrpc": "2.0", "id": 2, "method": "shutdown"})).await;
    let next = client.expect(|_| true).await;
    assert_eq!(next, json!({"jsonrpc": "2.0", "id": 2, "result": null}));
    client.send(&json!({"jsonrpc": "2.0", "method": "exit"})).await;
    assert_eq!(client.ended().await, 0);
    drop(state);
}

#[tokio::test]
async fn lives_on_when_nobody_tells_the_state_of_the_code_sets_any_more() {
    let (state, catalog) = watch::channel(CatalogState::Missing);
    let mut client = Client::greet(catalog).await;
    drop(state);
    client.status("missing").await;
    client.send(&json!({"jsonrpc": "2.0", "id": 2, "method": "shutdown"})).await;
    client.expect(|message| message["id"] == 2).await;
}
