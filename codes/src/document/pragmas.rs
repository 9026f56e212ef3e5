//! Which issues a comment in the text silences, and which comments silence nothing.

use std::{borrow::Cow, collections::HashMap, ops::Range};

use memchr::{memchr, memrchr};

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
    /// The comments about one line, by its first byte.
    of_line: HashMap<usize, Vec<usize>>,
    /// The other comments, by the rules they name.
    of_rule: HashMap<&'n str, Vec<usize>>,
    /// The comments that end a region, in text order.
    ends: Vec<usize>,
}

impl<'n> Uses<'n> {
    /// Nothing is silenced yet.
    pub(super) fn new(text: &'n str, note: &'n Note) -> Self {
        let mut uses = Self {
            text,
            note,
            used: Vec::with_capacity(note.pragmas.len()),
            of_line: HashMap::new(),
            of_rule: HashMap::new(),
            ends: Vec::new(),
        };
        for (index, pragma) in note.pragmas.iter().enumerate() {
            let places = if pragma.verb == Verb::Unrelated { 1 } else { pragma.rules.len() };
            uses.used.push(vec![false; places]);
            match pragma.verb {
                Verb::Ignore => {
                    let line = line_of(text, pragma.range.start).start;
                    uses.of_line.entry(line).or_default().push(index);
                }
                Verb::IgnoreNextLine => {
                    let line = next_line(text, pragma.range.end).start;
                    uses.of_line.entry(line).or_default().push(index);
                }
                Verb::IgnoreStart | Verb::IgnoreFile => {
                    for rule in &pragma.rules {
                        let named = uses.of_rule.entry(rule).or_default();
                        if named.last() != Some(&index) {
                            named.push(index);
                        }
                    }
                }
                Verb::Unrelated => uses.of_rule.entry(PAIRS).or_default().push(index),
                Verb::IgnoreEnd => uses.ends.push(index),
                Verb::Unknown { .. } => {}
            }
        }
        uses
    }

    /// The first comment that accepts the issue, as an index into the pragmas. Every comment that does counts as used.
    pub(super) fn silence(&mut self, issue: &TextIssue) -> Option<usize> {
        if self.used.is_empty() || ABOUT_COMMENTS.contains(&issue.rule.as_str()) {
            return None;
        }
        let line = line_of(self.text, issue.range.start).start;
        let of_line = self.of_line.get(&line).into_iter().flatten();
        let of_rule = self.of_rule.get(&*issue.rule).into_iter().flatten();
        let covering: Vec<usize> =
            of_line.chain(of_rule).copied().filter(|index| self.covers(*index, issue)).collect();
        for index in &covering {
            let Some(pragma) = self.note.pragmas.get(*index) else { continue };
            let place = match pragma.verb {
                Verb::Unrelated => Some(0),
                _ => pragma.rules.iter().position(|rule| *rule == issue.rule),
            };
            let uses = self.used.get_mut(*index);
            if let Some(used) = uses.zip(place).and_then(|(uses, place)| uses.get_mut(place)) {
                *used = true;
            }
        }
        covering.into_iter().min()
    }

    /// What was used, by pragma.
    pub(super) fn into_used(self) -> Vec<Vec<bool>> {
        self.used
    }

    /// Whether a comment accepts an issue that stands on its line or is of its rules.
    fn covers(&self, index: usize, issue: &TextIssue) -> bool {
        let Some(pragma) = self.note.pragmas.get(index) else { return false };
        let at = issue.range.start;
        match pragma.verb {
            Verb::Ignore | Verb::IgnoreNextLine | Verb::IgnoreFile => names(pragma, issue),
            Verb::IgnoreStart => {
                names(pragma, issue)
                    && pragma.range.end <= at
                    && at < self.region_end(pragma, &issue.rule)
            }
            Verb::Unrelated => {
                issue.rule == PAIRS
                    && pragma.codes.len() == 2
                    && issue
                        .codes
                        .iter()
                        .all(|code| pragma.codes.iter().any(|named| is_same(named, code)))
                    && self.encounter_at(pragma.range.start).is_none_or(|scope| scope.contains(&at))
            }
            Verb::IgnoreEnd | Verb::Unknown { .. } => false,
        }
    }

    fn encounter_at(&self, offset: usize) -> Option<&Range<usize>> {
        let all = &self.note.encounters;
        let index = all.partition_point(|scope| scope.range.end <= offset);
        all.get(index).map(|scope| &scope.range).filter(|range| range.contains(&offset))
    }

    /// Where the region in which a rule is ignored ends: at the next end for it, else at the end of the text.
    fn region_end(&self, start: &Pragma, rule: &str) -> usize {
        let pragmas = &self.note.pragmas;
        let begins = |index: &usize| pragmas[*index].range.start < start.range.end;
        let behind = self.ends.get(self.ends.partition_point(begins)..).unwrap_or_default();
        let mut ends = behind.iter().filter_map(|index| pragmas.get(*index));
        let end = ends.find(|end| end.rules.is_empty() || end.rules.iter().any(|it| it == rule));
        end.map_or(self.text.len(), |end| end.range.start)
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
    let (before, behind) = text.as_bytes().split_at(offset);
    let start = memrchr(b'\n', before).map_or(0, |at| at + 1);
    let end = memchr(b'\n', behind).map_or(text.len(), |at| offset + at);
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
