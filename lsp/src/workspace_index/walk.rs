//! Walks the folders of the workspace and reads what changed.

use std::{
    collections::{BTreeMap, HashMap},
    ffi::OsStr,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use ignore::WalkBuilder;

use super::{Dirt, Files, IndexedFile, Scope, file};
use crate::{
    config::Settings, folders::Folder, governing::Governing, pages::Pages, positions::Encoding,
    project::NAMES, protocol::Url,
};

/// Endings of files that are notes without being named in the settings: Markdown and plain text.
const ENDINGS: [&str; 4] = ["md", "markdown", "txt", "text"];

/// The most files that are looked at.
const MOST_FILES: usize = 20_000;
/// The most codes that are kept, at some fifty bytes each.
const MOST_CODES: usize = 200_000;

/// What a look at the disk gave.
pub(super) struct Looked {
    /// The notes.
    pub(super) files: Files,
    /// What in settings files was not understood.
    pub(super) complaints: Vec<String>,
}

/// Looks at what is dirty. Files that are as they were before are taken over. Ends early when `stop` is set.
pub(super) fn look(before: &Files, dirt: Dirt, scope: &Scope, stop: &AtomicBool) -> Looked {
    let settings = Arc::new(FolderSettings::new(scope.governing.clone()));
    let mut looker = Looker {
        before: &before.by_path,
        encoding: scope.encoding,
        settings: settings.clone(),
        found: BTreeMap::new(),
        codes: 0,
    };
    if dirt.all || dirt.paths.iter().any(|path| wants_walk(before, path)) {
        for folder in scope.folders.iter() {
            looker.walk(folder, &scope.pages, stop);
        }
        if looker.is_full() {
            tracing::warn!("the workspace has more notes than are looked into");
        }
    } else {
        looker.found.clone_from(&before.by_path);
        for path in dirt.paths {
            let folder = scope.folders.iter().find(|folder| path.starts_with(&folder.path));
            if let (Some(known), Some(folder)) = (looker.found.remove(&path), folder) {
                looker.take(path, known.note.uri.clone(), &folder.path);
            }
        }
    }
    Looked { files: Files::new(looker.found), complaints: settings.complaints() }
}

/// Whether a changed path means that the folders have to be walked: a new file may be one that is ignored, ignore files
/// decide over others, and a folder holds several.
fn wants_walk(before: &Files, path: &PathBuf) -> bool {
    if before.by_path.contains_key(path) {
        return false;
    }
    let is_ignore_file =
        path.file_name().is_some_and(|name| name == ".gitignore" || name == ".ignore");
    let next = before.by_path.range::<PathBuf, _>(path..).next();
    is_note(path) || is_ignore_file || next.is_some_and(|(next, _)| next.starts_with(path))
}

struct Looker<'a> {
    before: &'a BTreeMap<PathBuf, IndexedFile>,
    encoding: Encoding,
    settings: Arc<FolderSettings>,
    found: BTreeMap<PathBuf, IndexedFile>,
    codes: usize,
}

impl Looker<'_> {
    fn is_full(&self) -> bool {
        self.found.len() >= MOST_FILES || self.codes >= MOST_CODES
    }

    fn walk(&mut self, folder: &Folder, pages: &Pages, stop: &AtomicBool) {
        let (settings, root) = (self.settings.clone(), folder.path.clone());
        let walk = WalkBuilder::new(&folder.path)
            .filter_entry(move |entry| {
                // The root is named by the user, whatever its name.
                entry.depth() == 0
                    || !settings.of_parent(entry.path(), &root).excludes(entry.path())
            })
            .build();
        // What cannot be read is as if it were not there: a root may not exist at all.
        for entry in walk.filter_map(Result::ok) {
            if stop.load(Ordering::Relaxed) || self.is_full() {
                return;
            }
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            let path = entry.path();
            let is_wanted =
                || is_note(path) || self.settings.of_parent(path, &folder.path).includes(path);
            if is_file
                && is_wanted()
                && !self.found.contains_key(path)
                && let Some(uri) = folder.uri_of(path)
                && !pages.hold(&uri)
            {
                self.take(entry.into_path(), uri, &folder.path);
            }
        }
    }

    /// Takes a file over from before, or reads it.
    fn take(&mut self, path: PathBuf, uri: Url, root: &Path) {
        let Some(stamp) = file::stamp_of(&path) else { return };
        let most = self.settings.of_parent(&path, root).max_document_bytes;
        if usize::try_from(stamp.1).map_or(true, |bytes| bytes > most) {
            return;
        }
        let known =
            self.before.get(&path).filter(|known| known.stamp == stamp && known.note.uri == uri);
        let file = match known {
            Some(known) => known.clone(),
            None => file::read(&path, uri, stamp, self.encoding),
        };
        self.codes += file.note.codes.len();
        self.found.insert(path, file);
    }
}

fn is_note(path: &Path) -> bool {
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// The settings by folder. The disk is asked for a settings file once per folder and walk.
struct FolderSettings {
    governing: Arc<Governing>,
    known: Mutex<HashMap<PathBuf, Arc<Settings>>>,
    complaints: Mutex<Vec<String>>,
}

impl FolderSettings {
    fn new(governing: Arc<Governing>) -> Self {
        Self { governing, known: Mutex::default(), complaints: Mutex::default() }
    }

    /// The settings for what lies beside `path`, which is below `root`.
    fn of_parent(&self, path: &Path, root: &Path) -> Arc<Settings> {
        self.of(path.parent().unwrap_or(root), root)
    }

    fn of(&self, folder: &Path, root: &Path) -> Arc<Settings> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(settings) = known().get(folder) {
            return settings.clone();
        }
        let has_own = NAMES.iter().any(|name| folder.join(name).is_file());
        let above =
            folder.parent().filter(|_| !has_own && folder != root && folder.starts_with(root));
        let settings = if let Some(above) = above {
            self.of(above, root)
        } else {
            let (settings, news) = self.governing.in_folder(folder);
            self.complaints.lock().unwrap_or_else(PoisonError::into_inner).extend(news);
            settings
        };
        known().insert(folder.to_owned(), settings.clone());
        settings
    }

    fn complaints(&self) -> Vec<String> {
        std::mem::take(&mut *self.complaints.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
