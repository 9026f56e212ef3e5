//! SARIF 2.1.0, which code scanning services and editors read.

use std::{collections::BTreeMap, fmt::Write, ops::Range};

use medcode_codes::{document::TextIssue, issue::Severity, rule::Rule, rules};
use serde_json::{Map, Value, json};

use super::{Checked, Totals, gitlab::Fingerprints, places::Span};

/// The log as it grows.
#[derive(Debug, Default)]
pub(super) struct Log {
    results: Vec<Value>,
    /// The index of each rule that is spoken of.
    rules: BTreeMap<&'static str, usize>,
    prints: Fingerprints,
}

impl Log {
    /// Takes the issues of a text.
    pub(super) fn add(&mut self, checked: &Checked, with_ignored: bool) {
        for issue in &checked.assembly.issues {
            let result = self.result(checked, issue);
            self.results.push(result);
        }
        if !with_ignored {
            return;
        }
        for (silenced, accepting) in checked.assembly.silenced.iter().zip(&checked.reasons) {
            let mut result = self.result(checked, &silenced.issue);
            let kind = if accepting.line.is_some() { "inSource" } else { "external" };
            result["suppressions"] = json!([{ "kind": kind, "justification": accepting.reason }]);
            self.results.push(result);
        }
    }

    fn result(&mut self, checked: &Checked, issue: &TextIssue) -> Value {
        let mut result = json!({
            "ruleId": issue.rule,
            "level": level(issue.severity),
            "message": { "text": issue.message },
            "locations": [{ "physicalLocation": place(checked, &issue.range) }],
            "partialFingerprints": { "medcode/v1": self.prints.of(&checked.path, issue) },
        });
        if let Some(rule) = rules::find(&issue.rule) {
            let next = self.rules.len();
            result["ruleIndex"] = (*self.rules.entry(rule.id).or_insert(next)).into();
        }
        let related = issue.related.iter().enumerate().map(|(number, related)| {
            json!({
                "id": number + 1,
                "message": { "text": related.code },
                "physicalLocation": place(checked, &related.range),
            })
        });
        let related: Vec<Value> = related.collect();
        if !related.is_empty() {
            result["relatedLocations"] = related.into();
        }
        let fixes: Vec<Value> = issue
            .fixes
            .iter()
            .map(|fix| {
                let replacements = fix.edits.iter().map(|(range, text)| {
                    json!({
                        "deletedRegion": region(checked, range),
                        "insertedContent": { "text": text },
                    })
                });
                json!({
                    "description": { "text": fix.title },
                    "artifactChanges": [{
                        "artifactLocation": { "uri": uri(&checked.path) },
                        "replacements": replacements.collect::<Vec<_>>(),
                    }],
                })
            })
            .collect();
        if !fixes.is_empty() {
            result["fixes"] = fixes.into();
        }
        result
    }

    /// The log.
    pub(super) fn finish(self, totals: &Totals) -> Value {
        let mut spoken_of: Vec<_> = self.rules.into_iter().collect();
        spoken_of.sort_by_key(|(_, index)| *index);
        let described: Vec<Value> =
            spoken_of.iter().filter_map(|(id, _)| rules::find(id)).map(description).collect();
        json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "medcode",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": described,
                }},
                "columnKind": "unicodeCodePoints",
                "invocations": [{
                    "executionSuccessful": !totals.incomplete,
                    "toolExecutionNotifications": if totals.incomplete {
                        json!([{ "level": "warning", "message": { "text": "Not everything could be checked." } }])
                    } else {
                        json!([])
                    },
                }],
                "results": self.results,
            }],
        })
    }
}

fn description(rule: &'static Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.summary() },
        "help": { "text": rule.markdown(), "markdown": rule.markdown() },
        "defaultConfiguration": { "level": level(rule.severity), "enabled": rule.is_on },
        "properties": { "tags": [rules::family(rule).id] },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information | Severity::Hint => "note",
    }
}

fn place(checked: &Checked, range: &Range<usize>) -> Value {
    json!({
        "artifactLocation": { "uri": uri(&checked.path) },
        "region": region(checked, range),
    })
}

fn region(checked: &Checked, range: &Range<usize>) -> Value {
    let Span { start, end } = checked.span(range);
    let members: Map<String, Value> = [
        ("startLine", start.line),
        ("startColumn", start.column),
        ("endLine", end.line),
        ("endColumn", end.column),
    ]
    .into_iter()
    .map(|(name, number)| (name.to_owned(), number.into()))
    .collect();
    Value::Object(members)
}

/// A relative reference, or a `file` address for an absolute path.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut uri = String::new();
    if path.starts_with('/') {
        uri.push_str("file://");
    } else if path.as_bytes().get(1) == Some(&b':') {
        uri.push_str("file:///");
    }
    for byte in path.bytes() {
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        // The colon of a drive; elsewhere it would look like a scheme.
        let is_drive = byte == b':' && uri == format!("file:///{}", &path[..1]);
        if is_plain || is_drive {
            uri.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod standard;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_paths_as_addresses() {
        assert_eq!(uri("notes/a b.md"), "notes/a%20b.md");
        assert_eq!(uri("/n/\u{e4}:x.md"), "file:///n/%C3%A4%3Ax.md");
        assert_eq!(uri("C:\\n\\a.md"), "file:///C:/n/a.md");
        assert_eq!(uri("-"), "-");
    }

    #[test]
    fn writes_what_the_standard_reads() {
        use medcode_codes::{
            document::{Silenced, SilencedBy},
            text_check::TextFix,
        };
        let issue = |rule: &str| TextIssue {
            rule: rule.to_owned(),
            severity: Severity::Hint,
            range: 7..11,
            message: "Write E11.9.".to_owned(),
            codes: vec!["E11.9".to_owned()],
            mention: None,
            related: vec![medcode_codes::document::Related {
                range: 7..11,
                code: "E11.9".to_owned(),
            }],
            notes: Vec::new(),
            fixes: vec![TextFix {
                title: "Write E11.9".to_owned(),
                safe: true,
                edits: vec![(7..11, "E11.9".to_owned())],
            }],
            ignoring: medcode_codes::document::Ignoring::default(),
            source: String::new(),
        };
        let mut checked = Checked {
            path: "a.md".to_owned(),
            text: "a\n\u{c4}: \te119".to_owned(),
            ..Checked::default()
        };
        checked.assembly.issues = vec![issue("missing-dot"), issue("missing-dot")];
        checked.assembly.silenced =
            vec![Silenced { issue: issue("lowercase-code"), by: SilencedBy::Settings(0) }];
        checked.reasons = vec![super::super::one::Accepting { line: None, reason: "x".to_owned() }];
        let mut log = Log::default();
        log.add(&checked, true);
        let written = log.finish(&Totals { incomplete: true, ..Totals::default() });
        let read: standard::Log = serde_json::from_value(written).unwrap();
        assert_eq!((read.version.as_str(), read.runs.len()), ("2.1.0", 1));
        let run = &read.runs[0];
        assert_eq!(run.column_kind, standard::ColumnKind::UnicodeCodePoints);
        assert!(!run.invocations[0].execution_successful);
        for result in &run.results {
            assert_eq!(run.tool.driver.rules[result.rule_index].id, result.rule_id);
            let region = &result.locations[0].place.region;
            assert_eq!((region.start_line, region.start_column), (2, 5));
            assert_eq!((region.end_line, region.end_column), (2, 9));
            assert_eq!(result.fixes[0].artifact_changes[0].replacements.len(), 1);
        }
        let prints: std::collections::BTreeSet<_> =
            run.results.iter().map(|result| &result.partial_fingerprints["medcode/v1"]).collect();
        assert_eq!(prints.len(), 3);
        assert_eq!(run.results[2].suppressions[0].kind, standard::Kind::External);
    }
}
