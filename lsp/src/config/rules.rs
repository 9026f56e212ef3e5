//! The settings about rules, which are lists and objects: levels, levels for some files, what is accepted, and which files
//! are checked at all.

use medcode_codes::{
    document::{Accepted, is_or_has},
    issue::Severity,
    nearest_name::nearest_of,
    rules,
};
use serde_json::{Map, Value};

use super::{Levels, Paths, Problem, Settings, values};

const LEVEL: &str = "off, hint, info, warning or error";

/// Levels from one place, for some files or for all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LevelSet {
    /// The rank of the place they come from; what has a higher one wins.
    pub(super) rank: usize,
    /// The files; `None`: all.
    pub paths: Option<Paths>,
    /// Levels by rule or family.
    pub rules: Levels,
}

/// Issues that are accepted in some files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ignore {
    /// The files; empty: all.
    pub paths: Paths,
    /// What is accepted.
    pub accepted: Accepted,
}

/// `rules`.
pub(super) fn levels(settings: &mut Settings, value: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut set = LevelSet { rank: settings.rank, ..LevelSet::default() };
    read_levels("rules", value, &mut set.rules, &mut problems);
    settings.rules.extend(set.rules.clone());
    if !set.rules.is_empty() {
        settings.levels.push(set);
    }
    problems
}

/// `overrides`. Entries of several places add up.
pub(super) fn overrides(settings: &mut Settings, value: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (key, members) in entries("overrides", value, &["paths", "rules"], &mut problems) {
        let mut entry = LevelSet { rank: settings.rank, ..LevelSet::default() };
        match paths(settings, &key, members, &mut problems) {
            Some(paths) if !paths.is_empty() => entry.paths = Some(paths),
            Some(_) => {
                problems.push(wrong(&format!("{key}.paths"), "a list with at least one glob"));
                continue;
            }
            None => continue,
        }
        let levels = members.get("rules").unwrap_or(&Value::Null);
        read_levels(&format!("{key}.rules"), levels, &mut entry.rules, &mut problems);
        settings.levels.push(entry);
    }
    problems
}

/// `ignore`. Entries of several places add up.
pub(super) fn ignores(settings: &mut Settings, value: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    let known = ["rule", "codes", "paths", "reason"];
    for (key, members) in entries("ignore", value, &known, &mut problems) {
        // A misspelled limit would accept more than was meant; the key is a problem already.
        if members.keys().any(|member| !known.contains(&member.as_str())) {
            continue;
        }
        let Some(rule) = members.get("rule").and_then(Value::as_str) else {
            problems.push(wrong(&format!("{key}.rule"), "the id of a rule or of a family"));
            continue;
        };
        if !is_known(rule) {
            problems.push(unknown(&format!("{key}.rule"), rule));
            continue;
        }
        let codes = match members.get("codes").map(values::texts) {
            None => Vec::new(),
            Some(Some(codes)) => codes,
            // Not read as "every code": that would accept more than was meant.
            Some(None) => {
                problems.push(wrong(&format!("{key}.codes"), "a list of codes"));
                continue;
            }
        };
        let Some(paths) = paths(settings, &key, members, &mut problems) else { continue };
        let reason = members.get("reason").and_then(Value::as_str).unwrap_or_default().trim();
        if reason.is_empty() {
            problems.push(Problem::NoReason { key });
        }
        let accepted = Accepted { rule: rule.to_owned(), codes, reason: reason.to_owned() };
        settings.ignore.push(Ignore { paths, accepted });
    }
    problems
}

/// `files.exclude`. Globs of several places add up.
pub(super) fn exclude(settings: &mut Settings, value: &Value) -> Vec<Problem> {
    let (paths, problems) = globs(settings, "files.exclude", value);
    settings.exclude.extend(paths);
    problems
}

/// `files.include`. Globs of several places add up.
pub(super) fn include(settings: &mut Settings, value: &Value) -> Vec<Problem> {
    let (paths, problems) = globs(settings, "files.include", value);
    settings.include.extend(paths);
    problems
}

fn globs(settings: &Settings, key: &str, value: &Value) -> (Option<Paths>, Vec<Problem>) {
    let Some(patterns) = values::texts(value) else {
        return (None, vec![wrong(key, "a list of globs such as drafts/**")]);
    };
    match Paths::new(patterns, settings.base.as_deref()) {
        Ok(paths) => (Some(paths).filter(|paths| !paths.is_empty()), Vec::new()),
        Err(pattern) => (None, vec![wrong(key, &format!("a list of globs; {pattern} is none"))]),
    }
}

/// The entries of a list of objects, each with its key: `ignore[0]`.
fn entries<'v>(
    name: &str,
    value: &'v Value,
    known: &[&'static str],
    problems: &mut Vec<Problem>,
) -> Vec<(String, &'v Map<String, Value>)> {
    let Some(list) = value.as_array() else {
        problems.push(wrong(name, "a list of entries"));
        return Vec::new();
    };
    let mut found = Vec::new();
    for (index, entry) in list.iter().enumerate() {
        let key = format!("{name}[{index}]");
        let Some(members) = entry.as_object() else {
            problems.push(wrong(&key, &format!("an entry with {}", known.join(", "))));
            continue;
        };
        for member in members.keys().filter(|member| !known.contains(&member.as_str())) {
            problems.push(Problem::UnknownKey {
                key: format!("{key}.{member}"),
                nearest: nearest_of(member, known.iter().copied())
                    .and_then(|near| known.iter().copied().find(|name| *name == near)),
            });
        }
        found.push((key, members));
    }
    found
}

fn paths(
    settings: &Settings,
    key: &str,
    members: &Map<String, Value>,
    problems: &mut Vec<Problem>,
) -> Option<Paths> {
    let Some(value) = members.get("paths") else { return Some(Paths::default()) };
    let key = format!("{key}.paths");
    let Some(patterns) = values::texts(value) else {
        problems.push(wrong(&key, "a list of globs"));
        return None;
    };
    Paths::new(patterns, settings.base.as_deref())
        .map_err(|pattern| {
            problems.push(wrong(&key, &format!("a list of globs; {pattern} is none")));
        })
        .ok()
}

/// Takes the levels over that can be read.
fn read_levels(key: &str, value: &Value, levels: &mut Levels, problems: &mut Vec<Problem>) {
    let Some(members) = value.as_object() else {
        problems.push(wrong(key, &format!("an object from rule ids to {LEVEL}")));
        return;
    };
    for (rule, level) in members.iter().filter(|(_, level)| !level.is_null()) {
        let key = format!("{key}.{rule}");
        let read = match level.as_str() {
            Some("off") => Some(None),
            Some(id) => Severity::from_id(id).map(Some),
            None => None,
        };
        match read {
            None => problems.push(wrong(&key, LEVEL)),
            Some(_) if !is_known(rule) => problems.push(unknown(&key, rule)),
            Some(level) => drop(levels.insert(rule.clone(), level)),
        }
    }
}

/// Whether a rule or a family has this name.
fn is_known(name: &str) -> bool {
    rules::RULES.iter().any(|rule| is_or_has(name, rule.id))
        || rules::FAMILIES.iter().any(|family| family.id == name)
}

fn unknown(key: &str, rule: &str) -> Problem {
    let families = rules::FAMILIES.iter().map(|family| family.id);
    let nearest = rules::nearest(rule)
        .or_else(|| families.clone().find(|id| nearest_of(rule, std::iter::once(*id)).is_some()));
    Problem::UnknownRule { key: key.to_owned(), rule: rule.to_owned(), nearest }
}

fn wrong(key: &str, expected: &str) -> Problem {
    Problem::WrongType { key: key.to_owned(), expected: expected.to_owned() }
}
