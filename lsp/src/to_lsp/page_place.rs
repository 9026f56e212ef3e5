//! Places on the pages of the tabular list.

use std::ops::Range;

use super::range;
use crate::{
    client_facts::ClientFacts,
    pages::PagePlace,
    positions::Grid,
    protocol::{
        GotoDefinitionResponse, Location, LocationLink, Position, Range as LspRange,
        ShowDocumentParams, Url,
    },
};

/// Everything that a page says at a place.
pub(crate) fn section(place: &PagePlace) -> LspRange {
    LspRange { start: Position::new(place.line, 0), end: Position::new(place.end, 0) }
}

/// The code at a place.
pub(crate) fn selected(place: &PagePlace) -> LspRange {
    LspRange {
        start: Position::new(place.line, place.columns.start),
        end: Position::new(place.line, place.columns.end),
    }
}

/// A place to show or to point at: that of the code itself.
pub(crate) fn location_on(place: &PagePlace) -> Location {
    Location { uri: place.uri.clone(), range: selected(place) }
}

/// The way from a code of a document to a place. The whole code is its origin: editors take words apart at the point.
pub(crate) fn definition(
    grid: &Grid<'_>,
    origin: &Range<usize>,
    place: PagePlace,
    client: &ClientFacts,
) -> GotoDefinitionResponse {
    if !client.definition_links {
        return GotoDefinitionResponse::Scalar(location_on(&place));
    }
    GotoDefinitionResponse::Link(vec![LocationLink {
        origin_selection_range: Some(range(grid, origin)),
        target_range: section(&place),
        target_selection_range: selected(&place),
        target_uri: place.uri,
    }])
}

/// A place that the client is asked to show, with the caret in it.
pub(crate) fn shown(uri: Url, selection: LspRange) -> ShowDocumentParams {
    ShowDocumentParams { uri, external: None, take_focus: Some(true), selection: Some(selection) }
}
