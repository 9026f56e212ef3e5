//! `inlayHint/resolve`: the whole title, the release and the date.

use crate::{
    concept::Looked,
    protocol::{InlayHint, Result},
    snapshot::Snapshot,
    to_lsp::{self, ItemData},
};

/// Fills in the tooltip. A hint that is not ours comes back as it is.
pub(crate) async fn inlay_hint_resolve(
    snapshot: Snapshot,
    mut hint: InlayHint,
) -> Result<InlayHint> {
    let Some(data) = ItemData::read(hint.data.as_ref()) else { return Ok(hint) };
    let (Some(system), Some(date)) = (data.system(), data.date()) else { return Ok(hint) };
    if let Looked::Known(concept) = &*snapshot.codes.lookup(system, &data.code, date).await {
        to_lsp::tooltip(&mut hint, concept, date, &snapshot.client);
    }
    Ok(hint)
}
