//! British spellings and Latin plurals, which official titles do not use.

/// Endings and letters that differ, British first.
const PAIRS: [(&str, &str); 10] = [
    ("ae", "e"),
    ("oe", "e"),
    ("our", "or"),
    ("isation", "ization"),
    ("ising", "izing"),
    ("ised", "ized"),
    ("ise", "ize"),
    ("yse", "yze"),
    ("tre", "ter"),
    ("lling", "ling"),
];

/// The American form of a folded word that nobody knows, if `known` knows that.
pub(super) fn american(word: &str, known: impl Fn(&str) -> bool) -> Option<String> {
    let all = PAIRS.iter().fold(word.to_owned(), |word, (from, to)| word.replace(from, to));
    let single = PAIRS
        .iter()
        .filter(|(from, _)| word.contains(from))
        .map(|(from, to)| word.replace(from, to));
    single.chain(std::iter::once(all)).find(|form| form != word && known(form))
}

/// Endings of Latin and Greek plurals that the stemmer leaves, each with that of one alone.
const PLURALS: [(&str, &str); 9] = [
    ("ae", "a"),
    ("omata", "oma"),
    ("ina", "en"),
    ("a", "um"),
    ("a", "on"),
    ("i", "us"),
    ("ices", "ix"),
    ("ices", "ex"),
    ("ses", "sis"),
];

/// The singular of a folded word that nobody knows, if `known` knows that: `bullae` are more than one bulla.
pub(super) fn singular(word: &str, known: impl Fn(&str) -> bool) -> Option<String> {
    let form = |(plural, one): &(&str, &str)| Some([word.strip_suffix(plural)?, one].concat());
    PLURALS.iter().filter_map(form).find(|form| known(form))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_form_that_is_known() {
        let known =
            |word: &str| ["anemia", "edema", "tumor", "hemorrhagic", "diarrhea"].contains(&word);
        for (british, expected) in [
            ("anaemia", Some("anemia")),
            ("oedema", Some("edema")),
            ("tumour", Some("tumor")),
            ("haemorrhagic", Some("hemorrhagic")),
            ("diarrhoea", Some("diarrhea")),
            ("aorta", None),
        ] {
            assert_eq!(american(british, known).as_deref(), expected, "{british}");
        }
    }

    #[test]
    fn finds_one_of_several() {
        let known = |word: &str| {
            ["bulla", "fibroma", "foramen", "diverticulum", "bacillus", "cervix", "prosthesis"]
                .contains(&word)
        };
        for (plural, expected) in [
            ("bullae", Some("bulla")),
            ("fibromata", Some("fibroma")),
            ("foramina", Some("foramen")),
            ("diverticula", Some("diverticulum")),
            ("bacilli", Some("bacillus")),
            ("cervices", Some("cervix")),
            ("prostheses", Some("prosthesis")),
            ("diseases", None),
            ("a", None),
        ] {
            assert_eq!(singular(plural, known).as_deref(), expected, "{plural}");
        }
    }
}
