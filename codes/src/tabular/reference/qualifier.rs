//! Conditions inside a reference: "with fifth character 2", "with .51-.52", "with final characters -23".

use std::fmt;

use crate::code::CodeKey;

/// 7th characters whose meaning says "open fracture" in every fracture category.
const OPEN_FRACTURE: &str = "BCEFHJMNQR";

/// A condition on the characters of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Qualifier {
    /// The character at this position, from 1, is one of these.
    Character {
        /// 5, 6 or 7.
        position: usize,
        /// The characters that fit.
        one_of: String,
    },
    /// The intent of T36 to T65 is one of these digits; none given means any intent. It is the sixth character,
    /// or the fifth where the sixth is a placeholder.
    Intent {
        /// The digits that fit; empty = any.
        one_of: String,
    },
    /// The fifth and sixth characters together.
    FifthAndSixth(String),
    /// A 7th character that stands for an open fracture.
    OpenFracture,
    /// The code, or its first six characters, end with one of these.
    Final(Vec<String>),
    /// From the fourth character on, the code begins with one of these; a pair is a range of such beginnings.
    Suffix(Vec<(String, String)>),
}

impl Qualifier {
    /// Whether a code fulfils the condition.
    pub fn accepts(&self, key: CodeKey) -> bool {
        let text = key.text();
        match self {
            Self::Character { position, one_of } => {
                key.character(position - 1).is_some_and(|character| one_of.contains(character))
            }
            Self::Intent { one_of } => {
                let sixth = key.character(5).filter(|character| *character != 'X');
                let intent = sixth.or_else(|| key.character(4));
                one_of.is_empty() || intent.is_some_and(|intent| one_of.contains(intent))
            }
            Self::FifthAndSixth(pair) => text.get(4..6) == Some(pair),
            Self::OpenFracture => {
                key.character(6).is_some_and(|character| OPEN_FRACTURE.contains(character))
            }
            Self::Final(endings) => endings.iter().any(|ending| {
                text.ends_with(ending.as_str())
                    || text.get(..6).is_some_and(|stem| stem.ends_with(ending))
            }),
            Self::Suffix(ranges) => text.get(3..).is_some_and(|rest| {
                ranges.iter().any(|(first, last)| {
                    let head = |length: usize| rest.get(..length).unwrap_or(rest);
                    head(first.len()) >= first.as_str() && head(last.len()) <= last.as_str()
                })
            }),
        }
    }
}

impl fmt::Display for Qualifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character { position, one_of } => write!(f, "character {position} {one_of}"),
            Self::Intent { one_of } if one_of.is_empty() => f.write_str("intent any"),
            Self::Intent { one_of } => write!(f, "intent {one_of}"),
            Self::FifthAndSixth(pair) => write!(f, "characters 5-6 {pair}"),
            Self::OpenFracture => f.write_str("open fracture"),
            Self::Final(endings) => write!(f, "final {}", endings.join(" ")),
            Self::Suffix(ranges) => {
                let show = |(first, last): &(String, String)| {
                    if first == last { first.clone() } else { format!("{first}-{last}") }
                };
                write!(f, "suffix {}", ranges.iter().map(show).collect::<Vec<_>>().join(" "))
            }
        }
    }
}

/// Reads the text behind "with". `None` when it is no condition on characters.
pub fn parse(text: &str) -> Option<Qualifier> {
    let lower = text.to_ascii_lowercase().replace('-', " - ");
    let words: Vec<&str> =
        lower.split([' ', ',']).filter(|word| !word.is_empty() && *word != "-").collect();
    if text.starts_with('.') {
        return suffixes(text);
    }
    match words.as_slice() {
        ["open", "fracture", "7th" | "seventh", "character", ..] => Some(Qualifier::OpenFracture),
        ["final", "character" | "characters", rest @ ..] => {
            let endings: Vec<String> = rest
                .iter()
                .filter(|word| !matches!(**word, "or" | "and"))
                .map(|word| word.trim_matches('.').to_ascii_uppercase())
                .collect();
            let readable = endings.iter().all(|ending| is_characters(ending));
            (readable && !endings.is_empty()).then_some(Qualifier::Final(endings))
        }
        [
            "fifth" | "5th",
            "or",
            "sixth" | "six" | "6th",
            "character" | "characters",
            "to",
            "indicate",
            "intent",
        ] => Some(Qualifier::Intent { one_of: String::new() }),
        ["fifth" | "5th", "or", "sixth" | "six" | "6th", "character" | "characters", ..] => {
            Some(Qualifier::Intent { one_of: charset(behind_characters(text)?)? })
        }
        ["fifth" | "5th", "to", "sixth" | "6th", "character" | "characters", pair] => {
            (pair.len() == 2 && is_characters(&pair.to_ascii_uppercase()))
                .then(|| Qualifier::FifthAndSixth(pair.to_ascii_uppercase()))
        }
        [ordinal, "character" | "characters", ..] => {
            let position = position(ordinal)?;
            Some(Qualifier::Character { position, one_of: charset(behind_characters(text)?)? })
        }
        _ => None,
    }
}

fn position(ordinal: &str) -> Option<usize> {
    match ordinal {
        "fifth" | "5th" => Some(5),
        "sixth" | "6th" => Some(6),
        "seventh" | "7th" => Some(7),
        _ => None,
    }
}

/// The text behind the word "character" or "characters".
fn behind_characters(text: &str) -> Option<&str> {
    let at = text.to_ascii_lowercase().find("character")? + "character".len();
    Some(text[at..].strip_prefix('s').unwrap_or(&text[at..]))
}

/// `5`, `.6`, `1-4`, `1-4 or 6`, `B or C`.
fn charset(text: &str) -> Option<String> {
    let mut characters = String::new();
    for part in
        text.split([' ', ',']).filter(|part| !part.is_empty() && !matches!(*part, "or" | "and"))
    {
        let part = part.trim_matches('.').to_ascii_uppercase();
        match part.as_bytes() {
            [one] if one.is_ascii_alphanumeric() => characters.push(char::from(*one)),
            [first, b'-', last]
                if first.is_ascii_digit() && last.is_ascii_digit() && first <= last =>
            {
                characters.extend((*first..=*last).map(char::from));
            }
            _ => return None,
        }
    }
    (!characters.is_empty()).then_some(characters)
}

/// `.15. .25, .95`, `.51-.52`, `.62-`.
fn suffixes(text: &str) -> Option<Qualifier> {
    let mut ranges: Vec<(String, String)> = Vec::new();
    let mut range_open = false;
    for piece in text.split('.') {
        let characters: String = piece.chars().take_while(char::is_ascii_alphanumeric).collect();
        let rest = &piece[characters.len()..];
        if !characters.is_empty() {
            if characters.len() > 4 {
                return None;
            }
            match ranges.last_mut().filter(|_| range_open) {
                Some(open) => open.1 = characters,
                None => ranges.push((characters.clone(), characters)),
            }
        }
        range_open = rest == "-" && !characters_end(text, piece);
    }
    (!ranges.is_empty()).then_some(Qualifier::Suffix(ranges))
}

/// Whether a piece is the last one of the text: its hyphen is a wildcard, not a range.
fn characters_end(text: &str, piece: &str) -> bool {
    text.ends_with(piece)
}

fn is_characters(text: &str) -> bool {
    (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(text: &str, code: &str) -> bool {
        parse(text).unwrap().accepts(CodeKey::new(code).unwrap())
    }

    #[test]
    fn the_intent_is_the_sixth_character_unless_that_is_a_placeholder() {
        assert!(accepts("fifth or sixth character 5", "T360X5A"));
        assert!(accepts("fifth or sixth character 5", "T383X5A"));
        assert!(!accepts("fifth or sixth character 5", "T43651A"));
        assert!(accepts("fifth or sixth character 1-4", "T43651A"));
    }

    #[test]
    fn suffixes_are_beginnings_from_the_fourth_character_on() {
        assert!(
            accepts(".51-.52", "E1152")
                && accepts(".51-.52", "E0851")
                && !accepts(".51-.52", "E1159")
        );
        assert!(accepts(".62-", "E11621") && !accepts(".62-", "E1165"));
        assert!(accepts(".9", "E119"));
    }

    #[test]
    fn final_characters_may_stand_before_a_seventh() {
        assert!(
            accepts("final characters -20", "I69320") && !accepts("final characters -20", "I69351")
        );
        assert!(
            accepts("final character 6", "T383X6A") && !accepts("final character 6", "T383X5A")
        );
    }
}
