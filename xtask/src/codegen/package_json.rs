//! The settings section of the VS Code extension, from the settings of the language server.

use anyhow::Context;
use medcode_codes::rules::{FAMILIES, RULES};
use medcode_lsp::config::{KEYS, Key, Kind};
use serde_json::{Map, Value, json};

/// Title of the group that holds the server's settings; the other group is the extension's own.
const GROUP: &str = "medcode";

/// The manifest with the group of the server's settings made anew.
///
/// # Errors
/// The manifest is no JSON, or has no such group.
pub(crate) fn with_settings(manifest: &str) -> anyhow::Result<String> {
    let mut manifest: Value = serde_json::from_str(manifest).context("package.json is no JSON")?;
    let groups = manifest["contributes"]["configuration"]
        .as_array_mut()
        .context("configuration is a list of groups")?;
    let group = groups
        .iter_mut()
        .find(|group| group["title"] == GROUP)
        .context("there is a group titled medcode")?;
    let properties: Map<String, Value> = KEYS
        .iter()
        .enumerate()
        .map(|(order, key)| (format!("medcode.{}", key.name), property(key, order)))
        .collect();
    group["properties"] = Value::Object(properties);
    Ok(format!("{}\n", serde_json::to_string_pretty(&manifest)?))
}

fn property(key: &Key, order: usize) -> Value {
    let mut property = values(key);
    let scope = if key.name.starts_with("server.") { "window" } else { "resource" };
    property["scope"] = scope.into();
    property["order"] = order.into();
    property["markdownDescription"] = key.doc.into();
    property
}

/// The values of a setting as JSON Schema, with its default.
pub(super) fn values(key: &Key) -> Value {
    let mut values = match key.kind {
        Kind::Text => json!({ "type": "string" }),
        Kind::Date => json!({ "type": "string", "pattern": "^$|^\\d{4}-\\d{2}-\\d{2}$" }),
        Kind::Number { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Kind::Characters => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Bytes => json!({ "type": ["integer", "string"] }),
        Kind::Choice(words) => json!({ "type": "string", "enum": words }),
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
