//! What the descriptions of a system mean.

use medcode_codes::{system::CodeSystem, terminology::Terminology};

use super::{
    super::{
        codec::{IndexError, Reader, Writer},
        descriptions,
        segment::Segment,
    },
    Table, Vector, Vectors,
};

mod compared;

#[cfg(test)]
pub(super) use compared::Nearest;
pub(in super::super) use compared::{ComparedMeanings, Near, Wanted};

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

    /// Compares them with a query.
    pub(in super::super) fn compare(&self, query: &Vector) -> ComparedMeanings<'_> {
        ComparedMeanings::new(self, self.vectors.compare(query))
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
