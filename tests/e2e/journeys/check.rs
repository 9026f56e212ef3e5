//! `medcode check`.

use std::fs;

use e2e::{catalog, feed, run};

#[test]
fn prints_places_that_an_editor_can_use() {
    let Some(catalog) = catalog() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let note = folder.path().join("note.md");
    fs::write(&note, "DOS: 2026-03-02\r\nÄrztin, Dx: E11.9, N18.3\r\n").expect("a note");
    let note = note.display().to_string();
    let finished = run(&catalog, &["check", &note, "--format", "json"]);
    assert_eq!(finished.code, Some(1), "{}", finished.stderr);
    let issue = finished.json()["issues"][0].clone();
    assert_eq!(issue["rule"], "expired-code");
    assert_eq!(issue["severity"], "error");
    assert_eq!(issue["code"], "N18.3");
    assert_eq!(issue["system"], "icd-10-cm");
    assert_eq!(issue["path"], note);
    assert_eq!(issue["range"]["start"], serde_json::json!({ "line": 2, "column": 20 }));
    assert_eq!(issue["range"]["end"], serde_json::json!({ "line": 2, "column": 25 }));
    assert_eq!(issue["fixes"][0]["edits"][0]["text"], "N18.30");
}

#[test]
fn shows_the_line_with_carets() {
    let Some(catalog) = catalog() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let note = folder.path().join("note.md");
    fs::write(&note, "DOS: 2026-03-02\nDx: N18.3\n").expect("a note");
    let finished = run(&catalog, &["check", &note.display().to_string()]);
    assert!(
        finished.stdout.contains("error[expired-code]: N18.3 ended 2020-09-30"),
        "{}",
        finished.stdout
    );
    assert!(finished.stdout.contains("2 | Dx: N18.3\n  |     ^^^^^"), "{}", finished.stdout);
    assert!(finished.stdout.contains("1 error in 1 file"), "{}", finished.stdout);
}

#[test]
fn reads_stdin_and_takes_severities() {
    let Some(catalog) = catalog() else { return };
    let arguments = ["check", "-", "--format", "json", "--rule", "expired-code=hint"];
    let finished = feed(&catalog, &arguments, "DOS: 2026-03-02\nDx: N18.3\n");
    assert_eq!(finished.code, Some(0));
    assert_eq!(finished.json()["issues"][0]["severity"], "hint");
}

#[test]
fn explains_wrong_calls() {
    let Some(catalog) = catalog() else { return };
    let finished = run(&catalog, &["check", "no-such-folder"]);
    assert_eq!(finished.code, Some(2));
    let finished = run(&catalog, &["check", ".", "--rule", "expird-code=off"]);
    assert_eq!(finished.code, Some(2));
    assert!(finished.stderr.contains("did you mean expired-code?"), "{}", finished.stderr);
}

#[test]
fn a_line_that_is_too_long_is_not_taken_for_right() {
    let Some(catalog) = catalog() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let note = folder.path().join("note.md");
    let text = format!("DOS: 2026-03-02\nDx: I10\n\nDx: {}\n", "N18.3, ".repeat(3_000));
    fs::write(&note, text).expect("a note");
    let finished = run(&catalog, &["check", &note.display().to_string()]);
    assert_eq!(finished.code, Some(3), "{}", finished.stdout);
    assert!(finished.stderr.contains("note.md:4: not checked"), "{}", finished.stderr);
}
