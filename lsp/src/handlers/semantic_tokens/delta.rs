//! `textDocument/semanticTokens/full/delta`: what changed since the answer before.

use super::tokens;
use crate::{
    protocol::{Result, SemanticTokensDeltaParams, SemanticTokensFullDeltaResult},
    snapshot::Snapshot,
    to_lsp,
};

/// Answers with the change, or with all tokens when those before are no longer known.
pub(crate) async fn semantic_tokens_full_delta(
    snapshot: Snapshot,
    params: SemanticTokensDeltaParams,
) -> Result<Option<SemanticTokensFullDeltaResult>> {
    let snapshot = snapshot.at(&params.text_document.uri);
    let Some(document) = snapshot.readable(&params.text_document.uri) else { return Ok(None) };
    let found = tokens(&snapshot, document, 0..document.text().len()).await?;
    let before = snapshot.tokens_given.recall(&document.uri, &params.previous_result_id);
    let id = snapshot.tokens_given.remember(&document.uri, found.clone());
    let before = before.as_deref().map(Vec::as_slice);
    Ok(Some(to_lsp::changed_tokens(id, before, found)))
}
