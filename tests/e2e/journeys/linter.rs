//! `medcode check` as a linter: settings of a project, fixes, formats for machines.

use std::{fs, path::Path};

use e2e::{Finished, catalog, medcode};
use serde_json::{Value, json};

/// Runs `medcode check` in a folder, without settings of this account.
fn check(catalog: &Path, folder: &Path, arguments: &[&str]) -> Finished {
    medcode(catalog, [&["check"], arguments].concat())
        .current_dir(folder)
        .env("XDG_CONFIG_HOME", folder.join("no-settings"))
        .env_remove("MEDCODE_CONFIG")
        .output()
        .expect("the binary starts")
        .into()
}

fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(path, text).expect("a file");
    }
    folder
}

fn rules(finished: &Finished) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let issues = finished.json()["issues"].as_array().cloned().unwrap_or_default();
    issues.iter().map(|issue| (text(&issue["path"]), text(&issue["rule"]))).collect()
}

#[test]
fn a_project_says_what_is_checked_and_how() {
    let Some(catalog) = catalog() else { return };
    let settings = "\
        payr = \"x\"\n\
        files.exclude = [\"drafts/\"]\n\
        [rules]\n\
        expired-code = \"warning\"\n\
        [[overrides]]\n\
        paths = [\"old/**\"]\n\
        rules = { validity = \"off\" }\n\
        [[ignore]]\n\
        rule = \"unknown-code\"\n\
        codes = [\"E11.66\"]\n\
        reason = \"a test code\"\n";
    let note = "DOS: 2026-03-02\nDx: N18.3\n";
    let folder = project(&[
        ("medcode.toml", settings),
        ("a.md", note),
        ("b/c.md", "DOS: 2026-03-02\nDx: E11.66, E11.67\n"),
        ("drafts/d.md", note),
        ("old/e.md", note),
    ]);
    let finished = check(&catalog, folder.path(), &[".", "--json", "--show-ignored"]);
    let pair = |path: &str, rule: &str| (path.to_owned(), rule.to_owned());
    assert_eq!(rules(&finished), [pair("a.md", "expired-code"), pair("b/c.md", "unknown-code")]);
    assert_eq!(finished.json()["issues"][0]["severity"], "warning");
    assert_eq!(finished.json()["ignored"][0]["code"], "E11.66");
    assert_eq!(
        finished.json()["ignored"][0]["ignored"],
        json!({ "by": "settings", "line": null, "reason": "a test code" })
    );
    assert!(
        finished.stderr.contains("medcode.toml:1:1: unknown setting payr; did you mean payer?"),
        "{}",
        finished.stderr
    );
    // A flag stands above the file, also above what it says of some files.
    let flag = check(&catalog, folder.path(), &[".", "--json", "--rule", "validity=hint"]);
    assert_eq!(rules(&flag).len(), 3);
    let shown = check(&catalog, folder.path(), &["--settings", "old/e.md"]);
    assert!(shown.stdout.contains("expired-code = off (default error)"), "{}", shown.stdout);
}

#[test]
fn fixes_what_is_safe_and_only_once() {
    let Some(catalog) = catalog() else { return };
    let text = "\u{feff}DOS: 2026-03-02\r\nDx: e119, I10 <!-- medcode: ignore duplicate-diagnosis -- x -->\r\n";
    let folder = project(&[("a.md", text)]);
    let diff = check(&catalog, folder.path(), &["a.md", "--fix", "--diff"]);
    assert_eq!(diff.code, Some(1), "{}", diff.stderr);
    assert!(diff.stdout.contains("+Dx: E11.9, I10\r\n"), "{}", diff.stdout);
    assert_eq!(fs::read_to_string(folder.path().join("a.md")).unwrap(), text);
    let fixed = check(&catalog, folder.path(), &["a.md", "--fix"]);
    assert_eq!(fixed.code, Some(0), "{}{}", fixed.stdout, fixed.stderr);
    let expected = "\u{feff}DOS: 2026-03-02\r\nDx: E11.9, I10\r\n";
    assert_eq!(fs::read_to_string(folder.path().join("a.md")).unwrap(), expected);
    let again = check(&catalog, folder.path(), &["a.md", "--fix", "--diff"]);
    assert_eq!((again.code, again.stdout.as_str()), (Some(0), ""));
}

#[test]
fn speaks_to_code_scanning_and_workflows() {
    let Some(catalog) = catalog() else { return };
    let folder = project(&[("a b.md", "DOS: 2026-03-02\nÄ Dx: N18.3\n")]);
    let sarif = check(&catalog, folder.path(), &["a b.md", "--format", "sarif"]).json();
    let run = &sarif["runs"][0];
    let result = &run["results"][0];
    assert_eq!((&sarif["version"], &result["level"]), (&json!("2.1.0"), &json!("error")));
    assert_eq!(run["tool"]["driver"]["rules"][0]["id"], result["ruleId"]);
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b.md");
    assert_eq!(
        place["region"],
        json!({ "startLine": 2, "startColumn": 7, "endLine": 2, "endColumn": 12 })
    );
    let github = check(&catalog, folder.path(), &["a b.md", "--format", "github"]);
    assert!(
        github.stdout.starts_with(
            "::error file=a b.md,line=2,endLine=2,col=7,endColumn=11,title=expired-code::N18.3 ended"
        ),
        "{}",
        github.stdout
    );
    let gitlab = check(&catalog, folder.path(), &["a b.md", "--format", "gitlab"]).json();
    assert_eq!(gitlab[0]["severity"], "critical");
    assert_eq!(
        gitlab[0]["location"],
        json!({ "path": "a b.md", "lines": { "begin": 2, "end": 2 } })
    );
}

#[test]
fn reads_utf_16_and_leaves_it_alone() {
    let Some(catalog) = catalog() else { return };
    let folder = project(&[]);
    let text = "DOS: 2026-03-02\nDx: e119\n";
    let bytes: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    fs::write(folder.path().join("a.md"), &bytes).unwrap();
    let finished = check(&catalog, folder.path(), &["a.md", "--fix", "--json"]);
    assert!(
        rules(&finished).iter().any(|(_, rule)| rule == "lowercase-code"),
        "{}",
        finished.stdout
    );
    assert!(finished.stderr.contains("UTF-16 are left alone"), "{}", finished.stderr);
    assert_eq!(fs::read(folder.path().join("a.md")).unwrap(), bytes);
}
