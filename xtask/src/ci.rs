//! `cargo xtask ci`: every step that CI runs, with the same commands.

use std::process::Command;

use crate::{codegen, process, summary::Summary, test, tidy, workspace};

/// The linter of the API, from the npm registry.
const BUF: &str = "@bufbuild/buf@1.61.0";

/// Runs everything. The closing lines of the test runners come last.
///
/// # Errors
/// A step fails.
pub(crate) fn run() -> anyhow::Result<()> {
    let mut summary = Summary::default();
    let result = steps(&mut summary);
    summary.show();
    result
}

fn steps(summary: &mut Summary) -> anyhow::Result<()> {
    test::everything(test::Scope::Everything, summary)?;
    cargo(&["fmt", "--all", "--check"])?;
    cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])?;
    codegen::run(codegen::Mode::Check)?;
    tidy::run()?;
    process::run(
        Command::new("npx").current_dir(workspace::root()).args(["--yes", BUF, "lint", "proto"]),
    )
}

fn cargo(arguments: &[&str]) -> anyhow::Result<()> {
    process::run(Command::new("cargo").current_dir(workspace::root()).args(arguments))
}
