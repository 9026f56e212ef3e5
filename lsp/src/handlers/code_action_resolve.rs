//! `codeAction/resolve`: the edit of an action over many places, once it is chosen.

use super::code_action::{fix_all, rewrites};
use crate::{
    protocol::{CodeAction, Result},
    snapshot::Snapshot,
    to_lsp::{self, Deferred, Later},
};

/// Finds the edit for the text as it is now. An action that needs none, or whose document has gone, stays as it is.
pub(crate) async fn code_action_resolve(
    snapshot: Snapshot,
    mut action: CodeAction,
) -> Result<CodeAction> {
    let Some(deferred) = Deferred::read(&action) else { return Ok(action) };
    let snapshot = snapshot.at(&deferred.uri);
    let Some(document) = snapshot.readable(&deferred.uri) else { return Ok(action) };
    let edits = match deferred.what {
        Later::FixAll => fix_all::edits(&snapshot, document).await,
        // Places mean something in the text that they were chosen in only.
        Later::Titles(_) if deferred.doc != document.version => Vec::new(),
        Later::Titles(range) => rewrites::titles(&snapshot, document, range).await,
    };
    action.edit = Some(to_lsp::workspace_edit(document, &snapshot, edits));
    Ok(action)
}
