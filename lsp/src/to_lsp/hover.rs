//! Pages as hovers.

use std::ops::Range;

use medcode_codes::{rule::Rule, rules};

use super::{Page, range};
use crate::{
    positions::Grid,
    protocol::{Hover, HoverContents, MarkupContent, MarkupKind, Url},
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

/// The issues that touch a place, one line each. The id of a rule leads to its page where it has one.
pub(crate) fn issues_section(
    page: &mut Page,
    checked: Option<&Checked>,
    place: &Range<usize>,
    rule_page: impl Fn(&Rule) -> Option<Url>,
) {
    let issues = checked
        .into_iter()
        .flat_map(|checked| &checked.issues)
        .filter(|issue| issue.range.start < place.end && place.start < issue.range.end);
    page.issues(issues.map(|issue| {
        let rule = match rules::find(&issue.rule).and_then(&rule_page) {
            Some(address) => format!("[{}]({address})", issue.rule),
            None => issue.rule.clone(),
        };
        format!("{}: {} ({rule})", issue.severity, issue.message)
    }));
}

/// The page of a rule.
pub(crate) fn rule_page(rule: &Rule) -> String {
    format!("**{}**\n\n{}", rule.id, rule.markdown())
}
