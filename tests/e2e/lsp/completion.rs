//! Codes by their beginning and by words.

use serde_json::{Value, json};

use super::{NOTE, capable, ready, ready_as};
use e2e::lsp_client::LspClient;

/// The items where the text holds `$0`, which is taken out.
fn items_at(client: &mut LspClient, version: i32, marked: &str, trigger: u32) -> Vec<Value> {
    let at = marked.find("$0").expect("the text holds a mark");
    let line = marked[..at].matches('\n').count();
    let column = marked[..at].encode_utf16().count()
        - marked[..at].rfind('\n').map_or(0, |n| marked[..=n].encode_utf16().count());
    client.open(NOTE, version, &marked.replace("$0", ""));
    let params = json!({
        "textDocument": {"uri": NOTE}, "position": {"line": line, "character": column},
        "context": {"triggerKind": trigger},
    });
    let answer = client.call("textDocument/completion", &params);
    if answer.is_null() {
        return Vec::new();
    }
    let items = answer["items"].as_array().unwrap().clone();
    assert_eq!(answer["isIncomplete"], !items.is_empty());
    items
}

const INVOKED: u32 = 1;
const BY_CHARACTER: u32 = 2;

fn labels(items: &[Value]) -> Vec<&str> {
    items.iter().filter_map(|item| item["label"].as_str()).collect()
}

#[test]
fn offers_the_codes_that_begin_so() {
    let Some(mut client) = ready() else { return };
    let items = items_at(&mut client, 1, "DOS: 2026-03-02\nDx: E11.$0\n", BY_CHARACTER);
    assert!(
        !items.is_empty() && labels(&items).iter().all(|label| label.starts_with("E11")),
        "{:?}",
        labels(&items)
    );
    let header = items.iter().position(|item| item["kind"] == 19).unwrap_or(items.len());
    let billable = items.iter().rposition(|item| item["kind"] == 21).unwrap();
    assert!(billable < header, "billable codes come first: {:?}", labels(&items));
    assert_eq!(items[0]["filterText"], "E11.");
    assert_eq!(items[0]["sortText"], "0000");
    let range = json!({"start": {"line": 1, "character": 4}, "end": {"line": 1, "character": 8}});
    assert!(items.iter().all(|item| item["textEdit"]["range"] == range));
    assert!(
        items[0]["labelDetails"]["description"].as_str().unwrap().starts_with("Type 2 diabetes"),
        "{}",
        items[0]
    );
}

#[test]
fn completes_a_code_exactly() {
    let Some(mut client) = ready() else { return };
    let items = items_at(&mut client, 1, "Dx: E11.6$0\n", INVOKED);
    let item = items.iter().find(|item| item["label"] == "E11.65").unwrap();
    assert_eq!(item["textEdit"]["newText"], "E11.65");
    let resolved = client.call("completionItem/resolve", item);
    let text = resolved["documentation"]["value"].as_str().unwrap();
    assert!(text.starts_with("**E11.65** Type 2 diabetes mellitus with hyperglycemia"), "{text}");
    assert_eq!(resolved["detail"], "Type 2 diabetes mellitus with hyperglycemia");
}

#[test]
fn finds_codes_by_words_behind_a_label() {
    let Some(mut client) = ready() else { return };
    let items = items_at(&mut client, 1, "Dx: type 2 diab$0\n", INVOKED);
    assert!(labels(&items).iter().any(|label| label.starts_with("E11")), "{:?}", labels(&items));
    let range = json!({"start": {"line": 0, "character": 4}, "end": {"line": 0, "character": 15}});
    assert_eq!(items[0]["textEdit"]["range"], range);
    assert_eq!(items[0]["filterText"], "type 2 diab");
}

#[test]
fn finds_codes_by_words_of_prose_when_asked_to() {
    let Some(mut client) = ready() else { return };
    let items = items_at(&mut client, 1, "He has uncontrolled hypertension$0 today.\n", INVOKED);
    assert!(labels(&items).contains(&"I10"), "{:?}", labels(&items));
    assert_eq!(items[0]["filterText"], "hypertension");
    let items =
        items_at(&mut client, 2, "He has uncontrolled hypertension$0 today.\n", BY_CHARACTER);
    assert_eq!(labels(&items), Vec::<&str>::new());
}

#[test]
fn fills_in_seventh_characters() {
    let Some(mut client) = ready() else { return };
    for (version, typed, expected) in [(1, "S72.001", "S72.001A"), (2, "W19", "W19.XXXA")] {
        let items = items_at(&mut client, version, &format!("Dx: {typed}$0\n"), INVOKED);
        assert!(labels(&items).contains(&expected), "{typed}: {:?}", labels(&items));
    }
}

#[test]
fn offers_what_was_valid_on_the_date() {
    let Some(mut client) = ready() else { return };
    let then = items_at(&mut client, 1, "DOS: 2021-09-01\nDx: M54.5$0\n", INVOKED);
    assert!(
        labels(&then).contains(&"M54.5") && !labels(&then).contains(&"M54.50"),
        "{:?}",
        labels(&then)
    );
    let later = items_at(&mut client, 2, "DOS: 2022-03-01\nDx: M54.5$0\n", INVOKED);
    assert!(labels(&later).contains(&"M54.50"), "{:?}", labels(&later));
}

#[test]
fn offers_nothing_where_no_code_stands() {
    let Some(mut client) = ready() else { return };
    for (version, text) in [
        (1, "BP 120$0/80"),
        (2, "https://example.org/E11.$0"),
        (3, "call 555-0123$0"),
        (4, "Seen today$0"),
    ] {
        let items = items_at(&mut client, version, text, BY_CHARACTER);
        assert_eq!(labels(&items), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn puts_what_the_encounter_has_already_at_the_end() {
    let Some(mut client) = ready() else { return };
    let fresh = items_at(&mut client, 1, "DOS: 2026-03-02\nDx: E11.2$0\n", INVOKED);
    let first = labels(&fresh)[0].to_owned();
    let used =
        items_at(&mut client, 2, &format!("DOS: 2026-03-02\nDx: {first}, E11.2$0\n"), INVOKED);
    assert_eq!(labels(&used).last(), Some(&first.as_str()), "{:?}", labels(&used));
}

#[test]
fn replaces_the_rest_of_a_code_only_for_clients_that_do() {
    for (name, end) in [("vscode", 9), ("neovim", 8)] {
        let mut params = capable();
        params["initializationOptions"]["client"] = name.into();
        let Some(mut client) = ready_as(&params) else { return };
        let items = items_at(&mut client, 1, "Dx: E11.$09\n", INVOKED);
        assert_eq!(
            items[0]["textEdit"]["range"]["end"],
            json!({"line": 0, "character": end}),
            "{name}"
        );
    }
}

#[test]
fn puts_the_title_into_detail_for_clients_without_label_details() {
    let mut params = capable();
    params["capabilities"]["textDocument"]["completion"] = json!({});
    params["initializationOptions"]["completion"] = json!({"insert": "titleAndCode", "max": 3});
    let Some(mut client) = ready_as(&params) else { return };
    let items = items_at(&mut client, 1, "Dx: E11.65$0\n", INVOKED);
    assert!(items.len() <= 3);
    assert_eq!(items[0]["detail"], "Type 2 diabetes mellitus with hyperglycemia");
    assert_eq!(
        items[0]["textEdit"]["newText"],
        "Type 2 diabetes mellitus with hyperglycemia E11.65"
    );
    assert_eq!((items[0].get("labelDetails"), items[0].get("preselect")), (None, None));
}
