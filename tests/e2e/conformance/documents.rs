//! Documents that other people wrote.

use e2e::{catalog, official_files, run};

#[test]
fn prose_and_claims_are_checked_without_a_panic() {
    let (Some(catalog), Some(files)) = (catalog(), official_files()) else { return };
    let finished =
        run(&catalog, &["check", &files.join("docs").display().to_string(), "--format", "json"]);
    assert!(matches!(finished.code, Some(0 | 1)), "{:?}: {}", finished.code, finished.stderr);
    assert!(!finished.stderr.contains("panic"), "{}", finished.stderr);
    let found = finished.json();
    let issues = found["issues"].as_array().expect("issues");
    let expired =
        issues.iter().any(|issue| issue["rule"] == "expired-code" && issue["code"] == "V27.5XXD");
    assert!(expired, "V27.5XXD ended 2022-09-30 and stands on a claim of 2024");
    let mut heavy = std::collections::BTreeMap::new();
    for issue in issues.iter().filter(|issue| issue["severity"] == "error") {
        *heavy.entry(issue["rule"].as_str().expect("a rule")).or_insert(0) += 1;
    }
    // The expired code; I10.9 on two claims; made-up claims of which the principal diagnosis is a dive or a boat.
    let expected = [
        ("expired-code", 1),
        ("external-cause-first-listed", 4),
        ("unexpected-seventh-character", 2),
    ];
    assert_eq!(heavy, expected.into(), "{issues:?}");
}
