//! The parts of SARIF 2.1.0 that are used here, read strictly: names and types as the standard has them, nothing else.

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Log {
    #[serde(rename = "$schema")]
    pub(super) _schema: String,
    pub(super) version: String,
    pub(super) runs: Vec<Run>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Run {
    pub(super) tool: Tool,
    pub(super) column_kind: ColumnKind,
    pub(super) invocations: Vec<Invocation>,
    pub(super) results: Vec<Result>,
}

#[derive(Deserialize, PartialEq, Debug)]
#[serde(rename_all = "camelCase")]
pub(super) enum ColumnKind {
    Utf16CodeUnits,
    UnicodeCodePoints,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Invocation {
    pub(super) execution_successful: bool,
    #[serde(rename = "toolExecutionNotifications")]
    pub(super) _notifications: Vec<Notification>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Notification {
    #[serde(rename = "level")]
    _level: Level,
    #[serde(rename = "message")]
    _message: Message,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tool {
    pub(super) driver: Driver,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Driver {
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "semanticVersion")]
    _version: String,
    pub(super) rules: Vec<Descriptor>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Descriptor {
    pub(super) id: String,
    #[serde(rename = "shortDescription")]
    _short: Message,
    #[serde(rename = "help")]
    _help: Message,
    #[serde(rename = "defaultConfiguration")]
    _default: Configuration,
    #[serde(rename = "properties")]
    _properties: serde_json::Map<String, serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Configuration {
    #[serde(rename = "level")]
    _level: Level,
    #[serde(rename = "enabled")]
    _enabled: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    None,
    Note,
    Warning,
    Error,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Message {
    #[serde(rename = "text")]
    _text: String,
    #[serde(default, rename = "markdown")]
    _markdown: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Result {
    pub(super) rule_id: String,
    pub(super) rule_index: usize,
    #[serde(rename = "level")]
    _level: Level,
    #[serde(rename = "message")]
    _message: Message,
    pub(super) locations: Vec<Location>,
    #[serde(default, rename = "relatedLocations")]
    _related: Vec<Location>,
    pub(super) partial_fingerprints: std::collections::BTreeMap<String, String>,
    #[serde(default)]
    pub(super) fixes: Vec<Fix>,
    #[serde(default)]
    pub(super) suppressions: Vec<Suppression>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Location {
    #[serde(default, rename = "id")]
    _id: u32,
    #[serde(default, rename = "message")]
    _message: Option<Message>,
    #[serde(rename = "physicalLocation")]
    pub(super) place: Physical,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Physical {
    #[serde(rename = "artifactLocation")]
    _artifact: Artifact,
    pub(super) region: Region,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Artifact {
    #[serde(rename = "uri")]
    _uri: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Region {
    pub(super) start_line: u32,
    pub(super) start_column: u32,
    pub(super) end_line: u32,
    pub(super) end_column: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Fix {
    #[serde(rename = "description")]
    _description: Message,
    pub(super) artifact_changes: Vec<Change>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Change {
    #[serde(rename = "artifactLocation")]
    _artifact: Artifact,
    pub(super) replacements: Vec<Replacement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Replacement {
    #[serde(rename = "deletedRegion")]
    _deleted: Region,
    #[serde(rename = "insertedContent")]
    _inserted: Message,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Suppression {
    pub(super) kind: Kind,
    #[serde(rename = "justification")]
    _justification: String,
}

#[derive(Deserialize, PartialEq, Debug)]
#[serde(rename_all = "camelCase")]
pub(super) enum Kind {
    InSource,
    External,
}
