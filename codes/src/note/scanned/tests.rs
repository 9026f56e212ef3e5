use proptest::prelude::*;

use super::Scanned;
use crate::{
    note::{context_at, scan},
    testing::edited,
};

/// Parts of notes of every kind, put together at random.
const PARTS: &[&str] = &[
    "---\ndate: 2026-03-02\ndx: I10\n---\n",
    "---\n",
    "# Chart\n\n",
    "## 2026-03-02 Visit\n\nDenies chest pain. Continue metformin.\n",
    "## History\n\nStroke in 2019 (I63.9)\n",
    "### Assessment\n\n1. Type 2 diabetes (E11.9)\n2. Back pain. Dx: M54.5\n3. Gout\n",
    "DIAGNOSES\n\n- E11.9\n- I10 hypertension\n",
    "Dx: E11.9,\nI10,\nJ45.909\n",
    "CPT: 99213-25\nUnits: 2\nPOA: Y\n",
    "Units: 3\n",
    "POA: Y\n",
    "| Code | Description |\n|---|---|\n| E119 | Diabetes |\n",
    "| Code | Units |\n",
    "|---|---|\n",
    "```codes\nE11.9\nI10\n```\n",
    "```\nDx: I10\n",
    "~~~python\nx = 'E11.9'\n~~~\n",
    "<!-- medcode: ignore expired-code -- x -->\n",
    "<!-- medcode: ignore-start expired-code -- x -->\n",
    "<!-- open\n",
    "closed -->\n",
    "{\"resourceType\": \"Composition\", \"status\": \"final\"}\n",
    "{\n\n",
    "\"a\": 1}\n",
    "HI*ABK:E119~\nSV1*HC:99213~\n",
    "21. DIAGNOSIS OR NATURE OF ILLNESS\nA. E11.9 B. I10\n24. A. DATE(S) OF SERVICE\n03/02/2026 11 99214 A 1\n",
    "Encounter: 2\nDOS: 2026-04-01\nAge: 4\nPayer: x\n",
    "[ ] E11.9 [x] I10\n",
    "Dx: ***\n",
    "{{#if dx}}\nDx: {{dx}}\n{{/if}}\n",
    "Electronically signed by Jane Roe\n",
    "Code,Description\nE11.9,Diabetes\n",
    "plain words without anything\n",
    "more plain words of the note\nand some more of them\n",
    "PMH: old things (I25.2)\n",
    "\n",
    "\r\n",
    "\r",
    "a",
    "E11.",
    "\u{e9}\u{1F600}",
    " ",
];

fn text_of(parts: &[usize]) -> String {
    parts.iter().map(|part| PARTS[*part]).collect()
}

#[test]
fn only_what_changed_is_read_again() {
    let visit = "## Visit\n\nFeels well. No complaints of any kind.\nHome again.\nDx: E11.9\nCPT: 99213\nPlan: rest\n\n";
    let text = visit.repeat(40);
    let before = Scanned::new(&text);
    let change = text.len() / 2;
    let after = edited(&text, change, 0, "Dx: I10");
    let again = before.spliced(&after).expect("nothing reaches further");
    assert_eq!(*again.note, scan(&after));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]
    #[test]
    fn a_text_scanned_again_reads_as_one_scanned_anew(
        head in prop::collection::vec(0..PARTS.len(), 0..6),
        body in prop::collection::vec(0..PARTS.len(), 10..40),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..30, 0..PARTS.len()), 1..6),
    ) {
        let filler = "plain words of the note that go on\n".repeat(9);
        let parts: Vec<String> = body.iter().map(|part| format!("{}{filler}", PARTS[*part])).collect();
        let mut text = format!("{}{}", text_of(&head), parts.concat());
        let mut scanned = Scanned::new(&text);
        for (at, gone, typed) in edits {
            text = edited(&text, at.index(text.len() + 1), gone, PARTS[typed]);
            scanned = scanned.again(&text);
            prop_assert_eq!(&**scanned.note(), &scan(&text));
            let caret = at.index(text.len() + 1);
            prop_assert_eq!(scanned.context_at(caret), context_at(&text, caret));
        }
    }
}
