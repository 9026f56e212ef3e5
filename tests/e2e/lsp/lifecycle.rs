//! From `initialize` to `shutdown`.

use serde_json::{Value, json};

use super::{NOTE, at, capable, greeted};
use e2e::lsp_client::LspServer;

#[test]
fn announces_what_it_can_do() {
    let mut client = LspServer::without_codes().spawn();
    let answer = client.initialize(&capable());
    assert_eq!(answer["serverInfo"]["name"], "medcode");
    let capabilities = &answer["capabilities"];
    assert_eq!(capabilities["positionEncoding"], "utf-16");
    assert_eq!(capabilities["textDocumentSync"]["openClose"], true);
    assert_eq!(capabilities["textDocumentSync"]["change"], 2);
    assert_eq!(capabilities["hoverProvider"], true);
    assert_eq!(capabilities["completionProvider"]["resolveProvider"], true);
    assert_eq!(
        capabilities["codeActionProvider"]["codeActionKinds"],
        json!(["quickfix", "refactor.rewrite", "source.fixAll.medcode"])
    );
    let triggers = capabilities["completionProvider"]["triggerCharacters"].as_array().unwrap();
    assert_eq!(triggers.len(), 12, "{triggers:?}");
}

#[test]
fn takes_a_client_that_says_almost_nothing() {
    for params in [
        json!({"capabilities": {}}),
        json!({"capabilities": {}, "rootUri": "", "processId": "x"}),
        json!({}),
    ] {
        let mut client = LspServer::without_codes().spawn();
        let answer = client.initialize(&params);
        assert_eq!(answer["capabilities"]["positionEncoding"], "utf-16");
        assert_eq!(
            answer["capabilities"]["codeActionProvider"], true,
            "without literals the actions are commands"
        );
        client.open(NOTE, 1, "Dx: E11.9\n\n");
        assert_eq!(client.call("textDocument/hover", &at(7, 7)), Value::Null);
        client.shut_down();
        client.exit();
        assert_eq!(client.wait_exit().0, Some(0));
    }
}

#[test]
fn answers_the_encoding_that_was_offered() {
    for (offer, wish, expected) in [
        (json!(["utf-8"]), Value::Null, "utf-8"),
        (json!(["utf-32", "utf-8"]), Value::Null, "utf-32"),
        (json!(["utf-8", "utf-16"]), Value::Null, "utf-16"),
        (json!(["utf-8", "utf-16"]), json!("utf-8"), "utf-8"),
    ] {
        let mut params = capable();
        params["capabilities"]["general"]["positionEncodings"] = offer;
        params["initializationOptions"]["positionEncoding"] = wish;
        let mut client = LspServer::without_codes().spawn();
        assert_eq!(client.initialize(&params)["capabilities"]["positionEncoding"], expected);
    }
}

#[test]
fn refuses_requests_before_initialize_and_after_shutdown() {
    let mut client = LspServer::without_codes().spawn();
    let early = client.request("textDocument/hover", &at(0, 0));
    assert_eq!(client.response(early).body["error"]["code"], -32_002);
    client.open(NOTE, 1, "Dx: E11.9\n\n");
    client.initialize(&capable());
    let again = client.request("initialize", &capable());
    assert_eq!(client.response(again).body["error"]["code"], -32_600);
    client.shut_down();
    let late = client.request("textDocument/hover", &at(0, 0));
    assert_eq!(client.response(late).body["error"]["code"], -32_600);
}

#[test]
fn shutdown_means_nothing_before_initialize() {
    let mut client = LspServer::without_codes().spawn();
    let early = client.request("shutdown", &Value::Null);
    assert_eq!(client.response(early).body["error"]["code"], -32_002);
    client.exit();
    assert_eq!(client.wait_exit().0, Some(1));
}

#[test]
fn tells_its_state_to_clients_that_show_it() {
    let mut client = greeted();
    let status = client.expect("medcode/status")["params"].take();
    assert_eq!(
        (&status["health"], &status["backend"]),
        (&json!("warning"), &json!("remote")),
        "{status}"
    );
    assert!(status["message"].as_str().unwrap().contains("cannot be reached"), "{status}");
}

#[test]
fn says_nothing_of_its_own_accord_before_the_client_is_ready() {
    let mut client = LspServer::without_codes().spawn();
    client.call("initialize", &capable());
    client.open(NOTE, 1, "Dx: E11.9\n\n");
    // Whatever is said next is the answer to this.
    assert_eq!(client.call("textDocument/hover", &at(5, 0)), Value::Null);
    assert_eq!(client.unexpected(), 0);
    client.notify("initialized", &json!({}));
    client.expect("medcode/status");
    client.diagnostics(NOTE, 1);
}
