//! Words without their endings.
//!
//! Light on purpose: plural and the endings -ing and -ed, then a last -e. What is left need not be a word; it only has
//! to be the same for the forms of one word.

use std::borrow::Cow;

use super::tokens::in_lower_case;

/// A word in lower case without plural ending, -ing, -ed and last -e. Words of up to three letters, words with digits and
/// words outside of ASCII are kept.
pub fn stem(word: &str) -> Cow<'_, str> {
    match in_lower_case(word) {
        Cow::Borrowed(lower) => of_lower(lower),
        Cow::Owned(lower) => Cow::Owned(of_lower(&lower).into_owned()),
    }
}

fn of_lower(lower: &str) -> Cow<'_, str> {
    // The last letters of all endings.
    if !matches!(lower.as_bytes().last(), Some(b's' | b'g' | b'd' | b'e')) {
        return Cow::Borrowed(lower);
    }
    let lower = lower.strip_suffix("'s").unwrap_or(lower);
    if lower.len() <= 3 || !lower.bytes().all(|it| it.is_ascii_lowercase()) {
        return Cow::Borrowed(lower);
    }
    // arteries and diagnoses have no other ending
    if let Some(rest) = lower.strip_suffix("ies").filter(|rest| rest.len() >= 2) {
        return Cow::Owned(format!("{rest}y"));
    }
    if let Some(rest) = lower.strip_suffix("oses") {
        return Cow::Owned(format!("{rest}osis"));
    }
    let mut base = singular(lower);
    for ending in ["ing", "ed"] {
        let rest = base.strip_suffix(ending).filter(|rest| rest.len() >= 3 && has_vowel(rest));
        // "bleed" has no ending.
        if let Some(rest) = rest.filter(|rest| ending == "ing" || !rest.ends_with('e')) {
            base = undouble(rest);
            break;
        }
    }
    Cow::Borrowed(base.strip_suffix('e').filter(|_| base.len() > 4).unwrap_or(base))
}

fn singular(word: &str) -> &str {
    // masses and boxes
    for ending in ["sses", "xes", "ches", "shes", "zes"] {
        if word.ends_with(ending) {
            return &word[..word.len() - 2];
        }
    }
    let kept = ["ss", "us", "is"].iter().any(|ending| word.ends_with(ending));
    word.strip_suffix('s').filter(|_| !kept).unwrap_or(word)
}

fn has_vowel(word: &str) -> bool {
    word.contains(['a', 'e', 'i', 'o', 'u', 'y'])
}

/// `scarr` is `scar`; `swell` and `press` keep their letters.
fn undouble(word: &str) -> &str {
    let bytes = word.as_bytes();
    let doubled =
        matches!(bytes, [.., a, b] if a == b && !matches!(b, b'l' | b's' | b'z' | b'e' | b'o'));
    if doubled { &word[..word.len() - 1] } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_have_one_stem() {
        for forms in [
            "fracture fractures fractured",
            "artery arteries",
            "diagnosis diagnoses",
            "swelling swellings swell",
            "wheeze wheezing wheezes",
            "scar scars scarred scarring",
            "disease diseases",
            "infection infections",
            "mass masses",
            "bleed bleeding bleeds",
        ] {
            let stems: Vec<_> = forms.split(' ').map(stem).collect();
            assert!(stems.windows(2).all(|pair| pair[0] == pair[1]), "{stems:?}");
        }
    }

    #[test]
    fn short_words_and_numbers_are_kept() {
        for word in ["gas", "2", "e11.9", "pus", "sepsis", "virus", "ménière"] {
            assert_eq!(stem(word), word);
        }
        assert_eq!(stem("Crohn's"), "crohn");
    }
}
