//! `docs/performance.json`, the figures that are published, and what is made from it: the tables of
//! `docs/performance.md` and the chart.

use std::{fs, path::PathBuf};

use anyhow::{Context, bail};
use serde_json::{Map, Value};

use super::{SUITES, chart, figures};
use crate::{process::say, workspace};

/// Between these two lines of the page stands what is made from the figures.
const BEGIN: &str = "<!-- figures: begin (cargo xtask bench publish) -->";
const END: &str = "<!-- figures: end -->";

fn path() -> PathBuf {
    workspace::root().join("docs/performance.json")
}

/// The documents that are published, by the name of the benchmark.
fn published() -> anyhow::Result<Map<String, Value>> {
    let text = fs::read_to_string(path()).unwrap_or_else(|_| "{}".to_owned());
    serde_json::from_str(&text).context("docs/performance.json is no JSON")
}

/// Runs the benchmarks that are named, all of them without names, and puts their figures in the place of the published
/// ones.
///
/// # Errors
/// A benchmark is unknown or fails.
pub(crate) fn publish(names: &[&str]) -> anyhow::Result<()> {
    if let Some(unknown) = names.iter().find(|name| !SUITES.iter().any(|suite| suite.0 == **name)) {
        bail!("there is no benchmark {unknown}");
    }
    let wanted = SUITES.iter().filter(|suite| names.is_empty() || names.contains(&suite.0));
    for (name, run) in wanted {
        let document = run()?;
        let mut all = published()?;
        all.insert((*name).to_owned(), document);
        let text = serde_json::to_string_pretty(&Value::Object(all))?;
        fs::write(path(), text + "\n").context("write docs/performance.json")?;
    }
    say("now `cargo xtask codegen` renews the tables and the chart");
    Ok(())
}

/// The page with the tables renewed.
///
/// # Errors
/// The page has no place for them, or the figures cannot be read.
pub(crate) fn page(current: &str) -> anyhow::Result<String> {
    let (before, rest) = current.split_once(BEGIN).context("docs/performance.md has no begin")?;
    let (_, after) = rest.split_once(END).context("docs/performance.md has no end")?;
    let mut tables = String::new();
    for (name, document) in &published()? {
        tables.push_str(&section(name, document)?);
    }
    Ok(format!("{before}{BEGIN}\n\n{tables}{END}{after}"))
}

/// The chart of all figures that have a goal.
///
/// # Errors
/// The figures cannot be read.
pub(crate) fn drawing() -> anyhow::Result<String> {
    let mut groups = Vec::new();
    for (_, document) in &published()? {
        groups.push((text(document, "/what").to_owned(), figures::of_document(document)?));
    }
    Ok(chart::draw(&groups))
}

fn section(name: &str, document: &Value) -> anyhow::Result<String> {
    let of = |pointer: &str| text(document, pointer);
    let cores = document.pointer("/machine/processors").and_then(Value::as_u64).unwrap_or(0);
    Ok(format!(
        "### {}\n\n`{}` · {} · {} · {cores} processors, {} · load {} before, {} after\n\n{}\n",
        of("/what"),
        if of("/command").is_empty() { name } else { of("/command") },
        of("/date"),
        of("/version"),
        of("/machine/processor"),
        first_three(of("/machine/load_before")),
        first_three(of("/machine/load_after")),
        figures::table(&figures::of_document(document)?),
    ))
}

fn text<'d>(document: &'d Value, pointer: &str) -> &'d str {
    document.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The averages of a load, without the processes.
fn first_three(load: &str) -> String {
    load.split(' ').take(3).collect::<Vec<_>>().join(" ")
}
