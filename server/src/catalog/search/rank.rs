//! Scores documents by weighted overlap with the query and ranks them.
//!
//! Score = matched weight / (α · weight of the query + (1 − α) · weight of the document's words outside of brackets,
//! and of those in brackets that matched). So a document that has more of the query, and little else, comes first, and
//! nothing is dropped for one word that did not match.

use std::{cmp::Ordering, ops::Range, sync::Mutex};

use super::{
    postings::Posting,
    resolve::{Beginning, ResolvedWord, Stand},
    segment::Segment,
};

/// Share of the query in the norm of a score. Measured: 0.45.
const ALPHA: f32 = 0.45;

/// What is left of the score of a document in which a word of the query is missing. Measured.
const INCOMPLETE: f32 = 0.85;

/// What is left of the score of a document that no coder lists first, unless it says what the query says. For the sets of queries 0.65 to 1 make no difference;
/// with this an injury comes before its cause in sentences that name both.
const SECONDARY: f32 = 0.85;

/// How far below an exact match those documents stand at most that weigh less than a reading of the query: they say it in
/// other words. The less they weigh, the nearer.
const IN_OTHER_WORDS: f32 = 0.0001;

/// From which share on a document weighs less than the query; what is less is rounding.
const MORE_THAN_ALL: f32 = 1.0001;

/// Documents that are ranked, of all that matched.
const MOST_RANKED: usize = 4_096;

/// A document of one of the systems that are searched, with its score, in one number: they sort best first, at equal score
/// in the order of systems and codes. Bits of scores, which are not negative, rise as the scores do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ranked(u64);

impl Ranked {
    /// `place` is that of the system among those that are searched.
    pub(super) fn new(score: f32, place: u8, doc: u32) -> Self {
        let document = u64::from(place) << DOCUMENT_BITS | u64::from(doc);
        Self(u64::from(!score.to_bits()) << 32 | document)
    }

    pub(super) fn score(self) -> f32 {
        f32::from_bits(!u32::try_from(self.0 >> 32).unwrap_or_default())
    }

    pub(super) fn place(self) -> u8 {
        self.0.to_le_bytes()[3]
    }

    pub(super) fn doc(self) -> u32 {
        u32::try_from(self.0 & ((1 << DOCUMENT_BITS) - 1)).unwrap_or_default()
    }

    pub(super) fn with_score(self, score: f32) -> Self {
        Self::new(score, self.place(), self.doc())
    }
}

/// Bits of the number of a document: there are fewer than [`super::segment::MOST_DOCUMENTS`].
const DOCUMENT_BITS: u32 = 24;

/// Sums that a search needs for each document. Kept for the next search, because clearing what was touched is cheaper
/// than making them anew.
#[derive(Debug, Default)]
struct Sums {
    of_documents: Vec<Sum>,
    touched: Vec<u32>,
}

/// What a search knows of a document.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    overlap: f32,
    optional: f32,
    /// The last word of the query that matched the document, from 1; 0 = none so far.
    last_word: u8,
    /// How many words of the query matched the document, those that only link others not counted.
    matched: u8,
}

/// A word of the query whose turn it is.
#[derive(Clone, Copy, Debug)]
struct Turn {
    /// From 1, the heaviest first.
    number: u8,
    /// It adds to documents that matched already and finds no others.
    only_known: bool,
    /// A document is incomplete without it.
    counts: bool,
}

/// The sums of searches that have ended. One is made for each search that runs at the same time.
#[derive(Debug, Default)]
pub(super) struct SumsPool(Mutex<Vec<Sums>>);

impl SumsPool {
    fn take(&self, documents: usize) -> Sums {
        let mut sums = self.0.lock().map(|mut pool| pool.pop()).ok().flatten().unwrap_or_default();
        if sums.of_documents.len() < documents {
            sums.of_documents.resize(documents, Sum::default());
        }
        sums
    }

    fn give_back(&self, mut sums: Sums) {
        for doc in sums.touched.drain(..) {
            sums.of_documents[doc as usize] = Sum::default();
        }
        if let Ok(mut pool) = self.0.lock() {
            pool.push(sums);
        }
    }
}

/// What is ranked: the documents of a segment that lie in `within`.
pub(super) struct Ranking<'q> {
    pub(super) segment: &'q Segment,
    /// The place of its system among those that are searched.
    pub(super) place: u8,
    pub(super) words: &'q [ResolvedWord<'q>],
    pub(super) within: Range<u32>,
    /// Those of them that no coder lists first.
    pub(super) secondary: [Range<u32>; 3],
}

/// Adds the best documents, in no order. Gives whether more matched than were ranked, `None` when `keep_going` said stop.
pub(super) fn rank(
    ranking: &Ranking<'_>,
    pool: &SumsPool,
    keep_going: &dyn Fn() -> bool,
    into: &mut Vec<Ranked>,
) -> Option<bool> {
    let Ranking { segment, words, .. } = *ranking;
    let mut sums = pool.take(segment.documents.len());
    // The heaviest words first: those that say little then only add to documents that matched already.
    let mut order: Vec<_> = words.iter().filter(|word| !word.alternatives.is_empty()).collect();
    order.sort_by(|a, b| {
        let heavier = b.weight.partial_cmp(&a.weight).unwrap_or(Ordering::Equal);
        a.is_weak.cmp(&b.is_weak).then(heavier)
    });
    let names_something = words.iter().any(|word| !word.is_weak);
    let weight: f32 = words.iter().map(|word| word.weight).sum();
    let heaviest = order.iter().map(|word| word.weight).fold(0.0, f32::max);
    let mut stopped = false;
    // A word that this system has no title for is missing in all of its documents: those of others may have it.
    let says_more = words.iter().any(|word| !word.is_link);
    let counts = |word: &ResolvedWord<'_>| !(word.is_link && says_more);
    let count = words.iter().filter(|word| counts(word)).count();
    let count = u8::try_from(count).unwrap_or(u8::MAX).max(1);
    for (number, word) in (1_u8..).zip(order) {
        let says_little = word.weight < heaviest * super::words::STOP_WEIGHT;
        let only_known = number > 1 && says_little || word.is_weak && names_something;
        sums.add(segment, word, Turn { number, only_known, counts: counts(word) });
        stopped = !keep_going();
        if stopped {
            break;
        }
    }
    if let [ResolvedWord { beginning: Some(beginning), .. }] = words {
        sums.add_beginning(segment, beginning);
    }
    let cut = (!stopped).then(|| sums.best(ranking, weight, count, into));
    pool.give_back(sums);
    cut
}

impl Sums {
    fn add(&mut self, segment: &Segment, word: &ResolvedWord<'_>, turn: Turn) {
        for alternative in &word.alternatives {
            match &alternative.stand {
                Stand::One(stem) => {
                    let weight = segment.weights[*stem as usize];
                    for posting in segment.postings.list(*stem) {
                        let optional = if posting.optional { weight } else { 0.0 };
                        let optional = optional - alternative.lighter;
                        self.match_document(posting.doc, turn, alternative.worth, optional);
                    }
                }
                Stand::All(stems) => {
                    for (doc, optional) in documents_with_all(segment, stems) {
                        let optional = optional - alternative.lighter;
                        self.match_document(doc, turn, alternative.worth, optional);
                    }
                }
            }
        }
    }

    /// One or two letters stand for thousands of words. They are looked for in short descriptions only, where the heaviest
    /// of them counts, after what the letters mean as a word of their own.
    fn add_beginning(&mut self, segment: &Segment, beginning: &Beginning) {
        const OWN_WORD: u8 = 1;
        const BEGINNING: u8 = 2;
        for stem in beginning.stems.clone() {
            let worth = segment.weights[stem as usize].min(beginning.most);
            for doc in segment.short.list(stem) {
                match self.of_documents.get_mut(*doc as usize) {
                    Some(Sum { last_word: OWN_WORD, .. }) | None => {}
                    Some(sum) if sum.last_word == BEGINNING => sum.overlap = sum.overlap.max(worth),
                    Some(_) => {
                        let turn = Turn { number: BEGINNING, only_known: false, counts: true };
                        self.match_document(*doc, turn, worth, 0.0);
                    }
                }
            }
        }
    }

    /// Counts a word for a document once, by its best alternative: they come best first.
    #[inline]
    fn match_document(&mut self, doc: u32, turn: Turn, worth: f32, optional: f32) {
        let Some(sum) = self.of_documents.get_mut(doc as usize) else { return };
        if sum.last_word == turn.number || (sum.last_word == 0 && turn.only_known) {
            return;
        }
        if sum.last_word == 0 {
            self.touched.push(doc);
        }
        sum.last_word = turn.number;
        sum.matched += u8::from(turn.counts);
        sum.overlap += worth;
        sum.optional += optional;
    }

    /// Adds the best documents to `into`; whether there were more.
    fn best(
        &self,
        ranking: &Ranking<'_>,
        query_weight: f32,
        words: u8,
        into: &mut Vec<Ranked>,
    ) -> bool {
        let Ranking { segment, place, within, secondary, .. } = ranking;
        let start = into.len();
        let mut last = None;
        for doc in self.touched.iter().filter(|doc| within.contains(doc)) {
            let at = *doc as usize;
            let sum = self.of_documents[at];
            let norm = ALPHA * query_weight + (1.0 - ALPHA) * weighs(segment.required[at], &sum);
            let said = at_most_exact(sum.overlap / norm);
            let is_complete = sum.matched == words;
            let share = if is_complete { 1.0 } else { INCOMPLETE };
            let is_exact = is_complete && said >= 1.0 - IN_OTHER_WORDS;
            let is_secondary = !is_exact && secondary.iter().any(|range| range.contains(doc));
            let share = if is_secondary { share * SECONDARY } else { share };
            let score = said * share;
            let ranked = Ranked::new(score, *place, *doc);
            if !score.is_finite() || last.is_some_and(|last| ranked > last) {
                continue;
            }
            into.push(ranked);
            // No more are kept than may be ranked twice over: a common word stands in most documents.
            if into.len() - start == 2 * MOST_RANKED {
                last = Some(keep_best(into, start));
            }
        }
        if into.len() - start > MOST_RANKED {
            last = Some(keep_best(into, start));
        }
        last.is_some()
    }
}

/// What a document weighs beside a query. Two words of it that mean the same make the document lighter twice: what would
/// weigh next to nothing, or less, weighs what matched.
fn weighs(required: f32, sum: &Sum) -> f32 {
    const LEAST: f32 = 0.2;
    let weight = required + sum.optional;
    if weight < sum.overlap * LEAST { sum.overlap } else { weight }
}

/// A share of what could match as a score. One above the whole, as of a short title for a heavy reading, keeps its order
/// among its like and stays below what matches to the word.
fn at_most_exact(matched: f32) -> f32 {
    if matched > MORE_THAN_ALL { 1.0 - IN_OTHER_WORDS / matched } else { matched.min(1.0) }
}

/// Keeps the best from `start` on that may be ranked. Gives the last of them.
fn keep_best(ranked: &mut Vec<Ranked>, start: usize) -> Ranked {
    let (_, last, _) = ranked[start..].select_nth_unstable(MOST_RANKED - 1);
    let last = *last;
    ranked.truncate(start + MOST_RANKED);
    last
}

/// Whether a document holds what satisfies a word of the query.
pub(super) fn is_found(segment: &Segment, stand: &Stand) -> bool {
    match stand {
        Stand::One(stem) => segment.postings.count(*stem) > 0,
        Stand::All(stems) => !documents_with_all(segment, stems).is_empty(),
    }
}

/// The documents that hold every stem, with the weight of those stems that stand in brackets.
fn documents_with_all(segment: &Segment, stems: &[u32]) -> Vec<(u32, f32)> {
    let mut rarest_first = stems.to_vec();
    rarest_first.sort_by_key(|stem| segment.postings.count(*stem));
    let mut found: Option<Vec<(u32, f32)>> = None;
    for stem in rarest_first {
        let weight = segment.weights[stem as usize];
        let optional = |posting: Posting| if posting.optional { weight } else { 0.0 };
        let list = segment.postings.list(stem);
        found = Some(match found {
            None => list.map(|posting| (posting.doc, optional(posting))).collect(),
            Some(earlier) => {
                let mut list = list.peekable();
                let both = earlier.into_iter().filter_map(|(doc, sum)| {
                    while list.next_if(|posting| posting.doc < doc).is_some() {}
                    let posting = list.next_if(|posting| posting.doc == doc)?;
                    Some((doc, sum + optional(posting)))
                });
                both.collect()
            }
        });
    }
    found.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Sum, at_most_exact, weighs};

    #[test]
    fn nothing_weighs_less_than_nothing() {
        let sum = |overlap, optional| Sum { overlap, optional, ..Sum::default() };
        assert!((weighs(9.0, &sum(4.0, -5.0)) - 4.0).abs() < f32::EPSILON);
        assert!((weighs(9.0, &sum(4.0, -9.5)) - 4.0).abs() < f32::EPSILON);
        assert!((weighs(9.0, &sum(4.0, 1.0)) - 10.0).abs() < f32::EPSILON);
    }

    #[test]
    fn titles_in_other_words_keep_their_order_and_stay_below_an_exact_one() {
        let rising = [0.2, 0.99, 1.01, 1.3, 2.0, 40.0, 1.0];
        let scores = rising.map(at_most_exact);
        // What is nearly all stays as it is; only whole matches are told apart anew.
        assert_eq!(scores[..2], rising[..2]);
        assert!(scores.windows(2).all(|pair| pair[0] < pair[1]), "{scores:?}");
        // Rounding makes no title more than exact.
        assert!((at_most_exact(1.000_01) - 1.0).abs() < f32::EPSILON);
    }
}
