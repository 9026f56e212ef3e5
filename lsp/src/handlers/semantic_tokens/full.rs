//! `textDocument/semanticTokens/full`: all tokens of a note.

use super::tokens;
use crate::{
    protocol::{Result, SemanticTokensParams, SemanticTokensResult},
    snapshot::Snapshot,
    to_lsp,
};

/// Answers with all tokens, and remembers them.
pub(crate) async fn semantic_tokens_full(
    snapshot: Snapshot,
    params: SemanticTokensParams,
) -> Result<Option<SemanticTokensResult>> {
    let snapshot = snapshot.at(&params.text_document.uri);
    let Some(document) = snapshot.readable(&params.text_document.uri) else { return Ok(None) };
    let found = tokens(&snapshot, document, 0..document.text().len()).await?;
    let id = snapshot.tokens_given.remember(&document.uri, found.clone());
    Ok(Some(to_lsp::all_tokens(id, found)))
}
