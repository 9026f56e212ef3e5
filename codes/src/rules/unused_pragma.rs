//! medcode comments that accept nothing.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
};

use crate::{
    note::{Note, Pragma, Verb},
    rule::declare_rule,
    rules,
    text_check::{PragmaUses, TextFix, TextReport, TextView},
};

declare_rule! {
    /// A `medcode:` comment accepts nothing.
    ///
    /// ## Why
    /// A comment that is left behind when its code has gone hides the next mistake in its place.
    ///
    /// ## Example
    /// ```note
    /// DOS: 2026-04-01
    /// Dx: I10 <!-- medcode: ignore duplicate-diagnosis -- asked the clinic -->
    ///         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ hint[unused-pragma]: The comment accepts nothing: duplicate-diagnosis has nothing to report here. Remove the comment.
    /// ```
    ///
    /// ## Exceptions
    /// Silent where the rule could not be asked, is off by default or switched off, or does not exist: nobody knows what
    /// it would report.
    ///
    /// ## Source
    /// medcode: comments in notes.
    "unused-pragma", Hint, EachCode, Text(check)
}

fn check(view: &TextView<'_>, report: &mut TextReport) {
    let Some(uses) = view.pragma_uses else { return };
    let regions = Regions::of(view.note);
    for (pragma, used) in view.note.pragmas.iter().zip(&uses.used) {
        let idle = idle(pragma, used, uses, view);
        if idle.is_empty() {
            continue;
        }
        if pragma.verb == Verb::Unrelated || idle.len() == pragma.rules.len() {
            whole(view.text, pragma, &regions, report);
            continue;
        }
        for index in idle {
            one(view.text, pragma, index, report);
        }
    }
}

/// The rules of a comment that have nothing to report where it stands, as indices.
fn idle(pragma: &Pragma, used: &[bool], uses: &PragmaUses, view: &TextView<'_>) -> Vec<usize> {
    let is_idle = |index: usize, rule: &str| {
        let runs = rules::find(rule).is_some_and(|rule| {
            let wanted = view.settings.severity.get(rule.id);
            wanted.map_or(rule.is_on, Option::is_some)
        });
        runs && !uses.undecided.contains(rule) && used.get(index) == Some(&false)
    };
    match &pragma.verb {
        Verb::Ignore | Verb::IgnoreNextLine | Verb::IgnoreStart | Verb::IgnoreFile => {
            let rules = pragma.rules.iter().enumerate();
            rules.filter(|(index, rule)| is_idle(*index, rule)).map(|(index, _)| index).collect()
        }
        // A pair that is no pair is an invalid comment already.
        Verb::Unrelated if pragma.codes.len() == 2 && is_idle(0, "excludes1-conflict") => vec![0],
        Verb::Unrelated | Verb::IgnoreEnd | Verb::Unknown(_) => Vec::new(),
    }
}

/// The whole comment can go; with it the end of its region.
fn whole(text: &str, pragma: &Pragma, regions: &Regions<'_>, report: &mut TextReport) {
    let message = match (&pragma.verb, pragma.rules.as_slice()) {
        (Verb::Unrelated, _) => {
            "The comment accepts nothing: the two codes do not exclude each other here. Remove the comment."
                .to_owned()
        }
        (_, [rule]) => format!(
            "The comment accepts nothing: {rule} has nothing to report here. Remove the comment."
        ),
        (_, rules) => format!(
            "The comment accepts nothing: {} have nothing to report here. Remove the comment.",
            rules.join(", ")
        ),
    };
    let mut edits = vec![(removal(text, &pragma.range), String::new())];
    if pragma.verb == Verb::IgnoreStart
        && let Some(end) = regions.end_of(pragma)
    {
        edits.push((removal(text, &end.range), String::new()));
    }
    let fix = TextFix { title: "Remove the comment".to_owned(), safe: true, edits };
    report.fail(pragma.range.clone(), message).fixes.push(fix);
}

/// One of several rules can go.
fn one(text: &str, pragma: &Pragma, index: usize, report: &mut TextReport) {
    let (Some(rule), Some(range)) = (pragma.rules.get(index), pragma.rule_ranges.get(index)) else {
        return;
    };
    let message = format!(
        "The comment accepts nothing of {rule}, which has nothing to report here. Take it out of the comment."
    );
    let apart = |it: char| it.is_whitespace() || it == ',';
    let behind = text.get(range.end..pragma.range.end).unwrap_or_default();
    let gap = behind.len() - behind.trim_start_matches(apart).len();
    let edits = if behind.starts_with(',') {
        vec![(range.start..range.end + gap, String::new())]
    } else {
        // The last one takes the comma before it along.
        let before = text.get(pragma.range.start..range.start).unwrap_or_default();
        vec![(
            range.start - (before.len() - before.trim_end_matches(apart).len())..range.end,
            String::new(),
        )]
    };
    let fix = TextFix { title: format!("Take {rule} out of the comment"), safe: true, edits };
    report.fail(range.clone(), message).fixes.push(fix);
}

/// The ends of regions, and how many begin before them, so that a thousand regions are read once.
#[derive(Default)]
struct Regions<'n> {
    /// The comments that end a region, by the rules they name.
    ends: HashMap<&'n [String], Vec<&'n Pragma>>,
    /// Where regions of each rule begin, behind their comments.
    begins: HashMap<&'n str, Vec<usize>>,
}

impl<'n> Regions<'n> {
    fn of(note: &'n Note) -> Self {
        let mut regions = Self::default();
        for pragma in &note.pragmas {
            match pragma.verb {
                Verb::IgnoreEnd => regions.ends.entry(&pragma.rules).or_default().push(pragma),
                Verb::IgnoreStart => {
                    for rule in &pragma.rules {
                        let begins = regions.begins.entry(rule).or_default();
                        if begins.last() != Some(&pragma.range.end) {
                            begins.push(pragma.range.end);
                        }
                    }
                }
                _ => {}
            }
        }
        regions
    }

    /// The comment that ends the region which `start` begins, when it ends no other one.
    fn end_of(&self, start: &Pragma) -> Option<&'n Pragma> {
        let ends = self.ends.get(&*start.rules)?;
        let end = ends.get(ends.partition_point(|end| end.range.start < start.range.end))?;
        let others = end.rules.iter().filter_map(|rule| self.begins.get(&**rule));
        let others = others.flat_map(|begins| {
            begins.iter().take_while(|begin| **begin <= end.range.start).take(2)
        });
        let others: BTreeSet<usize> = others.copied().collect();
        (others.len() == 1).then_some(end)
    }
}

/// The comment with the blanks before it; the whole line where nothing else stands on it.
fn removal(text: &str, comment: &Range<usize>) -> Range<usize> {
    let before = text.get(..comment.start).unwrap_or_default();
    let line_start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let head = before.get(line_start..).unwrap_or_default();
    let start = line_start + head.trim_end_matches([' ', '\t']).len();
    let behind = text.get(comment.end..).unwrap_or_default();
    let tail = behind.split(['\n', '\r']).next().unwrap_or_default();
    if start > line_start || !tail.trim().is_empty() {
        if start > line_start {
            return start..comment.end;
        }
        // At the head of a line the blanks behind the comment go instead.
        let blanks = tail.len() - tail.trim_start_matches([' ', '\t']).len();
        return comment.start..comment.end + blanks;
    }
    let line_end = comment.end + tail.len();
    let ends = text.get(line_end..).unwrap_or_default();
    let newline = if ends.starts_with("\r\n") { 2 } else { usize::from(!ends.is_empty()) };
    line_start..line_end + newline
}

#[cfg(test)]
mod tests {
    use crate::{
        document::{Assembly, CheckSettings, Document},
        testing::{TODAY, rules_fired, sample},
    };

    fn checked(text: &str, settings: &CheckSettings) -> Assembly {
        let document = Document::new(text).with_settings(settings);
        let answers: Vec<_> =
            document.requests().iter().map(|request| request.answer(sample(), TODAY)).collect();
        document.assemble(&answers, settings)
    }

    /// The text after the fixes of every comment that is not needed.
    fn mended(text: &str) -> String {
        let assembly = checked(text, &CheckSettings::default());
        let fixes = assembly.issues.iter().filter(|issue| issue.rule == "unused-pragma");
        let mut edits: Vec<_> = fixes.flat_map(|issue| issue.fixes[0].edits.clone()).collect();
        edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
        let mut text = text.to_owned();
        for (range, new) in edits {
            text.replace_range(range, &new);
        }
        text
    }

    #[test]
    fn reports_and_removes_what_is_not_needed() {
        for (text, expected) in [
            ("Dx: I10 <!-- medcode: ignore duplicate-diagnosis -- x -->\n", "Dx: I10\n"),
            ("<!-- medcode: ignore-file expired-code -- x -->\r\nDx: I10\r\n", "Dx: I10\r\n"),
            ("| I10 <!-- medcode: ignore unknown-code -- x --> |\n", "| I10 |\n"),
            ("  <!-- medcode: ignore unknown-code -- x --> Dx: I10", "  Dx: I10"),
            (
                "<!-- medcode: ignore-start unknown-code -- x -->\nDx: I10\n<!-- medcode: ignore-end unknown-code -->\nend",
                "Dx: I10\nend",
            ),
            ("Dx: I10, E11.9 <!-- medcode: unrelated I10 E11.9 -- x -->", "Dx: I10, E11.9"),
        ] {
            let text = format!("DOS: 2026-04-01\n{text}");
            assert_eq!(mended(&text), format!("DOS: 2026-04-01\n{expected}"));
        }
    }

    #[test]
    fn takes_single_rules_out_of_a_comment() {
        let with = |rules: &str| {
            format!("DOS: 2026-04-01\nDx: E11.66 <!-- medcode: ignore {rules} -- a test -->")
        };
        let expected = with("unknown-code");
        assert_eq!(mended(&with("expired-code, unknown-code")), expected);
        assert_eq!(mended(&with("unknown-code,expired-code")), expected);
        assert_eq!(mended(&with("unknown-code")), expected);
    }

    #[test]
    fn silent_where_the_comment_is_needed() {
        for text in [
            "Dx: I10, I10 <!-- medcode: ignore duplicate-diagnosis -- asked -->",
            "Dx: E10.9, E11.9 <!-- medcode: unrelated E10.9 E11.9 -- history unclear -->",
            "<!-- medcode: ignore-file unknown-code E11.66 -- x -->\n\nDx: E11.66",
            "<!-- medcode: ignore-next-line unknown-code -- x -->\nDx: E11.66",
        ] {
            assert_eq!(rules_fired(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn silent_where_nobody_can_tell() {
        for text in [
            // The rule does not exist, which is an invalid comment.
            "Dx: I10 <!-- medcode: ignore unknwon-code -- x -->",
            // Nothing is loaded for this system.
            "CPT: 99213 <!-- medcode: ignore unknown-code -- x -->",
        ] {
            assert!(!rules_fired(text).contains(&"unused-pragma".to_owned()), "{text}");
        }
        let text = "DOS: 2026-04-01\nDx: E11.66 <!-- medcode: ignore unknown-code -- x -->";
        let mut settings = CheckSettings::default();
        settings.severity.insert("unknown-code".to_owned(), None);
        assert_eq!(checked(text, &settings).issues, []);
        let document = Document::new(text);
        let nobody = vec![crate::document::EncounterAnswer::Unavailable; document.requests().len()];
        assert_eq!(document.assemble(&nobody, &CheckSettings::default()).issues, []);
    }

    #[test]
    fn counts_what_was_accepted_and_by_whom() {
        use crate::document::{Accepted, SilencedBy};
        let text =
            "DOS: 2026-04-01\nDx: E11.66, E11.67 <!-- medcode: ignore unknown-code E11.66 -- x -->";
        let settings = CheckSettings {
            accepted: vec![Accepted {
                rule: "unknown-code".to_owned(),
                codes: vec!["E1167".to_owned()],
                reason: String::new(),
            }],
            ..CheckSettings::default()
        };
        let assembly = checked(text, &settings);
        assert_eq!(assembly.issues, []);
        let by: Vec<_> = assembly.silenced.iter().map(|silenced| silenced.by).collect();
        assert_eq!(by, [SilencedBy::Comment(0), SilencedBy::Settings(0)]);
    }
}
