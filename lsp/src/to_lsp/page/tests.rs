//! Pages as they are read.

use medcode_codes::{date::parse_iso, fact::UnavailableReason, tabular::NoteKind};

use super::*;
use crate::concept::{Axis, Concept, Instruction};

fn concept() -> Concept {
    let titled =
        |code: &str, title: &str| Titled { code: code.to_owned(), title: title.to_owned() };
    Concept {
        ancestors: vec![
            titled("E11", "Type 2 diabetes mellitus"),
            titled("E08-E13", "Diabetes mellitus"),
            titled("chapter-04", "Endocrine, nutritional and metabolic diseases"),
        ],
        notes: vec![Instruction {
            kind: NoteKind::Excludes1,
            owner: "E11".to_owned(),
            text: "type 1 diabetes mellitus (E10.-)".to_owned(),
        }],
        ..Concept::billable(
            CodeSystem::Icd10Cm,
            "E11.9",
            "Type 2 diabetes mellitus without complications",
        )
    }
}

fn subject(looked: &Looked) -> Subject<'_> {
    Subject {
        system: CodeSystem::Icd10Cm,
        written: "E11.9",
        looked,
        children: &[],
        date: parse_iso("2026-03-02").unwrap(),
        release: "2026-04-01",
    }
}

fn page(markdown: bool, looked: &Looked) -> String {
    Page::new(markdown).subject(&subject(looked)).finish()
}

#[test]
fn shows_what_is_known_in_its_order() {
    let expected = "\
**E11.9** Type 2 diabetes mellitus without complications  
ICD-10-CM · billable · valid since 2015-10-01

Endocrine, nutritional and metabolic diseases › E08-E13 Diabetes mellitus › E11 Type 2 diabetes mellitus

**Excludes1** (at E11): type 1 diabetes mellitus (E10.-)

ICD-10-CM 2026-04-01 · asked for 2026-03-02";
    assert_eq!(page(true, &Looked::Known(Box::new(concept()))), expected);
    let plain = page(false, &Looked::Known(Box::new(concept())));
    assert!(plain.starts_with("E11.9 Type 2 diabetes mellitus without complications\nICD-10-CM"));
}

#[test]
fn a_procedure_has_a_line_for_each_of_its_characters() {
    let mut procedure = concept();
    procedure.axes = vec![Axis {
        name: "Body Part".to_owned(),
        character: "J".to_owned(),
        label: "Appendix".to_owned(),
    }];
    let text = page(true, &Looked::Known(Box::new(procedure.clone())));
    assert!(text.contains("\n\n**J** Appendix (body part)\n"), "{text}");
    let text = page(false, &Looked::Known(Box::new(procedure)));
    assert!(text.contains("\nJ Appendix (body part)\n"), "{text}");
}

#[test]
fn a_code_of_a_partial_list_is_not_called_unbillable() {
    let mut partial = concept();
    (partial.billable, partial.from) = (false, None);
    partial.ancestors = vec![Titled { code: "J".to_owned(), title: String::new() }];
    partial.notes[0].owner = "chapter-04".to_owned();
    let text = page(false, &Looked::Known(Box::new(partial)));
    assert!(
        text.contains("ICD-10-CM · not known whether billable\n\nExcludes1 (at chapter 4)"),
        "{text}"
    );
}

#[test]
fn an_unknown_code_names_the_release_and_the_nearest() {
    let suggestions =
        vec![Titled { code: "E11.65".to_owned(), title: "T2DM with hyperglycemia".to_owned() }];
    let text = page(true, &Looked::Unknown { suggestions });
    assert!(text.starts_with("**E11.9** is no code of ICD-10-CM 2026-04-01."), "{text}");
    assert!(text.contains("E11.65 T2DM with hyperglycemia"));
}

#[test]
fn what_could_not_be_asked_is_never_called_unknown() {
    let text = page(true, &Looked::Unavailable(UnavailableReason::ServiceUnreachable));
    assert!(text.contains("could not be asked") && !text.contains("no code"), "{text}");
}

#[test]
fn brackets_of_official_titles_stay_brackets() {
    let mut odd = concept();
    odd.titled.title = "Disease [a] *b*".to_owned();
    assert!(
        page(true, &Looked::Known(Box::new(odd))).starts_with(r"**E11.9** Disease \[a\] \*b\*")
    );
}

#[test]
fn notes_of_one_node_share_a_line() {
    let mut noted = concept();
    let again =
        Instruction { text: "gestational diabetes (O24.4-)".to_owned(), ..noted.notes[0].clone() };
    noted.notes.push(again);
    let text = page(false, &Looked::Known(Box::new(noted)));
    let line =
        "Excludes1 (at E11): type 1 diabetes mellitus (E10.-); gestational diabetes (O24.4-)";
    assert!(text.contains(line), "{text}");
}

fn long() -> Looked {
    let mut long = concept();
    long.notes = (0..100)
        .map(|n| Instruction {
            kind: NoteKind::Excludes2,
            owner: format!("E{n}"),
            text: format!("note {n}"),
        })
        .collect();
    Looked::Known(Box::new(long))
}

#[test]
fn a_long_page_is_cut_and_keeps_its_ending() {
    let mut shown = Page::new(true);
    shown.subject(&subject(&long())).issues(["warning: something (a-rule)".to_owned()]);
    let text = shown.finish();
    let lines: Vec<_> = text.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.len(), MAX_LINES + 1);
    let ending =
        ["…", "warning: something (a-rule)", "ICD-10-CM 2026-04-01 · asked for 2026-03-02"];
    assert_eq!(lines[MAX_LINES - 2..], ending);
}

#[test]
fn codes_lead_to_their_pages() {
    let mut links = Links::default();
    for code in ["E10", "E11", "E11.9", "chapter-04"] {
        links.add(code.to_owned(), format!("file:///p/{code}.md#L3"));
    }
    let known = Looked::Known(Box::new(concept()));
    let text = Page::new(true).with_links(links.clone()).subject(&subject(&known)).finish();
    let path = "\
[Endocrine, nutritional and metabolic diseases](file:///p/chapter-04.md#L3) › E08-E13 Diabetes mellitus › \
[E11](file:///p/E11.md#L3) Type 2 diabetes mellitus";
    assert!(text.contains(path), "{text}");
    let note = "\
**Excludes1** (at [E11](file:///p/E11.md#L3)): type 1 diabetes mellitus ([E10.-](file:///p/E10.md#L3))";
    assert!(text.contains(note), "{text}");
    let cut = Page::new(true).with_links(links.clone()).subject(&subject(&long())).finish();
    let more = "\n\n[… more on the page of E11.9](file:///p/E11.9.md#L3)\n\nICD";
    assert!(cut.contains(more), "{cut}");
    let plain = Page::new(false).with_links(links).subject(&subject(&known)).finish();
    assert!(!plain.contains("file:"), "{plain}");
}

#[test]
fn names_every_code_once() {
    let mut known = concept();
    known.notes[0].text = "type 1 (E10.-), E10, E11 and of newborn (P70.2)".to_owned();
    let expected = ["E11.9", "E11", "E08-E13", "chapter-04", "E10", "P70.2"];
    assert_eq!(named_codes(&known, &[]), expected);
}

#[test]
fn cpt_without_its_file_shows_form_and_way_out() {
    let looked = Looked::Unavailable(UnavailableReason::CodeSystemNotLoaded);
    let subject = Subject { system: CodeSystem::Cpt, written: "99213", ..subject(&looked) };
    let text = Page::new(true).subject(&subject).finish();
    assert!(text.starts_with("**99213** CPT · the form of a code of category I  \n"), "{text}");
    assert!(text.contains("medcode catalog import FILE"), "{text}");
}
