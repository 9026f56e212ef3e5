//! The sample notes draw exactly the issues that are drawn in them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use e2e::{catalog, run};
use medcode_codes::testing::notation::{Drawn, draw, strip};
use serde_json::Value;

/// The day on which the notes are checked.
const TODAY: &str = "2026-11-23";

fn notes() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("notes");
    let files = fs::read_dir(folder)
        .expect("sample notes")
        .filter_map(Result::ok)
        .map(|entry| entry.path());
    let mut notes: Vec<_> =
        files.filter(|path| path.file_name().is_some_and(|name| name != "README.md")).collect();
    notes.sort();
    notes
}

fn drawn(issue: &Value) -> Drawn {
    let number = |place: &str, field: &str| {
        let value = issue["range"][place][field].as_u64().expect("a place");
        usize::try_from(value).expect("a small number")
    };
    let text = |field: &str| issue[field].as_str().expect("a text");
    Drawn {
        line: number("start", "line") - 1,
        column: number("start", "column") - 1,
        length: number("end", "column") - number("start", "column"),
        label: format!("{}[{}]: {}", text("severity"), text("rule"), text("message")),
    }
}

#[test]
fn draw_exactly_their_issues() {
    let Some(catalog) = catalog() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let rewrite = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut wrong = Vec::new();
    for note in notes() {
        let expected = fs::read_to_string(&note).expect("a note");
        let text = strip(&expected);
        let copy = folder.path().join(note.file_name().expect("a name"));
        fs::write(&copy, &text).expect("a copy");
        let copy = copy.display().to_string();
        let finished = run(&catalog, &["check", &copy, "--format", "json", "--as-of", TODAY]);
        let issues: Vec<Drawn> =
            finished.json()["issues"].as_array().expect("issues").iter().map(drawn).collect();
        let found = draw(&text, &issues);
        if found != expected {
            if rewrite {
                fs::write(&note, &found).expect("the note can be written");
            }
            wrong.push(format!("{}:\n{found}", note.display()));
        }
    }
    assert!(wrong.is_empty() || rewrite, "{}", wrong.join("\n"));
}
