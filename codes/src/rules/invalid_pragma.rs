//! medcode comments that cannot be understood.

use std::collections::HashMap;

use crate::{
    code::Code,
    fact::Fact,
    nearest_name::nearest_of,
    note::{Pragma, Verb, first_heading},
    rule::declare_rule,
    rules,
    system::CodeSystem,
    text_check::{TextReport, TextView},
};

declare_rule! {
    /// A `medcode:` comment cannot be understood or gives no reason.
    ///
    /// ## Why
    /// An exception without a reason cannot be reviewed, and one with a typing error silences nothing.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: I10, I10 <!-- medcode: ignore duplicate-diagnosis -->
    ///              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[invalid-pragma]: The comment gives no reason: write it behind '--'.
    /// ```
    ///
    /// ## Exceptions
    /// A comment without a reason still works, and so does an `ignore-file` that stands behind the first heading.
    ///
    /// ## Source
    /// medcode: comments in notes.
    "invalid-pragma", Warning, EachCode, Text(check)
}

/// The verbs, as people write them.
const VERBS: [&str; 6] =
    ["ignore", "ignore-next-line", "ignore-start", "ignore-end", "ignore-file", "unrelated"];

/// What is written by those who want everything accepted.
const EVERYTHING: [&str; 4] = ["all", "any", "everything", "*"];

fn check(view: &TextView<'_>, report: &mut TextReport) {
    let mut read = Read::default();
    for pragma in &view.note.pragmas {
        let fault = unknown_verb(view.text, pragma)
            .or_else(|| unknown_rule(view.text, pragma, &mut read))
            .or_else(|| no_rule(view.text, pragma))
            .or_else(|| no_pair(view, pragma, &mut read))
            .or_else(|| unmatched(pragma, &read))
            .or_else(|| no_reason(pragma))
            .or_else(|| behind_heading(view.text, pragma, &mut read));
        if let Some(message) = fault {
            report.fail(pragma.range.clone(), message);
        }
        read.pass(pragma);
    }
}

/// What has been read of a text so far, so that a thousand comments do not read it a thousand times.
#[derive(Default)]
struct Read<'n> {
    /// How many regions of each rule were begun and not ended.
    open: HashMap<&'n str, usize>,
    /// Proposals for words that are no rule.
    proposals: HashMap<&'n str, String>,
    /// What is known of each code.
    facts: Option<HashMap<&'n str, Fact>>,
    /// Where the first heading begins, or the text ends without one.
    first_heading: Option<usize>,
}

impl<'n> Read<'n> {
    fn pass(&mut self, pragma: &'n Pragma) {
        for rule in &pragma.rules {
            let count = self.open.entry(rule).or_default();
            match pragma.verb {
                Verb::IgnoreStart => *count += 1,
                Verb::IgnoreEnd => *count = count.saturating_sub(1),
                _ => {}
            }
        }
    }

    fn did_you_mean(&mut self, word: &'n str) -> &str {
        self.proposals.entry(word).or_insert_with(|| did_you_mean(word))
    }

    /// What is known of the first mention of a code.
    fn fact(&mut self, view: &TextView<'n>, code: &str) -> Option<Fact> {
        let facts = self.facts.get_or_insert_with(|| {
            let all = view.marks.iter().rev();
            all.map(|mark| (mark.written.as_str(), mark.fact)).collect()
        });
        facts.get(code).copied()
    }
}

fn unknown_verb(text: &str, pragma: &Pragma) -> Option<String> {
    let Verb::Unknown(range) = &pragma.verb else { return None };
    let word = text.get(range.clone()).unwrap_or_default();
    let known = "ignore, ignore-next-line, ignore-start, ignore-end, ignore-file and unrelated";
    let near = nearest_of(word, VERBS.into_iter())
        .map_or_else(String::new, |near| format!(" Did you mean {near}?"));
    Some(format!("The comment has no known verb; known are {known}.{near}"))
}

fn unknown_rule<'n>(text: &'n str, pragma: &'n Pragma, read: &mut Read<'n>) -> Option<String> {
    if let Some(unknown) = pragma.rules.iter().find(|rule| rules::find(rule).is_none()) {
        return Some(format!("There is no rule {unknown}.{}", read.did_you_mean(unknown)));
    }
    // `expiredcode` and `Expired-Code` are no rule ids. Other words are let pass, as long as a rule is named.
    let words = pragma.other_words.iter().filter_map(|range| text.get(range.clone()));
    let mut near = words.map(|word| read.did_you_mean(word).to_owned());
    let near = near.find(|near| !near.is_empty())?;
    Some(format!("A word of the comment is no rule.{near}"))
}

fn did_you_mean(word: &str) -> String {
    rules::nearest(word).map_or_else(String::new, |near| format!(" Did you mean {near}?"))
}

fn no_rule(text: &str, pragma: &Pragma) -> Option<String> {
    if pragma.verb == Verb::Unrelated || !pragma.rules.is_empty() {
        return None;
    }
    let words = pragma.other_words.iter().filter_map(|range| text.get(range.clone()));
    let is_everything = |word: &str| EVERYTHING.iter().any(|name| word.eq_ignore_ascii_case(name));
    for word in words {
        if is_everything(word) {
            return Some(
                "The comment accepts everything, which nobody can review: name each rule. Files are left out by files.exclude \
                 in medcode.toml."
                    .to_owned(),
            );
        }
        if let Some(family) = rules::FAMILIES.iter().find(|family| family.id == word) {
            return Some(format!(
                "The comment names the family {} and no rule: name each rule.",
                family.id
            ));
        }
    }
    Some("The comment names no rule.".to_owned())
}

/// `unrelated` wants two codes that exist.
fn no_pair<'n>(view: &TextView<'n>, pragma: &Pragma, read: &mut Read<'n>) -> Option<String> {
    if pragma.verb != Verb::Unrelated {
        return None;
    }
    let [first, second] = pragma.codes.as_slice() else {
        return Some("'unrelated' names two codes.".to_owned());
    };
    let parsed = |text: &str| Code::parse(CodeSystem::Icd10Cm, text).ok();
    match (parsed(first), parsed(second)) {
        (Some(first), Some(second)) if first == second => {
            Some(format!("'unrelated' names two codes, and this is {first} twice."))
        }
        (Some(first), Some(second)) => [first, second].into_iter().find_map(|code| {
            (read.fact(view, &code.to_string()) == Some(Fact::Unknown))
                .then(|| format!("'unrelated' names two codes; there is no code {code}."))
        }),
        _ => Some("'unrelated' names two codes of ICD-10-CM.".to_owned()),
    }
}

/// An end without its start, or behind another end that has ended all of it. Those before it have been read.
fn unmatched(pragma: &Pragma, read: &Read<'_>) -> Option<String> {
    let is_open =
        pragma.rules.iter().any(|rule| read.open.get(&**rule).is_some_and(|count| *count > 0));
    (pragma.verb == Verb::IgnoreEnd && !is_open)
        .then(|| "Nothing to end: no 'ignore-start' stands before this comment.".to_owned())
}

fn no_reason(pragma: &Pragma) -> Option<String> {
    let needs_reason = pragma.verb != Verb::IgnoreEnd;
    (needs_reason && !pragma.has_reason)
        .then(|| "The comment gives no reason: write it behind '--'.".to_owned())
}

/// What holds for the whole document has to be seen by those who begin to read it.
fn behind_heading(text: &str, pragma: &Pragma, read: &mut Read<'_>) -> Option<String> {
    if pragma.verb != Verb::IgnoreFile {
        return None;
    }
    let first =
        *read.first_heading.get_or_insert_with(|| first_heading(text).unwrap_or(text.len()));
    (first < pragma.range.start).then(|| {
        "The comment holds for the whole document: move it above the first heading, where it is seen."
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::rules_fired;

    #[test]
    fn reports_unknown_rules_and_missing_reasons() {
        let note =
            |comment: &str| format!("DOS: 2026-04-01\nDx: E11.66 <!-- medcode: {comment} -->");
        assert!(
            rules_fired(&note("ignore unknwon-code -- typed by a machine"))
                .contains(&"invalid-pragma".to_owned())
        );
        assert_eq!(rules_fired(&note("ignore unknown-code")), ["invalid-pragma"]);
        assert!(rules_fired(&note("ignore unknown-code -- a test code")).is_empty());
        assert!(
            rules_fired(&note("ignore-end unknown-code")).contains(&"invalid-pragma".to_owned())
        );
    }

    #[test]
    fn pairs_may_be_marked_as_unrelated() {
        let text = "DOS: 2026-04-01\nDx: E10.9, E11.9 <!-- medcode: unrelated E10.9 E11.9 -- history unclear -->";
        assert!(rules_fired(text).is_empty());
    }

    #[test]
    fn an_end_needs_a_start_of_its_own() {
        let (start, end) = (
            "<!-- medcode: ignore-start unknown-code -- x -->",
            "<!-- medcode: ignore-end unknown-code -->",
        );
        let fired = |text: String| {
            rules_fired(&text).iter().filter(|rule| *rule == "invalid-pragma").count()
        };
        assert_eq!(fired(format!("{start}\nDx: E11.66\n{end}\n")), 0);
        assert_eq!(fired(format!("{start}\nDx: E11.66\n{end}\n\n{end}\n")), 1);
        assert_eq!(fired(format!("{start}\n{start}\nDx: E11.66\n{end}\n{end}\n")), 0);
    }

    fn reported(comment: &str) -> Vec<String> {
        let text = format!("DOS: 2026-04-01\n\n# Visit\n\nDx: E11.66 <!-- medcode: {comment} -->");
        let all = crate::testing::issues_of(&text).into_iter();
        all.filter_map(|issue| issue.strip_prefix("warning[invalid-pragma]: ").map(str::to_owned))
            .collect()
    }

    #[test]
    fn says_what_may_have_been_meant() {
        let verb = reported("ingore unknown-code -- x");
        assert!(verb[0].ends_with("and unrelated. Did you mean ignore?"), "{verb:?}");
        assert_eq!(
            reported("ignore unkown-code -- x"),
            ["There is no rule unkown-code. Did you mean unknown-code?"]
        );
        assert_eq!(
            reported("ignore Unknown-Code -- x"),
            ["A word of the comment is no rule. Did you mean unknown-code?"]
        );
    }

    #[test]
    fn nothing_accepts_everything() {
        assert!(reported("ignore all -- x")[0].contains("name each rule"));
        assert!(reported("ignore-file * -- x")[0].contains("name each rule"));
        assert!(reported("ignore validity -- x")[0].contains("family validity"));
        assert_eq!(reported("ignore -- x"), ["The comment names no rule."]);
    }

    #[test]
    fn a_pair_is_two_codes_that_exist() {
        assert_eq!(reported("unrelated E10.9 -- x"), ["'unrelated' names two codes."]);
        assert_eq!(
            reported("unrelated E10.9 e109 -- x"),
            ["'unrelated' names two codes, and this is E10.9 twice."]
        );
        assert_eq!(
            reported("unrelated E10.9 E11.66 -- x"),
            ["'unrelated' names two codes; there is no code E11.66."]
        );
        assert_eq!(
            reported("unrelated E10.9 99213 -- x"),
            ["'unrelated' names two codes of ICD-10-CM."]
        );
    }

    #[test]
    fn what_holds_for_the_document_stands_before_the_first_heading() {
        assert!(reported("ignore-file unknown-code -- x")[0].contains("above the first heading"));
        let above = "---\n# a remark\n---\n<!-- medcode: ignore-file unknown-code -- x -->\n# Visit\nDx: E11.66";
        let reported = crate::testing::issues_of(above);
        assert!(!reported.iter().any(|issue| issue.contains("invalid-pragma")), "{reported:?}");
    }
}
