//! Texts follow the editor in every encoding.

use serde_json::json;

use super::{NOTE, capable, command};
use e2e::lsp_client::LspServer;

/// The text, and one edit with its columns in bytes, UTF-16 units and characters.
const TEXT: &str = "# Visit \u{1F600}\r\nÀ Dx: \u{1F600}\u{301} E11.9\r\n";

#[test]
fn applies_the_same_edit_in_each_encoding() {
    for (encoding, from, to) in [("utf-8", 14, 19), ("utf-16", 10, 15), ("utf-32", 9, 14)] {
        let mut params = capable();
        params["capabilities"]["general"]["positionEncodings"] = json!([encoding]);
        let mut client = LspServer::without_codes().spawn();
        client.initialize(&params);
        client.open(NOTE, 1, TEXT);
        let range =
            json!({"start": {"line": 1, "character": from}, "end": {"line": 1, "character": to}});
        client.change_by(NOTE, 2, &json!([{"range": range, "text": "I10"}]));
        let seen = client.call("workspace/executeCommand", &command("seen", &json!({"uri": NOTE})));
        assert_eq!(seen, json!({"version": 2, "bytes": TEXT.len() - 2}), "{encoding}");
        client.assert_quiet(&["E11.9", "I10", "Visit"]);
    }
}

#[test]
fn forgets_a_closed_document_and_withdraws_its_diagnostics() {
    let mut client = super::greeted();
    client.open(NOTE, 1, "Dx: E11.9");
    client.notify("textDocument/didClose", &json!({"textDocument": {"uri": NOTE}}));
    let withdrawn = |body: &serde_json::Value| {
        body["method"] == "textDocument/publishDiagnostics"
            && body["params"].get("version").is_none()
    };
    let message = client.wait_for("an empty list", withdrawn).body;
    assert_eq!(message["params"], json!({"uri": NOTE, "diagnostics": []}));
    let seen = client.call("workspace/executeCommand", &command("seen", &json!({"uri": NOTE})));
    assert_eq!(seen["version"], serde_json::Value::Null);
    client.notify("textDocument/didClose", &json!({"textDocument": {"uri": NOTE}}));
    client.change(NOTE, 5, "x");
    client.shut_down();
}

#[test]
fn survives_edits_that_make_no_sense() {
    let mut client = super::greeted();
    client.open(NOTE, 1, "a\u{1F600}b");
    let edit = |start: (u64, u64), end: (u64, u64)| {
        json!([{"text": "x", "range": {
            "start": {"line": start.0, "character": start.1}, "end": {"line": end.0, "character": end.1},
        }}])
    };
    for (version, changes) in [
        (2, edit((0, 2), (0, 2))),
        (3, edit((9, 9), (9, 9))),
        (4, edit((0, 3), (0, 0))),
        (5, edit((4_294_967_295, 4_294_967_295), (4_294_967_295, 4_294_967_295))),
        (6, json!([{"text": 7}])),
        (7, json!([])),
    ] {
        client.change_by(NOTE, version, &changes);
    }
    let seen = client.call("workspace/executeCommand", &command("seen", &json!({"uri": NOTE})));
    assert_eq!(seen["version"], 7);
    client.notify("textDocument/didOpen", &json!({"textDocument": 3}));
    client.notify("textDocument/didChange", &json!(null));
    client.shut_down();
    client.assert_quiet(&[]);
}

#[test]
fn keeps_positions_right_after_half_a_character() {
    let mut client = super::greeted();
    // An editor that splits a surrogate pair sends halves as escapes.
    let item = r#"{"uri":"file:///notes/visit.md","languageId":"markdown","version":1,"text":"\ud83d E11.9"}"#;
    let body = format!(
        r#"{{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{{"textDocument":{item}}}}}"#
    );
    client.send_raw(&e2e::lsp_client::frame(&body));
    let range = json!({"start": {"line": 0, "character": 2}, "end": {"line": 0, "character": 7}});
    client.change_by(NOTE, 2, &json!([{"range": range, "text": ""}]));
    let seen = client.call("workspace/executeCommand", &command("seen", &json!({"uri": NOTE})));
    assert_eq!(seen, json!({"version": 2, "bytes": "\u{FFFD} ".len()}));
}
