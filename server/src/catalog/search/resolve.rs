//! What the words of a query mean in one system: for each word the stems that satisfy it, best first.

use std::{cmp::Ordering, ops::Range};

use super::{
    Means, Mode,
    abbreviations::{Abbreviation, Abbreviations},
    guesses::{self, PREFIX_CAP, PREFIX_FLOOR, TYPO_FACTOR},
    negation, rank,
    segment::Segment,
    sides,
    synonyms::{Synonym, Synonyms},
    terms::Term,
    words::{self, Stems, Word},
};

/// What the meaning of a whole query may say of a side that is not said.
const UNSPECIFIED: &str = "unspecified";

/// An unfinished word of so many bytes says nothing beside others yet, and by itself it is looked for in short
/// descriptions only.
const LONGEST_BEGINNING: usize = 2;

/// How long a word has to be that is completed although others follow it.
const SHORTEST_BEGINNING: usize = 4;

/// How much a title counts that names what the query denies.
const NAMED_FACTOR: f32 = 0.3;

/// How much a title counts that denies what the query names.
const DENIED_FACTOR: f32 = 0.5;

/// How much other words count that mean the same as one word, and as a phrase: measured.
const SYNONYM_FACTOR: f32 = 0.8;
const PHRASE_FACTOR: f32 = 0.95;

/// A word of a phrase that means something else as a whole: a cancer metastatic to bone is not any metastatic cancer.
const PART_FACTOR: f32 = 0.6;

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
    /// By how much a document that holds it is lighter than its words, because it says in many words what the query says in
    /// few.
    pub(super) lighter: f32,
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
    /// It links other words at most, as `the`: no document is incomplete without it.
    pub(super) is_link: bool,
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
            self.add_readings(segment, term, &mut resolved, stemmer, false);
            resolved.beginning = term.single().and_then(|word| self.beginning(segment, word));
            return vec![resolved];
        }
        let terms = query.iter().enumerate();
        let mut resolved: Vec<_> = terms
            .map(|(place, term)| self.term(segment, term, place, query.len(), stemmer))
            .collect();
        // A side says nothing of what the rest means as a whole.
        if let ([term, sides @ ..], [first, ..]) = (query, resolved.as_mut_slice())
            && sides.iter().all(|term| term.single().is_some_and(sides::is_side))
        {
            self.add_readings(segment, term, first, stemmer, true);
        }
        resolved
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
        let is_prefix = place + 1 == count && self.mode == Mode::Typeahead;
        let known = self.in_vocabulary.get(place).copied().unwrap_or(false);
        let resolved = match term.single() {
            None => self.phrase(segment, term, stemmer),
            Some(word) if word.is_negated => self.negated(segment, word, stemmer),
            Some(word) => self.word(segment, &word.text, stemmer, is_prefix, known),
        };
        resolved.counting(term.counts)
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

    /// What a query of one term means as a whole comes before everything else. With a side beside it, what it means may be
    /// specified.
    fn add_readings(
        &self,
        segment: &'q Segment,
        term: &Term,
        resolved: &mut ResolvedWord<'q>,
        stemmer: &Stems,
        is_sided: bool,
    ) {
        if !self.means.phrases {
            return;
        }
        let said = term.words.iter().map(|word| word.text.as_str());
        let mut readings = self.readings.of(said, stemmer);
        let mut factor = 1.0;
        let mistyped = resolved.alternatives.first().and_then(|best| best.forgiven);
        let forgiven = mistyped.filter(|_| readings.is_empty());
        if let Some(forgiven) = forgiven {
            readings = self.readings.of([forgiven], stemmer);
            factor = TYPO_FACTOR;
        }
        for reading in readings {
            let sided = is_sided.then(|| reading.meant.replace(UNSPECIFIED, ""));
            let sided = sided.filter(|sided| *sided != reading.meant);
            for meant in [Some(&reading.meant), sided.as_ref()].into_iter().flatten() {
                let Some((worth, stand)) = write_out(segment, meant, stemmer) else { continue };
                let worth = worth * factor;
                resolved.weight = resolved.weight.max(worth);
                resolved.alternatives.push(Alternative {
                    synonym: Some(reading),
                    forgiven,
                    ..Alternative::of(worth, stand)
                });
            }
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
        let weight: f32 =
            stems.iter().map(|stem| stem.map_or(unknown_weight(segment), worth)).sum();
        let mut alternatives = Vec::new();
        let others = self.synonyms.of(words.clone(), stemmer);
        for synonym in others {
            if let Some((long, stand)) = write_out(segment, &synonym.meant, stemmer) {
                let worth = weight * PHRASE_FACTOR;
                let lighter = (long - weight).max(0.0);
                alternatives.push(Alternative {
                    lighter,
                    synonym: Some(synonym),
                    ..Alternative::of(worth, stand)
                });
            }
        }
        if let Some(all) = stems.iter().copied().collect::<Option<Vec<_>>>() {
            alternatives.push(Alternative::of(weight, Stand::All(all)));
        }
        let together = term.together().and_then(|word| segment.stem(&word, stemmer));
        alternatives.extend(together.map(|stem| Alternative::of(weight, Stand::One(stem))));
        let factor = if others.is_empty() { 1.0 } else { PART_FACTOR };
        // One that names nothing by itself finds nothing here either.
        let telling = words.filter(|word| !words::is_weak(word));
        let (known, unknown): (Vec<_>, Vec<_>) = telling
            .map(|word| (word, segment.stem(word, stemmer)))
            .partition(|(_, stem)| stem.is_some());
        // Its meaning may be a title of another system: `cabg x3` is a procedure there, and a status here.
        let is_elsewhere = !others.is_empty()
            && !unknown.is_empty()
            && !alternatives.iter().any(|it| rank::is_found(segment, &it.stand));
        let single = known.into_iter().filter_map(|(_, stem)| stem);
        alternatives
            .extend(single.map(|stem| Alternative::of(worth(stem) * factor, Stand::One(stem))));
        for (word, _) in unknown.into_iter().filter(|_| is_elsewhere) {
            // Known words are not guessed at: it is one of another system.
            let is_known = true;
            let word = self.word(segment, word, stemmer, false, is_known);
            alternatives.extend(word.alternatives.into_iter().map(|it| {
                let worth = it.worth.min(weight);
                Alternative { worth, lighter: it.lighter + it.worth - worth, ..it }
            }));
        }
        best_first(&mut alternatives);
        ResolvedWord { weight, is_weak: false, is_link: false, beginning: None, alternatives }
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
        ResolvedWord { weight, is_weak: true, is_link: false, beginning: None, alternatives }
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
            let range = guesses::completions(segment, word, exact, &mut alternatives);
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
            let lighter = (worth - most).max(0.0);
            alternatives.push(Alternative { lighter, synonym: Some(synonym), ..other });
        }
        // Nobody knows it: people leave off the ends of words inside of a query as well.
        if !is_prefix
            && alternatives.is_empty()
            && !in_vocabulary
            && word.len() >= SHORTEST_BEGINNING
        {
            weight = guesses::completions(segment, word, None, &mut alternatives);
        }
        if self.means.typos && alternatives.is_empty() && !in_vocabulary {
            weight = guesses::forgive(segment, word, &mut alternatives);
        }
        if self.means.relatives && alternatives.is_empty() && !in_vocabulary {
            weight = guesses::related(segment, word, &mut alternatives);
        }
        best_first(&mut alternatives);
        // A word that nothing is known of still makes the query harder to satisfy.
        let weight = weight.unwrap_or_else(|| unknown_weight(segment));
        let is_weak = words::is_weak(word);
        // `as` is aortic stenosis as well.
        let is_link = words::is_stop_word(word) && self.own.of(word).next().is_none();
        ResolvedWord { weight, is_weak, is_link, beginning: None, alternatives }
    }
}

impl ResolvedWord<'_> {
    /// The word, counting for a part of what it would count. A document that holds it is lighter by the rest.
    fn counting(mut self, part: f32) -> Self {
        self.weight *= part;
        for alternative in &mut self.alternatives {
            alternative.lighter += alternative.worth * (1.0 - part);
            alternative.worth *= part;
        }
        self
    }
}

impl Alternative<'_> {
    pub(super) fn of(worth: f32, stand: Stand) -> Self {
        Self { worth, lighter: 0.0, stand, abbreviation: None, synonym: None, forgiven: None }
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
    let weight = weight * term.counts;
    let known = Some(stems).filter(|stems| !stems.is_empty());
    let stand = known.map(Stand::All);
    let alternatives = stand.map(|stand| Alternative::of(weight, stand)).into_iter().collect();
    ResolvedWord { weight, is_weak: true, is_link: false, beginning: None, alternatives }
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
