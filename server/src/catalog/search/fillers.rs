//! Words of sentences that say nothing to a coder: pronouns, auxiliary verbs, `just`. No title is found or missed by them.

use super::{sides, words::Word};

/// In alphabetical order. None that makes a difference in titles, as `like` in `influenza-like` does.
const FILLERS: [&str; 64] = [
    "about",
    "again",
    "also",
    "always",
    "am",
    "are",
    "been",
    "being",
    "can",
    "could",
    "did",
    "do",
    "does",
    "doing",
    "every",
    "everything",
    "get",
    "gets",
    "getting",
    "got",
    "had",
    "has",
    "have",
    "having",
    "her",
    "hers",
    "him",
    "his",
    "how",
    "im",
    "is",
    "it",
    "its",
    "ive",
    "just",
    "keep",
    "keeps",
    "maybe",
    "me",
    "my",
    "our",
    "quite",
    "really",
    "she",
    "some",
    "still",
    "than",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "those",
    "very",
    "was",
    "we",
    "were",
    "what",
    "when",
    "will",
    "would",
    "you",
    "your",
];

/// What somebody cannot do is found by the name of it: `can't swallow`. A query that means something as a whole does not mean it
/// without these.
const INABILITY: [&str; 4] = ["cannot", "cant", "unable", "wont"];

/// Words that open a clause of its own.
const CLAUSES: [&str; 6] = ["after", "because", "if", "that", "when", "while"];

/// Whether a word is a filler and may be dropped.
fn is_filler(word: &Word, stays: &dyn Fn(&Word) -> bool) -> bool {
    FILLERS.binary_search(&word.text.as_str()).is_ok() && !stays(word)
}

/// Drops the speaker in front of a sentence or a clause: `i threw up`, `burns when I pee`. In other places the word is a
/// number, as in `bipolar i`, and a letter where a name begins with it, as `i-cell disease`.
pub(super) fn drop_speaker(words: &mut Vec<Word>, begins_name: &dyn Fn(&[Word]) -> bool) {
    let is_speaker = |at: usize, words: &[Word]| {
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let goes_on = |word: &Word| !word.text.starts_with(is_digit) && word.text != "degree";
        let behind = words.get(at + 1).is_some_and(goes_on);
        let opens = before.is_none_or(|word| CLAUSES.contains(&word.text.as_str()));
        words[at].text == "i" && opens && behind && !begins_name(&words[at..])
    };
    let mut at = 0;
    while at < words.len() {
        if is_speaker(at, words) {
            words.remove(at);
        } else {
            at += 1;
        }
    }
}

fn is_digit(letter: char) -> bool {
    letter.is_ascii_digit()
}

/// The words without fillers. `None` where there are none, and where nothing else is said.
pub(super) fn without(words: &[Word], stays: &dyn Fn(&Word) -> bool) -> Option<Vec<Word>> {
    let says = |word: &&Word| !is_filler(word, stays);
    let others: Vec<_> = words.iter().filter(says).cloned().collect();
    (!others.is_empty() && others.len() < words.len()).then_some(others)
}

/// Drops the fillers of a query that says anything else, but for those of a phrase: `blood when wiping`.
pub(super) fn drop_outside_phrases(
    words: &mut Vec<Word>,
    stays: &dyn Fn(&Word) -> bool,
    is_phrase: &dyn Fn(&[&Word]) -> bool,
) {
    let is_inability = |word: &Word| INABILITY.contains(&word.text.as_str()) && !stays(word);
    let is_filler = |word: &Word| is_filler(word, stays) || is_inability(word);
    if words.iter().all(is_filler) {
        return;
    }
    let mut at = 0;
    while at < words.len() {
        if is_filler(&words[at]) && !sides::is_inside(words, at, is_phrase) {
            words.remove(at);
        } else {
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::words::words, *};

    #[test]
    fn drops_who_speaks() {
        for (written, read) in [
            ("I threw up", "threw up"),
            ("burns when I pee", "burns when pee"),
            ("i 10", "i 10"),
            ("bipolar I", "bipolar i"),
            ("i", "i"),
            ("i-cell disease", "i cell disease"),
            ("I degree burn", "i degree burn"),
            ("I I fell", "fell"),
        ] {
            let mut words = words(written);
            let begins_name = |words: &[Word]| words.get(1).is_some_and(|it| it.text == "cell");
            drop_speaker(&mut words, &begins_name);
            let texts: Vec<_> = words.into_iter().map(|word| word.text).collect();
            assert_eq!(texts.join(" "), read);
        }
    }

    #[test]
    fn drops_what_says_nothing() {
        let rest = |text: &str| {
            let mut words = words(text);
            let is_phrase = |words: &[&Word]| {
                words.iter().map(|word| word.text.as_str()).eq(["blood", "when", "wiping"])
            };
            drop_outside_phrases(&mut words, &|word| word.text == "am", &is_phrase);
            words.into_iter().map(|word| word.text).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(rest("my knee is really getting worse"), "knee worse");
        assert_eq!(rest("has blood when wiping"), "blood when wiping");
        assert_eq!(rest("she has his"), "she has his");
        assert_eq!(rest("am pain"), "am pain");
        assert_eq!(rest("can't swallow"), "swallow");
        assert!(without(&words("can't swallow"), &|_| false).is_none());
        assert!(FILLERS.is_sorted());
    }
}
