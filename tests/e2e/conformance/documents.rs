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
    let heavy = issues.iter().filter(|issue| issue["severity"] == "error").count();
    assert_eq!(heavy, 3, "the expired code, and I10.9 on two claims: {issues:?}");
}
