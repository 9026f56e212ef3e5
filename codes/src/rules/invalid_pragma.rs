//! medcode comments that cannot be understood.

use crate::{
    note::{Pragma, Verb},
    rule::declare_rule,
    rules,
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
    /// A comment without a reason still works.
    ///
    /// ## Source
    /// medcode: comments in notes.
    "invalid-pragma", Warning, EachCode, Text(check)
}

fn check(view: &TextView<'_>, report: &mut TextReport) {
    for pragma in &view.note.pragmas {
        let unmatched = pragma.verb == Verb::IgnoreEnd
            && !view.note.pragmas.iter().any(|start| opens(start, pragma));
        let unmatched = unmatched
            .then(|| "Nothing to end: no 'ignore-start' stands before this comment.".to_owned());
        if let Some(message) = fault(pragma).or(unmatched) {
            report.fail(pragma.range.clone(), message);
        }
    }
}

/// Whether `start` begins a region that `end` can end.
fn opens(start: &Pragma, end: &Pragma) -> bool {
    let shared = end.rules.is_empty() || end.rules.iter().any(|rule| start.rules.contains(rule));
    start.verb == Verb::IgnoreStart && start.range.end <= end.range.start && shared
}

fn fault(pragma: &Pragma) -> Option<String> {
    if matches!(pragma.verb, Verb::Unknown { .. }) {
        let known = "ignore, ignore-next-line, ignore-start, ignore-end, ignore-file and unrelated";
        return Some(format!("The comment has no known verb; known are {known}."));
    }
    if let Some(unknown) = pragma.rules.iter().find(|rule| rules::find(rule).is_none()) {
        let near = rules::nearest(unknown)
            .map_or_else(String::new, |near| format!(" Did you mean {near}?"));
        return Some(format!("There is no rule {unknown}.{near}"));
    }
    let needs_rule = !matches!(pragma.verb, Verb::Unrelated);
    if needs_rule && pragma.rules.is_empty() {
        return Some("The comment names no rule.".to_owned());
    }
    if pragma.verb == Verb::Unrelated && pragma.codes.len() != 2 {
        return Some("'unrelated' names two codes.".to_owned());
    }
    let needs_reason = pragma.verb != Verb::IgnoreEnd;
    (needs_reason && !pragma.has_reason)
        .then(|| "The comment gives no reason: write it behind '--'.".to_owned())
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
}
