//! What holds for every text.

use proptest::prelude::*;

use crate::note::{Evidence, Note, context_at, scan};

/// What holds for every text.
fn check(text: &str, note: &Note) -> Result<(), TestCaseError> {
    let inside = |range: &std::ops::Range<usize>| {
        range.start <= range.end && text.get(range.clone()).is_some()
    };
    let mut last = 0;
    for mention in &note.mentions {
        prop_assert!(inside(&mention.range) && !mention.range.is_empty());
        prop_assert!(last <= mention.range.start);
        last = mention.range.end;
        prop_assert!(mention.modifiers.iter().all(inside));
        prop_assert!(mention.description.iter().all(inside));
        let details = &mention.details;
        prop_assert!(details.pointers.iter().all(|it| inside(&it.range)));
        prop_assert!(details.place_of_service.iter().all(inside));
        prop_assert!(details.service_date.iter().all(|it| inside(&it.range)));
        let scope = &note.encounters[mention.encounter].range;
        prop_assert!(scope.start <= mention.range.start && mention.range.end <= scope.end);
    }
    prop_assert_eq!(note.encounters.first().map(|it| it.range.start), Some(0));
    prop_assert_eq!(note.encounters.last().map(|it| it.range.end), Some(text.len()));
    prop_assert!(note.encounters.windows(2).all(|pair| pair[0].range.end == pair[1].range.start));
    for scope in &note.encounters {
        prop_assert!(inside(&scope.range) && scope.heading.iter().all(inside));
        prop_assert!(
            scope.service_date.iter().chain(&scope.discharge_date).all(|it| inside(&it.range))
        );
        prop_assert!(scope.admission_date.iter().all(|it| inside(&it.range)));
        let fields = scope.place_of_service.iter().chain(&scope.discharge_status);
        prop_assert!(fields.chain(&scope.payer).chain(&scope.condition_codes).all(inside));
    }
    let mut last = 0;
    for placeholder in &note.placeholders {
        prop_assert!(inside(&placeholder.range) && last <= placeholder.range.start);
        last = placeholder.range.end;
        let scope = &note.encounters[placeholder.encounter].range;
        prop_assert!(scope.start <= placeholder.range.start && placeholder.range.end <= scope.end);
    }
    for pragma in &note.pragmas {
        prop_assert!(inside(&pragma.range) && pragma.rule_ranges.iter().all(inside));
    }
    Ok(())
}

/// What the scanner looks for.
const PIECES: &[&str] = &[
    "Dx:",
    "ICD-10",
    "ICD-9: ",
    "CPT",
    "Px: ",
    "cpt:",
    "icd10:",
    "[[",
    "]]",
    "E11.9",
    "e11.9",
    "I10",
    "E11",
    ",65",
    "99213",
    "-25",
    "9921325",
    "J1885",
    "0DTJ4ZZ",
    ".-",
    "-E13",
    "A00-A09",
    "\u{0415}11.9",
    "E11\u{2011}",
    "\u{FF25}11.9",
    "250.00",
    ", ",
    "; ",
    " and ",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "| ",
    "|",
    "\n|---|---|\n",
    "```",
    "```icd10\n",
    "```json\n",
    "~~~\n",
    "---\n",
    "dx: [",
    "# ",
    "## ",
    "2026-03-02",
    "March 2, 2026",
    "DOS: ",
    "Date: ",
    "45 y/o F",
    "Age: ",
    "Sex: F",
    "PMH:",
    "Encounter:",
    "(",
    ")",
    "*",
    "_",
    "`",
    "\"",
    "\\",
    "<!-- ",
    "-->",
    "medcode: ",
    "ignore-start a-b",
    "ignore-end a-b",
    " -- ",
    "HI*ABK:",
    "ISA*",
    "CLM*",
    "SV1*HC:99213*1*UN*1***1:2",
    "{{",
    "}}",
    "{{#if a}}",
    "{{/if}}",
    "{%",
    "***",
    "@NAME@",
    "${a}",
    "[ ] ",
    "[x]",
    "\u{2610}",
    " vs ",
    " or ",
    "r/o ",
    "?",
    "24. A. DATE",
    "03/02/2026 11 ",
    " A,B 150.00 1",
    "Units: 2",
    "Dx ptr: A",
    "POA: Y",
    "DOB: ",
    "Payer: ",
    "POS: 11",
    "Condition codes: ",
    "NPI 1234567893",
    "Electronically signed by ",
    "Dx,CPT,Units\n",
    "\"diagnosis\": [",
    "\"sequence\": 1",
    "DTP*434*RD8*",
    "~",
    "{\"system\": \"http://hl7.org/fhir/sid/icd-10-cm\", ",
    "\"code\": \"",
    "}",
    "[{",
    "https://",
    "@",
    "$",
    "WA ",
    ".",
    ":",
    "#",
    "\u{1F600}",
    "e\u{301}",
    "Type 2 diabetes",
    "21. ",
    "A. ",
    "Modifier: ",
    "x2",
    "\u{FEFF}",
    "\u{200B}",
    "\u{85}",
    "\u{2028}",
];

/// Texts made of it.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_scanned(text in "(?s).{0,200}") {
        check(&text, &scan(&text))?;
    }

    #[test]
    fn any_mixture_is_scanned(text in pieces()) {
        check(&text, &scan(&text))?;
    }

    #[test]
    fn line_ends_make_no_difference(text in pieces()) {
        let text = text.replace('\r', "");
        let windows = text.replace('\n', "\r\n");
        let codes = |text: &str| -> Vec<(String, Evidence, usize)> {
            let found = scan(text).mentions;
            found.into_iter().map(|it| (text[it.range].to_owned(), it.evidence, it.encounter)).collect()
        };
        prop_assert_eq!(codes(&text), codes(&windows));
    }

    #[test]
    fn any_place_has_a_context(text in pieces(), place in any::<prop::sample::Index>()) {
        let offset = place.index(text.len() + 2);
        let context = context_at(&text, offset);
        prop_assert!(text.get(context.replace.clone()).is_some());
        prop_assert!(context.replace.end <= offset && context.replace.end <= context.code_end);
        prop_assert!(text.get(context.replace.end..context.code_end).is_some());
        prop_assert!(!context.silent || context.systems.is_empty());
        prop_assert!(context.modifier_of.iter().all(|range| text.get(range.clone()).is_some()));
    }
}
