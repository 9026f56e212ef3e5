//! Whole pages, as somebody reads them.

use std::collections::HashMap;

use medcode_codes::{code::CodeKey, date::parse_iso, system::CodeSystem};

use super::*;
use crate::concept::SeventhCharacter;

fn header(code: &str, title: &str) -> Concept {
    let mut header = Concept::billable(CodeSystem::Icd10Cm, code, title);
    (header.billable, header.header) = (false, true);
    header
}

fn note(kind: NoteKind, owner: &str, text: &str) -> Instruction {
    Instruction { kind, owner: owner.to_owned(), text: text.to_owned() }
}

fn name(system: CodeSystem, code: &str) -> PageName {
    PageName::of(system, code).unwrap()
}

fn femur() -> Source {
    let mut chapter = header("chapter-19", "Injury (S00-T88)");
    chapter.notes = vec![note(NoteKind::Excludes1, "chapter-19", "birth trauma (P10-P15)")];
    let block = header("S70-S79", "Injuries to the hip and thigh (S70-S79)");
    let mut category = header("S72", "Fracture of femur");
    category.notes = vec![
        note(NoteKind::Excludes2, "S72", "fracture of foot (S92.-)"),
        note(NoteKind::Excludes1, "S72", "see S72.0, not vitamin B12 [see there]"),
        note(NoteKind::Excludes1, "chapter-19", "birth trauma (P10-P15)"),
    ];
    let mut stem = header("S72.0", "Fracture of neck of femur");
    stem.inclusion_terms = vec!["Fracture of hip NOS".to_owned()];
    stem.seventh_characters = vec![SeventhCharacter {
        character: "A".to_owned(),
        meaning: "initial encounter".to_owned(),
        code: "S72.0XXA".to_owned(),
    }];
    let complete =
        Concept::billable(CodeSystem::Icd10Cm, "S72.0XXA", "Fracture of neck of femur, initial");
    Source::Category {
        above: vec![block, chapter],
        nodes: vec![category, stem],
        complete: HashMap::from([("S72.0XXA".to_owned(), complete)]),
    }
}

#[test]
fn a_category_has_its_notes_its_codes_and_what_holds_above_it() {
    let drawn = draw(&name(CodeSystem::Icd10Cm, "S72"), "2026-04-01", &femur());
    let expected = "\
ICD-10-CM 2026-04-01 · [Chapter 19: Injury (S00-T88)](chapter-19.md) › \
[S70-S79 Injuries to the hip and thigh](chapter-19.md)

# S72 Fracture of femur

Not billable: codes stand below it

**Excludes1**

- see [S72.0](S72.md#L15), not vitamin B12 [see there]

**Excludes2**

- fracture of foot ([S92.-](S92.md))

## S72.0 Fracture of neck of femur

Not billable without a 7th character

**Also**

- Fracture of hip NOS

**7th characters**

- **S72.0XXA** initial encounter · billable since 2015-10-01

## What also holds for these codes

### Notes of chapter 19: Injury (S00-T88)

**Excludes1**

- birth trauma ([P10](P10.md)-[P15](P15.md))
";
    assert_eq!(drawn.text, expected);
}

#[test]
fn everything_on_a_page_is_found_in_it() {
    let drawn = draw(&name(CodeSystem::Icd10Cm, "S72"), "2026-04-01", &femur());
    let lines: Vec<&str> = drawn.text.lines().collect();
    let words = |code: &str| {
        let spot = drawn.spot(CodeSystem::Icd10Cm, code).unwrap();
        let (start, end) = (spot.columns.start as usize, spot.columns.end as usize);
        (&lines[spot.line as usize][start..end], lines.get(spot.end as usize).copied())
    };
    // The category is the whole page.
    assert_eq!(words("S72"), ("S72", None));
    assert_eq!(words("S72.0").1, Some("## What also holds for these codes"));
    assert_eq!(words("S72.0XXA").0, "S72.0XXA");
    // What the page does not show is found with what it would stand below.
    assert_eq!(words("S72.09").0, "S72.0");
    assert_eq!(words("s72.9").0, "S72");
    let line = drawn.note("S72", "fracture of foot (S92.-)").unwrap();
    assert!(lines[line as usize].starts_with("- fracture of foot"));
    assert_eq!(drawn.note("S72", "fracture of hand"), None);
    let stems: Vec<_> = drawn.links.iter().map(PageName::stem).collect();
    assert_eq!(stems, ["chapter-19", "P10", "P15", "S72", "S92"]);
}

#[test]
fn a_chapter_leads_to_its_categories() {
    let source = Source::Overview {
        top: Box::new(header("chapter-04", "Endocrine diseases (E00-E89)")),
        groups: vec![(
            header("E36-E36", "Complications (E36)"),
            vec![header("E36", "Intraoperative complications")],
        )],
    };
    let drawn = draw(&name(CodeSystem::Icd10Cm, "chapter-04"), "2026-04-01", &source);
    let expected = "\
ICD-10-CM 2026-04-01

# Chapter 4: Endocrine diseases (E00-E89)

## E36-E36 Complications

- [E36](E36.md) Intraoperative complications
";
    assert_eq!(drawn.text, expected);
    assert_eq!(drawn.spot(CodeSystem::Icd10Cm, "E36-E36").unwrap().line, 4);
}

#[test]
fn a_table_has_a_line_for_each_code() {
    let system = CodeSystem::Icd10Pcs;
    let mut table = Concept::billable(system, "0SR", "Lower Joints, Replacement");
    table.header = true;
    let mut part = Concept::billable(system, "0SR9", "Hip Joint, Right");
    part.header = true;
    let mut approach = Concept::billable(system, "0SR90", "Open");
    approach.header = true;
    let mut code = Concept::billable(system, "0SR9019", "Replacement of Right Hip Joint");
    (code.billable, code.to) = (false, parse_iso("2025-09-30").ok());
    code.ended = true;
    let above = vec![
        Concept::billable(system, "0S", "Lower Joints"),
        Concept::billable(system, "0", "Medical"),
    ];
    let source = Source::Table { above, axes: Vec::new(), rows: vec![table, part, approach, code] };
    let drawn = draw(&name(system, "0SR9019"), "2026-10-01", &source);
    let expected = "\
ICD-10-PCS 2026-10-01 · [0 Medical](0.md) › [0S Lower Joints](0.md)

# 0SR Lower Joints, Replacement

## 0SR9 Hip Joint, Right

- **0SR9019** Replacement of Right Hip Joint · billable from 2015-10-01 to 2025-09-30
";
    assert_eq!(drawn.text, expected);
    assert_eq!(drawn.spot(system, "0SR90").unwrap().line, 4);
}

#[test]
fn supplies_of_a_partial_list_say_what_is_not_known() {
    let system = CodeSystem::Hcpcs;
    let mut code = Concept::billable(system, "J0801", "Inj. acthar gel to 40 units");
    (code.billable, code.from) = (false, None);
    code.missing = "only a part of HCPCS Level II is installed".to_owned();
    let key = CodeKey::new("J08").unwrap();
    let page = PageName { system, part: Part::Supplies(key) };
    let drawn = draw(&page, "2026-07-01", &Source::Supplies(vec![code.clone()]));
    let expected = "\
HCPCS Level II 2026-07-01

# J08 codes J0800 to J0899 of HCPCS Level II

## J0801 Inj. acthar gel to 40 units

Not known whether billable

Only a part of HCPCS Level II is installed.
";
    assert_eq!(drawn.text, expected);
    let letter = draw(&name(system, "J"), "2026-07-01", &Source::Supplies(vec![code]));
    assert!(
        letter.text.ends_with("\n- [J0801](J08.md) Inj. acthar gel to 40 units\n"),
        "{}",
        letter.text
    );
}

#[test]
fn official_texts_mean_themselves() {
    let mut odd =
        Concept::billable(CodeSystem::Icd10Cm, "J00", "Acute nasopharyngitis [common cold] *x*");
    odd.inclusion_terms = vec!["Disease [a](b) <24 hours".to_owned()];
    let source = Source::Category { above: Vec::new(), nodes: vec![odd], complete: HashMap::new() };
    let drawn = draw(&name(CodeSystem::Icd10Cm, "J00"), "2026-04-01", &source);
    assert!(
        drawn.text.contains(r"# J00 Acute nasopharyngitis [common cold] \*x\*"),
        "{}",
        drawn.text
    );
    assert!(drawn.text.contains(r"- Disease [a]\(b) \<24 hours"), "{}", drawn.text);
}
