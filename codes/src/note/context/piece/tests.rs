use crate::{
    note::{TypingContext, context_at},
    system::CodeSystem,
};

/// The context at `$0`, and what it would replace.
fn at(marked: &str) -> (TypingContext, String) {
    let offset = marked.find("$0").unwrap();
    let text = marked.replacen("$0", "", 1);
    let context = context_at(&text, offset);
    let replaced = text[context.replace.clone()].to_owned();
    (context, replaced)
}

fn expect(marked: &str, first: Option<CodeSystem>, replaced: &str, words: bool, automatic: bool) {
    let (context, text) = at(marked);
    let found = (context.systems.first().copied(), &*text, context.words, context.automatic);
    assert_eq!(found, (first, replaced, words, automatic), "{marked}");
    assert!(!context.silent, "{marked}");
}

const CM: Option<CodeSystem> = Some(CodeSystem::Icd10Cm);

#[test]
fn a_sigil_asks_for_its_system() {
    expect("seen icd10:E1$0", CM, "E1", false, true);
    expect("seen icd10:type 2$0", CM, "type 2", true, true);
    expect("seen pcs:0DT$0", Some(CodeSystem::Icd10Pcs), "0DT", false, true);
    expect("seen cpt:992$0", Some(CodeSystem::Cpt), "992", false, true);
    expect("seen hcpcs:J1$0", Some(CodeSystem::Hcpcs), "J1", false, true);
    expect("see [[E11$0", CM, "E11", false, true);
    expect("see [[E11.9]] and so on$0", CM, "and so on", true, false);
}

#[test]
fn a_label_asks_for_codes_or_words() {
    expect("Dx: E11.$0", CM, "E11.", false, true);
    expect("Dx: type 2 diab$0", CM, "type 2 diab", true, true);
    expect("Dx: Type 2$0", CM, "Type 2", true, true);
    expect("Dx: E11.9, hyp$0", CM, "hyp", true, true);
    expect("Dx: E11.9, I1$0", CM, "I1", false, true);
    expect("Dx: E11.9 I1$0", CM, "I1", false, true);
    expect("Dx: nausea and vom$0", CM, "nausea and vom", true, true);
    expect("Dx: E11.9 and hyp$0", CM, "hyp", true, true);
    expect("CPT: 992$0", Some(CodeSystem::Cpt), "992", false, true);
    expect("Px: 0DT$0", Some(CodeSystem::Cpt), "0DT", false, true);
    let (context, _) = at("Dx: E$0");
    assert!(context.declared && context.automatic);
}

#[test]
fn an_empty_field_opens_nothing_by_itself() {
    expect("Dx: $0", CM, "", false, false);
    expect("Dx: E11.9, $0", CM, "", false, false);
    expect("Dx: E11.9 type 2 di$0", CM, "type 2 di", true, false);
    expect("$0", CM, "", false, false);
}

#[test]
fn a_list_ends_with_its_sentence() {
    expect("Dx: E11.9. The patient$0", CM, "The patient", true, false);
    expect("Dx: E11.9 Plan: rest and $0", CM, "rest and ", true, false);
}

#[test]
fn structures_ask_for_their_systems() {
    expect("| ICD-10 | CPT |\n|---|---|\n| E1$0", CM, "E1", false, true);
    expect(
        "| ICD-10 | CPT |\n|---|---|\n| E11.9 | 99$0 |",
        Some(CodeSystem::Cpt),
        "99",
        false,
        true,
    );
    expect("---\ndx:\n  - E1$0\n---\n", CM, "E1", false, true);
    expect("---\ncpt: 99213, 99$0\n---\n", Some(CodeSystem::Cpt), "99", false, true);
    expect("```icd10\ntype 2$0", CM, "type 2", true, true);
    expect("```superbill\nCPT,Dx\n99213,E1$0\n```", CM, "E1", false, true);
    expect("```icd10\n$0", CM, "", false, false);
    for marked in [
        "---\ntitle: E1$0\n---\n",
        "| ICD-$0 | CPT |\n|---|---|\n",
        "| Dx | Units |\n|---|---|\n| I10 | 10$0 |",
    ] {
        assert!(at(marked).0.systems.is_empty(), "{marked}");
    }
}

#[test]
fn a_modifier_belongs_to_its_code() {
    for (marked, replaced) in [
        ("CPT: 99213-$0", ""),
        ("CPT: 99213-2$0", "2"),
        ("CPT: 99213-25-$0", ""),
        ("Seen, 99213-$0", ""),
        ("CPT: 99213 Modifier: 2$0", "2"),
        ("| CPT | Mod |\n|---|---|\n| 99213 | 2$0 |", "2"),
    ] {
        let (context, text) = at(marked);
        assert_eq!(text, replaced, "{marked}");
        assert_eq!(
            context.modifier_of.map(|it| marked.replace("$0", "")[it].to_owned()).as_deref(),
            Some("99213"),
            "{marked}"
        );
        assert!(context.systems.is_empty() && context.automatic);
    }
    assert_eq!(at("Dx: E11.9-$0").0.modifier_of, None);
}

#[test]
fn prose_offers_codes_by_letter_and_digit() {
    expect("She has E1$0", CM, "E1", false, true);
    expect("She has e11.$0", CM, "e11.", false, true);
    assert_eq!(at("She has J18$0").0.systems, [CodeSystem::Icd10Cm, CodeSystem::Hcpcs]);
    assert_eq!(at("She has E11.$0").0.systems, [CodeSystem::Icd10Cm]);
    expect("Visit 992$0", Some(CodeSystem::Cpt), "992", false, false);
    expect("Visit 99$0", CM, "Visit 99", true, false);
}

#[test]
fn prose_offers_words_when_asked() {
    expect(
        "Today, one two three four five six seven$0",
        CM,
        "two three four five six seven",
        true,
        false,
    );
    expect("B12$0 ", CM, "B12", true, false);
}

#[test]
fn the_code_behind_the_caret_is_known() {
    let (context, text) = at("Dx: E11.$099, I10");
    assert_eq!((&*text, context.code_end), ("E11.", 10));
    let (context, _) = at("Dx: E11$0.");
    assert_eq!(context.code_end, 7);
    let (context, _) = at("Dx: type$0 2");
    assert_eq!(context.code_end, 8);
    for (marked, end) in [("CPT: 99213-2$05 x", 13), ("CPT: 99213-$025", 13), ("99213-$0abc", 6)] {
        assert_eq!(at(marked).0.code_end, end, "{marked}");
    }
}

#[test]
fn nothing_is_offered_in_foreign_places() {
    for marked in [
        "https://example.org/E1$0",
        "see [x](E1$0",
        "a.b@example.org E11.9@exa.mple$0",
        "```python\nE1$0\n```",
        "```python\nE1$0",
        "```icd$0",
        "<!-- medcode: ignore E1$0",
        "<!-- a E1$0 -->",
        "<!-- medcode: ignore-start a-rule -->\nDx: E1$0\n",
        "{\"code\": \"E1$0\"}",
        "HI*ABK:E1$0",
    ] {
        let (context, _) = at(marked);
        assert!(context.silent && context.systems.is_empty(), "{marked}: {context:?}");
    }
}
