//! A code service on the other side of a socket: it may go away and come back.

use std::{
    path::Path,
    process::{Child, Stdio},
};

use serde_json::{Value, json};

use super::{NOTE, at, capable};
use e2e::{
    lsp_client::{LspClient, LspServer},
    server::Server,
};

/// The service once more, at the address it had before. Killed when dropped.
struct Again(Child);

impl Again {
    fn start(data_dir: &Path, address: &str) -> Self {
        let mut command = e2e::medcode(data_dir, ["serve", "--listen", address]);
        Self(command.stdin(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary starts"))
    }
}

impl Drop for Again {
    fn drop(&mut self) {
        // It may have ended by itself; there is nobody to tell.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn health(client: &mut LspClient, wanted: &str) -> Value {
    let is_wanted =
        |body: &Value| body["method"] == "medcode/status" && body["params"]["health"] == wanted;
    client.wait_for(wanted, is_wanted).body["params"].take()
}

#[test]
fn without_a_service_nothing_is_called_wrong() {
    let mut client = LspServer::without_codes().spawn();
    client.initialize(&capable());
    health(&mut client, "warning");
    client.open(NOTE, 1, "DOS: 2026-03-02\nDx: E11.66, N18.3\n");
    assert_eq!(client.diagnostics(NOTE, 1), Vec::<Value>::new());
    let hover = client.call("textDocument/hover", &at(1, 6));
    let text = hover["contents"]["value"].as_str().unwrap();
    assert!(text.contains("could not be asked") && !text.contains("no code"), "{text}");
    client.shut_down();
    let log = client.log();
    assert_eq!(log.matches("the code service cannot be reached").count(), 1, "{log}");
}

#[test]
fn a_service_that_goes_away_comes_back_by_itself() {
    let Some(data_dir) = e2e::catalog() else { return };
    let server = Server::start(&data_dir);
    let address = server.address.clone();
    let mut client = LspServer::with_service(&format!("http://{address}")).spawn();
    client.initialize(&capable());
    let status = health(&mut client, "ok");
    assert_eq!((&status["backend"], &status["catalog"]), (&json!("remote"), &json!("ready")));
    assert!(
        status["releases"]
            .as_array()
            .unwrap()
            .iter()
            .any(|release| release["system"] == "icd-10-cm"),
        "{status}"
    );
    client.open(NOTE, 1, "DOS: 2026-03-02\nDx: N18.3\n");
    client.wait_for_rule(NOTE, 1, "expired-code");

    drop(server);
    // A code that was not asked about before: its question finds nobody.
    client.change(NOTE, 2, "DOS: 2026-03-02\nDx: N18.3, M54.5\n");
    let lost = health(&mut client, "warning");
    assert!(lost["message"].as_str().unwrap().contains("cannot be reached"), "{lost}");
    client.change(NOTE, 3, "DOS: 2026-03-02\nDx: M54.5, E11.66\n");
    let while_away = client.diagnostics(NOTE, 3);
    assert_eq!(while_away, Vec::<Value>::new(), "what could not be asked is not wrong");

    let _again = Again::start(&data_dir, &address);
    health(&mut client, "ok");
    client.wait_for_rule(NOTE, 3, "unknown-code");
    client.assert_quiet(&[]);
}

#[test]
fn a_service_named_in_the_settings_takes_the_place_of_the_local_one() {
    let Some(data_dir) = e2e::catalog() else { return };
    let server = Server::start(&data_dir);
    let mut client = LspServer::with_codes(&data_dir).spawn();
    client.initialize(&capable());
    assert_eq!(health(&mut client, "ok")["backend"], "embedded");
    let url =
        json!({"settings": {"medcode": {"server": {"url": format!("http://{}", server.address)}}}});
    client.notify("workspace/didChangeConfiguration", &url);
    assert_eq!(health(&mut client, "ok")["backend"], "remote");
    client.open(NOTE, 1, "DOS: 2026-03-02\nDx: N18.3\n");
    client.wait_for_rule(NOTE, 1, "expired-code");
    client.notify(
        "workspace/didChangeConfiguration",
        &json!({"settings": {"medcode": {"server": {"url": "not an address"}}}}),
    );
    let warning = client.expect("window/showMessage")["params"]["message"].take();
    assert!(warning.as_str().unwrap().contains("medcode.server.url"), "{warning}");
    assert_eq!(health(&mut client, "ok")["backend"], "embedded");
}
