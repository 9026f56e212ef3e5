//! The index over folders on a disk.

use std::fs;

use serde_json::json;

use super::*;
use crate::{config::Layer, folders, governing::SettingsSources};

struct Workspace {
    /// Held so that it is not removed.
    _top: tempfile::TempDir,
    top: PathBuf,
    scope: Scope,
    files: Files,
}

impl Workspace {
    /// Two folders `a` and `b`, and one that does not exist.
    fn new() -> Self {
        let held = tempfile::tempdir().unwrap();
        let top = held.path().canonicalize().unwrap();
        let uri = |name: &str| Url::from_file_path(top.join(name)).unwrap();
        fs::create_dir_all(top.join("a")).unwrap();
        fs::create_dir_all(top.join("b")).unwrap();
        let folders = ["a", "none", "b"].map(|name| json!({"uri": uri(name)}));
        let scope = Scope {
            folders: Arc::new(folders::named(&json!({"workspaceFolders": folders}))),
            governing: Arc::new(Governing::new(SettingsSources::default())),
            encoding: Encoding::Utf16,
            pages: crate::pages::Pages::default(),
        };
        Self { _top: held, top, scope, files: Files::default() }
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.top.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn walk(&mut self) {
        self.look(Dirt { count: 1, all: true, paths: Vec::new() });
    }

    fn touch(&mut self, path: &str) {
        self.look(Dirt { count: 1, all: false, paths: vec![self.top.join(path)] });
    }

    fn look(&mut self, dirt: Dirt) {
        self.files = walk::look(&self.files, dirt, &self.scope, &AtomicBool::new(false)).files;
    }

    /// Each code with its file, line and column.
    fn codes(&self) -> Vec<String> {
        let files = self.files.all();
        let codes = files.flat_map(|(path, file)| {
            let path = path.strip_prefix(&self.top).unwrap().display().to_string();
            file.codes.iter().map(move |place| {
                let at = place.span.start;
                format!("{path}:{}:{} {}", at.line, at.column, place.coded.written())
            })
        });
        codes.collect()
    }
}

#[test]
fn finds_codes_in_the_notes_of_all_folders() {
    let mut workspace = Workspace::new();
    workspace.write("a/one.md", "Seen 😀\n\u{1F600} Dx: e119\n");
    workspace.write("b/deep/two.txt", "\u{FEFF}Dx: I10\n");
    workspace.write("b/data.csv", "icd10\nI10\n");
    fs::write(workspace.top.join("a/binary.md"), b"Dx: I10 \xFF").unwrap();
    workspace.walk();
    assert_eq!(workspace.codes(), ["a/one.md:1:7 E11.9", "b/deep/two.txt:0:4 I10"]);
    let (_, first) = workspace.files.all().nth(1).unwrap();
    assert!(first.uri.as_str().ends_with("/a/one.md"), "{}", first.uri);
}

#[test]
fn leaves_out_what_is_ignored_excluded_hidden_or_too_large() {
    let mut workspace = Workspace::new();
    workspace.write("a/.ignore", "drafts/\n");
    workspace.write("a/drafts/x.md", "Dx: I10\n");
    workspace.write("a/.hidden/x.md", "Dx: I10\n");
    workspace.write("b/medcode.toml", "files.exclude = [\"old\"]\nfiles.include = [\"*.note\"]\n");
    workspace.write("b/old/x.md", "Dx: I10\n");
    workspace.write("b/in/x.note", "Dx: E11.9\n");
    workspace.write("a/x.note", "Dx: E11.9\n");
    workspace.write("a/large.md", &format!("Dx: I10\n{}", "word ".repeat(500)));
    workspace.scope.governing.set(Layer::Pushed, json!({"files": {"maxSize": "1KiB"}}));
    workspace.walk();
    assert_eq!(workspace.codes(), ["b/in/x.note:0:4 E11.9"]);
}

#[test]
fn follows_files_that_come_change_and_go() {
    let mut workspace = Workspace::new();
    workspace.write("a/one.md", "Dx: I10\n");
    workspace.write("a/two.md", "Dx: E11.9\n");
    workspace.walk();
    workspace.write("a/one.md", "Dx: J45.909\n");
    workspace.touch("a/one.md");
    assert_eq!(workspace.codes(), ["a/one.md:0:4 J45.909", "a/two.md:0:4 E11.9"]);
    workspace.write("b/three.md", "Dx: I10\n");
    workspace.touch("b/three.md");
    fs::remove_file(workspace.top.join("a/two.md")).unwrap();
    workspace.touch("a/two.md");
    assert_eq!(workspace.codes(), ["a/one.md:0:4 J45.909", "b/three.md:0:4 I10"]);
    fs::remove_dir_all(workspace.top.join("b")).unwrap();
    workspace.touch("b");
    assert_eq!(workspace.codes(), ["a/one.md:0:4 J45.909"]);
}

#[test]
fn does_not_read_what_is_as_it_was() {
    let mut workspace = Workspace::new();
    workspace.write("a/one.md", "Dx: I10\n");
    workspace.walk();
    let before = workspace.files.all().next().unwrap().1.clone();
    workspace.walk();
    assert!(Arc::ptr_eq(&before, workspace.files.all().next().unwrap().1));
}

#[test]
fn counts_the_codes_that_are_used_most() {
    let mut workspace = Workspace::new();
    workspace.write("a/one.md", "Dx: I10, E11.9\nRoom 12345\n");
    workspace.write("a/two.md", "Dx: E11.9\nCPT: 99213\n");
    workspace.walk();
    let used = |system, most| -> Vec<String> {
        workspace.files.most_used(system, most).iter().map(ToString::to_string).collect()
    };
    assert_eq!(used(CodeSystem::Icd10Cm, 9), ["E11.9", "I10"]);
    assert_eq!(used(CodeSystem::Icd10Cm, 1), ["E11.9"]);
    assert_eq!(used(CodeSystem::Cpt, 9), ["99213"]);
}
