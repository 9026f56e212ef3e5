//! Rules about words over whole notes. Every note is invented; names, dates and stories belong to nobody.

use super::{DOCUMENTATION, is_in};
use crate::{
    document::CheckSettings,
    testing::{TODAY, notation, sample},
};

/// Notes whose words and codes agree, parted by lines of percent signs: visits, consultations, problem lists, hospital
/// stays, superbills.
pub(super) const PLAIN_NOTES: &str = include_str!("../testing/plain_notes.txt");

/// Issues of rules about words, as `severity[rule]: message`.
fn about_words(note: &str) -> Vec<String> {
    let all = notation::issues(note, sample(), TODAY, &CheckSettings::default());
    let rule = |label: &str| label.split(['[', ']']).nth(1).unwrap_or_default().to_owned();
    let own = all
        .into_iter()
        .map(|issue| issue.label)
        .filter(|label| is_in(DOCUMENTATION, &rule(label)) || rule(label) == "unspecified-code");
    own.collect()
}

/// The issues of every note, with its first words.
fn issues(change: fn(&str) -> String) -> Vec<(String, Vec<String>)> {
    let notes = PLAIN_NOTES.split("\n%%%%\n").map(change);
    let found = notes.map(|note| (note.chars().take(60).collect(), about_words(&note)));
    found.filter(|(_, issues)| !issues.is_empty()).collect()
}

#[test]
fn plain_notes_are_silent() {
    assert!(PLAIN_NOTES.split("\n%%%%\n").count() >= 40);
    assert_eq!(issues(str::to_owned), []);
}

#[test]
fn notes_without_codes_are_silent() {
    assert_eq!(issues(|note| note.chars().filter(|it| !it.is_ascii_digit()).collect()), []);
}
