//! The server in front of real editors: their own `initialize`, replayed.

use serde_json::{Value, json};

use super::{NOTE, at};
use e2e::lsp_client::LspServer;

const VS_CODE: &str = include_str!("clients/vscode-1.100.3-languageclient-9.0.1.json");
const NEOVIM: &str = include_str!("clients/neovim-0.12.4.json");

fn params(captured: &str) -> Value {
    serde_json::from_str(captured).unwrap()
}

#[test]
fn announces_the_same_to_each() {
    for captured in [VS_CODE, NEOVIM] {
        let mut client = LspServer::without_codes().spawn();
        let answer = client.initialize(&params(captured));
        let capabilities = &answer["capabilities"];
        assert_eq!(capabilities["positionEncoding"], "utf-16");
        assert_eq!(capabilities["hoverProvider"], true);
        assert_eq!(capabilities["codeActionProvider"]["codeActionKinds"], json!(["quickfix"]));
        assert_eq!(capabilities.get("executeCommandProvider").map(Value::is_object), Some(true));
        client.expect("medcode/status");
        client.open(NOTE, 1, "Dx: E11.9");
        client.call("textDocument/hover", &at(0, 6));
        client.shut_down();
        client.exit();
        assert_eq!(client.wait_exit().0, Some(0));
    }
}

#[test]
fn asks_for_the_configuration_of_those_that_answer() {
    for captured in [VS_CODE, NEOVIM] {
        let mut client = LspServer::without_codes().spawn();
        client.initialize(&params(captured));
        let asked = client.expect("workspace/configuration");
        assert_eq!(asked["params"]["items"], json!([{"section": "medcode"}]));
        client.answer(&asked, &json!([{"diagnostics": {"delayMs": 10}, "nonsense": 1}]));
        let warning = client.expect("window/showMessage")["params"]["message"].take();
        assert_eq!(warning, "medcode: unknown setting medcode.nonsense");
    }
}
