//! What stands over a code.

use serde_json::{Value, json};

use super::{NOTE, at, capable, ready, ready_as};
use e2e::lsp_client::LspClient;

fn hover(client: &mut LspClient, line: u32, character: u32) -> Option<(String, Value)> {
    let answer = client.call("textDocument/hover", &at(line, character));
    let text = unlinked(answer["contents"]["value"].as_str()?);
    Some((text, answer["range"].clone()))
}

/// A text without the addresses of its links.
fn unlinked(text: &str) -> String {
    let mut words = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once("](") {
        let (before, linked) = before.rsplit_once('[').unwrap();
        words.push_str(before);
        words.push_str(linked);
        rest = link.split_once(')').unwrap().1;
    }
    words + rest
}

#[test]
fn leads_to_the_pages_of_codes() {
    let Some(mut client) = ready() else { return };
    client.open(NOTE, 1, "DOS: 2026-03-02\nDx: E11.9\n");
    let answer = client.call("textDocument/hover", &at(1, 5));
    let text = answer["contents"]["value"].as_str().unwrap();
    let (_, link) = text.split_once("([E10.-](file:").expect("codes of notes are links");
    let address = link.split_once(')').unwrap().0;
    assert!(address.contains("/E10.md#L"), "{address}");
}

#[test]
fn tells_what_a_code_means_over_the_whole_of_it() {
    let Some(mut client) = ready() else { return };
    client.open(NOTE, 1, "DOS: 2026-03-02\nDx: \u{1F600} E11.9\n");
    let (text, range) = hover(&mut client, 1, 8).unwrap();
    assert!(text.starts_with("**E11.9** Type 2 diabetes mellitus without complications"), "{text}");
    assert!(text.contains("ICD-10-CM · billable · valid since 2015-10-01"), "{text}");
    assert!(text.contains("E11 Type 2 diabetes mellitus"), "{text}");
    assert!(text.contains("**Excludes1** (at E11)"), "{text}");
    assert!(text.contains("asked for 2026-03-02"), "{text}");
    assert_eq!(
        range,
        json!({"start": {"line": 1, "character": 7}, "end": {"line": 1, "character": 12}})
    );
}

#[test]
fn tells_what_is_wrong_with_a_code() {
    let Some(mut client) = ready() else { return };
    client.open(NOTE, 1, "DOS: 2026-03-02\nDx: N18.3, E11.66\n");
    client.wait_for_rule(NOTE, 1, "expired-code");
    let (text, _) = hover(&mut client, 1, 5).unwrap();
    assert!(text.contains("2020-09-30") && text.contains("(expired-code)"), "{text}");
    let (text, _) = hover(&mut client, 1, 12).unwrap();
    assert!(text.starts_with("**E11.66** is no code of ICD-10-CM 2026-"), "{text}");
    assert!(text.contains("E11.65"), "{text}");
}

#[test]
fn shows_the_seventh_characters_and_the_codes_below() {
    let Some(mut client) = ready() else { return };
    client.open(NOTE, 1, "DOS: 2026-03-02\nDx: S72.001, E11\n");
    let (text, _) = hover(&mut client, 1, 5).unwrap();
    assert!(text.contains("A initial encounter for closed fracture (S72.001A)"), "{text}");
    let (text, _) = hover(&mut client, 1, 14).unwrap();
    assert!(text.contains("**Codes below**") && text.contains("E11.9 Type 2"), "{text}");
}

#[test]
fn shows_no_text_of_cpt_and_says_why() {
    let Some(mut client) = ready() else { return };
    client.open(NOTE, 1, "CPT: 99213\n");
    let (text, _) = hover(&mut client, 0, 6).unwrap();
    assert!(text.starts_with("**99213** CPT"), "{text}");
    assert!(text.contains("CPT is not loaded"), "{text}");
    assert!(text.contains("medcode catalog import"), "{text}");
}

#[test]
fn shows_the_page_of_a_rule_over_its_id() {
    let Some(mut client) = ready() else { return };
    client.open(NOTE, 1, "Dx: N18.3 <!-- medcode: ignore expired-code N18.3 -- seen -->\n");
    let (text, range) = hover(&mut client, 0, 35).unwrap();
    assert!(text.starts_with("**expired-code**"), "{text}");
    assert_eq!(
        range,
        json!({"start": {"line": 0, "character": 31}, "end": {"line": 0, "character": 43}})
    );
}

#[test]
fn says_nothing_over_words() {
    let Some(mut client) = ready() else { return };
    client.open(NOTE, 1, "Seen today, doing well. T2DM.\n");
    for character in [0, 7, 13, 25] {
        assert_eq!(hover(&mut client, 0, character), None);
    }
}

#[test]
fn is_plain_text_for_clients_without_markdown() {
    let mut params = capable();
    params["capabilities"]["textDocument"]["hover"] = json!({});
    let Some(mut client) = ready_as(&params) else { return };
    client.open(NOTE, 1, "Dx: E11.9\n");
    let answer = client.call("textDocument/hover", &at(0, 6));
    assert_eq!(answer["contents"]["kind"], "plaintext");
    assert!(answer["contents"]["value"].as_str().unwrap().starts_with("E11.9 Type 2"), "{answer}");
}

#[test]
fn says_what_a_modifier_is_for() {
    let Some(mut client) = ready() else { return };
    client.open(NOTE, 1, "CPT: 99213-25\n");
    let (text, range) = hover(&mut client, 0, 12).unwrap();
    assert!(text.starts_with("**25** visit of its own"), "{text}");
    let expected =
        json!({"start": {"line": 0, "character": 11}, "end": {"line": 0, "character": 13}});
    assert_eq!(range, expected);
}
