//! `textDocument/hover`: the page of the code, the modifier or the rule under the pointer.

use std::{ops::Range, sync::Arc};

use medcode_codes::{
    code::written,
    date::Date,
    normalize::normalize,
    note::{Evidence, Form, Mention, Note},
    rule::Rule,
    rules,
    system::CodeSystem,
};

use super::encounter_date::date_at;
use crate::{
    concept::{Concept, Looked, Titled},
    documents::Document,
    from_lsp,
    protocol::{Hover, HoverParams, Result},
    snapshot::Snapshot,
    to_lsp::{self, Links, Page, Subject},
};

mod links;
mod modifier;

/// The most children that a header shows.
const MAX_CHILDREN: u16 = 20;

/// Bytes of the longest text that is asked about as a code.
const MAX_CODE: usize = 64;

/// Answers for any code, label or not, valid or not, for its modifiers, and for the ids of rules in comments to medcode.
pub(crate) async fn hover(snapshot: Snapshot, params: HoverParams) -> Result<Option<Hover>> {
    let place = params.text_document_position_params;
    let snapshot = snapshot.at(&place.text_document.uri);
    let Some(document) = snapshot.note_or_page(&place.text_document.uri) else { return Ok(None) };
    let grid = document.grid(snapshot.client.encoding);
    let offset = from_lsp::offset(&grid, place.position);
    let note = document.note().await;
    let markdown = snapshot.client.hover_markdown;
    if let Some((range, text)) = rule_at(&note, offset) {
        return Ok(Some(to_lsp::hover(&grid, &range, text, markdown)));
    }
    let checked = snapshot.reported.of(document);
    let (mut page, place) = if let Some(mention) = note.mention_at(offset) {
        let Some(page) = page(&snapshot, document, &note, mention).await else { return Ok(None) };
        (page, mention.range.clone())
    } else {
        let Some((mention, place)) = modifier::at(&note, offset) else { return Ok(None) };
        let written = document.text().get(place.clone()).unwrap_or_default();
        (modifier::page(&snapshot, &note, mention, written).await, place)
    };
    let rule_page = |rule: &Rule| snapshot.pages.rule(rule).filter(|_| markdown);
    to_lsp::issues_section(&mut page, checked.as_deref(), &place, rule_page);
    Ok(Some(to_lsp::hover(&grid, &place, page.finish(), markdown)))
}

/// The page of a code. `None` for a bare token that is no code.
async fn page(
    snapshot: &Snapshot,
    document: &Document,
    note: &Note,
    mention: &Mention,
) -> Option<Page> {
    let text = document.text().get(mention.range.clone()).filter(|text| text.len() <= MAX_CODE)?;
    let date = date_at(note, mention.range.start, snapshot.as_of());
    let found = found(snapshot, mention, text, date).await;
    let any_known = found.iter().any(|(_, looked)| matches!(**looked, Looked::Known(_)));
    if mention.evidence == Evidence::Bare && !any_known && is_unknown(&found) {
        return None;
    }
    // Of several readings of one text only those that exist are shown.
    let known = found.iter().filter(|(_, looked)| matches!(**looked, Looked::Known(_)));
    let shown: Vec<_> = if any_known { known.collect() } else { found.iter().take(1).collect() };
    let mut links = Links::default();
    let mut below = Vec::new();
    for (_, looked) in &shown {
        let Looked::Known(concept) = &**looked else { continue };
        let children = children(snapshot, concept, date).await;
        if snapshot.client.hover_markdown {
            links::collect(snapshot, &mut links, concept, &children, date).await;
        }
        below.push(children);
    }
    let mut page = Page::new(snapshot.client.hover_markdown).with_links(links);
    let mut below = below.into_iter();
    for (system, looked) in shown {
        let children = below.next().unwrap_or_default();
        let release = snapshot.codes.release(*system).unwrap_or_default();
        let written = asked(mention, *system, text);
        let subject = Subject {
            system: *system,
            written: &written,
            looked,
            children: &children,
            date,
            release: &release,
        };
        page.subject(&subject);
    }
    Some(page)
}

fn is_unknown(found: &[(CodeSystem, Arc<Looked>)]) -> bool {
    found.iter().all(|(_, looked)| matches!(**looked, Looked::Unknown { .. }))
}

/// What is known of the text: in the declared system, or in each system whose shape it has.
async fn found(
    snapshot: &Snapshot,
    mention: &Mention,
    text: &str,
    date: Date,
) -> Vec<(CodeSystem, Arc<Looked>)> {
    let others = CodeSystem::ALL.into_iter().filter(|system| {
        !mention.declared
            && *system != mention.system
            && system.accepts_shape(&normalize(*system, text).code)
    });
    let systems = std::iter::once(mention.system).chain(others);
    let lookups = systems.map(|system| async move {
        (system, snapshot.codes.lookup(system, &asked(mention, system, text), date).await)
    });
    futures::future::join_all(lookups).await
}

/// The text as it is asked about: a category reference stands for its category.
fn asked(mention: &Mention, system: CodeSystem, text: &str) -> String {
    match mention.form {
        Form::Code => text.to_owned(),
        Form::Category => written(system, &normalize(system, text).code),
        Form::Span => text.to_ascii_uppercase(),
    }
}

async fn children(snapshot: &Snapshot, concept: &Concept, date: Date) -> Vec<Titled> {
    if concept.billable || concept.child_count == 0 {
        return Vec::new();
    }
    snapshot.codes.children(concept, date, MAX_CHILDREN).await.unwrap_or_default()
}

/// The page of the rule whose id stands at `offset` in a comment to medcode, and the place of the id.
fn rule_at(note: &Note, offset: usize) -> Option<(Range<usize>, String)> {
    let pragma = note.pragmas.iter().find(|pragma| pragma.range.contains(&offset))?;
    let mut named = pragma.rules.iter().zip(&pragma.rule_ranges);
    let (id, place) = named.find(|(_, place)| place.start <= offset && offset <= place.end)?;
    Some((place.clone(), to_lsp::rule_page(rules::find(id)?)))
}
