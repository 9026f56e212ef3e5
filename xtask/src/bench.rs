//! `cargo xtask bench`: the benchmarks over the default catalog, each beside its yardstick.
//!
//! A benchmark whose figures are published prints one JSON document with `figures` (see [`figures`]) and stands in
//! [`SUITES`].

use std::process::Command;

use serde_json::Value;

mod chart;
mod client;
pub(crate) mod figures;
pub(crate) mod lsp;
mod machine;
mod measure;
mod notes;
mod programs;
pub(crate) mod published;

use crate::{process, test, workspace};

/// A benchmark: its name and what runs it.
type Suite = (&'static str, fn() -> anyhow::Result<Value>);

/// Every benchmark whose figures are published.
const SUITES: [Suite; 4] = [
    ("rpc", || programs::run("rpc")),
    ("search", || programs::run("search")),
    ("checks", || programs::run("checks")),
    ("lsp", lsp::run),
];

/// Runs the benchmarks of the crates.
///
/// # Errors
/// The catalog cannot be installed, or a benchmark fails.
pub(crate) fn run() -> anyhow::Result<()> {
    let environment = test::provide()?;
    process::run(
        Command::new("cargo")
            .current_dir(workspace::root())
            .args(["bench", "--locked", "--package", "e2e", "--bench", "encounters"])
            .envs(environment),
    )
}

/// Runs one benchmark and prints its figures: a table, or the whole document.
///
/// # Errors
/// There is no such benchmark, or it fails; with `check`, a figure is beyond twice its goal.
#[expect(clippy::print_stdout, reason = "the result of the task")]
pub(crate) fn one(name: &str, json: bool, check: bool) -> anyhow::Result<()> {
    let suite = SUITES.iter().find(|suite| suite.0 == name);
    let Some((_, run)) = suite else { anyhow::bail!("there is no benchmark {name}") };
    let document = run()?;
    let figures = figures::of_document(&document)?;
    if json {
        println!("{}", serde_json::to_string_pretty(&document)?);
    } else {
        print!("{}", figures::table(&figures));
    }
    let beyond: Vec<_> =
        figures.iter().filter(|it| it.distance().is_some_and(|far| far > 2.0)).collect();
    if check && !beyond.is_empty() {
        let names: Vec<_> = beyond.iter().map(|figure| figure.name.as_str()).collect();
        anyhow::bail!("beyond twice the goal: {}", names.join(", "));
    }
    Ok(())
}
