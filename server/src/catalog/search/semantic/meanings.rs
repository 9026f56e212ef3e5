//! What the descriptions of a system mean, and how near each of its codes is to a query.

use medcode_codes::{system::CodeSystem, terminology::Terminology};

use super::{
    super::{
        codec::{IndexError, Reader, Writer},
        descriptions,
        segment::Segment,
    },
    Table, Vectors,
    vectors::Asked,
};

/// What is left of the nearness of a code to one with a 7th character, which the texts do not tell apart.
const OF_SEVENTH: f32 = 0.95;

/// The vectors of the descriptions of one system.
#[derive(Debug)]
pub(in super::super) struct Meanings {
    system: CodeSystem,
    vectors: Vectors,
    /// The document of each vector, ascending.
    documents: Vec<u32>,
    /// For each code the one whose descriptions speak for it: itself, but for a code with a 7th character the code
    /// without it. Half of the descriptions are those of such codes; without them nothing is found worse.
    speakers: Vec<u32>,
    /// Where the vectors of each code end.
    ends: Vec<u32>,
    /// The codes that another one speaks for, behind that one, in order.
    spoken: Vec<(u32, u32)>,
}

/// How near a code is to a query.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in super::super) struct Near {
    /// The cosine; 0 for a code that has no vector.
    pub(in super::super) cosine: f32,
    /// The document that is nearest.
    pub(in super::super) document: u32,
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

impl Meanings {
    /// Whose descriptions they are.
    pub(in super::super) fn system(&self) -> CodeSystem {
        self.system
    }

    /// `None` where a number points at nothing: the parts are not those of the segment.
    fn new(
        segment: &Segment,
        vectors: Vectors,
        documents: Vec<u32>,
        speakers: Vec<u32>,
    ) -> Option<Self> {
        let last = documents.last().map_or(0, |document| *document as usize + 1);
        let codes = segment.keys.len();
        let fits = documents.len() == vectors.len()
            && documents.is_sorted()
            && last <= segment.documents.len()
            && speakers.len() == codes
            && speakers.iter().all(|speaker| (*speaker as usize) < codes);
        let mut ends = Vec::with_capacity(codes);
        let mut described = (0..).zip(&documents).peekable();
        let mut end = 0;
        for concept in (0..).take(codes) {
            let of_concept = |document: u32| {
                let document = segment.documents.get(document as usize);
                document.is_some_and(|document| document.concept <= concept)
            };
            while let Some((vector, _)) = described.next_if(|(_, document)| of_concept(**document))
            {
                end = vector + 1_u32;
            }
            ends.push(end);
        }
        let others = (0..).zip(&speakers).filter(|(concept, speaker)| concept != *speaker);
        let mut spoken: Vec<(u32, u32)> =
            others.map(|(concept, speaker)| (*speaker, concept)).collect();
        spoken.sort_unstable();
        let system = segment.system;
        fits.then_some(Self { system, vectors, documents, speakers, ends, spoken })
    }

    /// Reads every description of a segment.
    pub(in super::super) fn build(
        table: &Table,
        terminology: &Terminology,
        segment: &Segment,
    ) -> Option<Self> {
        let system = segment.system;
        let speakers: Vec<u32> = (0..)
            .zip(&segment.keys)
            .map(|(concept, key)| {
                let base = descriptions::without_seventh(terminology, system, *key);
                let place = base.and_then(|base| segment.keys.binary_search(&base).ok());
                place.and_then(|place| u32::try_from(place).ok()).unwrap_or(concept)
            })
            .collect();
        let (mut documents, mut texts) = (Vec::new(), Vec::new());
        let all = descriptions::of_system(terminology, system, &segment.keys);
        for (number, (concept, text, description)) in (0..).zip(all) {
            let speaks = speakers.get(concept as usize) == Some(&concept);
            if speaks || text != descriptions::TITLE {
                documents.push(number);
                texts.push(description);
            }
        }
        Self::new(segment, Vectors::build(table, texts), documents, speakers)
    }

    /// How near a code is, by its place.
    pub(in super::super) fn nearness(&self, asked: &Asked, concept: u32) -> Near {
        let speaker = self.speakers.get(concept as usize).copied().unwrap_or(concept);
        let own = self.of_texts(asked, concept);
        if speaker == concept {
            return own;
        }
        own.or_nearer(self.of_texts(asked, speaker).of_seventh())
    }

    /// How near the descriptions of a code itself are.
    fn of_texts(&self, asked: &Asked, concept: u32) -> Near {
        let concept = concept as usize;
        let before = concept.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = before.copied().unwrap_or_default() as usize;
        let end = self.ends.get(concept).copied().unwrap_or_default() as usize;
        let near = (start..end).filter_map(|place| {
            let cosine = self.vectors.cosine(asked, place)?;
            Some(Near { cosine, document: *self.documents.get(place)? })
        });
        near.fold(Near::default(), Near::or_nearer)
    }

    /// The places of the codes that are near enough, in order.
    pub(in super::super) fn near(
        &self,
        segment: &Segment,
        asked: &Asked,
        enough: f32,
    ) -> Vec<(u32, Near)> {
        let mut own: Vec<(u32, Near)> = Vec::new();
        for (place, cosine) in self.vectors.near(asked, enough) {
            let Some(document) = self.documents.get(place).copied() else { continue };
            let Some(found) = segment.documents.get(document as usize) else { continue };
            let near = Near { cosine, document };
            match own.last_mut().filter(|(concept, _)| *concept == found.concept) {
                Some((_, nearest)) => *nearest = nearest.or_nearer(near),
                None => own.push((found.concept, near)),
            }
        }
        let mut all = own.clone();
        for (speaker, near) in &own {
            let start = self.spoken.partition_point(|(other, _)| other < speaker);
            let spoken = self.spoken[start..].iter().take_while(|(other, _)| other == speaker);
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
        all.retain(|(_, near)| near.cosine >= enough);
        all
    }

    pub(in super::super) fn write(&self, writer: &mut Writer) {
        writer.text(self.system.id());
        self.vectors.write(writer);
        writer.numbers(&self.documents);
        writer.numbers(&self.speakers);
    }

    /// `None` where they are not those of any of the segments.
    pub(in super::super) fn read(
        reader: &mut Reader<'_>,
        segments: &[Segment],
    ) -> Result<Option<Self>, IndexError> {
        let id = reader.text()?;
        let system = CodeSystem::ALL.into_iter().find(|system| system.id() == id);
        let system = system.ok_or(IndexError::Corrupt("an unknown system"))?;
        let vectors = Vectors::read(reader)?;
        let (documents, speakers) = (reader.numbers()?, reader.numbers()?);
        let segment = segments.iter().find(|segment| segment.system == system);
        Ok(segment.and_then(|segment| Self::new(segment, vectors, documents, speakers)))
    }
}
