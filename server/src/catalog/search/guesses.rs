//! What a typed word may stand for that is not the word itself: words that begin with it, words with a slip in them, words
//! that begin alike.

use std::cmp::Ordering;

use super::{
    resolve::{Alternative, Stand},
    segment::Segment,
    typos,
};

/// How much a word counts that was completed, by how much of it was typed: measured.
pub(super) const PREFIX_FLOOR: f32 = 0.42;
const PREFIX_SLOPE: f32 = 0.28;

/// A completed word weighs at most this many times what the whole range of completions weighs.
pub(super) const PREFIX_CAP: f32 = 1.5;

/// How much a word counts in which a slip was forgiven, and how long it has to be.
pub(super) const TYPO_FACTOR: f32 = 0.7;
const SHORTEST_TYPO: usize = 5;

/// The same for two slips.
const SECOND_TYPO_FACTOR: f32 = 0.55;
const SHORTEST_SECOND_TYPO: usize = 8;

/// A word that nothing is known of, and no slip explains, is compared with words that begin with this part of it: "myopathic"
/// finds "myopathy". How long it and the part have to be, and how much it counts: measured.
const SHORTEST_RELATED: usize = 7;
const RELATED_START: usize = 6;
const RELATED_FACTOR: f32 = 0.6;

/// The words that begin with what was typed. Gives the weight of the whole range.
#[expect(clippy::cast_precision_loss, reason = "words are short")]
pub(super) fn completions(
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

/// Words that begin as the typed one does. Gives the weight of the best.
pub(super) fn related(
    segment: &Segment,
    word: &str,
    into: &mut Vec<Alternative<'_>>,
) -> Option<f32> {
    let is_plain = word.bytes().all(|byte| byte.is_ascii_lowercase());
    if !is_plain || word.len() < SHORTEST_RELATED {
        return None;
    }
    let start = word.get(..RELATED_START.max(word.len() * 7 / 10))?;
    let mut stems: Vec<_> =
        segment.words.beginning_with(start).map(|place| segment.stem_of[place]).collect();
    stems.sort_unstable();
    stems.dedup();
    for stem in stems {
        let worth = segment.weights[stem as usize] * RELATED_FACTOR;
        into.push(Alternative::of(worth, Stand::One(stem)));
    }
    into.iter().map(|alternative| alternative.worth / RELATED_FACTOR).reduce(f32::max)
}

/// Words that differ from the typed one by one slip, or else by two, and begin with the same letter. Gives the weight of
/// the best: the most frequent one, because people mistype what they often write.
pub(super) fn forgive<'q>(
    segment: &'q Segment,
    word: &str,
    into: &mut Vec<Alternative<'q>>,
) -> Option<f32> {
    type Differ = fn(&str, &str) -> bool;
    let length = word.chars().count();
    let slips: [(usize, f32, Differ); 2] = [
        (SHORTEST_TYPO, TYPO_FACTOR, typos::differ_by_one),
        (SHORTEST_SECOND_TYPO, SECOND_TYPO_FACTOR, typos::differ_by_two),
    ];
    let first_letter = word.chars().next()?;
    for (shortest, factor, differ) in slips {
        if length < shortest {
            continue;
        }
        let places = segment.words.beginning_with(first_letter.encode_utf8(&mut [0; 4]));
        let candidates = places.map(|place| (place, segment.words.get(place)));
        let meant = candidates.filter(|(_, candidate)| differ(word, candidate));
        let meant: Vec<_> = meant.map(|(place, meant)| (segment.stem_of[place], meant)).collect();
        let weights = meant.iter().map(|(stem, _)| segment.weights[*stem as usize]);
        let Some(weight) = weights.reduce(f32::min) else { continue };
        for (stem, meant) in meant {
            let frequency = weight / segment.weights[stem as usize].max(f32::MIN_POSITIVE);
            let worth = weight * factor * frequency.min(1.0) * typos::likelihood(word, meant);
            let stand = Stand::One(stem);
            into.push(Alternative { forgiven: Some(meant), ..Alternative::of(worth, stand) });
        }
        return Some(weight);
    }
    None
}
