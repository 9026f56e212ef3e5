//! `textDocument/documentLink` and `documentLink/resolve`: from the rules that a comment names to their pages, and from
//! codes to wherever the settings say.

use medcode_codes::{
    note::{Form, Note},
    rules,
};

use super::MOST_ENTRIES;
use crate::{
    documents::Document,
    protocol::{DocumentLink, DocumentLinkParams, Result},
    snapshot::Snapshot,
    to_lsp::{self, Link},
};

/// The links of a note. Those of rules are completed by resolving, since their pages may not be there yet.
pub(crate) async fn document_link(
    snapshot: Snapshot,
    params: DocumentLinkParams,
) -> Result<Option<Vec<DocumentLink>>> {
    let uri = params.text_document.uri;
    let snapshot = snapshot.at(&uri);
    let Some(document) = snapshot.readable(&uri) else { return Ok(None) };
    let note = document.note().await;
    let grid = document.grid(snapshot.client.encoding);
    let mut links = rule_links(&note);
    let template = snapshot.settings.features.code_link.as_str();
    if !template.is_empty() {
        links.extend(code_links(document, &note, template));
    }
    links.sort_by_key(|(place, _)| place.start);
    links.truncate(MOST_ENTRIES);
    let tooltips = snapshot.client.link_tooltips;
    let links = links
        .iter()
        .filter_map(|(place, link)| to_lsp::document_link(&grid, place, link, tooltips));
    Ok(Some(links.collect()))
}

fn rule_links(note: &Note) -> Vec<(std::ops::Range<usize>, Link)> {
    let named = note.pragmas.iter().flat_map(|pragma| pragma.rules.iter().zip(&pragma.rule_ranges));
    let known = named.filter_map(|(id, place)| Some((place.clone(), Link::Rule(rules::find(id)?))));
    known.collect()
}

fn code_links(
    document: &Document,
    note: &Note,
    template: &str,
) -> Vec<(std::ops::Range<usize>, Link)> {
    let codes = note.mentions.iter().filter(|mention| mention.form == Form::Code);
    let links = codes.filter_map(|mention| {
        let written = document.text().get(mention.range.clone())?;
        let code = medcode_codes::code::Code::parse(mention.system, written).ok()?;
        let address = template.replace("{code}", &code.to_string());
        Some((mention.range.clone(), Link::Address(address)))
    });
    links.collect()
}

/// Completes a link with the page of its rule. A link that is not ours comes back as it is.
pub(crate) async fn document_link_resolve(
    snapshot: Snapshot,
    mut link: DocumentLink,
) -> Result<DocumentLink> {
    if let Some(rule) = to_lsp::linked_rule(&link) {
        link.target = snapshot.pages.rule(rule);
    }
    Ok(link)
}
