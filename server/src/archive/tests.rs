mod folders;
mod hostile;
mod official_files;
mod sound;

use std::{fs, path::PathBuf};

use tempfile::TempDir;

use super::{ArchiveError, Found, Limits, testing, walk};

/// A file of that name in a folder of its own.
fn saved(name: &str, bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn found(name: &str, bytes: &[u8], limits: &Limits) -> Result<Vec<Found>, ArchiveError> {
    let (_folder, path) = saved(name, bytes);
    all(&path, limits)
}

fn all(path: &std::path::Path, limits: &Limits) -> Result<Vec<Found>, ArchiveError> {
    let mut found = Vec::new();
    walk(path, limits, &mut |file| {
        found.push(file);
        Ok::<_, ArchiveError>(())
    })?;
    Ok(found)
}

fn paths(found: &[Found]) -> Vec<&str> {
    found.iter().map(|file| &*file.path).collect()
}
