//! The server in front of real editors: their own `initialize`, replayed.

use serde_json::{Value, json};

use super::{NOTE, at};
use e2e::lsp_client::LspServer;

const EDITORS: [&str; 6] = [
    include_str!("clients/vscode-1.100.3-languageclient-9.0.1.json"),
    include_str!("clients/vscode-languageclient-10.1.2.json"),
    include_str!("clients/neovim-0.12.4.json"),
    include_str!("clients/neovim-0.11.4.json"),
    include_str!("clients/helix-25.07.1.json"),
    include_str!("clients/emacs-30.2-eglot.json"),
];

/// What an editor said, as it was and without a folder; asking for the state besides, which tells that the server is
/// ready.
fn variants(captured: &str) -> [Value; 2] {
    let mut params: Value = serde_json::from_str(captured).unwrap();
    params["initializationOptions"]["statusNotification"] = true.into();
    let mut without_folder = params.clone();
    for member in ["rootPath", "rootUri", "workspaceFolders", "clientInfo", "trace"] {
        without_folder[member] = Value::Null;
    }
    [params, without_folder]
}

#[test]
fn announces_the_same_to_each() {
    for params in EDITORS.iter().flat_map(|captured| variants(captured)) {
        let mut client = LspServer::without_codes().spawn();
        let answer = client.initialize(&params);
        let capabilities = &answer["capabilities"];
        assert_eq!(capabilities["positionEncoding"], "utf-16");
        assert_eq!(capabilities["hoverProvider"], true);
        assert_eq!(
            capabilities["codeActionProvider"]["codeActionKinds"],
            json!(["quickfix", "refactor.rewrite", "source.fixAll.medcode"])
        );
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
    for params in EDITORS.iter().flat_map(|captured| variants(captured)) {
        let mut client = LspServer::without_codes().spawn();
        client.initialize(&params);
        let asked = client.expect("workspace/configuration");
        assert_eq!(asked["params"]["items"], json!([{"section": "medcode"}]));
        client.answer(&asked, &json!([{"diagnostics": {"delayMs": 10}, "nonsense": 1}]));
        let warning = client.expect("window/showMessage")["params"]["message"].take();
        assert_eq!(warning, "medcode: unknown setting medcode.nonsense");
    }
}
