//! `textDocument/semanticTokens/range`: the tokens of the part that is seen.

use super::tokens;
use crate::{
    from_lsp,
    protocol::{Result, SemanticTokensRangeParams, SemanticTokensRangeResult},
    snapshot::Snapshot,
    to_lsp,
};

/// Answers with the tokens of a part.
pub(crate) async fn semantic_tokens_range(
    snapshot: Snapshot,
    params: SemanticTokensRangeParams,
) -> Result<Option<SemanticTokensRangeResult>> {
    let snapshot = snapshot.at(&params.text_document.uri);
    let Some(document) = snapshot.readable(&params.text_document.uri) else { return Ok(None) };
    let grid = document.grid(snapshot.client.encoding);
    let part = from_lsp::range(&grid, params.range);
    Ok(Some(to_lsp::some_tokens(tokens(&snapshot, document, part).await?)))
}
