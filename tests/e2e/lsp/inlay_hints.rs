//! Titles behind codes.

use serde_json::{Value, json};

use super::{NOTE, capable, ready, ready_as};
use e2e::lsp_client::LspClient;

/// The hints of these lines of [`NOTE`], the last one excluded.
fn hints(client: &mut LspClient, first: u32, last: u32) -> Vec<Value> {
    let range =
        json!({"start": {"line": first, "character": 0}, "end": {"line": last, "character": 0}});
    let params = json!({"textDocument": {"uri": NOTE}, "range": range});
    let answer = client.call("textDocument/inlayHint", &params);
    answer.as_array().cloned().unwrap_or_default()
}

fn labels(hints: &[Value]) -> Vec<&str> {
    hints.iter().filter_map(|hint| hint["label"].as_str()).collect()
}

const TEXT: &str = "\
DOS: 2026-03-02
Dx: E11.9, I10 hypertension
CPT: 99213
We spoke about E11 and J18.9.
<!-- medcode: ignore-start -->
Dx: E11.9
<!-- medcode: ignore-end -->
";

#[test]
fn shows_titles_where_the_line_does_not_say_them() {
    let Some(mut client) = ready() else { return };
    client.open(NOTE, 1, TEXT);
    let found = hints(&mut client, 0, 7);
    let expected =
        ["Type 2 diabetes mellitus without complications", "Pneumonia, unspecified organism"];
    assert_eq!(labels(&found), expected);
    assert_eq!(found[0]["position"], json!({"line": 1, "character": 9}));
    assert_eq!(found[0]["paddingLeft"], true);
    let edit = &found[0]["textEdits"][0];
    assert_eq!(edit["newText"], " - Type 2 diabetes mellitus without complications");
    assert_eq!(edit["range"]["start"], edit["range"]["end"]);
    assert_eq!(labels(&hints(&mut client, 2, 7)), expected[1..]);
}

#[test]
fn tells_the_whole_title_with_release_and_date_when_asked() {
    let mut params = capable();
    params["capabilities"]["textDocument"]["inlayHint"] =
        json!({"resolveSupport": {"properties": ["tooltip"]}});
    params["initializationOptions"]["inlayHints"] = json!({"maxLength": 10});
    let Some(mut client) = ready_as(&params) else { return };
    client.open(NOTE, 1, "DOS: 2026-03-02\nDx: E11.9\n");
    let found = hints(&mut client, 0, 2);
    assert_eq!(labels(&found), ["Type 2 dia…"]);
    assert_eq!(found[0].get("tooltip"), None);
    let resolved = client.call("inlayHint/resolve", &found[0]);
    let text = resolved["tooltip"]["value"].as_str().unwrap();
    assert!(text.starts_with("**E11.9** Type 2 diabetes mellitus without complications"), "{text}");
    assert!(text.contains("ICD-10-CM 2026-") && text.contains("asked for 2026-03-02"), "{text}");
}

#[test]
fn shows_all_titles_or_none_or_those_of_some_systems_as_set() {
    for (settings, expected) in [
        (json!({"title": "always"}), 3),
        (json!({"title": "off"}), 0),
        (json!({"title": "always", "systems": ["hcpcs"]}), 0),
    ] {
        let mut params = capable();
        params["initializationOptions"]["inlayHints"] = settings;
        let Some(mut client) = ready_as(&params) else { return };
        client.open(NOTE, 1, TEXT);
        assert_eq!(hints(&mut client, 0, 7).len(), expected);
    }
}
