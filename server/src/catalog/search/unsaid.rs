//! Words of official texts that a person who codes leaves unsaid: `unspecified`, `initial encounter for closed fracture`.
//! They may be missing from a query, as those in brackets may.

use super::words::Word;

/// Runs of words that say nothing that a query has to repeat. Sources: Guidelines I.A.6 (NOS and unspecified), I.A.10
/// (NEC); I.C.19.c (a fracture that is not said to be open is closed, one that is not said to be nondisplaced is
/// displaced, an encounter is one for routine healing unless something else is said).
const RUNS: [&[&str]; 15] = [
    &["unspecified"],
    &["nos"],
    &["nec"],
    &["not", "otherwise", "specified"],
    &["not", "elsewhere", "classified"],
    &["site", "not", "specified"],
    &["without", "complication"],
    &["without", "complications"],
    &["uncomplicated"],
    &["displaced"],
    &["encounter", "for", "closed", "fracture", "with", "routine", "healing"],
    &["encounter", "for", "closed", "fracture"],
    &["encounter", "for", "fracture", "with", "routine", "healing"],
    &["encounter", "for", "fracture"],
    &["encounter", "for", "closed"],
];

/// What a title calls unspecified and a query seldom names: the ligament of `unspecified ligament of right ankle`.
const GENERAL: [&str; 14] = [
    "part",
    "parts",
    "site",
    "sites",
    "ligament",
    "degree",
    "type",
    "organism",
    "virus",
    "severity",
    "stage",
    "side",
    "laterality",
    "cause",
];

/// Words in front of `encounter` that make it an encounter for care.
const ENCOUNTERS: [&str; 2] = [INITIAL, "subsequent"];

/// The encounter that a query means that does not say which.
const INITIAL: &str = "initial";

/// Marks the words that may be missing.
pub(super) fn mark(words: &mut [Word]) {
    let mut at = 0;
    while at < words.len() {
        let rest = &words[at..];
        let run = RUNS.iter().find(|run| begins_with(rest, run)).map_or(0, |run| run.len());
        let mut length = run;
        let says_unspecified = rest.first().is_some_and(|word| word.text == "unspecified");
        if says_unspecified && rest.get(1).is_some_and(|word| GENERAL.contains(&word.text.as_str()))
        {
            length = 2;
        }
        // What stands behind "subsequent encounter for" says more than "closed fracture": malunion, delayed healing.
        let after_encounter = at > 0
            && ENCOUNTERS.contains(&words[at - 1].text.as_str())
            && words[at].text == "encounter";
        let is_initial = words[at].text == INITIAL
            && words.get(at + 1).is_some_and(|word| word.text == "encounter");
        let is_side = at > 0
            && ["left", "right"].contains(&words[at - 1].text.as_str())
            && words[at].text == "side";
        if length == 0 && (after_encounter || is_side || is_initial) {
            length = 1;
        }
        for word in &mut words[at..at + length] {
            word.in_brackets = true;
        }
        at += length.max(1);
    }
}

fn begins_with(words: &[Word], run: &[&str]) -> bool {
    words.len() >= run.len() && words.iter().zip(run).all(|(word, said)| word.text == *said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::search::words::words;

    fn said(text: &str) -> String {
        let mut words = words(text);
        mark(&mut words);
        let said: Vec<_> =
            words.into_iter().filter(|word| !word.in_brackets).map(|word| word.text).collect();
        said.join(" ")
    }

    #[test]
    fn leaves_what_has_to_be_said() {
        for (title, expected) in [
            ("Asthma NOS", "asthma"),
            ("Unspecified asthma, uncomplicated", "asthma"),
            ("Urinary tract infection, site not specified", "urinary tract infection"),
            ("Type 2 diabetes mellitus without complications", "type 2 diabetes mellitus"),
            (
                "Type 2 diabetes mellitus with unspecified complications",
                "type 2 diabetes mellitus with complications",
            ),
            (
                "Sprain of unspecified ligament of right ankle, initial encounter",
                "sprain of of right ankle",
            ),
            (
                "Displaced fracture of left femur, initial encounter for closed fracture",
                "fracture of left femur",
            ),
            (
                "Fracture of left femur, subsequent encounter for closed fracture with nonunion",
                "fracture of left femur subsequent with nonunion",
            ),
            ("Encounter for screening", "encounter for screening"),
        ] {
            assert_eq!(said(title), expected, "{title}");
        }
    }

    #[test]
    fn reads_texts_without_words() {
        assert_eq!(said(""), "");
        assert_eq!(said("unspecified"), "");
    }
}
