//! Queries that are codes or the beginnings of codes, in any form: `e11`, `E11.9`, `E119`, `E11.-`.

use std::ops::Range;

use medcode_codes::{
    code::{Code, CodeKey, MAX_LENGTH},
    normalize::normalize,
};

use super::segment::Segment;

/// A part of a query that is shorter is no code; a beginning may have one character less.
const SHORTEST_CODE: usize = 3;

/// A code that stands in a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) code: Code,
    /// Where it stands, in bytes of the query.
    pub(super) range: Range<usize>,
    /// There are codes below it.
    pub(super) is_header: bool,
}

/// Finds the codes that are written in a query: all of it, or its parts. A part that `is_word` knows as a word is none.
pub(super) fn named(segment: &Segment, query: &str, is_word: &dyn Fn(&str) -> bool) -> Vec<Named> {
    let is_separator =
        |character: char| character.is_whitespace() || matches!(character, ',' | ';');
    let start_of = |part: &str| part.as_ptr().addr() - query.as_ptr().addr();
    let name = |part: &str, code: Code| {
        let start = start_of(part);
        let is_header = segment.has_below(code.key());
        Named { code, range: start..start + part.len(), is_header }
    };
    if let Some(code) = find(segment, query) {
        return vec![name(query, code)];
    }
    let parts = query.split(is_separator);
    let named = parts.filter_map(|part| Some((part, find(segment, part)?)));
    let codes = named.filter(|(part, _)| !is_word(part));
    codes.map(|(part, code)| name(part, code)).collect()
}

fn find(segment: &Segment, text: &str) -> Option<Code> {
    let key = key(segment, text).filter(|key| key.length() >= SHORTEST_CODE)?;
    segment.keys.binary_search(&key).ok()?;
    Code::from_key(segment.system, key)
}

/// The codes that begin with the query, the query itself excluded: the nearest below it first, in code order, so that
/// `E11.` reaches E11.9 before the two hundred codes of its complications.
pub(super) fn beginning_with<'s>(
    segment: &'s Segment,
    query: &str,
) -> impl Iterator<Item = Code> + 's {
    let prefix = key(segment, query).filter(|key| key.length() >= SHORTEST_CODE - 1);
    let range = prefix.map_or(0..0, |prefix| {
        let first = segment.keys.partition_point(|key| *key <= prefix);
        let end = segment.keys.partition_point(|key| *key <= prefix.last_below());
        first..end.max(first)
    });
    let keys = &segment.keys[range];
    let of_length = move |length| keys.iter().filter(move |key| key.length() == length);
    (SHORTEST_CODE..=MAX_LENGTH)
        .flat_map(of_length)
        .filter_map(|key| Code::from_key(segment.system, *key))
}

/// The characters of a text as a code. Words without a digit are words.
fn key(segment: &Segment, text: &str) -> Option<CodeKey> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    CodeKey::new(&normalize(segment.system, text).code)
}
