//! `medcode check --settings`: which settings hold for a path, and where they come from.

use std::path::Path;

use medcode_codes::{document::Recognition, rules};
use serde_json::{Map, Value, json};

use super::{
    Options,
    settings::{Governed, SettingsOf},
};
use crate::{
    failure::{Answer, Failure},
    output::{self, Style},
};

/// Prints the settings for each path that was named.
pub(super) fn show(options: &Options, settings: &SettingsOf) -> Result<Answer, Failure> {
    let mut all = Vec::new();
    for path in &options.paths {
        let wrong = |error| Failure::Usage(format!("{}: {error}", path.display()));
        let real = path.canonicalize().map_err(wrong)?;
        // A folder stands for a note in it.
        let note = if real.is_dir() { real.join("note.md") } else { real };
        let governed = settings.of(&note);
        if options.json {
            all.push(document(path, &note, &governed, settings));
        } else {
            page(path, &note, &governed, settings)?;
        }
    }
    if options.json {
        output::json(&json!({ "settings": all }))?;
    }
    Ok(Answer::Yes)
}

fn document(shown: &Path, note: &Path, governed: &Governed, settings: &SettingsOf) -> Value {
    let (check, as_of) = settings.for_check(Some(note));
    let levels: Map<String, Value> = check
        .severity
        .iter()
        .map(|(rule, level)| (rule.clone(), level.map_or("off", |level| level.id()).into()))
        .collect();
    let ignore: Vec<Value> = check
        .accepted
        .iter()
        .map(|entry| json!({ "rule": entry.rule, "codes": entry.codes, "reason": entry.reason }))
        .collect();
    json!({
        "path": shown.display().to_string(),
        "project": governed.project.as_ref().map(|file| file.path.display().to_string()),
        "user": governed.user.as_ref().map(|file| file.path.display().to_string()),
        "excluded": governed.settings.excludes(note),
        "asOf": as_of.map(|date| date.to_string()),
        "recognition": check.recognition.id(),
        "excludes1": if check.strict_excludes1 { "strict" } else { "normal" },
        "payer": check.payer,
        "payerFiles": governed.settings.payer_files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>(),
        "rules": levels,
        "ignore": ignore,
    })
}

fn page(
    shown: &Path,
    note: &Path,
    governed: &Governed,
    settings: &SettingsOf,
) -> Result<(), Failure> {
    let style = Style::for_stdout();
    let (check, as_of) = settings.for_check(Some(note));
    output::line(&style.bold(&shown.display().to_string()))?;
    let row = |name: &str, value: &str| output::line(&format!("  {name:<12} {value}"));
    let user = crate::settings_files::user();
    row(
        "project",
        &match &governed.project {
            Some(file) => file.path.display().to_string(),
            None => "none: no medcode.toml and no .medcode.toml here or above".to_owned(),
        },
    )?;
    row(
        "user",
        &match (&governed.user, user) {
            (Some(file), _) => file.path.display().to_string(),
            (None, Some(path)) => format!("none ({})", path.display()),
            (None, None) => "none".to_owned(),
        },
    )?;
    if governed.settings.excludes(note) {
        row("excluded", "left out by files.exclude")?;
    }
    if let Some(date) = as_of {
        row("asOf", &date.to_string())?;
    }
    if check.recognition != Recognition::default() {
        row("recognition", check.recognition.id())?;
    }
    if check.strict_excludes1 {
        row("excludes1", "strict")?;
    }
    if let Some(payer) = &check.payer {
        row("payer", payer)?;
    }
    for file in &governed.settings.payer_files {
        row("payerFiles", &file.display().to_string())?;
    }
    for (id, level) in &check.severity {
        let own = rules::find(id).map(|rule| rule.severity);
        let level = level.map_or("off", |level| level.id());
        let default = own.map_or_else(String::new, |own| format!(" (default {own})"));
        row("rules", &format!("{id} = {level}{default}"))?;
    }
    for entry in &check.accepted {
        let codes = if entry.codes.is_empty() {
            String::new()
        } else {
            format!(" {}", entry.codes.join(" "))
        };
        let reason = if entry.reason.is_empty() { "no reason given" } else { &entry.reason };
        row("ignore", &format!("{}{codes}: {reason}", entry.rule))?;
    }
    output::line("")
}
