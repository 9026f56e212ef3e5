//! Clients that do not keep to the protocol, or that keep to it in ways that are seldom seen.

use serde_json::{Value, json};

use super::client::{Client, framed};

const NOTE: &str = "file:///notes/visit.md";
const EXECUTE: &str = "workspace/executeCommand";

fn seen() -> Value {
    json!({"command": "medcode.server.test.seen", "arguments": [{"uri": NOTE}]})
}

async fn greeted() -> Client {
    let mut client = Client::without_codes();
    client.initialize(&json!({"capabilities": {}})).await;
    client
}

/// Leaves as the protocol wants it, which a server that lives makes possible.
async fn leave(mut client: Client) {
    assert_eq!(client.call("shutdown", &Value::Null).await, Value::Null);
    client.tell("exit", &Value::Null).await;
    assert_eq!(client.ended().await, 0);
}

#[tokio::test]
async fn says_nothing_before_initialize_whatever_is_said_to_it() {
    let mut client = Client::without_codes();
    client.tell("initialized", &json!({})).await;
    client.tell("initialize", &json!({"capabilities": {}})).await;
    client.open(NOTE, 1, "Dx: E11.9").await;
    client.tell("workspace/didChangeConfiguration", &json!({"settings": {"x": 1}})).await;
    let early = client.begin(EXECUTE, &seen()).await;
    // The next message is the answer, and nothing has come before it.
    let refused = client.expect(|_| true).await;
    assert_eq!((&refused["id"], &refused["error"]["code"]), (&json!(early), &json!(-32_002)));
    let params = json!({
        "capabilities": {}, "initializationOptions": {"statusNotification": true},
    });
    let answer = client.begin("initialize", &params).await;
    assert_eq!(client.expect(|_| true).await["id"], answer);
    // What was opened too early is not open; from here on everything is as ever.
    assert_eq!(client.call(EXECUTE, &seen()).await["version"], Value::Null);
    client.tell("initialized", &json!({})).await;
    client.status("missing").await;
    leave(client).await;
}

#[tokio::test]
async fn takes_shutdown_with_parameters() {
    for params in [json!({}), json!([]), json!({"force": true})] {
        let mut client = greeted().await;
        assert_eq!(client.call("shutdown", &params).await, Value::Null);
        client.tell("exit", &json!({})).await;
        assert_eq!(client.ended().await, 0);
    }
}

#[tokio::test]
async fn refuses_what_is_said_twice() {
    let mut client = greeted().await;
    let again = client.begin("initialize", &json!({"capabilities": {}})).await;
    assert_eq!(client.response(again).await["error"]["code"], -32_600);
    client.tell("initialized", &json!({})).await;
    // The same id for two requests at a time: the second is refused, the first goes on.
    let wait = json!({"command": "medcode.server.test.wait", "arguments": [{"delayMs": 20}]});
    for params in [&wait, &seen()] {
        let method = "workspace/executeCommand";
        client
            .send(&json!({"jsonrpc": "2.0", "id": "twin", "method": method, "params": params}))
            .await;
    }
    let answers = [
        client.expect(|message| message["id"] == "twin").await,
        client.expect(|message| message["id"] == "twin").await,
    ];
    let refused = answers.iter().filter(|answer| answer["error"]["code"] == -32_600).count();
    assert_eq!(refused, 1, "{answers:?}");
    client.call("shutdown", &Value::Null).await;
    let again = client.begin("shutdown", &Value::Null).await;
    assert_eq!(client.response(again).await["error"]["code"], -32_600);
}

#[tokio::test]
async fn finds_its_way_after_messages_with_a_wrong_length() {
    let mut client = greeted().await;
    let hover = r#"{"jsonrpc":"2.0","id":"lost","method":"textDocument/hover"}"#;
    for length in ["-5", "12", "70", "many"] {
        client.send_raw(format!("Content-Length: {length}\r\n\r\n{hover}").as_bytes()).await;
        client.send_raw(&framed(r#"{"jsonrpc":"2.0","method":"medcode/spoilt"}"#)).await;
        assert_eq!(client.call(EXECUTE, &seen()).await["version"], Value::Null, "{length}");
    }
    leave(client).await;
}

#[tokio::test]
async fn takes_notifications_that_fit_nothing() {
    let mut client = greeted().await;
    client.open(NOTE, 1, "Dx: E11.9").await;
    let position = |line: Value| json!({"line": line, "character": 0});
    let change = |line: Value| {
        let range = json!({"start": position(line.clone()), "end": position(line)});
        json!({
            "textDocument": {"uri": NOTE, "version": 9},
            "contentChanges": [{"range": range, "text": "x"}],
        })
    };
    for (method, params) in [
        ("textDocument/didChange", change(json!(-1))),
        ("textDocument/didChange", change(json!(4_294_967_296_u64))),
        ("textDocument/didChange", change(json!(0.5))),
        ("textDocument/didChange", change(Value::Null)),
        ("textDocument/didChange", json!({"textDocument": {"uri": "no address", "version": 1}})),
        (
            "textDocument/didChange",
            json!({"textDocument": {"uri": "file:///other", "version": 1}, "contentChanges": [{"text": ""}]}),
        ),
        ("textDocument/didClose", json!({"textDocument": {"uri": "file:///other"}})),
        ("textDocument/didSave", json!({"textDocument": {"uri": "file:///other"}})),
        ("textDocument/didSave", json!(7)),
        ("workspace/didChangeConfiguration", json!({"settings": [[["x"]]]})),
        ("workspace/didChangeConfiguration", Value::Null),
        ("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": "x", "type": 99}]})),
        ("workspace/didChangeWorkspaceFolders", json!({"event": {}})),
        ("window/workDoneProgress/cancel", json!({"token": "nobody's"})),
        ("$/cancelRequest", json!({"id": "nobody's"})),
        ("$/cancelRequest", json!({})),
        ("$/setTrace", json!({"value": "loud"})),
        ("$/setTrace", json!({"value": 3})),
        ("", json!({})),
    ] {
        client.tell(method, &params).await;
    }
    client.send(&json!({"jsonrpc": "2.0", "id": 999, "result": {"nobody": "asked"}})).await;
    client.send(&json!({"jsonrpc": "2.0", "id": null, "error": {"code": 1, "message": "x"}})).await;
    assert_eq!(client.call(EXECUTE, &seen()).await, json!({"version": 1, "bytes": 9}));
    leave(client).await;
}

#[tokio::test]
async fn follows_addresses_of_any_scheme_and_versions_that_jump() {
    let mut client = greeted().await;
    for uri in [
        "untitled:Untitled-1",
        "git:/notes/visit.md?%7B%22ref%22%3A%22~%22%7D",
        "vscode-vfs://github/o/r/visit.md",
        "vscode-notebook-cell:/visit.ipynb#X1sZmlsZQ%3D%3D",
        "file:///c%3A/notes/visit.md",
        "zipfile:///a.zip::visit.md",
        "term://~//1:sh",
        "file://server/share/visit.md",
        "mailto:",
    ] {
        client.open(uri, i32::MIN, "").await;
        for (version, text) in [(7, "Dx: E11.9"), (7, "Dx:"), (i32::MAX, "Dx: I10"), (3, "Dx")] {
            let document = json!({"uri": uri, "version": version});
            let changes = json!([{ "text": text }]);
            client
                .tell(
                    "textDocument/didChange",
                    &json!({"textDocument": document, "contentChanges": changes}),
                )
                .await;
            let arguments = json!([{ "uri": uri }]);
            let params = json!({"command": "medcode.server.test.seen", "arguments": arguments});
            let expected = json!({"version": version, "bytes": text.len()});
            assert_eq!(client.call(EXECUTE, &params).await, expected, "{uri}");
        }
        let hover = json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 1}});
        client.call("textDocument/hover", &hover).await;
        client.tell("textDocument/didClose", &json!({"textDocument": {"uri": uri}})).await;
    }
    leave(client).await;
}

#[tokio::test]
async fn works_on_for_a_client_that_does_not_read() {
    let mut client = greeted().await;
    let mut asked = 0;
    for number in 0..50 {
        client.open(&format!("file:///notes/{number}.md"), 1, "Dx: E11.9").await;
    }
    // Far more answers than the pipes between the two can hold.
    for _ in 0..5_000 {
        asked = client.begin(EXECUTE, &json!({"command": "medcode.server.nonsense"})).await;
    }
    // Reading at last, it finds all of it, in whatever order the answers were ready.
    assert_eq!(client.response(asked).await["error"]["code"], -32_602);
    leave(client).await;
}

#[tokio::test]
async fn leaves_with_a_client_that_does_not_read() {
    let mut client = greeted().await;
    for _ in 0..5_000 {
        client.begin(EXECUTE, &json!({"command": "medcode.server.nonsense"})).await;
    }
    client.begin("shutdown", &Value::Null).await;
    client.tell("exit", &Value::Null).await;
    assert_eq!(client.ended().await, 0);
}
