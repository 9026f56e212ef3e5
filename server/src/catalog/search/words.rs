//! From a text to the words that are compared: lower case, accents folded, apostrophes dropped, split at everything
//! that is neither letter nor digit.

use std::{borrow::Cow, cell::RefCell, collections::HashMap, ops::Range, rc::Rc};

use foldhash::fast::RandomState;
use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::negation;

/// Words that say little: they count for [`STOP_WEIGHT`] of their weight.
const STOP_WORDS: [&str; 24] = [
    "a", "an", "and", "as", "at", "by", "due", "for", "from", "in", "into", "is", "it", "its",
    "of", "on", "or", "that", "the", "this", "to", "was", "which", "with",
];

/// What is left of the weight of a stop word. Measured: 0.15.
pub(super) const STOP_WEIGHT: f32 = 0.15;

/// What is left of the weight of what a text denies, and of the word that denies it: `without foreign body` hardly needs to
/// be said. Measured: 0.1 to 0.5 find more than 1; below 0.3 little changes but what a query denies counts for less.
const DENIED_WEIGHT: f32 = 0.3;

/// How much more a word weighs that makes something else of what it stands beside. Measured: 1.3 to 2 make no difference
/// for the sets of queries.
const DECISIVE_WEIGHT: f32 = 1.5;

/// Words that narrow and name nothing: where, when, how much, how surely and of what kind, as sides, encounters, degrees and
/// `disease`, with the ways people shorten them; and words of sentences such as `down`, `take` and `stuck`.
const WEAK_WORDS: [&str; 122] = [
    "above",
    "acute",
    "after",
    "ago",
    "all",
    "away",
    "b",
    "baby",
    "bad",
    "before",
    "behind",
    "below",
    "between",
    "bilat",
    "bilateral",
    "both",
    "check",
    "chronic",
    "condition",
    "conditions",
    "day",
    "days",
    "disease",
    "diseases",
    "disorder",
    "disorders",
    "down",
    "eight",
    "encounter",
    "entire",
    "feel",
    "feeling",
    "feels",
    "few",
    "five",
    "four",
    "good",
    "high",
    "init",
    "initial",
    "kid",
    "kids",
    "l",
    "last",
    "left",
    "low",
    "lt",
    "mild",
    "moderate",
    "month",
    "months",
    "morning",
    "need",
    "needs",
    "new",
    "night",
    "nights",
    "nine",
    "no",
    "nos",
    "not",
    "off",
    "old",
    "one",
    "only",
    "other",
    "out",
    "over",
    "possible",
    "probable",
    "problem",
    "problems",
    "r",
    "recurrent",
    "right",
    "rt",
    "s/p",
    "sequela",
    "seven",
    "severe",
    "side",
    "sides",
    "since",
    "six",
    "spinning",
    "stuck",
    "subseq",
    "subsequent",
    "syndrome",
    "syndromes",
    "take",
    "takes",
    "taking",
    "ten",
    "three",
    "time",
    "times",
    "today",
    "toddler",
    "tonight",
    "too",
    "took",
    "trouble",
    "twice",
    "two",
    "type",
    "under",
    "unilateral",
    "unsp",
    "unspecified",
    "up",
    "want",
    "wants",
    "week",
    "weeks",
    "well",
    "while",
    "whole",
    "without",
    "year",
    "years",
    "yesterday",
];

/// Words that make something else of what they stand beside: what a patient had is not what a patient has, and what befalls a
/// newborn or comes with a pregnancy has codes of its own (Guidelines I.C.15, I.C.16, I.C.21.c.4).
const DECISIVE_WORDS: [&str; 13] = [
    "childbirth",
    "family",
    "fetal",
    "fetus",
    "history",
    "maternal",
    "neonatal",
    "newborn",
    "perinatal",
    "pregnancy",
    "puerperium",
    "screening",
    "sequelae",
];

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// The folded form.
    pub(super) text: String,
    /// Where it stands, in UTF-8 bytes of the text.
    pub(super) range: Range<usize>,
    /// It stands in brackets: in official titles such words are nonessential modifiers.
    pub(super) in_brackets: bool,
    /// The text denies it: see [`super::negation`].
    pub(super) is_negated: bool,
}

impl Word {
    /// What stands for the word among the words of the index, marked when it is denied.
    pub(super) fn key(&self) -> Cow<'_, str> {
        if self.is_negated {
            Cow::Owned(format!("{}{}", negation::MARK, self.text))
        } else {
            Cow::Borrowed(&self.text)
        }
    }
}

/// The words of a text, in order.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut open: Option<Word> = None;
    let mut depth = 0_usize;
    for (start, character) in text.char_indices() {
        let end = start + character.len_utf8();
        if character.is_alphanumeric() || is_combining_mark(character) && open.is_some() {
            let word = open.get_or_insert_with(|| Word {
                text: String::new(),
                range: start..start,
                in_brackets: depth > 0,
                is_negated: false,
            });
            push_folded(&mut word.text, character);
            word.range.end = end;
            continue;
        }
        if is_apostrophe(character) && open.is_some() {
            continue;
        }
        words.extend(open.take().filter(|word| !word.text.is_empty()));
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    words.extend(open.filter(|word| !word.text.is_empty()));
    words
}

fn push_folded(folded: &mut String, character: char) {
    if character.is_ascii() {
        folded.push(character.to_ascii_lowercase());
    } else {
        let plain = character.to_lowercase().nfkd().filter(|part| part.is_alphanumeric());
        folded.extend(plain.flat_map(char::to_lowercase));
    }
}

fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '\u{2018}' | '\u{2019}' | '\u{02BC}' | '`')
}

/// Two words of a text as one, when they are two short ones with a slash between them: `w/o`, `n/v`.
pub(super) fn slashed(text: &str, left: &Word, right: &Word) -> Option<Word> {
    let between = text.get(left.range.end..right.range.start)?;
    let is_short = |word: &Word| word.text.len() <= 3;
    (between == "/" && is_short(left) && is_short(right)).then(|| Word {
        text: format!("{}/{}", left.text, right.text),
        range: left.range.start..right.range.end,
        in_brackets: left.in_brackets,
        is_negated: false,
    })
}

/// Whether a folded word is a stop word.
pub(super) fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.contains(&word)
}

/// How much a word of the index counts beside how rare it is, where that is not all that counts.
pub(super) fn factor(word: &str) -> Option<f32> {
    let said = word.strip_prefix(negation::MARK);
    let denied = (said.is_some() || negation::is_negator(word)).then_some(DENIED_WEIGHT);
    let own = match said.unwrap_or(word) {
        word if is_stop_word(word) => Some(STOP_WEIGHT),
        word if DECISIVE_WORDS.contains(&word) => Some(DECISIVE_WEIGHT),
        _ => None,
    };
    (denied.is_some() || own.is_some()).then(|| denied.unwrap_or(1.0) * own.unwrap_or(1.0))
}

/// Whether a folded word names nothing by itself, as no number does.
pub(super) fn is_weak(word: &str) -> bool {
    is_number(word) || WEAK_WORDS.contains(&word)
}

/// Whether a folded word says what is asked for, not only how or where.
pub(super) fn names_something(word: &str) -> bool {
    !is_weak(word) && !is_stop_word(word)
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a folded word says how many: `3`, `several`.
pub(super) fn is_count(word: &str) -> bool {
    const COUNTS: [&str; 17] = [
        "a", "couple", "eight", "few", "fifteen", "five", "four", "many", "nine", "one", "seven",
        "several", "six", "ten", "three", "twenty", "two",
    ];
    is_number(word) || COUNTS.contains(&word)
}

/// The end of the names of inflammations. The stemmer takes it off: it would make `hepatitis` of `hepatic`, and `tendonitis`
/// of `tendon`.
const INFLAMMATION: &str = "itis";

/// Words that the stemmer takes for forms of another one, with the stem that they have here: the heart's conduction is no
/// conduct, a miner no mineral, what is positive has no position, a fitting is no fit, and who is cutting herself has not cut
/// herself by accident.
const OWN_STEMS: [(&str, &str); 28] = [
    ("activities", "activity"),
    ("activity", "activity"),
    ("blocked", "blocked"),
    ("colonization", "colonization"),
    ("conduction", "conduction"),
    ("conductive", "conductive"),
    ("conversation", "conversation"),
    ("cutting", "cutting"),
    ("elevator", "elevator"),
    ("extremities", "extremity"),
    ("extremity", "extremity"),
    ("fertilizer", "fertilizer"),
    ("fitting", "fitting"),
    ("fittings", "fitting"),
    ("immunization", "immunization"),
    ("immunizations", "immunization"),
    ("infantilism", "infantilism"),
    ("medication", "medication"),
    ("medications", "medication"),
    ("mineral", "mineral"),
    ("minerals", "mineral"),
    ("motorized", "motorized"),
    ("multiplication", "multiplication"),
    ("occupational", "occupational"),
    ("personality", "personality"),
    ("picking", "picking"),
    ("positive", "positive"),
    ("positivity", "positive"),
];

/// Reduces folded words to their stems.
pub(super) struct Stems {
    stemmer: Stemmer,
    /// Those that were asked for: one word of a query is looked up in many places.
    found: RefCell<HashMap<String, Rc<str>, RandomState>>,
}

impl Stems {
    /// The stemmer for English. Words with digits stay as they are.
    pub(super) fn english() -> Self {
        Self { stemmer: Stemmer::create(Algorithm::English), found: RefCell::default() }
    }

    /// The stem of a folded word.
    pub(super) fn stem(&self, word: &str) -> Rc<str> {
        if let Some(stem) = self.found.borrow().get(word) {
            return Rc::clone(stem);
        }
        let stem: Rc<str> = self.reduced(word).into();
        self.found.borrow_mut().insert(word.to_owned(), Rc::clone(&stem));
        stem
    }

    fn reduced<'w>(&self, word: &'w str) -> Cow<'w, str> {
        if let Some(denied) = word.strip_prefix(negation::MARK) {
            return format!("{}{}", negation::MARK, self.reduced(denied)).into();
        }
        if let Some((_, stem)) = OWN_STEMS.iter().find(|(own, _)| *own == word) {
            return (*stem).into();
        }
        let is_inflammation = word.ends_with(INFLAMMATION);
        if word.bytes().all(|byte| byte.is_ascii_lowercase()) && !is_inflammation {
            self.stemmer.stem(word)
        } else {
            word.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn folds_case_accents_and_apostrophes() {
        assert_eq!(texts("Ménière's disease, w/ foot"), ["menieres", "disease", "w", "foot"]);
        assert_eq!(
            texts("Crohn\u{2019}s; heart-attack \"unterminated"),
            ["crohns", "heart", "attack", "unterminated"]
        );
        assert_eq!(texts(" --- \u{1F600} "), [""; 0]);
    }

    #[test]
    fn knows_what_stands_in_brackets() {
        let words = words("Essential (primary) hypertension [arterial");
        let marked: Vec<_> =
            words.iter().filter(|word| word.in_brackets).map(|word| &*word.text).collect();
        assert_eq!(marked, ["primary", "arterial"]);
    }

    #[test]
    fn says_what_counts_beside_how_rare_a_word_is() {
        assert_eq!(factor("fracture"), None);
        assert_eq!(factor("of"), Some(STOP_WEIGHT));
        assert_eq!(factor("newborn"), Some(DECISIVE_WEIGHT));
        assert_eq!(factor("without"), Some(DENIED_WEIGHT));
        assert_eq!(factor("!body"), Some(DENIED_WEIGHT));
        assert_eq!(factor("!to"), Some(DENIED_WEIGHT * STOP_WEIGHT));
    }

    #[test]
    fn brings_plural_and_singular_together() {
        let stems = Stems::english();
        for (own, other) in
            [("conduction", "conduct"), ("mineral", "miner"), ("positive", "position")]
        {
            assert_ne!(stems.stem(own), stems.stem(other));
        }
        assert_eq!(stems.stem("extremities"), stems.stem("extremity"));
        for (one, other) in [
            ("fracture", "fractures"),
            ("ulcer", "ulcers"),
            ("neoplasms", "neoplasm"),
            ("complication", "complications"),
        ] {
            assert_eq!(stems.stem(one), stems.stem(other));
        }
        assert_eq!(&*stems.stem("h1n1s"), "h1n1s");
        assert_ne!(stems.stem("tendonitis"), stems.stem("tendons"));
    }

    proptest! {
        #[test]
        fn ranges_are_parts_of_the_text(text in "\\PC{0,60}") {
            let mut from = 0;
            for word in words(&text) {
                prop_assert!(word.range.start >= from && text.get(word.range.clone()).is_some());
                prop_assert!(!word.text.is_empty());
                from = word.range.end;
            }
        }
    }
}
