//! The registry, the files, the documentation and the ids agree.

use std::collections::BTreeSet;

use super::{RULES, nearest};
use crate::{
    document::CheckSettings,
    rule::Need,
    testing::{TODAY, claims::with_claim_tables, notation, sample},
};

const HEADINGS: [&str; 4] = ["Why", "Example", "Exceptions", "Source"];

/// Every rule that ever was, one id a line: ids are public and never disappear.
const EVERY_ID: &str = include_str!("../../../docs/rule-ids.txt");

#[test]
fn registry_and_files_are_equal() {
    for rule in RULES.iter() {
        let file = rule.file.rsplit('/').next().unwrap();
        assert_eq!(file, format!("{}.rs", rule.id.replace('-', "_")), "{}", rule.id);
    }
}

#[test]
fn ids_are_unique_and_permanent() {
    let ids: BTreeSet<_> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len());
    let ever: BTreeSet<_> = EVERY_ID.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(ids, ever, "docs/rule-ids.txt lists every id that ever was");
}

#[test]
fn headings_are_the_fixed_ones() {
    for rule in RULES.iter() {
        let markdown = rule.markdown();
        let headings: Vec<_> =
            markdown.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(headings, HEADINGS, "{}", rule.id);
        assert!(rule.summary().ends_with('.'), "{}", rule.id);
        assert!(rule.section("Source").is_some_and(|source| !source.is_empty()), "{}", rule.id);
    }
}

#[test]
fn every_documented_example_holds() {
    for rule in RULES.iter() {
        let example = rule.section("Example").unwrap();
        if example.starts_with("```text\n") {
            // Notes cannot state everything that a claim can; such examples are tests of their rules.
            continue;
        }
        let drawn = example.strip_prefix("```note\n").and_then(|rest| rest.strip_suffix("```"));
        let drawn = drawn.unwrap_or_else(|| panic!("{} has no note block", rule.id));
        let text = notation::strip(drawn);
        let can_answer = !rule.needs.contains(&Need::Drg);
        assert_eq!(text != drawn, can_answer, "{} draws no issue, or one it cannot find", rule.id);
        // What reads imported tables is shown over invented ones, what is off by default is switched on.
        let terminology = if rule.needs.is_empty() { sample() } else { with_claim_tables() };
        let mut settings = CheckSettings::default();
        if !rule.is_on {
            settings.severity.insert(rule.id.to_owned(), Some(rule.severity));
        }
        let all = notation::issues(&text, terminology, TODAY, &settings);
        let own = format!("[{}]", rule.id);
        let own: Vec<_> = all.into_iter().filter(|issue| issue.label.contains(&own)).collect();
        let expected = drawn.lines().map(str::trim_end).collect::<Vec<_>>();
        let found = notation::draw(&text, &own);
        let found = found.lines().map(str::trim_end).collect::<Vec<_>>();
        assert_eq!(found, expected, "{}", rule.id);
    }
}

#[test]
fn finds_the_rule_that_was_meant() {
    assert_eq!(nearest("unknwon-code"), Some("unknown-code"));
    assert_eq!(nearest("excludes-conflict"), Some("excludes1-conflict"));
    assert_eq!(nearest("something-else-entirely-different"), None);
}
