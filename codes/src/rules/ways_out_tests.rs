//! Every way out that is offered leads out: fixes take their issue away, and so do the comments that accept it.

use super::RULES;
use crate::{
    document::{Assembly, CheckSettings, Document, Edits, TextIssue},
    rule::Rule,
    terminology::Terminology,
    testing::{TODAY, claims::with_claim_tables, notation, payers, sample},
};

/// A documented example with what it is judged by.
struct Example {
    rule: &'static Rule,
    text: String,
    terminology: &'static Terminology,
    settings: CheckSettings,
}

fn examples() -> Vec<Example> {
    let example = |rule: &'static Rule| {
        let section = rule.section("Example")?;
        let drawn = section.strip_prefix("```note\n")?.strip_suffix("```")?;
        let mut settings = CheckSettings::default();
        if !rule.is_on {
            settings.severity.insert(rule.id.to_owned(), Some(rule.severity));
        }
        let terminology = if rule.needs.is_empty() { sample() } else { with_claim_tables() };
        Some(Example { rule, text: notation::strip(drawn), terminology, settings })
    };
    RULES.iter().copied().filter_map(example).collect()
}

impl Example {
    fn check(&self, text: &str) -> Assembly {
        let document = Document::new(text).with_settings(&self.settings);
        let requests = document.requests().iter();
        let answers: Vec<_> = requests
            .map(|request| request.answer_with(self.terminology, payers(), TODAY))
            .collect();
        document.assemble(&answers, &self.settings)
    }
}

fn applied(text: &str, edits: &Edits) -> String {
    let mut edits = edits.clone();
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut text = text.to_owned();
    for (range, new) in edits {
        text.replace_range(range, &new);
    }
    text
}

fn names(issues: &[TextIssue]) -> Vec<(String, Vec<String>)> {
    let mut names: Vec<_> =
        issues.iter().map(|issue| (issue.rule.clone(), issue.codes.clone())).collect();
    names.sort();
    names
}

fn without(mut all: Vec<(String, Vec<String>)>, one: &TextIssue) -> Vec<(String, Vec<String>)> {
    let name = (one.rule.clone(), one.codes.clone());
    if let Some(at) = all.iter().position(|other| *other == name) {
        all.remove(at);
    }
    all
}

#[test]
fn a_fix_takes_its_issue_away() {
    let mut applied_fixes = 0;
    let mut wrong = Vec::new();
    for example in examples() {
        let before = example.check(&example.text);
        for issue in &before.issues {
            for fix in &issue.fixes {
                applied_fixes += 1;
                let text = applied(&example.text, &fix.edits);
                let after = example.check(&text);
                let left = names(&after.issues);
                let name = (issue.rule.clone(), issue.codes.clone());
                let count = |all: &[(String, Vec<String>)]| {
                    all.iter().filter(|other| **other == name).count()
                };
                if count(&left) >= count(&names(&before.issues)) {
                    wrong.push(format!("{}: {} -> {left:?}\n{text}", example.rule.id, fix.title));
                }
                if fix.safe {
                    let again = after.issues.iter().filter(|other| other.rule == issue.rule);
                    let safe = again.flat_map(|other| &other.fixes).filter(|fix| fix.safe).count();
                    let was = before.issues.iter().filter(|other| other.rule == issue.rule).count();
                    assert!(safe < was, "{}: {} is offered again", example.rule.id, fix.title);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(applied_fixes > 100, "{applied_fixes}");
}

#[test]
fn a_comment_accepts_its_issue_and_nothing_else() {
    let mut wrong = Vec::new();
    let mut applied_comments = 0;
    for example in examples() {
        let before = example.check(&example.text);
        for issue in &before.issues {
            let ways = &issue.ignoring;
            for edits in [&ways.here, &ways.in_file, &ways.unrelated].into_iter().flatten() {
                applied_comments += 1;
                let text = applied(&example.text, edits);
                let after = example.check(&text);
                let mut expected = without(names(&before.issues), issue);
                if issue.codes.is_empty() {
                    // It names no code, and accepts the rule for every one.
                    expected.retain(|(rule, _)| *rule != issue.rule);
                }
                expected.push(("invalid-pragma".to_owned(), Vec::new()));
                expected.sort();
                let found = names(&after.issues);
                if found != expected {
                    wrong.push(format!("{found:?} instead of {expected:?}\n{text}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(applied_comments > 200, "{applied_comments}");
}
