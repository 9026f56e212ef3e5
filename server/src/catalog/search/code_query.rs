//! Queries that are codes or the beginnings of codes, in any form: `e11`, `E11.9`, `E119`, `E11.-`.

use medcode_codes::{
    code::{Code, CodeKey, MAX_LENGTH},
    normalize::normalize,
};

use super::segment::Segment;

/// A part of a query that is shorter is no code; a beginning may have one character less.
const SHORTEST_CODE: usize = 3;

/// The codes that a query names.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// The codes that stand in the query.
    pub(super) codes: Vec<Code>,
    /// The whole query is one code.
    pub(super) is_one_code: bool,
}

/// Finds the codes that are written in a query.
pub(super) fn named(segment: &Segment, query: &str) -> Named {
    let whole = find(segment, query);
    let is_one_code = whole.is_some();
    let parts =
        query.split(|character: char| character.is_whitespace() || matches!(character, ',' | ';'));
    let codes = match whole {
        Some(code) => vec![code],
        None => parts.filter_map(|part| find(segment, part)).collect(),
    };
    Named { codes, is_one_code }
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
    let digit = text.bytes().any(|byte| byte.is_ascii_digit());
    CodeKey::new(&normalize(segment.system, text).code).filter(|_| digit)
}
