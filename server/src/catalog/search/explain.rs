//! Why a hit is a hit: the text that matched, and which parts of it.

use std::{borrow::Cow, ops::Range};

use medcode_codes::terminology::Terminology;

use super::{
    Found, Hit, Prepared, descriptions, negation,
    resolve::{Alternative, ResolvedWord},
    segment::Segment,
    words,
};

/// Which text of a concept matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchSource {
    /// The query is, or holds, the code.
    Code,
    /// The query is the beginning of the code.
    CodePrefix,
    /// The title.
    Display,
    /// An inclusion term of the tabular list.
    InclusionTerm,
    /// An entry of the Alphabetic Index.
    IndexTerm,
    /// An abbreviation that was written out.
    Abbreviation,
    /// Other words for what was typed.
    Synonym,
    /// No word of it: the text means much the same.
    Meaning,
}

/// One reason for a hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Which text matched.
    pub source: MatchSource,
    /// The text.
    pub text: String,
    /// The parts that matched, in UTF-8 bytes of the text, in text order without overlap.
    pub highlights: Vec<Range<usize>>,
    /// Typing errors that were forgiven.
    pub edit_distance: u32,
}

/// A typing error in the query that was forgiven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The word, in UTF-8 bytes of the query.
    pub range: Range<usize>,
    /// What was searched instead.
    pub replacement: String,
}

impl Prepared<'_> {
    /// Why a hit of this query was found, strongest reason first. `terminology` is the one the index was built from.
    pub fn explain(&self, terminology: &Terminology, hit: &Hit) -> Vec<Match> {
        match hit.found {
            Found::Code => vec![self.code_match(hit, MatchSource::Code)],
            Found::CodePrefix => vec![self.code_match(hit, MatchSource::CodePrefix)],
            Found::Description(doc) => self.description_matches(terminology, hit, doc),
            Found::Meaning(doc) => self.meaning_match(terminology, hit, doc).into_iter().collect(),
        }
    }

    /// The typing errors that were forgiven where a word had no other meaning, in query order.
    pub fn corrections(&self) -> Vec<Correction> {
        let corrections = self.terms.iter().enumerate().filter_map(|(place, term)| {
            let word = term.single()?;
            let mut alternatives =
                self.segments.iter().map(|(_, words)| words.get(place)?.alternatives.first());
            // Some system knows the word: then it is no error.
            let known =
                |best: Option<&Alternative<'_>>| best.is_some_and(|best| best.forgiven.is_none());
            if alternatives.clone().any(known) {
                return None;
            }
            let replacement = alternatives.find_map(|best| best?.forgiven)?;
            Some(Correction { range: word.range.clone(), replacement: replacement.to_owned() })
        });
        corrections.collect()
    }

    fn code_match(&self, hit: &Hit, source: MatchSource) -> Match {
        let text = hit.matched().to_string();
        let typed = self.query.text.chars().filter(char::is_ascii_alphanumeric).count();
        let end = match source {
            MatchSource::CodePrefix => end_of_characters(&text, typed),
            _ => text.len(),
        };
        Match { source, highlights: std::iter::once(0..end).collect(), text, edit_distance: 0 }
    }

    /// The text may be one of the code without the 7th character.
    fn meaning_match(&self, terminology: &Terminology, hit: &Hit, doc: u32) -> Option<Match> {
        let system = hit.matched().system();
        let segment = self.segments.iter().find(|(segment, _)| segment.system == system)?.0;
        let document = *segment.documents.get(doc as usize)?;
        let key = segment.code(document)?.key();
        let text = descriptions::one(terminology, system, key, document.text)?.into_owned();
        let source = MatchSource::Meaning;
        Some(Match { source, text, highlights: Vec::new(), edit_distance: 0 })
    }

    fn description_matches(&self, terminology: &Terminology, hit: &Hit, doc: u32) -> Vec<Match> {
        let Some((segment, resolved)) =
            self.segments.iter().find(|(segment, _)| segment.system == hit.code.system())
        else {
            return Vec::new();
        };
        let number = segment
            .documents
            .get(doc as usize)
            .map_or(descriptions::TITLE, |document| document.text);
        let text = descriptions::one(terminology, segment.system, hit.matched().key(), number);
        let Some(text) = text.map(Cow::into_owned) else { return Vec::new() };
        let stems = self.stems_of(segment, &text);
        let holds = |alternative: &&Alternative<'_>| {
            alternative
                .stand
                .stems()
                .iter()
                .all(|stem| stems.iter().any(|(found, _)| found == stem))
        };
        let used: Vec<_> =
            resolved.iter().filter_map(|word| word.alternatives.iter().find(holds)).collect();
        let is_used = |stem: u32| {
            let in_words = used.iter().any(|alternative| alternative.stand.stems().contains(&stem));
            let begins = |word: &ResolvedWord<'_>| {
                word.beginning.as_ref().is_some_and(|beginning| beginning.stems.contains(&stem))
            };
            in_words || resolved.iter().any(begins)
        };
        let highlights = stems
            .iter()
            .filter(|(stem, _)| is_used(*stem))
            .map(|(_, range)| range.clone())
            .collect();
        let edit_distance =
            used.iter().filter(|alternative| alternative.forgiven.is_some()).count();
        let source = match number {
            descriptions::TITLE => MatchSource::Display,
            descriptions::INDEX.. => MatchSource::IndexTerm,
            _ => MatchSource::InclusionTerm,
        };
        let edit_distance = u32::try_from(edit_distance).unwrap_or(u32::MAX);
        let mut matches = vec![Match { source, text, highlights, edit_distance }];
        for alternative in used {
            matches.extend(alternative.other_words());
        }
        matches
    }

    /// The stems of a text with the words they come from.
    fn stems_of(&self, segment: &Segment, text: &str) -> Vec<(u32, Range<usize>)> {
        let mut words = words::words(text);
        negation::mark(text, &mut words);
        let mut explained = self.explained.borrow_mut();
        let explained = explained.entry(segment.system).or_default();
        let stems = words.into_iter().filter_map(|word| {
            let key = word.key();
            let stem = explained.get(&*key).copied().unwrap_or_else(|| {
                let place = segment.words.find(&key);
                let stem = place.and_then(|place| segment.stem_of.get(place).copied());
                explained.insert(key.into_owned(), stem);
                stem
            });
            Some((stem?, word.range))
        });
        stems.collect()
    }
}

impl Alternative<'_> {
    /// The other words for what was typed, and what they stand for.
    fn other_words(&self) -> Option<Match> {
        let abbreviation = self.abbreviation.map(|abbreviation| {
            (MatchSource::Abbreviation, &abbreviation.short, &abbreviation.expansion)
        });
        let synonym =
            self.synonym.map(|synonym| (MatchSource::Synonym, &synonym.said, &synonym.meant));
        let (source, said, meant) = abbreviation.or(synonym)?;
        let highlights = std::iter::once(0..said.len()).collect();
        Some(Match { source, text: format!("{said} ({meant})"), highlights, edit_distance: 0 })
    }
}

/// Where the first `count` letters and digits of a written code end.
fn end_of_characters(code: &str, count: usize) -> usize {
    let characters = code.char_indices().filter(|(_, character)| character.is_ascii_alphanumeric());
    characters.take(count).last().map_or(0, |(start, character)| start + character.len_utf8())
}
