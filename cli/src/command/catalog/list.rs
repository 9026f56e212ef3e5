//! `medcode catalog list`: the releases on this machine, and what is missing.

use std::path::Path;

use clap::Args;
use jiff::civil::Date;
use medcode_codes::{release::Content, system::CodeSystem};
use medcode_server::catalog::{
    assemble::is_superseded,
    releases::{ReleaseKind, ReleaseRecord},
    store::read::CatalogReader,
};
use serde::Serialize;

use super::missing::missing;
use crate::{
    args::System,
    failure::Failure,
    output::{self, Style},
};

/// Options of `catalog list`.
///
/// Examples: `medcode catalog list`, `medcode catalog list --system icd-10-pcs --json`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Only what tells about this system.
    #[arg(long)]
    system: Option<System>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

/// A release and how it stands among the others.
pub(super) struct Listed {
    pub(super) record: ReleaseRecord,
    /// It is the newest of its kind in force on the day.
    in_force: bool,
    /// A later import of the same release answers in its place.
    superseded: bool,
}

/// What a catalog holds.
pub(super) struct Contents {
    pub(super) digest: String,
    /// By dataset, the newest first.
    pub(super) releases: Vec<Listed>,
}

#[derive(Debug, Serialize)]
struct Document {
    catalog: String,
    digest: String,
    releases: Vec<Row>,
    not_installed: Vec<String>,
}

/// A release in JSON.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    system: String,
    kind: &'static str,
    release: String,
    title: String,
    effective_to: Option<String>,
    covered_to: Option<String>,
    in_force: bool,
    superseded: bool,
    default: bool,
    content: &'static str,
    rows: u32,
    billable: Option<u32>,
    source: Source,
    licence: String,
    copyright: String,
    imported_at: String,
    digest: String,
    remarks: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Source {
    package: String,
    file: String,
    sha256: String,
}

/// Lists the catalog.
pub(super) fn run(catalog: &Path, options: &Options, day: Date) -> Result<(), Failure> {
    let Contents { digest, mut releases } = Contents::read(catalog, day)?;
    let system = options.system.map(CodeSystem::from);
    let records: Vec<_> = releases.iter().map(|listed| &listed.record).collect();
    let not_installed = missing(&records, system, day);
    if let Some(system) = system {
        releases.retain(|listed| listed.record.systems.contains(&system));
    }
    if options.json {
        return output::json(&Document {
            catalog: catalog.display().to_string(),
            digest,
            releases: releases.iter().map(Row::of).collect(),
            not_installed,
        });
    }
    let style = Style::for_stdout();
    output::line(&style.dim(&format!("{}  {digest}", catalog.display())))?;
    page(&releases)?;
    if !not_installed.is_empty() {
        output::line("")?;
        output::line(&style.bold("Not installed"))?;
    }
    for sentence in &not_installed {
        output::line(&format!("  {sentence}"))?;
    }
    Ok(())
}

impl Contents {
    /// Reads a catalog and says what of it is in force on a day.
    pub(super) fn read(catalog: &Path, day: Date) -> Result<Self, Failure> {
        let unusable = |error: &dyn std::fmt::Display| Failure::Unavailable(error.to_string());
        if !catalog.exists() {
            return Err(Failure::Unavailable(format!(
                "no catalog is installed at {}; run `medcode catalog install`",
                catalog.display()
            )));
        }
        let reader = CatalogReader::open(catalog).map_err(|error| unusable(&error))?;
        let digest = reader.digest().map_err(|error| unusable(&error))?;
        let stored = reader.releases().map_err(|error| unusable(&error))?;
        // In the order of import: the later one of two answers.
        let records: Vec<ReleaseRecord> = stored.into_iter().map(|stored| stored.record).collect();
        let superseded = records.iter().enumerate().map(|(index, record)| {
            is_superseded(record, records.get(index + 1..).unwrap_or_default())
        });
        let superseded: Vec<bool> = superseded.collect();
        let in_force: Vec<bool> =
            records.iter().map(|record| is_newest_in_force(record, &records, day)).collect();
        let marks = superseded.into_iter().zip(in_force);
        let releases = records.into_iter().zip(marks).map(|(record, (superseded, in_force))| {
            Listed { record, in_force: in_force && !superseded, superseded }
        });
        let mut releases: Vec<_> = releases.collect();
        releases.sort_by(|a, b| {
            let (a, b) = (&a.record, &b.record);
            let versions = b.release.version.cmp(&a.release.version);
            a.release.dataset.cmp(&b.release.dataset).then(versions).then(a.kind.cmp(&b.kind))
        });
        Ok(Self { digest, releases })
    }
}

/// Whether no newer release of the same kind is in force on the day, and this one is.
fn is_newest_in_force(record: &ReleaseRecord, all: &[ReleaseRecord], day: Date) -> bool {
    let is_alike = |other: &&ReleaseRecord| {
        other.kind == record.kind
            && other.release.dataset == record.release.dataset
            && other.systems == record.systems
            && other.period().contains(day)
    };
    let newest = all.iter().filter(is_alike).map(|other| other.release.version).max();
    record.period().contains(day) && newest == Some(record.release.version)
}

impl Row {
    /// A release in JSON.
    pub(super) fn of(listed: &Listed) -> Self {
        let record = &listed.record;
        let release = &record.release;
        Self {
            system: release.dataset.clone(),
            kind: record.kind.id(),
            release: release.version.to_string(),
            title: release.title.clone(),
            effective_to: release.effective_to.map(|date| date.to_string()),
            covered_to: record.horizon.map(|date| date.to_string()),
            in_force: listed.in_force,
            superseded: listed.superseded,
            default: record.is_default,
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
            remarks: record.remarks.clone(),
        }
    }
}

/// Shows releases to people, a heading for each dataset.
pub(super) fn page(releases: &[Listed]) -> Result<(), Failure> {
    let style = Style::for_stdout();
    let mut dataset = "";
    for listed in releases {
        let release = &listed.record.release;
        if dataset != release.dataset {
            dataset = &release.dataset;
            output::line(&style.bold(dataset))?;
        }
        output::line(&headline(listed, style))?;
        output::line(&style.dim(&format!("              {}", source(&listed.record))))?;
        for remark in &listed.record.remarks {
            output::line(&style.doubtful(&format!("              {remark}")))?;
        }
    }
    let cpt = releases.iter().filter(|listed| listed.record.kind == ReleaseKind::Cpt);
    let mut lines: Vec<_> = cpt.map(|listed| listed.record.source.copyright.as_str()).collect();
    lines.dedup();
    for line in lines.into_iter().filter(|line| !line.is_empty()) {
        output::line(line)?;
    }
    Ok(())
}

fn headline(listed: &Listed, style: Style) -> String {
    let record = &listed.record;
    let release = &record.release;
    let until = record.horizon.or(release.effective_to);
    let until = until.map_or_else(String::new, |date| format!(" to {date}"));
    let billable =
        record.billable_count.map_or_else(String::new, |count| format!(", {count} billable"));
    let partial = if release.content == Content::Fragment { ", partial" } else { "" };
    let mark = match (listed.superseded, listed.in_force) {
        (true, _) => style.doubtful("  superseded by a later import"),
        (false, true) => style.good("  in force"),
        (false, false) => String::new(),
    };
    let imported = if record.is_default { "" } else { "  imported" };
    format!(
        "  {}{until}  {}  {} rows{billable}{partial}{imported}{mark}",
        release.version, release.title, record.row_count
    )
}

/// Where a release was read from: a package and its file, or a file of the user with the beginning of its hash; and on
/// which terms.
fn source(record: &ReleaseRecord) -> String {
    let source = &record.source;
    let origin = if source.package.is_empty() {
        format!("{}, sha256 {}", source.file, source.sha256.get(..12).unwrap_or(&source.sha256))
    } else {
        format!("{}, {}", source.package, source.file)
    };
    if source.licence.is_empty() { origin } else { format!("{origin}; {}", source.licence) }
}
