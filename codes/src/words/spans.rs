//! What stands together with a place of a text: its list item, its sentence, its clause, its phrase.
//!
//! Each contains the next, and all contain the place. They reach at most [`MOST`] bytes to either side, so that asking
//! for every code of a text stays linear.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memrchr};

/// How far a span reaches to either side of its place, in bytes.
pub const MOST: usize = 800;

/// Words that part one statement of a sentence from the next.
const TURNS: &[&str] =
    &[" but ", " however ", " although ", " though ", " except ", " whereas ", " while ", " yet "];

/// Short forms that a point belongs to.
const WITH_POINT: &[&str] = &["dr", "hx", "mr", "mrs", "ms", "no", "pt", "st", "vs"];

/// The list item, table row or paragraph around a place, inside of `within`: from its bullet, label or first line to
/// the line before the next one.
pub fn item(text: &str, place: Range<usize>, within: Range<usize>) -> Range<usize> {
    let Some((mut start, mut end)) = reach(text, &place, &within) else { return place };
    let before = text.get(start..place.start).unwrap_or_default();
    let mut line = place.start - before.len();
    line = memrchr(b'\n', before.as_bytes()).map_or(line, |at| line + at + 1);
    // Back over lines that the item goes on from.
    loop {
        let this = text.get(line..end).unwrap_or_default();
        if begins_item(this) || line <= start {
            break;
        }
        let above = text.get(start..line - 1).unwrap_or_default();
        let above_start = start + memrchr(b'\n', above.as_bytes()).map_or(0, |at| at + 1);
        let above_line = text.get(above_start..line - 1).unwrap_or_default();
        if above_line.trim().is_empty() || stands_alone(above_line) {
            break;
        }
        line = above_start;
    }
    start = line.max(start);
    let mut at = place.end;
    while let Some(found) = text.get(at..end).and_then(|rest| memchr(b'\n', rest.as_bytes())) {
        let next = at + found + 1;
        let rest = text.get(next..end).unwrap_or_default();
        let own = text.get(start..at + found).unwrap_or_default();
        if first_line(rest).trim().is_empty() || begins_item(rest) || stands_alone(own) {
            end = at + found;
            break;
        }
        at = next;
    }
    start..end
}

/// The sentence around a place, inside of its item.
pub fn sentence(text: &str, place: Range<usize>, within: Range<usize>) -> Range<usize> {
    let item = item(text, place.clone(), within);
    cut(text, &place, item, ends_sentence)
}

/// The part of its sentence around a place, up to a semicolon or a word such as "but".
pub fn clause(text: &str, place: Range<usize>, within: Range<usize>) -> Range<usize> {
    let sentence = sentence(text, place.clone(), within);
    cut(text, &place, sentence, |before, after| before.ends_with(';') || turns(before, after))
}

/// The part of its clause around a place, up to a comma.
pub fn phrase(text: &str, place: Range<usize>, within: Range<usize>) -> Range<usize> {
    let clause = clause(text, place.clone(), within);
    cut(text, &place, clause, |before, after| {
        before.ends_with(',') && after.starts_with([' ', '\n'])
    })
}

/// The clauses of a range, in text order, end to end.
pub fn clauses(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let Some(part) = text.get(range.clone()) else { return Vec::new() };
    let mut found = Vec::new();
    let mut start = 0;
    for (at, _) in part.char_indices().skip(1) {
        let (before, after) = (&part[start..at], &part[at..]);
        if before.ends_with([';', '\n']) || ends_sentence(before, after) || turns(before, after) {
            found.push(range.start + start..range.start + at);
            start = at;
        }
    }
    found.push(range.start + start..range.end);
    found
}

/// The lines of a text, each with its line feed.
pub fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let ends = memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1).chain([text.len()]);
    let mut start = 0;
    ends.map(move |end| std::mem::replace(&mut start, end)..end).filter(|line| !line.is_empty())
}

fn first_line(text: &str) -> &str {
    memchr(b'\n', text.as_bytes()).and_then(|end| text.get(..end)).unwrap_or(text)
}

/// Whether a line begins an item of its own: a bullet, a number, a heading, a row or a label.
pub fn begins_item(line: &str) -> bool {
    let line = first_line(line).trim_start();
    if line.starts_with(['#', '|', '>']) || line.starts_with("```") {
        return true;
    }
    let bullet =
        ["- ", "* ", "+ ", "\u{2022}", "\u{2013} "].iter().any(|sign| line.starts_with(sign));
    bullet || enumerator(line) > 0 || label(line)
}

/// The length of `1. ` or `2) ` at the start of a line.
pub fn enumerator(line: &str) -> usize {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let closed =
        line.get(digits..).is_some_and(|rest| rest.starts_with(". ") || rest.starts_with(") "));
    if (1..=2).contains(&digits) && closed { digits + 2 } else { 0 }
}

/// `Assessment:`, `Dx: …`, `**Plan:**`
fn label(line: &str) -> bool {
    let line = line.trim_start_matches('*');
    let Some(colon) = memchr(b':', line.as_bytes()).filter(|at| *at <= 32) else { return false };
    let name = &line[..colon];
    let rest = line.get(colon + 1..).unwrap_or_default();
    name.starts_with(char::is_alphabetic)
        && !name.contains(['(', ',', '.', ';'])
        && name.split_whitespace().count() <= 4
        && (rest.is_empty() || rest.starts_with([' ', '*', '\t', '\r']))
}

/// Headings and rows have no second line.
fn stands_alone(line: &str) -> bool {
    let line = line.trim();
    let last = memrchr(b'\n', line.as_bytes()).and_then(|at| line.get(at + 1..));
    let line = last.unwrap_or(line).trim_start();
    line.starts_with(['#', '|']) || line.trim_end_matches('*').ends_with(':')
}

/// The bytes around a place that are looked at.
fn reach(text: &str, place: &Range<usize>, within: &Range<usize>) -> Option<(usize, usize)> {
    text.get(place.clone())?;
    let mut start = place.start.saturating_sub(MOST).max(within.start).min(place.start);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let mut end = (place.end + MOST).min(within.end).max(place.end).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Some((start.min(place.start), end.max(place.end)))
}

/// Narrows `outer` to the part between two cuts that holds the place.
fn cut(
    text: &str,
    place: &Range<usize>,
    outer: Range<usize>,
    cuts: impl Fn(&str, &str) -> bool,
) -> Range<usize> {
    let (Some(before), Some(after)) =
        (text.get(outer.start..place.start), text.get(place.end..outer.end))
    else {
        return outer;
    };
    let tail = text.get(place.start..outer.end).unwrap_or_default();
    let is_cut = |at: &usize| {
        let behind = &text[outer.start + at..outer.end];
        cuts(&before[..*at], behind)
    };
    let start = std::iter::once(before.len())
        .filter(|_| !tail.is_empty())
        .chain(before.char_indices().rev().map(|(at, _)| at))
        .filter(|at| *at > 0)
        .find(is_cut)
        .map_or(outer.start, |at| outer.start + at);
    let own = &text[start..place.end];
    let end = after
        .char_indices()
        .map(|(at, _)| at)
        .filter(|at| *at > 0)
        .find(|at| cuts(&text[start..place.end + at], &after[*at..]))
        .map_or(outer.end, |at| place.end + at);
    if own.is_empty() && start > end { outer } else { start..end }
}

/// Whether a sentence ends between the two.
fn ends_sentence(before: &str, after: &str) -> bool {
    if !before.ends_with(['.', '!', '?']) || !after.starts_with([' ', '\n', '\t', '\r']) {
        return false;
    }
    if !before.ends_with('.') {
        return true;
    }
    let word = before[..before.len() - 1]
        .rsplit(|it: char| it.is_whitespace() || it == '(')
        .next()
        .unwrap_or_default();
    let only_number = before.trim_start().len() <= 3 && word.bytes().all(|it| it.is_ascii_digit());
    // What follows in lower case goes on with the sentence.
    let goes_on = after.trim_start().starts_with(char::is_lowercase);
    !only_number && !goes_on && !WITH_POINT.iter().any(|short| word.eq_ignore_ascii_case(short))
}

/// Whether the second part begins with a word that turns the sentence.
fn turns(before: &str, after: &str) -> bool {
    !before.is_empty()
        && after.starts_with(' ')
        && TURNS
            .iter()
            .any(|turn| after.get(..turn.len()).is_some_and(|head| head.eq_ignore_ascii_case(turn)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(
        cut: fn(&str, Range<usize>, Range<usize>) -> Range<usize>,
        text: &str,
        word: &str,
    ) -> String {
        let start = text.find(word).unwrap();
        text[cut(text, start..start + word.len(), 0..text.len())].trim().to_owned()
    }

    const NOTE: &str = "## Assessment\n1. Heart failure, systolic, acute on chronic. Continue furosemide;\n   daily weights. I50.9\n2. Diabetes, but no neuropathy. E11.9\n\nPlan: rest\nand water";

    #[test]
    fn every_line_is_one_of_the_lines() {
        for text in ["", "\n", "a", "a\n", "a\r\n\n b", "\né\n\n"] {
            let found: Vec<_> = lines(text).map(|line| &text[line]).collect();
            assert_eq!(found, text.split_inclusive('\n').collect::<Vec<_>>());
        }
    }

    #[test]
    fn items_reach_over_wrapped_lines() {
        assert!(of(item, NOTE, "I50.9").starts_with("1. Heart failure"));
        assert!(of(item, NOTE, "Heart").ends_with("I50.9"));
        assert_eq!(of(item, NOTE, "E11.9"), "2. Diabetes, but no neuropathy. E11.9");
        assert_eq!(of(item, NOTE, "rest"), "Plan: rest\nand water");
        assert_eq!(
            of(item, "| I10 | Hypertension |\n| E11.9 | x |", "I10"),
            "| I10 | Hypertension |"
        );
    }

    #[test]
    fn sentences_and_clauses_end_where_a_reader_stops() {
        assert_eq!(of(sentence, NOTE, "Heart"), "1. Heart failure, systolic, acute on chronic.");
        assert_eq!(of(clause, NOTE, "furosemide"), "Continue furosemide;");
        assert_eq!(of(clause, NOTE, "Diabetes"), "2. Diabetes, ".trim());
        assert_eq!(of(clause, NOTE, "neuropathy"), "but no neuropathy.");
        assert_eq!(of(phrase, NOTE, "systolic"), "systolic,");
        assert_eq!(of(sentence, "A1c 8.2 vs. last year. I10", "A1c"), "A1c 8.2 vs. last year.");
        let parts = clauses(NOTE, 0..NOTE.len());
        assert_eq!(parts.iter().map(|it| it.end - it.start).sum::<usize>(), NOTE.len());
    }
}
