//! The words of an encounter with what is said of each, in little memory: a note of 1 MB has 160,000 words and a few
//! thousand different ones.

use std::{cell::OnceCell, collections::HashMap, ops::Range};

use foldhash::fast::RandomState;

use super::{
    assertion::{Assertion, Sequence, assert_of, may_begin_cue},
    tokens,
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
    /// Its number in `lowered`, or [`AS_WRITTEN`].
    lowered: u32,
    assertion: Assertion,
    /// Whether words that say something of others may begin with it.
    may_begin_cue: bool,
}

/// A word that is written in lower case.
const AS_WRITTEN: u32 = u32::MAX;

/// The different words of many.
#[derive(Debug)]
struct Different {
    /// Of each the first index.
    firsts: Vec<usize>,
    /// By index: the number of the word.
    numbers: Vec<usize>,
}

/// So many words and more are asked one by one for the different ones only.
const MANY: usize = 4_096;

impl<'t> Prose<'t> {
    /// The words of a range, as [`super::statements`] reads them, that `keep` wants by their bytes. A text of 4 GiB or more
    /// has none.
    pub fn read(
        text: &'t str,
        range: Range<usize>,
        mut keep: impl FnMut(Range<usize>) -> bool,
    ) -> Self {
        let mut prose = Self { text, ..Self::default() };
        let Some(part) = text.get(range.clone()).filter(|_| u32::try_from(text.len()).is_ok())
        else {
            return prose;
        };
        prose.spoken.reserve(part.len() / tokens::USUAL_WORD + 1);
        for bounds in tokens::bounds(part) {
            let written = part.get(bounds.clone()).unwrap_or_default();
            let (lowered, may_begin_cue) = if tokens::is_lower(written) {
                (AS_WRITTEN, may_begin_cue(written))
            } else {
                let lower = tokens::lowered(written);
                (prose.lowered.push(&lower), may_begin_cue(&lower))
            };
            prose.spoken.push(Spoken {
                start: kept(range.start + bounds.start),
                end: kept(range.start + bounds.end),
                lowered,
                assertion: Assertion::default(),
                may_begin_cue,
            });
        }
        for (scope, aspect) in assert_of(text, &prose) {
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

    /// The indices of words that in lower case are `wanted`. Where there are many it is asked once for each different one.
    pub fn positions(&self, wanted: impl Fn(&str) -> bool) -> impl Iterator<Item = usize> {
        let different = self.different();
        let of_different = different.map(|different| {
            let wanted = |first: &usize| wanted(self.lower(*first));
            different.firsts.iter().map(wanted).collect::<Vec<bool>>()
        });
        // Most words that rules look for are not in a note.
        let is_there = of_different.as_ref().is_none_or(|wanted| wanted.contains(&true));
        let all = if is_there { 0..self.len() } else { 0..0 };
        all.filter(move |at| match (&of_different, different) {
            (Some(of_different), Some(different)) => {
                let number = different.numbers.get(*at);
                number.and_then(|number| of_different.get(*number)) == Some(&true)
            }
            _ => wanted(self.lower(*at)),
        })
    }

    /// The words as written of which this is said; where there are many, each once.
    pub(super) fn said(&self, wanted: impl Fn(Assertion) -> bool) -> impl Iterator<Item = &'t str> {
        let mut is_known = self.different().map(|it| (it, vec![false; it.firsts.len()]));
        let said = self.spoken.iter().enumerate().filter(move |(_, it)| wanted(it.assertion));
        let new = said.filter(move |(at, _)| {
            let Some((different, is_known)) = &mut is_known else { return true };
            let known = different.numbers.get(*at).and_then(|number| is_known.get_mut(*number));
            known.is_some_and(|known| !std::mem::replace(known, true))
        });
        new.map(|(at, _)| self.written(at))
    }

    /// The different words, where there are many.
    fn different(&self) -> Option<&Different> {
        (self.len() >= MANY).then(|| self.different.get_or_init(|| self.find_different()))
    }

    fn find_different(&self) -> Different {
        let mut known: HashMap<&str, usize, RandomState> = HashMap::default();
        let mut firsts = Vec::new();
        let numbers = (0..self.len()).map(|at| {
            *known.entry(self.written(at)).or_insert_with(|| {
                firsts.push(at);
                firsts.len() - 1
            })
        });
        let numbers = numbers.collect();
        Different { firsts, numbers }
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
                let prose = Prose::read(&text, range, |_| true);
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
    fn asks_for_different_words_where_there_are_many() {
        let text = "No fever. Has pain and COUGH, cough; denies HTN. ".repeat(600);
        let prose = Prose::read(&text, 0..text.len(), |_| true);
        assert!(prose.len() >= MANY);
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
        let said: Vec<&str> = prose.said(Assertion::is_plain).collect();
        assert_eq!(said, ["No", "Has", "pain", "and", "COUGH", "cough", "denies"]);
    }

    #[test]
    fn finds_the_words_of_a_range() {
        let text = "No fever. HTN stable";
        let keep = |word: Range<usize>| word.start != 14;
        let prose = Prose::read(text, 0..text.len(), keep);
        assert_eq!(prose.len(), 3);
        assert_eq!(prose.within(&(3..13)), 1..3);
        assert_eq!(prose.within(&(4..12)), 2..2);
        assert_eq!(prose.within(&(50..60)), 3..3);
        assert_eq!((prose.lower(9), prose.range(9), prose.assertion(9)), ("", 0..0, None));
    }
}
