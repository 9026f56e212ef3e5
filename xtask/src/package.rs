//! `cargo xtask package vscode`: the extension with the program and the code sets inside, for one platform.

use std::{path::PathBuf, process::Command};

use anyhow::{Context, bail};

use crate::{
    process::{self, say},
    workspace,
};

/// What goes into a package.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    /// A platform of VS Code: `linux-x64`, `darwin-arm64`, `win32-x64` …
    target: Option<String>,
    /// The program for that platform. By default it is built here, for this machine.
    binary: Option<PathBuf>,
    /// A data directory with the catalog that goes along. By default the default set is installed into one.
    catalog: Option<PathBuf>,
    /// Leave the catalog out.
    no_catalog: bool,
}

/// Makes a `.vsix` below `target/packages`. Without a target it carries neither program nor catalog, and serves every
/// platform that no other package is for.
///
/// # Errors
/// An argument is not known, or something cannot be built, installed or packaged.
pub(crate) fn vscode(arguments: &[&str]) -> anyhow::Result<()> {
    let options = read(arguments)?;
    let extension = workspace::root().join("editor-extensions/vscode");
    let packages = workspace::target().join("packages");
    let mut package = Command::new("node");
    package.current_dir(&extension).arg("scripts/package.mjs");
    let Some(target) = &options.target else {
        package.arg("--out").arg(packages.join("medcode.vsix"));
        return process::run(&mut package);
    };
    let binary = match &options.binary {
        Some(binary) => binary.clone(),
        None => build(target)?,
    };
    package.arg("--target").arg(target).arg("--binary").arg(absolute(&binary)?);
    if !options.no_catalog {
        let data_dir = match &options.catalog {
            Some(data_dir) => data_dir.clone(),
            None => install()?,
        };
        package.arg("--catalog").arg(absolute(&data_dir.join("catalog.db"))?);
    }
    package.arg("--out").arg(packages.join(format!("medcode-{target}.vsix")));
    process::run(&mut package)
}

fn read(arguments: &[&str]) -> anyhow::Result<Options> {
    let mut options = Options::default();
    let mut arguments = arguments.iter();
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().with_context(|| format!("{name} wants a value"));
        match *name {
            "--target" => options.target = Some((*value()?).to_owned()),
            "--binary" => options.binary = Some(value()?.into()),
            "--catalog" => options.catalog = Some(value()?.into()),
            "--no-catalog" => options.no_catalog = true,
            other => bail!("{other} is not known; --target, --binary, --catalog, --no-catalog are"),
        }
    }
    if options.target.is_none() && options != Options::default() {
        bail!("a program and a catalog go into the package of a platform; add --target");
    }
    Ok(options)
}

/// Builds the program for this machine.
fn build(target: &str) -> anyhow::Result<PathBuf> {
    let own = own_platform();
    if target != own {
        bail!("this machine builds for {own}; bring the program for {target} with --binary");
    }
    say("building the program");
    let mut cargo = Command::new("cargo");
    let cargo = cargo.current_dir(workspace::root());
    process::run(cargo.args(["build", "--locked", "--release", "--package", "medcode"]))?;
    Ok(workspace::target().join("release").join(format!("medcode{}", std::env::consts::EXE_SUFFIX)))
}

/// This machine in the words of VS Code.
fn own_platform() -> String {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    let processor = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        "arm" => "armhf",
        other => other,
    };
    format!("{system}-{processor}")
}

/// Installs the default set with the program of this machine.
fn install() -> anyhow::Result<PathBuf> {
    let data_dir = workspace::test_cache().join("catalog");
    say(&format!("installing the default catalog into {}", data_dir.display()));
    let mut cargo = Command::new("cargo");
    let cargo = cargo.current_dir(workspace::root());
    let run = ["run", "--locked", "--package", "medcode", "--", "catalog", "install", "--data-dir"];
    process::run(cargo.args(run).arg(&data_dir))?;
    Ok(data_dir)
}

fn absolute(path: &std::path::Path) -> anyhow::Result<PathBuf> {
    path.canonicalize().with_context(|| format!("find {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_goes_into_a_package() {
        assert_eq!(read(&[]).unwrap(), Options::default());
        let given = ["--target", "alpine-x64", "--binary", "m", "--catalog", "data"];
        let expected = Options {
            target: Some("alpine-x64".to_owned()),
            binary: Some("m".into()),
            catalog: Some("data".into()),
            no_catalog: false,
        };
        assert_eq!(read(&given).unwrap(), expected);
    }

    #[test]
    fn refuses_what_cannot_be_meant() {
        for wrong in [&["--target"][..], &["--binary", "m"], &["--no-catalog"], &["--colour", "x"]]
        {
            read(wrong).unwrap_err();
        }
    }
}
