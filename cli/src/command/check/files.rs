//! Finds the files to check. Folders are walked in parallel; the list is sorted whatever the order in which they came.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use ignore::{WalkBuilder, WalkState};

use super::settings::SettingsOf;
use crate::failure::Failure;

/// Endings of files that are checked when a folder is walked. A file that is named is always checked.
const ENDINGS: [&str; 11] =
    ["md", "markdown", "txt", "text", "csv", "tsv", "json", "x12", "edi", "837", "note"];

/// A file to check.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Target {
    /// The path as it is shown: below the path that was named.
    pub(super) shown: PathBuf,
    /// The same without links and without `..`, for settings.
    pub(super) real: PathBuf,
}

/// What was found below the paths.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The files, in the order of the paths, those of a folder sorted; each once.
    pub(super) targets: Vec<Target>,
    /// Files that were named and that the settings leave out.
    pub(super) excluded: Vec<PathBuf>,
}

/// Finds every file.
pub(super) fn find(paths: &[PathBuf], settings: &SettingsOf) -> Result<Found, Failure> {
    let mut found = Found::default();
    for path in paths {
        let real = path
            .canonicalize()
            .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
        if real.is_dir() {
            found.targets.extend(walk(path, &real, settings)?);
        } else if settings.of(&real).settings.excludes(&real) {
            found.excluded.push(path.clone());
        } else {
            found.targets.push(Target { shown: path.clone(), real });
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.targets.retain(|target| seen.insert(target.real.clone()));
    Ok(found)
}

fn walk(shown: &Path, real: &Path, settings: &SettingsOf) -> Result<Vec<Target>, Failure> {
    let files = Mutex::new(Vec::new());
    let failed = Mutex::new(None);
    let walk = WalkBuilder::new(shown).build_parallel();
    walk.run(|| {
        Box::new(|entry| {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    return WalkState::Quit;
                }
            };
            let path = entry.path();
            let real =
                path.strip_prefix(shown).map_or_else(|_| real.to_owned(), |it| real.join(it));
            if entry.depth() > 0 && settings.of(&real).settings.excludes(&real) {
                return WalkState::Skip;
            }
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            if is_file && (has_ending(path) || settings.of(&real).settings.includes(&real)) {
                let target = Target { shown: tidy(path), real };
                files.lock().unwrap_or_else(PoisonError::into_inner).push(target);
            }
            WalkState::Continue
        })
    });
    if let Some(error) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(Failure::Usage(error.to_string()));
    }
    let mut files = files.into_inner().unwrap_or_else(PoisonError::into_inner);
    files.sort();
    Ok(files)
}

fn has_ending(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// Without the `./` that a walk of `.` puts before every path.
fn tidy(path: &Path) -> PathBuf {
    path.strip_prefix(".").unwrap_or(path).to_owned()
}
