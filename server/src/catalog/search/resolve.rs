//! What the words of a query mean in one system: for each word the stems that satisfy it, best first.

use std::{cmp::Ordering, ops::Range};

use super::{
    Means, Mode,
    abbreviations::{Abbreviation, Abbreviations},
    negation,
    segment::Segment,
    synonyms::{Synonym, Synonyms},
    terms::Term,
    typos,
    words::{self, Stems, Word},
};

/// How much a word counts that was completed, by how much of it was typed: measured.
const PREFIX_FLOOR: f32 = 0.42;
const PREFIX_SLOPE: f32 = 0.28;

/// A completed word weighs at most this many times what the whole range of completions weighs.
const PREFIX_CAP: f32 = 1.5;

/// An unfinished word of so many bytes says nothing beside others yet, and by itself it is looked for in short
/// descriptions only.
const LONGEST_BEGINNING: usize = 2;

/// How long a word has to be that is completed although others follow it.
const SHORTEST_BEGINNING: usize = 4;

/// How much a word counts in which a slip was forgiven, and how long it has to be.
const TYPO_FACTOR: f32 = 0.7;
const SHORTEST_TYPO: usize = 5;

/// The same for two slips.
const SECOND_TYPO_FACTOR: f32 = 0.55;
const SHORTEST_SECOND_TYPO: usize = 8;

/// How much a title counts that names what the query denies.
const NAMED_FACTOR: f32 = 0.3;

/// How much a title counts that denies what the query names.
const DENIED_FACTOR: f32 = 0.5;

/// How much counts what a query leaves unsaid.
const UNDERSTOOD_FACTOR: f32 = 0.5;

/// How much other words count that mean the same as one word, and as a phrase: measured.
const SYNONYM_FACTOR: f32 = 0.8;
const PHRASE_FACTOR: f32 = 0.95;

/// A word that nothing is known of, and no slip explains, is compared with words that begin with this part of it: "myopathic"
/// finds "myopathy". How long it and the part have to be, and how much it counts: measured.
const SHORTEST_RELATED: usize = 7;
const RELATED_START: usize = 6;
const RELATED_FACTOR: f32 = 0.6;

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
    /// The other words that were used.
    pub(super) synonym: Option<&'q Synonym>,
    /// The word in the place of which the typed one was forgiven.
    pub(super) forgiven: Option<&'q str>,
}

/// A term of the query with everything that satisfies it, best first.
#[derive(Clone, Debug)]
pub(super) struct ResolvedWord<'q> {
    /// What the word adds to the weight of the query.
    pub(super) weight: f32,
    /// It says something of a concept and names none, as `left` or `initial`: it does not find a document by itself.
    pub(super) is_weak: bool,
    /// One or two letters that are all of the query.
    pub(super) beginning: Option<Beginning>,
    pub(super) alternatives: Vec<Alternative<'q>>,
}

/// The stems that begin with one or two letters.
#[derive(Clone, Debug)]
pub(super) struct Beginning {
    pub(super) stems: Range<u32>,
    /// What a stem of them counts at most.
    pub(super) most: f32,
}

/// Where words are looked up.
#[derive(Clone, Copy)]
pub(super) struct Resolver<'q, 'v> {
    pub(super) own: &'q Abbreviations,
    pub(super) of_catalog: &'q Abbreviations,
    pub(super) synonyms: &'q Synonyms,
    pub(super) readings: &'q Synonyms,
    pub(super) mode: Mode,
    pub(super) means: Means,
    /// For each term of the query whether it is a word that occurs in an official text of any system.
    pub(super) in_vocabulary: &'v [bool],
}

impl<'q> Resolver<'q, '_> {
    /// Resolves the terms of a query in one system.
    pub(super) fn resolve(
        &self,
        segment: &'q Segment,
        query: &[Term],
        stemmer: &Stems,
    ) -> Vec<ResolvedWord<'q>> {
        if let [term] = query {
            let mut resolved = self.term(segment, term, 0, query.len(), stemmer);
            self.add_readings(segment, term, &mut resolved, stemmer);
            resolved.beginning = term.single().and_then(|word| self.beginning(segment, word));
            return vec![resolved];
        }
        let terms = query.iter().enumerate();
        terms.map(|(place, term)| self.term(segment, term, place, query.len(), stemmer)).collect()
    }

    fn term(
        &self,
        segment: &'q Segment,
        term: &Term,
        place: usize,
        count: usize,
        stemmer: &Stems,
    ) -> ResolvedWord<'q> {
        if term.is_understood {
            return understood(segment, term, stemmer);
        }
        let Some(word) = term.single() else { return self.phrase(segment, term, stemmer) };
        let is_prefix = place + 1 == count && self.mode == Mode::Typeahead;
        let known = self.in_vocabulary.get(place).copied().unwrap_or(false);
        if word.is_negated {
            return self.negated(segment, word, stemmer);
        }
        self.word(segment, &word.text, stemmer, is_prefix, known)
    }

    /// One or two letters that are all of the query.
    fn beginning(&self, segment: &Segment, word: &Word) -> Option<Beginning> {
        let is_short = self.mode == Mode::Typeahead && word.text.len() <= LONGEST_BEGINNING;
        let stems = is_short.then(|| segment.stems.beginning_with(&word.text))?;
        let stems = u32::try_from(stems.start).ok()?..u32::try_from(stems.end).ok()?;
        let count = stems.clone().map(|stem| segment.postings.count(stem));
        let count = count.fold(0, u32::saturating_add).min(segment.all_documents().end);
        Some(Beginning { stems, most: PREFIX_FLOOR * PREFIX_CAP * segment.rarity(count) })
    }

    /// What a query of one term means as a whole comes before everything else.
    fn add_readings(
        &self,
        segment: &'q Segment,
        term: &Term,
        resolved: &mut ResolvedWord<'q>,
        stemmer: &Stems,
    ) {
        if !self.means.phrases {
            return;
        }
        let said = term.words.iter().map(|word| word.text.as_str());
        let mut readings = self.readings.of(said, stemmer);
        let mut factor = 1.0;
        let forgiven = resolved.alternatives.first().and_then(|best| best.forgiven);
        if let Some(forgiven) = forgiven.filter(|_| readings.is_empty()) {
            readings = self.readings.of([forgiven], stemmer);
            factor = TYPO_FACTOR;
        }
        for reading in readings {
            let Some((worth, stand)) = write_out(segment, &reading.meant, stemmer) else {
                continue;
            };
            let worth = worth * factor;
            resolved.weight = resolved.weight.max(worth);
            resolved
                .alternatives
                .push(Alternative { synonym: Some(reading), ..Alternative::of(worth, stand) });
        }
        best_first(&mut resolved.alternatives);
    }

    /// A phrase: other words for it, the phrase itself, and each of its words alone.
    fn phrase(&self, segment: &'q Segment, term: &Term, stemmer: &Stems) -> ResolvedWord<'q> {
        let words = term.words.iter().map(|word| word.text.as_str());
        let mut stems: Vec<_> = words.clone().map(|word| segment.stem(word, stemmer)).collect();
        stems.sort_unstable();
        stems.dedup();
        let worth = |stem: u32| segment.weights[stem as usize];
        let weight = stems.iter().map(|stem| stem.map_or(unknown_weight(segment), worth)).sum();
        let mut alternatives = Vec::new();
        for synonym in self.synonyms.of(words, stemmer) {
            if let Some((_, stand)) = write_out(segment, &synonym.meant, stemmer) {
                let worth = weight * PHRASE_FACTOR;
                alternatives
                    .push(Alternative { synonym: Some(synonym), ..Alternative::of(worth, stand) });
            }
        }
        if let Some(all) = stems.iter().copied().collect::<Option<Vec<_>>>() {
            alternatives.push(Alternative::of(weight, Stand::All(all)));
        }
        let together = term.together().and_then(|word| segment.stem(&word, stemmer));
        alternatives.extend(together.map(|stem| Alternative::of(weight, Stand::One(stem))));
        let single = stems.iter().flatten();
        alternatives.extend(single.map(|stem| Alternative::of(worth(*stem), Stand::One(*stem))));
        best_first(&mut alternatives);
        ResolvedWord { weight, is_weak: false, beginning: None, alternatives }
    }

    /// A word that the query denies: titles that deny it as well, or what it is short for, or, much less, name it.
    fn negated(&self, segment: &'q Segment, word: &Word, stemmer: &Stems) -> ResolvedWord<'q> {
        let weight_of = |key: &str| {
            let stem = segment.stem(key, stemmer)?;
            Some((segment.weights[stem as usize], Stand::One(stem)))
        };
        let mut alternatives = Vec::new();
        let denied = weight_of(&word.key());
        let named = weight_of(&word.text);
        let mut weight = denied.as_ref().or(named.as_ref()).map(|(weight, _)| *weight);
        if let Some((weight, stand)) = denied {
            alternatives.push(Alternative::of(weight, stand));
        }
        let used = self.means.abbreviations;
        for abbreviation in self.own.of(&word.text).filter(|_| used) {
            let denied = format!("without {}", abbreviation.expansion);
            let Some((worth, stand)) = write_out(segment, &denied, stemmer) else { continue };
            weight = Some(weight.unwrap_or(0.0).max(worth));
            let written_out = Alternative::of(worth, stand);
            alternatives.push(Alternative { abbreviation: Some(abbreviation), ..written_out });
        }
        let used = self.means.synonyms;
        for synonym in self.synonyms.of([word.text.as_str()], stemmer).iter().filter(|_| used) {
            let denied = format!("without {}", synonym.meant);
            let Some((worth, stand)) = write_out(segment, &denied, stemmer) else { continue };
            let most = *weight.get_or_insert(worth);
            let other = Alternative::of(worth.min(most) * SYNONYM_FACTOR, stand);
            alternatives.push(Alternative { synonym: Some(synonym), ..other });
        }
        if let Some((_, stand)) = named {
            let most = weight.unwrap_or_default();
            alternatives.push(Alternative::of(most * NAMED_FACTOR, stand));
        }
        best_first(&mut alternatives);
        let weight = weight.unwrap_or_else(|| unknown_weight(segment));
        ResolvedWord { weight, is_weak: true, beginning: None, alternatives }
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
            let denied = format!("{}{word}", negation::MARK);
            if let Some(stem) = segment.stem(&denied, stemmer) {
                alternatives.push(Alternative::of(worth * DENIED_FACTOR, Stand::One(stem)));
            }
        }
        if is_prefix && word.len() > LONGEST_BEGINNING {
            let range = completions(segment, word, exact, &mut alternatives);
            weight = weight.or(range);
        }
        let is_ours = self.own.of(word).next().is_some();
        let long_list = self.of_catalog.of(word).filter(|_| !in_vocabulary && !is_ours);
        let used = self.means.abbreviations;
        for abbreviation in self.own.of(word).chain(long_list).filter(|_| used) {
            let Some((worth, stand)) = write_out(segment, &abbreviation.expansion, stemmer) else {
                continue;
            };
            weight = Some(weight.unwrap_or(0.0).max(worth));
            let written_out = Alternative::of(worth, stand);
            alternatives.push(Alternative { abbreviation: Some(abbreviation), ..written_out });
        }
        let used = self.means.synonyms;
        for synonym in self.synonyms.of([word], stemmer).iter().filter(|_| used) {
            let Some((worth, stand)) = write_out(segment, &synonym.meant, stemmer) else {
                continue;
            };
            // Many words for one do not make it say more.
            let most = *weight.get_or_insert(worth);
            let other = Alternative::of(worth.min(most) * SYNONYM_FACTOR, stand);
            alternatives.push(Alternative { synonym: Some(synonym), ..other });
        }
        // Nobody knows it: people leave off the ends of words inside of a query as well.
        if !is_prefix
            && alternatives.is_empty()
            && !in_vocabulary
            && word.len() >= SHORTEST_BEGINNING
        {
            weight = completions(segment, word, None, &mut alternatives);
        }
        if self.means.typos && alternatives.is_empty() && !in_vocabulary {
            weight = forgive(segment, word, &mut alternatives);
        }
        if self.means.relatives && alternatives.is_empty() && !in_vocabulary {
            weight = related(segment, word, &mut alternatives);
        }
        best_first(&mut alternatives);
        // A word that nothing is known of still makes the query harder to satisfy.
        let weight = weight.unwrap_or_else(|| unknown_weight(segment));
        let is_weak = words::is_weak(word);
        ResolvedWord { weight, is_weak, beginning: None, alternatives }
    }
}

impl Alternative<'_> {
    fn of(worth: f32, stand: Stand) -> Self {
        Self { worth, stand, abbreviation: None, synonym: None, forgiven: None }
    }
}

fn best_first(alternatives: &mut [Alternative<'_>]) {
    alternatives.sort_by(|a, b| b.worth.partial_cmp(&a.worth).unwrap_or(Ordering::Equal));
}

#[expect(clippy::cast_precision_loss, reason = "document counts are far below 2^24")]
fn unknown_weight(segment: &Segment) -> f32 {
    0.5 * (segment.documents.len().max(2) as f32).ln()
}

/// What a query leaves unsaid: it finds nothing by itself.
fn understood<'q>(segment: &Segment, term: &Term, stemmer: &Stems) -> ResolvedWord<'q> {
    let stems = term.words.iter().map(|word| segment.stem(&word.text, stemmer));
    let stems = stems.collect::<Option<Vec<_>>>().unwrap_or_default();
    let weight: f32 = stems.iter().map(|stem| segment.weights[*stem as usize]).sum();
    let weight = weight * UNDERSTOOD_FACTOR;
    let known = Some(stems).filter(|stems| !stems.is_empty());
    let stand = known.map(Stand::All);
    let alternatives = stand.map(|stand| Alternative::of(weight, stand)).into_iter().collect();
    ResolvedWord { weight, is_weak: true, beginning: None, alternatives }
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

/// Whether a system uses every word of an expansion.
pub(super) fn can_be_written(segment: &Segment, expansion: &str, stemmer: &Stems) -> bool {
    write_out(segment, expansion, stemmer).is_some()
}

/// All words of an expansion together, with what they weigh. `None` when the system does not use one of them.
fn write_out(segment: &Segment, expansion: &str, stemmer: &Stems) -> Option<(f32, Stand)> {
    let mut words = words::words(expansion);
    negation::mark(expansion, &mut words);
    let mut stems =
        words.iter().map(|word| segment.stem(&word.key(), stemmer)).collect::<Option<Vec<_>>>()?;
    stems.sort_unstable();
    stems.dedup();
    let worth = stems.iter().map(|stem| segment.weights[*stem as usize]).sum();
    let stand = match stems.as_slice() {
        [] => return None,
        [stem] => Stand::One(*stem),
        _ => Stand::All(stems),
    };
    Some((worth, stand))
}

/// Words that begin as the typed one does. Gives the weight of the best.
fn related(segment: &Segment, word: &str, into: &mut Vec<Alternative<'_>>) -> Option<f32> {
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
fn forgive<'q>(segment: &'q Segment, word: &str, into: &mut Vec<Alternative<'q>>) -> Option<f32> {
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
