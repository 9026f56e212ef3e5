//! The words of an encounter with what is said of each, in little memory: a note of 1 MB has 160,000 words and a few
//! thousand different ones.

use std::{cell::OnceCell, ops::Range};

use super::{
    assertion::{Assertion, Breaks, Sequence, assert_of},
    tokens,
    vocabulary::Vocabulary,
};
use crate::texts::Texts;

/// Words in text order, each with what its sentence says of it.
#[derive(Debug, Default)]
pub struct Prose<'t> {
    text: &'t str,
    spoken: Vec<Spoken>,
    /// Words that are not written in lower case.
    lowered: Texts,
    different: OnceCell<Different>,
}

#[derive(Clone, Copy, Debug)]
struct Spoken {
    /// Its bytes.
    start: u32,
    end: u32,
    /// Its number in the vocabulary.
    number: u32,
    /// Its number in `lowered`, or [`AS_WRITTEN`].
    lowered: u32,
    assertion: Assertion,
    /// Whether words that say something of others may begin with it.
    may_begin_cue: bool,
}

/// A word that is written in lower case.
const AS_WRITTEN: u32 = u32::MAX;

/// The different words.
#[derive(Debug)]
struct Different {
    /// Of each the first index.
    firsts: Vec<usize>,
    /// More than any of their numbers in the vocabulary.
    beyond: usize,
}

impl<'t> Prose<'t> {
    /// The words of a range, as [`super::statements`] reads them, that `keep` wants by their bytes. A text of 4 GiB or more
    /// has none.
    pub fn read(
        text: &'t str,
        range: Range<usize>,
        vocabulary: &mut Vocabulary,
        mut keep: impl FnMut(Range<usize>) -> bool,
    ) -> Self {
        let mut prose = Self { text, ..Self::default() };
        let Some(part) = text.get(range.clone()).filter(|_| u32::try_from(text.len()).is_ok())
        else {
            return prose;
        };
        let usual = part.len() / tokens::USUAL_WORD + 1;
        prose.spoken.reserve(usual);
        let mut breaks = Breaks::with_capacity(usual);
        for bounds in tokens::bounds(part) {
            let word = range.start + bounds.start..range.start + bounds.end;
            let number = vocabulary.number_at(part, &bounds);
            breaks.push(text, &word);
            let mut spoken = Spoken {
                start: kept(word.start),
                end: kept(word.end),
                number: number.of,
                lowered: AS_WRITTEN,
                assertion: Assertion::default(),
                may_begin_cue: false,
            };
            if !number.is_plain {
                let lower = vocabulary.lower(number.of);
                spoken.lowered = lower.map_or(AS_WRITTEN, |lower| prose.lowered.push(lower));
                spoken.may_begin_cue = vocabulary.begins_cue(number.of);
            }
            prose.spoken.push(spoken);
        }
        for (scope, aspect) in assert_of(&breaks, &prose) {
            for spoken in prose.spoken.get_mut(scope).into_iter().flatten() {
                spoken.assertion.add(aspect);
            }
        }
        prose.spoken.retain(|spoken| keep(spoken.range()));
        prose
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.spoken.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.spoken.is_empty()
    }

    /// The word at an index in lower case; empty beyond the last.
    pub fn lower(&self, at: usize) -> &str {
        match self.spoken.get(at) {
            None => "",
            Some(it) if it.lowered == AS_WRITTEN => self.written(at),
            Some(it) => self.lowered.get(it.lowered),
        }
    }

    /// The word at an index as written; empty beyond the last.
    pub fn written(&self, at: usize) -> &'t str {
        self.text.get(self.range(at)).unwrap_or_default()
    }

    /// The number that the word at an index has in the vocabulary; `None` beyond the last.
    pub(super) fn number(&self, at: usize) -> Option<u32> {
        self.spoken.get(at).map(|it| it.number)
    }

    /// The bytes of the word at an index; empty beyond the last.
    pub fn range(&self, at: usize) -> Range<usize> {
        self.spoken.get(at).map_or(0..0, Spoken::range)
    }

    /// What is said of the word at an index; `None` beyond the last.
    pub fn assertion(&self, at: usize) -> Option<Assertion> {
        self.spoken.get(at).map(|spoken| spoken.assertion)
    }

    /// The indices of the words inside of a range of bytes.
    pub fn within(&self, range: &Range<usize>) -> Range<usize> {
        let first = self.spoken.partition_point(|it| (it.start as usize) < range.start);
        let behind = self.spoken.partition_point(|it| it.end as usize <= range.end);
        first..behind.max(first)
    }

    /// The indices of words that in lower case are `wanted`, which is asked once for each different one.
    pub fn positions(&self, wanted: impl Fn(&str) -> bool) -> impl Iterator<Item = usize> {
        let different = self.different.get_or_init(|| self.find_different());
        let mut wanted =
            different.firsts.iter().filter(|first| wanted(self.lower(**first))).peekable();
        // Most words that rules look for are not in a note.
        let first = wanted.peek().map_or(self.len(), |first| **first);
        let mut is_wanted = vec![false; if first < self.len() { different.beyond } else { 0 }];
        for number in wanted.filter_map(|first| self.number(*first)) {
            if let Some(is_wanted) = is_wanted.get_mut(number as usize) {
                *is_wanted = true;
            }
        }
        let rest = self.spoken.iter().enumerate().skip(first);
        rest.filter(move |(_, it)| is_wanted.get(it.number as usize) == Some(&true))
            .map(|(at, _)| at)
    }

    /// The indices of the words of which this is said.
    pub(super) fn said(&self, wanted: impl Fn(Assertion) -> bool) -> impl Iterator<Item = usize> {
        let said = self.spoken.iter().enumerate().filter(move |(_, it)| wanted(it.assertion));
        said.map(|(at, _)| at)
    }

    fn find_different(&self) -> Different {
        let numbers = self.spoken.iter().map(|it| it.number as usize);
        let beyond = numbers.clone().max().map_or(0, |last| last + 1);
        let mut is_known = vec![false; beyond];
        let firsts = numbers.enumerate().filter(|(_, number)| {
            is_known.get_mut(*number).is_some_and(|known| !std::mem::replace(known, true))
        });
        Different { firsts: firsts.map(|(at, _)| at).collect(), beyond }
    }
}

impl Spoken {
    fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl Sequence for Prose<'_> {
    fn len(&self) -> usize {
        self.len()
    }

    fn lower(&self, at: usize) -> &str {
        self.lower(at)
    }

    fn range(&self, at: usize) -> Range<usize> {
        self.range(at)
    }

    fn may_begin_cue(&self, at: usize) -> bool {
        self.spoken.get(at).is_some_and(|it| it.may_begin_cue)
    }
}

/// A number as it is kept.
fn kept(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use proptest::prelude::*;

    use super::*;
    use crate::words::{Statement, statements};

    proptest! {
        #[test]
        fn reads_what_statements_read(
            text in "(([A-Za-z]{1,9}|No|denies|h/o|Non-toxic|E11\\.9|mother|8\\.2|possible|is|but|ruled out|é|ÉÉ|’)([ ,.;:?\n]|, |\\. |; |\n\n){0,2}){0,30}",
            start in 0_usize..40,
            length in 0_usize..200,
        ) {
            let range = start..start + length;
            for range in [range, 0..text.len()] {
                let slow = statements(&text, range.clone());
                let prose = Prose::read(&text, range, &mut Vocabulary::default(), |_| true);
                prop_assert_eq!(prose.len(), slow.len());
                for (at, statement) in slow.iter().enumerate() {
                    let Statement { word, assertion } = statement;
                    prop_assert_eq!(prose.lower(at), &*word.lower);
                    prop_assert_eq!(prose.range(at), word.range.clone());
                    prop_assert_eq!(prose.assertion(at), Some(*assertion));
                }
                let wanted = |lower: &str| lower.len().is_multiple_of(2);
                let expected = (0..slow.len()).filter(|at| wanted(&slow[*at].word.lower));
                prop_assert!(prose.positions(wanted).eq(expected));
            }
        }
    }

    #[test]
    fn asks_for_different_words_only() {
        let text = "No fever. Has pain and COUGH, cough; denies HTN. ".repeat(600);
        let prose = Prose::read(&text, 0..text.len(), &mut Vocabulary::default(), |_| true);
        for word in ["cough", "fever", "has", "nothing"] {
            let asked = Cell::new(0);
            let wanted = |lower: &str| {
                asked.set(asked.get() + 1);
                lower == word
            };
            let expected = (0..prose.len()).filter(|at| prose.lower(*at) == word);
            assert!(prose.positions(wanted).eq(expected), "{word}");
            assert_eq!(asked.get(), 9);
        }
        let said = prose.said(Assertion::is_plain).map(|at| prose.written(at));
        let expected = ["No", "Has", "pain", "and", "COUGH", "cough", "denies"];
        assert!(said.eq(expected.repeat(600)));
    }

    #[test]
    fn finds_the_words_of_a_range() {
        let text = "No fever. HTN stable";
        let keep = |word: Range<usize>| word.start != 14;
        let prose = Prose::read(text, 0..text.len(), &mut Vocabulary::default(), keep);
        assert_eq!(prose.len(), 3);
        assert_eq!(prose.within(&(3..13)), 1..3);
        assert_eq!(prose.within(&(4..12)), 2..2);
        assert_eq!(prose.within(&(50..60)), 3..3);
        assert_eq!((prose.lower(9), prose.range(9), prose.assertion(9)), ("", 0..0, None));
    }
}
