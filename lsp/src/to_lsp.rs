//! From our own types to those of the protocol. One file per feature; nothing else builds types of the protocol.

use std::ops::Range;

use crate::{
    positions::{Grid, Point},
    protocol::{Position, Range as LspRange, TextEdit},
};

mod actions;
mod code_lens;
mod completion;
mod diagnostics;
mod document_link;
mod hierarchy;
mod hover;
mod inlay;
mod item_data;
mod page;
mod page_place;
mod places;
mod rename;
mod symbols;
mod tokens;
mod workspace_symbols;

pub(crate) use actions::{
    APPLY, Deferred, FIX_ALL, IGNORE_IN_PROJECT, Later, Proposal, QUICK_FIX, REWRITE,
    advertised_kinds, carried, edit_of, looked_up, quick_fixes, respond, workspace_edit,
};
pub(crate) use code_lens::{EncounterSum, LensData, code_lens, lens_command};
pub(crate) use completion::{
    Modifier, Offer, Typed, completion, documentation, modifier_documentation, modifiers,
};
pub(crate) use diagnostics::{
    SOURCE, diagnostics, document_report, no_diagnostics, nothing_new, of_file, published,
    too_large, unchanged_report, workspace_report,
};
pub(crate) use document_link::{Link, document_link, linked_rule};
pub(crate) use hierarchy::{HierarchyData, Standing, hierarchy_item};
pub(crate) use hover::{hover, issues_section, rule_page};
pub(crate) use inlay::{TitleHint, inlay_hint, tooltip};
pub(crate) use item_data::ItemData;
pub(crate) use page::{Links, Page, Subject, named_codes};
pub(crate) use page_place::{definition, location_on, selected, shown};
pub(crate) use places::{folds, highlights, location, selection};
pub(crate) use rename::{NoteEdits, rename, renamed};
pub(crate) use symbols::{CodeSymbol, EncounterSymbol, document_symbols};
pub(crate) use tokens::{
    Token, TokenKind, all_tokens, changed_tokens, packed, some_tokens, token_options,
};
pub(crate) use workspace_symbols::{UsedCode, code_of_set, used_codes};

/// A byte range in the positions of the client.
pub(crate) fn range(grid: &Grid<'_>, range: &Range<usize>) -> LspRange {
    let span = grid.span(range);
    LspRange { start: position(span.start), end: position(span.end) }
}

/// Changes of a text, applied together.
pub(crate) fn text_edits(grid: &Grid<'_>, edits: &[(Range<usize>, String)]) -> Vec<TextEdit> {
    let edit = |(place, text): &(Range<usize>, String)| TextEdit {
        range: range(grid, place),
        new_text: text.clone(),
    };
    edits.iter().map(edit).collect()
}

/// A title cut after `most` characters.
fn shortened(title: &str, most: usize) -> String {
    match title.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", title.get(..end).unwrap_or_default().trim_end()),
        None => title.to_owned(),
    }
}

fn position(point: Point) -> Position {
    Position { line: point.line, character: point.column }
}
