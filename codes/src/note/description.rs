//! The words that describe a code.
//!
//! `Type 2 diabetes (E11.9)`, `E11.9 - Type 2 diabetes`, `E11.9 Type 2 diabetes`, `Type 2 diabetes E11.9`. Between two
//! codes the words belong to the side that no separator parts them from.

use std::ops::Range;

use memchr::{memchr2_iter, memrchr_iter, memrchr3};

use super::{
    Mention, Place,
    tokens::{is_blank, is_dash},
};

mod words;

use words::{begins_sentence, trim};

/// Words of a sentence that are looked at before a code in brackets.
const MOST_WORDS: usize = 12;

/// Finds the description of each mention, which all lie in `range`. No description reaches across a barrier.
pub(super) fn assign(
    text: &str,
    range: Range<usize>,
    barriers: &[Range<usize>],
    mentions: &mut [Mention],
) {
    let mut barrier = 0;
    let mut last_end = None;
    for index in 0..mentions.len() {
        let next = mentions.get(index + 1).map(|it| it.range.start);
        let Some(mention) = mentions.get_mut(index) else { return };
        let own = whole(mention);
        while barriers.get(barrier).is_some_and(|it| it.end <= own.start) {
            barrier += 1;
        }
        let last_barrier =
            barrier.checked_sub(1).and_then(|it| barriers.get(it)).map_or(range.start, |it| it.end);
        let floor = last_end.unwrap_or(range.start).max(last_barrier);
        let ceiling = next.unwrap_or(range.end);
        let ceiling =
            barriers.get(barrier).map_or(ceiling, |it| ceiling.min(it.start)).max(own.end);
        let gaps = Gaps {
            before: floor.min(own.start)..own.start,
            after: own.end..ceiling,
            another_before: last_end.is_some_and(|end| end >= last_barrier),
            another_after: next == Some(ceiling),
        };
        mention.description = find(text, &gaps, mention.place);
        last_end = Some(own.end);
    }
}

/// The code with its modifiers.
fn whole(mention: &Mention) -> Range<usize> {
    let end =
        mention.modifiers.last().map_or(mention.range.end, |last| last.end.max(mention.range.end));
    mention.range.start..end
}

/// What stands on both sides of a code.
struct Gaps {
    before: Range<usize>,
    after: Range<usize>,
    another_before: bool,
    another_after: bool,
}

fn find(text: &str, gaps: &Gaps, place: Place) -> Option<Range<usize>> {
    let before = text.get(gaps.before.clone())?;
    let after = text.get(gaps.after.clone())?;
    let opened = before.trim_end().ends_with(['(', '[']);
    if opened && after.trim_start().starts_with([')', ']']) {
        return words_before(text, gaps, true);
    }
    let introduced = introduces(after, '(');
    if place != Place::Prose {
        // Behind a label words without a sign may also go on with the sentence: `CPT 99213 was billed`.
        let behind = words_after(text, gaps)
            .filter(|words| introduced || !text.get(words.clone()).is_some_and(begins_sentence));
        return behind.or_else(|| words_before(text, gaps, false));
    }
    // A bullet or number at most stands before it.
    let lead = before.trim_matches(|it: char| !it.is_alphanumeric());
    let leads = lead.len() <= 2 && lead.bytes().all(|byte| byte.is_ascii_digit());
    if introduced || (leads && !gaps.another_before) {
        let behind = words_after(text, gaps)
            .filter(|words| introduced || !text.get(words.clone()).is_some_and(begins_sentence));
        if behind.is_some() {
            return behind;
        }
    }
    let set_off = before.trim_end().ends_with(|it| is_dash(it) || it == ':');
    if set_off { words_before(text, gaps, false) } else { None }
}

/// Whether a dash, colon or the like, or `bracket`, stands before the words of a gap.
fn introduces(gap: &str, bracket: char) -> bool {
    let closing = |it: char| is_blank(it) || matches!(it, ')' | ']' | '*' | '_' | '`');
    let sign = gap.trim_start_matches(closing).chars().next();
    sign.is_some_and(|it| is_dash(it) || it == bracket || matches!(it, ':' | '=' | '|'))
}

/// The words behind a code, up to the separator before the next one.
fn words_after(text: &str, gaps: &Gaps) -> Option<Range<usize>> {
    let gap = text.get(gaps.after.clone())?;
    let content = gap.trim_start_matches(|it| is_blank(it) || matches!(it, ')' | ']' | '"' | '`'));
    if content.starts_with([',', ';', '/', '&', '.']) {
        return None;
    }
    let start = gaps.after.end - content.len();
    if content.starts_with('(') {
        // `E11.9 (Type 2 diabetes) and more`
        let end = content.find(')').map_or(gaps.after.end, |at| start + at);
        return trim(text, start..end);
    }
    let mut end = gaps.after.end;
    if gaps.another_after {
        let belongs_to_next =
            content.trim_end().ends_with(|it| is_dash(it) || matches!(it, ':' | '('));
        if belongs_to_next && !introduces(content, '(') {
            return None;
        }
        // What follows the last separator describes the next code.
        end = content.rfind([',', ';', '|']).map_or(end, |at| start + at);
    }
    let words = text.get(start..end)?.as_bytes();
    let mut stops = memchr2_iter(b'.', b';', words);
    let sentence = stops.find(|at| words.get(at + 1) == Some(&b' '));
    trim(text, start..sentence.map_or(end, |at| start + at))
}

/// The words before a code, back to the last separator or sentence. In brackets a code describes all of them, commas
/// included, unless another code stands before.
fn words_before(text: &str, gaps: &Gaps, bracketed: bool) -> Option<Range<usize>> {
    let gap = text.get(gaps.before.clone())?;
    let opening =
        |it: char| is_blank(it) || is_dash(it) || matches!(it, '(' | '[' | ':' | '*' | '`');
    let body = gap.trim_end_matches(opening);
    if body.ends_with([',', ';', '/', '&']) {
        return None;
    }
    let start = clause_start(body, gaps.another_before || !bracketed);
    let range = trim(text, gaps.before.start + start..gaps.before.start + body.len())?;
    let words = text.get(range.clone())?;
    let first = memrchr_iter(b' ', words.as_bytes()).nth(MOST_WORDS - 1).map_or(0, |at| at + 1);
    trim(text, range.start + first..range.end)
}

/// Where the words behind the last separator begin.
fn clause_start(text: &str, commas_separate: bool) -> usize {
    let bytes = text.as_bytes();
    let comma = if commas_separate { b',' } else { b';' };
    let sign = memrchr3(b';', b'|', comma, bytes).map_or(0, |at| at + 1);
    let mut stops = memchr2_iter(b'.', b':', bytes).rev();
    let stop = stops.find(|at| bytes.get(at + 1) == Some(&b' ')).map_or(0, |at| at + 2);
    sign.max(stop)
}
