//! Right, left and both, as people write them beside a part of the body.
//!
//! A side counts only with a part of the body within a few words, plainly said, and not as a verb ("patient left"), of
//! time ("right away") or of the hand that somebody writes with.

use std::sync::Arc;

use super::{
    Statement, Word,
    body::{is_near, is_part},
    list::WordList,
    titles::Titles,
};
use crate::tabular::sides::Side;

/// A part of the body stands at most so many words from its side.
const REACH: usize = 4;

/// A side that the words name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SideSaid {
    /// Which one. Never [`Side::Unspecified`].
    pub side: Side,
    /// The number of its word among the statements.
    pub at: usize,
    /// It is plainly said of one of the wanted parts.
    pub fits: bool,
}

/// The sides that the words name, in text order. `parts` are stems of the parts that are wanted: those of a title.
/// Without any nothing fits: a stroke of the left side of the brain weakens the right one. `text` is that of the statements.
pub fn sides_said(text: &str, said: &[Statement<'_>], parts: &[String]) -> Vec<SideSaid> {
    let mut found = Vec::new();
    for (at, statement) in said.iter().enumerate() {
        let Some(side) = side(text, said, at) else { continue };
        let fits = statement.assertion.is_plain() && is_beside(text, said, at, parts);
        found.push(SideSaid { side, at, fits });
    }
    found
}

/// Words that say a side, where nothing beside them makes them another word.
static MAY_SAY: WordList = WordList::new(&[
    "bilat",
    "bilateral",
    "bilaterally",
    "both",
    "l",
    "left",
    "lle",
    "lt",
    "lue",
    "od",
    "os",
    "ou",
    "r",
    "right",
    "rle",
    "rt",
    "rue",
]);

/// The side that a word names, whatever stands around it but what makes it another word.
fn side(text: &str, said: &[Statement<'_>], at: usize) -> Option<Side> {
    let word = &said.get(at).filter(|it| MAY_SAY.contains(&it.word.lower))?.word;
    let next = said.get(at + 1).map(|it| &it.word);
    let before = at.checked_sub(1).and_then(|at| said.get(at)).map(|it| &it.word);
    let next_word = next.map_or("", |it| &*it.lower);
    let word_before = before.map_or("", |it| &*it.lower);
    if matches!(&*word.lower, "left" | "right" | "r" | "l" | "rt" | "lt")
        && (next_word.starts_with("hand") && is_dominance(said, at)
            || next_word.starts_with("domina"))
    {
        return None;
    }
    match &*word.lower {
        "left" => {
            (!is_verb(word_before) && !BEHIND_VERB.contains(&next_word)).then_some(Side::Left)
        }
        "right" => (!OF_TIME.contains(&next_word)).then_some(Side::Right),
        // Arms and legs.
        "lue" | "lle" => Some(Side::Left),
        "rue" | "rle" => Some(Side::Right),
        "bilateral" | "bilaterally" | "bilat" => Some(Side::Bilateral),
        "both" => next
            .filter(|it| is_part(it) && it.lower.ends_with('s') || it.lower == "feet")
            .map(|_| Side::Bilateral),
        _ => {
            let side = match word.text {
                "R" | "RT" | "Rt" | "OD" => Side::Right,
                "L" | "LT" | "Lt" | "OS" => Side::Left,
                "OU" => Side::Bilateral,
                _ => return None,
            };
            (beside(text, word, before) || beside(text, word, next)).then_some(side)
        }
    }
}

/// "left-handed", "right hand dominant".
fn is_dominance(said: &[Statement<'_>], at: usize) -> bool {
    let word = |at: usize| said.get(at).map_or("", |it| &*it.word.lower);
    word(at + 1).starts_with("hande") || word(at + 2).starts_with("domina")
}

/// Who leaves.
fn is_verb(before: &str) -> bool {
    matches!(
        before,
        "patient" | "pt" | "he" | "she" | "they" | "who" | "i" | "be" | "was" | "were" | "is"
    )
}

const BEHIND_VERB: &[&str] = &[
    "after",
    "against",
    "ama",
    "at",
    "before",
    "home",
    "in",
    "message",
    "the",
    "to",
    "untreated",
    "voicemail",
    "with",
    "without",
    "work",
];

const OF_TIME: &[&str] = &["after", "away", "before", "here", "now", "of", "to"];

/// Whether another word is a part of the body and stands next to the word, with nothing but a blank between.
fn beside(text: &str, word: &Word<'_>, other: Option<&Word<'_>>) -> bool {
    let Some(other) = other.filter(|other| is_part(other)) else { return false };
    let (first, second) =
        if other.range.start < word.range.start { (other, word) } else { (word, other) };
    let Some(gap) = text.get(first.range.end..second.range.start) else { return false };
    // `R. knee`, but not `13 g/L. Knee`.
    let alone = text
        .get(..word.range.start)
        .is_some_and(|before| !before.ends_with(|it: char| it.is_alphanumeric() || it == '/'));
    // `OD` is once a day as well.
    let is_eyes = !matches!(word.text, "OD" | "OS" | "OU") || is_near("eye", &other.stem());
    let short_form = first == word && gap == ". " && word.text.len() < 3;
    alone && is_eyes && (short_form || matches!(gap.trim(), "" | "-" | ","))
}

/// Whether the part of the body that the side is of is a wanted one: the next one behind it, else the last one before.
fn is_beside(text: &str, said: &[Statement<'_>], at: usize, parts: &[String]) -> bool {
    let limb = match said.get(at).map_or("", |it| &*it.word.lower) {
        "lue" | "rue" => Some("arm"),
        "lle" | "rle" => Some("leg"),
        _ => None,
    };
    if let Some(limb) = limb {
        return parts.iter().any(|part| part == "side" || is_near(part, limb));
    }
    let names = |it: &&Statement<'_>| is_part(&it.word) || is_side_word(&it.word.lower);
    let own = said.get(at).map_or(0, |it| it.word.range.end);
    let behind = said.iter().skip(at + 1).take(REACH).find(names).filter(|it| {
        let gap = text.get(own..it.word.range.start).unwrap_or_default();
        // `Lt. knee`
        !gap.trim_start_matches('.').contains([',', ';', '.', ')'])
    });
    let Some(found) = behind.or_else(|| last_before(text, said, at).find(names)) else {
        return false;
    };
    if is_side_word(&found.word.lower) {
        return !parts.is_empty() && parts.iter().all(|part| part == "side");
    }
    !parts.is_empty() && parts.iter().all(|part| part == "side")
        || parts.iter().any(|part| is_near(part, &found.word.stem()))
}

/// The words before a side that stands at the end of what it speaks of: "pain in the knee on the left, swollen".
fn last_before<'s, 't>(
    text: &str,
    said: &'s [Statement<'t>],
    at: usize,
) -> impl Iterator<Item = &'s Statement<'t>> {
    let word = said.get(at).map(|it| &it.word);
    let ends = word.is_some_and(|word| {
        let behind = text.get(word.range.end..).unwrap_or_default().trim_start_matches(' ');
        word.lower.starts_with("bilat") || !behind.starts_with(char::is_alphabetic)
    });
    let own = word.map_or(0, |it| it.range.start);
    let mut found: Vec<&Statement<'_>> = Vec::new();
    for statement in said.iter().take(at).rev().take(REACH) {
        // Never over the end of a sentence.
        let gap = text.get(statement.word.range.end..own).unwrap_or(".");
        if !ends || gap.contains(['.', ';', ')', '\n']) {
            break;
        }
        found.push(statement);
    }
    found.into_iter()
}

fn is_side_word(lower: &str) -> bool {
    matches!(lower, "side" | "sided")
}

/// The parts of the body that a title names, as stems; "side" where it speaks of a side of the body.
pub fn parts_of_title(title: &str) -> Arc<Vec<String>> {
    static PARTS: Titles<Vec<String>> = Titles::new(read_parts);
    PARTS.of(title)
}

fn read_parts(title: &str) -> Vec<String> {
    let words = super::words(title, 0..title.len());
    let named = words.into_iter().filter(|word| is_part(word) || is_side_word(&word.lower));
    named
        .map(
            |word| {
                if is_side_word(&word.lower) { "side".to_owned() } else { word.stem().into_owned() }
            },
        )
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::statements;

    fn of(text: &str, title: &str) -> Vec<(Side, bool)> {
        let said = statements(text, 0..text.len());
        let found = sides_said(text, &said, &parts_of_title(title));
        found.into_iter().map(|it| (it.side, it.fits)).collect()
    }

    #[test]
    fn finds_sides_beside_parts() {
        use Side::{Bilateral, Left, Right};
        let knee = "Pain in right knee";
        for (text, side) in [
            ("left knee pain", Left),
            ("pain of the knee, left", Left),
            ("Lt. knee pain", Left),
            ("R knee OA", Right),
            ("both knees hurt", Bilateral),
            ("knee pain bilaterally", Bilateral),
            ("left tibia pain", Left),
            ("pain LLE", Left),
        ] {
            assert_eq!(of(text, knee), [(side, true)], "{text}");
        }
        assert_eq!(of("cataract OD", "Age-related nuclear cataract, left eye"), [(Right, true)]);
        assert_eq!(
            of("left sided weakness", "hemiplegia affecting right dominant side"),
            [(Left, true)]
        );
    }

    #[test]
    fn passes_over_what_is_no_side() {
        for text in [
            "Patient left with knee pain",
            "right-handed man, knee pain",
            "right hand dominant, knee pain",
            "left hand dominant",
            "knee pain right after running",
            "took it right away for knee pain",
            "both medications for the knee",
            "12 L of fluid, knee",
            "left without being seen, knee pain",
            "knee pain. Walks with left cane",
            "knee pain, uses left cane",
            "Hgb 13 g/L. Knee pain",
            "aspirin 81 mg OD. Knee pain",
        ] {
            assert!(of(text, "Pain in right knee").iter().all(|(_, fits)| !fits), "{text}");
        }
    }

    #[test]
    fn other_parts_and_the_past_do_not_fit() {
        for text in ["left wrist pain", "h/o left knee pain", "no left knee pain", "left eye"] {
            assert_eq!(of(text, "Pain in right knee"), [(Side::Left, false)], "{text}");
        }
    }
}
