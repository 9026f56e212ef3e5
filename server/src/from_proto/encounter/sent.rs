//! Encounters of a stream as they came, read no further than it takes to know one again: its id, which says nothing about
//! it, apart from everything else.

use std::ops::Range;

use medcode_proto::v1::{self, validate_encounters_request::Item};
use prost::{DecodeError, Message, bytes::Bytes};

use crate::from_proto::{Sent, wire::Field};

/// Numbers of fields of `ValidateEncountersRequest` and `Encounter`.
const ENCOUNTER: u32 = 2;
const ENCOUNTER_ID: u32 = 1;
const DIAGNOSES: u32 = 13;
const LINES: u32 = 14;

/// What a message of the stream carries.
#[derive(Debug)]
pub(crate) enum SentItem {
    /// How the encounters are to be checked.
    Options(v1::StreamOptions),
    /// An encounter.
    Encounter(SentEncounter),
    /// Nothing that is known here.
    Nothing,
}

/// Reads an encounter no further than needed: that its bytes encode none may be found out later, by
/// [`SentEncounter::decoded`].
impl Sent for SentItem {
    fn read(bytes: Bytes) -> Result<Self, DecodeError> {
        let encounter =
            sole_field(&bytes).and_then(|range| SentEncounter::read(&bytes.slice(range)));
        match encounter {
            Some(encounter) => Ok(Self::Encounter(encounter)),
            None => v1::ValidateEncountersRequest::decode(bytes).map(Self::from),
        }
    }
}

impl From<v1::ValidateEncountersRequest> for SentItem {
    fn from(message: v1::ValidateEncountersRequest) -> Self {
        match message.item {
            Some(Item::Options(options)) => Self::Options(options),
            Some(Item::Encounter(encounter)) => Self::Encounter(encounter.into()),
            None => Self::Nothing,
        }
    }
}

/// An encounter as it came.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SentEncounter {
    /// What the caller calls it.
    pub(crate) id: String,
    /// Everything else, as encoded: what came before the id, and what came behind it.
    pub(crate) rest: [Bytes; 2],
    /// Its diagnoses and lines.
    pub(crate) codes: usize,
}

impl SentEncounter {
    /// Reads the encoding of an encounter. `None` when it is not one as generated code writes it.
    fn read(bytes: &Bytes) -> Option<Self> {
        let (mut id, mut codes) = (None, 0);
        let mut at = 0;
        while at < bytes.len() {
            let field = Field::read(bytes, at)?;
            match (field.number, &field.content) {
                (ENCOUNTER_ID, Some(content)) if id.is_none() => {
                    id = Some((at..field.end, content.clone()));
                }
                (ENCOUNTER_ID, _) => return None,
                (DIAGNOSES | LINES, Some(_)) => codes += 1,
                _ => {}
            }
            at = field.end;
        }
        let (field, content) = id.unwrap_or((0..0, 0..0));
        let id = std::str::from_utf8(bytes.get(content)?).ok()?.to_owned();
        Some(Self { id, rest: [bytes.slice(..field.start), bytes.slice(field.end..)], codes })
    }

    /// The encounter.
    ///
    /// # Errors
    /// The bytes encode none.
    pub(crate) fn decoded(&self) -> Result<v1::Encounter, DecodeError> {
        let [before, behind] = self.rest.clone();
        // Two encodings one behind the other are the encoding of both.
        let mut encounter = v1::Encounter::decode(before)?;
        encounter.merge(behind)?;
        encounter.encounter_id.clone_from(&self.id);
        Ok(encounter)
    }
}

impl From<v1::Encounter> for SentEncounter {
    fn from(mut encounter: v1::Encounter) -> Self {
        let id = std::mem::take(&mut encounter.encounter_id);
        let codes = encounter.diagnoses.len() + encounter.lines.len();
        Self { id, rest: [encounter.encode_to_vec().into(), Bytes::new()], codes }
    }
}

/// The content of the only field of a request, if that is an encounter.
fn sole_field(bytes: &[u8]) -> Option<Range<usize>> {
    let field = Field::read(bytes, 0)?;
    field.content.filter(|_| field.number == ENCOUNTER && field.end == bytes.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encounter(id: &str, codes: usize) -> v1::Encounter {
        let coding = v1::Coding { code: "E11.9".into(), ..v1::Coding::default() };
        v1::Encounter {
            encounter_id: id.into(),
            age_years: Some(71),
            payer: "p".repeat(200),
            diagnoses: vec![
                v1::Diagnosis { coding: Some(coding), ..v1::Diagnosis::default() };
                codes
            ],
            lines: vec![v1::ServiceLine::default()],
            is_claim: true,
            ..v1::Encounter::default()
        }
    }

    fn sent(encounter: v1::Encounter) -> Bytes {
        let item = Some(Item::Encounter(encounter));
        v1::ValidateEncountersRequest { item }.encode_to_vec().into()
    }

    fn read(bytes: Bytes) -> SentEncounter {
        match SentItem::read(bytes) {
            Ok(SentItem::Encounter(encounter)) => encounter,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_encounter_is_the_same_under_another_id() {
        let (a, b) = (read(sent(encounter("a", 3))), read(sent(encounter("b", 3))));
        assert_eq!((a.id.as_str(), b.id.as_str(), a.codes), ("a", "b", 4));
        assert_eq!(a.rest, b.rest);
        assert_ne!(a.rest, read(sent(encounter("a", 2))).rest);
        assert_eq!(a.decoded(), Ok(encounter("a", 3)));
        assert_eq!(read(sent(encounter("", 3))).rest.concat(), a.rest.concat());
        assert_eq!(SentEncounter::from(encounter("a", 3)).decoded(), Ok(encounter("a", 3)));
    }

    #[test]
    fn what_is_written_in_another_way_is_read_all_the_same() {
        // The id behind the rest, and twice: the last one counts.
        let mut bytes = encounter("", 1).encode_to_vec();
        bytes.extend(encounter("a", 0).encode_to_vec());
        let twice = [bytes.clone(), vec![10, 1, b'b']].concat();
        for (bytes, id) in [(bytes, "a"), (twice, "b")] {
            let mut request = vec![0x12];
            prost::encode_length_delimiter(bytes.len(), &mut request).unwrap();
            request.extend(bytes);
            let expected = v1::ValidateEncountersRequest::decode(&*request).unwrap();
            let Some(Item::Encounter(expected)) = expected.item else { panic!("no encounter") };
            assert_eq!(expected.encounter_id, id);
            assert_eq!(read(request.into()).decoded(), Ok(expected));
        }
        assert!(matches!(SentItem::read(Bytes::new()), Ok(SentItem::Nothing)));
    }

    proptest! {
        #[test]
        fn reads_what_generated_code_reads(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
            cut in any::<prop::sample::Index>(),
            is_cut in any::<bool>(),
        ) {
            let mut bytes = sent(encounter("visit-1", 2)).to_vec();
            for (index, byte) in changes {
                let at = index.index(bytes.len());
                bytes[at] = byte;
            }
            if is_cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            let generated = v1::ValidateEncountersRequest::decode(&*bytes).map(|message| message.item);
            let read = SentItem::read(bytes.into()).and_then(|item| match item {
                SentItem::Options(options) => Ok(Some(Item::Options(options))),
                SentItem::Encounter(encounter) => encounter.decoded().map(Item::Encounter).map(Some),
                SentItem::Nothing => Ok(None),
            });
            prop_assert_eq!(read.ok(), generated.ok());
        }
    }
}
