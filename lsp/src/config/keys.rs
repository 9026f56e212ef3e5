//! Every setting: its name, its documentation and how it is taken over.

use std::time::Duration;

use medcode_codes::{date::parse_iso, document::Recognition, nearest_name::nearest_of};

use super::{
    features,
    key::{Key, Kind, Set, Word},
    rules,
    values::{self, bytes, characters, choice, number},
};

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
        name: "diagnostics.mode",
        doc: "How issues reach the editor: `push` sends them, `pull` waits to be asked, `auto` takes what the editor can do. \
              Read at the start.",
        kind: Kind::Choice(features::MODE),
        default: "\"auto\"",
        set: Set::Whole(features::diagnostics_mode),
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
        name: "inlayHints.title",
        doc: "Where the official title is shown after a code: `missing` where the line does not say it already, `always`, or `off`.",
        kind: Kind::Choice(features::TITLE),
        default: "\"missing\"",
        set: Set::Whole(features::inlay_title),
    },
    Key {
        name: "inlayHints.maxLength",
        doc: "Characters of a title that is shown after a code; longer ones are cut.",
        kind: features::LENGTH,
        default: "60",
        set: Set::Whole(features::inlay_length),
    },
    Key {
        name: "inlayHints.systems",
        doc: "The code systems whose titles are shown after codes.",
        kind: Kind::Choices(features::SYSTEMS),
        default: "[\"icd10cm\", \"icd10pcs\", \"cpt\", \"hcpcs\"]",
        set: Set::Whole(features::inlay_systems),
    },
    Key {
        name: "format.enable",
        doc: "Whether formatting a document corrects how its codes are written. Read at the start.",
        kind: Kind::Flag,
        default: "true",
        set: Set::Whole(features::format_enable),
    },
    Key {
        name: "format.dot",
        doc: "What formatting does with the point of ICD-10-CM codes: `add` it, `remove` it, or `keep` what is there.",
        kind: Kind::Choice(features::DOT),
        default: "\"add\"",
        set: Set::Whole(features::format_dot),
    },
    Key {
        name: "format.case",
        doc: "Whether formatting writes codes in capitals (`upper`) or leaves them (`keep`).",
        kind: Kind::Choice(features::CASE),
        default: "\"upper\"",
        set: Set::Whole(features::format_case),
    },
    Key {
        name: "format.onType",
        doc: "Whether a code is corrected as soon as a space, a comma or a new line ends it.",
        kind: Kind::Flag,
        default: "false",
        set: Set::Whole(features::format_on_type),
    },
    Key {
        name: "rename.scope",
        doc: "How far renaming a code reaches: the `encounter`, the `document` or the `workspace`.",
        kind: Kind::Choice(features::SCOPE),
        default: "\"document\"",
        set: Set::Whole(features::rename_scope),
    },
    Key {
        name: "symbols.document",
        doc: "Whether encounters and codes are in the outline: `on`, `off`, or `auto`, which puts them under one entry where the editor \
              adds an outline of its own.",
        kind: Kind::Choice(features::OUTLINE),
        default: "\"auto\"",
        set: Set::Whole(features::outline),
    },
    Key {
        name: "codeLens.enable",
        doc: "Whether a line above each encounter sums it up.",
        kind: Kind::Flag,
        default: "true",
        set: Set::Whole(features::lens),
    },
    Key {
        name: "links.code",
        doc: "Address that codes link to, with `{code}` in it, such as `https://example.org/{code}`. Empty: codes are no links.",
        kind: Kind::Text,
        default: "\"\"",
        set: Set::Whole(features::code_link),
    },
    Key {
        name: "workspace.check",
        doc: "Which notes are checked that are not open: none (`off`), those of the folder at the start and when one is saved (`onSave`), or all of \
              them (`always`).",
        kind: Kind::Choice(features::CHECK),
        default: "\"off\"",
        set: Set::Whole(features::workspace_check),
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

const EXCLUDES1: &[Word] = &[
    ("normal", "a warning, because two unrelated conditions may stand together"),
    ("strict", "an error where the conflict is genuine"),
];
const RECOGNITION: &[Word] = &[
    ("lenient", "also codes in prose without a point, once they are in a code set"),
    ("normal", "also words in prose that look like a code with its point"),
    (
        "strict",
        "labels, tables and coding blocks, and in prose codes with a point that are in the code set",
    ),
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

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{super::Settings, *};

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
