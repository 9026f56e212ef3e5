//! Words of a line, and a word reduced to the characters of a code.
//!
//! A token is a run of word characters; points, underscores and invisible characters belong to it where a word
//! character follows. So `E11.9` is one token and the full stop behind it is none of its business.

use crate::normalize::{fold_characters, is_invisible, plain_form};

/// Most characters a code attempt may have, points not counted.
pub(super) const LONGEST: usize = 12;

/// A run of word characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// First byte.
    pub(super) start: usize,
    /// Byte behind the last one.
    pub(super) end: usize,
    /// The token holds a digit, or a character that may stand for one.
    pub(super) digit: bool,
}

impl Token {
    /// The text of the token.
    pub(super) fn text(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// The next token that begins at or behind `from` and before `end`. Both lie on character boundaries.
pub(super) fn next(text: &str, from: usize, end: usize) -> Option<Token> {
    let mut at = from;
    while at < end {
        let (character, width) = char_at(text, at)?;
        if is_word(character) {
            return Some(extend(text, at, end));
        }
        at += width;
    }
    None
}

/// The token that begins at `start`, if a word character stands there.
pub(super) fn at(text: &str, start: usize, end: usize) -> Option<Token> {
    (start < end && is_word(char_at(text, start)?.0)).then(|| extend(text, start, end))
}

fn extend(text: &str, start: usize, end: usize) -> Token {
    let mut token = Token { start, end: start, digit: false };
    let mut at = start;
    let mut points = 0;
    while at < end {
        let Some(byte) = text.as_bytes().get(at) else { break };
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                token.digit |= byte.is_ascii_digit();
                at += 1;
                token.end = at;
                points = 0;
            }
            // One too many is a typing error (`E11..65`), more is an ellipsis.
            b'.' if points < 2 => {
                points += 1;
                at += 1;
            }
            b'_' => at += 1,
            0x80.. => {
                let Some((character, width)) = char_at(text, at) else { break };
                at += width;
                if is_point(character) && points < 2 {
                    points += 1;
                } else if is_word(character) {
                    token.digit = true;
                    token.end = at;
                    points = 0;
                } else if !is_invisible(character) {
                    break;
                }
            }
            _ => break,
        }
    }
    token
}

/// The character at byte `at` and its width.
pub(super) fn char_at(text: &str, at: usize) -> Option<(char, usize)> {
    let byte = *text.as_bytes().get(at)?;
    if byte.is_ascii() {
        return Some((char::from(byte), 1));
    }
    let character = text.get(at..)?.chars().next()?;
    Some((character, character.len_utf8()))
}

/// The character that ends at byte `at`.
pub(super) fn char_before(text: &str, at: usize) -> Option<char> {
    let byte = *text.as_bytes().get(at.checked_sub(1)?)?;
    if byte.is_ascii() { Some(char::from(byte)) } else { text.get(..at)?.chars().next_back() }
}

/// The offset behind `from` where the first character stands that `skips` refuses, at most `end`.
pub(super) fn skip(text: &str, from: usize, end: usize, skips: impl Fn(char) -> bool) -> usize {
    let mut at = from;
    while at < end {
        match char_at(text, at) {
            Some((character, width)) if skips(character) => at += width,
            _ => break,
        }
    }
    at.min(end)
}

/// Spaces of any width and tabs, not line ends.
pub(super) fn is_blank(character: char) -> bool {
    looks_like(character, ' ') || character == '\t'
}

/// Hyphens and dashes.
pub(super) fn is_dash(character: char) -> bool {
    looks_like(character, '-')
}

/// The point and its look-alikes.
pub(super) fn is_point(character: char) -> bool {
    looks_like(character, '.')
}

fn looks_like(character: char, plain: char) -> bool {
    if character.is_ascii() { character == plain } else { plain_form(character) == plain }
}

/// Letters and digits of scripts that separate words, so that a code inside Chinese or Japanese text is still seen.
pub(super) fn is_word(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric();
    }
    let unseparated = matches!(character, '\u{2E80}'..='\u{FEFF}' | '\u{20000}'..);
    !unseparated && character.is_alphanumeric()
}

/// A token reduced to capital ASCII letters and digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Folded {
    bytes: [u8; LONGEST],
    length: usize,
    /// How many points the token holds.
    pub(super) points: usize,
    /// How many characters stand before the first point.
    pub(super) before_point: usize,
    /// Characters stand between two points: `E11.9.1`.
    pub(super) scattered: bool,
    /// How many digits the token holds.
    pub(super) digits: usize,
    /// A letter was in lower case.
    pub(super) lowercase: bool,
}

impl Folded {
    /// Reduces a token. `None` when it holds anything that no code holds, not even a mistyped one, or too much of it.
    pub(super) fn read(token: &str) -> Option<Self> {
        if token.is_ascii() {
            Self::from_ascii(token)
        } else {
            Self::from_ascii(&fold_characters(token).0)
        }
    }

    fn from_ascii(token: &str) -> Option<Self> {
        let mut folded = Self {
            bytes: [0; LONGEST],
            length: 0,
            points: 0,
            before_point: 0,
            scattered: false,
            digits: 0,
            lowercase: false,
        };
        for byte in token.bytes() {
            match byte {
                b'.' => {
                    if folded.points == 0 {
                        folded.before_point = folded.length;
                    }
                    folded.scattered |= folded.points > 0 && folded.length > folded.before_point;
                    folded.points += 1;
                }
                b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                    *folded.bytes.get_mut(folded.length)? = byte.to_ascii_uppercase();
                    folded.length += 1;
                    folded.digits += usize::from(byte.is_ascii_digit());
                    folded.lowercase |= byte.is_ascii_lowercase();
                }
                _ => return None,
            }
        }
        Some(folded)
    }

    /// The characters, in capitals and without points.
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }

    /// The number of characters, points not counted.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// One point, behind the third character, with something behind it.
    pub(super) fn is_dotted(&self) -> bool {
        self.points == 1 && self.before_point == 3 && self.length > 3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(token) = next(text, from, text.len()) {
            found.push(token.text(text));
            from = token.end;
        }
        found
    }

    #[test]
    fn a_point_belongs_to_a_token_only_inside() {
        assert_eq!(
            tokens("(E11.9). Then I10, E11..65; .E1165 and E11...9"),
            ["E11.9", "Then", "I10", "E11..65", "E1165", "and", "E11", "9"]
        );
    }

    #[test]
    fn sees_look_alikes_and_invisible_characters() {
        assert_eq!(
            tokens("\u{0415}11.9 E11\u{2024}9 E11\u{200B}.9 \u{FF25}11"),
            ["\u{0415}11.9", "E11\u{2024}9", "E11\u{200B}.9", "\u{FF25}11"]
        );
        assert_eq!(Folded::read("\u{0415}11\u{00B7}9").unwrap().text(), "E119");
    }

    #[test]
    fn separates_codes_from_text_without_word_boundaries() {
        assert_eq!(tokens("\u{8A3A}\u{65AD}E11.9\u{3067}\u{3059}"), ["E11.9"]);
    }

    #[test]
    fn underscores_join_identifiers_but_not_emphasis() {
        assert_eq!(tokens("scan_E11 _E11.9_"), ["scan_E11", "E11.9"]);
        assert_eq!(Folded::read("scan_E11"), None);
    }

    #[test]
    fn folding_counts_points_and_digits() {
        let folded = Folded::read("e11.65").unwrap();
        assert_eq!(
            (folded.text(), folded.digits, folded.points, folded.lowercase),
            ("E1165", 4, 1, true)
        );
        assert!(folded.is_dotted() && !Folded::read("E1.165").unwrap().is_dotted());
        assert_eq!(Folded::read("ABCDEFGHIJKLM"), None);
        assert!(
            !Folded::read("E11..65").unwrap().scattered
                && Folded::read("E11.9.1").unwrap().scattered
        );
    }
}
