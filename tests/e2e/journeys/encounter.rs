//! `medcode encounter`.

use std::path::Path;

use e2e::{Finished, catalog, feed, run};
use serde_json::Value;

#[test]
fn reports_conflicts_with_their_note() {
    let Some(catalog) = catalog() else { return };
    let finished = run(
        &catalog,
        &[
            "encounter",
            "--dx",
            "E10.9",
            "--dx",
            "E11.9",
            "--dos",
            "2026-03-01",
            "--age",
            "54",
            "--sex",
            "F",
            "--json",
        ],
    );
    assert_eq!(finished.code, Some(0), "a warning is no error: {}", finished.stderr);
    let report = finished.json();
    let issue = &report["issues"][0];
    assert_eq!(issue["rule"], "excludes1-conflict");
    assert_eq!(issue["severity"], "warning");
    assert_eq!(issue["dx_index"], 1);
    assert_eq!(issue["codes"], serde_json::json!(["E11.9", "E10.9"]));
    assert!(issue["source"].as_str().is_some_and(|source| source.contains("I.A.12.a")));
    assert!(
        report["releases"]
            .as_array()
            .is_some_and(|releases| releases.iter().any(|used| used["release"] == "2026-04-01"))
    );
    let outcome = |rule: &str| {
        let checks = report["checks"].as_array().expect("checks");
        checks.iter().find(|check| check["rule"] == rule).map(|check| check["outcome"].clone())
    };
    assert_eq!(outcome("excludes1-conflict"), Some("fail".into()));
    assert_eq!(outcome("expired-code"), Some("pass".into()));
}

#[test]
fn reads_one_encounter_per_line() {
    let Some(catalog) = catalog() else { return };
    let lines = [
        r#"{"id":"1","dos":"2026-03-01","age":54,"sex":"F","setting":"inpatient","payer":null,"dx":["D63.1","N18.6"],"px":[{"code":"99213","modifiers":["25"],"units":1,"dx_pointers":[0]}]}"#,
        r#"{"id":"2","dos":"2026-03-01","dx":["E11.9","I10"]}"#,
    ];
    let (answers, code, _) = check_lines(&catalog, &lines);
    assert_eq!(answers[0]["id"], "1");
    assert_eq!(answers[0]["issues"][0]["rule"], "manifestation-first-listed");
    assert!(answers[0]["issues"].as_array().is_some_and(|issues| {
        issues.iter().any(|issue| issue["rule"] == "code-set-not-loaded" && issue["px_index"] == 0)
    }));
    assert_eq!(answers[1]["id"], "2");
    assert_eq!(answers[1]["issues"], serde_json::json!([]));
    assert_eq!(code, Some(1));
}

#[test]
fn tells_people_which_encounter_an_answer_is_about() {
    let Some(catalog) = catalog() else { return };
    let lines = [
        r#"{"id":"visit-7","dos":"2026-03-01","dx":["E11.9"],"age":54,"sex":"F"}"#,
        "",
        r#"{"dos":"2026-03-01","dx":["E10.9","E11.9"],"age":54,"sex":"F"}"#,
    ];
    let shown = fed(&catalog, &[], &lines).stdout;
    let (first, second) = shown.split_once("line 3:\n").expect("a heading without an id");
    assert!(first.starts_with("line 1, visit-7:\n"), "{shown}");
    assert!(
        second.contains("[excludes1-conflict]") && !first.contains("[excludes1-conflict]"),
        "{shown}"
    );
}

/// Checks these lines, with further options; everything that was printed.
fn fed(catalog: &Path, options: &[&str], lines: &[&str]) -> Finished {
    feed(catalog, &[&["encounter", "-"], options].concat(), &lines.join("\n"))
}

/// Checks these lines; the answers, the exit code, and what was said.
fn check_lines(catalog: &Path, lines: &[&str]) -> (Vec<Value>, Option<i32>, String) {
    let finished = fed(catalog, &["--jsonl"], lines);
    (finished.json_lines(), finished.code, finished.stderr)
}

#[test]
fn answers_every_line_in_its_place_and_repeats_no_malformed_one() {
    let Some(catalog) = catalog() else { return };
    let good = r#"{"id":"1","dos":"2026-03-01","dx":["E11.9","I10"]}"#;
    let lines = [
        good,
        r#"{"id":"1","patientname":"Invented Person"}"#,
        r#"{"id":"3","sex":"Invented"}"#,
        r#"{"id":"4","dx":["I10"],"place_of_service":"Invented"}"#,
        good,
    ];
    let (answers, code, said) = check_lines(&catalog, &lines);
    assert_eq!(answers.len(), 5, "{said}");
    assert_eq!(answers[0]["issues"], serde_json::json!([]));
    let refused: Vec<_> = answers[1..4].iter().map(|answer| &answer["line"]).collect();
    assert_eq!(refused, [2, 3, 4]);
    assert_eq!(answers[2]["id"], "3");
    assert_eq!(answers[4]["issues"], serde_json::json!([]));
    assert_eq!(code, Some(2));
    let all = format!("{said} {answers:?}");
    assert!(said.contains("line 2") && !all.contains("Invented"), "{all}");
}

#[test]
fn checks_thousands_of_lines_in_order() {
    let Some(catalog) = catalog() else { return };
    let lines: Vec<String> = (0..3_000)
        .map(|number| format!(r#"{{"id":"{number}","dos":"2026-03-01","dx":["E11.9","I10"]}}"#))
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let (answers, code, said) = check_lines(&catalog, &lines);
    assert_eq!((answers.len(), code), (3_000, Some(0)), "{said}");
    let ids = answers.iter().map(|answer| answer["id"].as_str().and_then(|id| id.parse().ok()));
    assert!(ids.eq((0..3_000).map(Some)));
}

#[test]
fn knows_the_rules_that_are_asked_for() {
    let Some(catalog) = catalog() else { return };
    for option in ["--enable", "--disable"] {
        let refused =
            run(&catalog, &["encounter", "--dx", "E11.9", option, "payer", "excludes1-conflct"]);
        assert_eq!(refused.code, Some(2), "{}", refused.stdout);
        let near =
            "there is no rule and no family 'excludes1-conflct'; did you mean excludes1-conflict?";
        assert!(refused.stderr.contains(near), "{}", refused.stderr);
    }
}

#[test]
fn says_what_a_check_is_missing() {
    let Some(catalog) = catalog() else { return };
    let json = run(
        &catalog,
        &["encounter", "--dx", "E11.9", "--payer", "acme", "--enable", "payer", "--json"],
    );
    let report = json.json();
    let checks = report["checks"].as_array().expect("checks");
    let unasked: Vec<_> = checks.iter().filter(|check| check["outcome"] == "no_data").collect();
    assert!(
        unasked.iter().any(|check| {
            check["reason"] == "dataset_not_loaded" && check["missing"] == "payer-file"
        }),
        "{report}"
    );
}
