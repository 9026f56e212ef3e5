//! Codes across the folders of a workspace.

use std::fs;

use serde_json::{Value, json};
use tokio::sync::watch;

use super::client::Client;
use crate::{CatalogState, protocol::Url};

/// A workspace on the disk, and a client that has one of its notes open.
struct Workspace {
    top: tempfile::TempDir,
    client: Client,
}

impl Workspace {
    /// Folders `a`, which is in the workspace beside one that does not exist, and `b`, which is not.
    async fn new() -> Self {
        let top = tempfile::tempdir().unwrap();
        for (path, text) in [
            ("a/open.md", "on the disk: I10\n"),
            ("a/other.md", "\u{1F600} Dx: e11.9\n"),
            ("b/third.txt", "Dx: E11.9, E11.65\n"),
        ] {
            let path = top.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let folder = |name: &str| json!({"uri": Url::from_file_path(top.path().join(name)).unwrap(), "name": name});
        let params = json!({
            "capabilities": {"textDocument": {"rename": {"prepareSupport": true}}},
            "workspaceFolders": [folder("a"), folder("none")],
            "initializationOptions": {"rename": {"scope": "workspace"}},
        });
        let missing = watch::channel(CatalogState::Missing).1;
        let mut client = Client::greet_with(missing, &params).await;
        let open = Url::from_file_path(top.path().join("a/open.md")).unwrap();
        client.open(open.as_str(), 1, "Dx: E11.9\nSee E11.- there.\n").await;
        Self { top, client }
    }

    fn uri(&self, path: &str) -> String {
        Url::from_file_path(self.top.path().join(path)).unwrap().to_string()
    }

    fn at(&self, line: u32, character: u32) -> Value {
        json!({
            "textDocument": {"uri": self.uri("a/open.md")},
            "position": {"line": line, "character": character},
            "context": {"includeDeclaration": true},
        })
    }

    /// The places of a code as path, line and column.
    async fn references(&mut self, line: u32, character: u32) -> Vec<String> {
        let params = self.at(line, character);
        let found = self.client.call("textDocument/references", &params).await;
        let top = Url::from_file_path(self.top.path()).unwrap();
        let place = |found: &Value| {
            let uri = found["uri"].as_str().unwrap().trim_start_matches(top.as_str());
            let start = &found["range"]["start"];
            format!("{uri}:{}:{}", start["line"], start["character"])
        };
        found.as_array().unwrap().iter().map(place).collect()
    }

    async fn change_folders(&mut self, added: &[&str], removed: &[&str]) {
        let folders = |names: &[&str]| -> Vec<Value> {
            names.iter().map(|name| json!({"uri": self.uri(name), "name": name})).collect()
        };
        let event = json!({"added": folders(added), "removed": folders(removed)});
        self.client.tell("workspace/didChangeWorkspaceFolders", &json!({"event": event})).await;
    }
}

#[tokio::test]
async fn finds_codes_in_folders_that_come_and_go() {
    let mut workspace = Workspace::new().await;
    let first = ["/a/open.md:0:4", "/a/other.md:0:7"];
    assert_eq!(workspace.references(0, 5).await, first);
    workspace.change_folders(&["b"], &[]).await;
    let both = ["/a/open.md:0:4", "/a/other.md:0:7", "/b/third.txt:0:4"];
    assert_eq!(workspace.references(0, 5).await, both);
    let below = [
        "/a/open.md:0:4",
        "/a/open.md:1:4",
        "/a/other.md:0:7",
        "/b/third.txt:0:4",
        "/b/third.txt:0:11",
    ];
    assert_eq!(workspace.references(1, 5).await, below);
    workspace.change_folders(&[], &["b"]).await;
    assert_eq!(workspace.references(0, 5).await, first);
}

#[tokio::test]
async fn lists_the_codes_in_use_and_not_those_of_a_text_that_is_open() {
    let mut workspace = Workspace::new().await;
    let found = workspace.client.call("workspace/symbol", &json!({"query": "icd:"})).await;
    let name = |found: &Value| format!("{} in {}", found["name"], found["containerName"]);
    let names: Vec<String> = found.as_array().unwrap().iter().map(name).collect();
    let names: Vec<String> = names.into_iter().map(|name| name.replace('"', "")).collect();
    assert_eq!(
        names,
        ["icd: E11 in a/open.md", "icd: E11.9 in a/open.md", "icd: E11.9 in a/other.md"]
    );
    let none = workspace.client.call("workspace/symbol", &json!({"query": "I10"})).await;
    assert_eq!(none, json!([]));
}

#[tokio::test]
async fn renames_nothing_that_cannot_be_asked_about() {
    let mut workspace = Workspace::new().await;
    let prepared = workspace.client.call("textDocument/prepareRename", &workspace.at(0, 5)).await;
    assert_eq!(prepared["placeholder"], "E11.9");
    let several = workspace.client.ask(90, "textDocument/prepareRename", &workspace.at(1, 5)).await;
    assert!(several["message"].as_str().unwrap().contains("several codes"), "{several}");
    let mut params = workspace.at(0, 5);
    params["newName"] = json!("E11.65");
    let refused = workspace.client.ask(91, "textDocument/rename", &params).await;
    assert!(refused["message"].as_str().unwrap().contains("could not be asked"), "{refused}");
}
