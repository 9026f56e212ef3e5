//! Pages as hovers.

use std::ops::Range;

use medcode_codes::rule::Rule;

use super::{Page, range};
use crate::{
    positions::Grid,
    protocol::{Hover, HoverContents, MarkupContent, MarkupKind},
    reported::Checked,
};

/// A text over a place. The range is always given: editors take words apart at the point of a code.
pub(crate) fn hover(grid: &Grid<'_>, place: &Range<usize>, text: String, markdown: bool) -> Hover {
    let kind = if markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    Hover {
        contents: HoverContents::Markup(MarkupContent { kind, value: text }),
        range: Some(range(grid, place)),
    }
}

/// The issues that touch a place, one line each.
pub(crate) fn issues_section(page: &mut Page, checked: Option<&Checked>, place: &Range<usize>) {
    let issues = checked
        .into_iter()
        .flat_map(|checked| &checked.issues)
        .filter(|issue| issue.range.start < place.end && place.start < issue.range.end);
    page.issues(
        issues.map(|issue| format!("{}: {} ({})", issue.severity, issue.message, issue.rule)),
    );
}

/// The page of a rule.
pub(crate) fn rule_page(rule: &Rule) -> String {
    format!("**{}**\n\n{}", rule.id, rule.markdown())
}
