use medcode_codes::{
    code::CodeKey,
    code_table::{CodeTableBuilder, Lifetime},
    date::{Period, parse_iso},
    release::{Content, Release},
    tabular::{NodeKind, NoteKind, TabularBuilder},
    terminology::Edition,
};
use proptest::prelude::*;

use super::*;

fn release(dataset: &str) -> Release {
    Release {
        dataset: dataset.into(),
        version: parse_iso("2025-10-01").unwrap(),
        effective_to: None,
        digest: "sha256:0".into(),
        title: "sample".into(),
        content: Content::Complete,
    }
}

/// Name, title, notes; indented by the depth of the node.
const LIST: &str = "\
I10|Essential (primary) hypertension|includes:hypertension (arterial) (benign)
I15|Secondary hypertension
.I15.0|Renovascular hypertension
E11|Type 2 diabetes mellitus|term:diabetes NOS
.E11.9|Type 2 diabetes mellitus without complications
.E11.62|Type 2 diabetes mellitus with skin complications
..E11.621|Type 2 diabetes mellitus with foot ulcer
J44|Other chronic obstructive pulmonary disease
.J44.9|Chronic obstructive pulmonary disease, unspecified
I21|Acute myocardial infarction
.I21.9|Acute myocardial infarction, unspecified|term:Myocardial infarction (acute) NOS
R07|Pain in throat and chest
.R07.8|Other chest pain
..R07.89|Other chest pain
H81|Disorders of vestibular function
.H81.0|M\u{e9}ni\u{e8}re's disease";

fn terminology() -> Terminology {
    let mut list = TabularBuilder::default();
    let mut table = CodeTableBuilder::new(CodeSystem::Icd10Cm, release("mce"), None);
    let since = Lifetime::Dated(Period::since(parse_iso("2015-10-01").unwrap()));
    list.open(NodeKind::Chapter, "chapter-01", "Everything").unwrap();
    for line in LIST.lines() {
        let mut parts = line.trim_start_matches('.').split('|');
        let depth = line.len() - line.trim_start_matches('.').len();
        let (name, title) = (parts.next().unwrap(), parts.next().unwrap());
        while list.open_depth() > depth + 1 {
            list.close().unwrap();
        }
        list.open(NodeKind::Code, name, title).unwrap();
        for (container, note) in (0..).zip(parts) {
            let (kind, text) = note.split_once(':').unwrap();
            let kind = if kind == "term" { NoteKind::InclusionTerm } else { NoteKind::Includes };
            list.note(kind, container, text).unwrap();
        }
        if !["I15", "E11", "E11.62", "J44", "I21", "R07", "R07.8", "H81"].contains(&name) {
            table.code(CodeKey::new(&name.replace('.', "")).unwrap(), since, None, &[]).unwrap();
        }
    }
    // A code that is newer than every title.
    table.code(CodeKey::new("E11A").unwrap(), since, None, &[]).unwrap();
    while list.open_depth() > 0 {
        list.close().unwrap();
    }
    let mut procedures = CodeTableBuilder::new(CodeSystem::Icd10Pcs, release("mce"), None);
    let titles = procedures.title_release(release("icd-10-pcs")).unwrap();
    let title = Some(("Resection of Appendix, Percutaneous Endoscopic Approach", titles));
    procedures.code(CodeKey::new("0DTJ4ZZ").unwrap(), since, title, &[]).unwrap();
    let edition = Edition { release: release("icd-10-cm"), list: list.finish().unwrap().into() };
    Terminology::new(vec![table.finish().unwrap(), procedures.finish().unwrap()], vec![edition])
}

fn index(terminology: &Terminology) -> SearchIndex {
    let foreign = |short: &str, expansions: &[&str]| Abbreviation {
        short: short.into(),
        expansions: expansions.iter().map(ToString::to_string).collect(),
    };
    SearchIndex::build(
        terminology,
        &[foreign("RVH", &["renovascular hypertension"]), foreign("foot", &["disease"])],
    )
}

fn find(text: &str, mode: Mode) -> Vec<String> {
    let terminology = terminology();
    let index = index(&terminology);
    let prepared = index.prepare(Query { text, systems: &CodeSystem::ALL, mode });
    let hits = prepared.find(|_| true, &|| true).unwrap();
    assert!(hits.hits.is_sorted_by(|a, b| a.score >= b.score), "{text}");
    hits.hits.iter().map(|hit| hit.code.to_string()).collect()
}

fn typed(text: &str) -> Vec<String> {
    find(text, Mode::Typeahead)
}

#[test]
fn finds_a_code_in_any_form_and_then_what_begins_with_it() {
    for text in ["E11", "e11", " e11 ", "E11.-"] {
        assert_eq!(typed(text), ["E11", "E11.9", "E11.A", "E11.62", "E11.621"], "{text}");
    }
    for text in ["E11.9", "e119", "E11 9"] {
        assert_eq!(typed(text), ["E11.9"], "{text}");
    }
    assert_eq!(typed("0dt"), ["0DTJ4ZZ"]);
    assert_eq!(typed("E11.9 OR")[0], "E11.9");
}

#[test]
fn finds_a_code_without_a_title() {
    assert_eq!(typed("e11a"), ["E11.A"]);
}

#[test]
fn finds_words_in_any_order_and_does_not_ask_for_all() {
    assert_eq!(typed("foot ulcer diabetic")[0], "E11.621");
    assert_eq!(typed("ulcer of the foot, nonsense")[0], "E11.621");
    assert_eq!(find("menieres", Mode::Words), ["H81.0"]);
}

#[test]
fn the_last_word_is_a_beginning_while_typing_only() {
    assert!(typed("chronic obstr").contains(&"J44.9".into()));
    assert!(typed("hyperten").contains(&"I10".into()));
    // A word that nobody knows is taken for a beginning in any case.
    assert!(find("hyperten", Mode::Words).contains(&"I10".into()));
    assert!(find("foo ulcer", Mode::Words).contains(&"E11.621".into()));
    assert!(!find("foo", Mode::Words).contains(&"E11.621".into()));
}

#[test]
fn words_in_brackets_do_not_count_as_missing() {
    assert_eq!(typed("hypertension")[0], "I10");
    assert_eq!(typed("htn")[0], "I10");
}

#[test]
fn writes_abbreviations_out() {
    // Nobody says "unspecified", but "other" is something to say.
    assert_eq!(typed("copd")[..2], ["J44.9", "J44"]);
    assert_eq!(typed("t2dm foot ulcer")[0], "E11.621");
    assert_eq!(find("RVH", Mode::Words), ["I15.0"]);
    // The long list does not change what ordinary words mean.
    assert_eq!(find("foot", Mode::Words), ["E11.621"]);
}

#[test]
fn forgives_one_slip_in_a_word_that_nothing_is_known_of() {
    let terminology = terminology();
    let index = index(&terminology);
    let text = "renovasculr hypertension";
    let prepared = index.prepare(Query { text, systems: &CodeSystem::ALL, mode: Mode::Words });
    let hits = prepared.find(|_| true, &|| true).unwrap();
    assert_eq!(hits.hits[0].code.to_string(), "I15.0");
    let corrections = prepared.corrections();
    assert_eq!(corrections, [Correction { range: 0..11, replacement: "renovascular".into() }]);
    assert_eq!(prepared.explain(&terminology, &hits.hits[0])[0].edit_distance, 1);
}

#[test]
fn says_what_matched_and_where() {
    let terminology = terminology();
    let index = index(&terminology);
    let explain = |text: &str, code: &str| {
        let prepared =
            index.prepare(Query { text, systems: &CodeSystem::ALL, mode: Mode::Typeahead });
        let hits = prepared.find(|_| true, &|| true).unwrap().hits;
        let hit = hits.iter().find(|hit| hit.code.to_string() == code).unwrap();
        let shown = prepared.explain(&terminology, hit).into_iter().map(|found| {
            let parts: Vec<_> =
                found.highlights.iter().map(|range| &found.text[range.clone()]).collect();
            (found.source, found.text.clone(), parts.join("+"))
        });
        shown.collect::<Vec<_>>()
    };
    let title = "Type 2 diabetes mellitus with foot ulcer".to_owned();
    assert_eq!(
        explain("foot ulc", "E11.621"),
        [(MatchSource::Display, title, "foot+ulcer".into())]
    );
    let title = "M\u{e9}ni\u{e8}re's disease".to_owned();
    assert_eq!(
        explain("menier", "H81.0"),
        [(MatchSource::Display, title, "M\u{e9}ni\u{e8}re's".into())]
    );
    let term = "Myocardial infarction (acute) NOS".to_owned();
    let abbreviation = "mi (myocardial infarction)".to_owned();
    assert_eq!(
        explain("mi nos", "I21.9"),
        [
            (MatchSource::InclusionTerm, term, "Myocardial+infarction+NOS".into()),
            (MatchSource::Abbreviation, abbreviation, "mi".into())
        ]
    );
    let title = "Acute myocardial infarction, unspecified".to_owned();
    let reading = "mi (acute myocardial infarction unspecified)".to_owned();
    assert_eq!(
        explain("mi", "I21.9"),
        [
            (MatchSource::Display, title, "Acute+myocardial+infarction+unspecified".into()),
            (MatchSource::Synonym, reading, "mi".into())
        ]
    );
    assert_eq!(
        explain("e11.6", "E11.621"),
        [(MatchSource::CodePrefix, "E11.621".into(), "E11.6".into())]
    );
    assert_eq!(explain("E11.9", "E11.9"), [(MatchSource::Code, "E11.9".into(), "E11.9".into())]);
}

#[test]
fn reads_a_whole_query_as_the_classification_does() {
    for text in ["diabetes", "dm", "type 2 diabetes", "diabetis"] {
        assert_eq!(typed(text)[0], "E11.9", "{text}");
    }
    assert_eq!(typed("diabetes foot ulcer")[0], "E11.621");
}

#[test]
fn words_beside_a_header_look_below_it() {
    assert_eq!(typed("e11 foot ulcer")[..2], ["E11.621", "E11"]);
    assert_eq!(typed("foot ulcer E11.6")[0], "E11.621");
    // A code that has nothing below it comes first in any case.
    assert_eq!(typed("I10 foot")[0], "I10");
    assert_eq!(typed("e11 nonsense")[0], "E11");
}

#[test]
fn a_code_below_stands_in_the_place_of_a_header() {
    let terminology = terminology();
    let index = index(&terminology);
    let billable = |code: Code| {
        let below =
            |other: &str| Admission::Below(Code::parse(CodeSystem::Icd10Cm, other).unwrap());
        match code.to_string().as_str() {
            "E11" => below("E11.621"),
            "J44" => below("J44.9"),
            "I15" | "E11.62" | "I21" | "R07" | "R07.8" | "H81" => Admission::No,
            _ => Admission::Yes,
        }
    };
    let find = |text| {
        let prepared =
            index.prepare(Query { text, systems: &CodeSystem::ALL, mode: Mode::Typeahead });
        let hits = prepared.find(billable, &|| true).unwrap().hits;
        let hit = hits[0];
        let header = hit.in_place_of.map(|code| code.to_string());
        let text = prepared.explain(&terminology, &hit)[0].text.clone();
        (hit.code.to_string(), header.unwrap_or_default(), text)
    };
    // The best that the query finds below it, not the first in order.
    let title = "Type 2 diabetes mellitus".to_owned();
    assert_eq!(find("type 2 diabetes mellitu"), ("E11.9".into(), "E11".into(), title));
    assert_eq!(find("copd").0, "J44.9");
    assert_eq!(find("foot ulcer").1, "");
}

#[test]
fn tells_what_is_denied_from_what_is_said() {
    assert_eq!(typed("diabetes no complications")[0], "E11.9");
    assert_eq!(typed("diabetes w/o complications")[0], "E11.9");
}

#[test]
fn a_side_or_a_kind_finds_nothing_beside_a_word_that_nobody_knows() {
    for (word, found) in [("acute", "I21"), ("disease", "J44"), ("disorders", "H81")] {
        assert!(find(word, Mode::Words).contains(&found.into()), "{word}");
        assert!(find(&format!("{word} qqqqqq"), Mode::Words).is_empty(), "{word}");
    }
    assert_eq!(find("pulmonary diseases", Mode::Words)[0], "J44.9");
}

#[test]
fn looks_only_in_the_systems_asked_for_and_lets_through_what_is_admitted() {
    let terminology = terminology();
    let index = index(&terminology);
    let query = |systems| Query { text: "resection appendix", systems, mode: Mode::Words };
    assert!(
        index
            .prepare(query(&[CodeSystem::Icd10Cm]))
            .find(|_| true, &|| true)
            .unwrap()
            .hits
            .is_empty()
    );
    assert!(
        index.prepare(query(&CodeSystem::ALL)).find(|_| false, &|| true).unwrap().hits.is_empty()
    );
    assert!(index.prepare(query(&CodeSystem::ALL)).find(|_| true, &|| false).is_none());
    // A search that was stopped leaves nothing behind.
    assert_eq!(
        index.prepare(query(&CodeSystem::ALL)).find(|_| true, &|| true).unwrap().hits.len(),
        1
    );
}

#[test]
fn equal_scores_come_in_the_order_of_codes() {
    assert_eq!(find("other chest pain", Mode::Words)[..2], ["R07.8", "R07.89"]);
}

#[test]
fn a_query_without_words_finds_nothing() {
    for text in ["", " -- ", "\u{1F600}", "(", "\"", "'"] {
        assert!(typed(text).is_empty(), "{text}");
    }
}

#[test]
fn the_stored_form_gives_the_same_answers() {
    let terminology = terminology();
    let index = index(&terminology);
    let bytes = index.to_bytes();
    let stored = SearchIndex::from_bytes(&bytes).unwrap();
    assert_eq!(stored.to_bytes(), bytes);
    for text in ["copd", "RVH", "e11", "foot ulc", "menier"] {
        let query = Query { text, systems: &CodeSystem::ALL, mode: Mode::Typeahead };
        let find =
            |index: &SearchIndex| index.prepare(query).find(|_| true, &|| true).unwrap().hits;
        assert_eq!(find(&stored), find(&index), "{text}");
    }
}

#[test]
fn refuses_what_is_no_index_or_of_another_format() {
    let bytes = index(&terminology()).to_bytes();
    assert_eq!(SearchIndex::from_bytes(b"SQLite format 3").unwrap_err(), IndexError::NotAnIndex);
    let mut newer = bytes.clone();
    newer[8] = 200;
    assert_eq!(
        SearchIndex::from_bytes(&newer).unwrap_err(),
        IndexError::Format { found: 200, expected: FORMAT }
    );
    for end in 0..bytes.len() {
        assert!(SearchIndex::from_bytes(&bytes[..end]).is_err(), "{end}");
    }
    let longer = [bytes.as_slice(), b"x"].concat();
    assert!(SearchIndex::from_bytes(&longer).is_err());
}

#[test]
fn a_query_prints_its_length_and_no_text() {
    let query = Query { text: "Jane Canary", systems: &CodeSystem::ALL, mode: Mode::Words };
    let terminology = terminology();
    let index = index(&terminology);
    let printed = format!("{query:?} {:?} {index:?}", index.prepare(query));
    assert!(!printed.contains("anary") && printed.contains("length: 11"), "{printed}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_a_query(text in "\\PC{0,60}|[a-zA-Z0-9 .-]{0,30}") {
        let terminology = terminology();
        let index = index(&terminology);
        for mode in [Mode::Typeahead, Mode::Words] {
            let prepared = index.prepare(Query { text: &text, systems: &CodeSystem::ALL, mode });
            let hits = prepared.find(|_| true, &|| true).unwrap();
            for hit in &hits.hits {
                for found in prepared.explain(&terminology, hit) {
                    for range in found.highlights {
                        prop_assert!(found.text.get(range).is_some());
                    }
                }
            }
            for correction in prepared.corrections() {
                prop_assert!(text.get(correction.range).is_some());
            }
        }
    }

    #[test]
    fn damaged_bytes_never_panic(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let terminology = terminology();
        let mut bytes = index(&terminology).to_bytes();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Ok(index) = SearchIndex::from_bytes(&bytes) {
            for text in ["diabetes foot ulc", "e11", "copd", "RVH"] {
                let prepared = index.prepare(Query { text, systems: &CodeSystem::ALL, mode: Mode::Typeahead });
                let hits = prepared.find(|_| true, &|| true).unwrap();
                for hit in &hits.hits {
                    let _ = prepared.explain(&terminology, hit);
                }
            }
        }
    }
}
