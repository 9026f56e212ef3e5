//! What belongs together, and what is known of it.

use crate::note::{EncounterScope, Sex, scan};

/// Date and codes of each encounter.
fn encounters(text: &str) -> Vec<(String, Vec<&str>)> {
    let note = scan(text);
    assert_eq!(note.encounters[0].range.start, 0);
    assert_eq!(note.encounters.last().unwrap().range.end, text.len());
    assert!(note.encounters.windows(2).all(|pair| pair[0].range.end == pair[1].range.start));
    let codes = |index: usize| {
        note.mentions
            .iter()
            .filter(|it| it.encounter == index)
            .map(|it| &text[it.range.clone()])
            .collect()
    };
    note.encounters.iter().enumerate().map(|(index, scope)| (day(scope), codes(index))).collect()
}

fn day(scope: &EncounterScope) -> String {
    scope.service_date.as_ref().map_or_else(|| "none".to_owned(), |it| it.date.to_string())
}

fn expect(text: &str, expected: &[(&str, &[&str])]) {
    let expected: Vec<(String, Vec<&str>)> =
        expected.iter().map(|(day, codes)| ((*day).to_owned(), codes.to_vec())).collect();
    assert_eq!(encounters(text), expected, "{text}");
}

#[test]
fn a_text_is_one_encounter() {
    expect("", &[("none", &[])]);
    expect("DOS: 2026-03-02\nDx: I10\n\nPlan\n\nDx: E11.9", &[("2026-03-02", &["I10", "E11.9"])]);
    expect("# Visit 2026-03-02\n## Assessment\nDx: I10", &[("2026-03-02", &["I10"])]);
}

#[test]
fn headings_with_dates_divide_a_text() {
    let text = "# Chart\n\n## 2026-03-02 Visit\nDx: I10\n### Labs 2026-02-01\nDx: R73.03\n## 2026-04-01 Visit\nDx: E11.9\n";
    expect(text, &[("2026-03-02", &["I10", "R73.03"]), ("2026-04-01", &["E11.9"])]);
    expect("Dx: I10\n## 2026-03-02\nDx: E11.9", &[("none", &["I10"]), ("2026-03-02", &["E11.9"])]);
}

#[test]
fn a_second_date_of_service_divides_at_its_section() {
    let text = "## Visit A\nDOS: 2026-03-02\n## Assessment\nDx: I10\n## Visit B\n### Data\nDOS: 2026-04-01\nDx: E11.9";
    expect(text, &[("2026-03-02", &["I10"]), ("2026-04-01", &["E11.9"])]);
    expect(
        "DOS: 2026-03-02 Dx: I10\nDOS: 2026-04-01 Dx: E11.9",
        &[("2026-03-02", &["I10"]), ("2026-04-01", &["E11.9"])],
    );
    expect(
        "DOS: 2026-03-02\nDx: I10\nDOS: 03/02/2026\nDx: E11.9",
        &[("2026-03-02", &["I10", "E11.9"])],
    );
}

#[test]
fn the_date_of_service_outranks_others() {
    expect("Date: 2026-03-05\nDOS: 2026-03-02\nDx: I10", &[("2026-03-02", &["I10"])]);
    expect("## 2026-03-05 Note\nDOS: 2026-03-02\nDx: I10", &[("2026-03-02", &["I10"])]);
    expect("Date: 2026-03-05\nDx: I10\nDate: 2026-03-06", &[("2026-03-05", &["I10"])]);
}

#[test]
fn front_matter_makes_the_document_one_encounter() {
    let text = "---\ndos: 2026-03-02\ndx: I10\n---\n## Note 2026-03-03\nDx: E11.9\n";
    expect(text, &[("2026-03-02", &["I10", "E11.9"])]);
    let text = "---\ndx: I10\n---\n## 2026-03-03\nDx: E11.9\n## 2026-03-04\nDx: E10.9\n";
    expect(text, &[("none", &["I10"]), ("2026-03-03", &["E11.9"]), ("2026-03-04", &["E10.9"])]);
}

#[test]
fn encounter_lines_divide_a_text() {
    let text =
        "Encounter: 2026-03-02\nDx: I10\nEncounter 2:\nDx: E11.9\n## Encounter #3\nDx: E10.9";
    expect(text, &[("2026-03-02", &["I10"]), ("none", &["E11.9"]), ("none", &["E10.9"])]);
}

#[test]
fn rows_of_several_days_are_several_encounters() {
    let text = "| DOS | Dx |\n|---|---|\n| 2026-03-02 | I10 |\n| 2026-03-02 | E11.9 |\n| 2026-04-01 | E10.9 |\n";
    expect(text, &[("2026-03-02", &["I10", "E11.9"]), ("2026-04-01", &["E10.9"])]);
}

#[test]
fn facts_of_the_head_hold_for_each_encounter() {
    let note =
        scan("Age: 45\nSex: F\n\n## 2026-03-02\nDx: I10\n\n## 2026-04-01\n46 y/o here. Dx: E11.9");
    let facts: Vec<_> = note.encounters.iter().map(|it| (it.age_years, it.sex)).collect();
    assert_eq!(facts, [(Some(45), Some(Sex::Female)), (Some(46), Some(Sex::Female))]);
}

#[test]
fn a_stated_age_outranks_one_in_a_sentence() {
    let note = scan("Seen with a 70-year-old man. Age: 45 Dx: I10");
    assert_eq!((note.encounters[0].age_years, note.encounters[0].sex), (Some(45), Some(Sex::Male)));
}

#[test]
fn headings_are_kept() {
    let text = "## 2026-03-02 Visit  \nDx: I10";
    assert_eq!(
        scan(text).encounters[0].heading.clone().map(|it| &text[it]),
        Some("## 2026-03-02 Visit")
    );
}
