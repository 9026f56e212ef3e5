//! Codes as completion items.

use std::ops;

use medcode_codes::{
    date::Date,
    system::{CodeSystem, modifier},
};

use super::{ItemData, Page, range, shortened};
use crate::{
    client_facts::ClientFacts,
    concept::{Concept, Hit},
    positions::Grid,
    protocol::{
        CompletionItem, CompletionItemKind, CompletionItemLabelDetails, CompletionItemTag,
        CompletionList, CompletionResponse, CompletionTextEdit, Documentation, InsertTextFormat,
        MarkupContent, MarkupKind, Range, TextEdit,
    },
};

mod insertion;

use insertion::{Insertion, insertion};

/// Characters of the title that stand beside a label.
const SHORT_TITLE: usize = 80;

/// What is being typed.
pub(crate) struct Typed<'a> {
    /// The place that an item replaces.
    pub(crate) place: ops::Range<usize>,
    /// The text that stands there.
    pub(crate) text: &'a str,
    /// The date the codes were asked for.
    pub(crate) date: Date,
    /// What is inserted: a template with `{code}` and `{title}`.
    pub(crate) insert: &'a str,
}

/// A code that is offered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Offer {
    /// The code.
    pub(crate) hit: Hit,
    /// What took its place; known only where it is shown.
    pub(crate) replaced_by: Vec<String>,
}

/// A modifier that is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Modifier {
    /// The modifier.
    pub(crate) text: &'static str,
    /// What it is for, in words of our own.
    pub(crate) words: &'static str,
    /// It is what is typed.
    pub(crate) exact: bool,
}

/// The list, in the order given. It is incomplete whenever there is something in it, so that the client asks again
/// instead of filtering and sorting by its own taste.
pub(crate) fn completion(
    grid: &Grid<'_>,
    typed: &Typed<'_>,
    offers: &[Offer],
    client: &ClientFacts,
) -> CompletionResponse {
    let offered = offers.iter().map(|offer| {
        let hit = &offer.hit;
        let replaced = match offer.replaced_by.as_slice() {
            [] => String::new(),
            codes => format!(" → {}", codes.join(", ")),
        };
        let titled = &hit.titled;
        Offered {
            system: hit.system,
            code: &titled.code,
            title: &titled.title,
            mark: match (hit.ended, hit.header) {
                (true, _) => format!(" expired{replaced}"),
                (false, true) => " header".to_owned(),
                (false, false) => String::new(),
            },
            kind: if hit.header {
                CompletionItemKind::FOLDER
            } else {
                CompletionItemKind::CONSTANT
            },
            ended: hit.ended,
            exact: hit.exact,
            inserted: insertion(typed.insert, &titled.code, &titled.title, client.snippets),
        }
    });
    list(grid, typed, offered, client)
}

/// The list of modifiers, in the order given.
pub(crate) fn modifiers(
    grid: &Grid<'_>,
    typed: &Typed<'_>,
    offers: &[Modifier],
    client: &ClientFacts,
) -> CompletionResponse {
    let offered = offers.iter().map(|offer| Offered {
        system: system_of(offer.text),
        code: offer.text,
        title: offer.words,
        mark: String::new(),
        kind: CompletionItemKind::OPERATOR,
        ended: false,
        exact: offer.exact,
        inserted: Insertion { text: offer.text.to_owned(), is_snippet: false },
    });
    list(grid, typed, offered, client)
}

/// What an item is made from.
struct Offered<'a> {
    system: CodeSystem,
    code: &'a str,
    title: &'a str,
    /// What stands right behind the code.
    mark: String,
    kind: CompletionItemKind,
    ended: bool,
    exact: bool,
    inserted: Insertion,
}

fn list<'a>(
    grid: &Grid<'_>,
    typed: &Typed<'_>,
    offered: impl Iterator<Item = Offered<'a>>,
    client: &ClientFacts,
) -> CompletionResponse {
    let place = range(grid, &typed.place);
    let items: Vec<CompletionItem> = offered
        .enumerate()
        .map(|(rank, offered)| item(place, typed, rank, offered, client))
        .collect();
    CompletionResponse::List(CompletionList { is_incomplete: !items.is_empty(), items })
}

fn item(
    place: Range,
    typed: &Typed<'_>,
    rank: usize,
    offered: Offered<'_>,
    client: &ClientFacts,
) -> CompletionItem {
    let title = shortened(offered.title, SHORT_TITLE);
    let (label_details, detail) = if client.label_details {
        let detail = Some(offered.mark).filter(|mark| !mark.is_empty());
        let description = Some(title).filter(|title| !title.is_empty());
        (Some(CompletionItemLabelDetails { detail, description }), None)
    } else {
        (None, Some(format!("{title}{}", offered.mark)))
    };
    CompletionItem {
        label: offered.code.to_owned(),
        label_details,
        kind: Some(offered.kind),
        detail,
        deprecated: None,
        preselect: (offered.exact && client.completion_preselect).then_some(true),
        sort_text: Some(format!("{rank:04}")),
        filter_text: Some(typed.text.to_owned()),
        insert_text_format: offered.inserted.is_snippet.then_some(InsertTextFormat::SNIPPET),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit {
            range: place,
            new_text: offered.inserted.text,
        })),
        tags: (offered.ended && client.completion_deprecated)
            .then(|| vec![CompletionItemTag::DEPRECATED]),
        data: ItemData::new(offered.system, offered.code, typed.date).write(),
        ..CompletionItem::default()
    }
}

/// The system that defines a modifier.
fn system_of(modifier: &str) -> CodeSystem {
    if modifier::is_cpt_shape(modifier) { CodeSystem::Cpt } else { CodeSystem::Hcpcs }
}

/// Fills in what a client shows of a selected item.
pub(crate) fn documentation(item: &mut CompletionItem, concept: &Concept, client: &ClientFacts) {
    let mut page = Page::new(client.completion_markdown);
    document(item, page.brief(concept), &concept.titled.title, client);
}

/// Fills in what a client shows of a selected modifier.
pub(crate) fn modifier_documentation(
    item: &mut CompletionItem,
    (modifier, words): (&str, &str),
    client: &ClientFacts,
) {
    let mut page = Page::new(client.completion_markdown);
    document(item, page.modifier(system_of(modifier), modifier, words), words, client);
}

fn document(item: &mut CompletionItem, page: &Page, title: &str, client: &ClientFacts) {
    let value = page.finish();
    // A client that lists no format takes a string.
    item.documentation = Some(if client.completion_markdown {
        Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value })
    } else {
        Documentation::String(value)
    });
    if item.detail.is_none() && !title.is_empty() {
        item.detail = Some(title.to_owned());
    }
}
