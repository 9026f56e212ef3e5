//! `medcode encounter`.

use std::io::Write;

use e2e::{catalog, medcode, run};
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
    let mut child = medcode(&catalog, ["encounter", "-", "--jsonl"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let lines = [
        r#"{"id":"1","dos":"2026-03-01","age":54,"sex":"F","setting":"inpatient","payer":null,"dx":["D63.1","N18.6"],"px":[{"code":"99213","modifiers":["25"],"units":1,"dx_pointers":[0]}]}"#,
        r#"{"id":"2","dos":"2026-03-01","dx":["E11.9","I10"]}"#,
    ];
    let mut stdin = child.stdin.take().expect("stdin is piped");
    writeln!(stdin, "{}", lines.join("\n")).expect("the child reads");
    drop(stdin);
    let output = child.wait_with_output().expect("the child ends");
    let answers: Vec<Value> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(answers[0]["id"], "1");
    assert_eq!(answers[0]["issues"][0]["rule"], "manifestation-first-listed");
    assert!(answers[0]["issues"].as_array().is_some_and(|issues| {
        issues.iter().any(|issue| issue["rule"] == "code-set-not-loaded" && issue["px_index"] == 0)
    }));
    assert_eq!(answers[1]["id"], "2");
    assert_eq!(answers[1]["issues"], serde_json::json!([]));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn names_the_place_of_a_malformed_line_without_repeating_it() {
    let Some(catalog) = catalog() else { return };
    let mut child = medcode(&catalog, ["encounter", "-", "--jsonl"])
        .stdin(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("stdin is piped");
    writeln!(stdin, r#"{{"id":"1","patientname":"Invented Person"}}"#).expect("the child reads");
    drop(stdin);
    let output = child.wait_with_output().expect("the child ends");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("line 1") && !said.contains("Invented"), "{said}");
}
