//! The code quality report of GitLab, a subset of the format of Code Climate.

use std::collections::HashMap;

use medcode_codes::{document::TextIssue, issue::Severity};
use serde::Serialize;

use super::Checked;

/// The report as it grows.
#[derive(Debug, Default)]
pub(super) struct Quality {
    entries: Vec<Entry>,
    prints: Fingerprints,
}

#[derive(Debug, Serialize)]
pub(super) struct Entry {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Debug, Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Debug, Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

impl Quality {
    /// Takes the issues of a text.
    pub(super) fn add(&mut self, checked: &Checked) {
        for issue in &checked.assembly.issues {
            let span = checked.span(&issue.range);
            self.entries.push(Entry {
                description: issue.message.clone(),
                check_name: issue.rule.clone(),
                fingerprint: self.prints.of(&checked.path, issue),
                severity: match issue.severity {
                    Severity::Error => "critical",
                    Severity::Warning => "major",
                    Severity::Information => "minor",
                    Severity::Hint => "info",
                },
                location: Location {
                    path: checked.path.replace('\\', "/"),
                    lines: Lines { begin: span.start.line, end: span.end.line },
                },
            });
        }
    }

    /// The report.
    pub(super) fn finish(self) -> Vec<Entry> {
        self.entries
    }
}

/// Marks by which an issue is known again when lines move: path, rule, codes, and which of several alike it is.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    seen: HashMap<u64, usize>,
}

impl Fingerprints {
    /// The mark of an issue.
    pub(super) fn of(&mut self, path: &str, issue: &TextIssue) -> String {
        let mut hash = Fnv::default();
        for part in [path, &issue.rule].into_iter().chain(issue.codes.iter().map(String::as_str)) {
            hash.add(part.as_bytes());
            hash.add(&[0]);
        }
        let seen = self.seen.entry(hash.0).or_default();
        hash.add(&seen.to_le_bytes());
        *seen += 1;
        format!("{:016x}", hash.0)
    }
}

/// FNV-1a, which is the same on every machine and in every version.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
