//! Nothing of a note leaves the process by a side door.

use serde_json::json;

use super::{NOTE, at, greeted};

/// Words that stand in the note and nowhere else.
const PLANTED: [&str; 3] = ["Qzwzxplanted", "1934-05-06", "H51.9"];

#[test]
fn no_level_of_the_log_holds_text() {
    let mut client = greeted();
    client.notify("$/setTrace", &json!({"value": "verbose"}));
    let text = "DOS: 1934-05-06\nDx: H51.9 Qzwzxplanted\n";
    client.open(NOTE, 1, text);
    client.diagnostics(NOTE, 1);
    client.change(NOTE, 2, &format!("{text}\nDx: H51.9, H51.9x Qzwzxplanted"));
    client.diagnostics(NOTE, 2);
    for (line, character) in [(1, 5), (1, 9), (3, 12)] {
        client.call("textDocument/hover", &at(line, character));
        client.call("textDocument/completion", &at(line, character));
    }
    // Parameters of a wrong form, and a message that is none, hold text as well.
    client.notify("textDocument/didChange", &json!({"textDocument": "Qzwzxplanted"}));
    let refused = client.request("textDocument/hover", &json!({"textDocument": "Qzwzxplanted"}));
    assert_eq!(client.response(refused).body["error"]["code"], -32_602);
    client.send_raw(&e2e::lsp_client::frame(
        r#"{"jsonrpc":"2.0","method":"x","params":"Qzwzxplanted"#,
    ));
    client.request("workspace/executeCommand", &super::command("panic", &json!({})));
    client.shut_down();
    client.assert_quiet(&PLANTED);
}

#[test]
fn stdout_holds_nothing_but_the_protocol() {
    // The reader of the harness ends with the first byte that is no message, and `shut_down` then has no answer.
    let mut client = greeted();
    client.open(NOTE, 1, "Dx: E11.9");
    client.diagnostics(NOTE, 1);
    client.shut_down();
    client.exit();
    assert_eq!(client.wait_exit().0, Some(0));
}
