//! What a query leaves unsaid because the classification says it: diabetes of no stated type is type 2, history that of the
//! patient.

use super::{
    terms::Term,
    words::{Stems, Word},
};

/// What a name means where the query says more than the name, and nothing else of it.
struct Understood {
    /// Names and the ways people shorten them.
    names: &'static [&'static str],
    /// What is understood.
    meant: &'static [&'static str],
    /// How much that counts, of what it would count if somebody wrote it.
    counts: f32,
    /// Words that say it, or something else.
    said: &'static [&'static str],
}

const ALL: [Understood; 2] = [
    // Guidelines I.C.4.a.2.
    Understood {
        names: &["diabetes", "diabetic", "dm", "diab"],
        meant: &["type", "2"],
        counts: 0.5,
        said: &[
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
        ],
    },
    // Guidelines I.C.21.c.4: personal and family history have categories of their own.
    Understood {
        names: &["history"],
        meant: &["personal"],
        counts: 1.0,
        said: &["family", "fam", "fh", "fhx", "maternal", "no", "parent", "paternal", "personal"],
    },
];

/// Puts what is meant before the name.
pub(super) fn add(terms: &mut Vec<Term>, stems: &Stems) {
    for understood in &ALL {
        understood.add(terms, stems);
    }
}

impl Understood {
    fn add(&self, terms: &mut Vec<Term>, stems: &Stems) {
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
        let Some(place) = terms.iter().position(|term| says(term, self.names)) else { return };
        if terms.iter().any(|term| says(term, self.said)) {
            return;
        }
        let Some(name) = terms[place].words.first().cloned() else { return };
        let range = name.range.start..name.range.start;
        let word =
            |text: &&str| Word { text: (*text).to_owned(), range: range.clone(), ..name.clone() };
        let words = self.meant.iter().map(word).collect();
        // Before it: the last term of a query may be unfinished.
        terms.insert(place, Term { words, is_understood: true, counts: self.counts });
    }
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
    fn history_is_that_of_the_patient() {
        assert_eq!(read("history of stroke"), "personal history of stroke");
        assert_eq!(read("family history of stroke"), "family history of stroke");
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
