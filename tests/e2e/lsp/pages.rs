//! From codes to the pages of the tabular list, up and down the hierarchy, and what leads there.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{NOTE, at, capable, ready, ready_as};
use e2e::lsp_client::LspClient;

/// The lines of the page at an address.
fn page(client: &LspClient, address: &Value) -> Vec<String> {
    let path = PathBuf::from(address.as_str().unwrap().strip_prefix("file://").unwrap());
    assert!(path.starts_with(client.cache()), "{}", path.display());
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(std::fs::metadata(&path).unwrap().permissions().readonly());
    text.lines().map(str::to_owned).collect()
}

fn line(place: &Value, range: &str) -> usize {
    usize::try_from(place[range]["start"]["line"].as_u64().unwrap()).unwrap()
}

fn linking() -> Value {
    let mut params = capable();
    params["capabilities"]["textDocument"]["definition"] = json!({"linkSupport": true});
    params["capabilities"]["window"]["showDocument"] = json!({"support": true});
    params
}

#[test]
fn a_definition_is_the_heading_of_the_code_on_a_page_that_reads_well() {
    let Some(mut client) = ready_as(&linking()) else { return };
    client.open(NOTE, 1, "DOS: 2026-03-02\nDx: E11.9, E10.-\nPx: 0SR9019\n");
    let found = client.call("textDocument/definition", &at(1, 7));
    let link = &found[0];
    assert_eq!(
        link["originSelectionRange"],
        json!({"start": {"line": 1, "character": 4}, "end": {"line": 1, "character": 9}})
    );
    let lines = page(&client, &link["targetUri"]);
    let heading = line(link, "targetSelectionRange");
    assert_eq!(lines[heading], "## E11.9 Type 2 diabetes mellitus without complications");
    assert!(lines[0].contains("Chapter 4: Endocrine, nutritional and metabolic diseases"));
    assert_eq!(lines[2], "# E11 Type 2 diabetes mellitus");
    assert!(lines.iter().any(|line| line == "- type 1 diabetes mellitus ([E10.-](E10.md))"));
    // A category reference leads to the category, a procedure to its table.
    let found = client.call("textDocument/definition", &at(1, 13));
    assert!(found[0]["targetUri"].as_str().unwrap().ends_with("/E10.md"));
    assert_eq!(line(&found[0], "targetSelectionRange"), 2);
    let found = client.call("textDocument/definition", &at(2, 6));
    let lines = page(&client, &found[0]["targetUri"]);
    assert!(
        lines[line(&found[0], "targetSelectionRange")].starts_with("- **0SR9019** Replacement")
    );
}

#[test]
fn a_client_without_links_gets_a_place_and_cpt_has_none() {
    let Some(mut client) = ready() else { return };
    client.open(NOTE, 1, "DOS: 2026-03-02\nDx: J18.9\nCPT: 99213\n");
    let found = client.call("textDocument/definition", &at(1, 5));
    assert_eq!(
        page(&client, &found["uri"])[line(&found, "range")],
        "## J18.9 Pneumonia, unspecified organism"
    );
    assert_eq!(client.call("textDocument/definition", &at(2, 6)), Value::Null);
    assert_eq!(client.call("textDocument/prepareTypeHierarchy", &at(2, 6)), Value::Null);
}

#[test]
fn nothing_is_reported_on_a_page() {
    let Some(mut client) = ready() else { return };
    client.open(NOTE, 1, "DOS: 2026-03-02\nDx: E11.9\n");
    let found = client.call("textDocument/definition", &at(1, 5));
    let address = found["uri"].as_str().unwrap().to_owned();
    let text = page(&client, &found["uri"]).join("\n");
    client.open(&address, 1, &text);
    assert_eq!(client.diagnostics(&address, 1), Vec::<Value>::new());
    // The page itself leads on.
    let place = json!({"textDocument": {"uri": address}, "position": {"line": 2, "character": 3}});
    assert_eq!(client.call("textDocument/definition", &place)["uri"], found["uri"]);
}

/// The first of a list that may be empty.
fn first(list: &Value) -> Value {
    list.get(0).cloned().unwrap_or_default()
}

#[test]
fn the_hierarchy_goes_up_to_the_chapter_and_down_to_the_seventh_characters() {
    let Some(mut client) = ready() else { return };
    client.open(NOTE, 1, "DOS: 2026-03-02\nDx: S72.001A\nPx: 0SR9019\n");
    let mut item = client.call("textDocument/prepareTypeHierarchy", &at(1, 6))[0].take();
    assert_eq!(
        item["data"],
        json!({"system": "icd-10-cm", "code": "S72.001A", "date": "2026-03-02"})
    );
    let mut names = Vec::new();
    while !item.is_null() {
        names.push(item["name"].as_str().unwrap().to_owned());
        item = first(&client.call("typeHierarchy/supertypes", &json!({ "item": item })));
    }
    assert_eq!(names, ["S72.001A", "S72.001", "S72.00", "S72.0", "S72", "S70-S79", "Chapter 19"]);
    client.change(NOTE, 2, "DOS: 2026-03-02\nDx: S72.001\nPx: 0SR9019\n");
    let item = client.call("textDocument/prepareTypeHierarchy", &at(1, 6))[0].take();
    let below = client.call("typeHierarchy/subtypes", &json!({ "item": item }));
    let below = below.as_array().unwrap();
    assert_eq!((below.len(), &below[0]["name"]), (16, &json!("S72.001A")));
    let place = &below[0]["selectionRange"]["start"];
    let lines = page(&client, &below[0]["uri"]);
    let line = &lines[usize::try_from(place["line"].as_u64().unwrap()).unwrap()];
    assert!(line.starts_with("- **S72.001A** initial encounter"), "{line}");
    let mut item = client.call("textDocument/prepareTypeHierarchy", &at(2, 6))[0].take();
    let mut names = Vec::new();
    while !item.is_null() {
        names.push(item["name"].as_str().unwrap().to_owned());
        item = first(&client.call("typeHierarchy/supertypes", &json!({ "item": item })));
    }
    assert_eq!((names[0].as_str(), names.last().unwrap().as_str()), ("0SR9019", "0"));
    assert!(names.contains(&"0SR".to_owned()), "{names:?}");
}

#[test]
fn a_line_above_each_encounter_sums_it_up() {
    let Some(mut client) = ready_as(&linking()) else { return };
    let note = "# Visits\n\nNo codes here.\n\n## Visit 2026-03-02\n\nDx: E11.9, I10\nCPT: 99213\n\n## Visit 2025-11-03\n\nDx: E11.66\n";
    client.open(NOTE, 1, note);
    let mut lenses = client.call("textDocument/codeLens", &json!({"textDocument": {"uri": NOTE}}));
    let lenses = lenses.as_array_mut().unwrap();
    let lines: Vec<_> = lenses.iter().map(|lens| lens["range"]["start"]["line"].clone()).collect();
    assert_eq!(lines, [4, 9]);
    assert!(lenses.iter().all(|lens| lens.get("command").is_none()));
    let first = client.call("codeLens/resolve", &lenses[0]);
    let title = first["command"]["title"].as_str().unwrap();
    assert!(title.starts_with("2026-03-02 · 2 dx, 1 procedure · "), "{title}");
    assert!(
        title.ends_with(" · ICD-10-CM 2026-04") || title.contains(" · ICD-10-CM 20"),
        "{title}"
    );
    let second = client.call("codeLens/resolve", &lenses[1]);
    let title = second["command"]["title"].as_str().unwrap();
    assert!(title.starts_with("2025-11-03 · 1 dx · 1 error"), "{title}");
    let command = &second["command"];
    let shown = client.request(
        "workspace/executeCommand",
        &json!({"command": command["command"], "arguments": command["arguments"]}),
    );
    let asked = client.expect("window/showDocument");
    assert_eq!(
        (&asked["params"]["uri"], &asked["params"]["selection"]["start"]["line"]),
        (&json!(NOTE), &json!(9))
    );
    client.answer(&asked, &json!({"success": true}));
    assert_eq!(client.response(shown).body["result"]["line"], 10);
    // The note moves on: what was offered for it means nothing any more.
    client.change(NOTE, 2, "Dx: E11.9\n");
    let id = client.request("codeLens/resolve", &lenses[1]);
    assert_eq!(client.response(id).body["error"]["code"], -32801);
}

#[test]
fn rules_in_comments_lead_to_their_pages() {
    let Some(mut client) = ready() else { return };
    client.open(NOTE, 1, "Dx: N18.3 <!-- medcode: ignore expired-code N18.3 -- seen -->\n");
    let links = client.call("textDocument/documentLink", &json!({"textDocument": {"uri": NOTE}}));
    assert_eq!(links.as_array().unwrap().len(), 1);
    let link = client.call("documentLink/resolve", &links[0]);
    assert_eq!(page(&client, &link["target"])[2], "# expired-code");
}

#[test]
fn commands_open_pages_or_say_where_they_are() {
    let run = |client: &mut LspClient, command: &str, argument: &Value| {
        let params =
            json!({"command": format!("medcode.server.{command}"), "arguments": [argument]});
        client.call("workspace/executeCommand", &params)
    };
    let Some(mut client) = ready_as(&linking()) else { return };
    let place = run(&mut client, "openPage", &json!({"code": "E11.9", "asOf": "2026-03-02"}));
    let line = usize::try_from(place["line"].as_u64().unwrap()).unwrap();
    assert!(page(&client, &place["uri"])[line - 1].starts_with("## E11.9"));
    assert_eq!(client.expect("window/showDocument")["params"]["uri"], place["uri"]);
    let Some(mut client) = ready() else { return };
    run(&mut client, "openRule", &json!({"rule": "excludes1-conflict"}));
    let message = client.expect("window/showMessage");
    let message = message["params"]["message"].as_str().unwrap();
    assert!(message.contains("excludes1-conflict.md, line 1"), "{message}");
}
