//! The words that say something of others.

use std::{collections::HashMap, sync::LazyLock};

use foldhash::fast::FixedState;

use super::{Aspect, Sequence};
use crate::words::list::{Shapes, WordList};

/// On which side the words lie that a cue speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// Behind it.
    Forward,
    /// Before it.
    Backward,
    /// Behind it, or before it where nothing follows.
    Either,
}

/// A cue that was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Matched {
    /// How many words it has.
    pub(super) length: usize,
    /// What it says; `None` for words that only look like a cue.
    pub(super) aspect: Option<Aspect>,
    pub(super) direction: Direction,
    /// Its scope goes on over commas.
    pub(super) crosses_commas: bool,
}

use Aspect::{Hypothetical, Negated, Past, Relative, Uncertain};
use Direction::{Backward, Either, Forward};

type Group = (Option<Aspect>, Direction, bool, &'static [&'static str]);

/// Words parted by blanks; the longest that fits counts.
const GROUPS: &[Group] = &[
    // Not what it seems.
    (
        None,
        Forward,
        false,
        &[
            "no change",
            "no increase",
            "no improvement",
            "not only",
            "not well",
            "not controlled",
            "not at goal",
            "without difficulty",
            "gram negative",
            "not certain",
            "not sure",
            "history of present illness",
            "history of presenting illness",
            "history and physical",
            "year old",
            "years old",
            "yr old",
            "month old",
            "months old",
            "week old",
            "day old",
            "days old",
            "no acute distress",
            "not yet",
            "past week",
            "past month",
            "past few",
            "past two",
            "past three",
            "past 2",
            "past 3",
            "past year",
            "past several",
            "old records",
            "no show",
            "if needed",
            "if any",
            "as likely",
            "not drain",
            "without incident",
            "no further questions",
        ],
    ),
    (
        Some(Negated),
        Forward,
        false,
        &[
            "no",
            "non",
            "not",
            "without",
            "w/o",
            "never",
            "absence of",
            "free of",
            "no evidence of",
            "no sign of",
            "no signs of",
            "no history of",
            "no h/o",
            "no hx of",
            "no evidence for",
            "not have",
            "did not have",
            "does not have",
            "no longer",
        ],
    ),
    (
        Some(Negated),
        Forward,
        true,
        &[
            "denies",
            "denied",
            "denying",
            "deny",
            "negative for",
            "neg for",
            "ruled out for",
            "denies any",
            "denies history of",
            "denies h/o",
        ],
    ),
    (
        Some(Negated),
        Backward,
        false,
        &[
            "ruled out",
            "was ruled out",
            "were ruled out",
            "has been ruled out",
            "negative",
            "is negative",
            "was negative",
            "unlikely",
            "is unlikely",
            "absent",
            "not present",
            "not seen",
            "not found",
            "excluded",
            "was excluded",
        ],
    ),
    (
        Some(Uncertain),
        Forward,
        false,
        &[
            "r/o",
            "rule out",
            "ruling out",
            "probably",
            "suspect",
            "suspicious for",
            "suspicion for",
            "suspicion of",
            "concern for",
            "concerning for",
            "compatible with",
            "consistent with",
            "c/w",
            "working diagnosis",
            "working diagnosis of",
            "presumptive",
            "differential",
            "ddx",
            "could be",
            "may be",
            "may represent",
            "might be",
            "might represent",
            "may have",
            "appears to be",
            "favor",
            "vs",
            "versus",
            "evaluate for",
            "eval for",
            "workup for",
            "less likely",
            "still to be ruled out",
        ],
    ),
    (
        Some(Uncertain),
        Either,
        false,
        &[
            "likely",
            "most likely",
            "possible",
            "possibly",
            "probable",
            "suspected",
            "questionable",
            "presumed",
        ],
    ),
    (
        Some(Uncertain),
        Backward,
        false,
        &[
            "is possible",
            "is suspected",
            "is likely",
            "cannot be ruled out",
            "can't be ruled out",
            "not ruled out",
            "not excluded",
            "cannot be excluded",
            "to be ruled out",
            "is probable",
            "versus",
            "vs",
        ],
    ),
    (
        Some(Hypothetical),
        Forward,
        false,
        &[
            "risk of",
            "risk for",
            "risk factor for",
            "risk factors for",
            "at risk for",
            "screening for",
            "screen for",
            "screened for",
            "prevent",
            "prevention of",
            "prophylaxis",
            "prophylaxis for",
            "monitor for",
            "watch for",
            "return for",
            "if",
            "in case of",
            "call for",
            "return if",
            "precautions for",
            "educated on",
            "vaccine",
            "vaccination",
        ],
    ),
    (
        Some(Past),
        Forward,
        true,
        &[
            "history of",
            "hx of",
            "h/o",
            "hx/o",
            "s/p",
            "status post",
            "personal history of",
            "history significant for",
            "past medical history of",
            "pmh of",
            "history is significant for",
            "remote history of",
            "past history of",
            "distant history of",
        ],
    ),
    (
        Some(Past),
        Forward,
        false,
        &[
            "prior",
            "previous",
            "previously",
            "past",
            "old",
            "remote",
            "former",
            "formerly",
            "hx",
            "healed",
        ],
    ),
    (
        Some(Past),
        Backward,
        false,
        &[
            "resolved",
            "now resolved",
            "has resolved",
            "is resolved",
            "years ago",
            "yrs ago",
            "year ago",
            "months ago",
            "in the past",
            "no evidence of disease",
            "ned",
            "cured",
            "as a child",
            "in childhood",
            "in remission",
        ],
    ),
    (
        Some(Relative),
        Forward,
        true,
        &[
            "family history",
            "family history of",
            "fh",
            "fhx",
            "family hx",
            "family hx of",
            "mother",
            "father",
            "sister",
            "brother",
            "grandmother",
            "grandfather",
            "maternal",
            "paternal",
            "aunt",
            "uncle",
            "fh of",
            "fhx of",
            "fam hx",
        ],
    ),
];

type ByFirst = HashMap<&'static str, Vec<(Vec<&'static str>, &'static Group)>, FixedState>;

/// The cues by their first word, each with the words behind it.
static BY_FIRST: LazyLock<ByFirst> = LazyLock::new(|| {
    let mut by_first = ByFirst::default();
    for group in GROUPS {
        for phrase in group.3 {
            let mut words = phrase.split(' ');
            let first = words.next().unwrap_or_default();
            by_first.entry(first).or_default().push((words.collect(), group));
        }
    }
    by_first
});

/// The shapes of the first words: what few words of a note have.
static FIRSTS: Shapes = {
    let mut shapes = Shapes::NONE;
    let mut group = 0;
    while group < GROUPS.len() {
        let phrases = GROUPS[group].3;
        let mut phrase = 0;
        while phrase < phrases.len() {
            let bytes = phrases[phrase].as_bytes();
            let mut length = 0;
            while length < bytes.len() && bytes[length] != b' ' {
                length += 1;
            }
            shapes = shapes.with(phrases[phrase], length);
            phrase += 1;
        }
        group += 1;
    }
    shapes
};

/// Whether a cue may begin with a word; where not, none does.
pub(in crate::words) fn may_begin(lower: &str) -> bool {
    FIRSTS.may_be(lower)
}

/// Whether a cue begins with a word.
pub(in crate::words) fn begins(lower: &str) -> bool {
    may_begin(lower) && BY_FIRST.contains_key(lower)
}

/// The longest cue that the words from `at` on begin with.
pub(super) fn matching(words: &(impl Sequence + ?Sized), at: usize) -> Option<Matched> {
    let candidates = BY_FIRST.get(words.lower(at))?;
    let next = words.lower(at + 1);
    let mut best: Option<Matched> = None;
    for (rest, (aspect, direction, crosses_commas, _)) in candidates {
        let length = 1 + rest.len();
        let is_longest = best.is_none_or(|best| length > best.length);
        if !is_longest || rest.first().is_some_and(|first| *first != next) {
            continue;
        }
        if (at + 1..).zip(rest).skip(1).all(|(at, part)| words.lower(at) == *part) {
            best = Some(Matched {
                length,
                aspect: *aspect,
                direction: *direction,
                crosses_commas: *crosses_commas,
            });
        }
    }
    best
}

/// Whether a word begins another statement, so that no scope reaches over it.
pub(super) fn ends_scope(lower: &str) -> bool {
    ENDS.contains(lower)
}

static ENDS: WordList = WordList::new(&[
    "although",
    "are",
    "aside",
    "because",
    "but",
    "complains",
    "continue",
    "continued",
    "continues",
    "currently",
    "except",
    "given",
    "has",
    "have",
    "however",
    "is",
    "now",
    "presented",
    "presenting",
    "presents",
    "reported",
    "reports",
    "since",
    "start",
    "started",
    "takes",
    "though",
    "today",
    "was",
    "were",
    "which",
    "who",
    "will",
    "yet",
]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_fit_for_search() {
        let lower = |phrase: &&str| phrase.to_lowercase() == **phrase;
        assert!(GROUPS.iter().all(|group| group.3.iter().all(lower)));
    }
}
