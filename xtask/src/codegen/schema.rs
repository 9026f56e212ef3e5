//! `docs/medcode.schema.json`: the schema of `medcode.toml`, from the settings, for editors that complete TOML by schemas.

use medcode_lsp::config::KEYS;
use serde_json::{Map, Value, json};

use super::package_json;

/// The schema.
///
/// # Errors
/// It cannot be written as JSON.
pub(crate) fn document() -> anyhow::Result<String> {
    let mut properties = Map::new();
    for key in KEYS {
        let mut values = package_json::values(key);
        values["description"] = key.doc.into();
        insert(&mut properties, key.name, values);
    }
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "medcode.toml",
        "description": "Settings of medcode, for the editor, the command line and CI. Generated from the code.",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    Ok(format!("{}\n", serde_json::to_string_pretty(&schema)?))
}

/// Puts a key with points into the tables it stands for.
fn insert(properties: &mut Map<String, Value>, name: &str, values: Value) {
    match name.split_once('.') {
        None => drop(properties.insert(name.to_owned(), values)),
        Some((group, rest)) => {
            let table = properties.entry(group.to_owned()).or_insert_with(
                || json!({ "type": "object", "properties": {}, "additionalProperties": false }),
            );
            if let Some(members) = table["properties"].as_object_mut() {
                insert(members, rest, values);
            }
        }
    }
}
