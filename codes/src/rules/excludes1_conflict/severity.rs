//! How much a conflict weighs: the ladder from warning to information.

use super::{OFTEN_RIGHT, pair::Match};
use crate::{
    code::CodeKey,
    issue::Severity,
    tabular::{Location, NodeKind, TabularList, reference::Qualifier, target::Naming},
};

/// Pairs of code prefixes that the notes forbid and that are often right all the same, with the reason.
///
/// Source: guideline I.A.12.a (its own example first); the others by experience with denials.
const OFTEN_RIGHT_PAIRS: [(&str, &str, &str); 7] = [
    (
        "F458",
        "G4763",
        "different inclusion terms; the guideline's own example of unrelated conditions",
    ),
    ("I69", "S06", "an old stroke and a new head injury"),
    ("S72", "M844", "a fracture by injury and one by disease, of two bones"),
    ("E559", "E8351", "hypocalcaemia of another cause"),
    ("R42", "H811", "dizziness of another cause"),
    ("Z955", "Z9861", "a stent in one artery, angioplasty without stent in another"),
    ("Z000", "Z02", "two purposes on one day"),
];

/// Symptoms with a disease that usually includes them: the conflict is a redundancy.
const INTEGRAL: [(&str, &str); 6] = [
    ("R569", "G40"),
    ("R000", "I47"),
    ("R0603", "J96"),
    ("R0902", "J96"),
    ("R7303", "E11"),
    ("R32", "N393"),
];

/// The code of a pair that is a symptom integral to the other.
pub(super) fn integral_symptom(a: CodeKey, b: CodeKey) -> Option<CodeKey> {
    let begins = |key: CodeKey, prefix: &str| key.text().starts_with(prefix);
    [(a, b), (b, a)].into_iter().find_map(|(symptom, disease)| {
        let mut pairs = INTEGRAL.iter();
        let is_known = pairs.any(|(one, other)| begins(symptom, one) && begins(disease, other));
        is_known.then_some(symptom)
    })
}

/// The severity of a conflict. Each line that applies lowers it; the lowest wins, also over what raises it: the strict
/// setting, and on a claim a note of a code that names one of the two by itself.
pub(super) fn of(
    list: &TabularList,
    deepest: &Match<'_>,
    all: &[Match<'_>],
    (a, b): (Location, Location),
    (is_strict, is_claim): (bool, bool),
) -> Severity {
    let is_of_code = |found: &Match<'_>| list.kind(found.note.owner) == NodeKind::Code;
    let lowered = !is_of_code(deepest)
        || deepest.target.bare
        || sides_differ(list, a, b)
        || one_is_sequela(deepest, a, b)
        || both(a, b, is_external_cause)
        || (is_history_or_status(a) || is_history_or_status(b)) && !all.iter().any(is_explicit)
        || is_often_right(a.key, b.key);
    let is_named = || all.iter().any(|found| is_of_code(found) && is_explicit(found));
    if lowered {
        OFTEN_RIGHT
    } else if is_strict || is_claim && is_named() {
        Severity::Error
    } else {
        Severity::Warning
    }
}

fn both(a: Location, b: Location, is: fn(Location) -> bool) -> bool {
    is(a) && is(b)
}

/// The note names one code by itself, on a code node.
fn is_explicit(found: &Match<'_>) -> bool {
    found.target.naming == Naming::Single && found.target.written.0 == found.named.key
}

fn is_external_cause(at: Location) -> bool {
    matches!(at.key.character(0), Some('V'..='Y'))
}

/// Z80 to Z99: history and status.
fn is_history_or_status(at: Location) -> bool {
    at.key.character(0) == Some('Z') && matches!(at.key.character(1), Some('8' | '9'))
}

fn one_is_sequela(deepest: &Match<'_>, a: Location, b: Location) -> bool {
    let sequela = |at: Location| at.key.character(6) == Some('S');
    let names_seventh = matches!(
        deepest.target.qualifier,
        Some(Qualifier::Character { position: 7, .. } | Qualifier::OpenFracture)
    );
    sequela(a) != sequela(b) && !names_seventh
}

#[derive(PartialEq, Eq)]
enum Side {
    Right,
    Left,
}

fn sides_differ(list: &TabularList, a: Location, b: Location) -> bool {
    matches!((side(list.title(a.node)), side(list.title(b.node))), (Some(a), Some(b)) if a != b)
}

/// The one side that a title names.
fn side(title: &str) -> Option<Side> {
    let names = |side: &str| {
        title
            .split(|character: char| !character.is_ascii_alphabetic())
            .any(|word| word.eq_ignore_ascii_case(side))
    };
    match (names("right"), names("left")) {
        (true, false) => Some(Side::Right),
        (false, true) => Some(Side::Left),
        _ => None,
    }
}

fn is_often_right(a: CodeKey, b: CodeKey) -> bool {
    let begins = |key: CodeKey, prefix: &str| key.text().starts_with(prefix);
    OFTEN_RIGHT_PAIRS.iter().any(|(one, other, _)| {
        (begins(a, one) && begins(b, other)) || (begins(b, one) && begins(a, other))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_with_both_sides_has_none() {
        assert!(side("Fracture of right femur") == Some(Side::Right));
        assert!(side("Pain in left knee") == Some(Side::Left));
        assert!(side("Bilateral pain, right and left").is_none() && side("Brightness").is_none());
    }
}
