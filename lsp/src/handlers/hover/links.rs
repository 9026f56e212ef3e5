//! Where the codes of a hover lead to.

use medcode_codes::{date::Date, system::CodeSystem};

use crate::{
    concept::{Concept, Titled},
    snapshot::Snapshot,
    to_lsp::{Links, named_codes},
};

/// The most codes of one hover that lead somewhere.
const MAX_LINKS: usize = 80;

/// Adds where the codes that the page of a concept names lead to.
pub(super) async fn collect(
    snapshot: &Snapshot,
    links: &mut Links,
    concept: &Concept,
    children: &[Titled],
    date: Date,
) {
    for code in named_codes(concept, children).into_iter().take(MAX_LINKS) {
        if let Some(address) = address(snapshot, concept.system, &code, date).await {
            links.add(code, address);
        }
    }
}

/// The page of a code with its line. `None` for what has none.
async fn address(
    snapshot: &Snapshot,
    system: CodeSystem,
    code: &str,
    date: Date,
) -> Option<String> {
    snapshot.pages.link(&snapshot.codes, system, code, date).await
}
