//! `medcode validate`.

use e2e::{catalog, feed, run};
use serde_json::Value;

fn statuses(codes: &[&str], date: &str) -> Option<(Option<i32>, Vec<Value>)> {
    let catalog = catalog()?;
    let mut arguments = vec!["validate"];
    arguments.extend(codes);
    arguments.extend(["--as-of", date, "--json"]);
    let finished = run(&catalog, &arguments);
    let results = finished.json()["results"].as_array().expect("results").clone();
    Some((finished.code, results))
}

fn texts<'v>(value: &'v Value, list: &str) -> Vec<&'v str> {
    value[list]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|item| item["code"].as_str())
        .collect()
}

fn rules(value: &Value) -> Vec<&str> {
    value["issues"]
        .as_array()
        .expect("issues")
        .iter()
        .filter_map(|issue| issue["rule"].as_str())
        .collect()
}

#[test]
fn tells_what_becomes_of_each_code() {
    let codes = ["E11.9", "E11.66", "S72.001", "S72.001A", "M54.5", "QA0.0101", "B88.01"];
    let Some((code, results)) = statuses(&codes, "2026-11-23") else { return };
    assert_eq!(code, Some(1), "at least one code is not valid");
    let status: Vec<_> =
        results.iter().map(|result| result["status"].as_str().unwrap_or_default()).collect();
    assert_eq!(
        status,
        ["active", "unknown", "not_billable", "active", "expired", "active", "active"]
    );

    assert_eq!(texts(&results[1], "suggestions")[..2], ["E11.65", "E11.69"]);
    assert_eq!(rules(&results[1]), ["unknown-code"]);
    assert_eq!(rules(&results[2]), ["missing-seventh-character"]);
    assert!(texts(&results[2], "suggestions").contains(&"S72.001A"));
    assert_eq!(results[4]["valid_to"], "2021-09-30");
    assert_eq!(texts(&results[4], "replaced_by"), ["M54.50", "M54.51", "M54.59"]);
    assert_eq!(results[6]["valid_from"], "2025-10-01");
    for result in [&results[0], &results[3], &results[5], &results[6]] {
        assert_eq!(result["result"], true);
        assert_eq!(result["billable_on_date"], true);
        assert!(rules(result).is_empty(), "{result}");
    }
}

#[test]
fn asks_as_of_the_day() {
    for (code, date, expected) in [
        ("N18.3", "2020-09-30", "active"),
        ("N18.3", "2020-10-01", "expired"),
        ("E11.A", "2025-09-30", "not_yet_effective"),
        ("E11.A", "2025-10-01", "active"),
        ("G35", "2025-09-30", "active"),
        ("G35", "2025-10-01", "expired"),
        ("U07.1", "2020-03-31", "not_yet_effective"),
        ("X2A5312", "2025-09-30", "active"),
        ("X2A5312", "2025-10-01", "expired"),
        ("W21.89A", "2026-04-01", "unknown"),
        ("S06.5X7D", "2026-04-01", "expired"),
        ("E11.99999", "2026-04-01", "malformed"),
    ] {
        let Some((_, results)) = statuses(&[code], date) else { return };
        assert_eq!(results[0]["status"], expected, "{code} on {date}");
    }
}

#[test]
fn says_what_it_does_not_know() {
    let Some((code, results)) = statuses(&["00000", "A0021"], "2026-04-01") else { return };
    assert_eq!(code, Some(3), "no data is neither yes nor no");
    for result in results {
        assert_eq!(result["status"], "no_data");
        assert_eq!(result["billable_on_date"], false);
    }
}

#[test]
fn reads_codes_from_a_pipe() {
    let Some(catalog) = catalog() else { return };
    let arguments = ["validate", "-", "--jsonl", "--as-of", "2026-04-01"];
    let finished = feed(&catalog, &arguments, &"E11.9\nE11.66\n".repeat(1_500));
    let lines = finished.json_lines();
    assert_eq!(lines.len(), 3_000);
    assert_eq!(lines[2_999]["status"], "unknown");
    assert_eq!(finished.code, Some(1));
}
