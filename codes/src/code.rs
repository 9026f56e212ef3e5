//! A code that is well formed in its system. Parsing is the only constructor.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    normalize::normalize,
    system::{CodeSystem, icd10cm, modifier},
};

/// Characters of the longest code.
pub const MAX_LENGTH: usize = 7;

/// One to seven capital letters and digits without a point, packed so that numeric order is text order.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CodeKey(u64);

impl CodeKey {
    /// The key of chapters and sections, which have no code. Sorts before every code.
    pub(crate) const NONE: Self = Self(0);

    /// Packs a normalised text. `None` when it is empty, longer than seven characters, or holds anything but capital
    /// letters and digits.
    pub fn new(text: &str) -> Option<Self> {
        Self::of_ascii(text.as_bytes())
    }

    /// The same of the bytes of a text.
    pub(crate) fn of_ascii(bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() || bytes.len() > MAX_LENGTH {
            return None;
        }
        let mut packed = [0_u8; 8];
        for (slot, byte) in packed.iter_mut().zip(bytes) {
            if !(byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
                return None;
            }
            *slot = *byte;
        }
        Some(Self(u64::from_be_bytes(packed)))
    }

    /// The same of a text in any case.
    pub fn of_any_case(text: &str) -> Option<Self> {
        let mut bytes = [0; MAX_LENGTH];
        let upper = bytes.get_mut(..text.len())?;
        upper.copy_from_slice(text.as_bytes());
        upper.make_ascii_uppercase();
        Self::of_ascii(upper)
    }

    /// The same of a text with one point at most, wherever it stands.
    pub fn of_pointed(text: &str) -> Option<Self> {
        let mut bytes = [0; MAX_LENGTH];
        let (mut length, mut has_point) = (0, false);
        for byte in text.bytes() {
            if byte == b'.' && !has_point {
                has_point = true;
                continue;
            }
            *bytes.get_mut(length)? = byte;
            length += 1;
        }
        Self::of_ascii(bytes.get(..length)?)
    }

    /// The key with another character at a place, counted from 0, that it has: a capital letter or digit.
    pub(crate) fn replaced(self, at: usize, character: u8) -> Self {
        let shift = 56 - 8 * at;
        Self(self.0 & !(0xFF << shift) | u64::from(character) << shift)
    }

    /// The key without the character at a place. It has others.
    pub(crate) fn removed(self, at: usize) -> Self {
        let behind = u64::MAX >> (8 * at);
        Self(self.0 & !behind | (self.0 << 8) & behind)
    }

    /// The key with one character more, before the one that stands at the place. It has room for it.
    pub(crate) fn inserted(self, at: usize, character: u8) -> Self {
        let behind = u64::MAX >> (8 * at);
        let moved = (self.0 & behind) >> 8;
        Self(self.0 & !behind | u64::from(character) << (56 - 8 * at) | moved)
    }

    /// The characters, without a point.
    pub fn text(self) -> KeyText {
        KeyText { bytes: self.bytes(), length: self.length() }
    }

    /// The characters as ASCII, filled up with zeros.
    pub(crate) fn bytes(self) -> [u8; 8] {
        self.0.to_be_bytes()
    }

    /// The number of characters.
    pub fn length(self) -> usize {
        8 - self.0.trailing_zeros() as usize / 8
    }

    /// The first `length` characters. The key itself when it is not longer.
    #[must_use]
    pub fn prefix(self, length: usize) -> Self {
        if length >= 8 {
            return self;
        }
        let kept = u64::MAX << (8 * (8 - length.max(1)));
        Self(self.0 & kept)
    }

    /// The character at `index`, from 0.
    pub fn character(self, index: usize) -> Option<char> {
        let byte = *self.0.to_be_bytes().get(index)?;
        (byte != 0).then_some(char::from(byte))
    }

    /// The key of seven characters that begins with this one and ends with `seventh`, placeholders X between. `None` for
    /// what is that long already, and for a character that no code has.
    #[must_use]
    pub(crate) fn completed_with(self, seventh: char) -> Option<Self> {
        if self.length() >= MAX_LENGTH
            || !(seventh.is_ascii_uppercase() || seventh.is_ascii_digit())
        {
            return None;
        }
        let mut bytes = self.bytes();
        bytes.iter_mut().take(MAX_LENGTH).filter(|byte| **byte == 0).for_each(|byte| *byte = b'X');
        if let Some(last) = bytes.get_mut(MAX_LENGTH - 1) {
            *last = u8::try_from(seventh).ok()?;
        }
        Some(Self(u64::from_be_bytes(bytes)))
    }

    /// Whether the text begins with that of `prefix`.
    pub fn starts_with(self, prefix: Self) -> bool {
        self.prefix(prefix.length()) == prefix
    }

    /// Whether the text begins with `prefix`, written without a point.
    pub fn begins_with(self, prefix: &str) -> bool {
        let prefix = prefix.as_bytes();
        prefix.len() <= self.length() && self.bytes().starts_with(prefix)
    }

    /// The greatest key that begins with this one.
    #[must_use]
    pub fn last_below(self) -> Self {
        Self(self.0 | (u64::MAX >> (8 * self.length())))
    }
}

impl fmt::Display for CodeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl fmt::Debug for CodeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

/// Stored as its text.
impl Serialize for CodeKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for CodeKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl de::Visitor<'_> for Text {
            type Value = CodeKey;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("up to seven capital letters and digits")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<CodeKey, E> {
                if text.is_empty() {
                    return Ok(CodeKey::NONE);
                }
                CodeKey::new(text).ok_or_else(|| E::custom("a code has another form"))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

/// The characters of a [`CodeKey`], or of a [`Code`] with its point, on the stack.
#[derive(Clone, Copy)]
pub struct KeyText {
    bytes: [u8; 8],
    length: usize,
}

impl KeyText {
    /// The characters, which are ASCII.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl std::ops::Deref for KeyText {
    type Target = str;

    fn deref(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

/// A code that has the shape of its system. It may still be unknown, retired or a header.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code {
    system: CodeSystem,
    key: CodeKey,
}

impl Code {
    /// Parses a code as somebody wrote it: any case, with or without the point, with blanks around it.
    ///
    /// # Errors
    /// The text does not have the shape of a code of `system`.
    pub fn parse(system: CodeSystem, text: &str) -> Result<Self, ParseCodeError> {
        // Most codes are written as they are published or kept.
        if let Some(key) = CodeKey::of_pointed(text).filter(|_| !text.as_bytes().ends_with(b".X")) {
            let error = ParseCodeError { system, length: key.length() };
            return Self::from_key(system, key).ok_or(error);
        }
        let normalized = normalize(system, text);
        let code = Self::of_normalized(system, &normalized.code);
        code.ok_or_else(|| ParseCodeError { system, length: normalized.code.chars().count() })
    }

    /// The code or modifier of `system` that a normalised text is, if it has the shape of the system.
    pub(crate) fn of_normalized(system: CodeSystem, text: &str) -> Option<Self> {
        let key = CodeKey::new(text)?;
        has_shape(system, text).then_some(Self { system, key })
    }

    /// The code or modifier of `system` with this key, if it has the shape of the system.
    pub fn from_key(system: CodeSystem, key: CodeKey) -> Option<Self> {
        has_shape(system, &key.text()).then_some(Self { system, key })
    }

    /// Whether it is a modifier of CPT or HCPCS: two characters that stand behind a code.
    pub fn is_modifier(self) -> bool {
        matches!(self.system, CodeSystem::Cpt | CodeSystem::Hcpcs)
            && modifier::has_shape(&self.key.text())
    }

    /// The system the code belongs to.
    pub fn system(self) -> CodeSystem {
        self.system
    }

    /// The packed characters, without the point.
    pub fn key(self) -> CodeKey {
        self.key
    }

    /// The code as its system publishes it: with a point in ICD-10-CM, without one elsewhere.
    pub fn text(self) -> KeyText {
        let KeyText { mut bytes, length } = self.key.text();
        if self.system != CodeSystem::Icd10Cm || length <= icd10cm::POINT_AFTER {
            return KeyText { bytes, length };
        }
        bytes.copy_within(icd10cm::POINT_AFTER..length, icd10cm::POINT_AFTER + 1);
        bytes[icd10cm::POINT_AFTER] = b'.';
        KeyText { bytes, length: length + 1 }
    }
}

/// Codes by the shape of their system; modifiers by theirs. In a note two letters are no code, so the systems
/// themselves do not accept them.
fn has_shape(system: CodeSystem, text: &str) -> bool {
    let is_modifier = || match system {
        CodeSystem::Cpt => modifier::is_cpt_shape(text),
        CodeSystem::Hcpcs => modifier::has_shape(text),
        CodeSystem::Icd10Cm | CodeSystem::Icd10Pcs => false,
    };
    system.accepts_shape(text) || is_modifier()
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{self}", self.system.id())
    }
}

/// Writes an undotted text as `system` publishes its codes.
pub fn written(system: CodeSystem, undotted: &str) -> String {
    match system {
        CodeSystem::Icd10Cm => icd10cm::dotted(undotted),
        CodeSystem::Icd10Pcs | CodeSystem::Cpt | CodeSystem::Hcpcs => undotted.to_owned(),
    }
}

/// The text does not have the shape of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseCodeError {
    /// The system whose shape was expected.
    pub system: CodeSystem,
    /// The number of characters that were found, without the point.
    pub length: usize,
}

impl fmt::Display for ParseCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a well-formed {} code: {}", self.system, self.system.shape_in_words())
    }
}

impl std::error::Error for ParseCodeError {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(text: &str) -> CodeKey {
        CodeKey::new(text).unwrap()
    }

    #[test]
    fn reads_a_code_in_any_of_its_forms() {
        for text in ["E11.9", "e119", " E11.9 ", "E119"] {
            assert_eq!(
                Code::parse(CodeSystem::Icd10Cm, text).unwrap().to_string(),
                "E11.9",
                "{text}"
            );
        }
        assert_eq!(Code::parse(CodeSystem::Icd10Pcs, "0dtj4zz").unwrap().to_string(), "0DTJ4ZZ");
        assert!(Code::parse(CodeSystem::Cpt, "E11.9").is_err());
    }

    #[test]
    fn modifiers_are_looked_up_like_codes() {
        assert!(Code::parse(CodeSystem::Hcpcs, "lt").unwrap().is_modifier());
        assert!(Code::parse(CodeSystem::Cpt, "25").unwrap().is_modifier());
        assert!(Code::parse(CodeSystem::Cpt, "LT").is_err());
        assert!(!Code::parse(CodeSystem::Hcpcs, "J1885").unwrap().is_modifier());
        assert!(!CodeSystem::Hcpcs.accepts_shape("LT"), "a word of a note is no code");
    }

    #[test]
    fn prefixes_and_ranges_follow_text_order() {
        assert!(key("E119").starts_with(key("E11")) && !key("E12").starts_with(key("E11")));
        assert_eq!(key("E1165").prefix(3), key("E11"));
        assert_eq!(key("E1165").prefix(9), key("E1165"));
        assert!(key("E11ZZZZ") < key("E11").last_below() && key("E12") > key("E11").last_below());
        assert_eq!(key("E119").character(3), Some('9'));
        assert_eq!(key("E119").character(4), None);
    }

    proptest! {
        #[test]
        fn stems_are_completed_with_placeholders(stem in "[0-9A-Z]{1,7}", seventh in "[0-9A-Za-zé]") {
            let completed = key(&stem).completed_with(seventh.chars().next().unwrap());
            prop_assert_eq!(completed, CodeKey::new(&format!("{stem:X<6}{seventh}")));
        }

        #[test]
        fn packing_keeps_text_and_order(a in "[0-9A-Z]{1,7}", b in "[0-9A-Z]{1,7}") {
            prop_assert_eq!(&*key(&a).text(), a.as_str());
            prop_assert_eq!(key(&a).cmp(&key(&b)), a.cmp(&b));
            prop_assert!(key(&a) <= key(&a).last_below());
        }

        #[test]
        fn a_key_of_any_case_is_that_of_capitals(text in "[0-9A-Za-zé.]{0,9}") {
            prop_assert_eq!(CodeKey::of_any_case(&text), CodeKey::new(&text.to_ascii_uppercase()));
        }

        #[test]
        fn what_is_written_well_is_parsed_as_all_else(text in "[A-Z0-9.]{0,9}|[A-Z][0-9]{2}\\.?[0-9A-Z]{0,4}") {
            for system in CodeSystem::ALL {
                let code = normalize(system, &text).code;
                let key = CodeKey::new(&code).filter(|_| has_shape(system, &code));
                let error = ParseCodeError { system, length: code.chars().count() };
                let expected = key.map(|key| Code { system, key }).ok_or(error);
                prop_assert_eq!(Code::parse(system, &text), expected);
            }
        }

        #[test]
        fn parsing_never_panics(text in "\\PC{0,40}") {
            for system in CodeSystem::ALL {
                if let Ok(code) = Code::parse(system, &text) {
                    prop_assert_eq!(Code::parse(system, &code.to_string()), Ok(code));
                }
            }
        }
    }
}
