//! The words that say something of others.

use std::{cmp::Reverse, collections::HashMap, sync::LazyLock};

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

/// The cues that begin with a word.
#[derive(Default)]
struct Beginning {
    /// The word alone.
    alone: Option<Matched>,
    /// With the words behind it, the longest first.
    longer: Vec<(Vec<&'static str>, Matched)>,
    /// What the words directly behind it begin with: most words of a note begin with nothing of that.
    seconds: u64,
}

/// A bit for what a word begins with.
fn letter(word: &str) -> u64 {
    word.bytes().next().map_or(0, |first| 1 << (first % 64))
}

/// The cues by their first word.
static BY_FIRST: LazyLock<HashMap<&'static str, Beginning, FixedState>> = LazyLock::new(|| {
    let mut by_first = HashMap::<_, Beginning, _>::default();
    for &(aspect, direction, crosses_commas, phrases) in GROUPS {
        for phrase in phrases {
            let mut words = phrase.split(' ');
            let beginning = by_first.entry(words.next().unwrap_or_default()).or_default();
            let rest: Vec<&str> = words.collect();
            let cue = Matched { length: 1 + rest.len(), aspect, direction, crosses_commas };
            match rest.first() {
                None => _ = beginning.alone.get_or_insert(cue),
                Some(second) => {
                    beginning.seconds |= letter(second);
                    beginning.longer.push((rest, cue));
                }
            }
        }
    }
    for beginning in by_first.values_mut() {
        beginning.longer.sort_by_key(|(rest, _)| Reverse(rest.len()));
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
    let beginning = BY_FIRST.get(words.lower(at))?;
    let next = words.lower(at + 1);
    if beginning.seconds & letter(next) == 0 {
        return beginning.alone;
    }
    let follow = |rest: &[&str]| {
        rest.first() == Some(&next)
            && (at + 1..).zip(rest).skip(1).all(|(at, part)| words.lower(at) == *part)
    };
    let longer = beginning.longer.iter().find(|(rest, _)| follow(rest));
    longer.map(|(_, cue)| *cue).or(beginning.alone)
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
