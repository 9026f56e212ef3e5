//! `textDocument/codeAction`: fixes for the issues at the caret, the ways to accept them, other ways to write the codes
//! there, and the fix of everything at once.

use crate::{
    analysis, from_lsp,
    protocol::{CodeActionParams, CodeActionResponse, Result},
    snapshot::Snapshot,
    to_lsp,
};

pub(super) mod fix_all;
pub(super) mod rewrites;

/// Fixes are answered from what the diagnostics carry along; where they carry nothing, or the document has moved on, from
/// the issues of the text as it is. An issue that is no longer there has no actions.
pub(crate) async fn code_action(
    snapshot: Snapshot,
    params: CodeActionParams,
) -> Result<Option<CodeActionResponse>> {
    let wanted = from_lsp::wanted_actions(&params.context);
    let snapshot = snapshot.at(&params.text_document.uri);
    let Some(document) = snapshot.readable(&params.text_document.uri) else { return Ok(None) };
    let mut proposals = Vec::new();
    if wanted.quick_fixes {
        let diagnostics = &params.context.diagnostics;
        let issues = match to_lsp::carried(document, diagnostics) {
            Some(carried) => carried,
            None => match analysis::checked(&snapshot, document).await {
                Some(checked) => {
                    to_lsp::looked_up(document, &checked, &snapshot, diagnostics, params.range)
                }
                None => Vec::new(),
            },
        };
        proposals.extend(to_lsp::quick_fixes(document, &issues));
    }
    if wanted.rewrites {
        let mut rewrites = rewrites::proposals(&snapshot, document, params.range).await;
        // What repairs an issue stands in the list already.
        rewrites.retain(|other| proposals.iter().all(|fix| fix.title != other.title));
        proposals.extend(rewrites);
    }
    if wanted.fix_all {
        proposals.push(fix_all::proposal(&snapshot, document).await);
    }
    Ok(Some(to_lsp::respond(document, &snapshot, proposals)))
}
