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

/// Documents that are ranked, of all that matched.
const MOST_RANKED: usize = 4_096;

/// A document with its score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scored {
    pub(super) score: f32,
    pub(super) doc: u32,
}

/// The best documents of one system.
#[derive(Debug, Default)]
pub(super) struct Ranking {
    /// The best ones, in no order: see [`best_first`].
    pub(super) documents: Vec<Scored>,
    /// More documents matched than were ranked.
    pub(super) cut: bool,
}

/// Sums that a search needs for each document. Kept for the next search, because clearing what was touched is cheaper
/// than making them anew.
#[derive(Debug, Default)]
struct Sums {
    overlap: Vec<f32>,
    optional: Vec<f32>,
    /// The last word of the query that matched the document, from 1; 0 = none so far.
    last_word: Vec<u8>,
    /// How many words of the query matched the document.
    matched: Vec<u8>,
    touched: Vec<u32>,
}

/// The sums of searches that have ended. One is made for each search that runs at the same time.
#[derive(Debug, Default)]
pub(super) struct SumsPool(Mutex<Vec<Sums>>);

impl SumsPool {
    fn take(&self, documents: usize) -> Sums {
        let mut sums = self.0.lock().map(|mut pool| pool.pop()).ok().flatten().unwrap_or_default();
        if sums.last_word.len() < documents {
            sums.overlap.resize(documents, 0.0);
            sums.optional.resize(documents, 0.0);
            sums.last_word.resize(documents, 0);
            sums.matched.resize(documents, 0);
        }
        sums
    }

    fn give_back(&self, mut sums: Sums) {
        for doc in sums.touched.drain(..) {
            let doc = doc as usize;
            sums.overlap[doc] = 0.0;
            sums.optional[doc] = 0.0;
            sums.last_word[doc] = 0;
            sums.matched[doc] = 0;
        }
        if let Ok(mut pool) = self.0.lock() {
            pool.push(sums);
        }
    }
}

/// Ranks the documents of a segment that lie in `within`. `None` when `keep_going` said stop.
pub(super) fn rank(
    segment: &Segment,
    words: &[ResolvedWord<'_>],
    within: Range<u32>,
    pool: &SumsPool,
    keep_going: &dyn Fn() -> bool,
) -> Option<Ranking> {
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
    let count = u8::try_from(order.len()).unwrap_or(u8::MAX).max(1);
    for (number, word) in (1_u8..).zip(order) {
        let says_little = word.weight < heaviest * super::words::STOP_WEIGHT;
        let only_known = number > 1 && says_little || word.is_weak && names_something;
        sums.add(segment, word, number, only_known);
        stopped = !keep_going();
        if stopped {
            break;
        }
    }
    if let [ResolvedWord { beginning: Some(beginning), .. }] = words {
        sums.add_beginning(segment, beginning);
    }
    let ranking = (!stopped).then(|| sums.best(segment, &within, weight, count));
    pool.give_back(sums);
    ranking
}

impl Sums {
    fn add(&mut self, segment: &Segment, word: &ResolvedWord<'_>, number: u8, only_known: bool) {
        for alternative in &word.alternatives {
            match &alternative.stand {
                Stand::One(stem) => {
                    let weight = segment.weights[*stem as usize];
                    for posting in segment.postings.list(*stem) {
                        let optional = if posting.optional { weight } else { 0.0 };
                        self.match_document(
                            posting.doc,
                            number,
                            alternative.worth,
                            optional,
                            only_known,
                        );
                    }
                }
                Stand::All(stems) => {
                    for (doc, optional) in documents_with_all(segment, stems) {
                        self.match_document(doc, number, alternative.worth, optional, only_known);
                    }
                }
            }
        }
    }

    /// One or two letters stand for thousands of words. They are looked for in short descriptions only.
    fn add_beginning(&mut self, segment: &Segment, beginning: &Beginning) {
        for short in &segment.short {
            let stems = short.stems.iter().filter(|stem| beginning.stems.contains(*stem));
            let weights = stems.map(|stem| segment.weights[*stem as usize]);
            if let Some(weight) = weights.reduce(f32::max) {
                self.match_document(short.doc, 1, weight.min(beginning.most), 0.0, false);
            }
        }
    }

    /// Counts a word for a document once, by its best alternative: they come best first.
    #[inline]
    fn match_document(
        &mut self,
        doc: u32,
        number: u8,
        worth: f32,
        optional: f32,
        only_known: bool,
    ) {
        let at = doc as usize;
        let Some(last) = self.last_word.get_mut(at) else { return };
        if *last == number || (*last == 0 && only_known) {
            return;
        }
        if *last == 0 {
            self.touched.push(doc);
        }
        *last = number;
        self.matched[at] += 1;
        self.overlap[at] += worth;
        self.optional[at] += optional;
    }

    fn best(
        &self,
        segment: &Segment,
        within: &Range<u32>,
        query_weight: f32,
        words: u8,
    ) -> Ranking {
        let scored = self.touched.iter().filter(|doc| within.contains(doc)).map(|doc| {
            let at = *doc as usize;
            let norm =
                ALPHA * query_weight + (1.0 - ALPHA) * (segment.required[at] + self.optional[at]);
            let share = if self.matched[at] == words { 1.0 } else { INCOMPLETE };
            Scored { score: (self.overlap[at] / norm).min(1.0) * share, doc: *doc }
        });
        let mut documents: Vec<_> = scored.filter(|scored| scored.score.is_finite()).collect();
        let cut = documents.len() > MOST_RANKED;
        if cut {
            documents.select_nth_unstable_by(MOST_RANKED, best_first);
            documents.truncate(MOST_RANKED);
        }
        Ranking { documents, cut }
    }
}

/// Best first; at equal score in the order of their codes.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that sorting asks for")]
pub(super) fn best_first(a: &Scored, b: &Scored) -> Ordering {
    b.score.partial_cmp(&a.score).unwrap_or(Ordering::Equal).then(a.doc.cmp(&b.doc))
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
