//! The changes of a text that make medcode accept an issue: a comment where one can stand.

use std::ops::Range;

use crate::note::{FencedCodes, Note, Place, Pragma, Verb, can_be_named};

use super::{
    TextIssue,
    pragmas::{self, line_of},
};

/// Changes of the text, applied together. Ranges are bytes.
pub type Edits = Vec<(Range<usize>, String)>;

/// What an inserted comment leaves open. The reason belongs before the second sign.
pub const OPEN_REASON: &str = "-- -->";

/// The ways to accept an issue in the text. `None` where a comment would be text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ignoring {
    /// The rule on this line, in this block or, from front matter, in this document.
    pub here: Option<Edits>,
    /// The rule in this document.
    pub in_file: Option<Edits>,
    /// The two codes, as being unrelated.
    pub unrelated: Option<Edits>,
}

/// Finds the ways to accept issues of one text.
pub(super) struct Ways<'t> {
    text: &'t str,
    note: &'t Note,
    newline: &'static str,
}

/// What surrounds a place.
enum Around<'f> {
    FrontMatter,
    Fence(&'f FencedCodes),
    Format,
    Text,
}

impl<'t> Ways<'t> {
    pub(super) fn new(text: &'t str, note: &'t Note) -> Self {
        let newline = match text.find('\n') {
            Some(at) if text[..at].ends_with('\r') => "\r\n",
            _ => "\n",
        };
        Self { text, note, newline }
    }

    pub(super) fn of(&self, issue: &TextIssue) -> Ignoring {
        if pragmas::ABOUT_COMMENTS.contains(&issue.rule.as_str()) {
            return Ignoring::default();
        }
        let code = issue.codes.iter().map(String::as_str).find(|code| can_be_named(code));
        let subject =
            code.map_or_else(|| issue.rule.clone(), |code| [&issue.rule, " ", code].concat());
        let at = issue.range.start;
        let in_file = self.in_file(&issue.rule, code, &subject);
        let here = match self.around(issue) {
            Around::FrontMatter => in_file.clone(),
            Around::Fence(fence) => {
                let mut edits = vec![self.before(fence, &comment("", "ignore-start", &subject))];
                if fence.is_closed {
                    let end = format!("<!-- medcode: ignore-end {} -->", issue.rule);
                    edits.push(self.behind(fence, &end));
                }
                Some(edits)
            }
            Around::Format => None,
            Around::Text => self.on_line(at, &issue.rule, code, &subject),
        };
        Ignoring { here, in_file, unrelated: self.unrelated(issue) }
    }

    fn around(&self, issue: &TextIssue) -> Around<'_> {
        let at = issue.range.start;
        if self.note.frames.front_matter.as_ref().is_some_and(|range| range.contains(&at)) {
            return Around::FrontMatter;
        }
        if let Some(fence) = self.note.frames.fences.iter().find(|fence| fence.range.contains(&at))
        {
            return Around::Fence(fence);
        }
        let mention = issue.mention.and_then(|index| self.note.mentions.get(index));
        // A form outside of a fence is read by its columns and boxes.
        let is_form = mention.is_some_and(|mention| mention.place == Place::Claim);
        if is_form || self.note.frames.formats.iter().any(|range| range.contains(&at)) {
            return Around::Format;
        }
        Around::Text
    }

    /// A comment at the end of the line, in a table row within its last cell.
    fn on_line(&self, at: usize, rule: &str, code: Option<&str>, subject: &str) -> Option<Edits> {
        let line = line_of(self.text, at);
        let own =
            |pragma: &&Pragma| pragma.verb == Verb::Ignore && line.contains(&pragma.range.start);
        let mut extended =
            self.note.pragmas.iter().filter(own).filter_map(|own| extended(own, rule, code));
        if let Some(edit) = extended.next() {
            return Some(vec![edit]);
        }
        if let Some(place) = self.end_of(&line) {
            return Some(vec![(place..place, comment(" ", "ignore", subject))]);
        }
        // Behind an open backquote a comment would be code.
        let content = self.content(&line);
        let indent = content.len() - content.trim_start().len();
        let head = content.get(..indent).unwrap_or_default();
        let above = [&*comment(head, "ignore-next-line", subject), self.newline].concat();
        (!content.trim_end().ends_with('|')).then(|| vec![(line.start..line.start, above)])
    }

    /// Where a comment goes on a line; `None` where it would be code.
    fn end_of(&self, line: &Range<usize>) -> Option<usize> {
        let content = self.content(line).trim_end();
        let cells = content.strip_suffix('|').filter(|cells| cells.contains('|'));
        let before = cells.unwrap_or(content).trim_end();
        (before.bytes().filter(|byte| *byte == b'`').count() % 2 == 0)
            .then_some(line.start + before.len())
    }

    fn content(&self, line: &Range<usize>) -> &'t str {
        self.text.get(line.start..line.end.min(self.text.len())).unwrap_or_default()
    }

    /// A comment at the head of the document, below its front matter.
    fn in_file(&self, rule: &str, code: Option<&str>, subject: &str) -> Option<Edits> {
        let own = |pragma: &&Pragma| pragma.verb == Verb::IgnoreFile;
        let mut extended =
            self.note.pragmas.iter().filter(own).filter_map(|own| extended(own, rule, code));
        if let Some(edit) = extended.next() {
            return Some(vec![edit]);
        }
        let body = self.note.frames.body;
        let before = |format: &Range<usize>| self.text.get(body..format.start);
        let is_format =
            |format: &Range<usize>| before(format).is_some_and(|before| before.trim().is_empty());
        if self.note.frames.formats.iter().any(is_format) {
            return None;
        }
        Some(vec![self.line_at(body, &comment("", "ignore-file", subject))])
    }

    /// A line of its own at the start of a line, or at the end of the text.
    fn line_at(&self, at: usize, words: &str) -> (Range<usize>, String) {
        let before = self.text.get(..at).unwrap_or_default();
        let begins =
            before.trim_start_matches('\u{FEFF}').is_empty() || before.ends_with(['\n', '\r']);
        let line = if begins { [words, self.newline] } else { [self.newline, words] };
        (at..at, line.concat())
    }

    fn before(&self, fence: &FencedCodes, words: &str) -> (Range<usize>, String) {
        self.line_at(fence.range.start, &self.indented(fence, words))
    }

    fn behind(&self, fence: &FencedCodes, words: &str) -> (Range<usize>, String) {
        self.line_at(fence.range.end, &self.indented(fence, words))
    }

    fn indented(&self, fence: &FencedCodes, words: &str) -> String {
        format!("{}{words}", self.text.get(fence.indent.clone()).unwrap_or_default())
    }

    /// A comment that two codes are unrelated, in their encounter.
    fn unrelated(&self, issue: &TextIssue) -> Option<Edits> {
        let [first, second] = issue.codes.as_slice() else { return None };
        if issue.rule != pragmas::PAIRS || !can_be_named(first) || !can_be_named(second) {
            return None;
        }
        let words = |before| comment(before, "unrelated", &[first, " ", second].concat());
        let at = issue.range.start;
        let edit = match self.around(issue) {
            Around::FrontMatter => self.line_at(self.note.frames.body, &words("")),
            Around::Fence(fence) if self.same_encounter(fence.range.start, at) => {
                self.before(fence, &words(""))
            }
            Around::Fence(fence) if fence.is_closed => self.behind(fence, &words("")),
            Around::Fence(_) | Around::Format => return None,
            Around::Text => {
                let place = self.end_of(&line_of(self.text, at))?;
                (place..place, words(" "))
            }
        };
        self.same_encounter(edit.0.start, at).then(|| vec![edit])
    }

    /// Whether two places lie in one encounter. The end of the text belongs to the last one.
    fn same_encounter(&self, a: usize, b: usize) -> bool {
        let of = |at: usize| self.note.encounters.iter().rposition(|scope| scope.range.start <= at);
        of(a) == of(b)
    }
}

/// A comment with what stands before it.
fn comment(before: &str, verb: &str, subject: &str) -> String {
    [before, "<!-- medcode: ", verb, " ", subject, " ", OPEN_REASON].concat()
}

/// The change by which a comment also accepts this, and nothing else. `None` where it would accept more.
fn extended(pragma: &Pragma, rule: &str, code: Option<&str>) -> Option<(Range<usize>, String)> {
    if let ([own], Some(code)) = (pragma.rules.as_slice(), code)
        && own == rule
    {
        let end = pragma.words_end;
        return (!pragma.codes.is_empty()).then(|| (end..end, format!(" {code}")));
    }
    let same_codes = match (pragma.codes.as_slice(), code) {
        ([], None) => true,
        ([own], Some(code)) => own == code,
        _ => false,
    };
    let last = pragma.rule_ranges.last().filter(|_| same_codes)?;
    let is_new = pragma.rules.iter().all(|own| own != rule);
    is_new.then(|| (last.end..last.end, format!(", {rule}")))
}

#[cfg(test)]
mod tests;
