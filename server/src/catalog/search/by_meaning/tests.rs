use medcode_codes::{date::Date, testing::own_sample};
use proptest::prelude::*;

use super::*;
use crate::catalog::search::{
    Hits, Match, MatchSource, Means, Mode, Query,
    semantic::{DIMENSIONS, Pieces, Provenance},
};

/// A table that knows of words that no text has what they mean: `sugarsick` is diabetes.
fn table() -> Vec<u8> {
    let words = [("diabetes", 0), ("mellitus", 0), ("sugarsick", 0), ("foot", 1), ("limbend", 1)];
    let pieces = Pieces::new(words.iter().map(|(word, _)| *word).chain(["zuckr", "qzk9"]));
    let vector = |number: usize| {
        let mut vector = [0.0; DIMENSIONS];
        let found = words.iter().find(|(word, _)| *word == pieces.get(number));
        vector[found.map_or(0, |(_, direction)| *direction)] = 1.0;
        vector
    };
    let vectors: Vec<Vector> = (0..pieces.len()).map(vector).collect();
    let provenance = Provenance { model: "drawn".into(), fitted_to: Date::constant(2026, 4, 1) };
    Table::new(provenance, pieces, &vectors).unwrap().to_bytes()
}

fn with_table(terminology: &Terminology) -> SearchIndex {
    SearchIndex::build(terminology, &[]).with_table(terminology, Some(&table()))
}

fn find(index: &SearchIndex, text: &str, means: Means) -> Hits {
    let query = Query { text, systems: &CodeSystem::ALL, mode: Mode::Words };
    index.prepare_with(query, means).find(|_| true, &|| true).unwrap()
}

fn codes(hits: &Hits) -> Vec<String> {
    hits.hits.iter().map(|hit| hit.code.to_string()).collect()
}

fn explained(terminology: &Terminology, index: &SearchIndex, text: &str, code: &str) -> Vec<Match> {
    let query = Query { text, systems: &CodeSystem::ALL, mode: Mode::Words };
    let prepared = index.prepare(query);
    let hits = prepared.find(|_| true, &|| true).unwrap();
    let hit = hits.hits.iter().find(|hit| hit.code.to_string() == code).unwrap();
    prepared.explain(terminology, hit)
}

#[test]
fn finds_what_means_the_same_and_says_so() {
    let terminology = own_sample();
    let index = with_table(&terminology);
    let found = find(&index, "sugarsick limbend", Means::ALL);
    assert_eq!(codes(&found)[0], "E11.621", "its title has both");
    assert!(found.hits.is_sorted_by(|a, b| a.score >= b.score));
    let matches = explained(&terminology, &index, "sugarsick limbend", "E11.621");
    let [only] = matches.as_slice() else { panic!("{matches:?}") };
    assert_eq!((only.source, only.highlights.len()), (MatchSource::Meaning, 0));
    assert!(only.text.contains("foot ulcer"), "{}", only.text);
}

#[test]
fn words_keep_the_larger_share() {
    let terminology = own_sample();
    let index = with_table(&terminology);
    let hits = find(&index, "type 2 diabetes with foot ulcer", Means::ALL);
    assert_eq!(codes(&hits)[0], "E11.621");
    let matches = explained(&terminology, &index, "type 2 diabetes with foot ulcer", "E11.621");
    assert_eq!(matches[0].source, MatchSource::Display);
    assert!(hits.hits[0].score <= 1.01);
}

#[test]
fn the_first_hits_are_the_same_however_many_are_asked_for() {
    let terminology = own_sample();
    let index = with_table(&terminology);
    for text in ["sugarsick limbend", "diabetes limbend", "foot ulcer sugarsick", "type 2 diabetes"]
    {
        let query = Query { text, systems: &CodeSystem::ALL, mode: Mode::Words };
        let prepared = index.prepare(query);
        let all = prepared.find(|_| true, &|| true).unwrap().hits;
        assert!(all.is_sorted_by(|a, b| a.score >= b.score), "{text}");
        for count in 0..all.len() {
            let first = prepared.find_first(count, |_| true, &|| true).unwrap();
            assert_eq!(first.hits, all[..count], "{text}");
            assert!(first.more, "{text}");
        }
    }
}

#[test]
fn goes_by_words_alone_when_asked_and_without_a_table() {
    let terminology = own_sample();
    let index = with_table(&terminology);
    let plain = SearchIndex::build(&terminology, &[]).with_table(&terminology, None);
    let alone = Means { meaning: false, ..Means::ALL };
    for text in ["sugarsick", "diabetes foot", "E11.621", "htn", "nothing of it"] {
        let (asked, without) = (find(&index, text, alone), find(&plain, text, Means::ALL));
        assert_eq!(asked.hits, without.hits, "{text}");
    }
    assert!(find(&index, "sugarsick", alone).hits.is_empty());
    assert_eq!(plain.meaning_to_bytes(), None);
    let broken = SearchIndex::build(&terminology, &[]).with_table(&terminology, Some(b"no table"));
    assert_eq!(broken.meaning_to_bytes(), None);
}

#[test]
fn names_mean_nothing() {
    let index = with_table(&own_sample());
    // Short words and words with digits that no text has: the table would have something to say of their pieces.
    for text in ["zuckr", "qzk9"] {
        assert!(find(&index, text, Means::ALL).hits.is_empty(), "{text}");
    }
}

#[test]
fn a_code_is_found_as_it_is_by_codes() {
    let index = with_table(&own_sample());
    assert_eq!(codes(&find(&index, "E11.9", Means::ALL)), ["E11.9"]);
}

#[test]
fn the_stored_form_answers_alike() {
    let terminology = own_sample();
    let index = with_table(&terminology);
    let bytes = index.meaning_to_bytes().unwrap();
    let plain = || SearchIndex::build(&terminology, &[]);
    for is_rebuilt in [false, true] {
        let mut back = plain();
        back.read_meaning(&terminology, &bytes, is_rebuilt).unwrap();
        assert_eq!(back.meaning_to_bytes().as_deref(), Some(bytes.as_slice()));
        let (a, b) = (find(&back, "sugarsick", Means::ALL), find(&index, "sugarsick", Means::ALL));
        assert!(!a.hits.is_empty());
        assert_eq!(a.hits, b.hits);
    }
    let mut newer = bytes.clone();
    newer[0] = 99;
    let mut back = plain();
    back.read_meaning(&terminology, &newer, false).unwrap();
    assert_eq!(back.meaning_to_bytes(), Some(bytes), "made anew");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]
    #[test]
    fn damaged_bytes_never_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let terminology = medcode_codes::testing::sample();
        let mut bytes = with_table(terminology).meaning_to_bytes().unwrap();
        for (index, value) in changes {
            let at = index.index(bytes.len());
            bytes[at] = value;
        }
        bytes.truncate(cut.index(bytes.len()).max(bytes.len() / 2));
        let mut index = SearchIndex::build(terminology, &[]);
        if index.read_meaning(terminology, &bytes, false).is_err() {
            prop_assert_eq!(index.meaning_to_bytes(), None);
        }
        find(&index, "sugarsick diabetes", Means::ALL);
    }
}
