//! For how long something has been there: `for 3 days`, `x2 weeks`. What means something as a whole means it with them as
//! well, as few codes say it.

use super::words::{Word, is_count};

/// Words in front of a duration.
const SINCE: [&str; 6] = ["for", "in", "last", "over", "past", "x"];

const UNITS: [&str; 16] = [
    "d", "day", "days", "hour", "hours", "hr", "hrs", "min", "minutes", "mo", "month", "months",
    "week", "weeks", "year", "years",
];

/// The words without durations. `None` where there are none, and where nothing else is said.
pub(super) fn without(words: &[Word]) -> Option<Vec<Word>> {
    let mut others = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let length = duration(&words[at..]);
        if length == 0 {
            others.push(words[at].clone());
        }
        at += length.max(1);
    }
    (!others.is_empty() && others.len() < words.len()).then_some(others)
}

/// How many words in front are a duration: what introduces it, a number and a unit.
fn duration(words: &[Word]) -> usize {
    let texts: Vec<&str> = words.iter().take(6).map(|word| word.text.as_str()).collect();
    let at = match texts.as_slice() {
        ["for" | "in" | "over", "the", "last" | "past", ..] => 3,
        ["for" | "in" | "over", "about" | "last" | "past", ..] => 2,
        [first, ..] if SINCE.contains(first) => 1,
        // The number stands with the sign: `x2 weeks`.
        [first, unit, ..] if first.strip_prefix('x').is_some_and(is_count) && is_unit(unit) => {
            return 2;
        }
        _ => return 0,
    };
    let number = texts[at..].iter().take_while(|word| is_count(word)).count();
    let is_duration = number > 0 && texts.get(at + number).is_some_and(|unit| is_unit(unit));
    if is_duration { at + number + 1 } else { 0 }
}

fn is_unit(word: &str) -> bool {
    UNITS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::{super::words::words, *};

    #[test]
    fn drops_how_long_it_has_been() {
        for (written, read) in [
            ("cough for 3 days", Some("cough")),
            ("vomiting x2 days", Some("vomiting")),
            ("vomiting x 2 d", Some("vomiting")),
            ("fever for the past few days at night", Some("fever at night")),
            ("not pooped in five days", Some("not pooped")),
            ("34 weeks pregnant", None),
            ("pain in 2 joints", None),
            ("for 3 days", None),
            ("in", None),
            ("", None),
        ] {
            let texts = without(&words(written))
                .map(|words| words.into_iter().map(|word| word.text).collect::<Vec<_>>().join(" "));
            assert_eq!(texts.as_deref(), read, "{written}");
        }
    }
}
