//! What the words of a query mean in one system: for each word the stems that satisfy it, best first.

use std::cmp::Ordering;

use super::{
    Mode,
    abbreviations::{Abbreviation, Abbreviations},
    segment::Segment,
    typos,
    words::{self, Stems, Word},
};

/// Words of a query beyond this are not looked at.
pub(super) const MOST_WORDS: usize = 16;

/// How much a word counts that was completed, by how much of it was typed: measured.
const PREFIX_FLOOR: f32 = 0.42;
const PREFIX_SLOPE: f32 = 0.28;

/// A completed word weighs at most this many times what the whole range of completions weighs.
const PREFIX_CAP: f32 = 1.5;

/// How much a word counts in which a slip was forgiven, and how long it has to be.
const TYPO_FACTOR: f32 = 0.7;
const SHORTEST_TYPO: usize = 5;

/// The stems that satisfy a word of the query.
#[derive(Clone, Debug)]
pub(super) enum Stand {
    /// One stem.
    One(u32),
    /// All of these together: an abbreviation written out.
    All(Vec<u32>),
}

impl Stand {
    pub(super) fn stems(&self) -> &[u32] {
        match self {
            Self::One(stem) => std::slice::from_ref(stem),
            Self::All(stems) => stems,
        }
    }
}

/// One way to satisfy a word of the query.
#[derive(Clone, Debug)]
pub(super) struct Alternative<'q> {
    /// What it adds to the overlap of a document.
    pub(super) worth: f32,
    pub(super) stand: Stand,
    /// The abbreviation that was written out.
    pub(super) abbreviation: Option<&'q Abbreviation>,
    /// The word in the place of which the typed one was forgiven.
    pub(super) forgiven: Option<&'q str>,
}

/// A word of the query with everything that satisfies it, best first.
#[derive(Clone, Debug)]
pub(super) struct ResolvedWord<'q> {
    /// What the word adds to the weight of the query.
    pub(super) weight: f32,
    pub(super) alternatives: Vec<Alternative<'q>>,
}

/// Where words are looked up.
#[derive(Clone, Copy)]
pub(super) struct Resolver<'q, 'v> {
    pub(super) own: &'q Abbreviations,
    pub(super) of_catalog: &'q Abbreviations,
    pub(super) mode: Mode,
    /// For each word of the query whether it occurs in an official text of any system.
    pub(super) in_vocabulary: &'v [bool],
}

impl<'q> Resolver<'q, '_> {
    /// Resolves the words of a query in one system.
    pub(super) fn resolve(
        &self,
        segment: &'q Segment,
        query: &[Word],
        stemmer: &Stems,
    ) -> Vec<ResolvedWord<'q>> {
        let words = query.iter().enumerate().map(|(place, word)| {
            let is_last = place + 1 == query.len();
            let known = self.in_vocabulary.get(place).copied().unwrap_or(false);
            self.word(segment, &word.text, stemmer, is_last && self.mode == Mode::Typeahead, known)
        });
        words.collect()
    }

    fn word(
        &self,
        segment: &'q Segment,
        word: &str,
        stemmer: &Stems,
        is_prefix: bool,
        in_vocabulary: bool,
    ) -> ResolvedWord<'q> {
        let mut alternatives = Vec::new();
        let mut weight = None;
        let exact = segment.stem(word, stemmer);
        if let Some(stem) = exact {
            let worth = segment.weights[stem as usize];
            weight = Some(worth);
            alternatives.push(Alternative::of(worth, Stand::One(stem)));
        }
        if is_prefix {
            let range = completions(segment, word, exact, &mut alternatives);
            weight = weight.or(range);
        }
        let is_ours = self.own.of(word).next().is_some();
        let long_list = self.of_catalog.of(word).filter(|_| !in_vocabulary && !is_ours);
        for abbreviation in self.own.of(word).chain(long_list) {
            let Some(written_out) = write_out(segment, abbreviation, stemmer) else { continue };
            weight = Some(weight.unwrap_or(0.0).max(written_out.worth));
            alternatives.push(written_out);
        }
        if alternatives.is_empty() && !in_vocabulary {
            weight = forgive(segment, word, &mut alternatives);
        }
        alternatives.sort_by(|a, b| b.worth.partial_cmp(&a.worth).unwrap_or(Ordering::Equal));
        // A word that nothing is known of still makes the query harder to satisfy.
        ResolvedWord { weight: weight.unwrap_or_else(|| unknown_weight(segment)), alternatives }
    }
}

impl Alternative<'_> {
    fn of(worth: f32, stand: Stand) -> Self {
        Self { worth, stand, abbreviation: None, forgiven: None }
    }
}

#[expect(clippy::cast_precision_loss, reason = "document counts are far below 2^24")]
fn unknown_weight(segment: &Segment) -> f32 {
    0.5 * (segment.documents.len().max(2) as f32).ln()
}

/// The words that begin with what was typed. Gives the weight of the whole range.
#[expect(clippy::cast_precision_loss, reason = "words are short")]
fn completions(
    segment: &Segment,
    typed: &str,
    exact: Option<u32>,
    into: &mut Vec<Alternative<'_>>,
) -> Option<f32> {
    let places = segment.words.beginning_with(typed);
    let typed_length = typed.chars().count() as f32;
    let mut best: Vec<(u32, f32)> = Vec::with_capacity(places.len());
    for place in places {
        let stem = segment.stem_of[place];
        let length = segment.words.get(place).chars().count() as f32;
        best.push((stem, PREFIX_FLOOR + PREFIX_SLOPE * typed_length / length));
    }
    best.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.partial_cmp(&a.1).unwrap_or(Ordering::Equal)));
    best.dedup_by_key(|(stem, _)| *stem);
    let count =
        best.iter().map(|(stem, _)| segment.postings.count(*stem)).fold(0, u32::saturating_add);
    let all = u32::try_from(segment.documents.len()).unwrap_or(u32::MAX);
    let range = (!best.is_empty()).then(|| segment.rarity(count.min(all)))?;
    for (stem, factor) in best.into_iter().filter(|(stem, _)| Some(*stem) != exact) {
        let weight = segment.weights[stem as usize].min(PREFIX_CAP * range);
        into.push(Alternative::of(weight * factor, Stand::One(stem)));
    }
    Some(range)
}

/// All words of an expansion together. `None` when the system does not use one of them.
fn write_out<'q>(
    segment: &Segment,
    abbreviation: &'q Abbreviation,
    stemmer: &Stems,
) -> Option<Alternative<'q>> {
    let words = words::words(&abbreviation.expansion);
    let mut stems =
        words.iter().map(|word| segment.stem(&word.text, stemmer)).collect::<Option<Vec<_>>>()?;
    stems.sort_unstable();
    stems.dedup();
    let worth = stems.iter().map(|stem| segment.weights[*stem as usize]).sum();
    let stand = match stems.as_slice() {
        [] => return None,
        [stem] => Stand::One(*stem),
        _ => Stand::All(stems),
    };
    Some(Alternative { worth, stand, abbreviation: Some(abbreviation), forgiven: None })
}

/// Words that differ from the typed one by one slip and begin with the same letter. Gives the weight of the best.
fn forgive<'q>(segment: &'q Segment, word: &str, into: &mut Vec<Alternative<'q>>) -> Option<f32> {
    let long_enough = word.chars().count() >= SHORTEST_TYPO;
    let first = word.chars().next().filter(|_| long_enough)?;
    for place in segment.words.beginning_with(first.encode_utf8(&mut [0; 4])) {
        let meant = segment.words.get(place);
        if typos::differ_by_one(word, meant) {
            let stem = segment.stem_of[place];
            let worth = segment.weights[stem as usize] * TYPO_FACTOR;
            let stand = Stand::One(stem);
            into.push(Alternative { worth, stand, abbreviation: None, forgiven: Some(meant) });
        }
    }
    into.iter().map(|alternative| alternative.worth / TYPO_FACTOR).reduce(f32::max)
}
