//! Which issues a comment in the text silences.

use std::ops::Range;

use crate::{
    code::Code,
    note::{Note, Pragma, Verb},
    system::CodeSystem,
};

use super::TextIssue;

/// Whether a comment in the text accepts the issue.
pub(super) fn silence(text: &str, note: &Note, issue: &TextIssue) -> bool {
    // A comment about comments would silence the report of its own fault.
    issue.rule != "invalid-pragma"
        && note.pragmas.iter().any(|pragma| covers(text, note, pragma, issue))
}

fn covers(text: &str, note: &Note, pragma: &Pragma, issue: &TextIssue) -> bool {
    let at = issue.range.start;
    match pragma.verb {
        Verb::Ignore => names(pragma, issue) && line_of(text, pragma.range.start).contains(&at),
        Verb::IgnoreNextLine => {
            names(pragma, issue) && next_line(text, pragma.range.end).contains(&at)
        }
        Verb::IgnoreStart => {
            names(pragma, issue)
                && (pragma.range.end..region_end(text, note, pragma, &issue.rule)).contains(&at)
        }
        Verb::IgnoreFile => names(pragma, issue),
        Verb::Unrelated => {
            let encounter =
                note.encounters.iter().find(|scope| scope.range.contains(&pragma.range.start));
            issue.rule == "excludes1-conflict"
                && pragma.codes.len() == 2
                && issue
                    .codes
                    .iter()
                    .all(|code| pragma.codes.iter().any(|named| is_same(named, code)))
                && encounter.is_none_or(|scope| scope.range.contains(&at))
        }
        Verb::IgnoreEnd | Verb::Unknown { .. } => false,
    }
}

fn names(pragma: &Pragma, issue: &TextIssue) -> bool {
    let rule = pragma.rules.contains(&issue.rule);
    let code = pragma.codes.is_empty()
        || issue.codes.iter().any(|code| pragma.codes.iter().any(|named| is_same(named, code)));
    rule && code
}

/// Whether two texts name one code, whatever their case and point.
fn is_same(a: &str, b: &str) -> bool {
    CodeSystem::ALL.into_iter().any(|system| {
        match (Code::parse(system, a), Code::parse(system, b)) {
            (Ok(a), Ok(b)) => a == b,
            _ => false,
        }
    }) || a.eq_ignore_ascii_case(b)
}

/// The line around an offset, its end included.
pub(super) fn line_of(text: &str, offset: usize) -> Range<usize> {
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let end = text[offset..].find('\n').map_or(text.len(), |at| offset + at);
    start..end + 1
}

/// The next line that is not blank.
fn next_line(text: &str, offset: usize) -> Range<usize> {
    let mut start = line_of(text, offset).end;
    while start < text.len() {
        let line = line_of(text, start);
        if !text[line.start..line.end.min(text.len())].trim().is_empty() {
            return line;
        }
        start = line.end;
    }
    text.len()..text.len()
}

/// Where the region in which a rule is ignored ends: at the next end for it, else at the end of the text.
fn region_end(text: &str, note: &Note, start: &Pragma, rule: &str) -> usize {
    let mut ends = note
        .pragmas
        .iter()
        .filter(|other| other.verb == Verb::IgnoreEnd && other.range.start >= start.range.end);
    let end = ends.find(|end| end.rules.is_empty() || end.rules.iter().any(|ended| ended == rule));
    end.map_or(text.len(), |end| end.range.start)
}
