//! Applies the fixes that only spell the same anew, until there is nothing left to fix.

use std::ops::Range;

use medcode_codes::{document::TextIssue, text_check::TextFix};

/// Rounds until a text has to be stable. Each takes the fixes that do not touch each other.
pub(super) const MOST_ROUNDS: usize = 10;

/// The text after one round of safe fixes, with how many were applied. `None` when there are none.
pub(super) fn round(text: &str, issues: &[TextIssue]) -> Option<(String, usize)> {
    let mut taken: Vec<&(Range<usize>, String)> = Vec::new();
    let mut applied = 0;
    let safe = issues.iter().filter_map(|issue| issue.fixes.iter().find(|fix| fix.safe));
    for fix in safe {
        if fits(text, fix) && fix.edits.iter().all(|edit| !taken.iter().any(|it| touch(it, edit))) {
            taken.extend(&fix.edits);
            applied += 1;
        }
    }
    // From the end, so that the places of the others hold.
    taken.sort_by_key(|(range, _)| std::cmp::Reverse((range.start, range.end)));
    let mut fixed = text.to_owned();
    for (range, new) in taken {
        fixed.replace_range(range.clone(), new);
    }
    (applied > 0 && fixed != text).then_some((fixed, applied))
}

/// Whether every edit lies in the text, between characters.
fn fits(text: &str, fix: &TextFix) -> bool {
    !fix.edits.is_empty() && fix.edits.iter().all(|(range, _)| text.get(range.clone()).is_some())
}

/// Whether two edits overlap, or meet: of edits that meet nobody knows which comes first.
fn touch((a, _): &(Range<usize>, String), (b, _): &(Range<usize>, String)) -> bool {
    a.start <= b.end && b.start <= a.end
}

#[cfg(test)]
mod tests {
    use medcode_codes::issue::Severity;

    use super::*;

    fn issue(safe: bool, edits: &[(Range<usize>, &str)]) -> TextIssue {
        let edits = edits.iter().map(|(range, new)| (range.clone(), (*new).to_owned())).collect();
        TextIssue {
            rule: "x".to_owned(),
            severity: Severity::Hint,
            range: 0..1,
            message: String::new(),
            codes: Vec::new(),
            mention: None,
            related: Vec::new(),
            notes: Vec::new(),
            fixes: vec![TextFix { title: String::new(), safe, edits }],
            ignore: None,
            source: String::new(),
        }
    }

    #[test]
    fn applies_from_the_end_and_leaves_what_touches() {
        let issues = [
            issue(true, &[(0..1, "AAA")]),
            issue(true, &[(1..2, "B")]),
            issue(true, &[(3..4, "D")]),
            issue(false, &[(5..6, "F")]),
        ];
        assert_eq!(round("abcdef", &issues), Some(("AAAbcDef".to_owned(), 2)));
    }

    #[test]
    fn does_nothing_where_nothing_is_safe() {
        assert_eq!(round("abc", &[issue(false, &[(0..1, "x")])]), None);
        assert_eq!(round("abc", &[issue(true, &[(0..1, "a")])]), None);
        assert_eq!(round("abc", &[issue(true, &[(2..9, "x")])]), None);
        assert_eq!(round("\u{e4}b", &[issue(true, &[(1..2, "x")])]), None);
    }
}
