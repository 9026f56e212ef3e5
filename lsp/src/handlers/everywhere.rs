//! The codes of all notes: the open ones as they are being written, the others as they lie on the disk.

use std::{collections::HashSet, path::PathBuf, sync::Arc};

use crate::{
    governing::path_of,
    snapshot::Snapshot,
    workspace_index::{CodedNote, codes_in},
};

/// Every note with its codes: the open ones first, then those of the workspace, each in the order of addresses.
pub(super) async fn everywhere(snapshot: &Snapshot) -> Vec<Arc<CodedNote>> {
    let mut uris: Vec<_> = snapshot.documents.uris().collect();
    uris.sort();
    let encoding = snapshot.client.encoding;
    let mut notes = Vec::new();
    for document in uris.iter().filter_map(|uri| snapshot.readable(uri)) {
        let codes = document
            .read(move |document, note| codes_in(&document.grid(encoding), document.text(), note));
        let codes = codes.await.unwrap_or_default();
        notes.push(Arc::new(CodedNote { uri: document.uri.clone(), codes }));
    }
    let open: HashSet<PathBuf> = uris.into_iter().filter_map(path_of).collect();
    let files = snapshot.index.current(snapshot.client.shown.watches_files).await;
    let closed = files.all().filter(|(path, _)| !open.contains(*path));
    notes.extend(closed.map(|(_, note)| note.clone()));
    notes
}
