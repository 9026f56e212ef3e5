//! Every setting: its name, its documentation and how it is taken over.

use std::time::Duration;

use medcode_codes::{date::parse_iso, document::Recognition, nearest_name::nearest_of};
use serde_json::Value;

use super::{
    Problem, Settings, rules,
    values::{self, bytes, characters, number},
};

/// A setting, as the documentation and the schemas show it.
#[derive(Debug)]
pub struct Key {
    /// The name below `medcode`, with points: `diagnostics.delayMs`.
    pub name: &'static str,
    /// What it does, in Markdown, with unit and example where they matter.
    pub doc: &'static str,
    /// The values it takes.
    pub kind: Kind,
    /// The default, as JSON.
    pub default: &'static str,
    /// Takes a value over.
    set: Set,
}

/// How a value is taken over.
#[derive(Debug)]
enum Set {
    /// As one, or not at all: then this says what it should have been.
    Whole(fn(&mut Settings, &Value) -> Result<(), String>),
    /// Part by part, each with problems of its own.
    Parts(fn(&mut Settings, &Value) -> Vec<Problem>),
}

impl Key {
    /// Takes a value over and says what of it could not be used.
    pub(super) fn take_over(&self, settings: &mut Settings, value: &Value) -> Vec<Problem> {
        match self.set {
            Set::Whole(set) => match set(settings, value) {
                Ok(()) => Vec::new(),
                Err(expected) => {
                    vec![Problem::WrongType { key: self.name.to_owned(), expected }]
                }
            },
            Set::Parts(set) => set(settings, value),
        }
    }
}

/// The values that a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A day, `YYYY-MM-DD`, or an empty text.
    Date,
    /// A whole number, both ends inclusive.
    Number {
        /// The least value.
        min: u32,
        /// The greatest value.
        max: u32,
    },
    /// A list of single characters; `0-9` stands for the ten digits.
    Characters,
    /// A number of bytes: a whole number, or a text such as `4MiB`.
    Bytes,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A list of texts.
    Texts,
    /// A list of globs.
    Globs,
    /// An object from rule ids to `off`, `hint`, `info`, `warning` or `error`.
    Levels,
    /// A list of objects with `paths` and `rules`.
    Overrides,
    /// A list of objects with `rule`, `codes`, `paths` and `reason`.
    Ignores,
}

const DELAY: Kind = Kind::Number { min: 0, max: 2_000 };
const MAX_ISSUES: Kind = Kind::Number { min: 1, max: 10_000 };
/// The service returns at most this many hits on a page.
const MAX_ITEMS: Kind = Kind::Number { min: 1, max: 100 };

/// Every setting of the language server, in the order of the documentation.
pub const KEYS: &[Key] = &[
    Key {
        name: "asOf",
        doc: "The date on which codes are judged where the note states none, such as `2026-03-02`. Empty: today.",
        kind: Kind::Date,
        default: "\"\"",
        set: Set::Whole(|settings, value| match value.as_str() {
            Some("") => {
                settings.as_of = None;
                Ok(())
            }
            Some(text) if parse_iso(text).is_ok() => {
                settings.as_of = parse_iso(text).ok();
                Ok(())
            }
            _ => Err("a date such as 2026-03-02".to_owned()),
        }),
    },
    Key {
        name: "server.url",
        doc: "Address of a running medcode service, such as `http://127.0.0.1:50051`. Empty: the code sets inside the \
              language server.",
        kind: Kind::Text,
        default: "\"\"",
        set: Set::Whole(|settings, value| {
            value.as_str().unwrap_or_default().trim().clone_into(&mut settings.server_url);
            if value.is_string() {
                Ok(())
            } else {
                Err("an address such as http://127.0.0.1:50051".to_owned())
            }
        }),
    },
    Key {
        name: "files.maxSize",
        doc: "Documents above this size are not checked in the editor, such as `4MiB`.",
        kind: Kind::Bytes,
        default: "\"4MiB\"",
        set: Set::Whole(|settings, value| {
            let expected = || "a size such as 4MiB".to_owned();
            settings.max_document_bytes = bytes(value).ok_or_else(expected)?;
            Ok(())
        }),
    },
    Key {
        name: "files.exclude",
        doc: "Files that are not checked, as globs such as `drafts/**` or `*.old.md`; without a slash at any depth, with one \
              seen from the folder of the file that says it.",
        kind: Kind::Globs,
        default: "[]",
        set: Set::Parts(rules::exclude),
    },
    Key {
        name: "files.include",
        doc: "Files that are checked when a folder is walked, beside those whose ending says that they hold notes or \
              claims, as globs.",
        kind: Kind::Globs,
        default: "[]",
        set: Set::Parts(rules::include),
    },
    Key {
        name: "diagnostics.delayMs",
        doc: "Milliseconds after the last change before a document is checked.",
        kind: DELAY,
        default: "200",
        set: Set::Whole(|settings, value| {
            settings.diagnostics_delay = Duration::from_millis(number(DELAY, value)?.into());
            Ok(())
        }),
    },
    Key {
        name: "diagnostics.max",
        doc: "The most issues shown for one document.",
        kind: MAX_ISSUES,
        default: "200",
        set: Set::Whole(|settings, value| {
            settings.diagnostics_max =
                usize::try_from(number(MAX_ISSUES, value)?).unwrap_or(usize::MAX);
            Ok(())
        }),
    },
    Key {
        name: "completion.max",
        doc: "The most items in a completion list.",
        kind: MAX_ITEMS,
        default: "50",
        set: Set::Whole(|settings, value| {
            settings.completion_max = u16::try_from(number(MAX_ITEMS, value)?).unwrap_or(u16::MAX);
            Ok(())
        }),
    },
    Key {
        name: "completion.insert",
        doc: "What is inserted for a code: `code`, `codeAndTitle`, `titleAndCode`, or a template such as \
              `{title} ({code})`.",
        kind: Kind::Text,
        default: "\"code\"",
        set: Set::Whole(|settings, value| {
            settings.completion_insert = match value.as_str() {
                Some("code") => "{code}".to_owned(),
                Some("codeAndTitle") => "{code} {title}".to_owned(),
                Some("titleAndCode") => "{title} {code}".to_owned(),
                Some(template) if template.contains("{code}") => template.to_owned(),
                _ => {
                    return Err(
                        "code, codeAndTitle, titleAndCode or a template with {code}".to_owned()
                    );
                }
            };
            Ok(())
        }),
    },
    Key {
        name: "completion.triggers",
        doc: "Characters that open the completion list by themselves; `0-9` stands for all digits. Read at the start.",
        kind: Kind::Characters,
        default: "[\".\", \"-\", \"0-9\"]",
        set: Set::Whole(|settings, value| {
            let expected = || "a list of single characters".to_owned();
            settings.completion_triggers = characters(value).ok_or_else(expected)?;
            Ok(())
        }),
    },
    Key {
        name: "rules",
        doc: "Levels of rules by id or by family: `off`, `hint`, `info`, `warning` or `error`, as in \
              `{\"missing-dot\": \"off\"}`. A rule's own level wins over that of its family.",
        kind: Kind::Levels,
        default: "{}",
        set: Set::Parts(rules::levels),
    },
    Key {
        name: "overrides",
        doc: "Levels of rules for some files, as in `[{\"paths\": [\"templates/**\"], \"rules\": \
              {\"missing-service-date\": \"off\"}}]`. The last entry that names a file wins.",
        kind: Kind::Overrides,
        default: "[]",
        set: Set::Parts(rules::overrides),
    },
    Key {
        name: "ignore",
        doc: "Issues that are accepted: entries with `rule` (a rule or a family), `reason`, and where they hold for some \
              `codes` or `paths` only, these. Several `codes` accept issues between them; `E11.-` stands for every code \
              below.",
        kind: Kind::Ignores,
        default: "[]",
        set: Set::Parts(rules::ignores),
    },
    Key {
        name: "excludes1",
        doc: "How heavy two codes are that exclude each other by a note of the tabular list: `normal` is a warning, \
              because two unrelated conditions may stand together; `strict` makes genuine conflicts errors.",
        kind: Kind::Choice(EXCLUDES1),
        default: "\"normal\"",
        set: Set::Whole(|settings, value| {
            settings.strict_excludes1 = choice(EXCLUDES1, value)? == "strict";
            Ok(())
        }),
    },
    Key {
        name: "recognition",
        doc: "How much has to speak for a code before anything is reported on it. `strict`: a label, a table, a coding \
              block or another structure, or in prose a code with its point that is in the code set. `normal`: also words \
              of the shape of a code with its point that are in no code set, as hints. `lenient`: also codes in prose \
              without a point, as hints, once they are in a code set.",
        kind: Kind::Choice(RECOGNITION),
        default: "\"normal\"",
        set: Set::Whole(|settings, value| {
            settings.recognition =
                Recognition::from_id(choice(RECOGNITION, value)?).unwrap_or_default();
            Ok(())
        }),
    },
    Key {
        name: "payer",
        doc: "Id of the payer whose rules apply where a note names none. Empty: none.",
        kind: Kind::Text,
        default: "\"\"",
        set: Set::Whole(|settings, value| {
            let id = value.as_str().ok_or("the id of a payer")?.trim();
            settings.payer = Some(id.to_owned()).filter(|id| !id.is_empty());
            Ok(())
        }),
    },
    Key {
        name: "payerFiles",
        doc: "Files with rules of payers, seen from the folder of the file that names them.",
        kind: Kind::Texts,
        default: "[]",
        set: Set::Whole(|settings, value| {
            let files = values::texts(value).ok_or("a list of paths")?;
            let base = settings.base.clone().unwrap_or_default();
            settings.payer_files = files.iter().map(|file| base.join(file)).collect();
            Ok(())
        }),
    },
];

const EXCLUDES1: &[&str] = &["normal", "strict"];
const RECOGNITION: &[&str] = &["lenient", "normal", "strict"];

fn choice<'v>(known: &[&str], value: &'v Value) -> Result<&'v str, String> {
    let found = value.as_str().filter(|found| known.contains(found));
    found.ok_or_else(|| known.join(" or "))
}

/// Names that editors send along and the server has no use for.
const CLIENT_KEYS: &[&str] = &[
    "client",
    "statusNotification",
    "positionEncoding",
    "dataDir",
    "server.path",
    "completion.autoTrigger",
    "trace",
];

/// Whether a name is one that only the client uses.
pub(super) fn belongs_to_the_client(name: &str) -> bool {
    CLIENT_KEYS.iter().any(|key| {
        name.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

/// The setting with exactly this name.
pub(super) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// Whether settings lie below this name.
pub(super) fn is_group(name: &str) -> bool {
    let below = |key: &str| key.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
    KEYS.iter().any(|key| below(key.name)) || CLIENT_KEYS.iter().any(|key| below(key))
}

/// The setting that may have been meant.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    nearest_of(name, KEYS.iter().map(|key| key.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_those_of_the_settings() {
        for key in KEYS {
            let mut settings = Settings::default();
            let default: Value = serde_json::from_str(key.default).unwrap();
            assert_eq!(key.take_over(&mut settings, &default), [], "{}", key.name);
            assert_eq!(settings, Settings::default(), "{}", key.name);
        }
    }
}
