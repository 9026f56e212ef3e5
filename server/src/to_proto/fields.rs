//! Writes messages as protobuf encodes them, field by field, where making them first would cost more than all else: an
//! answer to a thousand codes is twenty thousand texts otherwise, each copied twice.
//!
//! What stands for itself is left out: empty texts, zeros, `false`. Whoever writes fields keeps them in the order of
//! their numbers, as generated code does; tests compare both.

use medcode_codes::{date::Date, release::Release};
use prost::Message;

/// Fields that carry bytes and their number.
const WITH_LENGTH: u32 = 2;

/// The fields of a message, behind what is written already.
#[derive(Debug)]
pub(crate) struct Fields<'b>(pub(crate) &'b mut Vec<u8>);

impl Fields<'_> {
    /// A text.
    pub(crate) fn text(&mut self, field: u32, text: &str) {
        self.text_bytes(field, text.as_bytes());
    }

    /// A text of which nothing but its bytes is needed: to read them as UTF-8 once more takes as long as to write them.
    pub(crate) fn text_bytes(&mut self, field: u32, text: &[u8]) {
        if !text.is_empty() {
            self.begin(field, text.len());
            self.encoded(text);
        }
    }

    /// A message that is encoded already.
    pub(crate) fn encoded_message(&mut self, field: u32, message: &[u8]) {
        self.begin(field, message.len());
        self.encoded(message);
    }

    /// The beginning of a message of so many bytes, which are written or sent behind it.
    pub(crate) fn begin(&mut self, field: u32, length: usize) {
        self.varint(field << 3 | WITH_LENGTH);
        self.varint(length_of(length));
    }

    /// A number that is not negative, of any width.
    pub(crate) fn number(&mut self, field: u32, number: impl Into<u64>) {
        let number = number.into();
        if number != 0 {
            self.varint(field << 3);
            self.varint(number);
        }
    }

    /// Fields that are encoded already.
    pub(crate) fn encoded(&mut self, fields: &[u8]) {
        self.0.extend_from_slice(fields);
    }

    /// A value of an enum.
    pub(crate) fn value(&mut self, field: u32, value: impl Into<i32>) {
        // The API has no negative values.
        self.number(field, value.into().unsigned_abs());
    }

    /// A flag.
    pub(crate) fn flag(&mut self, field: u32, is_set: bool) {
        self.number(field, is_set);
    }

    /// A message that `write` writes. Stands there even when it is empty.
    pub(crate) fn part(&mut self, field: u32, write: impl FnOnce(&mut Fields<'_>)) {
        self.varint(field << 3 | WITH_LENGTH);
        let begin = self.0.len();
        // In the place of the length, which short messages leave one byte long.
        self.0.push(0);
        write(&mut Fields(self.0));
        let end = self.0.len();
        let (prefix, count) = varint_of(length_of(end - begin - 1).into());
        if count > 1 {
            self.0.extend_from_slice(&prefix[1..count]);
            self.0.copy_within(begin + 1..end, begin + count);
        }
        if let Some(slots) = self.0.get_mut(begin..begin + count) {
            slots.copy_from_slice(&prefix[..count]);
        }
    }

    /// A message that was made.
    pub(crate) fn message(&mut self, field: u32, message: &impl Message) {
        self.begin(field, message.encoded_len());
        // There is always room in a vector.
        let _ = message.encode(self.0);
    }

    /// Messages that were made.
    pub(crate) fn messages<M: Message>(&mut self, field: u32, messages: &[M]) {
        for message in messages {
            self.message(field, message);
        }
    }

    /// A day.
    pub(crate) fn date(&mut self, field: u32, date: Date) {
        let part = |value: i8| u32::from(value.unsigned_abs());
        self.part(field, |fields| {
            fields.number(1, date.year().unsigned_abs());
            fields.number(2, part(date.month()));
            fields.number(3, part(date.day()));
        });
    }

    /// The fields of a `ReleaseRef`.
    pub(crate) fn release(&mut self, release: &Release) {
        self.text(1, &release.dataset);
        self.text_bytes(2, medcode_codes::date::iso(release.version).as_bytes());
        self.text(3, &release.digest);
    }

    fn varint(&mut self, number: impl Into<u64>) {
        let number = number.into();
        // As nearly all keys and lengths are.
        if let Ok(byte @ ..=0x7F) = u8::try_from(number) {
            self.0.push(byte);
        } else {
            let (bytes, count) = varint_of(number);
            self.0.extend_from_slice(bytes.get(..count).unwrap_or_default());
        }
    }
}

/// A length. No message is longer than 4 GiB.
fn length_of(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// Seven bits in each byte, the lowest first; all but the last say that more follow. With their number.
fn varint_of(mut number: u64) -> ([u8; 10], usize) {
    let mut bytes = [0; 10];
    let mut count = 0;
    for slot in &mut bytes {
        count += 1;
        let seven = u8::try_from(number & 0x7F).unwrap_or_default();
        number >>= 7;
        *slot = if number == 0 { seven } else { seven | 0x80 };
        if number == 0 {
            break;
        }
    }
    (bytes, count)
}

#[cfg(test)]
mod tests {
    use medcode_codes::testing::TODAY;
    use medcode_proto::v1;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn writes_what_generated_code_writes(
            texts in prop::collection::vec(".{0,80}|.{100,300}", 4),
            child_count in prop_oneof![Just(0), any::<u32>()],
            billable in any::<bool>(),
            sequence in prop_oneof![Just(0), 0..300_u64, any::<u64>()],
        ) {
            let coding = v1::Coding {
                system: texts[0].clone(),
                version: texts[1].clone(),
                code: texts[2].clone(),
                display: texts[3].clone(),
            };
            let concept = v1::Concept {
                coding: Some(coding.clone()),
                billable,
                effective_from: Some(super::super::date(TODAY)),
                parents: vec![coding.clone(), v1::Coding::default()],
                child_count,
                ..v1::Concept::default()
            };
            let mut bytes = Vec::new();
            let mut fields = Fields(&mut bytes);
            fields.part(1, |fields| {
                (1..).zip(&texts).for_each(|(field, text)| fields.text(field, text));
            });
            fields.flag(4, billable);
            fields.date(5, TODAY);
            fields.messages(9, &concept.parents);
            fields.number(10, child_count);
            prop_assert_eq!(bytes, concept.encode_to_vec());
            let mut bytes = Vec::new();
            Fields(&mut bytes).number(1, sequence);
            let answer = v1::ValidateEncountersResponse { sequence, outcome: None };
            prop_assert_eq!(bytes, answer.encode_to_vec());
        }
    }
}
