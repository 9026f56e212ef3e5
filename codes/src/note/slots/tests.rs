use super::*;
use crate::note::scan;

fn slots(text: &str) -> Vec<(&str, SlotKind)> {
    let layout = crate::note::layout::Layout::read(text);
    let found = find(text, &layout);
    found.into_iter().map(|slot| (&text[slot.range], slot.kind)).collect()
}

#[test]
fn placeholders_in_each_of_their_forms() {
    for (text, expected) in [
        ("Dx: {{dx}}", "{{dx}}"),
        ("Dx: {{{dx}}}.", "{{{dx}}}"),
        ("Dx: ***", "***"),
        ("Dx:***, x", "***"),
        ("ICD: @DX_1@", "@DX_1@"),
        ("CPT: [[cpt]]", "[[cpt]]"),
        ("[[Diagnosis code]]", "[[Diagnosis code]]"),
        ("[[...]]", "[[...]]"),
        ("${dx}", "${dx}"),
        ("{{code:E11.9}}", "{{code:E11.9}}"),
    ] {
        assert_eq!(slots(text), [(expected, SlotKind::Blank)], "{text}");
    }
    assert_eq!(slots("{{#if dx}}").first().map(|it| it.1), Some(SlotKind::Control));
    assert_eq!(slots("{% endif %}").first().map(|it| it.1), Some(SlotKind::Control));
}

#[test]
fn what_only_looks_like_one() {
    for text in [
        "***\n",
        "*** Final report ***",
        "***bold***",
        "a ****",
        "a ***** b",
        "{{{{",
        "[[E11.9]]",
        "[[E11.9|diabetes]]",
        "[[Daily note]]",
        "[[2026-03-02]]",
        "[[Diabetes]]",
        "a@b.org c@d.org",
        "@home @work",
        "{{open\n}}",
        "```python\nf\"{{x}}\"\n```\n",
        "SV1*HC:99214*150*UN*1***1~",
        "<!-- {{x}} -->",
    ] {
        assert_eq!(slots(text), [], "{text}");
    }
}

#[test]
fn boxes_are_ticked_or_not() {
    for (text, expected) in [
        ("[ ] a", vec![false]),
        ("[x] a ( ) b", vec![true, false]),
        ("\u{2610} a \u{2611} b \u{2612} c", vec![false, true, true]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(SlotKind::Box).collect();
        assert_eq!(slots(text).iter().map(|it| it.1).collect::<Vec<_>>(), expected, "{text}");
    }
}

#[test]
fn lines_of_tags_alone_are_told_from_others() {
    for line in ["{{#if dx}}", "  {{/if}}", "{{else}}", "{{#if a}}{{/if}}", "{% for x in y %}"] {
        assert!(is_control_line(line), "{line}");
    }
    for line in ["{{#if dx}}Dx: I10{{/if}}", "{{dx}}", "text", "", "| {{#if a}} | b |", "{{#if"] {
        assert!(!is_control_line(line), "{line}");
    }
}

/// Every code with whether it is reported.
fn reported(text: &str) -> Vec<(&str, bool)> {
    scan(text).mentions.into_iter().map(|it| (&text[it.range], it.reported)).collect()
}

#[test]
fn what_is_not_ticked_is_not_reported() {
    for text in [
        "[ ] E11.9 Diabetes\n[x] I10 Hypertension",
        "```superbill\n[ ] E11.9\n[x] I10\n```",
        "- [ ] E11.9 - Diabetes\n- [X] I10 - Hypertension",
        "| Box | ICD-10 |\n|---|---|\n| [ ] | E11.9 |\n| [x] | I10 |\n",
        "| ICD-10 | Box |\n|---|---|\n| E11.9 | [ ] |\n| I10 | [x] |\n",
        "Dx: \u{2610} E11.9 \u{2611} I10",
        "Dx: E11.9 [ ] I10 [x]",
        "[ ] Dx: E11.9 [x] Dx: I10",
    ] {
        assert_eq!(reported(text), [("E11.9", false), ("I10", true)], "{text}");
    }
    assert_eq!(reported("[x] New [ ] Established Dx: E11.9"), [("E11.9", true)]);
    let text = "```superbill\n[x] 99213 Visit [ ] 99214 Visit\n```";
    assert_eq!(reported(text), [("99213", true), ("99214", false)]);
}

/// Every placeholder in the place of a code.
fn blanks(text: &str) -> Vec<&str> {
    scan(text).placeholders.into_iter().map(|it| &text[it.range]).collect()
}

#[test]
fn placeholders_where_codes_belong() {
    for (text, expected) in [
        ("Dx: ***", vec!["***"]),
        ("Dx: {{dx1}}, {{dx2}}", vec!["{{dx1}}", "{{dx2}}"]),
        ("Dx: E11.9, {{dx2}}", vec!["{{dx2}}"]),
        ("ICD-10: @DIAG@", vec!["@DIAG@"]),
        ("Dx: [[dx]]", vec!["[[dx]]"]),
        ("Dx: Diabetes ({{code}})", vec!["{{code}}"]),
        ("Dx: {{code:E11.9}}", vec!["{{code:E11.9}}"]),
        ("| ICD-10 | Description |\n|---|---|\n| {{icd}} | {{desc}} |\n", vec!["{{icd}}"]),
        ("---\ndx: {{dx}}\n---\n", vec!["{{dx}}"]),
        ("```icd10\n{{dx}}\n```\n", vec!["{{dx}}"]),
        ("Dx:\n{{#each dx}}\n- {{code}} {{title}}\n{{/each}}\n", vec!["{{code}}"]),
        ("{{#if dx}}Dx: {{dx}}{{/if}}", vec!["{{dx}}"]),
        ("HI*ABK:{{dx}}~", vec!["{{dx}}"]),
        (
            "{\"system\": \"http://hl7.org/fhir/sid/icd-10-cm\", \"code\": \"{{dx}}\"}",
            vec!["{{dx}}"],
        ),
        ("Dx: E11.9 {{title}}", vec![]),
        ("Dx: E11.9 - ***", vec![]),
        ("Assessment: ***", vec![]),
        ("Seen by @ME@ today", vec![]),
    ] {
        assert_eq!(blanks(text), expected, "{text}");
        let note = scan(text);
        assert!(note.is_template && !note.is_signed, "{text}");
        assert!(note.mentions.iter().all(|it| !text[it.range.clone()].contains('{')), "{text}");
    }
    assert!(scan("Dx: {{code:E11.9}} {{dx1}}").mentions.is_empty());
}

#[test]
fn tags_of_a_template_do_not_end_what_they_stand_in() {
    let codes =
        |text: &str| reported(text).into_iter().map(|it| it.0.to_owned()).collect::<Vec<_>>();
    let text = "Dx:\n- E11.9\n{{#if htn}}\n- I10\n{{/if}}\n- N18.6\n";
    assert_eq!(codes(text), ["E11.9", "I10", "N18.6"]);
    assert!(scan(text).mentions.iter().all(|it| it.declared));
    let text = "| ICD-10 |\n|---|\n| E11.9 |\n{{#if htn}}\n| I10 |\n{{/if}}\n| N18.6 |\n";
    assert!(scan(text).mentions.len() == 3 && scan(text).mentions.iter().all(|it| it.declared));
    let text = "{{#if pmh}}PMH: Dx: E11.9{{/if}}\n{{#if a}}\n## Assessment\n{{/if}}\nDx: I10";
    assert_eq!(reported(text), [("E11.9", false), ("I10", true)]);
    let text = "---\n{{#if dx}}\ndx: E11.9\n{{/if}}\n---\n";
    assert_eq!(codes(text), ["E11.9"]);
    assert!(
        scan("| ICD-10 | Text |\n|---|---|\n| E11.9 | {{desc}} |\n").mentions[0]
            .description
            .is_none()
    );
}
