//! What a query leaves unsaid because the classification says it: diabetes of no stated type is type 2.

use super::{
    terms::Term,
    words::{Stems, Word},
};

/// Names of which a query that says nothing more of them means one kind.
const NAMES: [&str; 4] = ["diabetes", "diabetic", "dm", "diab"];

/// The kind. Guidelines I.C.4.a.2.
const KIND: [&str; 2] = ["type", "2"];

/// Words that name another kind, another cause, or no diabetes of the patient.
const ELSE: [&str; 32] = [
    "1",
    "2",
    "drug",
    "due",
    "family",
    "fetal",
    "fh",
    "fhx",
    "gdm",
    "gestational",
    "h/o",
    "history",
    "hx",
    "i",
    "ii",
    "induced",
    "infant",
    "insipidus",
    "insulin",
    "juvenile",
    "lipoatrophic",
    "mother",
    "neonatal",
    "newborn",
    "other",
    "pre",
    "pregnancy",
    "pregnant",
    "screening",
    "secondary",
    "steroid",
    "type",
];

/// Puts the kind before the name, where the query says more than the name and nothing of the kind.
pub(super) fn add(terms: &mut Vec<Term>, stems: &Stems) {
    if terms.len() < 2 {
        return;
    }
    let says = |term: &Term, list: &[&str]| {
        let is_one = |word: &Word| {
            let stem = stems.stem(&word.text);
            list.iter().any(|listed| stems.stem(listed) == stem)
        };
        term.words.iter().any(is_one)
    };
    let Some(place) = terms.iter().position(|term| says(term, &NAMES)) else { return };
    if terms.iter().any(|term| says(term, &ELSE)) {
        return;
    }
    let Some(name) = terms[place].words.first().cloned() else { return };
    let range = name.range.start..name.range.start;
    let word = |text: &str| Word { text: text.to_owned(), range: range.clone(), ..name.clone() };
    let words = KIND.map(word).to_vec();
    // Before it: the last term of a query may be unfinished.
    terms.insert(place, Term { words, is_understood: true });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::search::words::words;

    fn read(text: &str) -> String {
        let mut terms: Vec<_> = words(text).into_iter().map(|word| Term::of(vec![word])).collect();
        add(&mut terms, &Stems::english());
        let words = terms.iter().flat_map(|term| &term.words).map(|word| word.text.as_str());
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn diabetes_of_no_stated_type_is_type_2() {
        assert_eq!(read("diabetic foot ulcer"), "type 2 diabetic foot ulcer");
        assert_eq!(read("foot dm"), "foot type 2 dm");
    }

    #[test]
    fn what_is_said_stays_as_it_is() {
        for text in [
            "diabetes",
            "type 1 diabetes foot",
            "gestational diabetes",
            "diabetes insipidus",
            "foot",
        ] {
            assert_eq!(read(text), text);
        }
    }
}
