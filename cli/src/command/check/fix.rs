//! Applies the fixes that only spell the same anew, until there is nothing left to fix.

use medcode_codes::document::{TextIssue, safe_edits, safe_fixes};

/// Rounds until a text has to be stable. Each takes the fixes that do not touch each other.
pub(super) const MOST_ROUNDS: usize = 10;

/// The text after one round of safe fixes, with how many were applied. `None` when there are none.
pub(super) fn round(text: &str, issues: &[TextIssue]) -> Option<(String, usize)> {
    let mut fixed = text.to_owned();
    // From the end, so that the places of the others hold.
    for (range, new) in safe_edits(text, issues).into_iter().rev() {
        fixed.replace_range(range, &new);
    }
    (fixed != text).then(|| (fixed, safe_fixes(text, issues).len()))
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use medcode_codes::{issue::Severity, text_check::TextFix};

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
            ignoring: medcode_codes::document::Ignoring::default(),
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
