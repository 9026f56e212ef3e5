//! Codes of ICD-10-CM in the texts of its notes: `(E10.-)`, `Z79.4`, `P70-P74`.

use std::ops::Range;

use medcode_codes::{code::Code, system::CodeSystem};

/// Characters of a category.
const CATEGORY: usize = 3;

/// A code in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// The bytes it stands in, the hyphen of a category included.
    pub(super) range: Range<usize>,
    /// The code as published, without that hyphen.
    pub(super) code: String,
}

/// The codes in a text, in text order.
pub(super) fn find(text: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let begins = byte.is_ascii_uppercase()
            && !at
                .checked_sub(1)
                .and_then(|before| bytes.get(before))
                .is_some_and(|byte| is_word(*byte));
        if !begins {
            at += 1;
            continue;
        }
        let length = |from: usize, also: u8| {
            let rest = bytes.get(from..).unwrap_or_default();
            rest.iter().take_while(|byte| is_word(**byte) || **byte == also).count()
        };
        let end = at + length(at, b'.');
        let word = text.get(at..end).unwrap_or_default();
        let code = word.trim_end_matches('.');
        let is_open =
            bytes.get(end) == Some(&b'-') && !bytes.get(end + 1).is_some_and(|byte| is_word(*byte));
        // Published texts set the point: what is longer than a category and has none is a word.
        let is_published = (code.len() == CATEGORY || code.contains('.'))
            && code.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
        let reference = Code::parse(CodeSystem::Icd10Cm, code).ok().filter(|_| is_published);
        if let Some(reference) = reference {
            let end = if is_open { end + 1 } else { at + code.len() };
            found.push(Reference { range: at..end, code: reference.to_string() });
        }
        at = end.max(at + 1);
    }
    found
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, String)> {
        let found = find(text).into_iter();
        found.map(|it| (text.get(it.range).unwrap(), it.code)).collect()
    }

    #[test]
    fn finds_codes_and_categories() {
        let text =
            "type 1 diabetes (E10.-), insulin (Z79.4), of newborn (P70-P74) or E11. É11 CKD I10";
        let expected = [
            ("E10.-", "E10"),
            ("Z79.4", "Z79.4"),
            ("P70", "P70"),
            ("P74", "P74"),
            ("E11", "E11"),
            ("I10", "I10"),
        ];
        let expected: Vec<_> =
            expected.iter().map(|(text, code)| (*text, (*code).to_owned())).collect();
        assert_eq!(found(text), expected);
        assert_eq!(found("gestational (O24.4-)"), [("O24.4-", "O24.4".to_owned())]);
        assert!(found("NOS, HIV, T2DM and B-cell").is_empty());
    }
}
