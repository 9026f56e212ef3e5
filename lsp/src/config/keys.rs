//! Every setting: its name, its documentation and how it is taken over.

use std::time::Duration;

use medcode_codes::{date::parse_iso, issue::Severity, nearest_name::nearest_of};
use serde_json::Value;

use super::Settings;

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
    /// Takes a value over, or says what the value should have been.
    pub(super) set: fn(&mut Settings, &Value) -> Result<(), String>,
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
    /// An object from rule ids to `off`, `hint`, `info`, `warning` or `error`.
    Levels,
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
        set: |settings, value| match value.as_str() {
            Some("") => {
                settings.as_of = None;
                Ok(())
            }
            Some(text) if parse_iso(text).is_ok() => {
                settings.as_of = parse_iso(text).ok();
                Ok(())
            }
            _ => Err("a date such as 2026-03-02".to_owned()),
        },
    },
    Key {
        name: "server.url",
        doc: "Address of a running medcode service, such as `http://127.0.0.1:50051`. Empty: the code sets inside the \
              language server.",
        kind: Kind::Text,
        default: "\"\"",
        set: |settings, value| {
            value.as_str().unwrap_or_default().trim().clone_into(&mut settings.server_url);
            if value.is_string() {
                Ok(())
            } else {
                Err("an address such as http://127.0.0.1:50051".to_owned())
            }
        },
    },
    Key {
        name: "files.maxSize",
        doc: "Documents above this size are not checked, such as `4MiB`.",
        kind: Kind::Bytes,
        default: "\"4MiB\"",
        set: |settings, value| {
            let expected = || "a size such as 4MiB".to_owned();
            settings.max_document_bytes = bytes(value).ok_or_else(expected)?;
            Ok(())
        },
    },
    Key {
        name: "diagnostics.delayMs",
        doc: "Milliseconds after the last change before a document is checked.",
        kind: DELAY,
        default: "200",
        set: |settings, value| {
            settings.diagnostics_delay = Duration::from_millis(number(DELAY, value)?.into());
            Ok(())
        },
    },
    Key {
        name: "diagnostics.max",
        doc: "The most issues shown for one document.",
        kind: MAX_ISSUES,
        default: "200",
        set: |settings, value| {
            settings.diagnostics_max =
                usize::try_from(number(MAX_ISSUES, value)?).unwrap_or(usize::MAX);
            Ok(())
        },
    },
    Key {
        name: "completion.max",
        doc: "The most items in a completion list.",
        kind: MAX_ITEMS,
        default: "50",
        set: |settings, value| {
            settings.completion_max = u16::try_from(number(MAX_ITEMS, value)?).unwrap_or(u16::MAX);
            Ok(())
        },
    },
    Key {
        name: "completion.insert",
        doc: "What is inserted for a code: `code`, `codeAndTitle`, `titleAndCode`, or a template such as \
              `{title} ({code})`.",
        kind: Kind::Text,
        default: "\"code\"",
        set: |settings, value| {
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
        },
    },
    Key {
        name: "completion.triggers",
        doc: "Characters that open the completion list by themselves; `0-9` stands for all digits. Read at the start.",
        kind: Kind::Characters,
        default: "[\".\", \"-\", \"0-9\"]",
        set: |settings, value| {
            let expected = || "a list of single characters".to_owned();
            settings.completion_triggers = characters(value).ok_or_else(expected)?;
            Ok(())
        },
    },
    Key {
        name: "rules",
        doc: "Levels of rules by id: `off`, `hint`, `info`, `warning` or `error`, as in `{\"missing-dot\": \"off\"}`.",
        kind: Kind::Levels,
        default: "{}",
        set: set_levels,
    },
];

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

fn number(kind: Kind, value: &Value) -> Result<u32, String> {
    let Kind::Number { min, max } = kind else { return Err("a number".to_owned()) };
    let found = value.as_u64().and_then(|number| u32::try_from(number).ok());
    found
        .filter(|number| (min..=max).contains(number))
        .ok_or_else(|| format!("a whole number from {min} to {max}"))
}

fn bytes(value: &Value) -> Option<usize> {
    if let Some(number) = value.as_u64() {
        return usize::try_from(number).ok();
    }
    let text = value.as_str()?.trim();
    let split = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let factor: usize = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        _ => return None,
    };
    number.parse::<usize>().ok()?.checked_mul(factor)
}

fn characters(value: &Value) -> Option<Vec<char>> {
    let mut found = Vec::new();
    for entry in value.as_array()? {
        let text = entry.as_str()?;
        if text == "0-9" {
            found.extend('0'..='9');
            continue;
        }
        let mut letters = text.chars();
        match (letters.next(), letters.next()) {
            (Some(character), None) => found.push(character),
            _ => return None,
        }
    }
    Some(found)
}

/// Takes the levels over that can be read, and names one that cannot.
fn set_levels(settings: &mut Settings, value: &Value) -> Result<(), String> {
    const EXPECTED: &str = "off, hint, info, warning or error";
    let members =
        value.as_object().ok_or_else(|| format!("an object from rule ids to {EXPECTED}"))?;
    let mut wrong = Vec::new();
    for (rule, level) in members {
        let level = match level.as_str() {
            Some("off") => Some(None),
            Some(id) => Severity::from_id(id).map(Some),
            None => None,
        };
        match level {
            Some(level) => drop(settings.rules.insert(rule.clone(), level)),
            None if members[rule].is_null() => {}
            None => wrong.push(rule.as_str()),
        }
    }
    match wrong.as_slice() {
        [] => Ok(()),
        rules => {
            Err(format!("{EXPECTED} for each rule; it is something else for {}", rules.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn defaults_are_those_of_the_settings() {
        for key in KEYS {
            let mut settings = Settings::default();
            let default: Value = serde_json::from_str(key.default).unwrap();
            assert_eq!((key.set)(&mut settings, &default), Ok(()), "{}", key.name);
            assert_eq!(settings, Settings::default(), "{}", key.name);
        }
    }

    #[test]
    fn reads_sizes() {
        for (value, expected) in [
            (json!(1000), Some(1000)),
            (json!("4MiB"), Some(4 << 20)),
            (json!("12 kb"), Some(12 << 10)),
            (json!("4GiB"), None),
            (json!("99999999999999999999MiB"), None),
            (json!(-1), None),
        ] {
            assert_eq!(bytes(&value), expected, "{value}");
        }
    }

    #[test]
    fn reads_triggers() {
        assert_eq!(characters(&json!(["."])), Some(vec!['.']));
        assert_eq!(characters(&json!(["0-9"])).map(|found| found.len()), Some(10));
        assert_eq!(characters(&json!(["ab"])), None);
    }
}
