//! Finds and reads settings files: `medcode.toml`, or else `.medcode.toml`, in the folder of a note or above it, and the
//! file of the user.
//!
//! Files are found from the note and not from a workspace folder, and a `.git` above hides none. What was found is kept
//! by folder until [`Projects::refresh`] sees that one of the files came, changed or went. Looking at them again every
//! two seconds was preferred to the client's watching, which Neovim on Linux does not offer and which `medcode check`
//! has no use for: one way for all.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use crate::config::{Place, Problem, Settings, SettingsFile, Source};

/// The names of a settings file, the one that is taken first first.
pub const NAMES: [&str; 2] = ["medcode.toml", ".medcode.toml"];

/// Larger files are no settings.
const MOST_BYTES: u64 = 1 << 20;

/// A settings file as it was read.
#[derive(Debug, PartialEq)]
pub struct ProjectFile {
    /// Where it lies.
    pub path: PathBuf,
    /// What it says.
    pub file: SettingsFile,
    /// What in it could not be understood, with the place.
    pub problems: Vec<(Place, Problem)>,
    is_project: bool,
}

impl ProjectFile {
    fn read(path: &Path, is_project: bool) -> Self {
        let is_small = fs::metadata(path).is_ok_and(|found| found.len() <= MOST_BYTES);
        let text = if is_small { fs::read_to_string(path) } else { Ok(String::new()) };
        let file = match &text {
            Ok(text) => SettingsFile::parse(text),
            Err(_) => SettingsFile::default(),
        };
        let mut found = Self { path: path.to_owned(), file, problems: Vec::new(), is_project };
        found.problems = found.file.syntax_problems().to_vec();
        if !is_small || text.is_err() {
            let message = "the file cannot be read as text of at most 1 MB".to_owned();
            found.problems.push((Place { line: 1, column: 1 }, Problem::Syntax { message }));
        }
        let (_, problems) = Settings::of(&[found.source()]);
        let placed: Vec<_> =
            problems.into_iter().map(|problem| (found.file.place_of(&problem), problem)).collect();
        found.problems.extend(placed);
        found.problems.sort();
        found
    }

    /// The file as a place that settings come from.
    pub fn source(&self) -> Source<'_> {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        if self.is_project {
            Source::project(&self.file, folder)
        } else {
            Source::user(&self.file, folder)
        }
    }

    /// What could not be understood, as `path:line:column: sentence`.
    pub fn complaints(&self) -> impl Iterator<Item = String> + '_ {
        self.problems.iter().map(|(place, problem)| {
            let path = self.path.display();
            format!("{path}:{}:{}: {}", place.line, place.column, problem.in_file())
        })
    }
}

type Stamp = Option<(SystemTime, u64)>;

/// What was found for a folder, and what it rests on.
#[derive(Clone, Debug, Default)]
struct Found {
    file: Option<Arc<ProjectFile>>,
    looked_at: Vec<(PathBuf, Stamp)>,
}

impl Found {
    fn is_stale(&self) -> bool {
        self.looked_at.iter().any(|(path, stamp)| stamp_of(path) != *stamp)
    }
}

/// The settings files of a run. All methods that look at the disk say so.
#[derive(Debug, Default)]
pub struct Projects {
    /// The user's own file; it need not exist.
    user: Option<PathBuf>,
    /// A file that was named, and stands in the place of every project's.
    named: Option<PathBuf>,
    folders: Mutex<HashMap<PathBuf, Found>>,
}

impl Projects {
    /// Nothing read yet. `user` is the user's own file, `named` one that takes the place of what would be found.
    pub fn new(user: Option<PathBuf>, named: Option<PathBuf>) -> Self {
        Self { user, named, folders: Mutex::default() }
    }

    fn folders(&self) -> MutexGuard<'_, HashMap<PathBuf, Found>> {
        self.folders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The user's own file. Reads it the first time.
    pub fn user(&self) -> Option<Arc<ProjectFile>> {
        let path = self.user.as_deref()?;
        self.remembered(path, || single(path, false))
    }

    /// The file that governs what lies in `folder`, which should be absolute. Reads the disk the first time.
    pub fn governing(&self, folder: &Path) -> Option<Arc<ProjectFile>> {
        if let Some(named) = self.named.as_deref() {
            // Named by the user, and therefore as trusted as the user's own.
            return self.remembered(named, || single(named, false));
        }
        self.remembered(folder, || self.search(folder))
    }

    /// The file that governs a folder as far as it is known without a look at the disk.
    pub(crate) fn known(&self, folder: &Path) -> Option<Arc<ProjectFile>> {
        let key = self.named.as_deref().unwrap_or(folder);
        self.folders().get(key).and_then(|found| found.file.clone())
    }

    fn remembered(&self, key: &Path, find: impl FnOnce() -> Found) -> Option<Arc<ProjectFile>> {
        if let Some(found) = self.folders().get(key) {
            return found.file.clone();
        }
        // Not under the lock: disks can be slow.
        let found = find();
        self.folders().entry(key.to_owned()).or_insert(found).file.clone()
    }

    fn search(&self, folder: &Path) -> Found {
        let mut looked_at = Vec::new();
        for folder in folder.ancestors() {
            for name in NAMES {
                let path = folder.join(name);
                let stamp = stamp_of(&path);
                looked_at.push((path.clone(), stamp));
                if stamp.is_some() {
                    // The user's own file is not a project's, wherever it lies.
                    let file =
                        (self.user.as_deref() != Some(path.as_path())).then(|| self.shared(&path));
                    return Found { file, looked_at };
                }
            }
        }
        Found { file: None, looked_at }
    }

    /// The file, read once for all folders that it governs.
    fn shared(&self, path: &Path) -> Arc<ProjectFile> {
        let known = self
            .folders()
            .values()
            .find_map(|found| found.file.as_ref().filter(|file| file.path == path).cloned());
        known.unwrap_or_else(|| Arc::new(ProjectFile::read(path, true)))
    }

    /// Looks at every file that was looked at before, and forgets what is no longer so. Says whether anything was
    /// forgotten.
    pub fn refresh(&self) -> bool {
        let known: Vec<(PathBuf, Found)> =
            self.folders().iter().map(|(key, found)| (key.clone(), found.clone())).collect();
        let stale: Vec<PathBuf> =
            known.into_iter().filter(|(_, found)| found.is_stale()).map(|(key, _)| key).collect();
        let mut folders = self.folders();
        // Files are shared between folders: one stale reading is stale for all.
        if !stale.is_empty() {
            folders.clear();
        }
        !stale.is_empty()
    }
}

fn single(path: &Path, is_project: bool) -> Found {
    let stamp = stamp_of(path);
    let file = stamp.map(|_| Arc::new(ProjectFile::read(path, is_project)));
    Found { file, looked_at: vec![(path.to_owned(), stamp)] }
}

/// When and how large a file is; `None` when there is none.
fn stamp_of(path: &Path) -> Stamp {
    let found = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some((found.modified().unwrap_or(SystemTime::UNIX_EPOCH), found.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let nested = folder.path().join("a/.git/b");
        fs::create_dir_all(&nested).unwrap();
        (folder, nested)
    }

    fn payer(projects: &Projects, folder: &Path) -> Option<String> {
        let file = projects.governing(folder)?;
        Settings::of(&[file.source()]).0.payer
    }

    #[test]
    fn the_nearest_file_governs_and_the_plain_name_wins() {
        let (top, nested) = folder();
        fs::write(top.path().join("medcode.toml"), "payer = \"top\"").unwrap();
        assert_eq!(payer(&Projects::default(), &nested).as_deref(), Some("top"));
        fs::write(nested.join(".medcode.toml"), "payer = \"hidden\"").unwrap();
        assert_eq!(payer(&Projects::default(), &nested).as_deref(), Some("hidden"));
        fs::write(nested.join("medcode.toml"), "payer = \"plain\"").unwrap();
        assert_eq!(payer(&Projects::default(), &nested).as_deref(), Some("plain"));
        let named = Projects::new(None, Some(top.path().join("medcode.toml")));
        assert_eq!(payer(&named, &nested).as_deref(), Some("top"));
    }

    #[test]
    fn notices_files_that_come_change_and_go() {
        let (_top, nested) = folder();
        let projects = Projects::default();
        let path = nested.join("medcode.toml");
        assert_eq!(payer(&projects, &nested), None);
        assert!(!projects.refresh());
        fs::write(&path, "payer = \"a\"").unwrap();
        assert!(projects.refresh());
        assert_eq!(payer(&projects, &nested).as_deref(), Some("a"));
        fs::write(&path, "payer = \"abc\"").unwrap();
        assert!(projects.refresh() && !projects.refresh());
        assert_eq!(payer(&projects, &nested).as_deref(), Some("abc"));
        fs::remove_file(&path).unwrap();
        assert!(projects.refresh());
        assert_eq!(payer(&projects, &nested), None);
    }

    #[test]
    fn complains_with_line_and_column() {
        let (_top, nested) = folder();
        let path = nested.join("medcode.toml");
        fs::write(&path, "payr = \"a\"\n\n[[ignore]]\nrule = \"expired-code\"\n").unwrap();
        let projects = Projects::default();
        let file = projects.governing(&nested).unwrap();
        let at = path.display();
        assert_eq!(
            file.complaints().collect::<Vec<_>>(),
            [
                format!("{at}:1:1: unknown setting payr; did you mean payer?"),
                format!("{at}:3:1: ignore[0] gives no reason: write why it is accepted"),
            ]
        );
    }
}
