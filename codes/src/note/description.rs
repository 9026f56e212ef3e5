//! The words that describe a code.
//!
//! `Type 2 diabetes (E11.9)`, `E11.9 - Type 2 diabetes`, `E11.9 Type 2 diabetes`, `Type 2 diabetes E11.9`. Between two
//! codes the words belong to the side that no separator parts them from.

use std::ops::Range;

use super::{
    Mention, Place,
    tokens::{char_before, is_blank, is_dash},
};

/// Longer texts are sentences, not descriptions.
const LONGEST: usize = 200;

/// Words of a sentence that are looked at before a code in brackets.
const MOST_WORDS: usize = 12;

/// Finds the description of each mention, which all lie in `range`. No description reaches across a barrier.
pub(super) fn assign(
    text: &str,
    range: Range<usize>,
    barriers: &[Range<usize>],
    mentions: &mut [Mention],
) {
    let ends: Vec<Range<usize>> = mentions.iter().map(whole).collect();
    let mut barrier = 0;
    for (index, mention) in mentions.iter_mut().enumerate() {
        let own = &ends[index];
        while barriers.get(barrier).is_some_and(|it| it.end <= own.start) {
            barrier += 1;
        }
        let last_barrier =
            barrier.checked_sub(1).and_then(|it| barriers.get(it)).map_or(range.start, |it| it.end);
        let floor = index
            .checked_sub(1)
            .and_then(|it| ends.get(it))
            .map_or(range.start, |it| it.end)
            .max(last_barrier);
        let ceiling = ends.get(index + 1).map_or(range.end, |it| it.start);
        let ceiling =
            barriers.get(barrier).map_or(ceiling, |it| ceiling.min(it.start)).max(own.end);
        let gaps = Gaps {
            before: floor.min(own.start)..own.start,
            after: own.end..ceiling,
            another_before: index > 0 && ends[index - 1].end >= last_barrier,
            another_after: ends.get(index + 1).is_some_and(|it| it.start == ceiling),
        };
        mention.description = find(text, &gaps, mention.place);
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
    let bracketed =
        before.trim_end().ends_with(['(', '[']) && after.trim_start().starts_with([')', ']']);
    if bracketed {
        return words_before(text, gaps);
    }
    let introduced =
        after.trim_start_matches(|it| is_blank(it) || matches!(it, ')' | ']' | '*' | '_' | '`'));
    let sign = introduced.chars().next();
    let dashed = sign.is_some_and(|it| is_dash(it) || matches!(it, ':' | '(' | '=' | '|'));
    // A bullet or number at most stands before it.
    let lead = before.trim_matches(|it: char| !it.is_alphanumeric());
    let leads =
        !gaps.another_before && lead.len() <= 2 && lead.bytes().all(|byte| byte.is_ascii_digit());
    if place != Place::Prose || dashed || leads {
        let words = words_after(text, gaps);
        if words.is_some() || place == Place::Prose {
            return words;
        }
        return words_before(text, gaps);
    }
    None
}

/// The words behind a code, up to the separator before the next one.
fn words_after(text: &str, gaps: &Gaps) -> Option<Range<usize>> {
    let gap = text.get(gaps.after.clone())?;
    if gap
        .trim_start_matches(|it| is_blank(it) || matches!(it, ')' | ']' | '"' | '`'))
        .starts_with([',', ';', '/', '&', '.'])
    {
        return None;
    }
    let mut end = gaps.after.end;
    if gaps.another_after {
        // What follows the last separator describes the next code.
        end = gap.rfind([',', ';', '|']).map_or(end, |at| gaps.after.start + at);
    }
    let sentence = text.get(gaps.after.start..end)?;
    if let Some(at) = sentence.find(". ").or_else(|| sentence.find("; ")) {
        end = gaps.after.start + at;
    }
    trim(text, gaps.after.start..end)
}

/// The words before a code, back to the last separator or sentence.
fn words_before(text: &str, gaps: &Gaps) -> Option<Range<usize>> {
    let gap = text.get(gaps.before.clone())?;
    let body = gap.trim_end_matches(|it| {
        is_blank(it) || is_dash(it) || matches!(it, '(' | '[' | ':' | '*' | '`')
    });
    if body.ends_with([',', ';', '/', '&']) {
        return None;
    }
    let mut start = gaps.before.start;
    if let Some(at) = body.rfind([';', '|']) {
        start = gaps.before.start + at + 1;
    }
    if let Some(at) = text.get(start..gaps.before.end)?.rfind(". ") {
        start += at + 2;
    }
    if gaps.another_before
        && let Some(at) = text.get(start..gaps.before.start + body.len())?.rfind(',')
    {
        start += at + 1;
    }
    let range = trim(text, start..gaps.before.end)?;
    let words = text.get(range.clone())?;
    let first = words.rmatch_indices(' ').nth(MOST_WORDS - 1).map_or(0, |(at, _)| at + 1);
    trim(text, range.start + first..range.end)
}

/// Cuts signs, enumerators and joining words off both ends. `None` if no word is left.
fn trim(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let sign = |it: char| is_blank(it) || is_dash(it) || (it.is_ascii_punctuation() && it != '%');
    let mut words = text.get(range.clone())?;
    let mut start = range.start;
    loop {
        let cut = words.trim_start_matches(sign);
        start += words.len() - cut.len();
        words = cut;
        let joining =
            ["and ", "or ", "with ", "is ", "for "].into_iter().find(|it| words.starts_with(it));
        let length = joining.map_or_else(|| enumerator(words), str::len);
        if length == 0 {
            break;
        }
        start += length;
        words = &words[length..];
    }
    let mut end = start + words.trim_end_matches(sign).len();
    // `diabetes (type 2)` keeps its bracket.
    if text.get(start..end)?.contains('(') && text.get(end..range.end)?.starts_with(')') {
        end += 1;
    }
    for joining in [" and", " or"] {
        if text.get(start..end)?.ends_with(joining) {
            end -= joining.len();
        }
    }
    let words = text.get(start..end)?;
    let real = words.split(|it: char| !it.is_alphabetic()).any(|word| word.len() > 2);
    (real && words.len() <= LONGEST && !char_before(text, end).is_some_and(is_blank))
        .then_some(start..end)
}

/// The length of `1. `, `2) ` or `x2 ` at the start.
fn enumerator(words: &str) -> usize {
    let digits = words.bytes().take_while(u8::is_ascii_digit).count();
    let rest = words.get(digits..).unwrap_or_default();
    if (1..=2).contains(&digits) && (rest.starts_with(". ") || rest.starts_with(") ")) {
        digits + 2
    } else {
        0
    }
}
