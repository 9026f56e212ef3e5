//! The words of a document, each read once: a note of a thousand lines has a few hundred different ones.
//!
//! A vocabulary holds words of notes. It lives as long as the check of one document and is dropped with it.

use std::{cell::OnceCell, collections::HashMap, ops::Range, rc::Rc};

use foldhash::fast::RandomState;

use super::{
    Assertion, Word,
    assertion::begins_cue,
    prose::Prose,
    related::{groups, same_word},
    stems, tokens,
};

/// Words that were read.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// Words of so few bytes as most have, by their bytes: a look at one place of memory tells them.
    short: HashMap<u128, Number, RandomState>,
    long: HashMap<Box<str>, Number, RandomState>,
    /// By word.
    read: Vec<Read>,
    stems: Stems,
}

/// The number of a word, which is all that has to be known of most.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number {
    pub(super) of: u32,
    /// It is written in lower case, and no cue begins with it.
    pub(super) is_plain: bool,
}

/// What was read of a word.
#[derive(Debug)]
struct Read {
    /// In lower case; `None` where it is written so.
    lower: Option<Box<str>>,
    begins_cue: bool,
    /// The numbers of its stems, once somebody has asked.
    stems: Option<Box<[usize]>>,
}

/// The bits of words of so many bytes.
static OWN: [u128; 16] = {
    let mut own = [0; 16];
    let mut length = 1;
    while length < own.len() {
        own[length] = own[length - 1] << 8 | 0xff;
        length += 1;
    }
    own
};

/// The bytes of a word of fifteen at most, with their number.
fn packed(text: &str, word: &Range<usize>) -> Option<u128> {
    let length = word.len();
    let own = OWN.get(length)?;
    let from = text.as_bytes().get(word.start..)?;
    let mut bytes = [0; 16];
    if let Some(all) = from.first_chunk::<16>() {
        bytes = *all;
    } else {
        bytes.get_mut(..length)?.copy_from_slice(from.get(..length)?);
    }
    Some(u128::from_le_bytes(bytes) & own | (length as u128) << 120)
}

/// Every stem once.
#[derive(Debug, Default)]
struct Stems {
    numbers: HashMap<Rc<str>, usize, RandomState>,
    all: Vec<(Rc<str>, u64)>,
}

impl Stems {
    fn number(&mut self, stem: String) -> usize {
        if let Some(known) = self.numbers.get(stem.as_str()) {
            return *known;
        }
        let (number, groups, stem) = (self.all.len(), groups(&stem), Rc::<str>::from(stem));
        self.all.push((stem.clone(), groups));
        self.numbers.insert(stem, number);
        number
    }
}

/// The stems that some words come to.
#[derive(Debug)]
pub struct Said<'v> {
    all: &'v Stems,
    stems: Numbers,
    /// In order, once somebody has asked for forms.
    sorted: OnceCell<Vec<&'v str>>,
}

impl<'v> Said<'v> {
    /// The groups of names that one of them is in; see [`groups`].
    pub fn groups(&self) -> u64 {
        let of = |number: &usize| self.all.all.get(*number).map_or(0, |(_, groups)| *groups);
        self.stems.each.iter().map(of).fold(0, |bits, groups| bits | groups)
    }

    /// Whether one of them is a form of the same word as `stem`.
    pub fn has_form(&self, stem: &str) -> bool {
        // Most are the same word.
        if self.all.numbers.get(stem).is_some_and(|number| self.stems.contains(*number)) {
            return true;
        }
        // Forms of one word share at least their first four letters.
        let Some(head) = stem.get(..4) else { return false };
        let sorted = self.sorted.get_or_init(|| {
            let mut sorted: Vec<&str> = self.iter().collect();
            sorted.sort_unstable();
            sorted
        });
        let near = sorted.iter().skip(sorted.partition_point(|said| *said < head));
        near.take_while(|said| said.starts_with(head)).any(|said| same_word(stem, said))
    }

    /// Each once, in no order.
    fn iter(&self) -> impl Iterator<Item = &'v str> {
        let all = &self.all.all;
        self.stems.each.iter().filter_map(|number| Some(&*all.get(*number)?.0))
    }
}

impl Vocabulary {
    /// The stems of words of which this is said.
    pub fn said(&mut self, all: &Prose<'_>, wanted: impl Fn(Assertion) -> bool) -> Said<'_> {
        let (mut words, mut stems) = (Numbers::default(), Numbers::default());
        for at in all.said(wanted) {
            let Some(number) = all.number(at) else { continue };
            if words.add(number as usize) {
                for stem in self.stems(number, all.written(at)) {
                    stems.add(*stem);
                }
            }
        }
        Said { all: &self.stems, stems, sorted: OnceCell::new() }
    }

    /// The number of the word at an index, whose stems are read when nobody has asked for them yet.
    pub fn number(&mut self, all: &Prose<'_>, at: usize) -> Option<u32> {
        let number = all.number(at)?;
        self.stems(number, all.written(at));
        Some(number)
    }

    /// The stems of a word by its [`Self::number`], each with the groups of names that it is in; see [`groups`].
    pub fn stems_of(&self, word: u32) -> impl Iterator<Item = (&str, u64)> {
        let own = self.read.get(word as usize).and_then(|read| read.stems.as_deref());
        let own = own.into_iter().flatten().filter_map(|stem| self.stems.all.get(*stem));
        own.map(|(stem, groups)| (&**stem, *groups))
    }

    /// The numbers of the stems of a word.
    fn stems(&mut self, number: u32, written: &str) -> &[usize] {
        let Some(read) = self.read.get_mut(number as usize) else { return &[] };
        let all = &mut self.stems;
        read.stems.get_or_insert_with(|| {
            let lower = tokens::lowered(written);
            let word = Word { range: 0..written.len(), text: written, lower };
            stems(&word).into_iter().map(|stem| all.number(stem)).collect()
        })
    }

    /// The number of the word that stands at these bytes of a text; it is read when it is new.
    #[inline]
    pub(super) fn number_at(&mut self, text: &str, word: &Range<usize>) -> Number {
        let packed = packed(text, word);
        match packed.and_then(|packed| self.short.get(&packed)) {
            Some(known) => *known,
            None => self.long_or_new(packed, text.get(word.clone()).unwrap_or_default()),
        }
    }

    /// A word in lower case; `None` where it is written so.
    pub(super) fn lower(&self, number: u32) -> Option<&str> {
        self.read.get(number as usize)?.lower.as_deref()
    }

    /// Whether words that say something of others may begin with a word.
    pub(super) fn begins_cue(&self, number: u32) -> bool {
        self.read.get(number as usize).is_some_and(|read| read.begins_cue)
    }

    #[cold]
    fn long_or_new(&mut self, packed: Option<u128>, written: &str) -> Number {
        let long = if packed.is_none() { self.long.get(written) } else { None };
        long.copied().unwrap_or_else(|| self.add(packed, written))
    }

    fn add(&mut self, packed: Option<u128>, written: &str) -> Number {
        let lower = tokens::lowered(written);
        let begins_cue = begins_cue(&lower);
        let lower = (lower != written).then(|| lower.into());
        let is_plain = !begins_cue && lower.is_none();
        let of = u32::try_from(self.read.len()).unwrap_or(u32::MAX);
        let number = Number { of, is_plain };
        self.read.push(Read { lower, begins_cue, stems: None });
        match packed {
            Some(packed) => self.short.insert(packed, number),
            None => self.long.insert(written.into(), number),
        };
        number
    }
}

/// Numbers, each once, in the order in which they came.
#[derive(Debug, Default)]
struct Numbers {
    is_in: Vec<bool>,
    each: Vec<usize>,
}

impl Numbers {
    /// Adds a number; whether it is new.
    fn add(&mut self, number: usize) -> bool {
        if self.is_in.len() <= number {
            self.is_in.resize(number + 1, false);
        }
        let Some(is_in) = self.is_in.get_mut(number).filter(|is_in| !**is_in) else { return false };
        *is_in = true;
        self.each.push(number);
        true
    }

    fn contains(&self, number: usize) -> bool {
        self.is_in.get(number).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::words::{assertion::Aspect, statements};

    #[test]
    fn says_what_the_words_come_to() {
        let mut vocabulary = Vocabulary::default();
        for text in
            ["No fever. HTN, fractures; HTN again.", "Fractures of the arteries, denies pain", ""]
        {
            let all = statements(text, 0..text.len());
            let wanted = |it: Assertion| !it.is(Aspect::Negated);
            let prose = Prose::read(text, 0..text.len(), &mut vocabulary, |_| true);
            let said = vocabulary.said(&prose, wanted);
            let words = all.iter().filter(|it| wanted(it.assertion)).map(|it| &it.word);
            let expected: HashSet<String> = words.flat_map(stems).collect();
            let mut expected: Vec<_> = expected.iter().map(String::as_str).collect();
            expected.sort_unstable();
            let mut found: Vec<_> = said.iter().collect();
            found.sort_unstable();
            assert_eq!(found, expected);
            let bits = expected.iter().fold(0, |bits, stem| bits | groups(stem));
            assert_eq!(said.groups(), bits);
            for stem in ["fractur", "fracture", "artery", "hypertens", "pain", "fev", "of"] {
                let form = expected.iter().any(|said| same_word(stem, said));
                assert_eq!(said.has_form(stem), form, "{stem}");
            }
        }
    }
}
