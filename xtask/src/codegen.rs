//! `cargo xtask codegen`: files made from the code, and the check that they are up to date.

use std::{fs, path::PathBuf};

use anyhow::{Context, bail};

use crate::{bench::published, process::say, workspace};

mod configuration;
mod package_json;
mod rules;
mod schema;

/// Write the files, or only compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Writes what differs.
    Write,
    /// Fails when something differs.
    Check,
}

/// A file and what it should hold.
struct Generated {
    path: PathBuf,
    content: String,
}

/// Makes every generated file.
///
/// # Errors
/// A file cannot be read or written, or, when checking, is not up to date.
pub(crate) fn run(mode: Mode) -> anyhow::Result<()> {
    let root = workspace::root();
    let manifest = root.join("editor-extensions/vscode/package.json");
    let current =
        fs::read_to_string(&manifest).with_context(|| format!("read {}", manifest.display()))?;
    let performance = root.join("docs/performance.md");
    let page = fs::read_to_string(&performance).context("read docs/performance.md")?;
    let chart = root.join("docs/images/performance.svg");
    let files = [
        Generated { path: performance, content: published::page(&page)? },
        Generated { path: chart, content: published::drawing()? },
        Generated { path: root.join("docs/rules.md"), content: rules::page() },
        Generated { path: root.join("docs/configuration.md"), content: configuration::page() },
        Generated { path: root.join("docs/medcode.schema.json"), content: schema::document()? },
        Generated { path: manifest, content: package_json::with_settings(&current)? },
    ];
    let mut stale = Vec::new();
    for file in files {
        if fs::read_to_string(&file.path).is_ok_and(|current| current == file.content) {
            continue;
        }
        if mode == Mode::Write {
            fs::write(&file.path, &file.content)
                .with_context(|| format!("write {}", file.path.display()))?;
            say(&format!("wrote {}", file.path.display()));
        }
        stale.push(file.path.display().to_string());
    }
    if mode == Mode::Check && !stale.is_empty() {
        bail!("not up to date: {}; run `cargo xtask codegen`", stale.join(", "));
    }
    Ok(())
}
