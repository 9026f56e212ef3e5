//! From a text to its issues: scan, ask, assemble.
//!
//! The work of the processor runs on the blocking pool, since the framework reads, writes and cancels in one task. The
//! steps themselves are those of [`medcode_codes::document`], which `medcode check` shares.

use std::{collections::HashMap, sync::Arc, time::Duration};

use medcode_codes::document::{CheckSettings, Document as Text, EncounterAnswer};
use tokio::{sync::mpsc, task::AbortHandle};

use crate::{
    documents::Document,
    outbox::Outbox,
    protocol::Url,
    reported::Checked,
    session::{Session, Wake},
    snapshot::Snapshot,
    to_lsp,
};

/// Checks a document. `None` when the check itself failed, which the log has.
pub(crate) async fn check(snapshot: &Snapshot, document: &Arc<Document>) -> Option<Checked> {
    let settings =
        CheckSettings { severity: snapshot.settings.rules.clone(), ..CheckSettings::default() };
    // The editor's day and not that of the service, which may be another one elsewhere.
    let as_of = snapshot.as_of();
    let scanned = document.clone();
    let requests = move || Text::as_of(scanned.text(), as_of).requests().to_vec();
    let requests = tokio::task::spawn_blocking(requests).await.ok()?;
    let answers = snapshot.codes.verdicts(&requests).await;
    let assembled = document.clone();
    let assembly = tokio::task::spawn_blocking(move || {
        let answers: Vec<EncounterAnswer> =
            answers.iter().map(|answer| (**answer).clone()).collect();
        Text::as_of(assembled.text(), as_of).assemble(&answers, &settings)
    });
    let assembly = assembly.await.ok()?;
    Some(Checked {
        version: document.version,
        issues: assembly.issues,
        incomplete: assembly.incomplete,
    })
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
            Wake::Opened(uri) => {
                // Versions may begin anew.
                snapshot.reported.remove(&uri);
                (vec![uri], Duration::ZERO)
            }
            Wake::Changed(uri) => (vec![uri], snapshot.settings.diagnostics_delay),
            Wake::Closed(uri) => {
                if let Some(check) = running.remove(&uri) {
                    check.abort();
                }
                snapshot.reported.remove(&uri);
                outbox.diagnostics(to_lsp::no_diagnostics(uri));
                continue;
            }
            Wake::All => (snapshot.documents.uris().cloned().collect(), Duration::ZERO),
        };
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
    let snapshot = session.snapshot();
    let Some(document) = snapshot.document(&uri) else { return };
    if document.text().len() > snapshot.settings.max_document_bytes {
        return outbox.diagnostics(to_lsp::too_large(document, &snapshot));
    }
    let Some(checked) = check(&snapshot, document).await else { return };
    // While the service is away, what was shown stays until the text changes.
    let before = snapshot.reported.get(&uri);
    let keeps = |before: &Checked| before.version == checked.version && !before.incomplete;
    if checked.incomplete && before.as_deref().is_some_and(keeps) {
        return;
    }
    let checked = Arc::new(checked);
    if snapshot.reported.put(&uri, checked.clone()) {
        outbox.diagnostics(to_lsp::diagnostics(document, &checked, &snapshot));
    }
}
