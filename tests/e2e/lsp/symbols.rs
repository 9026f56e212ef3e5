//! Outlines, searches for symbols, and renames, over the installed code sets.

use serde_json::{Value, json};

use super::{NOTE, at, ready};
use e2e::lsp_client::LspClient;

const TITLE: &str = "Type 2 diabetes mellitus without complications";

/// The answer to a rename of the code at a place: the edits, or the reason why there are none.
fn rename(client: &mut LspClient, line: u32, character: u32, new: &str) -> Result<Value, String> {
    let mut params = at(line, character);
    params["newName"] = json!(new);
    let id = client.request("textDocument/rename", &params);
    let mut answer = client.response(id).body;
    match answer["error"]["message"].as_str() {
        Some(reason) => Err(reason.to_owned()),
        None => Ok(answer["result"].take()),
    }
}

#[test]
fn outlines_a_note_with_titles() {
    let Some(mut client) = ready() else { return };
    client.open(NOTE, 1, "DOS: 2026-03-02\nDx: \u{1F600} E11.9\n");
    let outline =
        client.call("textDocument/documentSymbol", &json!({"textDocument": {"uri": NOTE}}));
    assert_eq!(outline[0]["name"], "Encounter 1");
    assert_eq!(outline[1]["name"], format!("E11.9 {TITLE}"));
    assert_eq!(outline[1]["location"]["range"]["start"], json!({"line": 1, "character": 7}));
}

#[test]
fn searches_a_code_set_by_prefix() {
    let Some(mut client) = ready() else { return };
    let found = client.call("workspace/symbol", &json!({"query": "icd: foot ulcer"}));
    let found = found.as_array().unwrap();
    assert!((1..=50).contains(&found.len()), "{} entries", found.len());
    for symbol in found {
        assert!(symbol["name"].as_str().unwrap().starts_with("icd: "), "{symbol}");
        assert!(symbol["location"]["uri"].as_str().unwrap().starts_with("file:///"), "{symbol}");
    }
}

#[test]
fn renames_a_code_with_its_official_title() {
    let Some(mut client) = ready() else { return };
    client.open(NOTE, 7, &format!("DOS: 2026-03-02\nDx: E11.9 - {TITLE}\n"));
    let edit = rename(&mut client, 1, 5, "e1165").unwrap();
    let change = &edit["documentChanges"][0];
    assert_eq!(change["textDocument"], json!({"uri": NOTE, "version": 7}));
    let written: Vec<&str> = change["edits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edit| edit["newText"].as_str().unwrap())
        .collect();
    assert_eq!(written, ["E11.65", "Type 2 diabetes mellitus with hyperglycemia"]);
}

#[test]
fn refuses_a_rename_with_a_reason() {
    let Some(mut client) = ready() else { return };
    client.open(NOTE, 1, "DOS: 2026-03-02\nDx: E11.9\n");
    let mut reason = |new: &str| rename(&mut client, 1, 5, new).unwrap_err();
    assert!(reason("E11.66").contains("has no code E11.66"));
    assert!(reason("99213").contains("must be a code of ICD-10-CM"));
    assert!(reason("N18.3").contains("N18.3"));
    assert!(reason("E11").contains("not specific enough"));
}
