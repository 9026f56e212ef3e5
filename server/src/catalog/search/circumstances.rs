//! How something happened: `broken wrist after a fall`, `knee pain while running`. What happened means as a whole what it
//! means without; the circumstance has a code of its own, which stands behind (Guidelines I.C.20.a).

use super::words::{Word, names_something};

/// Words that tell of an event by themselves.
const TELLS: [&str; 5] = ["fell", "mva", "mvc", "slipped", "tripped"];

/// What somebody was doing, behind `while`. What a body does then chooses the code: `pain while urinating`.
const ACTIVITIES: [&str; 18] = [
    "biking",
    "climbing",
    "cooking",
    "cycling",
    "dancing",
    "driving",
    "exercising",
    "hiking",
    "jogging",
    "jumping",
    "lifting",
    "playing",
    "riding",
    "running",
    "skiing",
    "swimming",
    "walking",
    "working",
];

/// Where somebody was falling: who is `falling asleep` is not.
const WAYS: [&str; 7] = ["down", "from", "in", "into", "off", "on", "out"];

/// Words in front of an event.
const BEHIND: [&str; 6] = ["after", "d/t", "during", "following", "from", "in"];

/// Words that are not in the name of an event: `pain of the foot after a fall`.
const BETWEEN: [&str; 4] = ["and", "of", "on", "with"];

/// Names of events, by their last word.
const EVENTS: [&str; 11] = [
    "accident",
    "assault",
    "collision",
    "crash",
    "fall",
    "falling",
    "fell",
    "fight",
    "mva",
    "mvc",
    "wreck",
];

/// Words of an event that is asked for itself: `hit by a car while walking`.
const ASKS: [&str; 9] =
    ["accident", "collision", "crash", "fell", "hit", "kicked", "ran", "struck", "thrown"];

/// Words of the name of an event at most: `a motor vehicle accident`.
pub(super) const LONGEST: usize = 4;

/// Whether the first of some words begins to tell of an event.
pub(super) fn begin(words: &[&str]) -> bool {
    match words {
        ["while" | "whilst", what, ..] => ACTIVITIES.contains(what),
        ["falling", way, ..] => WAYS.contains(way),
        [first, ..] if TELLS.contains(first) => true,
        [first, rest @ ..] if BEHIND.contains(first) => {
            let is_named = |word: &&&str| !BEHIND.contains(*word) && !BETWEEN.contains(*word);
            rest.iter().take(LONGEST).take_while(is_named).any(|word| EVENTS.contains(word))
        }
        _ => false,
    }
}

/// What stands in front of the circumstance. `None` where there is none, and where nothing is named before, or an event.
pub(super) fn without(words: &[Word]) -> Option<Vec<Word>> {
    let texts: Vec<_> = words.iter().map(|word| word.text.as_str()).collect();
    let at = (1..words.len()).find(|at| begin(&texts[*at..]))?;
    let names = |word: &Word| names_something(&word.text);
    let asks = |word: &Word| ASKS.contains(&word.text.as_str());
    let before = &words[..at];
    (before.iter().any(names) && !before.iter().any(asks)).then(|| before.to_vec())
}

#[cfg(test)]
mod tests {
    use super::{super::words::words, *};

    #[test]
    fn drops_how_it_happened() {
        for (written, read) in [
            ("broken wrist after a fall on ice", Some("broken wrist")),
            ("knee pain while running", Some("knee pain")),
            ("neck pain from a motor vehicle accident", Some("neck pain")),
            ("hand laceration mva", Some("hand laceration")),
            ("broken collarbone falling off bike", Some("broken collarbone")),
            ("fell off a ladder", None),
            ("hit by a car while walking", None),
            ("pain after surgery", None),
            ("pain in foot after fall", Some("pain in foot")),
            ("pain while urinating", None),
            ("difficulty falling asleep", None),
            ("on the left after a fall", None),
            ("fall", None),
            ("", None),
        ] {
            let texts = without(&words(written))
                .map(|words| words.into_iter().map(|word| word.text).collect::<Vec<_>>().join(" "));
            assert_eq!(texts.as_deref(), read, "{written}");
        }
    }
}
