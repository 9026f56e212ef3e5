//! `completionItem/resolve`: the page of the selected code or modifier.

use crate::{
    concept::Looked,
    protocol::{CompletionItem, Result},
    snapshot::Snapshot,
    to_lsp::{self, ItemData},
};

/// Fills in documentation and detail. An item that is not ours comes back as it is.
pub(crate) async fn completion_resolve(
    snapshot: Snapshot,
    mut item: CompletionItem,
) -> Result<CompletionItem> {
    let Some(data) = ItemData::read(item.data.as_ref()) else { return Ok(item) };
    let (Some(system), Some(date)) = (data.system(), data.date()) else { return Ok(item) };
    if let Looked::Known(concept) = &*snapshot.codes.lookup(system, &data.code, date).await {
        to_lsp::documentation(&mut item, concept, &snapshot.client);
    } else if let Some(modifier) = data.modifier() {
        to_lsp::modifier_documentation(&mut item, modifier, &snapshot.client);
    }
    Ok(item)
}
