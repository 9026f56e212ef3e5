//! Links in a note.

use std::ops::Range;

use medcode_codes::{rule::Rule, rules};
use serde_json::json;

use super::range;
use crate::{
    positions::Grid,
    protocol::{DocumentLink, Url},
};

/// Where a link leads.
#[derive(Clone, Debug)]
pub(crate) enum Link {
    /// To the page of a rule.
    Rule(&'static Rule),
    /// To an address that the settings make.
    Address(String),
}

/// A link over a place. `None` for an address that is none.
pub(crate) fn document_link(
    grid: &Grid<'_>,
    place: &Range<usize>,
    link: &Link,
    tooltips: bool,
) -> Option<DocumentLink> {
    let (target, tooltip, data) = match link {
        Link::Rule(rule) => (None, rule.summary().to_owned(), Some(json!({ "rule": rule.id }))),
        Link::Address(address) => (Some(Url::parse(address).ok()?), address.clone(), None),
    };
    let tooltip = Some(tooltip).filter(|_| tooltips);
    Some(DocumentLink { range: range(grid, place), target, tooltip, data })
}

/// The rule whose page a link wants.
pub(crate) fn linked_rule(link: &DocumentLink) -> Option<&'static Rule> {
    rules::find(link.data.as_ref()?.get("rule")?.as_str()?)
}
