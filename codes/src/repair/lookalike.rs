//! A letter typed for a digit, or the reverse.

use crate::code::CodeKey;

/// Characters that are taken for each other. Source: typing errors in rules on codes that were measured against
/// every valid code: no swap of a valid code gives another valid code.
const PAIRS: [(u8, u8); 7] = [
    (b'O', b'0'),
    (b'I', b'1'),
    (b'L', b'1'),
    (b'S', b'5'),
    (b'B', b'8'),
    (b'Z', b'2'),
    (b'G', b'6'),
];

/// The one known code that results from swapping look-alike characters at any positions. `None` when there is none
/// or more than one.
pub fn unique_swap(text: &str, is_known: impl Fn(CodeKey) -> bool) -> Option<CodeKey> {
    if text.len() > crate::code::MAX_LENGTH || !text.is_ascii() {
        return None;
    }
    let mut found = Vec::new();
    collect(&mut text.as_bytes().to_vec(), 0, text, &is_known, &mut found);
    match found.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

fn collect(
    bytes: &mut [u8],
    at: usize,
    original: &str,
    is_known: &impl Fn(CodeKey) -> bool,
    found: &mut Vec<CodeKey>,
) {
    if found.len() > 1 {
        return;
    }
    let Some(original_byte) = original.as_bytes().get(at).copied() else {
        let key =
            std::str::from_utf8(bytes).ok().filter(|text| *text != original).and_then(CodeKey::new);
        if let Some(key) = key.filter(|key| is_known(*key)) {
            found.push(key);
        }
        return;
    };
    bytes[at] = original_byte;
    collect(bytes, at + 1, original, is_known, found);
    for (letter, digit) in PAIRS {
        let swapped = if original_byte == letter {
            digit
        } else if original_byte == digit {
            letter
        } else {
            continue;
        };
        bytes[at] = swapped;
        collect(bytes, at + 1, original, is_known, found);
    }
    bytes[at] = original_byte;
}

/// Whether two characters are taken for each other.
pub fn are_alike(a: u8, b: u8) -> bool {
    PAIRS.iter().any(|(letter, digit)| (a, b) == (*letter, *digit) || (b, a) == (*letter, *digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_one_code_behind_swapped_characters() {
        let known = |key: CodeKey| ["E109", "E119", "O364XX0"].contains(&&*key.text());
        let swap = |text| unique_swap(text, known).map(|key| key.to_string());
        assert_eq!(swap("E1O9"), Some("E109".to_owned()));
        assert_eq!(swap("EII9"), Some("E119".to_owned()));
        assert_eq!(swap("0364XX0"), Some("O364XX0".to_owned()));
        assert_eq!(swap("E119"), None);
        assert_eq!(swap("E12"), None);
    }

    #[test]
    fn gives_nothing_when_two_codes_are_possible() {
        assert_eq!(unique_swap("AO", |_| true), Some(CodeKey::new("A0").unwrap()));
        assert_eq!(unique_swap("OO", |_| true), None);
    }
}
