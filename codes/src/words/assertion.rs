//! What a sentence says of a word: denied, doubted, only thought of, past, of a relative.
//!
//! In the manner of `NegEx` and `ConText`: a cue ("denies", "ruled out", "h/o") has a scope before or behind it, which ends
//! with the clause, with a word that begins another statement, or after a dozen words.

use std::ops::Range;

use super::tokens::{Word, read, words};

mod cues;

use cues::{Direction, matching};
pub(super) use cues::{begins as begins_cue, may_begin as may_begin_cue};

/// Something a sentence may say of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aspect {
    /// It is not so: no, denies, ruled out.
    Negated,
    /// It may be so: possible, suspected, rule out.
    Uncertain,
    /// It is thought of: risk of, screening for, if.
    Hypothetical,
    /// It was so: history of, status post, resolved.
    Past,
    /// It is so for somebody else: family history, mother.
    Relative,
}

/// Everything a sentence says of a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Assertion(u8);

impl Assertion {
    /// Whether this is said.
    pub fn is(self, aspect: Aspect) -> bool {
        self.0 & (1 << aspect as u8) != 0
    }

    /// Whether it is simply said to be so, now, of the patient.
    pub fn is_plain(self) -> bool {
        self.0 == 0
    }

    pub(super) fn add(&mut self, aspect: Aspect) {
        self.0 |= 1 << aspect as u8;
    }
}

/// A word with what is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement<'t> {
    /// The word.
    pub word: Word<'t>,
    /// What is said of it.
    pub assertion: Assertion,
}

/// The word at an index in lower case; empty beyond the last.
pub fn lower<'s>(said: &'s [Statement<'_>], at: usize) -> &'s str {
    said.get(at).map_or("", |it| &*it.word.lower)
}

/// Words that say something of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// What they say.
    pub aspect: Aspect,
    /// Their bytes.
    pub range: Range<usize>,
    /// The bytes of the words that they say it of; empty when there are none.
    pub scope: Range<usize>,
}

/// At most so many words lie in a scope.
const REACH: usize = 12;

/// Words in text order, as cues are looked for in them.
pub(super) trait Sequence {
    /// How many there are.
    fn len(&self) -> usize;
    /// The word at an index in lower case; empty beyond the last.
    fn lower(&self, at: usize) -> &str;
    /// Its bytes; empty beyond the last.
    fn range(&self, at: usize) -> Range<usize>;
    /// Whether a cue may begin with it; where not, none does.
    fn may_begin_cue(&self, at: usize) -> bool {
        may_begin_cue(self.lower(at))
    }
}

impl Sequence for [Word<'_>] {
    fn len(&self) -> usize {
        self.len()
    }

    fn lower(&self, at: usize) -> &str {
        self.get(at).map_or("", |it| &*it.lower)
    }

    fn range(&self, at: usize) -> Range<usize> {
        self.get(at).map_or(0..0, |it| it.range.clone())
    }
}

impl Sequence for [Statement<'_>] {
    fn len(&self) -> usize {
        self.len()
    }

    fn lower(&self, at: usize) -> &str {
        lower(self, at)
    }

    fn range(&self, at: usize) -> Range<usize> {
        self.get(at).map_or(0..0, |it| it.word.range.clone())
    }
}

/// What is said of words of a text: their numbers, and what it is.
pub(super) fn assert_of<S: Sequence + ?Sized>(
    breaks: &Breaks,
    words: &S,
) -> impl Iterator<Item = (Range<usize>, Aspect)> + use<S> {
    find(breaks, words).into_iter().map(|found| (found.scope, found.aspect))
}

/// The words of a range with what is said of each, in text order.
pub fn statements(text: &str, range: Range<usize>) -> Vec<Statement<'_>> {
    let plain = |word| Statement { word, assertion: Assertion::default() };
    let mut all = read(text, range, plain);
    for (scope, aspect) in assert_of(&Breaks::of(text, &*all), &*all) {
        for statement in &mut all[scope] {
            statement.assertion.add(aspect);
        }
    }
    all
}

/// The cues of a range, in text order.
pub fn cues(text: &str, range: Range<usize>) -> Vec<Cue> {
    let words = words(text, range);
    let bytes = |of: &Range<usize>| match words.get(of.clone()) {
        Some([first, .., last]) => first.range.start..last.range.end,
        Some([only]) => only.range.clone(),
        _ => 0..0,
    };
    let found = find(&Breaks::of(text, &*words), &*words);
    found
        .iter()
        .map(|found| Cue {
            aspect: found.aspect,
            range: bytes(&found.cue),
            scope: bytes(&found.scope),
        })
        .collect()
}

/// A cue and its scope, in numbers of words.
struct Found {
    aspect: Aspect,
    cue: Range<usize>,
    scope: Range<usize>,
}

fn find<S: Sequence + ?Sized>(breaks: &Breaks, words: &S) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if breaks.is(at, QUESTION) {
            let scope = at..breaks.phrase_end(at);
            found.push(Found { aspect: Aspect::Uncertain, cue: at..at + 1, scope });
        }
        let may_begin = words.may_begin_cue(at);
        let Some(cue) = may_begin.then(|| matching(words, at)).flatten() else {
            at += 1;
            continue;
        };
        let own = at..at + cue.length;
        at = own.end;
        let Some(aspect) = cue.aspect else { continue };
        let last = breaks.phrase_end(own.start) <= own.end;
        if cue.direction != Direction::Backward && !last {
            // "Mother has diabetes" goes on.
            let verb = usize::from(aspect == Aspect::Relative && is_verb(words, own.end));
            let from = own.end + verb;
            let scope = from..breaks.forward(words, from, cue.crosses_commas).max(from);
            found.push(Found { aspect, cue: own.clone(), scope });
        }
        // `pneumonia, likely`: what could speak of something behind speaks of what stands before.
        let backward = match cue.direction {
            Direction::Forward => false,
            Direction::Backward => true,
            Direction::Either => last,
        };
        if backward {
            let scope = breaks.backward(own.start)..own.start;
            found.push(Found { aspect, cue: own, scope });
        }
    }
    found
}

fn is_verb(words: &(impl Sequence + ?Sized), at: usize) -> bool {
    matches!(words.lower(at), "has" | "had" | "have" | "is" | "was")
}

/// Whether the signs between two words end a clause: `. `, `? `, `! `, `.\n`, `\n\n`, `\n-`, `\n*`, `\n#`, `|`, `;` and
/// `:` do.
fn ends_clause(gap: &[u8]) -> bool {
    let next = gap.iter().copied().skip(1).map(Some).chain([None]);
    gap.iter().copied().zip(next).any(|(sign, next)| match sign {
        b'|' | b';' | b':' => true,
        b'.' => matches!(next, Some(b' ' | b'\n')),
        b'?' | b'!' => next == Some(b' '),
        b'\n' => matches!(next, Some(b'\n' | b'-' | b'*' | b'#')),
        _ => false,
    })
}

/// The signs between two words.
fn signs_of(gap: &[u8]) -> u8 {
    let flag = |is: bool, flag: u8| if is { flag } else { 0 };
    flag(ends_clause(gap), CLAUSE)
        | flag(gap.contains(&b','), COMMA)
        | flag(gap.ends_with(b"?"), QUESTION)
}

/// What stands before each word.
pub(super) struct Breaks {
    before: Vec<u8>,
    /// The end of the last word.
    end: Option<usize>,
}

/// The end of a clause.
const CLAUSE: u8 = 1;

const COMMA: u8 = 2;

/// A question mark without a blank behind it.
const QUESTION: u8 = 4;

impl Breaks {
    /// Those of no word, with room for so many.
    pub(super) fn with_capacity(words: usize) -> Self {
        Self { before: Vec::with_capacity(words), end: None }
    }

    fn of(text: &str, words: &(impl Sequence + ?Sized)) -> Self {
        let mut breaks = Self::with_capacity(words.len());
        (0..words.len()).for_each(|at| breaks.push(text, &words.range(at)));
        breaks
    }

    /// Adds the next word.
    #[inline]
    pub(super) fn push(&mut self, text: &str, word: &Range<usize>) {
        // A sign directly before the first word counts as well.
        let end = self.end.unwrap_or(word.start.saturating_sub(1));
        self.end = Some(word.end);
        self.before.push(match text.as_bytes().get(end..word.start) {
            // Between most words.
            None | Some(b" " | b"\n") => 0,
            Some(b", ") => COMMA,
            Some(b". " | b".\n" | b": " | b"; ") => CLAUSE,
            Some(gap) => signs_of(gap),
        });
    }

    /// Whether one of these stands before a word.
    fn is(&self, at: usize, wanted: u8) -> bool {
        self.before.get(at).is_some_and(|before| before & wanted != 0)
    }

    /// The first word behind the phrase that the word `at` stands in.
    fn phrase_end(&self, at: usize) -> usize {
        let behind = at + 1..self.before.len();
        behind.clone().find(|it| self.is(*it, CLAUSE | COMMA)).unwrap_or(self.before.len())
    }

    /// The first word behind a scope that begins at `from`.
    fn forward(
        &self,
        words: &(impl Sequence + ?Sized),
        from: usize,
        crosses_commas: bool,
    ) -> usize {
        let most = words.len().min(from + REACH);
        let clause_end = (from..most)
            .find(|it| self.is(*it, CLAUSE) || cues::ends_scope(words.lower(*it)))
            .unwrap_or(most);
        if crosses_commas {
            return clause_end;
        }
        // `no fever, chills or cough` is one list, `no fever, cough worse` is not.
        let last_or = (from..clause_end).rev().find(|it| matches!(words.lower(*it), "or" | "nor"));
        let listed = last_or.unwrap_or(from);
        (listed.max(from + 1)..clause_end)
            .find(|it| self.is(*it, COMMA) && *it > listed)
            .unwrap_or(clause_end)
    }

    /// The first word of a scope that ends before `end`.
    fn backward(&self, end: usize) -> usize {
        let least = end.saturating_sub(REACH);
        let mut start = end;
        let mut commas = 0;
        while start > least {
            start -= 1;
            // A comma before the cue itself does not part it from its words.
            let comma = self.is(start + 1, COMMA) && start + 1 < end;
            commas += usize::from(comma);
            if commas > 0 || self.is(start + 1, CLAUSE) && start + 1 < end {
                return start + 1;
            }
            if self.is(end, CLAUSE) {
                return end;
            }
        }
        start
    }
}

#[cfg(test)]
mod tests;
