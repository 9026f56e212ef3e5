use tokio::sync::watch;

use super::*;
use crate::{CatalogState, in_process_tests::Client};

const ENTRY: &str =
    "[[ignore]]\nrule = \"excludes1-conflict\"\ncodes = [\"E55.9\", \"E83.51\"]\nreason = \"\"\n";

fn url(path: &Path) -> Url {
    Url::from_file_path(path).unwrap()
}

/// A client with what it was told before the answer came: what a command sets in motion may overtake its answer.
struct Told {
    client: Client,
    before: Vec<Value>,
}

impl Told {
    async fn expect(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        match self.before.iter().position(&wanted) {
            Some(at) => self.before.remove(at),
            None => self.client.expect(wanted).await,
        }
    }
}

/// Accepts a pair in the project of a note, for a client with these capabilities and one open folder.
async fn accept(folder: &Path, note: &Path, capabilities: Value) -> (Told, Value) {
    let (_state, catalog) = watch::channel(CatalogState::Missing);
    let params = json!({
        "capabilities": capabilities,
        "workspaceFolders": [{"uri": url(folder), "name": "notes"}],
    });
    let mut client = Client::greet_with(catalog, &params).await;
    let arguments = json!({
        "uri": url(note), "rule": "excludes1-conflict", "codes": ["E55.9", "E83.51"], "reason": ""});
    let params = json!({"command": IGNORE_IN_PROJECT, "arguments": [arguments]});
    let method = "workspace/executeCommand";
    client.send(&json!({"jsonrpc": "2.0", "id": 10, "method": method, "params": params})).await;
    let mut before = Vec::new();
    loop {
        let message = client.expect(|_| true).await;
        if message["id"] == 10 && message["method"].is_null() {
            let answer = message.get("error").or_else(|| message.get("result")).cloned();
            return (Told { client, before }, answer.unwrap_or_default());
        }
        before.push(message);
    }
}

#[tokio::test]
async fn without_an_editor_that_edits_the_file_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let notes = folder.path().join("a/b");
    fs::create_dir_all(&notes).unwrap();
    let note = notes.join("visit.md");
    let own = folder.path().join("medcode.toml");
    let (mut client, answer) = accept(folder.path(), &note, json!({})).await;
    assert_eq!(answer, json!({"file": own.display().to_string(), "changed": true}));
    let said = client.expect(|message| message["params"]["type"] == 3).await;
    let said = said["params"]["message"].as_str().unwrap();
    assert!(said.contains(&own.display().to_string()), "{said}");
    assert_eq!(fs::read_to_string(&own).unwrap().trim_start(), ENTRY);
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 2, "{left:?}");
    let (_client, answer) = accept(folder.path(), &note, json!({})).await;
    assert_eq!(answer["changed"], false);
}

#[tokio::test]
async fn the_file_that_governs_is_taken_whatever_its_name() {
    for name in crate::project::NAMES {
        let folder = tempfile::tempdir().unwrap();
        let notes = folder.path().join("a/.git/b");
        fs::create_dir_all(&notes).unwrap();
        let own = folder.path().join("a").join(name);
        fs::write(&own, "# ours\npayer = \"acme\"\n").unwrap();
        let (_client, answer) = accept(folder.path(), &notes.join("visit.md"), json!({})).await;
        assert_eq!(answer["file"], own.display().to_string());
        let text = fs::read_to_string(&own).unwrap();
        assert_eq!(text, format!("# ours\npayer = \"acme\"\n\n{ENTRY}"));
    }
}

#[tokio::test]
async fn an_editor_that_edits_creates_the_file_and_shows_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let capabilities = json!({
        "workspace": {"applyEdit": true, "workspaceEdit": {
            "documentChanges": true, "resourceOperations": ["create"]}},
        "window": {"showDocument": {"support": true}},
    });
    let (mut client, answer) =
        accept(folder.path(), &folder.path().join("visit.md"), capabilities).await;
    assert_eq!(answer["changed"], true);
    let asked = client.expect(|message| message["method"] == "workspace/applyEdit").await;
    let own = url(&folder.path().join("medcode.toml"));
    let changes = &asked["params"]["edit"]["documentChanges"];
    assert_eq!((&changes[0]["kind"], &changes[0]["uri"]), (&json!("create"), &json!(own)));
    let inserted = changes[1]["edits"][0]["newText"].as_str().unwrap();
    assert_eq!(inserted.trim_start(), ENTRY);
    let applied = json!({"jsonrpc": "2.0", "id": asked["id"], "result": {"applied": true}});
    client.client.send(&applied).await;
    let shown = client.expect(|message| message["method"] == "window/showDocument").await;
    assert_eq!(shown["params"]["uri"], json!(own));
    let line = usize::try_from(shown["params"]["selection"]["start"]["line"].as_u64().unwrap());
    assert_eq!(inserted.lines().nth(line.unwrap()), Some("reason = \"\""));
    assert_eq!(shown["params"]["selection"]["start"]["character"], 10);
    assert!(!folder.path().join("medcode.toml").exists(), "the editor writes it");
}

#[tokio::test]
async fn says_why_it_does_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("medcode.toml"), "payer = \n").unwrap();
    let (mut client, answer) =
        accept(folder.path(), &folder.path().join("visit.md"), json!({})).await;
    let sentence = answer["message"].as_str().unwrap();
    assert!(sentence.contains("medcode.toml cannot be read as TOML"), "{sentence}");
    assert_eq!(fs::read_to_string(folder.path().join("medcode.toml")).unwrap(), "payer = \n");
    for (id, arguments) in [
        (11, json!([{"uri": "untitled:1", "rule": "excludes1-conflict"}])),
        (12, json!([{"uri": "file:///a.md", "rule": "no-such-rule"}])),
        (13, json!(["file:///a.md"])),
    ] {
        let params = json!({"command": IGNORE_IN_PROJECT, "arguments": arguments});
        let answer = client.client.ask(id, "workspace/executeCommand", &params).await;
        assert!(answer["message"].is_string(), "{answer}");
    }
}

#[test]
fn the_difference_is_one_insertion() {
    for (old, new, range, inserted) in [
        ("", "ab", 0..0, "ab"),
        ("a\n", "a\nb\n", 2..2, "b\n"),
        ("\u{e4}\n", "\u{e4}\n\u{e5}\n", 3..3, "\u{e5}\n"),
        ("\u{e4}", "\u{e5}", 0..2, "\u{e5}"),
    ] {
        assert_eq!(difference(old, new), (range, inserted));
    }
}
