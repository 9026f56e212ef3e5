//! Every fix that only spells the same anew, or is the only way out, in one edit.

use std::sync::Arc;

use medcode_codes::document::safe_edits;

use crate::{
    analysis,
    documents::Document,
    protocol::TextEdit,
    snapshot::Snapshot,
    to_lsp::{self, FIX_ALL, Later, Proposal},
};

/// The action; it says so where there is nothing to fix.
pub(super) async fn proposal(snapshot: &Snapshot, document: &Arc<Document>) -> Proposal {
    let edits = edits(snapshot, document).await;
    let mut proposal = Proposal::new(FIX_ALL, "Fix everything that is certain".to_owned(), edits);
    if proposal.edits.is_empty() {
        proposal.disabled = Some("Nothing here can be fixed without a decision of yours.");
    } else if snapshot.client.edits.resolves_edit && snapshot.client.action_literals {
        proposal.later = Some(Later::FixAll);
        proposal.edits.clear();
    }
    proposal
}

/// The changes of the document as it is.
pub(in crate::handlers) async fn edits(
    snapshot: &Snapshot,
    document: &Arc<Document>,
) -> Vec<TextEdit> {
    let Some(checked) = analysis::checked(snapshot, document).await else { return Vec::new() };
    let grid = document.grid(snapshot.client.encoding);
    to_lsp::text_edits(&grid, &safe_edits(document.text(), &checked.issues))
}
