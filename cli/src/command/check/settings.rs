//! The settings for each file: the user's, the project's, and above them what the command line says.

use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::civil::Date;
use medcode_codes::document::CheckSettings;
use medcode_lsp::{
    config::{Settings, Source},
    project::{ProjectFile, Projects},
};
use serde_json::{Map, Value, json};

use super::Options;
use crate::{args::Global, failure::Failure, settings_files};

/// The settings by folder.
pub(super) struct SettingsOf {
    projects: Projects,
    flags: Value,
    as_of: Option<Date>,
    together: Mutex<HashMap<PathBuf, Governed>>,
    told: Mutex<BTreeSet<String>>,
}

/// The settings that hold in a folder.
#[derive(Clone)]
pub(super) struct Governed {
    /// The settings.
    pub(super) settings: Arc<Settings>,
    /// The project's file.
    pub(super) project: Option<Arc<ProjectFile>>,
    /// The user's file.
    pub(super) user: Option<Arc<ProjectFile>>,
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SettingsOf {
    /// Nothing read yet.
    pub(super) fn new(global: &Global, options: &Options) -> Result<Self, Failure> {
        let sources = settings_files::sources(global)?;
        let levels = options.rules.iter().map(|(rule, severity)| {
            (rule.clone(), severity.map_or("off", |severity| severity.id()).into())
        });
        let mut flags = json!({ "rules": levels.collect::<Map<String, Value>>() });
        if let Some(payer) = &options.payer {
            flags["payer"] = payer.as_str().into();
        }
        Ok(Self {
            projects: Projects::new(sources.user, sources.named),
            flags,
            as_of: global.as_of,
            together: Mutex::default(),
            told: Mutex::default(),
        })
    }

    /// The settings for a file, whose path should be absolute.
    pub(super) fn of(&self, path: &Path) -> Governed {
        let folder = path.parent().unwrap_or(path);
        if let Some(known) = held(&self.together).get(folder) {
            return known.clone();
        }
        let (user, project) = (self.projects.user(), self.projects.governing(folder));
        let files: Vec<_> = user.iter().chain(&project).cloned().collect();
        let sources = files.iter().map(|file| file.source());
        let sources: Vec<_> = sources.chain([Source::editor(&self.flags)]).collect();
        let settings = Arc::new(Settings::of(&sources).0);
        self.complain(&files);
        let governed = Governed { settings, project, user };
        held(&self.together).insert(folder.to_owned(), governed.clone());
        governed
    }

    /// The rule files of payers that hold for a text.
    pub(super) fn payer_files(&self, path: Option<&Path>) -> Vec<PathBuf> {
        let here = std::env::current_dir().unwrap_or_default().join("-");
        self.of(path.unwrap_or(&here)).settings.payer_files.clone()
    }

    /// What a check of a text wants; `None` for one that is not a file.
    pub(super) fn for_check(&self, path: Option<&Path>) -> (CheckSettings, Option<Date>) {
        let here = std::env::current_dir().unwrap_or_default().join("-");
        let settings = self.of(path.unwrap_or(&here)).settings;
        (settings.for_check(path), self.as_of.or(settings.as_of))
    }

    #[expect(clippy::print_stderr, reason = "stdout belongs to the answer")]
    fn complain(&self, files: &[Arc<ProjectFile>]) {
        for complaint in files.iter().flat_map(|file| file.complaints()) {
            if held(&self.told).insert(complaint.clone()) {
                eprintln!("warning: {complaint}");
            }
        }
    }
}
