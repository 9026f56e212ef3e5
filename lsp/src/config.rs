//! The settings, read from whatever an editor sends, from `medcode.toml` and from flags. The language server and
//! `medcode check` share them.
//!
//! Every key is documented once, in [`KEYS`], which the generated documentation and the schema of the VS Code extension
//! are made from. A key that is unknown, or a value of the wrong type, is a warning and never more.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use medcode_codes::{date::Date, document::Recognition, issue::Severity};
use serde_json::Value;

mod accept;
mod features;
mod file;
mod for_check;
mod key;
mod keys;
mod layers;
mod paths;
mod problem;
mod rules;
mod values;

pub(crate) use accept::{Accepted as AcceptedEntry, NewIgnore};
pub use features::{
    DiagnosticsMode, DotStyle, Features, Outline, RenameScope, TitleHints, WorkspaceCheck,
};
pub use file::{Place, SettingsFile};
pub use key::{Key, Kind, Word};
pub use keys::KEYS;
pub(crate) use layers::{Layer, Layers};
pub use paths::Paths;
pub use problem::Problem;
pub use rules::{Ignore, LevelSet};

/// Levels by rule id or family; `None` switches a rule off.
pub type Levels = BTreeMap<String, Option<Severity>>;

/// The settings in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The date that codes are judged on where the note has none. `None` means today.
    pub as_of: Option<Date>,
    /// Address of the service that answers. Empty means the one that was there at the start.
    pub server_url: String,
    /// How long the server waits after a change before it checks.
    pub diagnostics_delay: Duration,
    /// The most issues reported for one document.
    pub diagnostics_max: usize,
    /// The most items in a completion list.
    pub completion_max: u16,
    /// What is inserted for a code: a template with `{code}` and `{title}`.
    pub completion_insert: String,
    /// The characters that open the list by themselves.
    pub completion_triggers: Vec<char>,
    /// Bytes beyond which a document is not checked.
    pub max_document_bytes: usize,
    /// Severities by rule or family for all files, those of all places together.
    pub rules: Levels,
    /// The same by the place they come from, together with severities for some files.
    pub levels: Vec<LevelSet>,
    /// Issues that are accepted.
    pub ignore: Vec<Ignore>,
    /// Files that are not checked.
    pub exclude: Vec<Paths>,
    /// Files that are checked beside those with the usual endings.
    pub include: Vec<Paths>,
    /// Genuine Excludes1 conflicts are errors.
    pub strict_excludes1: bool,
    /// How much has to speak for a code before anything is reported on it.
    pub recognition: Recognition,
    /// The payer whose rules apply where a note names none.
    pub payer: Option<String>,
    /// Files with rules of payers, as absolute as the file that names them.
    pub payer_files: Vec<PathBuf>,
    /// What single features of the editor do.
    pub features: Features,
    /// The folder from which paths in the source at hand are seen.
    base: Option<PathBuf>,
    /// The rank of that source.
    rank: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            as_of: None,
            server_url: String::new(),
            diagnostics_delay: Duration::from_millis(200),
            diagnostics_max: 200,
            completion_max: 50,
            completion_insert: "{code}".to_owned(),
            completion_triggers: ".-0123456789".chars().collect(),
            max_document_bytes: 4 << 20,
            rules: Levels::new(),
            levels: Vec::new(),
            ignore: Vec::new(),
            exclude: Vec::new(),
            include: Vec::new(),
            strict_excludes1: false,
            recognition: Recognition::default(),
            payer: None,
            payer_files: Vec::new(),
            features: Features::default(),
            base: None,
            rank: 0,
        }
    }
}

/// One place that settings come from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'v> {
    /// What it says.
    pub value: &'v Value,
    /// The folder from which its paths are seen; `None`: they hold anywhere.
    pub base: Option<&'v Path>,
    /// It comes with a project, and may not say where codes are sent.
    pub is_project: bool,
}

impl<'v> Source<'v> {
    /// What an editor, a flag or the environment says.
    pub fn editor(value: &'v Value) -> Self {
        Self { value, base: None, is_project: false }
    }

    /// A file of the user.
    pub fn user(file: &'v SettingsFile, folder: &'v Path) -> Self {
        Self { value: &file.value, base: Some(folder), is_project: false }
    }

    /// A file that comes with a project.
    pub fn project(file: &'v SettingsFile, folder: &'v Path) -> Self {
        Self { value: &file.value, base: Some(folder), is_project: true }
    }
}

impl Settings {
    /// The settings that several places make together, and what in them could not be understood. Keys merge one by one;
    /// of two places that set the same key the later one wins, and lists of entries add up.
    pub fn of(sources: &[Source<'_>]) -> (Self, Vec<Problem>) {
        let mut settings = Self::default();
        let problems = sources.iter().flat_map(|source| settings.take_over(source)).collect();
        settings.rank = 0;
        (settings, problems)
    }

    /// Takes over what a place sets, and says what in it could not be understood.
    ///
    /// Accepted with or without an outer `medcode` object, nested or with points in the keys. `null` sets nothing.
    fn take_over(&mut self, source: &Source<'_>) -> Vec<Problem> {
        let mut problems = Vec::new();
        self.rank += 1;
        self.base = source.base.map(Path::to_owned);
        let value = source.value.get("medcode").unwrap_or(source.value);
        self.walk(value, "", source.is_project, &mut problems);
        self.base = None;
        problems
    }

    fn walk(&mut self, value: &Value, prefix: &str, is_project: bool, problems: &mut Vec<Problem>) {
        let Some(members) = value.as_object() else {
            if !value.is_null() {
                problems.push(Problem::WrongType {
                    key: prefix.to_owned(),
                    expected: "an object".to_owned(),
                });
            }
            return;
        };
        for (name, value) in members {
            let name = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
            if value.is_null() || keys::belongs_to_the_client(&name) {
                continue;
            }
            if let Some(key) = keys::find(&name) {
                if is_project && name.starts_with("server.") {
                    problems.push(Problem::NotInProject { key: name });
                } else {
                    problems.extend(key.take_over(self, value));
                }
            } else if keys::is_group(&name) {
                self.walk(value, &name, is_project, problems);
            } else {
                let known = keys::nearest(&name);
                problems.push(Problem::UnknownKey { key: name, nearest: known });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use medcode_codes::date::parse_iso;
    use serde_json::json;

    use super::*;

    fn read(value: &Value) -> (Settings, Vec<String>) {
        let (settings, problems) = Settings::of(&[Source::editor(value)]);
        (settings, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn means_the_same_in_every_form() {
        let forms = [
            json!({"medcode": {"diagnostics": {"delayMs": 50}, "asOf": "2026-03-02"}}),
            json!({"diagnostics": {"delayMs": 50}, "asOf": "2026-03-02"}),
            json!({"diagnostics.delayMs": 50, "asOf": "2026-03-02", "completion": {"max": null}}),
        ];
        for form in forms {
            let (settings, problems) = read(&form);
            assert_eq!(problems, Vec::<String>::new());
            assert_eq!(settings.diagnostics_delay, Duration::from_millis(50));
            assert_eq!(settings.as_of, parse_iso("2026-03-02").ok());
            assert_eq!(settings.completion_max, 50);
        }
    }

    #[test]
    fn warns_of_an_unknown_key_with_the_nearest_one_and_uses_the_rest() {
        let (settings, problems) =
            read(&json!({"diagnostics": {"delayMS": 1, "max": 3}, "zzz": 1}));
        assert_eq!(
            problems,
            [
                "unknown setting medcode.diagnostics.delayMS; did you mean medcode.diagnostics.delayMs?",
                "unknown setting medcode.zzz",
            ]
        );
        assert_eq!(settings.diagnostics_max, 3);
    }

    #[test]
    fn warns_of_a_wrong_type_and_keeps_the_default() {
        let (settings, problems) =
            read(&json!({"diagnostics": {"delayMs": "fast"}, "completion": 7, "rules": []}));
        assert_eq!(settings, Settings::default());
        assert_eq!(problems.len(), 3);
        assert!(problems.iter().any(|problem| problem
            == "setting medcode.diagnostics.delayMs must be a whole number from 0 to 2000; the value is not used"));
        assert_eq!(read(&json!("x")).1, ["the settings of medcode must be an object"]);
    }

    #[test]
    fn accepts_what_only_the_client_uses() {
        let client = json!({"client": "vscode", "statusNotification": true, "positionEncoding": "utf-16",
            "server": {"path": "/x"}, "dataDir": "/y", "completion": {"autoTrigger": "smart"}, "trace": {"server": "off"}});
        assert_eq!(read(&client).1, Vec::<String>::new());
    }

    #[test]
    fn reads_levels_of_rules() {
        let (settings, problems) = read(
            &json!({"rules": {"expired-code": "warning", "missing-dot": "off", "unknown-code": "loud"}}),
        );
        assert_eq!(settings.rules.get("expired-code"), Some(&Some(Severity::Warning)));
        assert_eq!(settings.rules.get("missing-dot"), Some(&None));
        assert_eq!(settings.rules.get("unknown-code"), None);
        assert_eq!(problems.len(), 1, "{problems:?}");
    }

    #[test]
    fn entries_without_a_reason_work_and_ask_for_one() {
        let (settings, problems) = read(&json!({"ignore": [
            {"rule": "expired-code", "codes": ["M54.5"]},
            {"rule": "expird-code", "reason": "x"},
            {"rule": "validity", "reason": "x", "path": ["a"]},
            {"rule": "validity", "codes": "M54.5"},
        ]}));
        // A misspelled limit would accept more than was meant: the entry is left out.
        assert_eq!(settings.ignore.len(), 1);
        assert_eq!(
            problems,
            [
                "unknown setting medcode.ignore[2].path; did you mean medcode.ignore[2].paths?",
                "medcode.ignore[0] gives no reason: write why it is accepted",
                "setting medcode.ignore[1].rule: there is no rule expird-code; did you mean expired-code?",
                "setting medcode.ignore[3].codes must be a list of codes; the value is not used",
            ]
        );
    }

    #[test]
    fn a_project_does_not_decide_where_codes_are_sent() {
        let file = SettingsFile::parse("server.url = \"http://elsewhere\"\nasOf = 2026-03-02\n");
        let folder = Path::new("/p");
        let (settings, problems) = Settings::of(&[Source::project(&file, folder)]);
        assert_eq!((settings.server_url.as_str(), problems.len()), ("", 1));
        assert!(settings.as_of.is_some());
        let (settings, _) = Settings::of(&[Source::user(&file, folder)]);
        assert_eq!(settings.server_url, "http://elsewhere");
    }

    #[test]
    fn payer_files_are_seen_from_the_file_that_names_them() {
        let file = SettingsFile::parse("payer = \"acme\"\npayerFiles = [\"payers/acme.toml\"]\n");
        let (settings, _) = Settings::of(&[Source::project(&file, Path::new("/p"))]);
        assert_eq!(settings.payer.as_deref(), Some("acme"));
        assert_eq!(settings.payer_files, [Path::new("/p/payers/acme.toml")]);
    }
}
