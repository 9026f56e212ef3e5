//! Codes as completion items.

use std::ops::Range;

use medcode_codes::{date::Date, date::parse_iso, system::CodeSystem};
use serde::{Deserialize, Serialize};

use super::{Page, range};
use crate::{
    client_facts::ClientFacts,
    concept::{Concept, Hit},
    positions::Grid,
    protocol::{
        CompletionItem, CompletionItemKind, CompletionItemLabelDetails, CompletionItemTag,
        CompletionList, CompletionResponse, CompletionTextEdit, Documentation, MarkupContent,
        MarkupKind, TextEdit,
    },
};

/// Characters of the title that stand beside a label.
const SHORT_TITLE: usize = 80;

/// What is being typed.
pub(crate) struct Typed<'a> {
    /// The place that an item replaces.
    pub(crate) place: Range<usize>,
    /// The text that stands there.
    pub(crate) text: &'a str,
    /// The date the codes were asked for.
    pub(crate) date: Date,
    /// What is inserted: a template with `{code}` and `{title}`.
    pub(crate) insert: &'a str,
}

/// What an item carries along for `completionItem/resolve`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ItemData {
    system: String,
    /// The code.
    pub(crate) code: String,
    date: String,
}

impl ItemData {
    /// The data that came back with an item.
    pub(crate) fn read(item: &CompletionItem) -> Option<Self> {
        serde_json::from_value(item.data.clone()?).ok()
    }

    /// The system of the code.
    pub(crate) fn system(&self) -> Option<CodeSystem> {
        CodeSystem::from_identifier(&self.system).ok()
    }

    /// The date that was asked about.
    pub(crate) fn date(&self) -> Option<Date> {
        parse_iso(&self.date).ok()
    }
}

/// The list, in the order given. It is incomplete whenever there is something in it, so that the client asks again
/// instead of filtering and sorting by its own taste.
pub(crate) fn completion(
    grid: &Grid<'_>,
    typed: &Typed<'_>,
    hits: &[Hit],
    client: &ClientFacts,
) -> CompletionResponse {
    let items =
        hits.iter().enumerate().map(|(rank, hit)| item(grid, typed, rank, hit, client)).collect();
    CompletionResponse::List(CompletionList { is_incomplete: !hits.is_empty(), items })
}

fn item(
    grid: &Grid<'_>,
    typed: &Typed<'_>,
    rank: usize,
    hit: &Hit,
    client: &ClientFacts,
) -> CompletionItem {
    let title = shortened(&hit.titled.title);
    let mark = match (hit.ended, hit.billable) {
        (true, _) => Some(" expired"),
        (false, false) => Some(" header"),
        (false, true) => None,
    };
    let (label_details, detail) = if client.label_details {
        let detail = mark.map(str::to_owned);
        (
            Some(CompletionItemLabelDetails {
                detail,
                description: Some(title).filter(|title| !title.is_empty()),
            }),
            None,
        )
    } else {
        (None, Some(format!("{title}{}", mark.unwrap_or_default())))
    };
    let data = ItemData {
        system: hit.system.id().to_owned(),
        code: hit.titled.code.clone(),
        date: typed.date.to_string(),
    };
    CompletionItem {
        label: hit.titled.code.clone(),
        label_details,
        kind: Some(if hit.billable {
            CompletionItemKind::CONSTANT
        } else {
            CompletionItemKind::FOLDER
        }),
        detail,
        deprecated: None,
        preselect: (hit.exact && client.completion_preselect).then_some(true),
        sort_text: Some(format!("{rank:04}")),
        filter_text: Some(typed.text.to_owned()),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit {
            range: range(grid, &typed.place),
            new_text: inserted(typed.insert, hit),
        })),
        tags: (hit.ended && client.completion_deprecated)
            .then(|| vec![CompletionItemTag::DEPRECATED]),
        data: serde_json::to_value(data).ok(),
        ..CompletionItem::default()
    }
}

fn inserted(template: &str, hit: &Hit) -> String {
    template
        .replace("{code}", &hit.titled.code)
        .replace("{title}", &hit.titled.title)
        .trim()
        .to_owned()
}

fn shortened(title: &str) -> String {
    match title.char_indices().nth(SHORT_TITLE) {
        Some((end, _)) => format!("{}…", title[..end].trim_end()),
        None => title.to_owned(),
    }
}

/// Fills in what a client shows of a selected item.
pub(crate) fn documentation(item: &mut CompletionItem, concept: &Concept, client: &ClientFacts) {
    let kind =
        if client.completion_markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    let value = Page::new(client.completion_markdown).brief(concept).finish();
    item.documentation = Some(Documentation::MarkupContent(MarkupContent { kind, value }));
    if item.detail.is_none() && !concept.titled.title.is_empty() {
        item.detail = Some(concept.titled.title.clone());
    }
}
