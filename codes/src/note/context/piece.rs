//! The code or phrase left of the caret, and which systems its surroundings ask for.

use std::ops::Range;

use super::{TypingContext, any};
use crate::{
    note::{
        chunks::Chunks,
        labels::{self, Meaning, REACH},
        shapes,
        systems::Systems,
        tokens::{
            self, Folded, Token, char_at, char_before, is_blank, is_dash, is_point, is_word, skip,
        },
    },
    system::CodeSystem,
};

/// Bytes of a modifier.
const MODIFIER: usize = 2;

/// Words of a sentence that may make one phrase.
const MOST_WORDS: usize = 6;

/// A label whose list reaches to the caret.
struct Region {
    meaning: Meaning,
    start: usize,
}

/// The context in running text; `stretch` is the line, or the part of it that stands for itself.
pub(super) fn in_prose(text: &str, stretch: Range<usize>, offset: usize) -> TypingContext {
    let region = match region(text, &stretch, offset) {
        Ok(region) => region,
        Err(Silent) => return TypingContext::silent(offset),
    };
    if let Some(region) = region {
        return match region.meaning {
            Meaning::Codes(systems) => in_list(text, region.start..stretch.end, offset, systems),
            Meaning::Modifiers => modifier(text, stretch, region.start, offset),
            Meaning::Other => TypingContext::nothing(offset),
        };
    }
    if let Some(start) = wiki_start(text, &stretch, offset) {
        let context = in_list(text, start..stretch.end, offset, Systems::ANY);
        return TypingContext { declared: true, ..context };
    }
    unlabelled(text, stretch, offset)
}

/// The caret stands in an address.
struct Silent;

/// The label that the caret stands behind.
fn region(text: &str, stretch: &Range<usize>, offset: usize) -> Result<Option<Region>, Silent> {
    let mut chunks = Chunks::default();
    let mut region: Option<(Region, bool)> = None;
    let mut has_code = false;
    let mut at = stretch.start;
    while let Some(token) = tokens::next(text, at, offset) {
        if let Some(end) = chunks.address_end(text, stretch.start, token.start, stretch.end) {
            if end >= offset {
                return Err(Silent);
            }
            at = end.max(token.end);
            continue;
        }
        if let Some((open, explicit)) = &region {
            let ends = text.get(at..token.start).is_some_and(|gap| gap.contains(". "))
                && (has_code || far(text, open.start, token.start));
            if ends
                || (!explicit && !has_code && far(text, open.start, token.start))
                || is_field(text, token, offset)
            {
                region = None;
            }
        }
        if let Some(label) = labels::at(text, token.start, offset) {
            at = label.range.end.max(token.end);
            // Right behind its last letter the label itself is being typed.
            if label.explicit
                || label.range.end < offset
                || text.get(token.end..offset).is_some_and(|it| !it.is_empty())
            {
                region = Some((
                    Region { meaning: label.meaning, start: label.range.end.min(offset) },
                    label.explicit,
                ));
                has_code = false;
            }
            continue;
        }
        has_code |= token.end < offset
            && Folded::read(token.text(text))
                .is_some_and(|it| shapes::exact(&it, Systems::ANY).is_some());
        at = token.end;
    }
    Ok(region.map(|(region, _)| region))
}

fn far(text: &str, start: usize, at: usize) -> bool {
    at > start + REACH && text.get(start..at).is_some_and(|gap| gap.chars().nth(REACH).is_some())
}

fn is_field(text: &str, token: Token, end: usize) -> bool {
    let mut rest = text.get(token.end..end).unwrap_or_default().chars();
    !token.digit && rest.next() == Some(':') && rest.next().is_some_and(is_blank)
}

/// Where the content of an open `[[` begins.
fn wiki_start(text: &str, stretch: &Range<usize>, offset: usize) -> Option<usize> {
    let before = text.get(stretch.start..offset)?;
    let opened = before.rfind("[[")?;
    (!before.get(opened..)?.contains(']')).then_some(stretch.start + opened + 2)
}

/// The context in a list of codes that begins with `list`.
pub(super) fn in_list(
    text: &str,
    list: Range<usize>,
    offset: usize,
    systems: Systems,
) -> TypingContext {
    if let Some(context) = glued_modifier(text, list.start, offset) {
        return context;
    }
    let item = item(text, list.start, offset);
    let typed = run_start(text, item.start, offset);
    let run = text.get(typed..offset).unwrap_or_default();
    let base = TypingContext {
        systems: systems.to_vec(),
        declared: systems.default.is_some(),
        ..TypingContext::nothing(offset)
    };
    let words_before = text.get(item.start..typed).is_some_and(|it| it.contains(is_word));
    if is_code_prefix(run, words_before) {
        let code_end = code_end(text, offset, list.end);
        return TypingContext { replace: typed..offset, code_end, automatic: true, ..base };
    }
    let phrase = text.get(item.start..offset).unwrap_or_default();
    if !phrase.contains(is_word) {
        return base;
    }
    TypingContext { replace: item.start..offset, words: true, automatic: !item.described, ..base }
}

/// The item that the caret stands in.
struct Item {
    start: usize,
    /// A code stands before its words: they describe it.
    described: bool,
}

fn item(text: &str, start: usize, offset: usize) -> Item {
    let lead = |it: char| {
        is_blank(it)
            || is_dash(it)
            || matches!(it, '(' | '[' | '"' | '\'' | '*' | '_' | '`' | '#' | '.')
    };
    let mut item = Item { start, described: false };
    let mut at = start;
    while at < offset {
        let Some((character, width)) = char_at(text, at) else { break };
        if matches!(character, ',' | ';' | '|') {
            item = Item { start: at + width, described: false };
        } else if is_word(character) {
            let Some(token) = tokens::at(text, at, offset) else { break };
            // Up to the caret, or to a point before it, the code itself is being typed.
            let typed = text.get(token.end..offset).is_some_and(|it| it.chars().all(is_point));
            let code = Folded::read(token.text(text)).filter(|_| !typed);
            if code.is_some_and(|word| shapes::exact(&word, Systems::ANY).is_some()) {
                item = Item { start: token.end, described: true };
            } else if matches!(token.text(text), "and" | "or") && item.described {
                item = Item { start: token.end, described: false };
            }
            at = token.end;
            continue;
        } else if matches!(character, '/' | '&') && item.described {
            item = Item { start: at + width, described: false };
        }
        at += width;
    }
    item.start = skip(text, item.start, offset, lead);
    item
}

/// Where the run of word characters and points begins that ends at the caret.
fn run_start(text: &str, floor: usize, offset: usize) -> usize {
    let mut start = offset;
    while let Some(character) = char_before(text, start).filter(|_| start > floor) {
        if !(is_word(character) || is_point(character)) {
            break;
        }
        start -= character.len_utf8();
    }
    skip(text, start, offset, is_point)
}

/// Whether a run is the beginning of a code rather than of a word. Two digits among words are words: `type 2`.
fn is_code_prefix(run: &str, words_before: bool) -> bool {
    let Some(word) = Folded::read(run.trim_end_matches(is_point)) else { return false };
    let letters = word.length() - word.digits;
    let number = letters == 0 && (word.length() > 2 || !words_before);
    let code = letters > 0 && word.digits > 0 && letters <= 4;
    let single = word.length() == 1 && !words_before;
    word.length() > 0 && word.length() <= 8 && (number || code || single)
}

/// Where the code ends that goes on behind the caret.
fn code_end(text: &str, offset: usize, end: usize) -> usize {
    let mut at = offset;
    let mut last = offset;
    while let Some((character, width)) = char_at(text, at).filter(|_| at < end) {
        if is_word(character) {
            at += width;
            last = at;
        } else if is_point(character) {
            at += width;
        } else {
            break;
        }
    }
    last
}

/// `99213-`, `99213-2`: a modifier behind a procedure code.
fn glued_modifier(text: &str, floor: usize, offset: usize) -> Option<TypingContext> {
    let start = run_start(text, floor, offset);
    let dash = char_before(text, start)
        .filter(|it| is_dash(*it) && start > floor && offset - start <= 2)?;
    let end = start - dash.len_utf8();
    let mut code = run_start(text, floor, end);
    // `99213-25-`
    while end - code == 2 && char_before(text, code).is_some_and(is_dash) && code > floor {
        let before = code - char_before(text, code).map_or(0, char::len_utf8);
        code = run_start(text, floor, before);
        if before - code != 2 {
            let procedure = procedure(text, code..before)?;
            return Some(modifier_context(text, procedure, start, offset));
        }
    }
    let procedure = procedure(text, code..end)?;
    Some(modifier_context(text, procedure, start, offset))
}

fn procedure(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let word = Folded::read(text.get(range.clone())?)?;
    shapes::exact(&word, Systems::CPT).filter(|_| word.length() == 5).map(|_| range)
}

fn modifier_context(
    text: &str,
    procedure: Range<usize>,
    start: usize,
    offset: usize,
) -> TypingContext {
    let behind = text.get(offset..).unwrap_or_default();
    let behind: usize = behind.chars().take_while(|it| is_word(*it)).map(char::len_utf8).sum();
    let fits = offset - start + behind <= MODIFIER;
    TypingContext {
        declared: true,
        replace: start..offset,
        code_end: if fits { offset + behind } else { offset },
        automatic: true,
        modifier_of: Some(procedure),
        ..TypingContext::nothing(offset)
    }
}

/// The context behind a modifier label or in a modifier column: of the last procedure before it in `stretch`.
pub(super) fn modifier(
    text: &str,
    stretch: Range<usize>,
    start: usize,
    offset: usize,
) -> TypingContext {
    let mut procedure = None;
    let mut at = stretch.start;
    while let Some(token) = tokens::next(text, at, start) {
        procedure = self::procedure(text, token.start..token.end).or(procedure);
        at = token.end;
    }
    match procedure {
        Some(procedure) => {
            modifier_context(text, procedure, run_start(text, start.min(offset), offset), offset)
        }
        None => TypingContext::nothing(offset),
    }
}

/// The context in a sentence.
fn unlabelled(text: &str, stretch: Range<usize>, offset: usize) -> TypingContext {
    if let Some(context) = glued_modifier(text, stretch.start, offset) {
        return context;
    }
    let start = run_start(text, stretch.start, offset);
    let run = text.get(start..offset).unwrap_or_default();
    let base = TypingContext::nothing(offset);
    let word = Folded::read(run.trim_end_matches(is_point));
    let bytes = run.as_bytes();
    if let Some(word) = word.filter(|word| word.length() > 0 && word.length() <= 8) {
        let replace = start..offset;
        let code_end = code_end(text, offset, stretch.end);
        let letter_and_digit = bytes.first().is_some_and(u8::is_ascii_alphabetic)
            && bytes.get(1).is_some_and(u8::is_ascii_digit);
        if letter_and_digit && !shapes::is_no_code(word.text()) {
            let mut systems = vec![CodeSystem::Icd10Cm];
            if !run.contains(is_point) {
                systems.push(CodeSystem::Hcpcs);
            }
            return TypingContext { systems, replace, code_end, automatic: true, ..base };
        }
        if word.digits >= 3 && word.digits == word.length() && word.points == 0 {
            return TypingContext {
                systems: vec![CodeSystem::Cpt, CodeSystem::Hcpcs],
                replace,
                code_end,
                ..base
            };
        }
    }
    let start = phrase_start(text, stretch.start, offset);
    let words = text.get(start..offset).is_some_and(|it| it.contains(is_word));
    let replace = if words { start..offset } else { offset..offset };
    TypingContext { systems: any(), replace, words, ..base }
}

/// Where the last six words before the caret begin, not beyond a sign that ends a clause.
fn phrase_start(text: &str, floor: usize, offset: usize) -> usize {
    let mut at = offset;
    let mut start = offset;
    let mut words = 0;
    while let Some(character) = char_before(text, at).filter(|_| at > floor) {
        if !(is_word(character)
            || is_blank(character)
            || is_dash(character)
            || matches!(character, '\'' | '\u{2019}'))
        {
            break;
        }
        at -= character.len_utf8();
        if is_word(character) {
            let begins = at == floor || !char_before(text, at).is_some_and(is_word);
            if begins {
                start = at;
                words += 1;
                if words == MOST_WORDS {
                    break;
                }
            }
        }
    }
    start
}

#[cfg(test)]
mod tests;
