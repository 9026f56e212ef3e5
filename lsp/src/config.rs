//! The settings of the language server, read from whatever an editor sends.
//!
//! Every key is documented once, in [`KEYS`], which the generated documentation and the schema of the VS Code extension
//! are made from. A key that is unknown, or a value of the wrong type, is a warning and never more.

use std::{collections::BTreeMap, time::Duration};

use medcode_codes::{date::Date, issue::Severity};
use serde_json::Value;

mod keys;
mod layers;

pub use keys::{KEYS, Key, Kind};
pub(crate) use layers::{Layer, Layers};

/// The settings in force.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Settings {
    /// The date that codes are judged on where the note has none. `None` means today.
    pub(crate) as_of: Option<Date>,
    /// Address of the service that answers. Empty means the one that was there at the start.
    pub(crate) server_url: String,
    /// How long the server waits after a change before it checks.
    pub(crate) diagnostics_delay: Duration,
    /// The most issues reported for one document.
    pub(crate) diagnostics_max: usize,
    /// The most items in a completion list.
    pub(crate) completion_max: u16,
    /// What is inserted for a code: a template with `{code}` and `{title}`.
    pub(crate) completion_insert: String,
    /// The characters that open the list by themselves.
    pub(crate) completion_triggers: Vec<char>,
    /// Bytes beyond which a document is not checked.
    pub(crate) max_document_bytes: usize,
    /// Severities by rule id; `None` switches a rule off.
    pub(crate) rules: BTreeMap<String, Option<Severity>>,
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
            rules: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// Takes over what `value` sets, and says what in it could not be understood.
    ///
    /// Accepted with or without an outer `medcode` object, nested or with points in the keys. `null` sets nothing.
    fn take_over(&mut self, value: &Value) -> Vec<Problem> {
        let mut problems = Vec::new();
        self.walk(value.get("medcode").unwrap_or(value), "", &mut problems);
        problems
    }

    fn walk(&mut self, value: &Value, prefix: &str, problems: &mut Vec<Problem>) {
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
                if let Err(expected) = (key.set)(self, value) {
                    problems.push(Problem::WrongType { key: name, expected });
                }
            } else if keys::is_group(&name) {
                self.walk(value, &name, problems);
            } else {
                let known = keys::nearest(&name);
                problems.push(Problem::UnknownKey { key: name, nearest: known });
            }
        }
    }
}

/// Something in the settings that was not understood and therefore not used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Problem {
    /// No setting has this name.
    UnknownKey {
        /// The key as it was sent, without the outer `medcode`.
        key: String,
        /// A known key that may have been meant.
        nearest: Option<&'static str>,
    },
    /// The value cannot be used.
    WrongType {
        /// The key.
        key: String,
        /// What the value should be.
        expected: String,
    },
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownKey { key, nearest: Some(nearest) } => {
                write!(f, "unknown setting medcode.{key}; did you mean medcode.{nearest}?")
            }
            Self::UnknownKey { key, nearest: None } => write!(f, "unknown setting medcode.{key}"),
            Self::WrongType { key, expected } if key.is_empty() => {
                write!(f, "the settings of medcode must be {expected}")
            }
            Self::WrongType { key, expected } => {
                write!(f, "setting medcode.{key} must be {expected}; the value is not used")
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
        let mut settings = Settings::default();
        let problems = settings.take_over(value);
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
}
