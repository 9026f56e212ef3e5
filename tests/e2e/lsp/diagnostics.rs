//! Issues under the codes of a note, their fixes, and the way to ignore them.

use serde_json::{Value, json};

use super::{NOTE, capable, ready, ready_as};
use e2e::lsp_client::LspClient;

const TEXT: &str = "# Visit\n\nDOS: 2026-03-02\nDx: N18.3, E11.9\n";

fn range(line: u32, from: u32, to: u32) -> Value {
    json!({"start": {"line": line, "character": from}, "end": {"line": line, "character": to}})
}

fn actions(client: &mut LspClient, range: &Value, diagnostics: &[Value]) -> Vec<Value> {
    let context = json!({"diagnostics": diagnostics, "only": ["quickfix"]});
    let params = json!({"textDocument": {"uri": NOTE}, "range": range, "context": context});
    match client.call("textDocument/codeAction", &params) {
        Value::Array(actions) => actions,
        other => panic!("actions are a list, not {other}"),
    }
}

fn titles(actions: &[Value]) -> Vec<&str> {
    actions.iter().filter_map(|action| action["title"].as_str()).collect()
}

/// Applies the edits of an action that go to [`NOTE`], from the last to the first. ASCII only.
fn apply(text: &str, action: &Value) -> String {
    let edits = match &action["edit"]["documentChanges"] {
        Value::Array(changes) => &changes[0]["edits"],
        _ => &action["edit"]["changes"][NOTE],
    };
    let offset = |position: &Value| {
        let line = usize::try_from(position["line"].as_u64().unwrap()).unwrap();
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        start + usize::try_from(position["character"].as_u64().unwrap()).unwrap()
    };
    let mut edits: Vec<_> = edits.as_array().unwrap().iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(offset(&edit["range"]["start"])));
    let mut text = text.to_owned();
    for edit in edits {
        text.replace_range(
            offset(&edit["range"]["start"])..offset(&edit["range"]["end"]),
            edit["newText"].as_str().unwrap(),
        );
    }
    text
}

#[test]
fn underlines_an_expired_code() {
    let Some(mut client) = ready() else { return };
    client.open(NOTE, 7, TEXT);
    let found = client.wait_for_rule(NOTE, 7, "expired-code");
    assert_eq!(found["range"], range(3, 4, 9));
    assert_eq!((&found["severity"], &found["source"]), (&json!(1), &json!("medcode")));
    assert_eq!(found["tags"], json!([2]));
    let message = found["message"].as_str().unwrap();
    assert!(
        message.contains("N18.3") && message.contains("2020-09-30") && message.contains("N18.30"),
        "{message}"
    );
    assert_eq!(found["data"]["doc"], 7);
    assert_eq!(found["data"]["codes"], json!(["N18.3"]));
}

#[test]
fn follows_the_text() {
    let Some(mut client) = ready() else { return };
    client.open(NOTE, 1, TEXT);
    client.wait_for_rule(NOTE, 1, "expired-code");
    client.change_by(NOTE, 2, &json!([{"range": range(3, 9, 9), "text": "0"}]));
    client.wait_for_diagnostics(NOTE, 2, <[Value]>::is_empty);
    client.change_by(NOTE, 3, &json!([{"range": range(3, 4, 10), "text": "E11.66"}]));
    let found = client.wait_for_rule(NOTE, 3, "unknown-code");
    assert_eq!(found["range"], range(3, 4, 10));
}

#[test]
fn offers_the_replacements_from_the_data_of_the_diagnostic() {
    let Some(mut client) = ready() else { return };
    client.open(NOTE, 1, TEXT);
    let found = client.wait_for_rule(NOTE, 1, "expired-code");
    let offered = actions(&mut client, &range(3, 4, 4), std::slice::from_ref(&found));
    let replacement =
        offered.iter().find(|action| action["title"].as_str().unwrap().contains("N18.30")).unwrap();
    assert_eq!(replacement["kind"], "quickfix");
    assert_eq!(replacement["diagnostics"], json!([found]));
    assert_eq!(replacement.get("isPreferred"), None, "one of several is not preferred");
    assert_eq!(
        replacement["edit"]["documentChanges"][0]["textDocument"],
        json!({"uri": NOTE, "version": 1})
    );
    assert_eq!(apply(TEXT, replacement), TEXT.replace("N18.3,", "N18.30,"));
    let ways = ["here", "in this file", "in this project"]
        .map(|place| format!("Ignore expired-code {place}"));
    assert_eq!(titles(&offered)[offered.len() - 3..], ways);
}

#[test]
fn a_fixed_note_is_clean() {
    let Some(mut client) = ready() else { return };
    for (version, code) in
        (1_i32..).step_by(2).zip(["N18.3", "e11.9", "E1O.9", "E119", "S72.141", "S72.001"])
    {
        let text = format!("DOS: 2026-03-02\nDx: {code}\n");
        client.open(NOTE, version, &text);
        let found = client.wait_for_diagnostics(NOTE, version, |found| !found.is_empty());
        let offered = actions(&mut client, &found[0]["range"], &found);
        let fixed = apply(&text, &offered[0]);
        assert_ne!(fixed, text, "{code}: {:?}", titles(&offered));
        client.change(NOTE, version + 1, &fixed);
        let left = client.wait_for_diagnostics(NOTE, version + 1, |_| true);
        assert_eq!(left, Vec::<Value>::new(), "{code} became {fixed:?}");
        client.notify("textDocument/didClose", &json!({"textDocument": {"uri": NOTE}}));
    }
}

#[test]
fn finds_the_fixes_again_for_clients_that_keep_no_data() {
    let mut params = capable();
    params["capabilities"]["textDocument"]["publishDiagnostics"] = json!({});
    params["capabilities"]["workspace"] = json!({});
    let Some(mut client) = ready_as(&params) else { return };
    client.open(NOTE, 1, TEXT);
    let found = client.wait_for_rule(NOTE, 1, "expired-code");
    assert_eq!((found.get("data"), found.get("tags")), (None, None));
    let offered = actions(&mut client, &range(3, 4, 4), std::slice::from_ref(&found));
    assert_eq!(
        apply(TEXT, &offered[0]),
        TEXT.replace("N18.3,", "N18.30,"),
        "{:?}",
        titles(&offered)
    );
    // And for clients that send no diagnostics at all.
    let same = actions(&mut client, &range(3, 6, 6), &[]);
    assert_eq!(titles(&same), titles(&offered));
    assert_eq!(actions(&mut client, &range(3, 12, 12), &[]), Vec::<Value>::new());
}

#[test]
fn looks_an_issue_up_again_when_the_text_has_moved_on() {
    let Some(mut client) = ready() else { return };
    client.open(NOTE, 1, TEXT);
    let found = client.wait_for_rule(NOTE, 1, "expired-code");
    client.change_by(NOTE, 2, &json!([{"range": range(0, 0, 0), "text": "A line above.\n"}]));
    let offered = actions(&mut client, &range(4, 4, 4), std::slice::from_ref(&found));
    let moved = format!("A line above.\n{TEXT}");
    assert_eq!(apply(&moved, &offered[0]), moved.replace("N18.3,", "N18.30,"));
    client.change(NOTE, 3, "DOS: 2026-03-02\nDx: E11.9\n");
    assert_eq!(actions(&mut client, &range(1, 4, 4), &[found]), Vec::<Value>::new());
}

#[test]
fn ignores_an_issue_here() {
    let Some(mut client) = ready() else { return };
    client.open(NOTE, 1, TEXT);
    let found = client.wait_for_rule(NOTE, 1, "expired-code");
    let offered = actions(&mut client, &range(3, 4, 4), &[found]);
    let ignore =
        offered.iter().find(|action| action["title"] == "Ignore expired-code here").unwrap();
    let ignored = apply(TEXT, ignore);
    assert!(ignored.contains("<!-- medcode: ignore expired-code N18.3"), "{ignored}");
    client.change(NOTE, 2, &ignored);
    let left = client.wait_for_diagnostics(NOTE, 2, |_| true);
    // The reason is still missing, and asked for.
    let rules: Vec<_> = left.iter().map(|diagnostic| &diagnostic["code"]).collect();
    assert_eq!(rules, ["invalid-pragma"]);
}

#[test]
fn offers_only_what_was_asked_for() {
    let Some(mut client) = ready() else { return };
    client.open(NOTE, 1, TEXT);
    let found = client.wait_for_rule(NOTE, 1, "expired-code");
    let ask = |only: Value| {
        let context = json!({"diagnostics": [found], "only": only});
        json!({"textDocument": {"uri": NOTE}, "range": range(3, 4, 4), "context": context})
    };
    let organised = ask(json!(["source.organizeImports"]));
    assert_eq!(client.call("textDocument/codeAction", &organised), json!([]));
    assert!(client.call("textDocument/codeAction", &ask(json!(["quickfix"]))).is_array());
}

#[test]
fn points_at_the_other_code_of_a_pair() {
    let Some(mut client) = ready() else { return };
    client.open(NOTE, 1, "DOS: 2026-03-02\nDx: E10.9, E11.9\n");
    let found = client.wait_for_rule(NOTE, 1, "excludes1-conflict");
    let related = found["relatedInformation"].as_array().unwrap();
    assert_eq!(related[0]["location"]["uri"], NOTE);
    assert_ne!(related[0]["location"]["range"], found["range"]);

    let mut params = capable();
    params["capabilities"]["textDocument"]["publishDiagnostics"] = json!({});
    let Some(mut client) = ready_as(&params) else { return };
    client.open(NOTE, 1, "DOS: 2026-03-02\nDx: E10.9, E11.9\n");
    let found = client.wait_for_rule(NOTE, 1, "excludes1-conflict");
    assert!(found["message"].as_str().unwrap().ends_with("in line 2)"), "{found}");
}

#[test]
fn shows_at_most_as_many_as_wanted() {
    let mut params = capable();
    params["initializationOptions"]["diagnostics"]["max"] = 2.into();
    let Some(mut client) = ready_as(&params) else { return };
    client.open(NOTE, 1, "DOS: 2026-03-02\nDx: N18.3\nDx: M54.5\nDx: E11.66\nDx: G35\n");
    let found = client.wait_for_diagnostics(NOTE, 1, |found| !found.is_empty());
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(found[2]["message"], "2 more issues are not shown.");
    assert_eq!(found[2]["severity"], 3);
}

#[test]
fn does_not_check_what_is_too_large() {
    let mut params = capable();
    params["initializationOptions"]["files"] = json!({"maxSize": 100});
    let Some(mut client) = ready_as(&params) else { return };
    client.open(NOTE, 1, &"Dx: N18.3\n".repeat(20));
    let found = client.wait_for_diagnostics(NOTE, 1, |found| !found.is_empty());
    assert_eq!(found.len(), 1);
    assert!(found[0]["message"].as_str().unwrap().contains("medcode.files.maxSize"), "{found:?}");
}

#[test]
fn says_which_line_is_too_long_to_be_read() {
    let Some(mut client) = ready_as(&capable()) else { return };
    client.open(NOTE, 1, &format!("Dx: I10\n\nDx: {}\n", "N18.3, ".repeat(3_000)));
    let found = client.wait_for_diagnostics(NOTE, 1, |found| !found.is_empty());
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["range"]["start"]["line"], 2);
    assert!(found[0]["message"].as_str().unwrap().contains("not checked"), "{found:?}");
}
