//! Places of a form or template that somebody fills in: placeholders and boxes to tick.
//!
//! They are found before anything else is read, because they decide how their surroundings read: the words inside a
//! placeholder are no words of the note, and a line that only opens or closes a block (`{{#if …}}`) is no line of it.

use std::ops::Range;

use memchr::memchr;

use super::{
    layout::{Kind, Layout},
    lines::{may_be_filled_in, start_of_line},
    shapes,
    systems::Systems,
    tokens::{self, Folded, char_at, char_before, is_blank, is_word},
};
use crate::system::CodeSystem;

mod ticks;

pub(super) use ticks::untick;

/// A placeholder that stands where a code belongs: `Dx: ***`, `| {{icd}} |`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// Its bytes, signs included.
    pub range: Range<usize>,
    /// The system that the label, column or key declares.
    pub system: Option<CodeSystem>,
    /// A code here would be part of what is reported.
    pub reported: bool,
    /// Index into [`super::Note::encounters`].
    pub encounter: usize,
}

/// One place to fill in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) range: Range<usize>,
    pub(super) kind: SlotKind,
}

/// What is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SlotKind {
    /// A value: `{{dx}}`, `***`, `@DX@`, `[[dx]]`, `${dx}`.
    Blank,
    /// Nothing: a tag that steers the template, `{{#if dx}}`, `{% endfor %}`.
    Control,
    /// A box; the flag says that it is ticked.
    Box(bool),
}

/// Longer placeholders are none.
const LONGEST: usize = 80;

/// Finds the slots of a text, outside other languages, JSON, X12 and comments.
pub(super) fn find(text: &str, layout: &Layout) -> Vec<Slot> {
    let mut found = Vec::new();
    for block in &layout.blocks {
        match block.kind {
            Kind::Foreign | Kind::Json | Kind::X12 => {}
            Kind::Text => {
                let mut line = Line::default();
                let lines = layout.telling_in(&block.range).iter();
                for telling in lines.filter(|telling| telling.may_be_filled_in()) {
                    let next: Signs =
                        if telling.has_round_brackets_alone() { bracket } else { sign };
                    find_in(text, telling.range(), next, &mut line, layout, &mut found);
                }
            }
            Kind::FrontMatter | Kind::Table | Kind::Codes(_) => {
                find_in(text, block.range.clone(), sign, &mut Line::default(), layout, &mut found);
            }
        }
    }
    found
}

fn find_in(
    text: &str,
    range: Range<usize>,
    next: Signs,
    line: &mut Line,
    layout: &Layout,
    found: &mut Vec<Slot>,
) {
    let comments = &layout.comments;
    let mut at = range.start;
    let bytes = text.as_bytes();
    while let Some(sign) = bytes.get(at..range.end).and_then(next).map(|length| at + length) {
        at = sign + 1;
        let Some(slot) = slot_at(text, sign, range.end, line) else { continue };
        at = slot.range.end.max(at);
        let before = comments.partition_point(|comment| comment.end <= sign);
        if comments.get(before).is_none_or(|comment| sign < comment.start) {
            found.push(slot);
        }
    }
}

/// Where a slot may begin.
type Signs = fn(&[u8]) -> Option<usize>;

fn sign(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| may_be_filled_in(*byte))
}

fn bracket(bytes: &[u8]) -> Option<usize> {
    memchr(b'(', bytes)
}

/// The slot that the sign at `at` opens.
pub(super) fn slot_at(text: &str, at: usize, end: usize, line: &mut Line) -> Option<Slot> {
    let rest = text.as_bytes().get(at..end)?;
    let slot = |length: usize, kind| Slot { range: at..at + length, kind };
    match rest {
        [b'{', b'{', ..] => braces(text, at, end),
        [b'{', b'%', ..] => {
            let close = closing(text, at + 2, end, "%}")?;
            Some(slot(close + 2 - at, SlotKind::Control))
        }
        [b'$', b'{', ..] => {
            let close = closing(text, at + 2, end, "}")?;
            is_name(text.get(at + 2..close)?).then(|| slot(close + 1 - at, SlotKind::Blank))
        }
        [b'[', b'[', ..] => {
            let close = closing(text, at + 2, end, "]]")?;
            stands_for_a_value(text.get(at + 2..close)?)
                .then(|| slot(close + 2 - at, SlotKind::Blank))
        }
        [b'@', ..] => smart_link(text, at, end).map(|behind| slot(behind - at, SlotKind::Blank)),
        [b'*', ..] => wildcard(text, at, end, line),
        [b'[', b']', ..] => Some(slot(2, SlotKind::Box(false))),
        [b'[', b' ' | b'_', b']', ..] | [b'(', b' ' | b'_', b')', ..] => {
            Some(slot(3, SlotKind::Box(false)))
        }
        [b'[', b' ', b' ', b']', ..] => Some(slot(4, SlotKind::Box(false))),
        [b'[', b'x' | b'X', b']', ..] | [b'(', b'x' | b'X', b')', ..] => {
            Some(slot(3, SlotKind::Box(true)))
        }
        // The second is a tick in brackets.
        [b'[', b' ', b'x' | b'X', b' ', b']', ..] | [b'[', 0xE2, 0x9C, 0x93 | 0x94, b']', ..] => {
            Some(slot(5, SlotKind::Box(true)))
        }
        [0xE2, 0x98, 0x90, ..] | [0xE2, 0x96, 0xA1, ..] => Some(slot(3, SlotKind::Box(false))),
        [0xE2, 0x98, 0x91 | 0x92, ..] => Some(slot(3, SlotKind::Box(true))),
        _ => None,
    }
}

/// `{{name}}`, `{{{name}}}`, `{{#if name}}`
fn braces(text: &str, at: usize, end: usize) -> Option<Slot> {
    let start = tokens::skip(text, at, end.min(at + 3), |it| it == '{');
    let close = closing(text, start, end, "}}")?;
    let content = text.get(start..close)?.trim();
    let behind = tokens::skip(text, close, end.min(close + start - at), |it| it == '}');
    let steers = content.starts_with(['#', '/', '^', '!', '>', '~']) || content == "else";
    let kind = if steers { SlotKind::Control } else { SlotKind::Blank };
    Some(Slot { range: at..behind, kind })
}

/// Where `sign` stands behind `from`, in the same line and not too far.
fn closing(text: &str, from: usize, end: usize, sign: &str) -> Option<usize> {
    let bytes = text.as_bytes().get(from..end.min(from + LONGEST))?;
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(byte, b'\n' | b'\r' | b'{') {
            return None;
        }
        if *byte == sign.as_bytes()[0] && bytes[index..].starts_with(sign.as_bytes()) {
            return Some(from + index);
        }
    }
    None
}

fn is_name(content: &str) -> bool {
    content.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
        && content.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte))
}

/// Whether double square brackets hold the name of a value rather than a code or the title of a page: one word without
/// change of case, or words about codes.
fn stands_for_a_value(content: &str) -> bool {
    let content = content.trim();
    if matches!(content, "" | "..." | "\u{2026}") {
        return true;
    }
    let code = content
        .split(|it: char| is_blank(it) || matches!(it, '|' | ','))
        .next()
        .and_then(Folded::read)
        .is_some_and(|word| word.digits > 0 && shapes::exact(&word, Systems::ANY).is_some());
    let names =
        content.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.:- ".contains(&byte))
            && content.bytes().any(|byte| byte.is_ascii_alphabetic());
    if code || !names {
        return false;
    }
    let about_codes = || {
        content.split(|it: char| !it.is_ascii_alphanumeric()).any(|word| {
            ["code", "codes", "cpt", "diagnosis", "dx", "hcpcs", "icd", "icd10", "px"]
                .iter()
                .any(|it| word.eq_ignore_ascii_case(it))
        })
    };
    let lower = content.bytes().any(|byte| byte.is_ascii_lowercase());
    let upper = content.bytes().any(|byte| byte.is_ascii_uppercase());
    (!content.contains(' ') && lower != upper) || about_codes()
}

/// Where `@NAME@` ends.
fn smart_link(text: &str, at: usize, end: usize) -> Option<usize> {
    let behind = tokens::skip(text, at + 1, end.min(at + LONGEST), |it| {
        it.is_ascii_uppercase() || it.is_ascii_digit() || matches!(it, '_' | ':' | '(' | ')')
    });
    let named = text.as_bytes().get(at + 1).is_some_and(u8::is_ascii_uppercase);
    let closed = behind < end && text.as_bytes().get(behind) == Some(&b'@');
    let apart = !char_before(text, at).is_some_and(is_word)
        && !char_at(text, behind + 1).is_some_and(|(it, _)| behind + 1 < end && is_word(it));
    (named && closed && apart).then_some(behind + 1)
}

/// The line that is being looked at, so that each line is looked for once.
#[derive(Debug, Default)]
pub(super) struct Line {
    range: Range<usize>,
    /// Three stars at both ends, or nothing else: a rule or an ornament.
    ornament: bool,
}

/// `***`, where a word or code may stand: not in `***bold***`, not as a rule across the page.
fn wildcard(text: &str, at: usize, end: usize, line: &mut Line) -> Option<Slot> {
    let behind = tokens::skip(text, at, end.min(at + 4), |it| it == '*');
    if behind - at != 3 {
        return None;
    }
    let before = char_before(text, at).is_none_or(|it| {
        is_blank(it) || matches!(it, '\n' | '\r' | ':' | '=' | '|' | '(' | '[' | ',' | ';' | '"')
    });
    let after = char_at(text, behind).filter(|_| behind < end).is_none_or(|(it, _)| {
        is_blank(it)
            || matches!(it, '\n' | '\r' | ',' | '.' | ';' | ':' | ')' | ']' | '|' | '"' | '-')
    });
    if !before || !after {
        return None;
    }
    if at >= line.range.end {
        let start = start_of_line(text, at);
        let length = text.get(start..)?.bytes().take_while(|it| !matches!(it, b'\n' | b'\r'));
        let range = start..start + length.count();
        let content = text.get(range.clone())?.trim();
        let ornament = content.starts_with("***") && content.ends_with("***");
        *line = Line { range, ornament };
    }
    (!line.ornament).then_some(Slot { range: at..behind, kind: SlotKind::Blank })
}

/// Whether a line holds nothing but tags that steer the template.
pub(super) fn is_control_line(line: &str) -> bool {
    let content = line.trim();
    if !content.starts_with('{') {
        return false;
    }
    let opens = ["{{#", "{{/", "{{^", "{{!", "{{>", "{{else}}", "{%", "{{~"];
    opens.iter().any(|sign| content.starts_with(sign))
        && {
            let last = content.rfind("{{").max(content.rfind("{%")).unwrap_or(0);
            opens.iter().any(|sign| content[last..].starts_with(sign))
        }
        && (content.ends_with("}}") || content.ends_with("%}"))
        && !content.contains('|')
        && !between_tags(content)
}

/// Whether anything stands between the tags of a line.
fn between_tags(content: &str) -> bool {
    content
        .split(['{', '%'])
        .filter_map(|part| part.rsplit_once('}').map(|(_, behind)| behind))
        .any(|behind| !behind.trim().is_empty())
}

#[cfg(test)]
mod tests;
