//! `medcode catalog`: importing official files, comparing releases, checking the catalog.

use std::{collections::BTreeSet, fs, path::PathBuf};

use e2e::{catalog, official_files, run};

/// A data directory with a copy of the installed catalog.
fn copy_of_catalog() -> Option<tempfile::TempDir> {
    let folder = tempfile::tempdir().expect("a folder");
    fs::copy(catalog()?.join("catalog.db"), folder.path().join("catalog.db")).expect("a copy");
    Some(folder)
}

#[test]
fn says_by_exit_code_why_nothing_was_imported() {
    let folder = tempfile::tempdir().expect("a folder");
    let unknown = folder.path().join("letter.txt");
    fs::write(&unknown, "Dear colleague").expect("a file");
    let damaged = folder.path().join("damaged.zip");
    fs::write(&damaged, b"PK\x03\x04 and nothing more").expect("a file");
    let missing = folder.path().join("missing.zip");
    let import = |path: &PathBuf| {
        let path = path.display().to_string();
        run(folder.path(), &["catalog", "import", &path])
    };
    for path in [&unknown, &damaged] {
        let finished = import(path);
        assert_eq!(finished.code, Some(1), "{}: {}", path.display(), finished.stderr);
        assert!(finished.stderr.starts_with("error: ") || finished.stderr.contains("\nerror: "));
    }
    let finished = import(&missing);
    assert_eq!(finished.code, Some(2), "{}", finished.stderr);
    assert!(!folder.path().join("catalog.db").exists(), "nothing was made");
}

#[test]
fn an_installed_catalog_is_verified_and_a_damaged_one_is_not() {
    let empty = tempfile::tempdir().expect("a folder");
    assert_eq!(run(empty.path(), &["catalog", "verify"]).code, Some(3));
    let Some(folder) = copy_of_catalog() else { return };
    let verified = run(folder.path(), &["catalog", "verify", "--json"]);
    assert_eq!(verified.code, Some(0), "{}", verified.stdout);
    assert_eq!(verified.json()["result"], true);

    let path = folder.path().join("catalog.db");
    let mut bytes = fs::read(&path).expect("the catalog");
    let middle = bytes.len() / 2;
    bytes.iter_mut().skip(middle).take(64).for_each(|byte| *byte ^= 0x55);
    fs::write(&path, bytes).expect("the damaged catalog");
    let verified = run(folder.path(), &["catalog", "verify", "--json"]);
    assert_eq!(verified.code, Some(1), "{}", verified.stdout);
    assert!(verified.json()["problems"].as_array().is_some_and(|problems| !problems.is_empty()));
}

#[test]
fn lists_what_is_in_force_and_what_is_not_installed() {
    let Some(catalog) = catalog() else { return };
    let listed = run(&catalog, &["catalog", "list", "--json", "--as-of", "2026-05-01"]).json();
    let releases = listed["releases"].as_array().expect("releases");
    let of = |version: &str| {
        let is_it = |release: &&serde_json::Value| {
            release["system"] == "icd-10-cm" && release["release"] == version
        };
        releases.iter().find(is_it).expect("the release")
    };
    assert_eq!(of("2026-04-01")["in_force"], true);
    assert_eq!(of("2026-04-01")["kind"], "tabular");
    assert_eq!(of("2026-04-01")["default"], true);
    assert_eq!(of("2025-04-01")["in_force"], false);
    let missing = listed["not_installed"].as_array().expect("sentences");
    assert!(missing.iter().any(|it| it.as_str().is_some_and(|it| it.starts_with("CPT:"))));
    let page = run(&catalog, &["catalog", "list"]);
    assert!(page.stdout.contains("\nNot installed\n") && !page.stdout.contains("  , "));
}

#[test]
fn the_update_of_2026_changes_what_was_published() {
    let Some(catalog) = catalog() else { return };
    let changes = run(&catalog, &["catalog", "diff", "2025", "2026", "--json"]).json();
    assert_eq!(changes["counts"]["added"], 487);
    assert_eq!(changes["counts"]["deleted"], 28);
    let page = run(&catalog, &["catalog", "diff", "2025", "2026", "--kind", "deleted"]);
    assert!(page.stdout.contains("28 deleted") && page.stdout.contains("replaced by"));
    let unknown = run(&catalog, &["catalog", "diff", "2025", "2030"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.stderr.contains("2026-04-01"), "{}", unknown.stderr);
}

/// The codes whose lines the addenda revise.
fn revised(addenda: &str) -> BTreeSet<String> {
    let lines = addenda.lines().filter(|line| line.starts_with("Revise to:"));
    lines.filter_map(|line| Some(line.get(15..23)?.trim().to_owned())).collect()
}

#[test]
fn titles_are_revised_as_the_addenda_of_2026_say() {
    let (Some(folder), Some(files)) = (copy_of_catalog(), official_files()) else { return };
    let [older, newer] = ["cms_2025_dx.zip", "cms_2026_dx.zip"]
        .map(|name| files.join("icd10cm").join(name).display().to_string());
    let imported = run(folder.path(), &["catalog", "import", &older, &newer]);
    assert_eq!(imported.code, Some(0), "{}", imported.stderr);
    let changes =
        run(folder.path(), &["catalog", "diff", "2024-10-01", "2025-10-01", "--json"]).json();
    for (count, expected) in
        [("added", 487), ("deleted", 28), ("titles_revised", 38), ("header_titles_revised", 7)]
    {
        assert_eq!(changes["counts"][count], expected, "{count}");
    }
    let unpacked = std::process::Command::new("unzip")
        .args(["-p", &newer, "icd10cm_order_addenda_2026.txt"])
        .output();
    let Ok(unpacked) = unpacked else { return };
    let published = revised(&String::from_utf8_lossy(&unpacked.stdout));
    let found = changes["revised"].as_array().expect("revisions").iter();
    let found = found.filter(|it| {
        it["changed"].as_array().is_some_and(|fields| fields.iter().any(|field| field == "display"))
    });
    let found = found.filter_map(|it| Some(it["code"].as_str()?.replace('.', "")));
    assert_eq!(found.collect::<BTreeSet<_>>(), published);
}
