//! Words that a text denies: the aura of `migraine without aura`. They are words of their own, so that what a title
//! excludes does not find it, and a query that denies something finds the titles that do.

use super::words::Word;

/// Words that deny what follows.
const NEGATORS: [&str; 5] = ["without", "no", "not", "w/o", "wo"];

/// Words that end what is denied.
const ENDS: [&str; 12] =
    ["with", "w", "w/", "but", "due", "in", "for", "at", "by", "initial", "subsequent", "sequela"];

/// Words behind which `of` goes on with what is denied: `without loss of consciousness`. Behind others it names the place:
/// `without foreign body of right hand`.
const LEAD_ON: [&str; 11] = [
    "complication",
    "complications",
    "diagnosis",
    "evidence",
    "history",
    "involvement",
    "loss",
    "mention",
    "sign",
    "signs",
    "use",
];

/// Denied words behind a negator at most.
const REACH: usize = 5;

/// Marks a denied stem: no word begins with it.
pub(super) const MARK: char = '!';

/// Whether a folded word denies what follows.
pub(super) fn is_negator(word: &str) -> bool {
    NEGATORS.contains(&word)
}

/// Marks the words of a text that it denies.
pub(super) fn mark(text: &str, words: &mut [Word]) {
    let mut left = 0;
    let mut end = 0;
    let mut leads_on = false;
    for word in words {
        let between = text.get(end..word.range.start).unwrap_or_default();
        end = word.range.end;
        if ENDS.contains(&word.text.as_str())
            || word.text == "of" && !leads_on
            || between.contains([',', ';', ':', '(', ')', '[', ']'])
        {
            left = 0;
        }
        if is_negator(&word.text) {
            left = REACH;
        } else if left > 0 {
            left -= 1;
            word.is_negated = true;
        }
        leads_on = LEAD_ON.contains(&word.text.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::search::words::words;

    fn denied(text: &str) -> String {
        let mut words = words(text);
        mark(text, &mut words);
        let denied: Vec<_> =
            words.into_iter().filter(|word| word.is_negated).map(|word| word.text).collect();
        denied.join(" ")
    }

    #[test]
    fn denies_what_follows_up_to_its_end() {
        for (text, expected) in [
            ("Migraine without aura, intractable, with status migrainosus", "aura"),
            (
                "Epilepsy, not intractable, without status epilepticus",
                "intractable status epilepticus",
            ),
            ("gerd no esophagitis", "esophagitis"),
            (
                "Concussion without loss of consciousness, initial encounter",
                "loss of consciousness",
            ),
            ("Laceration without foreign body of right hand, initial encounter", "foreign body"),
            ("no fever but cough", "fever"),
            ("with aura", ""),
            ("without", ""),
            ("", ""),
        ] {
            assert_eq!(denied(text), expected, "{text}");
        }
    }
}
