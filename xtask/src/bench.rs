//! `cargo xtask bench`: the benchmarks over the default catalog, each beside its yardstick.

use std::process::Command;

mod client;
pub(crate) mod lsp;
mod measure;
mod notes;

use crate::{process, test, workspace};

/// Runs the benchmarks.
///
/// # Errors
/// The catalog cannot be installed, or a benchmark fails.
pub(crate) fn run() -> anyhow::Result<()> {
    let environment = test::provide()?;
    process::run(
        Command::new("cargo")
            .current_dir(workspace::root())
            .args(["bench", "--locked", "--package", "e2e"])
            .envs(environment),
    )
}
