//! `cargo xtask tidy`: the invariants of the architecture that no compiler keeps.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, bail};

use crate::{process::say, workspace};

mod directions;
mod sources;

/// A place that breaks an invariant.
pub(crate) struct Fault {
    /// The file, relative to the root, or the crate.
    pub(crate) place: String,
    /// What is wrong and what to do.
    pub(crate) what: String,
}

/// A tracked file.
pub(crate) struct Tracked {
    /// Path relative to the root.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
}

/// Checks every invariant and names all faults.
///
/// # Errors
/// An invariant is broken, or git cannot be asked.
#[expect(clippy::print_stderr, reason = "the result of the task")]
pub(crate) fn run() -> anyhow::Result<()> {
    let root = workspace::root();
    let files = tracked(&root)?;
    let mut faults = directions::check(&root)?;
    faults.extend(sources::check(&files));
    for fault in &faults {
        eprintln!("{}: {}", fault.place, fault.what);
    }
    if !faults.is_empty() {
        bail!("{} faults", faults.len());
    }
    say(&format!("{} files are tidy", files.len()));
    Ok(())
}

/// Every text file that git tracks or would add.
fn tracked(root: &Path) -> anyhow::Result<Vec<Tracked>> {
    let listing = Command::new("git")
        .current_dir(root)
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .output()
        .context("ask git for the files")?;
    let paths = String::from_utf8(listing.stdout).context("file names are UTF-8")?;
    let texts = paths.lines().filter_map(|path| {
        let text = String::from_utf8(fs::read(root.join(path)).ok()?).ok()?;
        Some(Tracked { path: path.to_owned(), text })
    });
    Ok(texts.collect())
}
