//! Help for end-to-end tests: the real binary, an installed catalog, a running server.
//!
//! `cargo xtask test` builds the binary, installs the catalog and says where both are. A test that needs what is not
//! there says so in one line and ends.

#![expect(clippy::missing_panics_doc, reason = "test help fails by panicking")]

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
};

pub mod charts;
pub mod claims;
pub mod figures;
pub mod lsp_client;
pub mod oracle;
pub mod process;
pub mod server;
pub mod thread_time;
pub mod visits;

/// The binary under test.
///
/// # Panics
/// There is none: build it with `cargo build --package medcode`.
pub fn binary() -> PathBuf {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/debug/medcode");
    let path = std::env::var_os("MEDCODE_BINARY").map_or(built, PathBuf::from);
    assert!(path.exists(), "no binary at {}; run `cargo xtask test --rust`", path.display());
    path
}

/// The data directory with an installed catalog, or `None` after a word on why the test ends here.
pub fn catalog() -> Option<PathBuf> {
    from_environment("MEDCODE_TEST_CATALOG", "no installed catalog")
}

/// A data directory of one's own with a copy of the installed catalog, to be changed. Gone when dropped.
///
/// # Panics
/// It cannot be copied.
pub fn own_catalog() -> Option<tempfile::TempDir> {
    let installed = catalog()?;
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::copy(installed.join("catalog.db"), folder.path().join("catalog.db")).expect("a copy");
    Some(folder)
}

/// Imports a miniature of an official file by the real command. Options say what the file does not.
///
/// # Panics
/// The command fails.
pub fn import_miniature(data_dir: &Path, name: &str, options: &[&str]) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("releases/mini").join(name);
    let file = file.display().to_string();
    let arguments = [&["catalog", "import", file.as_str()], options].concat();
    let finished = run(data_dir, &arguments);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
}

/// The folder with the packages of the default set.
pub fn packages() -> Option<PathBuf> {
    from_environment("MEDCODE_TEST_WHEELS", "no packages of the default set")
}

/// The folder with official files for comparison.
pub fn official_files() -> Option<PathBuf> {
    from_environment("MEDCODE_TEST_SHARED", "no official files to compare with")
}

#[expect(clippy::print_stderr, reason = "a test that did not run has to say so")]
fn from_environment(name: &str, missing: &str) -> Option<PathBuf> {
    let path = std::env::var_os(name).map(PathBuf::from).filter(|path| path.exists());
    if path.is_none() {
        eprintln!(
            "skipped: {missing} ({name}); `cargo xtask test` provides it where it can be had"
        );
    }
    path
}

/// The binary with arguments, on a data directory, without settings of this account.
pub fn medcode<I, S>(data_dir: &Path, arguments: I) -> Command
where
    I: IntoIterator<Item = S>,
    S: AsRef<std::ffi::OsStr>,
{
    let mut command = Command::new(binary());
    command
        .args(arguments)
        .env("MEDCODE_DATA_DIR", data_dir)
        .env_remove("MEDCODE_SERVER")
        .env_remove("MEDCODE_CONFIG")
        .env("XDG_CONFIG_HOME", data_dir.join("no-settings"))
        .env("NO_COLOR", "1");
    command
}

/// What a finished command left behind.
pub struct Finished {
    /// The exit code; `None` when it was killed.
    pub code: Option<i32>,
    /// What it printed for machines.
    pub stdout: String,
    /// What it said to people.
    pub stderr: String,
}

impl Finished {
    /// The one JSON document on stdout.
    ///
    /// # Panics
    /// There is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| {
            panic!("no JSON on stdout ({error}): {}\n{}", self.stdout, self.stderr)
        })
    }

    /// The JSON documents on stdout, one a line.
    ///
    /// # Panics
    /// A line is none.
    pub fn json_lines(&self) -> Vec<serde_json::Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }
}

impl From<Output> for Finished {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// Runs the binary to its end.
///
/// # Panics
/// It cannot be started.
pub fn run(data_dir: &Path, arguments: &[&str]) -> Finished {
    medcode(data_dir, arguments).output().expect("the binary starts").into()
}

/// Runs the binary to its end with a text on stdin, of which it may leave a part.
///
/// # Panics
/// It cannot be started.
pub fn feed(data_dir: &Path, arguments: &[&str], text: &str) -> Finished {
    let mut child = medcode(data_dir, arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let output = thread::scope(|scope| {
        // The child may end first; its output tells.
        scope.spawn(move || stdin.write_all(text.as_bytes()));
        child.wait_with_output()
    });
    output.expect("the child ends").into()
}
