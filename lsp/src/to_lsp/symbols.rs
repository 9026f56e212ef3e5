//! Encounters and codes as an outline.

use std::ops::Range;

use medcode_codes::date::Date;

use super::range;
use crate::{
    client_facts::Identity,
    config::Outline,
    documents::Document,
    positions::Grid,
    protocol::{
        DocumentSymbol, DocumentSymbolResponse, Location, SymbolInformation, SymbolKind, SymbolTag,
    },
    snapshot::Snapshot,
};

/// An encounter with its codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EncounterSymbol {
    /// Its number in the note, from 1.
    pub(crate) number: usize,
    /// Bytes of the whole encounter.
    pub(crate) range: Range<usize>,
    /// Bytes of its heading, or its first line.
    pub(crate) heading: Range<usize>,
    /// The day of service.
    pub(crate) date: Option<Date>,
    /// The codes in text order.
    pub(crate) codes: Vec<CodeSymbol>,
}

/// A code in an outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CodeSymbol {
    /// The code as published.
    pub(crate) name: String,
    /// The official title; empty where none is known.
    pub(crate) title: String,
    /// A diagnosis rather than a procedure.
    pub(crate) is_diagnosis: bool,
    /// The code ended before the encounter.
    pub(crate) is_ended: bool,
    /// Bytes of the code with its modifiers and its description.
    pub(crate) range: Range<usize>,
    /// Bytes of the code.
    pub(crate) selection: Range<usize>,
}

/// The outline, as a tree where the client takes one.
///
/// VS Code merges it with its own outline of a Markdown note, and there everything hangs under one item.
pub(crate) fn document_symbols(
    document: &Document,
    encounters: &[EncounterSymbol],
    snapshot: &Snapshot,
) -> DocumentSymbolResponse {
    let shown = &snapshot.client.shown;
    if !shown.nested_symbols {
        return DocumentSymbolResponse::Flat(flat(document, encounters, snapshot));
    }
    let grid = document.grid(snapshot.client.encoding);
    let nested: Vec<DocumentSymbol> = encounters
        .iter()
        .map(|encounter| nested(&grid, encounter, shown.symbol_deprecated))
        .collect();
    let is_merged = snapshot.settings.features.outline == Outline::Auto
        && snapshot.client.identity == Identity::VsCode
        && document.is_markdown;
    if !is_merged || nested.is_empty() {
        return DocumentSymbolResponse::Nested(nested);
    }
    let whole = 0..document.text().len();
    let mut root = item(&grid, "medcode".to_owned(), SymbolKind::NAMESPACE, (&whole, &(0..0)));
    root.children = Some(nested);
    DocumentSymbolResponse::Nested(vec![root])
}

fn nested(grid: &Grid<'_>, encounter: &EncounterSymbol, tags: bool) -> DocumentSymbol {
    let codes = encounter.codes.iter().map(|code| {
        let place = (&code.range, &code.selection);
        let mut symbol = item(grid, code.name.clone(), SymbolKind::CONSTANT, place);
        symbol.detail = Some(code.title.clone()).filter(|title| !title.is_empty());
        symbol.tags = tags_of(code, tags);
        symbol
    });
    let place = (&encounter.range, &encounter.heading);
    let mut symbol = item(grid, name_of(encounter), SymbolKind::NAMESPACE, place);
    symbol.detail = Some(detail_of(encounter));
    symbol.children = Some(codes.collect());
    symbol
}

/// `place` is what belongs to the symbol, and within it what is selected.
#[expect(deprecated, reason = "the field has no default; tags say it")]
fn item(
    grid: &Grid<'_>,
    name: String,
    kind: SymbolKind,
    place: (&Range<usize>, &Range<usize>),
) -> DocumentSymbol {
    DocumentSymbol {
        name,
        detail: None,
        kind,
        tags: None,
        deprecated: None,
        range: range(grid, place.0),
        selection_range: range(grid, place.1),
        children: None,
    }
}

fn flat(
    document: &Document,
    encounters: &[EncounterSymbol],
    snapshot: &Snapshot,
) -> Vec<SymbolInformation> {
    let grid = document.grid(snapshot.client.encoding);
    let location =
        |place: &Range<usize>| Location { uri: document.uri.clone(), range: range(&grid, place) };
    let mut symbols = Vec::new();
    for encounter in encounters {
        let name = name_of(encounter);
        let kind = SymbolKind::NAMESPACE;
        symbols.push(information(name.clone(), kind, location(&encounter.range), None));
        symbols.extend(encounter.codes.iter().map(|code| {
            let name_of_code = format!("{} {}", code.name, code.title).trim_end().to_owned();
            let place = location(&code.selection);
            let mut symbol =
                information(name_of_code, SymbolKind::CONSTANT, place, Some(name.clone()));
            symbol.tags = tags_of(code, snapshot.client.shown.symbol_deprecated);
            symbol
        }));
    }
    symbols
}

/// A symbol of a flat list.
#[expect(deprecated, reason = "the field has no default; tags say it")]
pub(super) fn information(
    name: String,
    kind: SymbolKind,
    location: Location,
    container_name: Option<String>,
) -> SymbolInformation {
    SymbolInformation { name, kind, tags: None, deprecated: None, location, container_name }
}

fn tags_of(code: &CodeSymbol, tags: bool) -> Option<Vec<SymbolTag>> {
    (tags && code.is_ended).then(|| vec![SymbolTag::DEPRECATED])
}

fn name_of(encounter: &EncounterSymbol) -> String {
    format!("Encounter {}", encounter.number)
}

fn detail_of(encounter: &EncounterSymbol) -> String {
    let diagnoses = encounter.codes.iter().filter(|code| code.is_diagnosis).count();
    let procedures = encounter.codes.len() - diagnoses;
    let date = encounter.date.map(|date| date.to_string());
    let counts = [
        (diagnoses > 0).then(|| format!("{diagnoses} dx")),
        (procedures == 1).then(|| "1 procedure".to_owned()),
        (procedures > 1).then(|| format!("{procedures} procedures")),
    ];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    let parts: Vec<String> = date.into_iter().chain([counts.join(", ")]).collect();
    parts.join(" · ")
}
