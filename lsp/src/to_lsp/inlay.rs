//! Titles as inlay hints.

use medcode_codes::{date::Date, system::CodeSystem};

use super::{ItemData, Page, position, shortened, text_edits};
use crate::{
    client_facts::ClientFacts,
    concept::{Concept, Titled},
    positions::Grid,
    protocol::{InlayHint, InlayHintLabel, InlayHintTooltip, MarkupContent, MarkupKind},
    snapshot::Snapshot,
};

/// A title to be shown.
pub(crate) struct TitleHint<'a> {
    /// The byte behind the code.
    pub(crate) at: usize,
    /// The system of the code.
    pub(crate) system: CodeSystem,
    /// The code with its title.
    pub(crate) titled: &'a Titled,
    /// The date the code was asked for.
    pub(crate) date: Date,
    /// What the text takes up when the hint is accepted, and at which byte. `None` where it may not.
    pub(crate) insert: Option<(usize, String)>,
}

/// The hint, its title cut after `most` characters.
pub(crate) fn inlay_hint(
    grid: &Grid<'_>,
    hint: &TitleHint<'_>,
    most: usize,
    snapshot: &Snapshot,
) -> InlayHint {
    let Titled { code, title } = hint.titled;
    let place = position(grid.span(&(hint.at..hint.at)).start);
    let edits = hint.insert.clone().map(|(at, text)| text_edits(grid, &[(at..at, text)]));
    // Whoever cannot ask for the tooltip later has what is known at once.
    let tooltip = (!snapshot.client.resolves_tooltips)
        .then(|| InlayHintTooltip::String(format!("{code} {title}")));
    InlayHint {
        position: place,
        label: InlayHintLabel::String(shortened(title, most)),
        kind: None,
        text_edits: edits,
        tooltip,
        padding_left: Some(true),
        padding_right: None,
        data: ItemData::new(hint.system, code, hint.date).write(),
    }
}

/// Fills in what a client shows over a hint.
pub(crate) fn tooltip(hint: &mut InlayHint, concept: &Concept, date: Date, client: &ClientFacts) {
    let markdown = client.hover_markdown;
    let kind = if markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    let value = Page::new(markdown).caption(concept, date).finish();
    hint.tooltip = Some(InlayHintTooltip::MarkupContent(MarkupContent { kind, value }));
}
