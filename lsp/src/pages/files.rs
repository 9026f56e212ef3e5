//! Pages on disk: ordinary files that nobody is meant to change.

use std::{
    collections::HashSet,
    fs, io,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use medcode_codes::system::CodeSystem;

/// Writes a page, unless it is there as it should be. Other processes see the old one or the new one, never a part.
pub(super) fn write(path: &Path, text: &str) -> io::Result<()> {
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    if fs::read(path).is_ok_and(|present| present == text.as_bytes()) {
        return Ok(());
    }
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    fs::create_dir_all(folder)?;
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    let aside = folder.join(format!(".{}-{number}.tmp", std::process::id()));
    let put = fs::write(&aside, text)
        .and_then(|()| set_read_only(&aside, true))
        .and_then(|()| replace(&aside, path));
    if put.is_err() {
        // What cannot be removed is pruned with its release.
        let _ = set_read_only(&aside, false).and_then(|()| fs::remove_file(&aside));
    }
    put
}

/// Some systems do not let a file take the place of one that is read-only.
fn replace(aside: &Path, path: &Path) -> io::Result<()> {
    fs::rename(aside, path).or_else(|error| {
        set_read_only(path, false).map_err(|_| error)?;
        fs::rename(aside, path)
    })
}

fn set_read_only(path: &Path, read_only: bool) -> io::Result<()> {
    let mut permissions = fs::metadata(path)?.permissions();
    permissions.set_readonly(read_only);
    fs::set_permissions(path, permissions)
}

/// Removes the pages of releases that are no longer loaded.
pub(super) fn prune(root: &Path, loaded: &HashSet<String>) {
    for system in CodeSystem::ALL {
        let Ok(releases) = fs::read_dir(root.join(system.id())) else { continue };
        for release in releases.filter_map(Result::ok) {
            if release.file_name().to_str().is_some_and(|version| loaded.contains(version)) {
                continue;
            }
            if let Err(error) = remove(&release.path()) {
                tracing::debug!(kind = ?error.kind(), "pages of a former release stay");
            }
        }
    }
}

fn remove(folder: &Path) -> io::Result<()> {
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        // A file that is read-only cannot be removed everywhere; that it could not be changed shows below.
        let _ = set_read_only(&path, false);
        fs::remove_file(path)?;
    }
    fs::remove_dir(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_only_and_is_replaced_when_it_differs() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("icd-10-cm/2026-04-01/E11.md");
        write(&path, "one").unwrap();
        assert!(fs::metadata(&path).unwrap().permissions().readonly());
        write(&path, "two").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn the_pages_of_a_release_go_with_it() {
        let folder = tempfile::tempdir().unwrap();
        for version in ["2025-04-01", "2026-04-01"] {
            write(&folder.path().join("icd-10-cm").join(version).join("E11.md"), "x").unwrap();
        }
        prune(folder.path(), &HashSet::from(["2026-04-01".to_owned()]));
        let left = fs::read_dir(folder.path().join("icd-10-cm")).unwrap();
        let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["2026-04-01"]);
    }
}
