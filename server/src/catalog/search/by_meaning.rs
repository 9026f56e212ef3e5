//! Puts what a query means beside what its words find.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use medcode_codes::{system::CodeSystem, terminology::Terminology};

use super::{
    SearchIndex,
    codec::{IndexError, Reader, Writer},
    rank::Ranked,
    resolve::ResolvedWord,
    segment::Segment,
    semantic::{Meanings, Near, Table, Vector, Wanted},
    terms::Term,
    words::words,
};

/// Rises when the stored form changes, or what has a vector: what is stored in another form is made anew.
const FORMAT: u32 = 1;

/// The system whose descriptions have vectors. The others are named so regularly that their words suffice.
const SYSTEM: CodeSystem = CodeSystem::Icd10Cm;

/// Share of the words in a score; the rest is that of the meaning. Measured: between 0.6 and 0.75.
const SHARE_OF_WORDS: f32 = 0.75;

/// Codes that are found by their meaning alone, at most, and how near they are at least.
const MOST_ALONE: usize = 100;
const NEAR_ENOUGH: f32 = 0.5;

/// The score of a code that is found by its meaning alone.
pub(super) fn score_alone(near: Near) -> f32 {
    (1.0 - SHARE_OF_WORDS) * near.cosine
}

/// Letters of a word that no official text has, from which on its pieces may tell what it means. Shorter ones, and
/// those with digits, are names, as of genes: their pieces would be near to anything.
const TELLING: usize = 6;

/// The table, and the vectors that were made with it.
#[derive(Debug)]
pub(super) struct ByMeaning {
    table: Table,
    of_systems: Vec<Meanings>,
}

impl SearchIndex {
    /// The index, and the meanings of its descriptions by a table in its stored form. Without a table, or with one of
    /// another version of medcode, search goes by words alone.
    #[must_use]
    pub fn with_table(mut self, terminology: &Terminology, table: Option<&[u8]>) -> Self {
        self.meaning = match table.map(Table::from_bytes).transpose() {
            Ok(table) => table.map(|table| ByMeaning::build(table, terminology, &self.segments)),
            Err(error) => {
                tracing::warn!(%error, "search goes by words alone");
                None
            }
        };
        self
    }

    /// The table and the meanings in their stored form. They fit this index and no other.
    pub fn meaning_to_bytes(&self) -> Option<Vec<u8>> {
        self.meaning.as_ref().map(ByMeaning::to_bytes)
    }

    /// Reads the stored meanings of its descriptions. They are made anew where they have another format, or where
    /// `is_rebuilt` says that the index was.
    ///
    /// # Errors
    /// The bytes are damaged; search then goes by words alone.
    pub fn read_meaning(
        &mut self,
        terminology: &Terminology,
        bytes: &[u8],
        is_rebuilt: bool,
    ) -> Result<(), IndexError> {
        self.meaning = ByMeaning::from_bytes(bytes, terminology, &self.segments, is_rebuilt)?;
        Ok(())
    }
}

impl ByMeaning {
    /// Makes the vectors of all descriptions.
    pub(super) fn build(table: Table, terminology: &Terminology, segments: &[Segment]) -> Self {
        let wanted = segments.iter().filter(|segment| segment.system == SYSTEM);
        let of_systems =
            wanted.filter_map(|segment| Meanings::build(&table, terminology, segment)).collect();
        Self { table, of_systems }
    }

    /// What the terms of a query mean, as they were understood. `None` where they say nothing.
    pub(super) fn of_query(
        &self,
        terms: &[Term],
        segments: &[(&Segment, Vec<ResolvedWord<'_>>)],
        known: &dyn Fn(&str) -> bool,
    ) -> Option<Vector> {
        let mut understood = Vec::new();
        for (place, term) in terms.iter().enumerate() {
            let mut resolved = segments.iter().filter_map(|(_, words)| words.get(place));
            let best = resolved.find_map(|word| word.alternatives.first());
            let written_out = best.and_then(|best| best.abbreviation);
            if let Some(abbreviation) = written_out {
                let expansion = words(&abbreviation.expansion);
                understood.extend(expansion.into_iter().map(|word| word.text));
            } else if let Some(word) = best.and_then(|best| best.forgiven) {
                understood.push(word.to_owned());
            } else {
                let telling = |word: &str| {
                    known(word)
                        || word.chars().count() >= TELLING && word.chars().all(char::is_alphabetic)
                };
                let said = term.words.iter().filter(|word| !word.is_negated);
                let words = said.map(|word| &word.text);
                understood.extend(words.filter(|word| telling(word)).cloned());
            }
        }
        self.table.embed_words(understood.iter().map(String::as_str))
    }

    /// Lets what the query means count in the scores of the documents of a segment that words found. Gives, best first, the
    /// codes by their place that no word found and that are near. `None` where the segment has no vectors.
    pub(super) fn join<'r>(
        &self,
        segment: &Segment,
        query: &Vector,
        found: impl Iterator<Item = &'r mut Ranked>,
    ) -> Option<Vec<(u32, Near)>> {
        let meanings = self.of_systems.iter().find(|it| it.system() == segment.system)?;
        let compared = meanings.compare(query);
        // Many documents are descriptions of the same codes.
        let mut found_by_words = HashMap::with_hasher(FixedState::default());
        for ranked in found {
            let Some(document) = segment.documents.get(ranked.doc() as usize) else { continue };
            let concept = document.concept;
            let cosine =
                *found_by_words.entry(concept).or_insert_with(|| compared.nearness(concept).cosine);
            let score = SHARE_OF_WORDS * ranked.score() + (1.0 - SHARE_OF_WORDS) * cosine;
            *ranked = ranked.with_score(score);
        }
        let is_found = |concept: u32| found_by_words.contains_key(&concept);
        let wanted = Wanted { enough: NEAR_ENOUGH, most: MOST_ALONE, is_known: &is_found };
        let mut alone = compared.near(segment, &wanted);
        let nearest_first = |(a, left): &(u32, Near), (b, right): &(u32, Near)| {
            score_alone(*right).total_cmp(&score_alone(*left)).then(a.cmp(b))
        };
        if alone.len() > MOST_ALONE {
            alone.select_nth_unstable_by(MOST_ALONE, nearest_first);
            alone.truncate(MOST_ALONE);
        }
        alone.sort_unstable_by(nearest_first);
        Some(alone)
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.number(FORMAT);
        writer.bytes(&self.table.to_bytes());
        writer.count(self.of_systems.len());
        for meanings in &self.of_systems {
            meanings.write(&mut writer);
        }
        writer.finish()
    }

    /// Reads the stored form. Vectors of another format, or of another index, are made anew. `None` where the table
    /// itself is one of another version.
    ///
    /// # Errors
    /// The bytes are damaged.
    pub(super) fn from_bytes(
        bytes: &[u8],
        terminology: &Terminology,
        segments: &[Segment],
        is_rebuilt: bool,
    ) -> Result<Option<Self>, IndexError> {
        let mut reader = Reader::new(bytes);
        let format = reader.number()?;
        let table = match Table::from_bytes(reader.bytes()?) {
            Ok(table) => table,
            Err(error) => {
                tracing::warn!(%error, "search goes by words alone");
                return Ok(None);
            }
        };
        if format != FORMAT || is_rebuilt {
            return Ok(Some(Self::build(table, terminology, segments)));
        }
        let count = reader.number()?;
        let of_systems = (0..count).map(|_| Meanings::read(&mut reader, segments));
        let of_systems = of_systems.collect::<Result<Vec<_>, _>>()?;
        reader.end()?;
        Ok(Some(match of_systems.into_iter().collect::<Option<_>>() {
            Some(of_systems) => Self { table, of_systems },
            None => Self::build(table, terminology, segments),
        }))
    }
}

#[cfg(test)]
mod tests;
