//! The faults of tower-lsp 0.20 that a naive server inherits, each provoked on the real binary with stdin held open.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{NOTE, at, capable, command, greeted};
use e2e::lsp_client::LspServer;

/// What "at once" may take on a busy machine; what is measured takes a few milliseconds.
const AT_ONCE: Duration = Duration::from_millis(500);

const EXECUTE: &str = "workspace/executeCommand";

/// Spreads the delays of handlers without a random source, so that a failure can be repeated.
fn scattered(number: u64) -> u64 {
    ((number * 2_654_435_761) >> 7) % 20
}

#[test]
fn keeps_wire_order() {
    let mut client = greeted();
    client.open(NOTE, 0, "");
    let mut asked = Vec::new();
    for version in 1..=500 {
        let insert = json!([{
            "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}, "text": "x",
        }]);
        client.change_by(NOTE, version, &insert);
        if version % 10 == 0 {
            let delay = scattered(version.unsigned_abs().into());
            let arguments = json!({"uri": NOTE, "delayMs": delay});
            asked.push((version, client.request(EXECUTE, &command("seen", &arguments))));
        }
    }
    for (version, id) in asked {
        let seen = client.response(id).body["result"].take();
        assert_eq!(seen, json!({"version": version, "bytes": version}));
    }
    client.assert_quiet(&[]);
}

#[test]
fn exits_with_stdin_open() {
    let mut client = greeted();
    client.shut_down();
    client.exit();
    let (code, took) = client.wait_exit();
    assert_eq!(code, Some(0));
    assert!(took < AT_ONCE, "{took:?}");
    client.assert_quiet(&[]);
}

#[test]
fn exits_with_a_message_behind_exit() {
    let mut client = greeted();
    client.shut_down();
    client.exit();
    client.request("textDocument/hover", &at(0, 0));
    let (code, took) = client.wait_exit();
    assert_eq!(code, Some(0));
    assert!(took < AT_ONCE, "{took:?}");
    client.assert_quiet(&[]);
}

#[test]
fn answers_shutdown_that_is_sent_in_one_go_with_exit() {
    let mut client = greeted();
    let id = client.request("shutdown", &Value::Null);
    client.exit();
    assert_eq!(client.response(id).body["result"], Value::Null);
    assert_eq!(client.wait_exit().0, Some(0));
}

#[test]
fn exits_while_requests_run() {
    let mut client = greeted();
    client.request(EXECUTE, &command("wait", &json!({"delayMs": 60_000})));
    client.shut_down();
    client.exit();
    let (code, took) = client.wait_exit();
    assert_eq!(code, Some(0));
    assert!(took < AT_ONCE, "{took:?}");
}

#[test]
fn exits_with_1_without_shutdown() {
    let mut client = greeted();
    client.exit();
    assert_eq!(client.wait_exit().0, Some(1));
}

#[test]
fn takes_the_end_of_input_for_exit() {
    let mut client = greeted();
    client.close_stdin();
    assert_eq!(client.wait_exit().0, Some(1));

    let mut client = greeted();
    client.shut_down();
    client.close_stdin();
    assert_eq!(client.wait_exit().0, Some(0));

    let mut never_greeted = LspServer::without_codes().spawn();
    never_greeted.close_stdin();
    assert_eq!(never_greeted.wait_exit().0, Some(1));
}

#[cfg(unix)]
#[test]
fn leaves_with_its_parent() {
    // `cat` stands for the editor: it lives until it is killed, and holds nothing of the server's.
    let mut parent =
        std::process::Command::new("cat").stdin(std::process::Stdio::piped()).spawn().unwrap();
    let mut params = capable();
    params["processId"] = parent.id().into();
    let mut client = LspServer::without_codes().spawn();
    client.initialize(&params);
    client.call(EXECUTE, &command("wait", &json!({})));
    parent.kill().unwrap();
    parent.wait().unwrap();
    let (code, took) = client.wait_exit();
    assert_eq!(code, Some(1));
    assert!(took < Duration::from_secs(5), "{took:?}");
    client.assert_quiet(&[]);
}

#[test]
fn does_not_watch_a_parent_that_is_not_visible() {
    let mut params = capable();
    params["processId"] = 999_999_999.into();
    let mut client = LspServer::without_codes().spawn();
    client.initialize(&params);
    // Longer than the parent is looked at.
    client.call(EXECUTE, &command("wait", &json!({"delayMs": 2_500})));
    client.shut_down();
}

#[test]
fn cancels_while_busy() {
    let mut client = greeted();
    let slow: Vec<i64> = (0..8)
        .map(|_| client.request(EXECUTE, &command("wait", &json!({"delayMs": 60_000}))))
        .collect();
    let begin = Instant::now();
    client.cancel(slow[0]);
    let hover = client.request("textDocument/hover", &at(0, 0));
    client.cancel(slow[7]);
    for id in [slow[0], slow[7]] {
        let response = client.response(id);
        assert_eq!(response.body["error"]["code"], -32_800);
        assert!(response.at - begin < AT_ONCE, "{:?}", response.at - begin);
    }
    let response = client.response(hover);
    assert_eq!(response.body["result"], Value::Null);
    assert!(response.at - begin < AT_ONCE, "{:?}", response.at - begin);
    client.assert_quiet(&[]);
}

#[test]
fn survives_late_replies() {
    let mut client = greeted();
    let asking = client.request(EXECUTE, &command("ask", &json!({})));
    let configuration = client.expect("workspace/configuration");
    let progress = client.expect("window/workDoneProgress/create");
    client.cancel(asking);
    assert_eq!(client.response(asking).body["error"]["code"], -32_800);
    client.answer(&configuration, &json!([null]));
    client.answer(&progress, &Value::Null);
    assert_eq!(client.call("textDocument/hover", &at(0, 0)), Value::Null);

    // Another time the answers come after the time limit.
    let asking = client.request(EXECUTE, &command("ask", &json!({})));
    let configuration = client.expect("workspace/configuration");
    let progress = client.expect("window/workDoneProgress/create");
    let given_up = client.response(asking).body;
    assert_eq!(given_up["result"], json!({"settings": false, "progress": false}));
    client.answer(&configuration, &json!([null]));
    client.answer(&progress, &Value::Null);
    assert_eq!(client.call("textDocument/hover", &at(0, 0)), Value::Null);
    client.assert_quiet(&[]);
}

#[test]
fn does_not_wait_for_the_client() {
    let mut params = capable();
    params["capabilities"]["workspace"]["configuration"] = true.into();
    params["capabilities"]["workspace"]["didChangeConfiguration"] =
        json!({"dynamicRegistration": true});
    params["capabilities"]["window"] = json!({"workDoneProgress": true});
    let mut client = LspServer::without_codes().spawn();
    client.initialize(&params);
    let mut owed =
        vec![client.expect("client/registerCapability"), client.expect("workspace/configuration")];

    let asking: Vec<i64> =
        (0..8).map(|_| client.request(EXECUTE, &command("ask", &json!({})))).collect();
    client.open(NOTE, 0, "");
    for version in 1..=300 {
        client.change(NOTE, version, "Dx: E11.9");
    }
    for _ in &asking {
        owed.push(client.expect("workspace/configuration"));
        owed.push(client.expect("window/workDoneProgress/create"));
    }
    // The client is mute until here. Other work goes on, and the last version is the one that is seen.
    let begin = Instant::now();
    let seen = client.call(EXECUTE, &command("seen", &json!({"uri": NOTE})));
    assert_eq!(seen["version"], 300);
    assert!(begin.elapsed() < AT_ONCE, "{:?}", begin.elapsed());

    for request in &owed {
        client.answer(
            request,
            &if request["method"] == "workspace/configuration" {
                json!([null])
            } else {
                Value::Null
            },
        );
    }
    for id in asking {
        assert_eq!(client.response(id).body["result"], json!({"settings": true, "progress": true}));
    }
    client.assert_quiet(&[]);
}

#[test]
fn survives_a_panicking_handler() {
    let mut client = greeted();
    let failing = client.request(EXECUTE, &command("panic", &json!({})));
    let answer = client.response(failing).body;
    assert_eq!(answer["error"]["code"], -32_603);
    assert_eq!(client.call("textDocument/hover", &at(0, 0)), Value::Null);
    client.shut_down();
    let log = client.log();
    assert!(
        log.contains("a task failed unexpectedly") && log.contains("test_hooks.rs"),
        "the place is logged"
    );
    assert!(!log.contains("a test asked for it"), "the message is not: it could quote a note");
}

#[test]
fn survives_messages_that_are_none() {
    let mut client = greeted();
    for body in ["{", "[]", "{}", r#"{"jsonrpc":"2.0","id":{},"method":"x"}"#, r#""\ud800""#] {
        client.send_raw(&e2e::lsp_client::frame(body));
        let answer = client.wait_for("a refusal", |message| {
            message["id"].is_null() && message.get("error").is_some()
        });
        assert_eq!(answer.body["error"]["code"], -32_700, "{body}");
    }
    client.send_raw(b"X-No-Length: 1\r\n\r\n");
    client.send_raw(b"A: 1\r\nB: 2\r\nC: 3\r\n");
    assert_eq!(client.call("textDocument/hover", &at(0, 0)), Value::Null);
    let unknown = client.request("medcode/nonsense", &json!({}));
    assert_eq!(client.response(unknown).body["error"]["code"], -32_601);
    client.notify("medcode/nonsense", &json!({}));
    client.notify("$/progress", &json!({"token": 1, "value": 1}));
    assert_eq!(client.call("textDocument/hover", &at(0, 0)), Value::Null);
    client.assert_quiet(&[]);
}
