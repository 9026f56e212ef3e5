//! How near each code of a system is to a query.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{
    super::{super::segment::Segment, vectors::Compared},
    Meanings,
};

/// What is left of the nearness of a code to one with a 7th character, which the texts do not tell apart.
const OF_SEVENTH: f32 = 0.95;

/// How near codes have to be at first, where more than wanted may be near.
const FIRST_NEAR: [f32; 2] = [0.75, 0.6];

/// How near a code is to a query.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in super::super::super) struct Near {
    /// The cosine; 0 for a code that has no vector.
    pub(in super::super::super) cosine: f32,
    /// The document that is nearest.
    pub(in super::super::super) document: u32,
}

impl Near {
    /// What is left of it for a code with a 7th character.
    fn of_seventh(self) -> Self {
        Self { cosine: self.cosine * OF_SEVENTH, ..self }
    }

    /// The nearer one; this one, where both are as near.
    fn or_nearer(self, other: Self) -> Self {
        if self.cosine < other.cosine { other } else { self }
    }
}

/// Which codes are looked for: at least the `most` nearest of those that are near enough and not known.
#[derive(Clone, Copy)]
pub(in super::super::super) struct Wanted<'w> {
    /// The cosine of those that are near enough.
    pub(in super::super::super) enough: f32,
    pub(in super::super::super) most: usize,
    /// Whether a code, by its place, is known.
    pub(in super::super::super) is_known: &'w dyn Fn(u32) -> bool,
}

/// A query beside the descriptions of a system.
pub(in super::super::super) struct ComparedMeanings<'m> {
    meanings: &'m Meanings,
    vectors: Compared<'m>,
}

impl<'m> ComparedMeanings<'m> {
    pub(super) fn new(meanings: &'m Meanings, vectors: Compared<'m>) -> Self {
        Self { meanings, vectors }
    }

    /// How near a code is, by its place.
    pub(in super::super::super) fn nearness(&self, concept: u32) -> Near {
        let speaker = self.meanings.speakers.get(concept as usize).copied().unwrap_or(concept);
        let own = self.of_texts(concept);
        if speaker == concept {
            return own;
        }
        own.or_nearer(self.of_texts(speaker).of_seventh())
    }

    /// How near the descriptions of a code itself are.
    fn of_texts(&self, concept: u32) -> Near {
        let Meanings { ends, documents, .. } = self.meanings;
        let concept = concept as usize;
        let before = concept.checked_sub(1).and_then(|before| ends.get(before));
        let start = before.copied().unwrap_or_default() as usize;
        let end = ends.get(concept).copied().unwrap_or_default() as usize;
        let near = (start..end).filter_map(|place| {
            let cosine = self.vectors.cosine(place)?;
            Some(Near { cosine, document: *documents.get(place)? })
        });
        near.fold(Near::default(), Near::or_nearer)
    }

    /// The places of the codes that are wanted, in order.
    pub(in super::super::super) fn near(
        &self,
        segment: &Segment,
        wanted: &Wanted<'_>,
    ) -> Vec<(u32, Near)> {
        let own = self.nearest_texts(segment, wanted);
        let spoken = &self.meanings.spoken;
        let mut all = own.clone();
        for (speaker, near) in &own {
            let start = spoken.partition_point(|(other, _)| other < speaker);
            let spoken = spoken[start..].iter().take_while(|(other, _)| other == speaker);
            all.extend(spoken.map(|(_, concept)| (*concept, near.of_seventh())));
        }
        // Stable: what the descriptions of a code say of it comes before what another one says for it.
        all.sort_by_key(|(concept, _)| *concept);
        all.dedup_by(|(concept, next), (kept, near)| {
            let same = concept == kept;
            if same {
                *near = near.or_nearer(*next);
            }
            same
        });
        all.retain(|(concept, near)| near.cosine >= wanted.enough && !(wanted.is_known)(*concept));
        all
    }

    /// The same, by what the descriptions of each code itself say.
    fn nearest_texts(&self, segment: &Segment, wanted: &Wanted<'_>) -> Vec<(u32, Near)> {
        let Wanted { enough, most, is_known } = *wanted;
        let documents = &self.meanings.documents;
        let mut found: Vec<(u32, Near)> = Vec::new();
        // Where there are as many as wanted that are very near, those that are not need no look.
        for enough in FIRST_NEAR.into_iter().filter(|first| *first > enough).chain([enough]) {
            found.clear();
            let mut nearest = Nearest::of(most);
            self.vectors.near(enough, |place, cosine| {
                let document = documents.get(place).copied()?;
                let concept = segment.documents.get(document as usize)?.concept;
                let near = Near { cosine, document };
                if let Some((_, before)) = found.last_mut().filter(|(last, _)| *last == concept) {
                    *before = before.or_nearer(near);
                    return None;
                }
                // Its last description has been seen.
                let before = found.last().filter(|(concept, _)| !is_known(*concept));
                let farthest = before.and_then(|(_, near)| nearest.add(near.cosine));
                found.push((concept, near));
                farthest
            });
            if nearest.are_enough() {
                break;
            }
        }
        found
    }
}

/// The cosines of the nearest codes so far.
pub(in super::super) struct Nearest {
    most: usize,
    /// Farthest first. Bits of cosines that are not negative rise as they do.
    cosines: BinaryHeap<Reverse<u32>>,
}

impl Nearest {
    pub(in super::super) fn of(most: usize) -> Self {
        Self { most, cosines: BinaryHeap::with_capacity(most + 1) }
    }

    /// Gives how near a code has to be, to be among them, once there are as many as wanted.
    pub(in super::super) fn add(&mut self, cosine: f32) -> Option<f32> {
        self.cosines.push(Reverse(cosine.max(0.0).to_bits()));
        if self.cosines.len() > self.most {
            self.cosines.pop();
        }
        let farthest = self.cosines.peek().filter(|_| self.are_enough())?;
        Some(f32::from_bits(farthest.0))
    }

    fn are_enough(&self) -> bool {
        self.cosines.len() == self.most
    }
}
