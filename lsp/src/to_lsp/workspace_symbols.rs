//! Codes of the workspace and of the code sets, as a flat list.
//!
//! Clients filter the list again: the characters of the query have to stand in the name, in their order.

use std::sync::Arc;

use medcode_codes::code::Code;

use super::{location, location_on, symbols::information};
use crate::{
    concept::{Brief, Hit},
    folders::Folder,
    governing::path_of,
    pages::PagePlace,
    positions::Span,
    protocol::{SymbolInformation, SymbolKind, SymbolTag, Url},
    snapshot::Snapshot,
};

/// A code at a place of a note.
#[derive(Clone, Debug)]
pub(crate) struct UsedCode {
    /// The code.
    pub(crate) code: Code,
    /// What is known of it.
    pub(crate) brief: Option<Arc<Brief>>,
    /// The note.
    pub(crate) uri: Url,
    /// Where in the note.
    pub(crate) span: Span,
}

/// Codes where they are used, with the names of their notes.
pub(crate) fn used_codes(
    found: Vec<UsedCode>,
    prefix: Option<&str>,
    snapshot: &Snapshot,
) -> Vec<SymbolInformation> {
    let tags = snapshot.client.shown.workspace_symbol_deprecated;
    let symbols = found.into_iter().map(|used| {
        let title = used.brief.as_ref().map_or("", |brief| &brief.titled.title);
        let name = name_of(prefix, &used.code.to_string(), title);
        let container = name_of_note(&used.uri, &snapshot.folders);
        let place = location(used.uri, used.span);
        let mut symbol = information(name, SymbolKind::CONSTANT, place, Some(container));
        let is_ended = used.brief.is_some_and(|brief| brief.ended);
        symbol.tags = (tags && is_ended).then(|| vec![SymbolTag::DEPRECATED]);
        symbol
    });
    symbols.collect()
}

/// A code of a code set, at its place in the tabular pages. The text that matched stands behind a title that lacks it.
pub(crate) fn code_of_set(prefix: &str, hit: &Hit, place: &PagePlace) -> SymbolInformation {
    let mut name = name_of(Some(prefix), &hit.titled.code, &hit.titled.title);
    let matched = hit.matched.to_lowercase();
    if !matched.is_empty() && !name.to_lowercase().contains(&matched) {
        name = format!("{name} [{}]", hit.matched);
    }
    let container = Some(hit.system.title().to_owned());
    information(name, SymbolKind::CONSTANT, location_on(place), container)
}

fn name_of(prefix: Option<&str>, code: &str, title: &str) -> String {
    let parts = [prefix.unwrap_or_default(), code, title];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// The path of a note as seen from its folder, with the folder's name where there are several.
fn name_of_note(uri: &Url, folders: &[Folder]) -> String {
    let last = || uri.path_segments().and_then(Iterator::last).unwrap_or_default().to_owned();
    let Some(path) = path_of(uri) else { return last() };
    let folder = folders.iter().find(|folder| path.starts_with(&folder.path));
    let base = folder.map(|folder| match folder.path.parent() {
        Some(above) if folders.len() > 1 => above,
        _ => &folder.path,
    });
    let below = base.and_then(|base| path.strip_prefix(base).ok());
    below
        .or(path.file_name().map(std::path::Path::new))
        .map_or_else(last, |path| path.display().to_string())
}
