//! Requests about many codes as they came: codings are read where they stand. Generated code makes four texts of each, and
//! a batch has a thousand.

use std::ops::Range;

use medcode_proto::v1;
use prost::{DecodeError, Message, bytes::Bytes};

use super::{
    Sent, SentCoding,
    wire::{Field, fields},
};

/// The field of a request that its codes stand in.
const CODES: u32 = 1;

/// A request about codes, as it came.
#[derive(Debug)]
pub(crate) struct SentCodes<Q> {
    bytes: Bytes,
    items: Vec<Item>,
    /// The request without its codes.
    pub(crate) rest: Q,
}

/// A code of a request.
#[derive(Debug, Default)]
pub(crate) struct Item {
    /// `None` when there is none.
    coding: Option<CodingPlaces>,
    date: Option<v1::Date>,
}

/// Where the texts of a coding stand: system, version, code and display.
type CodingPlaces = [Place; 4];

/// Where a text stands in the bytes of its request.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    begin: u32,
    end: u32,
}

/// A request about codes.
pub(crate) trait AboutCodes: Message + Default {
    /// Reads one of its codes. `None` when it is not written as generated code writes it.
    fn item(bytes: &[u8], range: Range<usize>) -> Option<Item>;
}

impl AboutCodes for v1::LookupCodesRequest {
    fn item(bytes: &[u8], range: Range<usize>) -> Option<Item> {
        Some(Item { coding: Some(coding(bytes, range)?), date: None })
    }
}

impl AboutCodes for v1::ValidateCodesRequest {
    fn item(bytes: &[u8], range: Range<usize>) -> Option<Item> {
        let mut item = Item::default();
        for field in fields(bytes, range) {
            let Field { number, content, .. } = field?;
            match (number, content) {
                (1, Some(content)) if item.coding.is_none() => {
                    item.coding = Some(coding(bytes, content)?);
                }
                (2, Some(content)) if item.date.is_none() => {
                    item.date = Some(v1::Date::decode(bytes.get(content)?).ok()?);
                }
                (1 | 2, _) => return None,
                _ => {}
            }
        }
        Some(item)
    }
}

/// The texts of a coding. `None` when generated code would refuse it.
fn coding(bytes: &[u8], range: Range<usize>) -> Option<CodingPlaces> {
    let mut places = CodingPlaces::default();
    for field in fields(bytes, range) {
        let Field { number, content, .. } = field?;
        let place = (number as usize).checked_sub(1).and_then(|index| places.get_mut(index));
        let Some(place) = place else { continue };
        let content = content?;
        str::from_utf8(bytes.get(content.clone())?).ok()?;
        // The last one counts.
        *place = Place::of(content)?;
    }
    Some(places)
}

impl Place {
    fn of(range: Range<usize>) -> Option<Self> {
        let (begin, end) = (u32::try_from(range.start).ok()?, u32::try_from(range.end).ok()?);
        Some(Self { begin, end })
    }

    /// The text, which has been read before.
    fn text(self, bytes: &[u8]) -> &str {
        let text = bytes.get(self.begin as usize..self.end as usize);
        text.and_then(|text| str::from_utf8(text).ok()).unwrap_or_default()
    }
}

impl<Q: AboutCodes + 'static> Sent for SentCodes<Q> {
    fn read(bytes: Bytes) -> Result<Self, DecodeError> {
        match Self::read_in_place(&bytes) {
            Some((items, rest)) => Ok(Self { bytes, items, rest }),
            None => Q::decode(bytes).map(Self::from),
        }
    }
}

impl<Q: AboutCodes> SentCodes<Q> {
    fn read_in_place(bytes: &[u8]) -> Option<(Vec<Item>, Q)> {
        let mut items = Vec::new();
        let mut rest = Q::default();
        let mut at = 0;
        for field in fields(bytes, 0..bytes.len()) {
            let Field { number, content, end } = field?;
            if number == CODES {
                items.push(Q::item(bytes, content?)?);
            } else {
                // Encodings one behind the other are the encoding of all.
                rest.merge(bytes.get(at..end)?).ok()?;
            }
            at = end;
        }
        Some((items, rest))
    }

    /// How many codes there are.
    pub(crate) fn count(&self) -> usize {
        self.items.len()
    }

    /// The codings, each with the date that stands beside it.
    pub(crate) fn codings(
        &self,
    ) -> impl Iterator<Item = (Option<SentCoding<'_>>, Option<v1::Date>)> {
        self.items.iter().map(|item| (item.coding.map(|places| self.coding(places)), item.date))
    }

    fn coding(&self, places: CodingPlaces) -> SentCoding<'_> {
        let [system, version, code, display] = places.map(|place| place.text(&self.bytes));
        SentCoding {
            system: system.into(),
            version: version.into(),
            code: code.into(),
            display: display.into(),
        }
    }
}

impl<Q: AboutCodes> From<Q> for SentCodes<Q> {
    fn from(request: Q) -> Self {
        let bytes = Bytes::from(request.encode_to_vec());
        let (items, rest) = Self::read_in_place(&bytes).unwrap_or_default();
        Self { bytes, items, rest }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn message(coding: SentCoding<'_>) -> v1::Coding {
        v1::Coding {
            system: coding.system.into_owned(),
            version: coding.version.into_owned(),
            code: coding.code.into_owned(),
            display: coding.display.into_owned(),
        }
    }

    fn lookup(sent: SentCodes<v1::LookupCodesRequest>) -> v1::LookupCodesRequest {
        let codings = sent.codings().filter_map(|(coding, _)| coding.map(message)).collect();
        v1::LookupCodesRequest { codings, ..sent.rest }
    }

    fn validate(sent: &SentCodes<v1::ValidateCodesRequest>) -> v1::ValidateCodesRequest {
        let items = sent
            .codings()
            .map(|(coding, date)| v1::CodeToValidate { coding: coding.map(message), date });
        v1::ValidateCodesRequest { items: items.collect(), ..sent.rest.clone() }
    }

    fn requests() -> (v1::LookupCodesRequest, v1::ValidateCodesRequest) {
        let coding = |code: &str| v1::Coding {
            system: "icd-10-cm".into(),
            version: "2026".into(),
            code: code.into(),
            display: "d\u{e9}j\u{e0} ".repeat(30),
        };
        let date = Some(v1::Date { year: 2026, month: 4, day: 1 });
        let lookup = v1::LookupCodesRequest {
            codings: vec![coding("E11.9"), v1::Coding::default(), coding("I10")],
            date,
            view: 1,
            properties: vec!["a".into(), "b".into()],
        };
        let items = vec![
            v1::CodeToValidate { coding: Some(coding("E11.9")), date },
            v1::CodeToValidate::default(),
            v1::CodeToValidate { coding: None, date: Some(v1::Date::default()) },
        ];
        let validate =
            v1::ValidateCodesRequest { items, date, allow_abstract: true, display_policy: 2 };
        (lookup, validate)
    }

    #[test]
    fn what_is_written_in_another_way_is_read_all_the_same() {
        let (_, request) = requests();
        let [first, ..] = &request.items[..] else { panic!("no items") };
        // A coding in two parts, which generated code puts together.
        let parts = [
            v1::Coding { system: "hcpcs".into(), ..v1::Coding::default() },
            v1::Coding { code: "A0021".into(), ..v1::Coding::default() },
        ];
        let parts = parts.map(|coding| v1::CodeToValidate { coding: Some(coding), date: None });
        let item = [first, &parts[0], &parts[1]].map(Message::encode_to_vec).concat();
        let mut bytes = vec![0x0A];
        prost::encode_length_delimiter(item.len(), &mut bytes).unwrap();
        bytes.extend(item);
        let expected = v1::ValidateCodesRequest::decode(&*bytes).unwrap();
        assert_eq!(expected.items[0].coding.as_ref().unwrap().code, "A0021");
        assert_eq!(validate(&SentCodes::read(bytes.into()).unwrap()), expected);
    }

    proptest! {
        #[test]
        fn reads_what_generated_code_reads(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
            cut in any::<prop::sample::Index>(),
            is_cut in any::<bool>(),
        ) {
            let changed = |mut bytes: Vec<u8>| {
                for (index, byte) in &changes {
                    let at = index.index(bytes.len());
                    bytes[at] = *byte;
                }
                if is_cut {
                    bytes.truncate(cut.index(bytes.len()));
                }
                Bytes::from(bytes)
            };
            let (of_lookup, of_validate) = requests();
            let bytes = changed(of_lookup.encode_to_vec());
            let generated = v1::LookupCodesRequest::decode(bytes.clone());
            prop_assert_eq!(SentCodes::read(bytes).map(lookup), generated);
            let bytes = changed(of_validate.encode_to_vec());
            let generated = v1::ValidateCodesRequest::decode(bytes.clone());
            prop_assert_eq!(SentCodes::read(bytes).map(|sent| validate(&sent)), generated);
        }
    }
}
