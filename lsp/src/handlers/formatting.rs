//! `textDocument/formatting`: the codes of a note as they are published.

use std::{ops::Range, sync::Arc};

use medcode_codes::{
    document::format::{Points, Respelling, Style, end_of, respellings},
    note::Note,
};

use super::encounter_date::date_at;
use crate::{
    concept::Looked,
    config::DotStyle,
    documents::Document,
    governing::path_of,
    protocol::{DocumentFormattingParams, Result, TextEdit},
    snapshot::Snapshot,
    to_lsp,
};

/// Codes that are respelled at once.
const MOST: usize = 5_000;

/// Respells all codes of the document.
pub(crate) async fn formatting(
    snapshot: Snapshot,
    params: DocumentFormattingParams,
) -> Result<Option<Vec<TextEdit>>> {
    let snapshot = snapshot.at(&params.text_document.uri);
    let Some(document) = snapshot.readable(&params.text_document.uri) else { return Ok(None) };
    Ok(Some(edits(&snapshot, document, |_| true).await))
}

/// The changes that respell the codes whose place, modifiers included, is wanted.
pub(super) async fn edits(
    snapshot: &Snapshot,
    document: &Arc<Document>,
    wanted: impl Fn(&Range<usize>) -> bool,
) -> Vec<TextEdit> {
    let features = &snapshot.settings.features;
    let excluded = path_of(&document.uri).is_some_and(|path| snapshot.settings.excludes(&path));
    if !features.format_enable || excluded {
        return Vec::new();
    }
    let points = match features.format_dot {
        DotStyle::Add => Points::Add,
        DotStyle::Remove => Points::Remove,
        DotStyle::Keep => Points::Keep,
    };
    let style = Style { points, capitals: features.format_upper };
    let note = document.note().await;
    let text = document.text();
    let mut found = respellings(text, &note, style);
    found.retain(|respelling| {
        let mention = note.mentions.get(respelling.mention);
        mention.is_some_and(|mention| wanted(&(mention.range.start..end_of(text, mention))))
    });
    found.truncate(MOST);
    let known = found.iter().map(|respelling| is_known(snapshot, &note, respelling));
    let known = futures::future::join_all(known).await;
    let edits = found.iter().zip(known);
    let edits: Vec<_> =
        edits.filter_map(|(respelling, known)| respelling.edit(&note, known)).collect();
    to_lsp::text_edits(&document.grid(snapshot.client.encoding), &edits)
}

/// Whether a code is known to exist. Words of the shape of a code are left alone.
async fn is_known(snapshot: &Snapshot, note: &Note, respelling: &Respelling) -> bool {
    let (Some(code), Some(mention)) = (&respelling.code, note.mentions.get(respelling.mention))
    else {
        return false;
    };
    let date = date_at(note, mention.range.start, snapshot.as_of());
    matches!(*snapshot.codes.lookup(mention.system, code, date).await, Looked::Known(_))
}
