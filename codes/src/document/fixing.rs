//! The fixes that may be applied in bulk.

use std::ops::Range;

use crate::text_check::TextFix;

use super::{Edits, TextIssue};

/// The safe fixes that do not touch each other, in the order of their issues. Of several for one place the first counts.
/// None of them picks among several codes.
pub fn safe_fixes<'i>(text: &str, issues: &'i [TextIssue]) -> Vec<&'i TextFix> {
    let mut taken: Vec<&TextFix> = Vec::new();
    for fix in issues.iter().filter_map(|issue| issue.fixes.iter().find(|fix| fix.safe)) {
        let is_apart = |edit: &(Range<usize>, String)| {
            !taken.iter().flat_map(|other| &other.edits).any(|other| touch(other, edit))
        };
        if fits(text, fix) && fix.edits.iter().all(is_apart) {
            taken.push(fix);
        }
    }
    taken
}

/// What those fixes change, in text order.
pub fn safe_edits(text: &str, issues: &[TextIssue]) -> Edits {
    let fixes = safe_fixes(text, issues);
    let mut edits: Edits = fixes.into_iter().flat_map(|fix| fix.edits.iter().cloned()).collect();
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    edits
}

/// Whether every edit lies in the text, between characters, and any of them changes it.
fn fits(text: &str, fix: &TextFix) -> bool {
    let changes = |(range, new): &(Range<usize>, String)| {
        text.get(range.clone()).is_some_and(|old| old != new)
    };
    let lies = |(range, _): &(Range<usize>, String)| text.get(range.clone()).is_some();
    fix.edits.iter().all(lies) && fix.edits.iter().any(changes)
}

/// Whether two edits overlap, or meet: of edits that meet nobody knows which comes first.
fn touch((a, _): &(Range<usize>, String), (b, _): &(Range<usize>, String)) -> bool {
    a.start <= b.end && b.start <= a.end
}
