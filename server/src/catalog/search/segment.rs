//! The index of one code system. Systems are kept apart, so that what one says does not change what words weigh in
//! another, and a search in one system costs nothing for the rest.

use std::{collections::HashMap, fmt, ops::Range};

use medcode_codes::{
    code::{Code, CodeKey},
    system::CodeSystem,
    terminology::Terminology,
};

use super::{
    codec::{IndexError, Reader, Writer},
    descriptions, negation,
    postings::{Posting, Postings},
    unsaid,
    word_list::WordList,
    words::{self, Stems},
};

/// Documents of one system at most, and words of one document: with them all numbers fit into 32 bits, at five bytes
/// an occurrence, and weights are exact.
pub(super) const MOST_DOCUMENTS: usize = 1 << 22;
const MOST_WORDS: usize = 128;

/// One description of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Document {
    /// Place of the code in `keys`.
    pub(super) concept: u32,
    /// Which of its texts.
    pub(super) text: u32,
}

/// The descriptions of one system. Documents lie in the order of their codes.
pub(super) struct Segment {
    pub(super) system: CodeSystem,
    /// Every code in text order, also those without a text.
    pub(super) keys: Vec<CodeKey>,
    pub(super) documents: Vec<Document>,
    pub(super) stems: WordList,
    pub(super) words: WordList,
    /// The stem of each word.
    pub(super) stem_of: Vec<u32>,
    pub(super) postings: Postings,
    /// How much each stem weighs: rare ones more, stop words little.
    pub(super) weights: Vec<f32>,
    /// Weight of the words of each document that do not stand in brackets.
    pub(super) required: Vec<f32>,
    /// The documents of few words by their stems.
    pub(super) short: ShortDocuments,
}

/// Stems of a short document at most.
const SHORT: u8 = 3;

/// For each stem the short documents that hold it, in order.
#[derive(Debug, Default)]
pub(super) struct ShortDocuments {
    documents: Vec<u32>,
    /// Where the list of each stem ends.
    ends: Vec<u32>,
}

impl ShortDocuments {
    /// `counts` says how many stems each document has.
    fn new(postings: &Postings, stems: Range<u32>, counts: &[u8]) -> Self {
        let mut short = Self::default();
        for stem in stems {
            let all = postings.list(stem).map(|posting| posting.doc);
            let is_short = |doc: &u32| counts.get(*doc as usize).is_some_and(|it| *it <= SHORT);
            short.documents.extend(all.filter(is_short));
            short.ends.push(u32::try_from(short.documents.len()).unwrap_or(u32::MAX));
        }
        short.documents.shrink_to_fit();
        short
    }

    /// The short documents that hold a stem.
    pub(super) fn list(&self, stem: u32) -> &[u32] {
        let stem = stem as usize;
        let end = self.ends.get(stem).copied().unwrap_or_default();
        let before = stem.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = before.copied().unwrap_or_default();
        self.documents.get(start as usize..end as usize).unwrap_or_default()
    }
}

impl Segment {
    /// Reads every description of a system. `None` when there is none.
    pub(super) fn build(terminology: &Terminology, system: CodeSystem) -> Option<Self> {
        let mut draft = Draft::default();
        let keys = descriptions::keys(terminology, system);
        for (concept, text, description) in descriptions::of_system(terminology, system, &keys) {
            // The modifiers of the index are left out while it is read: what its terms have in brackets is said.
            let brackets = match text {
                descriptions::INDEX.. => Brackets::Required,
                _ => Brackets::Optional,
            };
            draft.add(Document { concept, text }, &description, brackets);
        }
        (!keys.is_empty()).then(|| draft.finish(system, keys))
    }

    fn new(
        system: CodeSystem,
        keys: Vec<CodeKey>,
        documents: Vec<Document>,
        lists: (WordList, WordList, Vec<u32>),
        postings: Postings,
    ) -> Result<Self, IndexError> {
        let (stems, words, stem_of) = lists;
        let mut segment = Self {
            system,
            keys,
            documents,
            stems,
            words,
            stem_of,
            postings,
            weights: Vec::new(),
            required: Vec::new(),
            short: ShortDocuments::default(),
        };
        segment.check()?;
        segment.weigh()?;
        Ok(segment)
    }

    /// Checks that every number points at something.
    fn check(&self) -> Result<(), IndexError> {
        let stems = self.stems.len();
        if self.stem_of.len() != self.words.len()
            || self.stem_of.iter().any(|stem| *stem as usize >= stems)
        {
            return Err(IndexError::Corrupt("a word has no stem"));
        }
        if self.documents.len() > MOST_DOCUMENTS {
            return Err(IndexError::Corrupt("too many documents"));
        }
        if self.postings.len() != stems {
            return Err(IndexError::Corrupt("a stem has no list"));
        }
        let in_order = self.documents.is_sorted_by_key(|document| document.concept);
        let last = self.documents.last().map_or(0, |document| document.concept as usize + 1);
        if !in_order || last > self.keys.len() || !self.keys.is_sorted_by(|a, b| a < b) {
            return Err(IndexError::Corrupt("codes are not in order"));
        }
        Ok(())
    }

    fn weigh(&mut self) -> Result<(), IndexError> {
        let mut required = vec![0.0_f32; self.documents.len()];
        let mut counts = vec![0_u8; self.documents.len()];
        let factors = self.factors();
        for (stem, factor) in (0..).zip(factors) {
            let weight = self.rarity(self.postings.count(stem)) * factor;
            self.weights.push(weight);
            let mut found = 0;
            for posting in self.postings.list(stem) {
                let at = posting.doc as usize;
                let sum = required.get_mut(at).zip(counts.get_mut(at));
                let (sum, count) =
                    sum.ok_or(IndexError::Corrupt("a stem stands in no document"))?;
                *sum += if posting.optional { 0.0 } else { weight };
                *count = count.saturating_add(1);
                found += 1;
            }
            if found != self.postings.count(stem) {
                return Err(IndexError::Corrupt("a list has another length"));
            }
        }
        self.required = required;
        self.short = ShortDocuments::new(&self.postings, self.all_stems(), &counts);
        Ok(())
    }

    fn all_stems(&self) -> std::ops::Range<u32> {
        0..u32::try_from(self.stems.len()).unwrap_or(u32::MAX)
    }

    /// What each stem counts beside how rare it is.
    fn factors(&self) -> Vec<f32> {
        let mut factors = vec![1.0; self.stems.len()];
        for (place, stem) in self.stem_of.iter().enumerate() {
            // One form of a stem is enough: `newborns` weighs what `newborn` does.
            if let Some(factor) = words::factor(self.words.get(place)) {
                factors[*stem as usize] = factor;
            }
        }
        factors
    }

    /// What a word weighs that stands in `count` documents.
    #[expect(clippy::cast_precision_loss, reason = "document counts are far below 2^24")]
    pub(super) fn rarity(&self, count: u32) -> f32 {
        let (all, count) = (self.documents.len() as f32, count as f32);
        ((all - count + 0.5).max(0.5) / (count + 0.5) + 1.0).ln()
    }

    /// The number of a folded word's stem.
    pub(super) fn stem(&self, word: &str, stemmer: &Stems) -> Option<u32> {
        if let Some(place) = self.words.find(word) {
            return self.stem_of.get(place).copied();
        }
        let stem = stemmer.stem(word);
        let number = u32::try_from(self.stems.find(&stem)?).ok()?;
        self.has_form(number, &stem, word).then_some(number)
    }

    /// Whether a word that nobody wrote is a form of one of the words of a stem. The stemmer takes off an `e` as well as an
    /// `s`: `migrane` is no form of `migrans`.
    fn has_form(&self, number: u32, stem: &str, word: &str) -> bool {
        if !word.ends_with('e') || word.len() != stem.len() + 1 {
            return true;
        }
        let mut words = self.words.beginning_with(stem).filter(|it| self.stem_of[*it] == number);
        words.any(|place| self.words.get(place).strip_prefix(stem) != Some("s"))
    }

    /// The documents of all codes.
    pub(super) fn all_documents(&self) -> Range<u32> {
        // Fewer than `MOST_DOCUMENTS`.
        0..u32::try_from(self.documents.len()).unwrap_or(u32::MAX)
    }

    /// The documents of a code and of all that begin with it.
    pub(super) fn documents_below(&self, key: CodeKey) -> Range<u32> {
        let place = |of: fn(CodeKey, CodeKey) -> bool| {
            let concepts = self.keys.partition_point(|other| of(*other, key));
            self.documents.partition_point(|document| (document.concept as usize) < concepts)
        };
        let start = place(|other, key| other < key);
        let end = place(|other, key| other <= key.last_below());
        let number = |place| u32::try_from(place).unwrap_or(u32::MAX);
        number(start)..number(end)
    }

    /// The documents of codes that stand behind what they go with: external causes, weeks of pregnancy, and germs that cause
    /// a disease classified elsewhere (Guidelines I.C.20.a.6, I.C.21.c.11, I.C.1.b).
    pub(super) fn secondary(&self) -> [Range<u32>; 3] {
        let is_modification = self.system == CodeSystem::Icd10Cm;
        [("B95", "B97"), ("V", "Y"), ("Z3A", "Z3A")].map(|ends| {
            let below = |key| CodeKey::new(key).map(|key| self.documents_below(key));
            let ends = below(ends.0).zip(below(ends.1)).filter(|_| is_modification);
            ends.map_or(0..0, |(first, last)| first.start..last.end)
        })
    }

    /// Whether longer codes begin with a code.
    pub(super) fn has_below(&self, key: CodeKey) -> bool {
        let next = self.keys.partition_point(|other| *other <= key);
        self.keys.get(next).is_some_and(|next| *next <= key.last_below())
    }

    /// The code at a place of `keys`.
    pub(super) fn code_at(&self, concept: u32) -> Option<Code> {
        Code::from_key(self.system, *self.keys.get(concept as usize)?)
    }

    /// The code of a document.
    pub(super) fn code(&self, document: Document) -> Option<Code> {
        Code::from_key(self.system, *self.keys.get(document.concept as usize)?)
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.text(self.system.id());
        let mut keys = Vec::with_capacity(self.keys.len() * 8);
        for key in &self.keys {
            let text = key.text();
            keys.extend_from_slice(text.as_bytes());
            keys.resize(keys.len() + 8 - text.len(), 0);
        }
        writer.bytes(&keys);
        let halves =
            |half: fn(&Document) -> u32| self.documents.iter().map(half).collect::<Vec<_>>();
        writer.numbers(&halves(|document| document.concept));
        writer.numbers(&halves(|document| document.text));
        self.stems.write(writer);
        self.words.write(writer);
        writer.numbers(&self.stem_of);
        self.postings.write(writer);
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, IndexError> {
        let id = reader.text()?;
        let system = CodeSystem::ALL.into_iter().find(|system| system.id() == id);
        let system = system.ok_or(IndexError::Corrupt("an unknown system"))?;
        let (padded, _) = reader.bytes()?.as_chunks::<8>();
        let keys = padded.iter().copied().map(read_key).collect::<Option<Vec<_>>>();
        let keys = keys.ok_or(IndexError::Corrupt("a code is malformed"))?;
        let (concepts, texts) = (reader.numbers()?, reader.numbers()?);
        if concepts.len() != texts.len() {
            return Err(IndexError::Corrupt("documents are halved"));
        }
        let documents = concepts
            .into_iter()
            .zip(texts)
            .map(|(concept, text)| Document { concept, text })
            .collect();
        let lists = (WordList::read(reader)?, WordList::read(reader)?, reader.numbers()?);
        Self::new(system, keys, documents, lists, Postings::read(reader)?)
    }
}

impl fmt::Debug for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Segment");
        debug.field("system", &self.system).field("codes", &self.keys.len());
        debug
            .field("documents", &self.documents.len())
            .field("words", &self.words.len())
            .finish_non_exhaustive()
    }
}

fn read_key(padded: [u8; 8]) -> Option<CodeKey> {
    let length = padded.iter().position(|byte| *byte == 0)?;
    CodeKey::new(std::str::from_utf8(&padded[..length]).ok()?)
}

/// What brackets in a description mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Brackets {
    /// Their words may be missing from a query.
    Optional,
    /// Their words are words like others.
    Required,
}

/// A segment while it is being read.
#[derive(Default)]
struct Draft {
    documents: Vec<Document>,
    /// The provisional number of each word's stem.
    words: HashMap<String, usize>,
    stems: HashMap<String, usize>,
    lists: Vec<Vec<Posting>>,
}

impl Draft {
    fn add(&mut self, document: Document, description: &str, brackets: Brackets) {
        let Some(doc) = u32::try_from(self.documents.len())
            .ok()
            .filter(|_| self.documents.len() < MOST_DOCUMENTS)
        else {
            return;
        };
        self.documents.push(document);
        let stemmer = Stems::english();
        let mut words = words::words(description);
        words.truncate(MOST_WORDS);
        if brackets == Brackets::Required {
            for word in &mut words {
                word.in_brackets = false;
            }
        }
        unsaid::mark(&mut words);
        negation::mark(description, &mut words);
        for word in words {
            let stem = self.stem(word.key().into_owned(), &stemmer);
            let list = &mut self.lists[stem];
            match list.last_mut().filter(|posting| posting.doc == doc) {
                Some(posting) => posting.optional &= word.in_brackets,
                None => list.push(Posting { doc, optional: word.in_brackets }),
            }
        }
    }

    fn stem(&mut self, word: String, stemmer: &Stems) -> usize {
        if let Some(stem) = self.words.get(&word) {
            return *stem;
        }
        let next = self.lists.len();
        let stem = *self.stems.entry(stemmer.stem(&word).to_string()).or_insert(next);
        if stem == next {
            self.lists.push(Vec::new());
        }
        self.words.insert(word, stem);
        stem
    }

    fn finish(self, system: CodeSystem, keys: Vec<CodeKey>) -> Segment {
        let mut stems: Vec<_> = self.stems.into_iter().collect();
        stems.sort_unstable();
        let mut words: Vec<_> = self.words.into_iter().collect();
        words.sort_unstable();
        let mut final_number = vec![0_u32; stems.len()];
        for (number, (_, provisional)) in (0..).zip(&stems) {
            final_number[*provisional] = number;
        }
        let stem_of = words.iter().map(|(_, provisional)| final_number[*provisional]).collect();
        let build = || {
            let mut postings = Postings::default();
            for (_, provisional) in &stems {
                postings.push(&self.lists[*provisional])?;
            }
            let stems = WordList::from_sorted(stems.iter().map(|(stem, _)| stem.as_str()))?;
            let words = WordList::from_sorted(words.iter().map(|(word, _)| word.as_str()))?;
            Segment::new(system, keys, self.documents, (stems, words, stem_of), postings)
        };
        build().expect(
            "the parts were made in order, and the most documents and words fit into 32 bits",
        )
    }
}
