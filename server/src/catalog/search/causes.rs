//! What a query names beside what it asks for, with a code of its own that stands behind: causes, germs and metastases.
//! `nausea from chemo` asks for nausea, `mrsa cellulitis` for the cellulitis, `breast ca with bone mets` for the breast.

use super::{circumstances, terms::Term, words};

/// How much words count that name a cause, and those that introduce it. Measured, over queries of this kind and all others:
/// 0.7 to 0.5 find what was asked for more often, below nothing is gained.
const CAUSE_FACTOR: f32 = 0.6;

/// How much an event counts that did what the query asks for: written out, `mva` is long.
const EVENT_FACTOR: f32 = 0.3;

/// How much a germ counts beside what it causes: written out, its name is long and would outweigh any disease.
const GERM_FACTOR: f32 = 0.15;

/// Words in front of a cause.
const LINKS: [&str; 8] = ["2/2", "after", "because", "d/t", "due", "following", "from", "s/p"];

/// The same of two words. `secondary` alone is a kind of disease.
const PAIRS: [[&str; 2]; 2] = [["caused", "by"], ["secondary", "to"]];

/// Words in front of metastases, behind the primary tumor.
const WITH: [&str; 2] = ["w", "with"];

const METASTASES: [&str; 3] = ["metastases", "metastasis", "mets"];

/// Germs of any disease, as people shorten them (Guidelines I.C.1.b).
const GERMS: [&str; 3] = ["mrsa", "mssa", "vre"];

/// Lets the words of a cause count less than those before it, which name what the query asks for, and a germ less than what
/// stands beside it.
pub(super) fn count_less(terms: &mut [Term]) {
    let is_germ = |term: &Term| says(term, &GERMS);
    if terms.iter().any(|term| names_something(term) && !is_germ(term)) {
        for germ in terms.iter_mut().filter(|term| is_germ(term)) {
            germ.counts *= GERM_FACTOR;
        }
    }
    let Some(asked) = terms.iter().position(names_something) else { return };
    let mut behind = asked + 1..terms.len();
    let opening = behind.find_map(|at| Some((at, factor_behind(&terms[at..])?)));
    let Some((at, factor)) = opening else { return };
    for term in &mut terms[at..] {
        term.counts *= factor;
    }
}

/// How much these terms count where the first of them introduces an event, a cause or metastases.
fn factor_behind(terms: &[Term]) -> Option<f32> {
    let (first, rest) = terms.split_first()?;
    let is_pair = |pair: &[&str; 2]| {
        says(first, &pair[..1]) && rest.first().is_some_and(|second| says(second, &pair[1..]))
    };
    let is_spread = |term: &Term| term.words.iter().any(|it| METASTASES.contains(&&*it.text));
    let texts = terms.iter().flat_map(|term| &term.words).map(|word| word.text.as_str());
    let texts: Vec<_> = texts.take(circumstances::LONGEST + 1).collect();
    if circumstances::begin(&texts) {
        Some(EVENT_FACTOR)
    } else if says(first, &LINKS)
        || PAIRS.iter().any(is_pair)
        || says(first, &WITH) && rest.iter().any(is_spread)
    {
        Some(CAUSE_FACTOR)
    } else {
        None
    }
}

/// Whether a term is one of these words.
fn says(term: &Term, list: &[&str]) -> bool {
    term.single().is_some_and(|word| list.contains(&word.text.as_str()))
}

fn names_something(term: &Term) -> bool {
    term.words.iter().any(|word| words::names_something(&word.text))
}

#[cfg(test)]
mod tests {
    use super::{super::words::words, *};

    #[test]
    fn what_comes_of_a_cause_counts_and_the_cause_counts_less() {
        let counted = |text: &str| {
            let mut terms: Vec<_> = words(text).into_iter().map(|it| Term::of(vec![it])).collect();
            count_less(&mut terms);
            let full = terms.iter().filter(|term| (term.counts - 1.0).abs() < f32::EPSILON);
            full.flat_map(|term| &term.words)
                .map(|it| it.text.as_str())
                .collect::<Vec<_>>()
                .join(" ")
        };
        for (text, full) in [
            ("nausea from chemo", "nausea"),
            ("acute pain due to a fracture", "acute pain"),
            ("secondary hypertension due to stenosis", "secondary hypertension"),
            ("hypertension, secondary", "hypertension secondary"),
            ("dementia secondary to alcohol", "dementia"),
            ("after a stroke", "after a stroke"),
            ("acute after stroke", "acute after stroke"),
            ("kidney stones", "kidney stones"),
            ("breast ca with bone mets", "breast ca"),
            ("bone mets with pain", "bone mets with pain"),
            ("mrsa cellulitis", "cellulitis"),
            ("mrsa", "mrsa"),
            ("hand laceration mva", "hand laceration"),
            ("hand laceration during a fight", "hand laceration"),
            ("burn on palm", "burn on palm"),
            ("", ""),
        ] {
            assert_eq!(counted(text), full);
        }
    }
}
