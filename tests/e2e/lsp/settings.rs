//! Settings come in several ways and mean the same in each; none of them can stop the server.

use serde_json::{Value, json};

use super::{NOTE, at, capable};
use e2e::lsp_client::{LspClient, LspServer};

fn warning(client: &mut LspClient) -> String {
    client.expect("window/showMessage")["params"]["message"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_bad_setting_is_one_warning_in_each_way() {
    let bad = json!({"diagnostics": {"delayMS": 5, "max": "many"}});
    let expected = "medcode: unknown setting medcode.diagnostics.delayMS; did you mean medcode.diagnostics.delayMs?; \
                    setting medcode.diagnostics.max must be a whole number from 1 to 10000; the value is not used";

    let mut params = capable();
    params["initializationOptions"] = bad.clone();
    let mut client = LspServer::without_codes().spawn();
    client.initialize(&params);
    assert_eq!(warning(&mut client), expected);

    let mut client = LspServer::without_codes().spawn();
    client.initialize(&capable());
    client.notify("workspace/didChangeConfiguration", &json!({"settings": {"medcode": bad}}));
    assert_eq!(warning(&mut client), expected);
    // The same again is no news; another one is.
    client.notify("workspace/didChangeConfiguration", &json!({"settings": {"medcode": bad}}));
    client.notify(
        "workspace/didChangeConfiguration",
        &json!({"settings": {"medcode": {"asOf": "tomorrow"}}}),
    );
    assert!(warning(&mut client).contains("asOf must be a date"));

    let mut params = capable();
    params["capabilities"]["workspace"]["configuration"] = true.into();
    let mut client = LspServer::without_codes().spawn();
    client.initialize(&params);
    let asked = client.expect("workspace/configuration");
    client.answer(&asked, &json!([bad]));
    assert_eq!(warning(&mut client), expected);
    client.notify("workspace/didChangeConfiguration", &json!({"settings": null}));
    client.expect("workspace/configuration");
}

#[test]
fn nonsense_in_the_place_of_settings_does_no_harm() {
    let mut client = LspServer::without_codes().spawn();
    client.initialize(&capable());
    for nonsense in [
        json!(7),
        json!([]),
        json!("x"),
        json!({"settings": [1]}),
        json!({"settings": {"medcode": 3}}),
        Value::Null,
    ] {
        client.notify("workspace/didChangeConfiguration", &nonsense);
    }
    assert_eq!(client.call("textDocument/hover", &at(0, 0)), Value::Null);
    client.assert_quiet(&[]);
}

#[test]
fn a_change_acts_without_a_restart() {
    let Some(mut client) = super::ready() else { return };
    client.open(NOTE, 1, "DOS: 2026-03-02\nDx: N18.3\n");
    client.wait_for_rule(NOTE, 1, "expired-code");
    let off = json!({"settings": {"medcode": {"rules": {"expired-code": "off"}}}});
    client.notify("workspace/didChangeConfiguration", &off);
    client.wait_for_diagnostics(NOTE, 1, <[Value]>::is_empty);
    let weak = json!({"settings": {"medcode": {"rules": {"expired-code": "hint"}}}});
    client.notify("workspace/didChangeConfiguration", &weak);
    let found = client.wait_for_rule(NOTE, 1, "expired-code");
    assert_eq!(found["severity"], 4);
}

#[test]
fn the_date_of_the_settings_counts_where_the_note_states_none() {
    let Some(mut client) = super::ready() else { return };
    client.open(NOTE, 1, "Dx: M54.5\n");
    client.wait_for_rule(NOTE, 1, "expired-code");
    client.notify(
        "workspace/didChangeConfiguration",
        &json!({"settings": {"medcode": {"asOf": "2021-09-01"}}}),
    );
    let without =
        |found: &[Value]| found.iter().all(|diagnostic| diagnostic["code"] != "expired-code");
    client.wait_for_diagnostics(NOTE, 1, without);
    let hover = client.call("textDocument/hover", &at(0, 6));
    assert!(
        hover["contents"]["value"].as_str().unwrap().contains("asked for 2021-09-01"),
        "{hover}"
    );
}

#[test]
fn the_file_of_a_project_governs_its_notes_and_a_change_acts_by_itself() {
    let Some(mut client) = super::ready() else { return };
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join(".medcode.toml");
    let note = format!("file://{}", folder.path().join("visit.md").display());
    std::fs::write(&settings, "[rules]\nexpired-code = \"hint\"\n").unwrap();
    client.open(&note, 1, "DOS: 2026-03-02\nDx: N18.3\n");
    assert_eq!(client.wait_for_rule(&note, 1, "expired-code")["severity"], 4);
    std::fs::write(&settings, "[[ignore]]\nrule = \"expired-code\"\nreason = \"archive\"\n")
        .unwrap();
    client.wait_for_diagnostics(&note, 1, <[Value]>::is_empty);
    // The editor stands above the file, and the file above nothing else.
    std::fs::write(&settings, "rules.expired-code = \"hint\"\nasof = 1\n").unwrap();
    client.wait_for_rule(&note, 1, "expired-code");
    let message = warning(&mut client);
    assert!(
        message.contains(".medcode.toml:2:1: unknown setting asof; did you mean asOf?"),
        "{message}"
    );
    let editor = json!({"settings": {"medcode": {"rules": {"expired-code": "warning"}}}});
    client.notify("workspace/didChangeConfiguration", &editor);
    let is_warning = |found: &[Value]| found.iter().any(|diagnostic| diagnostic["severity"] == 2);
    client.wait_for_diagnostics(&note, 1, is_warning);
}
