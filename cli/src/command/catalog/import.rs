//! `medcode catalog import`: official files into the catalog.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use medcode_codes::{date::Date, edits::EditSetting};
use medcode_server::{
    archive::ArchiveError,
    install::{
        InstallError,
        import::{Became, ImportOptions, Imported, import},
    },
};
use serde::Serialize;

use super::list::{self, Contents, Listed};
use crate::{
    args::date,
    failure::Failure,
    output::{self, Style},
    progress::Shown,
};

/// Options of `catalog import`.
///
/// Examples: `medcode catalog import icd10cm-Code-Descriptions-2026.zip`,
/// `medcode catalog import ~/Downloads/hcpcs --release 2026-07-01`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Files, archives or folders.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// First day of the release, where neither name nor content of a file tell it.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    release: Option<Date>,
    /// Whom edits are for, where a file does not tell it.
    #[arg(long)]
    setting: Option<Setting>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

/// Whom tables of edits are for.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Setting {
    /// Physicians, other practitioners, ambulatory surgical centers.
    Practitioner,
    /// Outpatient hospitals.
    Hospital,
    /// Suppliers of durable medical equipment.
    Dme,
}

impl From<Setting> for EditSetting {
    fn from(setting: Setting) -> Self {
        match setting {
            Setting::Practitioner => Self::Practitioner,
            Setting::Hospital => Self::Hospital,
            Setting::Dme => Self::Dme,
        }
    }
}

#[derive(Debug, Serialize)]
struct Document {
    files: Vec<File>,
    releases: Vec<list::Row>,
    digest: String,
}

#[derive(Debug, Serialize)]
struct File {
    #[serde(rename = "file")]
    name: String,
    outcome: &'static str,
    what: Option<String>,
}

/// Imports, and says of every file what became of it.
pub(super) fn run(data_dir: &Path, options: &Options, day: Date) -> Result<(), Failure> {
    let settings = ImportOptions {
        release: options.release,
        setting: options.setting.map(EditSetting::from),
        now: Timestamp::now(),
    };
    let imported = import(data_dir, &options.paths, &settings, &Shown::new())
        .map_err(|error| failure(&error))?;
    let releases = came(&imported, day)?;
    if options.json {
        let files = imported.files.iter().map(|report| {
            let (outcome, what) = outcome(&report.became);
            File { name: report.file.clone(), outcome, what }
        });
        return output::json(&Document {
            files: files.collect(),
            releases: releases.iter().map(list::Row::of).collect(),
            digest: imported.catalog.digest,
        });
    }
    page(&imported, &releases)
}

/// The releases that came, as the catalog lists them.
fn came(imported: &Imported, day: Date) -> Result<Vec<Listed>, Failure> {
    let mut releases = Contents::read(&imported.catalog.catalog, day)?.releases;
    releases.retain(|listed| imported.releases.contains(&listed.record));
    Ok(releases)
}

/// Tells a file that is refused from a call that was wrong and from a catalog that cannot be used.
fn failure(error: &InstallError) -> Failure {
    let message = error.to_string();
    match error {
        InstallError::UnknownRelease { .. }
        | InstallError::Archive(ArchiveError::Read { .. } | ArchiveError::NotAFile { .. }) => {
            Failure::Usage(message)
        }
        InstallError::Import(_)
        | InstallError::Archive(_)
        | InstallError::OtherRelease { .. }
        | InstallError::NothingToImport { .. }
        | InstallError::Inconsistent(_) => Failure::Refused(message),
        _ => Failure::Unavailable(message),
    }
}

fn outcome(became: &Became) -> (&'static str, Option<String>) {
    match became {
        Became::Imported(what) => ("imported", Some(what.clone())),
        Became::AlreadyThere => ("already there", None),
        Became::Twin(what) => ("not needed", Some((*what).to_owned())),
        Became::Documentation(what) => ("documentation", Some((*what).to_owned())),
        Became::Unknown => ("not recognised", None),
    }
}

fn page(imported: &Imported, releases: &[Listed]) -> Result<(), Failure> {
    let style = Style::for_stdout();
    for report in &imported.files {
        let (outcome, what) = outcome(&report.became);
        let what = what.filter(|what| !what.is_empty()).map(|what| format!(": {what}"));
        let line = format!("{outcome:<14}  {}{}", report.file, what.unwrap_or_default());
        output::line(&if outcome == "imported" { line } else { style.dim(&line) })?;
    }
    if releases.is_empty() {
        return output::line("Everything was there already; the catalog is unchanged.");
    }
    output::line("")?;
    list::page(releases)
}
