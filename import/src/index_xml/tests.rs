use proptest::prelude::*;

use super::*;

const INDEX: &str = include_str!("../../../tests/releases/mini/icd10cm-index.xml");
const NEOPLASM: &str = include_str!("../../../tests/releases/mini/icd10cm-neoplasm.xml");

fn index(text: &str) -> Result<IndexFile, ImportError> {
    read(text.as_bytes(), "index.xml")
}

fn shown(file: &IndexFile) -> Vec<String> {
    let entries = file.entries.iter().map(|entry| {
        let mut text = entry.path.join(", ");
        for (name, value) in [
            ("may be", entry.non_essential.join(";").as_str()),
            ("column", &entry.column),
            ("code", &entry.code),
            ("with", &entry.manifestation),
            ("see", &entry.see),
            ("also", &entry.see_also),
        ] {
            if !value.is_empty() {
                text = format!("{text} | {name} {value}");
            }
        }
        text
    });
    entries.collect()
}

#[test]
fn reads_paths_modifiers_and_references() {
    let file = index(INDEX).unwrap();
    assert_eq!((file.part, file.year.as_str()), (IndexPart::Diseases, "2017"));
    assert_eq!((file.letters, file.main_terms, file.terms), (2, 4, 5));
    assert_eq!(
        shown(&file),
        [
            "Abasia | may be -astasia;hysterical | code F44.4",
            "Abdominalgia | see Pain, abdominal",
            "Amyloidosis, heart | may be familial | code E85.4 | with I43",
            "Pain | may be see also Painful | code R52 | also Ache",
            "Pain, abdominal | may be see also Painful | code R10.9",
            "Pain, abdominal, upper | may be see also Painful;any | code R10.1-",
            "Pain, nerve & root NEC | may be see also Painful | code H93.3",
        ]
    );
}

#[test]
fn reads_the_columns_of_a_table() {
    let file = index(NEOPLASM).unwrap();
    assert_eq!((file.part, file.main_terms, file.terms), (IndexPart::Neoplasms, 1, 2));
    assert_eq!(
        shown(&file),
        [
            "Neoplasm, neoplastic | column Malignant Primary | code C80.1",
            "Neoplasm, neoplastic | column Benign | code D36.9",
            "Neoplasm, neoplastic, book-leaf | may be mouth | column Malignant Primary | code C06.89",
            "Neoplasm, neoplastic, bowel | see Neoplasm, intestine",
        ]
    );
    assert_eq!(file.no_codes, [19], "words where a manifestation belongs");
}

#[test]
fn tells_the_files_apart_by_title_and_heading() {
    let external =
        INDEX.replace("INDEX TO DISEASES and INJURIES", "External Cause of Injuries Index");
    assert_eq!(index(&external).unwrap().part, IndexPart::ExternalCauses);
    let drugs = NEOPLASM.replacen(">Neoplasm<", ">Substance<", 1);
    assert_eq!(index(&drugs).unwrap().part, IndexPart::Drugs);
    let other = INDEX.replace("INDEX TO DISEASES and INJURIES", "Something");
    assert!(index(&other).unwrap_err().problem.contains("four indexes"));
    assert!(recognises(&INDEX[..200]) && recognises(NEOPLASM));
    for head in ["", "<ICD10CM.tabular>", "<ICD10CM.index", "00001 A00     0 Cholera"] {
        assert!(!recognises(head), "{head}");
    }
}

#[test]
fn knows_the_forms_of_a_code() {
    for text in ["R52", "R10.9", "R10.-", "R10.1-", "C4A.-", "R10-", "S06.0X1A"] {
        assert!(is_code(text), "{text}");
    }
    for text in ["--", "", "R5", "R52.", "r52", "R10.12345", "see R52", "R10 .9", "152", "R10.-.-"]
    {
        assert!(!is_code(text), "{text}");
    }
}

#[test]
fn names_the_line_that_it_refuses() {
    for (from, to, line, expected) in [
        (
            "<ICD10CM.index>",
            "<!DOCTYPE a [<!ENTITY b \"b\">]>\n<ICD10CM.index>",
            2,
            "document type",
        ),
        ("Abasia", "&abasia;", 8, "entity"),
        ("<ICD10CM.index>", "<other>", 2, "no index"),
        ("<title>Abasia", "<tittle>Abasia", 8, "<tittle>"),
        ("<code>F44.4</code>", "<code>F44.4</code><code>F44.4</code>", 9, "twice"),
        ("<code>F44.4</code>", "<cell col=\"2\">F44.4</cell>", 9, "no heading"),
        ("<code>F44.4</code>", "F44.4", 10, "text stands"),
        ("<code>F44.4</code>", "<diff/>", 9, "<diff>"),
        ("<version>2017</version>", "", 49, "no version"),
        ("</ICD10CM.index>", "</ICD10CM.index><more/>", 48, "behind the index"),
        ("</mainTerm>", "</mainTurm>", 10, "well-formed"),
    ] {
        assert!(INDEX.contains(from), "{from}");
        let error = index(&INDEX.replacen(from, to, 1)).unwrap_err();
        assert_eq!(error.place, crate::Place::Line(line), "{from}: {error}");
        assert!(error.problem.contains(expected), "{from}: {error}");
    }
    let (cut, _) = INDEX.split_once("<see>").unwrap();
    assert!(index(cut).unwrap_err().problem.contains("cut short"));
    assert!(index("").is_err());
}

#[test]
fn refuses_terms_that_nest_without_end_and_own_codes_behind_terms() {
    let term = "<term level=\"1\"><title>a</title>";
    let start = "<ICD10CM.index><version>1</version><title>diseases</title><letter><mainTerm><title>a</title>";
    let deep = format!("{start}{}", term.repeat(100_000));
    assert!(index(&deep).unwrap_err().problem.contains("deeply"));
    let behind =
        format!("{start}{term}</term><code>R52</code></mainTerm></letter></ICD10CM.index>");
    assert!(index(&behind).unwrap_err().problem.contains("behind its terms"));
    let empty = format!("{start}<term level=\"1\"></term></mainTerm></letter></ICD10CM.index>");
    assert!(index(&empty).unwrap_err().problem.contains("no title"));
}

proptest! {
    #[test]
    fn never_panics_on_any_text(
        text in "(<|>|/|!|\\[|&|;|\"|=| |title|term|nemod|cell|code|ICD10CM.index|letter|mainTerm){0,60}",
    ) {
        let _ = index(&text);
        let _ = recognises(&text);
    }

    #[test]
    fn never_panics_on_changed_files(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..10),
        length in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        for text in [INDEX, NEOPLASM] {
            let mut bytes = text.as_bytes().to_vec();
            for (index, value) in &changes {
                let at = index.index(bytes.len());
                bytes[at] = *value;
            }
            if cut {
                bytes.truncate(length.index(bytes.len()));
            }
            let _ = read(&bytes, "index.xml");
        }
    }
}
