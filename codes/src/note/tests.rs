//! Whole texts: which codes are found, how sure they are, and what is left alone. All texts are invented.

use super::{Evidence, Form, Place, scan};
use crate::system::CodeSystem;

mod properties;

/// The codes found with at least the evidence `least`, as written.
fn found(text: &str, least: Evidence) -> Vec<&str> {
    let rank = |evidence| match evidence {
        Evidence::Certain => 0,
        Evidence::Labelled => 1,
        Evidence::Dotted => 2,
        Evidence::Bare => 3,
    };
    let note = scan(text);
    note.mentions
        .into_iter()
        .filter(|it| rank(it.evidence) <= rank(least))
        .map(|it| &text[it.range])
        .collect()
}

/// The codes behind labels and in structures.
fn labelled(text: &str) -> Vec<&str> {
    found(text, Evidence::Labelled)
}

/// The descriptions of all codes, `-` where there is none.
fn described(text: &str) -> Vec<&str> {
    let note = scan(text);
    note.mentions.into_iter().map(|it| it.description.map_or("-", |range| &text[range])).collect()
}

#[test]
fn labels_introduce_lists() {
    for (text, codes) in [
        ("Dx: E11.9, I10; N18.3 and E66.9", &["E11.9", "I10", "N18.3", "E66.9"][..]),
        ("Dx: E11.9/I10 & N18.3", &["E11.9", "I10", "N18.3"]),
        ("Dx: E11.9 I10 N18.3", &["E11.9", "I10", "N18.3"]),
        ("Dx: E11.9. I10. Seen today.", &["E11.9", "I10"]),
        ("Dx 1: E11.9 Dx 2: I10", &["E11.9", "I10"]),
        ("Dx: 1. E11.9 2. I10", &["E11.9", "I10"]),
        ("**Dx:** `E11.9`, *I10*", &["E11.9", "I10"]),
        ("Dx: \"E11.9\", (I10)", &["E11.9", "I10"]),
        ("Diagnosis E11.9 was made", &["E11.9"]),
        ("The ICD-10 code for this is E11.9.", &["E11.9"]),
        ("ICD10-I10, CPT-99214: visit", &["I10", "99214"]),
        ("CPT 99213, 99214 and 36415", &["99213", "99214", "36415"]),
        ("CPT/HCPCS: 99213, J1885", &["99213", "J1885"]),
        ("Px: 99213; 0DTJ4ZZ", &["99213", "0DTJ4ZZ"]),
        ("Dx/CPT: E11.9 / 99213", &["E11.9", "99213"]),
        ("Dx: E11.9\tCPT: 99213", &["E11.9", "99213"]),
        ("Dx: dx e11.9, i10", &["e11.9", "i10"]),
        ("dx e119", &["e119"]),
        ("Dx: HTN: I10, DM: E11.9", &["I10", "E11.9"]),
    ] {
        assert_eq!(labelled(text), codes, "{text}");
    }
}

#[test]
fn a_description_may_stand_on_either_side() {
    for text in [
        "Dx: Type 2 diabetes mellitus E11.9",
        "Dx: E11.9 Type 2 diabetes mellitus",
        "Dx: Type 2 diabetes mellitus (E11.9)",
        "Dx: E11.9 - Type 2 diabetes mellitus",
        "Dx: E11.9: Type 2 diabetes mellitus",
        "Dx: E11.9 (Type 2 diabetes mellitus)",
        "Known Type 2 diabetes mellitus (E11.9).",
        "- E11.9 Type 2 diabetes mellitus",
        "1. E11.9 Type 2 diabetes mellitus",
    ] {
        let description = described(text);
        assert_eq!(description.len(), 1, "{text}");
        assert!(description[0].ends_with("Type 2 diabetes mellitus"), "{text}: {description:?}");
        assert!(!description[0].contains(['(', ':']), "{text}: {description:?}");
    }
    assert_eq!(
        described("Dx: E11.9 Diabetes, type 2, I10 Hypertension"),
        ["Diabetes, type 2", "Hypertension"]
    );
    assert_eq!(described("Dx: Diabetes E11.9, Hypertension (I10)"), ["Diabetes", "Hypertension"]);
    assert_eq!(described("diabetes (E11.9) and hypertension (I10)"), ["diabetes", "hypertension"]);
    assert_eq!(described("Dx: E11.9 Diabetes CPT: 99213 Visit"), ["Diabetes", "Visit"]);
    assert_eq!(described("Dx: E11.9, I10"), ["-", "-"]);
    for text in [
        "E11.9 was chosen.",
        "CPT 99213 was billed",
        "Dx: E11.9 (primary)",
        "Principal dx: E11.9 Secondary dx: pending",
    ] {
        assert_eq!(described(text), ["-"], "{text}");
    }
    for text in [
        "1. Hypertension - I10",
        "PMH: Hypertension (I10)",
        "Hypertension: E11.9",
        "Dx: fever, Hypertension I10",
    ] {
        assert_eq!(described(text), ["Hypertension"], "{text}");
    }
    assert_eq!(described("The code E11.9 (Type 2 diabetes) replaced it."), ["Type 2 diabetes"]);
    assert_eq!(described("We chose E11.9 for the claim."), ["-"]);
}

#[test]
fn words_behind_a_label_are_no_codes() {
    for text in [
        "Dx: pending",
        "Dx: none",
        "Dx: Type 2 diabetes",
        "Dx: 2 weeks of cough",
        "Dx: 3rd degree burn",
        "Dx: 100 degrees fever",
        "Dx: 10 day fever",
        "Dx: T2DM, CKD3, HTN",
        "Dx: COVID19",
        "Dx: COVID-19",
        "Dx: B12 deficiency",
        "Dx: T12 fracture",
        "Dx: G2P1 at 39 weeks",
        "Dx: H1N1 influenza",
        "Dx: 1p36 deletion",
        "Dx: p53 mutation",
        "Dx: parvovirus B19",
        "Dx: enterovirus D68",
        "Dx: CO2 retention",
        "Dx: 2019",
        "Dx 3/2019",
        "Dx: BP 120/80",
        "Dx: 46 y/o male with cough",
        "Dx: fever 101.3, 101.5F",
        "Dx: C6 radiculopathy",
        "Dx: HLA-B27 spondylitis",
        "Dx: B27+ spondylitis",
        "Dx: T10-T12 fracture",
        "CPT: pending",
        "CPT: 2 units",
        "CPT: $120.00",
        "per CPT 2024 rules",
        "CPT codes in the 90000 range",
        "ICD placed 2019",
        "ICD-10-CM FY2026 release",
        "ICD-10 2026 update",
        "Px reports 3 days of pain",
        "modifier 25",
        "HCPCS: D0120",
        "ICD-9: 250.00, V58.69",
        "NDC 00378514501",
        "NPI: 1234567893",
        "DRG 470",
        "Rev code: 0450",
        "DSM-5 chapter 2",
        "Dx: see https://example.org/dx/E11.9",
        "E-mail dx:e11.9@example.org",
        "Dx: 5.5 cm mass",
        "Dx: 98.6",
        "see owner/icd#169",
    ] {
        assert_eq!(labelled(text), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn mistyped_codes_behind_a_label_are_found() {
    for (text, code, system) in [
        ("CPT: 9921", "9921", CodeSystem::Cpt),
        ("CPT 9921", "9921", CodeSystem::Cpt),
        ("CPT: 9921O - visit", "9921O", CodeSystem::Cpt),
        ("ICD-10: 1E1.9", "1E1.9", CodeSystem::Icd10Cm),
        ("ICD-10: I1O", "I1O", CodeSystem::Icd10Cm),
        ("Dx: E11.99999", "E11.99999", CodeSystem::Icd10Cm),
        ("Dx: 250.00", "250.00", CodeSystem::Icd10Cm),
        ("ICD: 401.9", "401.9", CodeSystem::Icd10Cm),
        ("Dx: V58.69", "V58.69", CodeSystem::Icd10Cm),
        ("Dx: E1O.9 diabetes", "E1O.9", CodeSystem::Icd10Cm),
        ("Dx: E116.5", "E116.5", CodeSystem::Icd10Cm),
        ("Dx: E1.165", "E1.165", CodeSystem::Icd10Cm),
        ("Dx: E11..65", "E11..65", CodeSystem::Icd10Cm),
        ("Dx: .E1165", ".E1165", CodeSystem::Icd10Cm),
        ("Dx: E11,65", "E11,65", CodeSystem::Icd10Cm),
        ("Dx: E11 65", "E11 65", CodeSystem::Icd10Cm),
        ("Dx: t36.0x1a", "t36.0x1a", CodeSystem::Icd10Cm),
        ("Dx: W19A", "W19A", CodeSystem::Icd10Cm),
        ("Dx: \u{0415}11.9", "\u{0415}11.9", CodeSystem::Icd10Cm),
        ("Dx: \u{FF25}\u{FF11}\u{FF11}.9", "\u{FF25}\u{FF11}\u{FF11}.9", CodeSystem::Icd10Cm),
        ("Dx: E11\u{00B7}65", "E11\u{00B7}65", CodeSystem::Icd10Cm),
        ("Dx: E11\u{200B}.65", "E11\u{200B}.65", CodeSystem::Icd10Cm),
        ("PCS: 0DTJ.4ZZ", "0DTJ.4ZZ", CodeSystem::Icd10Pcs),
        ("PCS: ODTJ4ZZ", "ODTJ4ZZ", CodeSystem::Icd10Pcs),
        ("ICD-10-PCS: 02RF38O", "02RF38O", CodeSystem::Icd10Pcs),
        ("CPT: E11.9", "E11.9", CodeSystem::Cpt),
        ("Dx: 99213", "99213", CodeSystem::Icd10Cm),
        ("HCPCS: J188", "J188", CodeSystem::Hcpcs),
    ] {
        let note = scan(text);
        assert_eq!(note.mentions.len(), 1, "{text}");
        let mention = &note.mentions[0];
        assert_eq!((&text[mention.range.clone()], mention.system), (code, system), "{text}");
        assert!(
            mention.declared
                && mention.evidence == Evidence::Labelled
                && mention.place == Place::Label,
            "{text}"
        );
    }
}

#[test]
fn a_comma_for_the_point_is_told_from_a_list() {
    assert_eq!(labelled("Dx: E11,I10"), ["E11", "I10"]);
    assert_eq!(labelled("Dx: E11, 65"), ["E11"]);
    assert_eq!(labelled("Dx: E11,9"), ["E11"]);
    assert_eq!(labelled("Dx: S72,001A, W19,XXXA"), ["S72,001A", "W19"]);
    assert_eq!(labelled("Dx: E11 65 years old"), ["E11"]);
}

#[test]
fn references_to_categories_are_one_mention() {
    for (text, code, form) in [
        ("Dx: E11.-", "E11.-", Form::Category),
        ("Dx: E11-", "E11-", Form::Category),
        ("Dx: E11.x", "E11.x", Form::Category),
        ("Dx: A00-A09", "A00-A09", Form::Span),
        ("The codes E11.- are about diabetes", "E11.-", Form::Category),
        ("The codes E08-E13 are about diabetes", "E08-E13", Form::Span),
        ("Dx: E11\u{2011}", "E11\u{2011}", Form::Category),
    ] {
        let note = scan(text);
        let found: Vec<(&str, Form)> =
            note.mentions.iter().map(|it| (&text[it.range.clone()], it.form)).collect();
        assert_eq!(found, [(code, form)], "{text}");
    }
}

#[test]
fn sigils_are_certain() {
    for (text, code, system, declared) in [
        ("see [[E11.9]] here", "E11.9", CodeSystem::Icd10Cm, false),
        ("see [[e11.9|diabetes]]", "e11.9", CodeSystem::Icd10Cm, false),
        ("[[99213]]", "99213", CodeSystem::Cpt, false),
        ("icd10:E11.9", "E11.9", CodeSystem::Icd10Cm, true),
        ("cpt:99213", "99213", CodeSystem::Cpt, true),
        ("hcpcs:J1885", "J1885", CodeSystem::Hcpcs, true),
        ("pcs:0DTJ4ZZ", "0DTJ4ZZ", CodeSystem::Icd10Pcs, true),
    ] {
        let note = scan(text);
        assert_eq!(note.mentions.len(), 1, "{text}");
        let mention = &note.mentions[0];
        assert_eq!(
            (&text[mention.range.clone()], mention.system, mention.declared),
            (code, system, declared),
            "{text}"
        );
        assert_eq!((mention.evidence, mention.place), (Evidence::Certain, Place::Sigil), "{text}");
    }
    assert!(scan("[[Daily note]] [[2026]]").mentions.is_empty());
    assert_eq!(labelled("icd10:E11.9, I10"), ["E11.9", "I10"]);
}

#[test]
fn prose_has_two_tiers() {
    for text in [
        "She has E11.9 today.",
        "`E11.9`",
        "Type 2 diabetes (E11.9)",
        "- E11.9 diabetes",
        "\u{0415}11.9",
        "see E11.-",
    ] {
        let note = scan(text);
        let evidence: Vec<Evidence> = note.mentions.iter().map(|it| it.evidence).collect();
        assert_eq!(evidence, [Evidence::Dotted], "{text}");
        assert!(!note.mentions[0].declared && note.mentions[0].place == Place::Prose, "{text}");
    }
    for text in
        ["She has I10.", "seen, 99213", "J1885 given", "0DTJ4ZZ done", "E119", "visit 99213-25"]
    {
        let evidence: Vec<Evidence> = scan(text).mentions.iter().map(|it| it.evidence).collect();
        assert_eq!(evidence, [Evidence::Bare], "{text}");
    }
    assert_eq!(scan("visit 99213-25").mentions[0].modifiers.first(), Some(&(12..14)));
    for text in ["she has e11.9", "i10", "0dtj4zz", "average", "1234567"] {
        assert!(scan(text).mentions.is_empty(), "{text}");
    }
}

/// Rules, 6.2.
#[test]
fn places_where_nothing_without_a_label_counts() {
    for text in [
        "https://example.org/ICD10CM/Codes/E08-E13/E11-/E11.9",
        "www.example.org/E11.9",
        "[diabetes](codes/E11.9)",
        "E11.9@example.org",
        "/data/notes/E11.9",
        "C:\\notes\\E11.9",
        "visit-E11.9.pdf",
        "Spokane, WA 99202",
        "Spokane, WA 99202-1234",
        "(509) 99213",
        "paid $99213",
        "15000 mg",
        "15000 mL",
        "15000 mmol",
        "15000 ng/mL",
        "15000 %",
        "15000%",
        "HLA-B27",
        "vitamin K12",
        "C5-C6",
        "L4-5",
        "T10-T11",
        "T10/T11",
        "L45/S1",
        "S20/21",
        "q12h",
        "Q12H",
        "G2P1",
        "G2P1001",
        "T2N0M0",
        "pT2bN1M0",
        "cT3N1M0",
        "Vitals: T98.6, T 97.8",
        "leads V1-V6",
        "V1 to V6",
        "tooth 14",
        "tooth #30",
        "```python\nE11.9 99213\n```",
        "<!-- medcode: ignore-start unknown-code -- old list --> E11.9 99213\n",
    ] {
        assert_eq!(found(text, Evidence::Bare), Vec::<&str>::new(), "{text}");
    }
    let text = "<!-- medcode: ignore-start a-rule -- x -->\nDx: E11.9 or E10.9\n<!-- medcode: ignore-end a-rule -->\nE13.9";
    assert_eq!(found(text, Evidence::Bare), ["E11.9", "E10.9", "E13.9"]);
}

/// Rules, 6.3.
#[test]
fn tokens_that_look_like_codes_are_left_alone() {
    for token in [
        "B12", "A1C", "T1C", "D5W", "T10", "T11", "T12", "H1N1", "G6PD", "T2DM", "G1P0", "G2P1001",
        "Q4H", "Q12H", "O157", "U100", "H2O2", "N2O", "B737", "Y2K", "P32", "E2F1", "T47D", "T4",
        "C5", "C6", "L4", "S1", "L5",
    ] {
        let text = format!("She has {token} here.");
        assert_eq!(found(&text, Evidence::Bare), Vec::<&str>::new(), "{text}");
    }
    for token in [
        "I10", "B20", "C20", "C19", "P53", "R12", "J22", "L45", "K562", "A549", "I131", "N95",
        "Q10", "Y90", "F18", "C14", "D10", "D50", "E85", "A380", "B27", "C10", "T20", "T25", "I80",
        "I95", "I35", "I70", "M16", "M25", "K12", "L30", "S20", "99202",
    ] {
        let text = format!("She has {token} here.");
        assert_eq!(found(&text, Evidence::Bare), [token], "{text}");
        assert_eq!(found(&text, Evidence::Dotted), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn lists_go_on_below_their_label() {
    assert_eq!(labelled("Dx:\n- E11.9 diabetes\n- I10\n\nI25.10 later"), ["E11.9", "I10"]);
    assert_eq!(labelled("Diagnoses:\r\n\r\n1. Diabetes (E11.9)\r\n2. I10\r\n"), ["E11.9", "I10"]);
    assert_eq!(labelled("## Diagnoses\n\n* E11.9\n* I10\n"), ["E11.9", "I10"]);
    assert_eq!(labelled("Dx: E11.9,\n    I10,\n    N18.3\nB20"), ["E11.9", "I10", "N18.3"]);
    assert_eq!(labelled("DIAGNOSES\nE11.9\nI10\nPlan\nI10"), ["E11.9", "I10"]);
    assert_eq!(labelled("Dx:\nI10 is common, and so on"), ["I10"]);
    assert_eq!(labelled("Dx:\nThe patient has I10"), Vec::<&str>::new());
    let text = "Dx:\n- diabetes\n- hypertension I10\nDx: pending\n- L45 pain";
    assert_eq!(labelled(text), Vec::<&str>::new());
    assert_eq!(found(text, Evidence::Dotted), ["I10"]);
}

#[test]
fn modifiers_belong_to_procedures() {
    for (text, modifiers) in [
        ("CPT: 99213-25", &["25"][..]),
        ("CPT: 99213 25 59", &["25", "59"]),
        ("CPT: 99213:25", &["25"]),
        ("CPT: 9921325", &["25"]),
        ("CPT: 99213 Modifier: 25, LT", &["25", "LT"]),
        ("CPT: 99213 25 minutes", &[]),
        ("CPT: 99213x2", &[]),
        ("CPT: 99213 x 2", &[]),
    ] {
        let note = scan(text);
        assert_eq!(note.mentions.len(), 1, "{text}");
        assert_eq!(&text[note.mentions[0].range.clone()], "99213", "{text}");
        let found: Vec<&str> =
            note.mentions[0].modifiers.iter().map(|it| &text[it.clone()]).collect();
        assert_eq!(found, modifiers, "{text}");
    }
}

#[test]
fn comments_are_not_read() {
    assert!(
        scan("<!-- medcode: ignore unknown-code E11.66 -- x --> <!-- Dx: I10 -->")
            .mentions
            .is_empty()
    );
    assert_eq!(labelled("Dx: I10 <!-- E11.9 --> Dx: E10.9"), ["I10", "E10.9"]);
    assert_eq!(labelled("a <!-- b\nDx: I10\n--> Dx: E10.9"), ["E10.9"]);
    assert_eq!(labelled("Dx: I10 <!-- open\nDx: E11.9"), ["I10", "E11.9"]);
    assert!(scan("`<!-- medcode: ignore a-rule -->`").pragmas.is_empty());
}

#[test]
fn sections_decide_what_is_reported() {
    let text = "Dx: I10\nPMH: Dx: I25.2\n## Family history\nC50.919\n## Assessment\nDx: E11.9\n";
    let reported: Vec<bool> = scan(text).mentions.iter().map(|it| it.reported).collect();
    assert_eq!(reported, [true, false, false, true]);
}

#[test]
fn a_mention_is_found_by_offset() {
    let note = scan("Dx: E11.9, I10");
    assert_eq!(note.mention_at(3), None);
    for offset in 4..=9 {
        assert_eq!(note.mention_at(offset).map(|it| it.range.clone()), Some(4..9), "{offset}");
    }
    assert_eq!(note.mention_at(10), None);
    assert_eq!(note.mention_at(14).map(|it| it.range.clone()), Some(11..14));
}
