//! Files of a folder.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{ArchiveError, Limits, Location, names};

/// A file on the disk.
#[derive(Debug)]
pub(super) struct DiskFile {
    pub(super) path: PathBuf,
    pub(super) at: Location,
}

/// The file that is named, or the files below the folder that is named, in the order of their paths.
///
/// The link that is named is followed. A link in a folder is passed over when it leads to something in the same folder,
/// which is met there anyway, and refused when it leads elsewhere: to pass over it would lose a file without a word.
pub(super) fn files(named: &Path, limits: &Limits) -> Result<Vec<DiskFile>, ArchiveError> {
    let at = location(named);
    let kind = fs::metadata(named).map_err(cannot_read(&at))?;
    if kind.is_file() {
        return Ok(vec![DiskFile { path: named.to_owned(), at }]);
    }
    if !kind.is_dir() {
        return Err(ArchiveError::NotAFile { at });
    }
    let root = fs::canonicalize(named).map_err(cannot_read(&at))?;
    let mut files = Vec::new();
    let mut folders = vec![named.to_owned()];
    while let Some(folder) = folders.pop() {
        let folder_at = below(named, &at, &folder);
        for entry in fs::read_dir(&folder).map_err(cannot_read(&folder_at))? {
            let entry = entry.map_err(cannot_read(&folder_at))?;
            let path = entry.path();
            if names::is_left_behind(&entry.file_name().to_string_lossy()) {
                continue;
            }
            let entry_at = below(named, &at, &path);
            let kind = entry.file_type().map_err(cannot_read(&entry_at))?;
            if kind.is_symlink() {
                if !fs::canonicalize(&path).is_ok_and(|target| target.starts_with(&root)) {
                    return Err(ArchiveError::Link { at: entry_at });
                }
            } else if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() {
                files.push(DiskFile { path, at: entry_at });
            }
            // Somebody who names a home folder by mistake need not wait until all of it is listed.
            if files.len() > limits.files || folders.len() > limits.files {
                return Err(ArchiveError::TooManyFiles { at, limit: limits.files });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Where a file or folder lies that was named: its own name, without the folders above it.
pub(super) fn location(named: &Path) -> Location {
    let name = named.file_name().unwrap_or(named.as_os_str());
    Location::file(name.to_string_lossy())
}

fn below(named: &Path, at: &Location, path: &Path) -> Location {
    match path.strip_prefix(named) {
        Ok(rest) if rest.as_os_str().is_empty() => at.clone(),
        Ok(rest) => Location::file(Path::new(&at.file).join(rest).to_string_lossy()),
        Err(_) => location(path),
    }
}

fn cannot_read(at: &Location) -> impl Fn(io::Error) -> ArchiveError {
    move |source| ArchiveError::Read { at: at.clone(), source }
}
