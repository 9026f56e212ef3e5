//! History told in a sentence: `mom had colon cancer`, `heart attack ten years ago`.
//!
//! What a relative has and what a patient had are other codes than what the patient has (Guidelines I.C.21.c.4).

use super::words::{Word, is_count};

/// Relatives who had something: that is family history. `mother with` is not read so, as she may be the patient.
const RELATIVES: [&str; 14] = [
    "aunt",
    "brother",
    "dad",
    "father",
    "grandfather",
    "grandma",
    "grandmother",
    "grandpa",
    "mom",
    "mother",
    "parent",
    "parents",
    "sister",
    "uncle",
];

/// What a relative did with an illness.
const SUFFERED: [&str; 4] = ["died", "had", "has", "have"];

/// Words that say it already, deny it, or say since when something has been there.
const OTHERWISE: [&str; 20] = [
    "began",
    "begun",
    "denied",
    "denies",
    "diagnosed",
    "dx",
    "family",
    "fh",
    "fhx",
    "history",
    "hx",
    "never",
    "newborn",
    "no",
    "not",
    "onset",
    "personal",
    "pmh",
    "since",
    "started",
];

/// Who speaks, or of whom, at the beginning of a sentence.
const WHO: [&str; 9] = ["he", "her", "his", "i", "my", "patient", "pt", "she", "we"];

/// Writes history as titles do.
pub(super) fn as_titled(words: &mut Vec<Word>) {
    let is = |list: &[&str], word: &Word| list.contains(&word.text.as_str());
    let is_abbreviated = words.windows(2).any(|pair| pair[0].text == "h" && pair[1].text == "o");
    if is_abbreviated || words.iter().any(|word| is(&OTHERWISE, word)) {
        return;
    }
    let who = words.iter().take_while(|word| is(&WHO, word)).count();
    if let [relative, suffered, _, ..] = &mut words[who..]
        && is(&RELATIVES, relative)
        && is(&SUFFERED, suffered)
    {
        "family".clone_into(&mut relative.text);
        "history".clone_into(&mut suffered.text);
        words.drain(..who);
        return;
    }
    let until = words.len() - past(words);
    let from = who + usize::from(words.get(who).is_some_and(|word| word.text == "had"));
    if until < words.len() && from < until {
        let mut history = words[until].clone();
        "history".clone_into(&mut history.text);
        words.truncate(until);
        let of = Word { text: "of".to_owned(), ..history.clone() };
        words.splice(..from, [history, of]);
    }
}

/// How many words at the end say that it was long ago: `ten years ago`, `last year`, `in the past`, `in 2019`.
fn past(words: &[Word]) -> usize {
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    match texts.as_slice() {
        [.., count, "years", "ago"] if is_count(count) => 3,
        [.., "years", "ago"] | [.., "last", "year"] => 2,
        [.., "in", "the", "past"] | [.., "a", "year", "ago"] => 3,
        [.., "in", year] if is_year(year) => 2,
        _ => 0,
    }
}

fn is_year(word: &str) -> bool {
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    is_number && word.len() == 4 && (word.starts_with("19") || word.starts_with("20"))
}

#[cfg(test)]
mod tests {
    use super::{super::words::words, *};

    #[test]
    fn writes_history_as_titles_do() {
        let titled = |text: &str| {
            let mut words = words(text);
            as_titled(&mut words);
            words.into_iter().map(|word| word.text).collect::<Vec<_>>().join(" ")
        };
        for (written, read) in [
            ("mom had colon cancer", "family history colon cancer"),
            ("dad has gout", "family history gout"),
            ("had breast cancer ten years ago", "history of breast cancer"),
            ("heart attack 5 years ago", "history of heart attack"),
            ("heart attack years ago", "history of heart attack"),
            ("heart attack a year ago", "history of heart attack"),
            ("had a stroke in 2019", "history of a stroke"),
            ("colon polyps in the past", "history of colon polyps"),
            ("mother has", "mother has"),
            ("had surgery", "had surgery"),
            ("family history of stroke last year", "family history of stroke last year"),
            ("years ago", "years ago"),
            ("had last year", "had last year"),
            ("my mom had colon cancer", "family history colon cancer"),
            ("she had a stroke last year", "history of a stroke"),
            ("diabetes diagnosed 10 years ago", "diabetes diagnosed 10 years ago"),
            ("mom has not had a stroke", "mom has not had a stroke"),
            ("h/o stroke 5 years ago", "h o stroke 5 years ago"),
            ("infection in 20th", "infection in 20th"),
            ("", ""),
        ] {
            assert_eq!(titled(written), read);
        }
    }
}
