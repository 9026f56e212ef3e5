//! Benchmarks that are programs of the package `e2e`: each prints one JSON document at its end.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::machine;
use crate::{
    process::{self, say},
    workspace,
};

/// The release build and a catalog: `MEDCODE_BINARY` and `MEDCODE_TEST_CATALOG` where they are set.
///
/// # Errors
/// The program does not build, or the catalog cannot be installed.
pub(super) fn provide() -> anyhow::Result<(PathBuf, PathBuf)> {
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let binary = if let Some(binary) = set("MEDCODE_BINARY") {
        binary
    } else {
        let mut cargo = Command::new("cargo");
        let build = ["build", "--release", "--locked", "--package", "medcode"];
        process::run(cargo.current_dir(workspace::root()).args(build))?;
        workspace::target().join("release").join(format!("medcode{}", std::env::consts::EXE_SUFFIX))
    };
    let catalog = if let Some(catalog) = set("MEDCODE_TEST_CATALOG") {
        catalog
    } else {
        let cache = workspace::test_cache();
        let catalog = cache.join("catalog");
        let mut install = Command::new(&binary);
        install.args(["catalog", "install", "--keep-packages"]).arg(cache.join("packages"));
        process::run(install.arg("--data-dir").arg(&catalog))?;
        catalog
    };
    Ok((binary, catalog))
}

/// Runs a benchmark of the package `e2e` and puts beside its figures what they were taken on.
///
/// # Errors
/// It does not build, or fails: a wrong answer ends it.
pub(super) fn run(name: &str) -> anyhow::Result<Value> {
    if !cfg!(target_os = "linux") {
        bail!("the time of the processor is read from /proc, which only Linux has");
    }
    let (binary, catalog) = provide()?;
    let mut build = Command::new("cargo");
    build.current_dir(workspace::root());
    build.args(["bench", "--locked", "--package", "e2e", "--bench", name]);
    process::run(build.arg("--no-run").stdout(Stdio::null()))?;
    let load_before = machine::load();
    say(&format!("measuring {name}"));
    let mut bench = Command::new("cargo");
    bench.current_dir(workspace::root());
    bench.args(["bench", "--locked", "--quiet", "--package", "e2e", "--bench", name]);
    bench.env("MEDCODE_BINARY", &binary).env("MEDCODE_TEST_CATALOG", catalog);
    if std::env::var_os("MEDCODE_TEST_WHEELS").is_none() {
        bench.env("MEDCODE_TEST_WHEELS", workspace::test_cache().join("packages"));
    }
    let output = bench.stderr(Stdio::inherit()).output().context("start cargo")?;
    if !output.status.success() {
        bail!("the benchmark {name} failed ({})", output.status);
    }
    let printed = String::from_utf8_lossy(&output.stdout);
    let last = printed.lines().rev().find(|line| line.starts_with('{'));
    let mut document: Value = serde_json::from_str(last.context("the benchmark printed nothing")?)?;
    if let Value::Object(document) = &mut document {
        document.insert("command".into(), format!("cargo xtask bench {name}").into());
        document.insert("version".into(), machine::version(&binary).into());
        document.insert("date".into(), machine::today().into());
        document.insert("machine".into(), machine::facts(&load_before));
    }
    Ok(json!(document))
}
