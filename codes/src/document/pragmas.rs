//! Which issues a comment in the text silences, and which comments silence nothing.

use std::{borrow::Cow, ops::Range};

use crate::note::{Note, Pragma, Verb};

use super::{TextIssue, accepted::is_same};

/// The text with blanks in the place of comments to medcode, byte for byte.
pub(super) fn blanked<'t>(text: &'t str, note: &Note) -> Cow<'t, str> {
    if note.pragmas.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for pragma in &note.pragmas {
        plain.push_str(text.get(plain.len()..pragma.range.start).unwrap_or_default());
        let comment = text.get(plain.len()..pragma.range.end).unwrap_or_default();
        plain.extend(comment.bytes().map(|byte| match byte {
            b'\n' | b'\r' => char::from(byte),
            _ => ' ',
        }));
    }
    plain.push_str(text.get(plain.len()..).unwrap_or_default());
    Cow::Owned(plain)
}

/// Rules that no comment silences: a comment about comments would hide its own fault.
pub(super) const ABOUT_COMMENTS: [&str; 2] = ["invalid-pragma", "unused-pragma"];

/// The one rule whose issues the comment that two codes are unrelated accepts.
pub(super) const PAIRS: &str = "excludes1-conflict";

/// What became of the comments of a note.
#[derive(Debug)]
pub(super) struct Uses<'n> {
    text: &'n str,
    note: &'n Note,
    /// By pragma, then by the rules it names; one entry for `unrelated`.
    used: Vec<Vec<bool>>,
}

impl<'n> Uses<'n> {
    /// Nothing is silenced yet.
    pub(super) fn new(text: &'n str, note: &'n Note) -> Self {
        let places = |pragma: &Pragma| match pragma.verb {
            Verb::Unrelated => 1,
            _ => pragma.rules.len(),
        };
        let used = note.pragmas.iter().map(|pragma| vec![false; places(pragma)]).collect();
        Self { text, note, used }
    }

    /// The first comment that accepts the issue, as an index into the pragmas. Every comment that does counts as used.
    pub(super) fn silence(&mut self, issue: &TextIssue) -> Option<usize> {
        if ABOUT_COMMENTS.contains(&issue.rule.as_str()) {
            return None;
        }
        let mut first = None;
        for (index, pragma) in self.note.pragmas.iter().enumerate() {
            if !covers(self.text, self.note, pragma, issue) {
                continue;
            }
            first = first.or(Some(index));
            let place = match pragma.verb {
                Verb::Unrelated => Some(0),
                _ => pragma.rules.iter().position(|rule| *rule == issue.rule),
            };
            let uses = self.used.get_mut(index);
            if let Some(used) = uses.zip(place).and_then(|(uses, place)| uses.get_mut(place)) {
                *used = true;
            }
        }
        first
    }

    /// What was used, by pragma.
    pub(super) fn into_used(self) -> Vec<Vec<bool>> {
        self.used
    }
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
            issue.rule == PAIRS
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
