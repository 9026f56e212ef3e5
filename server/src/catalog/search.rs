//! Finds concepts by their code, the beginning of a code, or words of their texts.
//!
//! An index of our own, one document for each description of a code, ranked by weighted overlap. It knows the
//! terminology and nothing of the wire. Nothing in a query is an operator, and no query is an error.

use std::{collections::HashSet, fmt};

use medcode_codes::{code::Code, system::CodeSystem, terminology::Terminology};

use super::snapshot::Abbreviation;

mod abbreviations;
mod code_query;
mod codec;
mod descriptions;
mod explain;
mod postings;
mod rank;
mod resolve;
mod segment;
pub mod semantic;
mod typos;
mod word_list;
mod words;

pub use codec::IndexError;
pub use explain::{Correction, Match, MatchSource};

use abbreviations::Abbreviations;
use codec::{Reader, Writer};
use rank::SumsPool;
use resolve::{ResolvedWord, Resolver};
use segment::Segment;
use words::{Stems, Word};

/// Begins the stored form.
const MAGIC: &[u8; 8] = b"MEDSRCH\0";

/// Rises when the stored form or the reading of words changes: an index of another format is built anew.
const FORMAT: u32 = 1;

/// Hits of a query at most.
pub const MOST_HITS: usize = 1_000;

/// Scores of codes that stand in the query, and of codes that begin with it. Words score 1 at most.
const CODE_SCORE: f32 = 3.0;
const CODE_PREFIX_SCORE: f32 = 2.0;

/// How the words of a query are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// The last word is the beginning of a word.
    #[default]
    Typeahead,
    /// Every word is complete.
    Words,
}

/// What is looked for.
#[derive(Clone, Copy)]
pub struct Query<'q> {
    /// A code, the beginning of one, or words.
    pub text: &'q str,
    /// The systems to look in.
    pub systems: &'q [CodeSystem],
    /// How words are read.
    pub mode: Mode,
}

/// Prints no text: people type names into search boxes.
impl fmt::Debug for Query<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Query");
        debug
            .field("length", &self.text.len())
            .field("systems", &self.systems)
            .field("mode", &self.mode)
            .finish()
    }
}

/// Which text of a hit matched best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// The code stands in the query.
    Code,
    /// The code begins with the query.
    CodePrefix,
    /// A description: number of the document in its segment.
    Description(u32),
}

/// A code that a query found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The code; may be a header.
    pub code: Code,
    /// Falls from hit to hit. Comparable inside one search only.
    pub score: f32,
    found: Found,
}

/// What a query found.
#[derive(Debug, Default)]
pub struct Hits {
    /// Best first; at equal score in the order of systems and codes. At most [`MOST_HITS`].
    pub hits: Vec<Hit>,
    /// There are more.
    pub more: bool,
}

/// The texts of all codes, ready for searching. Immutable.
pub struct SearchIndex {
    segments: Vec<Segment>,
    own: Abbreviations,
    of_catalog: Abbreviations,
    sums: SumsPool,
}

impl SearchIndex {
    /// Reads the texts of every code. Takes seconds for complete code sets: store the result.
    pub fn build(terminology: &Terminology, abbreviations: &[Abbreviation]) -> Self {
        let segments =
            CodeSystem::ALL.into_iter().filter_map(|system| Segment::build(terminology, system));
        Self::new(segments.collect(), Abbreviations::of_catalog(abbreviations))
    }

    fn new(segments: Vec<Segment>, of_catalog: Abbreviations) -> Self {
        Self { segments, own: Abbreviations::own(), of_catalog, sums: SumsPool::default() }
    }

    /// The index in its stored form. It fits the terminology that it was built from, and no other.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.raw(MAGIC);
        writer.number(FORMAT);
        writer.count(self.segments.len());
        for segment in &self.segments {
            segment.write(&mut writer);
        }
        let abbreviations = self.of_catalog.pairs();
        writer.count(abbreviations.len());
        for abbreviation in abbreviations {
            writer.text(&abbreviation.short);
            writer.text(&abbreviation.expansion);
        }
        writer.finish()
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// The bytes are no index, of another format (build it anew), or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, IndexError> {
        let body = bytes.strip_prefix(MAGIC).ok_or(IndexError::NotAnIndex)?;
        let mut reader = Reader::new(body);
        let found = reader.number()?;
        if found != FORMAT {
            return Err(IndexError::Format { found, expected: FORMAT });
        }
        let segments =
            (0..reader.number()?).map(|_| Segment::read(&mut reader)).collect::<Result<_, _>>()?;
        let count = reader.number()?;
        let mut pairs = Vec::new();
        for _ in 0..count {
            pairs.push((reader.text()?.to_owned(), reader.text()?.to_owned()));
        }
        reader.end()?;
        Ok(Self::new(segments, Abbreviations::from_pairs(pairs)))
    }

    /// Reads a query. The result finds hits and explains them.
    pub fn prepare<'q>(&'q self, query: Query<'q>) -> Prepared<'q> {
        let stemmer = Stems::english();
        let mut words = words::words(query.text);
        words.truncate(resolve::MOST_WORDS);
        drop_repetitions(&mut words);
        let known = |word: &Word| {
            self.segments.iter().any(|segment| segment.stem(&word.text, &stemmer).is_some())
        };
        let in_vocabulary: Vec<_> = words.iter().map(known).collect();
        let resolver = Resolver {
            own: &self.own,
            of_catalog: &self.of_catalog,
            mode: query.mode,
            in_vocabulary: &in_vocabulary,
        };
        let wanted = self.segments.iter().filter(|segment| query.systems.contains(&segment.system));
        let segments =
            wanted.map(|segment| (segment, resolver.resolve(segment, &words, &stemmer))).collect();
        Prepared { sums: &self.sums, query, words, segments }
    }
}

impl fmt::Debug for SearchIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SearchIndex").field("segments", &self.segments).finish_non_exhaustive()
    }
}

/// Every description that words are looked for in, in the order of codes.
pub fn descriptions(terminology: &Terminology, system: CodeSystem) -> Vec<String> {
    let keys = descriptions::keys(terminology, system);
    let of_code = |key| descriptions::all(terminology, system, key);
    keys.into_iter().flat_map(of_code).map(|(_, text)| text.into_owned()).collect()
}

/// A word that is typed twice counts once; the last one stays, because it may be unfinished.
fn drop_repetitions(words: &mut Vec<Word>) {
    let mut seen = HashSet::new();
    words.reverse();
    words.retain(|word| seen.insert(word.text.clone()));
    words.reverse();
}

/// A query that has been read.
pub struct Prepared<'q> {
    sums: &'q SumsPool,
    query: Query<'q>,
    words: Vec<Word>,
    segments: Vec<(&'q Segment, Vec<ResolvedWord<'q>>)>,
}

impl Prepared<'_> {
    /// Ranks the codes that `admit` lets through. `None` when `keep_going` said stop; it is asked after each word.
    pub fn find(
        &self,
        mut admit: impl FnMut(Code) -> bool,
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Hits> {
        let mut collected =
            Collected { hits: Hits::default(), seen: HashSet::new(), admit: &mut admit };
        let is_one_code = self.find_codes(&mut collected);
        if is_one_code {
            return Some(collected.hits);
        }
        let mut ranked = Vec::new();
        for (place, (segment, words)) in self.segments.iter().enumerate() {
            let ranking = rank::rank(segment, words, self.sums, keep_going)?;
            collected.hits.more |= ranking.cut;
            ranked.extend(ranking.documents.into_iter().map(|scored| (place, scored)));
        }
        // Segments come in the order of systems and documents in that of codes: a stable sort keeps both.
        ranked.sort_by(|(_, a), (_, b)| b.score.total_cmp(&a.score));
        for (place, scored) in ranked {
            let segment = self.segments[place].0;
            let Some(document) = segment.documents.get(scored.doc as usize) else { continue };
            let Some(code) = segment.code(*document) else { continue };
            if !collected.add(Hit {
                code,
                score: scored.score,
                found: Found::Description(scored.doc),
            }) {
                break;
            }
        }
        Some(collected.hits)
    }

    /// Codes that stand in the query, then codes that begin with it. Says whether the query is nothing but a code.
    fn find_codes(&self, collected: &mut Collected<'_>) -> bool {
        let mut is_one_code = false;
        for (segment, _) in &self.segments {
            let named = code_query::named(segment, self.query.text);
            is_one_code |= named.is_one_code;
            for code in named.codes {
                collected.add(Hit { code, score: CODE_SCORE, found: Found::Code });
            }
        }
        for (segment, _) in &self.segments {
            for code in code_query::beginning_with(segment, self.query.text) {
                if !collected.add(Hit { code, score: CODE_PREFIX_SCORE, found: Found::CodePrefix })
                {
                    return is_one_code;
                }
            }
        }
        is_one_code
    }
}

impl fmt::Debug for Prepared<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared")
            .field("query", &self.query)
            .field("words", &self.words.len())
            .finish_non_exhaustive()
    }
}

/// Hits as they come, each code once.
struct Collected<'a> {
    hits: Hits,
    seen: HashSet<Code>,
    admit: &'a mut dyn FnMut(Code) -> bool,
}

impl Collected<'_> {
    /// Adds a hit, unless its code is there already or not admitted. `false` when there is no more room.
    fn add(&mut self, hit: Hit) -> bool {
        if !self.seen.insert(hit.code) || !(self.admit)(hit.code) {
            return true;
        }
        if self.hits.hits.len() == MOST_HITS {
            self.hits.more = true;
            return false;
        }
        self.hits.hits.push(hit);
        true
    }
}

#[cfg(test)]
mod tests;
