//! What a sentence says of a word: denied, doubted, only thought of, past, of a relative.
//!
//! In the manner of `NegEx` and `ConText`: a cue ("denies", "ruled out", "h/o") has a scope before or behind it, which ends
//! with the clause, with a word that begins another statement, or after a dozen words.

use std::ops::Range;

use super::tokens::{Word, read, words};

mod cues;

use cues::{Direction, matching};

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

    fn add(&mut self, aspect: Aspect) {
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

impl<'t> AsRef<Word<'t>> for Statement<'t> {
    fn as_ref(&self) -> &Word<'t> {
        &self.word
    }
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

/// The words of a range with what is said of each, in text order.
pub fn statements(text: &str, range: Range<usize>) -> Vec<Statement<'_>> {
    let plain = |word| Statement { word, assertion: Assertion::default() };
    let mut all = read(text, range, plain);
    for found in find(text, &all) {
        for statement in &mut all[found.scope] {
            statement.assertion.add(found.aspect);
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
    let found = find(text, &words);
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

fn find<'t>(text: &str, words: &[impl AsRef<Word<'t>>]) -> Vec<Found> {
    let breaks = Breaks::of(text, words);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if breaks.question.get(at) == Some(&true) {
            let scope = at..breaks.phrase_end(at);
            found.push(Found { aspect: Aspect::Uncertain, cue: at..at + 1, scope });
        }
        let Some(cue) = matching(&words[at..]) else {
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

fn is_verb<'t>(words: &[impl AsRef<Word<'t>>], at: usize) -> bool {
    let lower = words.get(at).map(|word| &*word.as_ref().lower);
    lower.is_some_and(|lower| matches!(lower, "has" | "had" | "have" | "is" | "was"))
}

/// Whether the signs between two words end a clause: `. `, `? `, `! `, `.\n`, `\n\n`, `\n-`, `\n*`, `\n#`, `|`, `;` and
/// `:` do.
fn ends_clause(gap: &str) -> bool {
    let next = gap.bytes().skip(1).map(Some).chain([None]);
    gap.bytes().zip(next).any(|(sign, next)| match sign {
        b'|' | b';' | b':' => true,
        b'.' => matches!(next, Some(b' ' | b'\n')),
        b'?' | b'!' => next == Some(b' '),
        b'\n' => matches!(next, Some(b'\n' | b'-' | b'*' | b'#')),
        _ => false,
    })
}

/// What stands before each word.
struct Breaks {
    /// The end of a clause.
    clause: Vec<bool>,
    /// A comma.
    comma: Vec<bool>,
    /// A question mark without a blank behind it.
    question: Vec<bool>,
}

impl Breaks {
    fn of<'t>(text: &str, words: &[impl AsRef<Word<'t>>]) -> Self {
        let all = || Vec::with_capacity(words.len());
        let mut breaks = Self { clause: all(), comma: all(), question: all() };
        // A sign directly before the first word counts as well.
        let mut end = words.first().map_or(0, |word| word.as_ref().range.start.saturating_sub(1));
        for word in words.iter().map(AsRef::as_ref) {
            let gap = text.get(end..word.range.start).unwrap_or_default();
            end = word.range.end;
            // Between most words.
            if gap == " " {
                breaks.clause.push(false);
                breaks.comma.push(false);
                breaks.question.push(false);
                continue;
            }
            breaks.clause.push(ends_clause(gap));
            breaks.comma.push(gap.contains(','));
            breaks.question.push(gap.ends_with('?'));
        }
        breaks
    }

    /// The first word behind the phrase that the word `at` stands in.
    fn phrase_end(&self, at: usize) -> usize {
        (at + 1..self.clause.len())
            .find(|it| self.clause[*it] || self.comma[*it])
            .unwrap_or(self.clause.len())
    }

    /// The first word behind a scope that begins at `from`.
    fn forward<'t>(
        &self,
        words: &[impl AsRef<Word<'t>>],
        from: usize,
        crosses_commas: bool,
    ) -> usize {
        let most = words.len().min(from + REACH);
        let clause_end = (from..most)
            .find(|it| self.clause[*it] || cues::ends_scope(&words[*it].as_ref().lower))
            .unwrap_or(most);
        if crosses_commas {
            return clause_end;
        }
        // `no fever, chills or cough` is one list, `no fever, cough worse` is not.
        let last_or =
            (from..clause_end).rev().find(|it| matches!(&*words[*it].as_ref().lower, "or" | "nor"));
        let listed = last_or.unwrap_or(from);
        (listed.max(from + 1)..clause_end)
            .find(|it| self.comma[*it] && *it > listed)
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
            let comma = self.comma.get(start + 1) == Some(&true) && start + 1 < end;
            commas += usize::from(comma);
            if commas > 0 || self.clause.get(start + 1).copied().unwrap_or(false) && start + 1 < end
            {
                return start + 1;
            }
            if self.clause.get(end) == Some(&true) {
                return end;
            }
        }
        start
    }
}

#[cfg(test)]
mod tests;
