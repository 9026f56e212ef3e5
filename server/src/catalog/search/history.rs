//! History told in a sentence: `mom had colon cancer`, `heart attack ten years ago`.
//!
//! What a relative has and what a patient had are other codes than what the patient has (Guidelines I.C.21.c.4).

use super::words::Word;

/// Relatives whose illness is family history. A mother with a condition may be the patient.
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

/// Words that say it already, or whose history is another matter.
const SAID: [&str; 7] = ["family", "fhx", "h/o", "history", "hx", "newborn", "no"];

/// Writes history as titles do.
pub(super) fn as_titled(words: &mut Vec<Word>) {
    let said = |word: &Word| SAID.contains(&word.text.as_str());
    if words.iter().any(said) {
        return;
    }
    if let [relative, suffered, _, ..] = words.as_mut_slice()
        && RELATIVES.contains(&relative.text.as_str())
        && SUFFERED.contains(&suffered.text.as_str())
    {
        "family".clone_into(&mut relative.text);
        "history".clone_into(&mut suffered.text);
        return;
    }
    let until = words.len() - past(words);
    let from = usize::from(words.first().is_some_and(|word| word.text == "had"));
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
        [.., "years", "ago"] => {
            let counted = texts.get(texts.len().wrapping_sub(3)).is_some_and(|it| is_number(it));
            2 + usize::from(counted)
        }
        [.., "last", "year"] => 2,
        [.., "in", "the", "past"] => 3,
        [.., "in", year]
            if year.len() == 4 && (year.starts_with("19") || year.starts_with("20")) =>
        {
            2
        }
        _ => 0,
    }
}

fn is_number(word: &str) -> bool {
    const NUMBERS: [&str; 14] = [
        "eight", "few", "fifteen", "five", "four", "many", "nine", "several", "seven", "six",
        "ten", "three", "twenty", "two",
    ];
    word.bytes().all(|byte| byte.is_ascii_digit()) || NUMBERS.contains(&word)
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
            ("had a stroke in 2019", "history of a stroke"),
            ("colon polyps in the past", "history of colon polyps"),
            ("mother has", "mother has"),
            ("had surgery", "had surgery"),
            ("family history of stroke last year", "family history of stroke last year"),
            ("years ago", "years ago"),
            ("had last year", "had last year"),
            ("", ""),
        ] {
            assert_eq!(titled(written), read);
        }
    }
}
