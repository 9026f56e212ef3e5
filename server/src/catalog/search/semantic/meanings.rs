//! What the descriptions of a system mean, and how near each of its codes is to a query.

use medcode_codes::{system::CodeSystem, terminology::Terminology};

use super::{
    super::{
        codec::{IndexError, Reader, Writer},
        descriptions,
        segment::Segment,
    },
    Table, Vector, Vectors,
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
}

/// How near a code is to a query.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in super::super) struct Near {
    /// The cosine; 0 for a code that has no vector.
    pub(in super::super) cosine: f32,
    /// The document that is nearest.
    pub(in super::super) document: u32,
}

impl Meanings {
    /// Whose descriptions they are.
    pub(in super::super) fn system(&self) -> CodeSystem {
        self.system
    }

    /// Reads every description of a segment.
    pub(in super::super) fn build(
        table: &Table,
        terminology: &Terminology,
        segment: &Segment,
    ) -> Self {
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
        Self { system, vectors: Vectors::build(table, texts), documents, speakers }
    }

    /// How near each code is, by its place.
    pub(in super::super) fn nearness(&self, segment: &Segment, query: &Vector) -> Vec<Near> {
        let mut all = vec![Near::default(); segment.keys.len()];
        for (document, cosine) in self.documents.iter().zip(self.vectors.cosines(query)) {
            let concept = segment.documents.get(*document as usize).map(|found| found.concept);
            let near = concept.and_then(|concept| all.get_mut(concept as usize));
            if let Some(near) = near.filter(|near| near.cosine < cosine) {
                *near = Near { cosine, document: *document };
            }
        }
        for (concept, speaker) in self.speakers.iter().enumerate() {
            let spoken = all.get(*speaker as usize).copied().unwrap_or_default();
            let cosine = spoken.cosine * OF_SEVENTH;
            if let Some(near) = all.get_mut(concept).filter(|near| near.cosine < cosine) {
                *near = Near { cosine, ..spoken };
            }
        }
        all
    }

    /// Checks that every number points at something.
    pub(in super::super) fn fits(&self, segment: &Segment) -> bool {
        let last = self.documents.last().map_or(0, |document| *document as usize + 1);
        self.documents.len() == self.vectors.len()
            && self.documents.is_sorted()
            && last <= segment.documents.len()
            && self.speakers.len() == segment.keys.len()
            && self.speakers.iter().all(|speaker| (*speaker as usize) < segment.keys.len())
    }

    pub(in super::super) fn write(&self, writer: &mut Writer) {
        writer.text(self.system.id());
        self.vectors.write(writer);
        writer.numbers(&self.documents);
        writer.numbers(&self.speakers);
    }

    pub(in super::super) fn read(reader: &mut Reader<'_>) -> Result<Self, IndexError> {
        let id = reader.text()?;
        let system = CodeSystem::ALL.into_iter().find(|system| system.id() == id);
        Ok(Self {
            system: system.ok_or(IndexError::Corrupt("an unknown system"))?,
            vectors: Vectors::read(reader)?,
            documents: reader.numbers()?,
            speakers: reader.numbers()?,
        })
    }
}
