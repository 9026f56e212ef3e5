use medcode_codes::code::CodeKey;
use proptest::prelude::*;

use super::*;
use crate::testing::TABULAR;

fn sample() -> TabularFile {
    read(TABULAR, "tabular.xml").unwrap()
}

/// The message for a file in which `from` was replaced.
fn problem(from: &str, to: &str) -> String {
    let text = std::str::from_utf8(TABULAR).unwrap();
    assert!(text.contains(from), "{from}");
    read(text.replacen(from, to, 1).as_bytes(), "tabular.xml").unwrap_err().to_string()
}

#[test]
fn reads_nodes_in_document_order() {
    let file = sample();
    assert_eq!(file.year, "2026");
    let shown = |node: &NodeRow| format!("{:?} {} in {:?}", node.kind, node.name, node.parent);
    let nodes: Vec<_> = file.rows.nodes.iter().map(shown).collect();
    assert_eq!(nodes[0], "Chapter chapter-01 in None");
    assert_eq!(nodes[1], "Section B20-B20 in Some(0)");
    assert_eq!(nodes[2], "Code B20 in Some(1)");
    assert_eq!(nodes[3], "Chapter chapter-04 in None");
    assert_eq!(nodes[6], "Code E11.6 in Some(5)");
    assert_eq!(file.rows.nodes.len(), 28);
    assert_eq!(file.rows.nodes[0].title, "Certain infectious and parasitic diseases (A00-B99)");
}

#[test]
fn reads_notes_with_their_kind_and_squeezes_blanks() {
    let rows = sample().rows;
    let of = |name: &str| {
        let number = rows.nodes.iter().position(|node| node.name == name).unwrap();
        let notes = rows.notes.iter().filter(move |note| note.node as usize == number);
        notes.map(|note| (note.kind, note.text.as_str())).collect::<Vec<_>>()
    };
    assert_eq!(
        of("E11"),
        [
            (NoteKind::Includes, "diabetes NOS"),
            (NoteKind::Includes, "insulin resistant diabetes (mellitus)"),
            (NoteKind::UseAdditionalCode, "code to identify control using:"),
            (NoteKind::UseAdditionalCode, "insulin (Z79.4)"),
            (NoteKind::Excludes1, "type 1 diabetes mellitus (E10.-)"),
        ]
    );
    assert_eq!(of("S06.0"), [(NoteKind::InclusionTerm, "Commotio cerebri")]);
    assert_eq!(of("S06").len(), 2, "the stray note belongs to nothing");
    let containers: Vec<_> = rows.notes.iter().map(|note| note.container).collect();
    assert_eq!(containers, [0, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10]);
}

#[test]
fn forms_the_list_with_its_complete_codes() {
    let list = sample().rows.to_list().unwrap();
    let codes: Vec<_> = list.billable_codes().iter().map(ToString::to_string).collect();
    assert_eq!(
        codes,
        [
            "B20", "E1165", "E1169", "E119", "H540X33", "S060X0A", "S060X0D", "S060X0S", "S061X7A",
            "T20XXXA", "T20XXXS",
        ]
    );
    let burn = list.locate(CodeKey::new("T20XXXS").unwrap()).unwrap();
    assert_eq!(
        list.full_title(burn),
        "Burn and corrosion of head, face, and neck; ages <1> and 2, sequela"
    );
    let inherited: Vec<_> = list.lineage(burn.node).flat_map(|node| list.own_notes(node)).collect();
    assert_eq!(inherited[0].text, "burns (thermal) from electrical heating appliances");
}

#[test]
fn names_file_and_line() {
    let error = problem("<name>E11.65</name>", "<nome>E11.65</nome>");
    assert_eq!(error, "tabular.xml, line 58: <nome> does not belong into a node");
}

#[test]
fn refuses_document_types_and_entities() {
    let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]>\n<ICD10CM.tabular>";
    assert!(problem("<ICD10CM.tabular>", bomb).contains("document type"));
    assert!(problem("diabetes NOS", "diabetes &nos;").contains("entity"));
}

#[test]
fn refuses_what_is_not_in_the_schema() {
    for (from, to, expected) in [
        ("<ICD10CM.tabular>", "<ICD10CM.index>", "no tabular list"),
        ("<version>2026</version>", "", "names no version"),
        ("<excludes1>", "<excludes3>", "excludes3"),
        ("<section id=\"B20\">", "<section>", "attribute id"),
        ("char=\"A\"", "char=\"AB\"", "7th character"),
        ("<desc>Type 2 diabetes mellitus</desc>", "", "no name or no title"),
        ("<note>diabetes NOS</note>", "diabetes NOS", "text stands"),
        ("<note>diabetes NOS</note>", "<note>  </note>", "empty"),
        ("<note>diabetes NOS</note>", "<note>diabetes <b>NOS</b></note>", "<b>"),
        ("</ICD10CM.tabular>", "</ICD10CM.tabular><more/>", "behind the list"),
        ("</note>", "</nute>", "well-formed"),
    ] {
        let problem = problem(from, to);
        assert!(problem.contains(expected), "{from}: {problem}");
    }
    let cut = &TABULAR[..TABULAR.len() / 2];
    assert!(read(cut, "tabular.xml").is_err());
    assert!(read(b"", "tabular.xml").unwrap_err().problem.contains("empty"));
    assert!(read(b"\xFF\xFE<", "tabular.xml").unwrap_err().problem.contains("UTF-8"));
}

#[test]
fn refuses_codes_that_nest_without_end() {
    let deep = format!(
        "<ICD10CM.tabular><version>1</version><chapter><section id=\"A00-A09\">{}",
        "<diag>".repeat(100_000)
    );
    assert!(read(deep.as_bytes(), "tabular.xml").unwrap_err().problem.contains("deeply"));
}

proptest! {
    #[test]
    fn never_panics_on_any_text(text in "(<|>|/|!|\\[|&|;|\"|=| |name|diag|note|ICD10CM.tabular|chapter|section){0,60}") {
        let _ = read(text.as_bytes(), "tabular.xml");
    }

    #[test]
    fn never_panics_on_changed_files(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..10),
        length in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let mut bytes = TABULAR.to_vec();
        for (index, value) in changes {
            let at = index.index(bytes.len());
            bytes[at] = value;
        }
        if cut {
            bytes.truncate(length.index(bytes.len()));
        }
        if let Ok(file) = read(&bytes, "tabular.xml") {
            let _ = file.rows.to_list();
        }
    }
}
