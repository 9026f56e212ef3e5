//! The other notes of the workspace in which a code stands.

use std::{collections::HashSet, fs, path::PathBuf};

use medcode_codes::code::Code;

use super::Source;
use crate::{governing::path_of, protocol::Url, snapshot::Snapshot, sought::Coded};

/// The open notes except one, and those on the disk that hold the code, read anew: the index may be a moment old.
pub(super) async fn others(snapshot: &Snapshot, code: Code, except: &Url) -> Vec<Source> {
    let mut uris: Vec<&Url> = snapshot.documents.uris().collect();
    uris.sort();
    let mut sources = Vec::new();
    let open = uris.iter().filter(|uri| **uri != except).filter_map(|uri| snapshot.readable(uri));
    for document in open {
        sources.push(Source::open(document, document.note().await));
    }
    let open: HashSet<PathBuf> = uris.into_iter().filter_map(path_of).collect();
    let files = snapshot.index.current(snapshot.client.shown.watches_files).await;
    let read = move || {
        let holds = |place: &crate::workspace_index::CodePlace| place.coded == Coded::from(code);
        let closed = files
            .all()
            .filter(|(path, note)| !open.contains(*path) && note.codes.iter().any(holds));
        let read = closed.filter_map(|(path, note)| {
            let text = String::from_utf8(fs::read(path).ok()?).ok()?;
            // Editors show a text without the mark at its front.
            let text = text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text);
            Some(Source::read(note.uri.clone(), text))
        });
        read.collect::<Vec<_>>()
    };
    sources.extend(tokio::task::spawn_blocking(read).await.unwrap_or_default());
    sources
}
