//! Where the catalog lies.

use std::path::PathBuf;

use crate::{args::Global, failure::Failure};

/// The data directory: named on the command line or in the environment, else that of the platform.
pub(crate) fn resolve(global: &Global) -> Result<PathBuf, Failure> {
    if let Some(dir) = &global.data_dir {
        return Ok(dir.clone());
    }
    directories::ProjectDirs::from("", "", "medcode")
        .map(|dirs| dirs.data_dir().to_owned())
        .ok_or_else(|| {
            Failure::Unavailable(
                "this account has no home directory; name a folder with --data-dir".to_owned(),
            )
        })
}
