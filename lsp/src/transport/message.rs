//! Whether a message will decode, decided before the framework sees it.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};

use crate::protocol::Id;

/// The method under which the ingress learns of a message that could not be read.
pub(crate) const UNREADABLE: &str = "$medcode/unreadable";

/// What takes the place of a message that could not be read. JSON-RPC answers such a message with the id null.
pub(super) const UNREADABLE_MESSAGE: &str =
    r#"{"jsonrpc":"2.0","id":null,"method":"$medcode/unreadable"}"#;

/// The message itself when it decodes, if need be after a repair in place; else [`UNREADABLE_MESSAGE`].
pub(super) fn readable(body: &mut [u8]) -> &[u8] {
    if decodes(body) {
        return body;
    }
    // Editors send halves of surrogate pairs as escapes when a text holds them. The replacement character takes as
    // many UTF-16 units, so that positions stay right.
    if replace_lone_surrogates(body) && decodes(body) {
        return body;
    }
    UNREADABLE_MESSAGE.as_bytes()
}

fn decodes(body: &[u8]) -> bool {
    std::str::from_utf8(body).is_ok()
        && serde_json::from_slice::<Envelope>(body).is_ok_and(|envelope| envelope.jsonrpc == "2.0")
        && serde_json::from_slice::<Sound>(body).is_ok()
}

/// The members of a message that the framework requires a form of.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    jsonrpc: Cow<'a, str>,
    #[serde(default, borrow, rename = "method")]
    _method: Cow<'a, str>,
    #[serde(default, rename = "id")]
    _id: Option<Id>,
}

/// Any JSON value whose strings are text and whose depth is bearable, checked and forgotten.
struct Sound;

impl<'de> Deserialize<'de> for Sound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SoundVisitor)
    }
}

struct SoundVisitor;

impl<'de> Visitor<'de> for SoundVisitor {
    type Value = Sound;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_str<E>(self, _: &str) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_unit<E>(self) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Sound, A::Error> {
        while items.next_element::<Sound>()?.is_some() {}
        Ok(Sound)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Sound, A::Error> {
        while members.next_entry::<Sound, Sound>()?.is_some() {}
        Ok(Sound)
    }
}

/// Replaces escaped surrogates without their other half by the replacement character. Says whether there were any.
fn replace_lone_surrogates(body: &mut [u8]) -> bool {
    let mut replaced = false;
    let mut at = 0;
    while at + 1 < body.len() {
        if body[at] != b'\\' {
            at += 1;
            continue;
        }
        match escaped_unit(body, at) {
            Some(0xD800..=0xDBFF) => {
                if matches!(escaped_unit(body, at + 6), Some(0xDC00..=0xDFFF)) {
                    at += 12;
                    continue;
                }
                body[at + 2..at + 6].copy_from_slice(b"fffd");
                replaced = true;
                at += 6;
            }
            Some(0xDC00..=0xDFFF) => {
                body[at + 2..at + 6].copy_from_slice(b"fffd");
                replaced = true;
                at += 6;
            }
            Some(_) => at += 6,
            None => at += 2,
        }
    }
    replaced
}

/// The UTF-16 unit of a `\uXXXX` that stands at `at`.
fn escaped_unit(body: &[u8], at: usize) -> Option<u16> {
    let escape = body.get(at..at + 6)?;
    let digits = escape.strip_prefix(b"\\u")?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(body: &str) -> String {
        let mut bytes = body.as_bytes().to_vec();
        String::from_utf8(readable(&mut bytes).to_vec()).unwrap()
    }

    #[test]
    fn lets_requests_and_responses_through() {
        for body in [
            r#"{"jsonrpc":"2.0","id":1,"method":"a","params":{"x":[1,-2.5,"é",null,true]}}"#,
            r#"{"jsonrpc":"2.0","id":"b","result":{}}"#,
            r#"{"jsonrpc":"2.0","id":2,"error":{"code":-32800,"message":"c"}}"#,
        ] {
            assert_eq!(read(body), body);
        }
    }

    #[test]
    fn stops_what_the_framework_cannot_decode() {
        let deep = format!(
            r#"{{"jsonrpc":"2.0","method":"a","params":{}1{}}}"#,
            "[".repeat(200),
            "]".repeat(200)
        );
        for body in [
            "",
            "[]",
            "{}",
            r#"{"jsonrpc":"1.0","method":"a"}"#,
            r#"{"jsonrpc":"2.0","method":7}"#,
            r#"{"jsonrpc":"2.0","id":1.5,"method":"a"}"#,
            r#"{"jsonrpc":"2.0","method":"a"} x"#,
            deep.as_str(),
        ] {
            assert_eq!(read(body), UNREADABLE_MESSAGE, "{body}");
        }
        assert_eq!(readable(&mut [b'"', 0xFF, b'"']), UNREADABLE_MESSAGE.as_bytes());
    }

    #[test]
    fn keeps_the_length_of_text_with_half_a_character() {
        let body =
            r#"{"jsonrpc":"2.0","method":"a","params":"\\ud83d \ud83d \ude00 \ud83d\ude00"}"#;
        let expected =
            r#"{"jsonrpc":"2.0","method":"a","params":"\\ud83d \ufffd \ufffd \ud83d\ude00"}"#;
        assert_eq!(read(body), expected);
    }

    proptest! {
        #[test]
        fn whatever_passes_decodes(body in proptest::collection::vec(any::<u8>(), 0..64)) {
            let mut body = body;
            let passed = readable(&mut body);
            prop_assert!(serde_json::from_slice::<crate::protocol::Request>(passed).is_ok());
        }
    }
}
