//! `textDocument/rename`: another code in the place of one, wherever it stands within the scope of the settings.

use std::{collections::BTreeMap, sync::Arc};

use medcode_codes::{code::Code, date::Date};

use super::{MOST_ENTRIES, encounter_date::encounter_at};
use crate::{
    concept::Looked,
    config::RenameScope,
    from_lsp,
    protocol::{Error, RenameParams, Result, WorkspaceEdit},
    snapshot::Snapshot,
    to_lsp::{self, NoteEdits},
};

mod new_code;
mod occurrences;
mod others;
mod target;

use new_code::{NewCode, refused_on};
use occurrences::{Occurrence, Source};
pub(super) use target::renamed_at;

/// Answers with the edits, or with an error that says why there are none.
pub(crate) async fn rename(
    snapshot: Snapshot,
    params: RenameParams,
) -> Result<Option<WorkspaceEdit>> {
    let place = params.text_document_position;
    let snapshot = snapshot.at(&place.text_document.uri);
    let Some(document) = snapshot.readable(&place.text_document.uri) else { return Ok(None) };
    let encoding = snapshot.client.encoding;
    let offset = from_lsp::offset(&document.grid(encoding), place.position);
    let note = document.note().await;
    let (mention, old) = renamed_at(document.text(), &note, offset).map_err(refused)?;
    let new = NewCode::read(old.system(), &params.new_name).map_err(refused)?;
    let (own, caret) = (Source::open(document, note.clone()), mention.range.clone());
    let scope = snapshot.settings.features.rename_scope;
    let only = (scope == RenameScope::Encounter).then(|| encounter_at(&note, offset)).flatten();
    let mut sources = vec![(own, only, Some(caret))];
    if scope == RenameScope::Workspace {
        let others = others::others(&snapshot, old, &document.uri).await;
        sources.extend(others.into_iter().map(|other| (other, None, None)));
    }
    let as_of = snapshot.as_of();
    let found = tokio::task::spawn_blocking(move || {
        let found = sources.into_iter().map(|(source, only, caret)| {
            let found = source.occurrences(old, only, caret.as_ref(), as_of);
            (source, found)
        });
        found.collect::<Vec<_>>()
    });
    let found = found.await.map_err(|_| Error::internal_error())?;
    let all = || found.iter().flat_map(|(_, found)| found);
    if all().count() > MOST_ENTRIES {
        return Err(refused(format!("The code stands at more than {MOST_ENTRIES} places.")));
    }
    let titles = titles(&snapshot, old, new, all()).await.map_err(refused)?;
    if document.is_outdated() {
        return Err(Error::content_modified());
    }
    let notes: Vec<NoteEdits> = found
        .iter()
        .filter(|(_, found)| !found.is_empty())
        .map(|(source, found)| NoteEdits {
            uri: source.uri.clone(),
            version: source.version,
            is_other: source.uri != document.uri,
            edits: source.edits(found, new.code, &titles, encoding),
        })
        .collect();
    Ok(Some(to_lsp::rename(notes, &snapshot.client)))
}

/// The official titles before and after, by date.
type Titles = BTreeMap<Date, (String, String)>;

/// Asks whether the new code may stand at each place, and what both codes are called there. The error says why not.
async fn titles(
    snapshot: &Snapshot,
    old: Code,
    new: NewCode,
    found: impl Iterator<Item = &Occurrence>,
) -> std::result::Result<Titles, String> {
    // Whether all places of a date are prose, where a header may stand.
    let mut dates: BTreeMap<Date, bool> = BTreeMap::new();
    for occurrence in found {
        *dates.entry(occurrence.date).or_insert(true) &= occurrence.is_prose;
    }
    let mut titles = Titles::new();
    for (date, is_prose) in dates {
        let looked = snapshot.codes.lookup(new.code.system(), &new.code.to_string(), date).await;
        if let Some(reason) = refused_on(new.code, &looked, date, is_prose) {
            return Err(reason);
        }
        let former = snapshot.codes.lookup(old.system(), &old.to_string(), date).await;
        titles.insert(date, (title_of(&former), title_of(&looked)));
    }
    Ok(titles)
}

fn title_of(looked: &Arc<Looked>) -> String {
    match &**looked {
        Looked::Known(concept) => concept.titled.title.clone(),
        Looked::Unknown { .. } | Looked::Unavailable(_) => String::new(),
    }
}

/// The error of a rename that cannot be done, with a sentence that says why.
pub(super) fn refused(reason: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    /// `RequestFailed` of the protocol.
    const REQUEST_FAILED: i64 = -32803;
    Error {
        code: crate::protocol::ErrorCode::ServerError(REQUEST_FAILED),
        message: reason.into(),
        data: None,
    }
}
