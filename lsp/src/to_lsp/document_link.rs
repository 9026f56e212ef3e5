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

/// A link over a place. `None` for an address that is none, or that would do something else than show a page: settings
/// come with projects.
pub(crate) fn document_link(
    grid: &Grid<'_>,
    place: &Range<usize>,
    link: &Link,
    tooltips: bool,
) -> Option<DocumentLink> {
    let (target, tooltip, data) = match link {
        Link::Rule(rule) => (None, rule.summary().to_owned(), Some(json!({ "rule": rule.id }))),
        Link::Address(address) => (Some(web(address)?), address.clone(), None),
    };
    let tooltip = Some(tooltip).filter(|_| tooltips);
    Some(DocumentLink { range: range(grid, place), target, tooltip, data })
}

fn web(address: &str) -> Option<Url> {
    Url::parse(address).ok().filter(|address| matches!(address.scheme(), "http" | "https"))
}

/// The rule whose page a link wants.
pub(crate) fn linked_rule(link: &DocumentLink) -> Option<&'static Rule> {
    rules::find(link.data.as_ref()?.get("rule")?.as_str()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::positions::{Encoding, LineTable};

    #[test]
    fn links_lead_to_pages_of_the_web_and_to_rules() {
        let text = "Dx: E11.9";
        let lines = LineTable::new(text);
        let grid = Grid::new(text, &lines, Encoding::Utf16);
        let link =
            |address: &str| document_link(&grid, &(4..9), &Link::Address(address.to_owned()), true);
        let found = link("https://example.org/E11.9").unwrap();
        assert_eq!(found.target.unwrap().as_str(), "https://example.org/E11.9");
        assert_eq!(found.tooltip.as_deref(), Some("https://example.org/E11.9"));
        for odd in ["command:run?E11.9", "file:///E11.9", "E11.9"] {
            assert_eq!(link(odd), None, "{odd}");
        }
        let rule = rules::find("expired-code").unwrap();
        let found = document_link(&grid, &(4..9), &Link::Rule(rule), false).unwrap();
        assert_eq!((&found.target, &found.tooltip), (&None, &None));
        assert_eq!(linked_rule(&found).map(|rule| rule.id), Some("expired-code"));
    }
}
