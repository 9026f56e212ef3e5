//! One note on the disk.

use std::{fs, path::Path, sync::Arc, time::SystemTime};

use medcode_codes::note::{Note, scan};

use super::{CodePlace, CodedNote, IndexedFile, Stamp};
use crate::{
    positions::{Encoding, Grid, LineTable},
    protocol::Url,
    sought::{Coded, is_evident},
};

/// When and how large a file is; `None` when there is none.
pub(super) fn stamp_of(path: &Path) -> Option<Stamp> {
    let found = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some((found.modified().unwrap_or(SystemTime::UNIX_EPOCH), found.len()))
}

/// Reads a file. One that is no text holds no codes, and is not read again until it changes.
pub(super) fn read(path: &Path, uri: Url, stamp: Stamp, encoding: Encoding) -> IndexedFile {
    let text = fs::read(path).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    // Editors show a text without the mark at its front.
    let text = text.as_deref().map(|text| text.strip_prefix('\u{FEFF}').unwrap_or(text));
    let codes = text.map(|text| codes(text, encoding)).unwrap_or_default();
    IndexedFile { note: Arc::new(CodedNote { uri, codes }), stamp }
}

fn codes(text: &str, encoding: Encoding) -> Vec<CodePlace> {
    let lines = LineTable::new(text);
    codes_in(&Grid::new(text, &lines, encoding), text, &scan(text))
}

/// The codes of a text, in text order.
pub(crate) fn codes_in(grid: &Grid<'_>, text: &str, note: &Note) -> Vec<CodePlace> {
    let places = note.mentions.iter().flat_map(|mention| {
        let span = grid.span(&mention.range);
        let is_evident = is_evident(mention);
        let readings = Coded::readings(mention, text).into_iter();
        readings.map(move |coded| CodePlace { coded, span, is_evident })
    });
    let mut places: Vec<CodePlace> = places.collect();
    places.shrink_to_fit();
    places
}
