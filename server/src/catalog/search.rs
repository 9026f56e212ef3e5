//! Finds concepts by their code, the beginning of a code, or words of their texts.
//!
//! An index of our own, one document for each description of a code, ranked by weighted overlap. It knows the
//! terminology and nothing of the wire. Nothing in a query is an operator, and no query is an error.

use std::{borrow::Cow, cell::RefCell, fmt};

use medcode_codes::{code::Code, system::CodeSystem, terminology::Terminology};

use super::snapshot::Abbreviation;

mod abbreviations;
mod by_meaning;
mod causes;
mod circumstances;
mod code_query;
mod codec;
mod collected;
mod control;
mod degrees;
mod descriptions;
mod durations;
mod explain;
mod fillers;
mod guesses;
mod history;
mod kinds;
mod links;
mod means;
mod negation;
mod postings;
mod prepared;
mod rank;
mod resolve;
mod segment;
pub mod semantic;
mod sides;
mod spelling;
mod synonyms;
mod terms;
mod typos;
mod understood;
mod unsaid;
mod word_list;
mod words;

pub use codec::IndexError;
pub use collected::Admission;
pub use explain::{Correction, Match, MatchSource};
pub use means::Means;
pub use prepared::Prepared;

use abbreviations::Abbreviations;
use by_meaning::ByMeaning;
use codec::{Reader, Writer};
use rank::SumsPool;
use resolve::Resolver;
use segment::Segment;
use synonyms::Synonyms;
use terms::TermReader;
use words::Stems;

/// Begins the stored form.
const MAGIC: &[u8; 8] = b"MEDSRCH\0";

/// Rises when the stored form or the reading of words changes: an index of another format is built anew.
const FORMAT: u32 = 6;

/// Hits of a query at most.
pub const MOST_HITS: usize = 1_000;

/// Scores of codes that stand in the query, and of codes that begin with it. Words score 1 at most.
const CODE_SCORE: f32 = 3.0;
const CODE_PREFIX_SCORE: f32 = 2.0;

/// What is added to the score of a code that the words of a query find below a header in it.
const BESIDE_WORDS: f32 = 1.0;

/// How the words of a query are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// The last word is the beginning of a word.
    #[default]
    Typeahead,
    /// Every word is complete; one that nobody knows may be the beginning of a word.
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
    /// What a description means, and no word of it.
    Meaning(u32),
}

/// A code that a query found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The code; may be a header.
    pub code: Code,
    /// Falls from hit to hit. Comparable inside one search only.
    pub score: f32,
    /// The header that was found, where this code stands in its place.
    pub in_place_of: Option<Code>,
    found: Found,
}

impl Hit {
    fn new(code: Code, score: f32, found: Found) -> Self {
        Self { code, score, in_place_of: None, found }
    }

    /// The code whose text or name was found.
    fn matched(&self) -> Code {
        self.in_place_of.unwrap_or(self.code)
    }
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
    synonyms: Synonyms,
    readings: Synonyms,
    meaning: Option<ByMeaning>,
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
        Self {
            segments,
            own: Abbreviations::own(),
            of_catalog,
            synonyms: Synonyms::own(),
            readings: Synonyms::readings(),
            meaning: None,
            sums: SumsPool::default(),
        }
    }

    /// Every text that is searched, with its code.
    pub fn texts<'t>(
        &'t self,
        terminology: &'t Terminology,
    ) -> impl Iterator<Item = (Code, Cow<'t, str>)> {
        self.segments.iter().flat_map(move |segment| {
            segment.documents.iter().filter_map(move |document| {
                let code = segment.code(*document)?;
                let text =
                    descriptions::one(terminology, segment.system, code.key(), document.text)?;
                Some((code, text))
            })
        })
    }

    /// The entries of our own lists of abbreviations, synonyms and readings of which no system has every word: they find
    /// nothing. In the form of the lists.
    pub fn idle_entries(&self) -> Vec<String> {
        let stems = Stems::english();
        let is_idle = |meant: &str| {
            !self.segments.iter().any(|segment| resolve::can_be_written(segment, meant, &stems))
        };
        let synonyms = self.synonyms.iter().chain(self.readings.iter());
        let synonyms = synonyms.map(|synonym| (&*synonym.said, &*synonym.meant));
        let abbreviations =
            self.own.pairs().map(|abbreviation| (&*abbreviation.short, &*abbreviation.expansion));
        let all = abbreviations.chain(synonyms);
        let idle = all.filter(|(_, meant)| is_idle(meant));
        let mut idle: Vec<_> = idle.map(|(said, meant)| format!("{said}\t{meant}")).collect();
        idle.sort_unstable();
        idle
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
        self.prepare_with(query, Means::ALL)
    }

    /// Reads a query with some of the means only.
    pub fn prepare_with<'q>(&'q self, query: Query<'q>, means: Means) -> Prepared<'q> {
        let stemmer = Stems::english();
        let known =
            |word: &str| self.segments.iter().any(|segment| segment.stem(word, &stemmer).is_some());
        let wanted: Vec<_> = self
            .segments
            .iter()
            .filter(|segment| query.systems.contains(&segment.system))
            .collect();
        let is_word = |part: &str| part.parse::<u32>().is_err() && known(&part.to_lowercase());
        let named: Vec<_> = wanted
            .iter()
            .flat_map(|segment| code_query::named(segment, query.text, &is_word))
            .collect();
        let (own, synonyms, readings) = (&self.own, &self.synonyms, &self.readings);
        let begins = |word: &str| {
            self.segments.iter().any(|segment| !segment.words.beginning_with(word).is_empty())
        };
        let (stems, known) = (&stemmer, &known);
        let begins = &begins;
        let is_unfinished = query.mode == Mode::Typeahead;
        let reader =
            TermReader { own, synonyms, readings, stems, known, begins, means, is_unfinished };
        let mut terms = reader.read(query.text);
        terms.retain(|term| !named.iter().any(|named| term.lies_in(&named.range)));
        let in_vocabulary: Vec<_> =
            terms.iter().map(|term| term.single().is_some_and(|word| known(&word.text))).collect();
        let resolver = Resolver {
            own,
            of_catalog: &self.of_catalog,
            synonyms,
            readings,
            mode: query.mode,
            means,
            in_vocabulary: &in_vocabulary,
        };
        let segments: Vec<_> = wanted
            .into_iter()
            .map(|segment| (segment, resolver.resolve(segment, &terms, &stemmer)))
            .collect();
        let meaning = self
            .meaning
            .as_ref()
            .filter(|_| means.meaning)
            .and_then(|meaning| Some((meaning, meaning.of_query(&terms, &segments, known)?)));
        let explained = RefCell::default();
        Prepared { sums: &self.sums, query, named, terms, segments, meaning, explained }
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
    let all = descriptions::of_system(terminology, system, &keys);
    all.into_iter().map(|(_, _, text)| text.into_owned()).collect()
}

#[cfg(test)]
mod tests;
