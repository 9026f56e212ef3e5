//! Words: runs of letters and digits.
//!
//! `E11.9` and `8.2` are one word, so are `s/p`, `r/o` and `w/o`. A hyphen parts words, except behind `non`:
//! `non-displaced` is read as `nondisplaced`.

use std::{borrow::Cow, ops::Range};

use super::stem;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word<'t> {
    /// Its bytes.
    pub range: Range<usize>,
    /// As written.
    pub text: &'t str,
    /// In lower case, without the hyphen of `non-`.
    pub lower: Cow<'t, str>,
}

impl Word<'_> {
    /// In lower case, without endings.
    pub fn stem(&self) -> Cow<'_, str> {
        stem::stem(&self.lower)
    }
}

/// Short forms that a slash belongs to.
const WITH_SLASH: &[&str] = &[
    "a/w", "c/b", "c/o", "c/w", "d/c", "d/t", "f/h", "f/u", "h/o", "hx/o", "i/s/o", "n/a", "n/v",
    "p/w", "r/o", "s/p", "w/o", "y/o",
];

/// Bytes of the longest of them.
const LONGEST_FORM: usize = 5;

/// The words of a range, in text order. An invalid range has none.
pub fn words(text: &str, range: Range<usize>) -> Vec<Word<'_>> {
    read(text, range, |word| word)
}

/// Bytes of a word of prose with the blank behind it.
pub(super) const USUAL_WORD: usize = 6;

/// What `of` makes of the words of a range, in text order.
pub(super) fn read<'t, T>(
    text: &'t str,
    range: Range<usize>,
    of: impl Fn(Word<'t>) -> T,
) -> Vec<T> {
    let Some(part) = text.get(range.clone()) else { return Vec::new() };
    let mut found = Vec::with_capacity(part.len() / USUAL_WORD + 1);
    found.extend(bounds(part).map(|bounds| {
        let written = part.get(bounds.clone()).unwrap_or_default();
        let range = range.start + bounds.start..range.start + bounds.end;
        of(Word { range, text: written, lower: lowered(written) })
    }));
    found
}

/// The bytes of the words of a text, in text order.
pub(super) fn bounds(part: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let from = next_word(part, at)?;
        at = plain_end(part, from).unwrap_or_else(|| end_of_word(part, from));
        Some(from..at)
    })
}

/// A word in lower case, as [`Word::lower`] has it.
pub(super) fn lowered(written: &str) -> Cow<'_, str> {
    if written.bytes().all(|byte| sign(byte) == Sign::Lower) {
        return Cow::Borrowed(written);
    }
    let mut lower = in_lower_case(written);
    if lower.contains('-') {
        lower.to_mut().retain(|it| it != '-');
    }
    lower
}

/// What a byte of a text is. Every byte of a text is looked up here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// A small letter or digit of ASCII.
    Lower,
    /// A capital letter of ASCII.
    Upper,
    /// Another sign of ASCII.
    Other,
    /// Part of another letter or sign.
    Wide,
}

static SIGNS: [Sign; 256] = {
    let mut signs = [Sign::Wide; 256];
    let mut byte = 0;
    while byte < 128_u8 {
        signs[byte as usize] = match byte {
            b'a'..=b'z' | b'0'..=b'9' => Sign::Lower,
            b'A'..=b'Z' => Sign::Upper,
            _ => Sign::Other,
        };
        byte += 1;
    }
    signs
};

fn sign(byte: u8) -> Sign {
    SIGNS[usize::from(byte)]
}

fn is_alphanumeric(byte: u8) -> bool {
    matches!(sign(byte), Sign::Lower | Sign::Upper)
}

/// The end of the word that begins at `from`, where it is one run of ASCII that nothing joins with what follows, as most
/// are.
fn plain_end(part: &str, from: usize) -> Option<usize> {
    let rest = part.as_bytes().get(from..)?;
    let length = rest.iter().take_while(|byte| is_alphanumeric(**byte)).count();
    let may_join = match rest.get(length) {
        None | Some(b' ') => false,
        Some(b'/') => true,
        Some(b'-') => length == "non".len(),
        Some(b'.' | b'\'') => rest.get(length + 1).is_some_and(|byte| sign(*byte) != Sign::Other),
        Some(byte) => !byte.is_ascii(),
    };
    (!may_join && length > 0).then_some(from + length)
}

/// Where the next letter or digit stands at or behind `at`.
#[inline]
fn next_word(part: &str, at: usize) -> Option<usize> {
    let rest = part.as_bytes().get(at..)?;
    // Between most words.
    if let [b' ', next, ..] = rest
        && is_alphanumeric(*next)
    {
        return Some(at + 1);
    }
    let signs = rest.iter().take_while(|byte| sign(**byte) == Sign::Other).count();
    if rest.get(signs)?.is_ascii() {
        return Some(at + signs);
    }
    let found = part.get(at + signs..)?.find(char::is_alphanumeric)?;
    Some(at + signs + found)
}

/// A text in lower case; most words are.
pub(super) fn in_lower_case(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|it| it.is_ascii() && !it.is_ascii_uppercase()) {
        Cow::Borrowed(text)
    } else if text.is_ascii() {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Owned(text.to_lowercase())
    }
}

/// The end of the word that begins at `from`.
fn end_of_word(part: &str, from: usize) -> usize {
    let rest = &part[from..];
    let first_run = run(rest);
    // Nothing joins most words with what follows.
    if matches!(rest.as_bytes().get(first_run), None | Some(b' ' | b'\n' | b',')) {
        return from + first_run;
    }
    let has_slash = rest.bytes().take(LONGEST_FORM).any(|it| it == b'/');
    if has_slash && let Some(form) = WITH_SLASH.iter().find(|form| begins_with(rest, form)) {
        return from + form.len();
    }
    let mut end = from + first_run;
    if part[from..end].eq_ignore_ascii_case("non") && part[end..].starts_with('-') {
        let tail = run(&part[end + 1..]);
        return if tail > 0 { end + 1 + tail } else { end };
    }
    loop {
        let rest = &part[end..];
        let joins = match rest.as_bytes().first() {
            // `E11.9`, `8.2`
            Some(b'.') => part[from..end].ends_with(|it: char| it.is_ascii_digit()),
            Some(b'\'') => true,
            _ => false,
        };
        let tail = if joins { run(&rest[1..]) } else { 0 };
        if tail == 0 {
            return end;
        }
        end += 1 + tail;
    }
}

/// How long the letters and digits are that a text begins with.
fn run(rest: &str) -> usize {
    let ascii = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let behind = &rest[ascii..];
    ascii + behind.find(|it: char| !it.is_alphanumeric()).unwrap_or(behind.len())
}

/// Whether `rest` begins with the form, in any case, and nothing of a word follows.
fn begins_with(rest: &str, form: &str) -> bool {
    rest.get(..form.len()).is_some_and(|head| head.eq_ignore_ascii_case(form))
        && !rest.get(form.len()..).is_some_and(|tail| tail.starts_with(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> Vec<String> {
        words(text, 0..text.len()).into_iter().map(|word| word.lower.into_owned()).collect()
    }

    #[test]
    fn splits_at_signs() {
        assert_eq!(
            of("R/O PE, s/p MI; A1c 8.2 (E11.65)."),
            ["r/o", "pe", "s/p", "mi", "a1c", "8.2", "e11.65"]
        );
        assert_eq!(
            of("Non-displaced right-handed patient's"),
            ["nondisplaced", "right", "handed", "patient's"]
        );
        assert_eq!(of("Ménière’s 3.Then"), ["ménière", "s", "3.then"]);
    }

    proptest! {
        #[test]
        fn a_plain_word_ends_as_any_word(
            part in "\\PC{0,30}|([a-zA-Z0-9 .,'/\n-]|non|Non-|s/p|hx/o|8\\.2|é|’){0,30}",
        ) {
            for (from, sign) in part.char_indices() {
                if sign.is_alphanumeric() && let Some(plain) = plain_end(&part, from) {
                    prop_assert_eq!(plain, end_of_word(&part, from));
                }
            }
        }
    }
}
