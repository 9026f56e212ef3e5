//! From a text to its issues: scan, ask, assemble.
//!
//! The work of the processor runs on the blocking pool, since the framework reads, writes and cancels in one task. The
//! steps themselves are those of [`medcode_codes::document`], which `medcode check` shares.

use std::{collections::HashMap, sync::Arc, time::Duration};

use medcode_codes::document::Document as Text;
use tokio::{sync::mpsc, task::AbortHandle};

use crate::{
    documents::Document,
    governing::path_of,
    outbox::Outbox,
    protocol::{Diagnostic, Url},
    reported::Checked,
    session::{Session, Wake},
    snapshot::Snapshot,
    to_lsp,
};

/// Checks a document with the settings of a snapshot that is at it. `None` when the check itself failed, which the log has.
pub(crate) async fn check(snapshot: &Snapshot, document: &Arc<Document>) -> Option<Checked> {
    let path = path_of(&document.uri);
    let is_page = snapshot.pages.hold(&document.uri);
    if is_page || path.as_deref().is_some_and(|path| snapshot.settings.excludes(path)) {
        let version = document.version;
        let long_lines = Vec::new();
        return Some(Checked { version, issues: Vec::new(), incomplete: false, long_lines });
    }
    let settings = Arc::new(snapshot.settings.for_check(path.as_deref()));
    // The editor's day and not that of the service, which may be another one elsewhere.
    let as_of = snapshot.as_of();
    let note = document.note().await;
    let long_lines = note.long_lines.clone();
    let read = document.clone();
    let wanted = settings.clone();
    let (payers, named) = (snapshot.governing.clone(), snapshot.settings.clone());
    let prepare = move || {
        payers.payer_files.name(&named.payer_files);
        let text = Text::scanned(read.text(), note, &read.parts());
        // For the next version, whatever becomes of this check.
        read.keep(text.parts());
        text.judged_as_of(as_of).with_settings(&wanted).set_aside()
    };
    let prepared = tokio::task::spawn_blocking(prepare).await.ok()?;
    let answers = snapshot.codes.verdicts(prepared.requests()).await;
    let read = document.clone();
    let assemble = move || prepared.of(read.text()).assemble(&answers, &settings);
    let assembly = tokio::task::spawn_blocking(assemble).await.ok()?;
    snapshot.links.prepare(snapshot, document, &assembly.issues).await;
    Some(Checked {
        version: document.version,
        issues: assembly.issues,
        incomplete: assembly.incomplete,
        long_lines,
    })
}

/// The issues of the document at this version: those last reported, or those of a check made now.
pub(crate) async fn checked(snapshot: &Snapshot, document: &Arc<Document>) -> Option<Arc<Checked>> {
    match snapshot.reported.of(document) {
        Some(reported) => Some(reported),
        None => check(snapshot, document).await.map(Arc::new),
    }
}

/// Checks documents as they are opened and changed, until nobody asks any more.
pub(crate) async fn run(
    session: Arc<Session>,
    outbox: Outbox,
    mut wake: mpsc::UnboundedReceiver<Wake>,
) {
    let mut running: HashMap<Url, AbortHandle> = HashMap::new();
    while let Some(wake) = wake.recv().await {
        running.retain(|_, check| !check.is_finished());
        let snapshot = session.snapshot();
        let (documents, delay) = match wake {
            Wake::Opened(uri) => (vec![uri], Duration::ZERO),
            Wake::Changed(uri) => (vec![uri], snapshot.settings.diagnostics_delay),
            Wake::Closed(uri) => {
                if let Some(check) = running.remove(&uri) {
                    check.abort();
                }
                snapshot.reported.remove(&uri);
                if !snapshot.pulls {
                    outbox.diagnostics(to_lsp::no_diagnostics(uri));
                }
                continue;
            }
            Wake::All => {
                session.renew();
                outbox.refreshes().everything();
                (snapshot.documents.uris().cloned().collect(), Duration::ZERO)
            }
        };
        if snapshot.pulls {
            // The client asks.
            continue;
        }
        for uri in documents {
            let check =
                tokio::spawn(check_after(delay, session.clone(), outbox.clone(), uri.clone()));
            if let Some(older) = running.insert(uri, check.abort_handle()) {
                older.abort();
            }
        }
    }
}

/// Checks one document after a pause and reports what was found, unless it has changed in the meantime: then another
/// check is on its way.
async fn check_after(delay: Duration, session: Arc<Session>, outbox: Outbox, uri: Url) {
    tokio::time::sleep(delay).await;
    look_up_settings(&session, &uri).await;
    let snapshot = session.snapshot().at(&uri);
    let Some(document) = snapshot.document(&uri) else { return };
    if let Some(items) = report(&snapshot, document).await {
        outbox.diagnostics(to_lsp::published(document, items));
    }
}

/// Finds and reads the settings file of a document, unless it is known, and tells what is wrong with it.
pub(crate) async fn look_up_settings(session: &Session, uri: &Url) {
    let (governing, place) = (session.governing().clone(), uri.clone());
    let looked_up = tokio::task::spawn_blocking(move || governing.look_up(&place)).await;
    session.tell(&looked_up.unwrap_or_default());
}

/// What is to be shown of a document now, with the settings of a snapshot that is at it. `None` when the check failed,
/// or the document has moved on.
pub(crate) async fn report(
    snapshot: &Snapshot,
    document: &Arc<Document>,
) -> Option<Vec<Diagnostic>> {
    if document.text().len() > snapshot.settings.max_document_bytes {
        return Some(to_lsp::too_large(document, snapshot));
    }
    let checked = check(snapshot, document).await?;
    // While the service is away, what was shown stays until the text changes.
    let before = snapshot.reported.of(document);
    let keeps = |before: &Arc<Checked>| !before.incomplete;
    if let (true, Some(before)) = (checked.incomplete, before.filter(keeps)) {
        return Some(to_lsp::diagnostics(document, &before, snapshot));
    }
    let checked = Arc::new(checked);
    let is_newest = snapshot.reported.put(&document.uri, checked.clone());
    is_newest.then(|| to_lsp::diagnostics(document, &checked, snapshot))
}
