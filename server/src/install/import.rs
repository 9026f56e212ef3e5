//! Imports official files as published: recognised by content, read whole or refused whole, and put beside what is there.
//!
//! All files of one call come in by one swap. Whatever goes wrong, and whenever the process ends, the old catalog stays.

use std::{
    fs,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use medcode_codes::{date::Date, edits::EditSetting};

use super::{
    Fresh, InstallError, Installed, Phase, Progress, build, build::Plan, installed_now, io_error,
    lock::InstallLock, put_in_place,
};
use crate::{
    archive::{self, Found, Limits},
    catalog::{
        assemble::Disagreement,
        releases::ReleaseRecord,
        store::{StoreError, catalog_path, read::CatalogReader},
    },
};

mod draft;
mod names;
mod reader;
mod release;
#[cfg(test)]
mod tests;
mod twins;
mod waiting;

pub(super) use draft::{gem_dataset, gem_system, icd9_dataset};
use reader::{Reader, Told};

/// Codes that may differ from the code master before a file is taken for that of another release: one in a thousand,
/// and a few in small lists. The list of ICD-10-PCS of April 2022 lacks two.
const TOLERATED: usize = 20;

/// How to import.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// First day of the release, where neither name nor content tell it.
    pub release: Option<Date>,
    /// Whom edits are for, where the file does not tell it.
    pub setting: Option<EditSetting>,
    /// The time of the import.
    pub now: Timestamp,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Became {
    /// It was read; what it is.
    Imported(String),
    /// The same release was installed before.
    AlreadyThere,
    /// It says the same as another file beside it, which was read; which one.
    Twin(&'static str),
    /// It describes data and holds none; what it is.
    Documentation(&'static str),
    /// It has no format that medcode knows.
    Unknown,
}

/// A file and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileReport {
    /// Its name, with the archive it lies in.
    pub file: String,
    /// What became of it.
    pub became: Became,
}

/// What an import did.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Every file that was looked at.
    pub files: Vec<FileReport>,
    /// The releases that came.
    pub releases: Vec<ReleaseRecord>,
    /// The catalog as it is now.
    pub catalog: Installed,
}

/// Imports files, folders and archives into the catalog of a data directory, which is made where there is none.
///
/// # Errors
/// See [`InstallError`]; the old catalog is untouched.
pub fn import(
    data_dir: &Path,
    paths: &[PathBuf],
    options: &ImportOptions,
    progress: &dyn Progress,
) -> Result<Imported, InstallError> {
    fs::create_dir_all(data_dir).map_err(io_error("create", data_dir))?;
    let _lock = InstallLock::take(data_dir, progress)?;
    let catalog = catalog_path(data_dir);
    super::sweep(data_dir, "catalog.db.new-")?;
    let (mut releases, default_set) = old(&catalog)?;

    let mut reader = read(paths, options, progress)?;
    waiting::resolve(&mut reader, &releases)?;
    twins::drop_twins(&mut reader);
    let mut fresh = release::place(std::mem::take(&mut reader.drafts), &releases, options)?;
    let is_there = |new: &Fresh| releases.iter().any(|old| is_same(old, new));
    let files = report(reader.reports, &fresh, is_there);
    if files.iter().all(|file| matches!(file.became, Became::Unknown | Became::Documentation(_))) {
        return Err(InstallError::NothingToImport {
            files: files.into_iter().map(|file| file.file).take(10).collect(),
        });
    }
    fresh.retain(|new| !is_there(new));
    let came: Vec<String> =
        fresh.iter().map(|new| new.loaded.record.release.digest.clone()).collect();
    if came.is_empty() {
        let records = releases.into_iter().map(|release| release.loaded.record).collect();
        let catalog = installed_now(catalog, records, false);
        return Ok(Imported { files, releases: Vec::new(), catalog });
    }
    releases.extend(fresh);
    let plan = Plan { releases, new: came.clone(), default_set: default_set.as_deref() };
    let records = put_in_place(plan, data_dir, progress, &|disagreement, record| {
        if came.contains(&record.release.digest) { judge(disagreement, record) } else { Ok(()) }
    })?;
    let is_new = |record: &&ReleaseRecord| came.contains(&record.release.digest);
    let releases = records.iter().filter(is_new).cloned().collect();
    Ok(Imported { files, releases, catalog: installed_now(catalog, records, true) })
}

/// The releases of the old catalog. A catalog that cannot be read is an error: its imports would be lost.
fn old(catalog: &Path) -> Result<(Vec<Fresh>, Option<String>), InstallError> {
    match CatalogReader::open(catalog) {
        Ok(reader) => Ok((build::carried(&reader, |_| true)?, reader.default_set()?)),
        Err(StoreError::Missing(_)) => Ok((Vec::new(), None)),
        Err(error) => Err(error.into()),
    }
}

fn read(
    paths: &[PathBuf],
    options: &ImportOptions,
    progress: &dyn Progress,
) -> Result<Reader, InstallError> {
    progress.begin(Phase::Reading, paths.len() as u64);
    let mut reader = Reader { told: Told { setting: options.setting }, ..Reader::default() };
    for (done, path) in (0..).zip(paths) {
        let mut digest: Option<(PathBuf, String)> = None;
        let mut each = |found: Found| -> Result<(), InstallError> {
            let name = found.path.rsplit('/').next().unwrap_or_default().to_owned();
            progress.step(Phase::Reading, done, &name);
            let known = digest.take().filter(|(origin, _)| *origin == found.origin);
            let (origin, sha256) = match known {
                Some(known) => known,
                None => (found.origin.clone(), archive::sha256_of_file(&found.origin)?),
            };
            reader.add(&found, &sha256)?;
            digest = Some((origin, sha256));
            Ok(())
        };
        archive::walk(path, &Limits::default(), &mut each)?;
    }
    reader.finish()?;
    progress.end(Phase::Reading);
    Ok(reader)
}

/// Whether a release is there already with the same rows.
fn is_same(old: &Fresh, new: &Fresh) -> bool {
    let (old, new) = (&old.loaded.record, &new.loaded.record);
    old.kind == new.kind
        && old.release.dataset == new.release.dataset
        && old.release.version == new.release.version
        && old.release.digest == new.release.digest
}

/// Says of files whose release is there that they brought nothing new.
fn report(
    mut reports: Vec<FileReport>,
    fresh: &[Fresh],
    is_there: impl Fn(&Fresh) -> bool,
) -> Vec<FileReport> {
    for report in &mut reports {
        let mut own =
            fresh.iter().filter(|new| new.loaded.record.source.file == report.file).peekable();
        if own.peek().is_some() && own.all(&is_there) {
            report.became = Became::AlreadyThere;
        }
    }
    reports
}

/// Remarks on a list that differs a little from the code master; refuses one that belongs to another day.
fn judge(disagreement: &Disagreement, record: &mut ReleaseRecord) -> Result<(), InstallError> {
    let tolerated = TOLERATED.max(disagreement.listed / 1_000);
    if disagreement.count() <= tolerated.min(disagreement.listed / 20) {
        record.remarks.push(format!("{disagreement}. The code master decides."));
        return Ok(());
    }
    let nearer = disagreement.nearer.map_or_else(String::new, |(day, count)| {
        format!(
            "; its codes are those of {day} but for {count}: if it is that release, add --release {day}"
        )
    });
    Err(InstallError::OtherRelease {
        file: record.source.file.clone(),
        problem: format!("{disagreement}{nearer}"),
    })
}
