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

/// What a context offers.
enum Offers {
    Nothing,
    /// These first, in this order.
    First(&'static [&'static str]),
    /// These among others, and none of those.
    Some(&'static [&'static str], &'static [&'static str]),
}

const CONTEXTS: &[(&str, u32, Offers)] = &[
    ("seen icd10:E11.6$0", BY_CHARACTER, Offers::Some(&["E11.65", "E11.69"], &[])),
    ("see [[E11.6$0", INVOKED, Offers::Some(&["E11.65"], &[])),
    ("pcs:0DTJ4Z$0", BY_CHARACTER, Offers::Some(&["0DTJ4ZZ"], &[])),
    ("hcpcs:J188$0", BY_CHARACTER, Offers::Some(&["J1885"], &[])),
    ("Dx: E11.$0", BY_CHARACTER, Offers::Some(&["E11.9"], &["E10.9"])),
    ("Dx: I10, E11.6$0", BY_CHARACTER, Offers::Some(&["E11.65"], &["I10"])),
    ("Dx: type 2 diab$0", INVOKED, Offers::Some(&["E11.9"], &[])),
    ("| ICD-10 | CPT |\n|---|---|\n| E11.6$0 |", BY_CHARACTER, Offers::Some(&["E11.65"], &[])),
    ("---\ndx:\n  - E11.6$0\n---\n", BY_CHARACTER, Offers::Some(&["E11.65"], &[])),
    ("```icd10\nE11.6$0\n```\n", BY_CHARACTER, Offers::Some(&["E11.65"], &[])),
    ("She has E11.6$0", BY_CHARACTER, Offers::Some(&["E11.65"], &[])),
    ("S72.00$0", BY_CHARACTER, Offers::Some(&["S72.001A"], &[])),
    ("Dx: S72.001$0", BY_CHARACTER, Offers::First(&["S72.001A", "S72.001B", "S72.001C"])),
    ("Dx: W19$0", BY_CHARACTER, Offers::First(&["W19.XXXA", "W19.XXXD", "W19.XXXS"])),
    ("CPT: 99213-$0", BY_CHARACTER, Offers::First(&["25", "24", "57"])),
    ("CPT: 27447-$0", BY_CHARACTER, Offers::Some(&["59", "RT", "LT", "50"], &["25"])),
    ("CPT: 99213-25-$0", BY_CHARACTER, Offers::Some(&["24", "57"], &["25"])),
    ("| CPT | Mod |\n|---|---|\n| 71046 | $0 |", INVOKED, Offers::First(&["26", "TC"])),
    ("Seen 99213-2$0", BY_CHARACTER, Offers::First(&["25", "24"])),
    ("DOS: 2021-09-01\nDx: M54.5$0", INVOKED, Offers::Some(&["M54.5"], &["M54.50"])),
    ("DOS: 2022-03-01\nDx: M54.5$0", INVOKED, Offers::Some(&["M54.50"], &["M54.5"])),
    ("DOS: 2026-03-02\nDx: T40.4X1A$0", INVOKED, Offers::First(&["T40.4X1A"])),
    ("Dx: I10, E11.9\n\nDx: $0", INVOKED, Offers::Some(&["I10", "E11.9"], &[])),
    ("Dx: $0", BY_CHARACTER, Offers::Nothing),
    ("He has hypertension$0", BY_CHARACTER, Offers::Nothing),
    ("He has hypertension.$0", BY_CHARACTER, Offers::Nothing),
    ("Visit 992$0", BY_CHARACTER, Offers::Nothing),
    ("BP 120$0/80", BY_CHARACTER, Offers::Nothing),
    ("Dx: E11.9-$0", BY_CHARACTER, Offers::Nothing),
    ("https://example.org/E11.$0", INVOKED, Offers::Nothing),
    ("[page](E11.$0)", INVOKED, Offers::Nothing),
    ("Write to e11.$0@example.org", INVOKED, Offers::Nothing),
    ("```python\nE11.$0\n```\n", INVOKED, Offers::Nothing),
    ("<!-- medcode: ignore-start -->\nDx: E11.$0\n", INVOKED, Offers::Nothing),
    ("call 555-0123$0", BY_CHARACTER, Offers::Nothing),
];

#[test]
fn offers_what_the_context_asks_for() {
    for name in ["vscode", "neovim"] {
        let mut params = capable();
        params["initializationOptions"]["client"] = name.into();
        let Some(mut client) = ready_as(&params) else { return };
        let mut wrong = Vec::new();
        for (version, (marked, trigger, offers)) in (1..).zip(CONTEXTS) {
            let items = items_at(&mut client, version, marked, *trigger);
            let found = labels(&items);
            let is_right = match offers {
                Offers::Nothing => found.is_empty(),
                Offers::First(first) => found.starts_with(first),
                Offers::Some(some, none) => {
                    some.iter().all(|it| found.contains(it))
                        && !none.iter().any(|it| found.contains(it))
                }
            };
            if !is_right {
                wrong.push(format!("{marked}: {found:?}"));
            }
        }
        assert_eq!(wrong, Vec::<String>::new(), "{name}");
    }
}

#[test]
fn a_code_that_ended_says_what_took_its_place() {
    let Some(mut client) = ready() else { return };
    let items = items_at(&mut client, 1, "DOS: 2026-03-02\nDx: T40.4X1A$0\n", INVOKED);
    assert_eq!(items[0]["labelDetails"]["detail"], " expired → T40.411A, T40.421A, T40.491A");
    assert_eq!(items[0]["tags"], json!([1]));
}

#[test]
fn codes_for_other_patients_go_to_the_end() {
    let Some(mut client) = ready() else { return };
    let of = |client: &mut LspClient, version, patient: &str| {
        let marked = format!("DOS: 2026-03-02\n{patient}\nDx: Z00.1$0\n");
        let items = items_at(client, version, &marked, INVOKED);
        let labels: Vec<_> = labels(&items).into_iter().map(str::to_owned).collect();
        let newborn = labels.iter().position(|label| label == "Z00.110").unwrap();
        let child = labels.iter().position(|label| label == "Z00.121").unwrap();
        (newborn, child)
    };
    let (newborn, child) = of(&mut client, 1, "5 days old");
    assert!(newborn < child);
    let (newborn, child) = of(&mut client, 2, "6-year-old girl");
    assert!(child < newborn, "a code for newborns goes behind");
}

#[test]
fn a_template_with_stops_is_a_snippet_where_the_client_takes_it() {
    for (snippets, text, format) in
        [(true, "E11.65 ${1:side} ${0}", json!(2)), (false, "E11.65 side", Value::Null)]
    {
        let mut params = capable();
        params["capabilities"]["textDocument"]["completion"]["completionItem"]["snippetSupport"] =
            snippets.into();
        params["initializationOptions"]["completion"] = json!({"insert": "{code} ${1:side} $0"});
        let Some(mut client) = ready_as(&params) else { return };
        let items = items_at(&mut client, 1, "Dx: E11.65$0\n", INVOKED);
        assert_eq!(items[0]["textEdit"]["newText"], text);
        assert_eq!(items[0]["insertTextFormat"], format);
    }
}

#[test]
fn a_modifier_says_what_it_is_for() {
    let Some(mut client) = ready() else { return };
    let items = items_at(&mut client, 1, "CPT: 99213-$0\n", BY_CHARACTER);
    assert_eq!((&items[0]["kind"], &items[0]["textEdit"]["newText"]), (&json!(24), &json!("25")));
    let resolved = client.call("completionItem/resolve", &items[0]);
    let text = resolved["documentation"]["value"].as_str().unwrap();
    assert!(text.starts_with("**25** visit of its own"), "{text}");
}
