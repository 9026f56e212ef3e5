//! Puts a catalog that came with a package in place where none is installed, so that first use needs no network.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

use super::{Aside, InstallError, Progress, io_error, lock::InstallLock, swap, sweep};
use crate::catalog::store::{catalog_path, read::CatalogReader};

/// Copies the catalog file `seed` to its place in `data_dir`, which is made when it is missing. A catalog that is there
/// already stays, whatever it is.
///
/// # Errors
/// The file is no catalog of this format, or could not be copied; then nothing is in its place.
pub fn seed(data_dir: &Path, seed: &Path, progress: &dyn Progress) -> Result<(), InstallError> {
    fs::create_dir_all(data_dir).map_err(io_error("create", data_dir))?;
    let _lock = InstallLock::take(data_dir, progress)?;
    let catalog = catalog_path(data_dir);
    if catalog.exists() {
        return Ok(());
    }
    sweep(data_dir, "catalog.db.new-")?;
    let aside = Aside(data_dir.join(format!("catalog.db.new-{}", std::process::id())));
    let mut from = File::open(seed).map_err(io_error("open", seed))?;
    // Not with the permissions of the original: that of a package may be read-only, and this one is replaced one day.
    let mut to = File::create(&aside.0).map_err(io_error("create", &aside.0))?;
    io::copy(&mut from, &mut to)
        .and_then(|_| to.sync_all())
        .map_err(io_error("write", &aside.0))?;
    CatalogReader::open(&aside.0)?.digest()?;
    swap(&aside.0, &catalog, data_dir)
}
