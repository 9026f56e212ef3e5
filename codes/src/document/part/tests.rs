use std::sync::Arc;

use proptest::prelude::*;

use super::Parts;
use crate::{
    document::{Assembly, CheckSettings, Document, EncounterAnswer},
    note::scan,
    testing::{TODAY, edited, sample},
};

/// Two visits and what may come between: comments, placeholders, a table, a claim.
const NOTE: &str = "# Chart\n\nPatient: 61-year-old woman\n\n## 2026-03-02 Visit\n\nDenies chest pain. Continue metformin.\n\n\
    ### Assessment\n\n1. Type 2 diabetes (E11.9)\n2. Hypertension\n3. Back pain. Dx: M54.5\n\nDx: E10.9, E11.9, I10, I10\n\
    CPT: 99213-25\n\n## 2026-03-03 Visit\n\n| Code | Description |\n|---|---|\n| E119 | Diabetes |\n| N18.3 | CKD |\n\n\
    <!-- medcode: ignore expired-code -- old chart -->\nDx: N18.3 <!-- medcode: ignore expired-code N18.3 -- -->\n";

/// What people type, and what breaks things.
const TYPED: &[&str] = &[
    "a",
    " ",
    "\n",
    "\n\n",
    "E11.9",
    "M54.5",
    ", I10",
    "(I10)",
    "Dx: ",
    "## 2026-04-01 Visit\n",
    "Encounter: 2\n",
    "DOS: 2026-05-05\n",
    "# History\n",
    "denies ",
    "right ",
    "***",
    "<!-- medcode: ignore-file duplicate-diagnosis -- x -->",
    "<!-- medcode: unrelated E10.9 E11.9 -- x -->",
    "<!-- medcode: ignore-start expired-code -- x -->\n",
    "<!-- medcode: ignore-end expired-code -->\n",
    "<!--",
    "-->",
    "| J44.9 | COPD |\n",
    "```codes\n",
    "Electronically signed by Jane Roe\n",
    "Payer: sample-payer\n",
    "- Gout\n",
    "\u{e9}",
    "99215 ",
    "Age: 4\n",
];

fn assembled(document: &Document<'_>) -> Assembly {
    let answers: Vec<EncounterAnswer> =
        document.requests().iter().map(|request| request.answer(sample(), TODAY)).collect();
    document.assemble(&answers, &CheckSettings::default())
}

#[test]
fn an_unchanged_encounter_is_not_worked_out_again() {
    let before = Document::new(NOTE);
    assembled(&before);
    let text = NOTE.replace("Continue", "Resume");
    let after = Document::scanned(&text, Arc::new(scan(&text)), before.parts());
    let same: Vec<bool> = before
        .parts()
        .0
        .iter()
        .zip(after.parts().0.iter())
        .map(|(old, new)| Arc::ptr_eq(&old.content, &new.content))
        .collect();
    assert_eq!(same, [false, true]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_was_worked_out_before_changes_nothing(
        edits in prop::collection::vec((0_usize..2_000, 0_usize..12, 0..TYPED.len()), 1..8),
    ) {
        let mut text = NOTE.to_owned();
        let mut parts = Parts::default();
        for (at, gone, typed) in edits {
            text = edited(&text, at, gone, TYPED[typed]);
            let again = Document::scanned(&text, Arc::new(scan(&text)), &parts);
            let anew = Document::new(&text);
            prop_assert_eq!(again.requests(), anew.requests());
            prop_assert_eq!(assembled(&again), assembled(&anew));
            parts = again.parts().clone();
        }
    }
}
