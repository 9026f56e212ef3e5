//! Words that link those of a phrase and say nothing themselves: `fracture of the distal radius`.

use super::{
    sides::{self, is_side},
    synonyms,
    words::Word,
};

/// Articles, and prepositions that say no more than that two words belong together.
const LINKS: [&str; 13] =
    ["a", "an", "at", "for", "from", "in", "into", "of", "on", "the", "to", "w", "with"];

fn is_link(word: &Word) -> bool {
    LINKS.contains(&word.text.as_str())
}

/// The words without those that link them and may be dropped. `None` where there are none, and where nothing else is said.
pub(super) fn without(words: &[Word], stays: &dyn Fn(&Word) -> bool) -> Option<Vec<Word>> {
    let says = |word: &&Word| !is_link(word) || stays(word);
    let others: Vec<_> = words.iter().filter(says).cloned().collect();
    (!others.is_empty() && others.len() < words.len()).then_some(others)
}

/// Drops each link that stands inside of a phrase, sides not counted. A phrase that has a link stays as it is, as
/// `loss of vision`, unless the one without it says more.
pub(super) fn drop_inside_phrases(words: &mut Vec<Word>, is_phrase: &dyn Fn(&[&Word]) -> bool) {
    let mut at = 0;
    while at < words.len() {
        if is_link(&words[at]) && parts_phrase(words, at, is_phrase) {
            words.remove(at);
        } else {
            at += 1;
        }
    }
}

/// Whether the words before and behind the link at `at` are a phrase.
fn parts_phrase(words: &[Word], at: usize, is_phrase: &dyn Fn(&[&Word]) -> bool) -> bool {
    let counts = |word: &&Word| !is_link(word) && !is_side(word);
    let mut near: Vec<&Word> =
        words[..at].iter().rev().filter(counts).take(synonyms::LONGEST - 1).collect();
    near.reverse();
    let border = near.len();
    near.extend(words[at..].iter().filter(counts).take(synonyms::LONGEST - 1));
    let phrases = (0..border).flat_map(|start| {
        let ends = border + 1..=near.len().min(start + synonyms::LONGEST);
        ends.map(move |end| start..end)
    });
    let longest = phrases.filter(|range| is_phrase(&near[range.clone()])).map(|range| range.len());
    // The link itself does not count for one that has it.
    let with_link = sides::longest_over(words, at, is_phrase).map_or(0, |count| count - 1);
    longest.max().is_some_and(|count| count > with_link)
}

#[cfg(test)]
mod tests {
    use super::{super::words::words, *};

    fn read(text: &str) -> String {
        let phrases = [
            "broken wrist",
            "loss of vision",
            "vision loss",
            "sudden loss vision",
            "radius fracture",
            "bad foot",
        ];
        let is_phrase = |words: &[&Word]| {
            let texts: Vec<_> = words.iter().map(|word| word.text.as_str()).collect();
            let inverse: Vec<_> = texts.iter().rev().copied().collect();
            phrases.contains(&&*texts.join(" ")) || phrases.contains(&&*inverse.join(" "))
        };
        let mut words = words(text);
        drop_inside_phrases(&mut words, &is_phrase);
        words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn drops_links_inside_of_phrases() {
        for (written, without_links) in [
            ("fracture of the radius", "fracture radius"),
            ("fracture of the left radius", "fracture left radius"),
            ("pain in a bad foot", "pain in a bad foot"),
            ("bad in the foot of a broken wrist", "bad foot of a broken wrist"),
            ("loss of vision", "loss of vision"),
            ("sudden loss of vision", "sudden loss vision"),
            ("fracture and radius", "fracture and radius"),
            ("of the radius", "of the radius"),
            ("fracture of", "fracture of"),
            ("", ""),
        ] {
            assert_eq!(read(written), without_links);
        }
    }

    #[test]
    fn tells_links_from_the_rest() {
        let texts = |text: &str| {
            without(&words(text), &|_| false)
                .map(|words| words.into_iter().map(|word| word.text).collect())
        };
        assert_eq!(texts("ulcer of the toe"), Some(vec!["ulcer".to_owned(), "toe".to_owned()]));
        assert_eq!(texts("toe ulcer").or(texts("of the")), None);
    }
}
