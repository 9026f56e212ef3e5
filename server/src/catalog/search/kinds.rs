//! Words of one root that the list of phrases has in one form: `inflammation of the gallbladder` and `inflamed
//! gallbladder` are one phrase. Words are compared as they are written, so forms of one stem are named too.

use super::words::Word;

/// What is said with each of some words, whether it names a condition or describes a part.
const KINDS: [&[&str]; 6] = [
    &["ache", "aching", "hurt", "hurting", "hurts", "pain"],
    &["blockage", "blocked", "clogged", "obstructed", "obstruction", "plugged"],
    &["inflamed", "inflammation"],
    &["itch", "itching", "itchy"],
    &["swell", "swelling", "swells", "swollen"],
    &["tear", "torn"],
];

/// The words with one of them in each of its other forms.
pub(super) fn variants(words: &[Word]) -> impl Iterator<Item = Vec<Word>> + '_ {
    let said = words.iter().enumerate().filter(|(_, word)| !word.is_negated);
    let forms = said.flat_map(|(at, word)| {
        let kinds = KINDS.iter().filter(|kind| kind.contains(&word.text.as_str()));
        let others = kinds.flat_map(|kind| kind.iter()).filter(|form| **form != word.text);
        others.map(move |form| (at, *form))
    });
    forms.map(|(at, form)| {
        let mut variant = words.to_vec();
        form.clone_into(&mut variant[at].text);
        variant
    })
}

#[cfg(test)]
mod tests {
    use super::{super::words::words, *};

    #[test]
    fn gives_words_their_other_forms() {
        let of = |text: &str| {
            let words = words(text);
            let said = |words: Vec<Word>| {
                words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
            };
            variants(&words).map(said).collect::<Vec<_>>()
        };
        assert_eq!(of("inflammation gallbladder"), ["inflamed gallbladder"]);
        assert_eq!(
            of("swollen torn knee"),
            ["swell torn knee", "swelling torn knee", "swells torn knee", "swollen tear knee"]
        );
        assert_eq!(of("back ache").len(), 5);
        assert!(of("knee").is_empty());
    }
}
