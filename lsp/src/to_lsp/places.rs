//! Places in a note: highlights, folds, selections.

use std::ops::Range;

use super::{position, range};
use crate::{
    positions::{Grid, Span},
    protocol::{
        DocumentHighlight, DocumentHighlightKind, FoldingRange, FoldingRangeKind, Location,
        Range as LspRange, SelectionRange, Url,
    },
    sought::Found,
};

/// The places of a code, and of what is below it, told apart by their kind.
pub(crate) fn highlights(
    grid: &Grid<'_>,
    found: &[(Range<usize>, Found)],
) -> Vec<DocumentHighlight> {
    let highlight = |(place, found): &(Range<usize>, Found)| DocumentHighlight {
        range: range(grid, place),
        kind: Some(match found {
            Found::Same => DocumentHighlightKind::TEXT,
            Found::Below => DocumentHighlightKind::READ,
        }),
    };
    found.iter().map(highlight).collect()
}

/// Regions of more than one line, at most `most`. Without characters they fold from the end of their first line to that
/// of their last, which clients that fold whole lines understand as well.
pub(crate) fn folds(grid: &Grid<'_>, regions: &[Range<usize>], most: usize) -> Vec<FoldingRange> {
    let folds = regions.iter().filter_map(|region| {
        let (start, end) = (grid.point(region.start).line, grid.point(region.end).line);
        (start < end).then(|| FoldingRange {
            start_line: start,
            end_line: end,
            kind: Some(FoldingRangeKind::Region),
            ..FoldingRange::default()
        })
    });
    folds.take(most).collect()
}

/// A selection that grows through `ranges`, innermost first.
pub(crate) fn selection(grid: &Grid<'_>, ranges: &[Range<usize>]) -> SelectionRange {
    let outward = ranges.iter().rev().fold(None, |parent, place| {
        Some(Box::new(SelectionRange { range: range(grid, place), parent }))
    });
    outward.map_or_else(SelectionRange::default, |selection| *selection)
}

/// A place of a note.
pub(crate) fn location(uri: Url, span: Span) -> Location {
    Location { uri, range: span_range(span) }
}

/// A span in the positions of the client.
pub(super) fn span_range(span: Span) -> LspRange {
    LspRange { start: position(span.start), end: position(span.end) }
}
