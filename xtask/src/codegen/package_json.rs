//! The settings section of the VS Code extension, from the settings of the language server.

use anyhow::{Context, bail};
use medcode_codes::rules::{FAMILIES, RULES};
use medcode_lsp::config::{KEYS, Key, Kind};
use serde_json::{Map, Value, json};

/// Title of the group of the extension's own settings, which are written by hand.
const OWN_GROUP: &str = "Editor";

/// The groups of the server's settings in the order in which they are shown: title, and how the names of settings begin.
const GROUPS: [(&str, &[&str]); 4] = [
    ("Codes", &["asOf", "server.", "payer", "files."]),
    (
        "Checking",
        &["diagnostics.", "rules", "overrides", "ignore", "excludes1", "recognition", "workspace."],
    ),
    ("Writing", &["completion.", "format.", "rename."]),
    ("Reading", &["inlayHints.", "symbols.", "codeLens.", "links."]),
];

/// The manifest with the groups of the server's settings made anew.
///
/// # Errors
/// The manifest is no JSON, lacks the extension's own group, or a setting belongs to no group.
pub(crate) fn with_settings(manifest: &str) -> anyhow::Result<String> {
    let mut manifest: Value = serde_json::from_str(manifest).context("package.json is no JSON")?;
    let groups = manifest["contributes"]["configuration"]
        .as_array_mut()
        .context("configuration is a list of groups")?;
    groups.retain(|group| group["title"] == OWN_GROUP);
    let own = groups.first_mut().with_context(|| format!("there is a group {OWN_GROUP}"))?;
    own["order"] = GROUPS.len().into();
    for (order, (title, _)) in GROUPS.iter().enumerate() {
        let properties: Map<String, Value> = KEYS
            .iter()
            .enumerate()
            .filter(|(_, key)| group_of(key) == Some(*title))
            .map(|(order, key)| (format!("medcode.{}", key.name), property(key, order)))
            .collect();
        let group = json!({ "title": title, "order": order, "properties": properties });
        groups.insert(order, group);
    }
    if let Some(key) = KEYS.iter().find(|key| group_of(key).is_none()) {
        bail!("{} belongs to no group of settings; give it one here", key.name);
    }
    Ok(format!("{}\n", serde_json::to_string_pretty(&manifest)?))
}

fn group_of(key: &Key) -> Option<&'static str> {
    let holds = |beginnings: &[&str]| beginnings.iter().any(|start| key.name.starts_with(start));
    GROUPS.iter().find(|(_, beginnings)| holds(beginnings)).map(|(title, _)| *title)
}

fn property(key: &Key, order: usize) -> Value {
    let mut property = values(key);
    let scope = if key.name.starts_with("server.") { "window" } else { "resource" };
    property["scope"] = scope.into();
    property["order"] = order.into();
    property["markdownDescription"] = key.doc.into();
    if let Kind::Choice(words) = key.kind {
        let meanings = words.iter().map(|(_, meaning)| sentence(meaning)).collect::<Vec<_>>();
        property["markdownEnumDescriptions"] = meanings.into();
    }
    property
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}

/// The values of a setting as JSON Schema, with its default.
pub(super) fn values(key: &Key) -> Value {
    let mut values = match key.kind {
        Kind::Text => json!({ "type": "string" }),
        Kind::Date => json!({ "type": "string", "pattern": "^$|^\\d{4}-\\d{2}-\\d{2}$" }),
        Kind::Number { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Kind::Characters => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Bytes => json!({ "type": ["integer", "string"] }),
        Kind::Choice(words) => {
            let words: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            json!({ "type": "string", "enum": words })
        }
        Kind::Choices(words) => {
            json!({ "type": "array", "items": { "type": "string", "enum": words } })
        }
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Texts | Kind::Globs => texts(),
        Kind::Levels => levels(),
        Kind::Overrides => json!({ "type": "array", "items": {
            "type": "object",
            "properties": { "paths": texts(), "rules": levels() },
            "required": ["paths", "rules"],
            "additionalProperties": false,
        }}),
        Kind::Ignores => json!({ "type": "array", "items": {
            "type": "object",
            "properties": {
                "rule": { "type": "string", "enum": names() },
                "codes": texts(),
                "paths": texts(),
                "reason": { "type": "string", "minLength": 1 },
            },
            "required": ["rule", "reason"],
            "additionalProperties": false,
        }}),
    };
    values["default"] = serde_json::from_str(key.default).unwrap_or(Value::Null);
    values
}

fn texts() -> Value {
    json!({ "type": "array", "items": { "type": "string" } })
}

/// Every name that stands for rules: those of families, then those of rules.
fn names() -> Vec<&'static str> {
    FAMILIES.iter().map(|family| family.id).chain(RULES.iter().map(|rule| rule.id)).collect()
}

fn levels() -> Value {
    let level = |summary: &str| json!({ "type": "string", "enum": ["off", "hint", "info", "warning", "error"], "markdownDescription": summary });
    let families = FAMILIES
        .iter()
        .map(|family| (family.id.to_owned(), level(&format!("{}: every rule.", family.title))));
    let rules: Map<String, Value> = families
        .chain(RULES.iter().map(|rule| (rule.id.to_owned(), level(rule.summary()))))
        .collect();
    json!({ "type": "object", "properties": rules, "additionalProperties": false })
}
