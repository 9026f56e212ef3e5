//! The words of a document, each read once: a note of a thousand lines has a few hundred different ones.
//!
//! A vocabulary holds words of notes. It lives as long as the check of one document and is dropped with it.

use std::{cell::OnceCell, collections::HashMap, rc::Rc};

use foldhash::fast::RandomState;

use super::{
    Assertion, Word,
    prose::Prose,
    related::{groups, same_word},
    stems, tokens,
};

/// Words that were read.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// Words of so few bytes as most have, by their bytes: a look at one place of memory tells them.
    short: HashMap<u128, usize, RandomState>,
    long: HashMap<Box<str>, usize, RandomState>,
    /// By word: the numbers of its stems.
    stems_of: Vec<Box<[usize]>>,
    stems: Stems,
}

/// The bytes of a word of fifteen at most, with their number.
fn packed(word: &str) -> Option<u128> {
    let mut bytes = [0; 16];
    bytes.get_mut(..15)?.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
    bytes[15] = u8::try_from(word.len()).ok()?;
    Some(u128::from_le_bytes(bytes))
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
        for written in all.said(wanted) {
            let word = self.number(written);
            if words.add(word) {
                let own = self.stems_of.get(word).into_iter().flatten();
                own.for_each(|stem| {
                    stems.add(*stem);
                });
            }
        }
        Said { all: &self.stems, stems, sorted: OnceCell::new() }
    }

    /// The stems of a word by its number, each with the groups of names that it is in; see [`groups`].
    pub fn stems_of(&self, word: usize) -> impl Iterator<Item = (&str, u64)> {
        let own = self.stems_of.get(word).into_iter().flatten();
        let own = own.filter_map(|stem| self.stems.all.get(*stem));
        own.map(|(stem, groups)| (&**stem, *groups))
    }

    /// The number of a word as written, which is read when it is new.
    pub fn number(&mut self, written: &str) -> usize {
        let packed = packed(written);
        let known = match packed {
            Some(packed) => self.short.get(&packed),
            None => self.long.get(written),
        };
        if let Some(known) = known {
            return *known;
        }
        let number = self.stems_of.len();
        let lower = tokens::lowered(written);
        let word = Word { range: 0..written.len(), text: written, lower };
        let stems = stems(&word).into_iter().map(|stem| self.stems.number(stem));
        self.stems_of.push(stems.collect());
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
            let prose = Prose::read(text, 0..text.len(), |_| true);
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
