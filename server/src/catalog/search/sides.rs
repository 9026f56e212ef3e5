//! Sides that stand inside of a phrase or beside a query that means something as a whole: `frozen left shoulder`,
//! `right pink eye`.

use super::{synonyms, words::Word};

/// Words of sides, with the ways people shorten them.
const SIDES: [&str; 9] = ["bilat", "bilateral", "both", "l", "left", "lt", "r", "right", "rt"];

/// Whether a word says a side.
pub(super) fn is_side(word: &Word) -> bool {
    !word.is_negated && SIDES.contains(&word.text.as_str())
}

/// The words without sides, and the sides. `None` where there is only one of both.
pub(super) fn apart(words: &[Word]) -> Option<(Vec<Word>, Vec<Word>)> {
    let (sides, others): (Vec<_>, Vec<_>) = words.iter().cloned().partition(is_side);
    (!sides.is_empty() && !others.is_empty()).then_some((others, sides))
}

/// Moves each side that stands inside of a phrase behind it. A phrase that names the side stays as it is: `left bundle
/// branch block`.
pub(super) fn move_behind_phrases(words: &mut Vec<Word>, is_phrase: &dyn Fn(&[&Word]) -> bool) {
    let mut at = 1;
    while at + 1 < words.len() {
        let moved_to = is_side(&words[at]).then(|| end_of_phrase(words, at, is_phrase)).flatten();
        if let Some(end) = moved_to {
            let side = words.remove(at);
            words.insert(end, side);
        }
        at += 1;
    }
}

/// Where the phrase ends that is parted by the word at `at`, counted without this word.
fn end_of_phrase(words: &[Word], at: usize, is_phrase: &dyn Fn(&[&Word]) -> bool) -> Option<usize> {
    let first = at.saturating_sub(synonyms::LONGEST - 1);
    let without: Vec<&Word> = words[..at].iter().chain(&words[at + 1..]).collect();
    let mut parted = (first..at).flat_map(|start| {
        let ends = at + 1..=without.len().min(start + synonyms::LONGEST);
        ends.rev().map(move |end| (start, end))
    });
    let (_, end) = parted.find(|(start, end)| is_phrase(&without[*start..*end]))?;
    (!is_inside(words, at, is_phrase)).then_some(end)
}

/// Whether the word at `at` is part of a phrase with others.
pub(super) fn is_inside(words: &[Word], at: usize, is_phrase: &dyn Fn(&[&Word]) -> bool) -> bool {
    longest_over(words, at, is_phrase).is_some()
}

/// How many words the longest phrase has of which the word at `at` is a part.
pub(super) fn longest_over(
    words: &[Word],
    at: usize,
    is_phrase: &dyn Fn(&[&Word]) -> bool,
) -> Option<usize> {
    let first = at.saturating_sub(synonyms::LONGEST - 1);
    let counts = (first..=at).filter_map(|start| {
        let mut ends = (at + 1..=words.len().min(start + synonyms::LONGEST)).rev();
        let is_phrase = |end: &usize| {
            end - start > 1 && is_phrase(&words[start..*end].iter().collect::<Vec<_>>())
        };
        ends.find(is_phrase).map(|end| end - start)
    });
    counts.max()
}

#[cfg(test)]
mod tests {
    use super::{super::words::words, *};

    fn moved(text: &str) -> String {
        let phrases =
            ["frozen shoulder", "broken wrist", "left heart failure", "heart failure", "club foot"];
        let is_phrase = |words: &[&Word]| {
            let texts: Vec<_> = words.iter().map(|word| word.text.as_str()).collect();
            phrases.contains(&&*texts.join(" "))
        };
        let mut words = words(text);
        move_behind_phrases(&mut words, &is_phrase);
        words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn moves_sides_out_of_phrases() {
        for (written, read) in [
            ("frozen left shoulder", "frozen shoulder left"),
            ("painful frozen r shoulder today", "painful frozen shoulder r today"),
            (
                "broken left wrist and frozen right shoulder",
                "broken wrist left and frozen shoulder right",
            ),
            ("left frozen shoulder", "left frozen shoulder"),
            ("left heart failure", "left heart failure"),
            ("failure of left heart", "failure of left heart"),
            ("left", "left"),
            ("", ""),
        ] {
            assert_eq!(moved(written), read);
        }
    }

    #[test]
    fn tells_sides_from_the_rest() {
        let texts = |words: &[Word]| words.iter().map(|word| word.text.clone()).collect::<Vec<_>>();
        let (others, sides) = apart(&words("pink left eye")).unwrap();
        assert_eq!(
            (texts(&others), texts(&sides)),
            (vec!["pink".into(), "eye".into()], vec!["left".into()])
        );
        assert!(apart(&words("pink eye")).is_none() && apart(&words("left")).is_none());
    }
}
