//! `cargo xtask eval search`: how much of what is right the search finds, step by step, over two sets of queries.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};

use crate::{
    process::{self, say},
    test, workspace,
};

/// Where the tables stand in the documentation.
const PAGE: &str = "docs/search.md";
const BEGIN: &str = "<!-- begin: cargo xtask eval search --write -->\n";
const END: &str = "<!-- end -->\n";

/// Phrases of the disease ontology, for development. Not part of the repository.
const PHRASES: &str = "../shared/data/eval/search_dev.tsv";

/// The Alphabetic Index. Not part of the repository.
const INDEX: &str = "../shared/data/icd10cm/ICD10CM_FY2017_Full_XML.zip";

/// Queries as clinicians type them.
const SHORTHAND: &str = "tests/eval/shorthand.tsv";

/// Runs the evaluation and prints its tables; `write` puts them into the documentation as well. `meanings` is a table of
/// meanings, with which a third catalog is asked.
///
/// # Errors
/// The catalog cannot be installed, or the evaluation fails.
pub(crate) fn search(write: bool, meanings: Option<&Path>) -> anyhow::Result<()> {
    let root = workspace::root();
    test::provide()?;
    let default = workspace::test_cache().join("catalog");
    let index = root.join(INDEX);
    let mut catalogs = vec![("default catalog", default.clone())];
    if index.exists() {
        let catalog = with_files(&default, "with-index", &[&index])?;
        catalogs.push(("with the Alphabetic Index of FY2017", catalog));
        if let Some(table) = meanings {
            let catalog = with_files(&default, "with-meanings", &[&index, table])?;
            catalogs.push(("with the Alphabetic Index of FY2017 and a table of meanings", catalog));
        }
    } else {
        say(&format!("left out - the Alphabetic Index: there is no {INDEX}"));
    }
    if meanings.is_none() {
        say("left out - meaning: no table of meanings was given (--meanings FILE)");
    }
    let halves = halves(&root.join(SHORTHAND))?;
    let mut sets =
        vec![("Shorthand, half for development", halves.0), ("Shorthand, other half", halves.1)];
    if root.join(PHRASES).exists() {
        sets.insert(0, ("Phrases of the disease ontology", root.join(PHRASES)));
    } else {
        say(&format!("left out - phrases of the disease ontology: there is no {PHRASES}"));
    }
    let mut text = String::new();
    for (name, queries) in &sets {
        for (catalog_name, catalog) in &catalogs {
            let count = count(queries)?;
            let table = evaluate(catalog, queries)?;
            let table = table.trim_end();
            writeln!(text, "\n### {name}, {catalog_name}, {count} queries\n\n{table}")?;
        }
    }
    say(&text);
    if write { put(&root.join(PAGE), &text) } else { Ok(()) }
}

fn evaluate(catalog: &Path, queries: &Path) -> anyhow::Result<String> {
    let mut command = Command::new("cargo");
    command
        .current_dir(workspace::root())
        .args([
            "run",
            "--release",
            "--locked",
            "--quiet",
            "--package",
            "e2e",
            "--bin",
            "eval",
            "--",
        ])
        .arg(catalog)
        .arg(queries)
        .arg("--steps");
    let output = command.output().context("start the evaluation")?;
    if !output.status.success() {
        bail!("the evaluation failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).context("read the evaluation")
}

/// A copy of a catalog with files imported into it.
fn with_files(default: &Path, name: &str, files: &[&Path]) -> anyhow::Result<PathBuf> {
    let folder = workspace::target().join("eval").join(name);
    fs::create_dir_all(&folder)?;
    fs::copy(default.join("catalog.db"), folder.join("catalog.db"))?;
    let mut import = Command::new(workspace::binary());
    import.args(["catalog", "import"]).args(files).arg("--data-dir").arg(&folder);
    process::run(&mut import)?;
    Ok(folder)
}

/// The two halves of the shorthand, as files.
fn halves(file: &Path) -> anyhow::Result<(PathBuf, PathBuf)> {
    let text = fs::read_to_string(file).with_context(|| format!("read {}", file.display()))?;
    let folder = workspace::target().join("eval");
    fs::create_dir_all(&folder)?;
    let half = |name: &str| {
        let lines: Vec<_> =
            text.lines().filter(|line| line.ends_with(&format!("\t{name}"))).collect();
        let path = folder.join(format!("{name}.tsv"));
        fs::write(&path, lines.join("\n")).map(|()| path)
    };
    Ok((half("dev")?, half("held")?))
}

fn count(queries: &Path) -> anyhow::Result<usize> {
    Ok(fs::read_to_string(queries)?.lines().filter(|line| !line.is_empty()).count())
}

/// Puts the tables between their marks.
fn put(page: &Path, tables: &str) -> anyhow::Result<()> {
    let text = fs::read_to_string(page)?;
    let (before, rest) = text.split_once(BEGIN).context("the page has no begin mark")?;
    let (_, after) = rest.split_once(END).context("the page has no end mark")?;
    fs::write(page, format!("{before}{BEGIN}{tables}\n{END}{after}"))?;
    Ok(())
}
