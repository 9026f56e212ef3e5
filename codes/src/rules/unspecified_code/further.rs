//! What words say beyond a title. There are dozens of titles beside one, and looking at their words in order spares
//! reading most of them: behind the first word that is neither known nor said nothing needs to be looked at.

use std::borrow::Cow;

use memchr::{memchr2_iter, memchr3};

use super::counted;
use crate::{
    code_context::{Around, MOST_SIBLINGS, Named},
    words::{Statement, abbreviations, related::same_word, stem::stem, stop},
};

/// The codes beside one that belong to its category.
pub(super) struct Beside<'m> {
    codes: Vec<Named<'m>>,
    /// Their titles in lower case, one behind the other.
    lower: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl<'m> Beside<'m> {
    pub(super) fn new(all: &'m Around, category: Option<&str>) -> Self {
        let mut codes = Vec::with_capacity(MOST_SIBLINGS);
        codes.extend(all.iter().filter(|code| code.code.get(..3) == category));
        let size = codes.iter().map(|code| code.title.len() + 1).sum();
        let (mut lower, mut ends) = (String::with_capacity(size), Vec::with_capacity(codes.len()));
        for code in &codes {
            lower.push_str(code.title);
            ends.push(lower.len());
            // A word ends with its title.
            lower.push('\n');
        }
        lower.make_ascii_lowercase();
        Self { codes, lower, ends }
    }

    /// Each with its title in lower case.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Named<'m>, &str)> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|end| end + 1));
        let titles = starts.zip(&self.ends).filter_map(|(start, end)| self.lower.get(start..*end));
        self.codes.iter().copied().zip(titles)
    }
}

/// The words of a title, and what is said beside it.
pub(super) struct Further<'t> {
    /// The stems of the title.
    known: &'t [String],
    /// What is plainly said that the title does not say: stems, and numbers of stages.
    said: Vec<Cow<'t, str>>,
}

impl<'t> Further<'t> {
    /// What those of the `statements` that are `wanted` say beyond a title with the stems `known`.
    pub(super) fn new(
        known: &'t [String],
        statements: &'t [Statement<'_>],
        wanted: impl Fn(&Statement<'_>) -> bool,
    ) -> Self {
        let mut said = Vec::new();
        let wanted = |it: &Statement<'_>| it.assertion.is_plain() && wanted(it);
        let plain = statements.iter().enumerate().filter(|(_, it)| wanted(it));
        for (at, it) in plain {
            said.extend(counted(statements, at).map(Cow::Owned));
            // "CKD 3" says its stage.
            said.extend((it.word.lower == "ckd").then_some(Cow::Borrowed("stag")));
            match abbreviations::expand(it.word.text) {
                Some(long) => said.extend(long.split(' ').map(stem)),
                None if selects_nothing(&it.word.lower) => {}
                None => said.push(it.word.stem()),
            }
        }
        said.retain(|word| !known.iter().any(|known| same_word(known, word)));
        Self { known, said }
    }

    /// Leaves out what none of the titles says.
    pub(super) fn keep_named(&mut self, beside: &Beside<'_>) {
        let lower = &*beside.lower;
        if !self.said.is_empty() && !brackets_a_word(lower) {
            self.said.retain(|word| may_stand_in(lower, word));
        }
    }

    /// Whether nothing is said.
    pub(super) fn is_empty(&self) -> bool {
        self.said.is_empty()
    }

    /// Whether a title in lower case may say more than is known, and all of it is said. Never wrongly denied.
    pub(super) fn may_be_said(&self, title: &str) -> bool {
        if self.said.is_empty() {
            return false;
        }
        if !title.is_ascii() || memchr3(b'/', b'\'', b'.', title.as_bytes()).is_some() {
            // Signs that words are joined with.
            return true;
        }
        let is_plain = memchr3(b'(', b'[', b'-', title.as_bytes()).is_none();
        if is_plain && !self.said.iter().any(|word| may_stand_in(title, word)) {
            return false;
        }
        let mut rest = title;
        let (mut depth, mut is_denied, mut is_behind_comma, mut is_more) =
            (0_usize, false, false, false);
        while let Some(sign) = rest.bytes().next() {
            if !sign.is_ascii_alphanumeric() {
                match sign {
                    b'(' | b'[' => depth += 1,
                    b')' | b']' => depth = depth.saturating_sub(1),
                    _ if sign == b' ' || depth > 0 => {}
                    _ => is_behind_comma = sign == b',',
                }
                rest = &rest[1..];
                continue;
            }
            let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
            let (word, behind) = rest.split_at(length);
            rest = behind;
            if depth > 0 {
                continue;
            }
            if behind.starts_with(['(', '[']) || word == "non" && behind.starts_with('-') {
                // "Dermato(poly)myositis"
                return true;
            }
            let begins_anew = matches!(word, "with" | "unspecified") || is_behind_comma;
            is_behind_comma = false;
            is_denied = stop::is_denial(word) || is_denied && !begins_anew;
            if is_denied || stop::is_stop_word(word) {
                continue;
            }
            let word = stem(word);
            if self.known.iter().any(|known| same_word(known, &word)) {
                continue;
            }
            if !self.said.contains(&word) {
                return false;
            }
            is_more = true;
        }
        is_more
    }
}

/// Whether a word says nothing of a condition, or is a number that counts nothing.
fn selects_nothing(lower: &str) -> bool {
    stop::says_nothing(lower) || lower.starts_with(|first: char| first.is_ascii_digit())
}

/// Whether a word with this stem may stand in names without a bracket within a word.
fn may_stand_in(names: &str, stem: &str) -> bool {
    !stem.is_ascii() || stem.starts_with("non") || names.contains(head(stem))
}

/// What all words with a stem of ASCII begin with, but for the hyphen of "non-".
fn head(stem: &str) -> &str {
    // arteries and diagnoses
    let tail = if stem.ends_with('y') { 1 } else { 2 * usize::from(stem.ends_with("osis")) };
    stem.get(..stem.len() - tail).unwrap_or(stem)
}

/// Whether a bracket stands within a word, as in "Dermato(poly)myositis".
fn brackets_a_word(names: &str) -> bool {
    let mut places = memchr2_iter(b'(', b'[', names.as_bytes());
    places.any(|at| names[..at].ends_with(|before: char| before.is_alphanumeric()))
}
