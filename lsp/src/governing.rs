//! Which settings hold for which document: files, editor and flags together.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;

use crate::{
    config::{Layer, Layers, Settings, Source},
    folders::Folder,
    project::{NAMES, ProjectFile, Projects},
    protocol::Url,
};

/// Where settings come from beside the editor.
#[derive(Clone, Debug, Default)]
pub struct SettingsSources {
    /// The user's own `medcode.toml`; it need not exist.
    pub user: Option<PathBuf>,
    /// A file that takes the place of every project's, named by a flag or the environment.
    pub named: Option<PathBuf>,
    /// Settings that flags and the environment make, in the form in which an editor sends them.
    pub flags: Value,
    /// Who reads the rule files of payers that settings name.
    pub payer_files: PayerFiles,
}

/// Takes the rule files of payers that settings name, each time a document is checked. Nobody does where the service runs
/// elsewhere: it has files of its own.
#[derive(Clone, Default)]
pub struct PayerFiles(Option<Arc<ReadPayerFiles>>);

type ReadPayerFiles = dyn Fn(&[PathBuf]) + Send + Sync;

impl PayerFiles {
    /// Hands the files to `read`, which may block.
    pub fn read_by(read: impl Fn(&[PathBuf]) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(read)))
    }

    /// Names files. Reads them at once, so that the next question knows them.
    pub fn name(&self, files: &[PathBuf]) {
        if let Some(read) = self.0.as_ref().filter(|_| !files.is_empty()) {
            read(files);
        }
    }
}

impl std::fmt::Debug for PayerFiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("PayerFiles").field(&self.0.is_some()).finish()
    }
}

/// The settings of a conversation.
pub(crate) struct Governing {
    pub(crate) payer_files: PayerFiles,
    projects: Projects,
    layers: Mutex<Layers>,
    /// The first folder of the workspace.
    first_folder: Mutex<Option<PathBuf>>,
    /// What was put together, by the project's file. Emptied when anything changes.
    together: Mutex<HashMap<Option<PathBuf>, Arc<Settings>>>,
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Governing {
    /// Nothing said yet by the editor.
    pub(crate) fn new(sources: SettingsSources) -> Self {
        Self {
            payer_files: sources.payer_files,
            projects: Projects::new(sources.user, sources.named),
            layers: Mutex::new(Layers::new(sources.flags)),
            first_folder: Mutex::default(),
            together: Mutex::default(),
        }
    }

    /// Takes settings from one place.
    pub(crate) fn set(&self, layer: Layer, value: Value) {
        held(&self.layers).set(layer, value);
        held(&self.together).clear();
    }

    /// The settings that no project changes, with the complaints that are new.
    pub(crate) fn overall(&self) -> (Settings, Vec<String>) {
        let user = self.projects.user();
        let mut layers = held(&self.layers);
        // What the file says wrong is told with its line.
        let (_, problems) = layers.settings(&[]);
        let sources: Vec<Source<'_>> = user.iter().map(|file| file.source()).collect();
        let (settings, _) = layers.settings(&sources);
        let of_file = user.iter().flat_map(|file| file.complaints());
        let all: Vec<String> = problems.iter().map(ToString::to_string).chain(of_file).collect();
        let news = layers.news(all);
        (settings, news)
    }

    /// The settings for a document, from the files as they were last read.
    pub(crate) fn of(&self, uri: &Url) -> Arc<Settings> {
        let project = self.folder_of(uri).and_then(|folder| self.projects.known(&folder));
        self.with(project.as_ref())
    }

    /// The settings for what lies in a folder, and complaints about its file that are new. Finds and reads the file,
    /// unless it is known.
    pub(crate) fn in_folder(&self, folder: &Path) -> (Arc<Settings>, Vec<String>) {
        let project = self.projects.governing(folder);
        let complaints: Vec<String> = project.iter().flat_map(|file| file.complaints()).collect();
        let news = held(&self.layers).news(complaints);
        (self.with(project.as_ref()), news)
    }

    fn with(&self, project: Option<&Arc<ProjectFile>>) -> Arc<Settings> {
        let key = project.as_ref().map(|file| file.path.clone());
        if let Some(known) = held(&self.together).get(&key) {
            return known.clone();
        }
        let user = self.projects.user();
        let sources: Vec<Source<'_>> =
            user.iter().chain(project).map(|file| file.source()).collect();
        let settings = Arc::new(held(&self.layers).settings(&sources).0);
        held(&self.together).insert(key, settings.clone());
        settings
    }

    /// The folder that a document lies in, or belongs to: one without a path belongs to the first of the workspace.
    fn folder_of(&self, uri: &Url) -> Option<PathBuf> {
        match path_of(uri) {
            Some(path) => path.parent().map(Path::to_owned),
            None => held(&self.first_folder).clone(),
        }
    }

    /// Takes the first folder of the workspace.
    pub(crate) fn set_first_folder(&self, folder: Option<PathBuf>) {
        *held(&self.first_folder) = folder;
    }

    /// Finds and reads the file that governs a document, unless it is known. Returns complaints about it that are new.
    /// Looks at the disk.
    pub(crate) fn look_up(&self, uri: &Url) -> Vec<String> {
        let file = self.folder_of(uri).and_then(|folder| self.projects.governing(&folder));
        let complaints: Vec<String> = file.iter().flat_map(|file| file.complaints()).collect();
        held(&self.layers).news(complaints)
    }

    /// The file that accepted issues of a document are written into, which need not exist: the one that governs it, else
    /// `medcode.toml` in the nearest of `folders` around it, or beside it. `None` where no folder is known. Looks at
    /// the disk.
    pub(crate) fn file_to_write(&self, uri: &Url, folders: &[Folder]) -> Option<PathBuf> {
        let own = self.folder_of(uri)?;
        if let Some(file) = self.projects.governing(&own) {
            return Some(file.path.clone());
        }
        let paths = folders.iter().map(|folder| &folder.path);
        let around = paths.filter(|folder| own.starts_with(folder));
        let folder = around.max_by_key(|folder| folder.components().count()).unwrap_or(&own);
        Some(folder.join(NAMES[0]))
    }

    /// Looks whether a file came, changed or went, and forgets what no longer holds. Looks at the disk.
    pub(crate) fn refresh(&self) -> bool {
        let changed = self.projects.refresh();
        if changed {
            // Read here and not in the middle of a message.
            let _: Option<Arc<ProjectFile>> = self.projects.user();
            held(&self.together).clear();
        }
        changed
    }
}

/// The path of a document. `None` for one that is not a file.
pub(crate) fn path_of(uri: &Url) -> Option<PathBuf> {
    (uri.scheme() == "file").then(|| uri.to_file_path().ok()).flatten()
}
