//! Checks the notes of the workspace that are not open.
//!
//! What was found is kept by file until the file, the settings or the code sets change, so that a second look costs a
//! look at times and sizes. Clients that ask get what is new to them; the others are told by a task of their own.

use std::{
    collections::{HashMap, HashSet},
    fs,
    hash::{BuildHasher, Hash, Hasher},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::{Instant, sleep};

use crate::{
    analysis,
    client_requests::ClientRequests,
    config::WorkspaceCheck as When,
    documents::Document,
    ingress::Signals,
    issue_counts::IssueCounts,
    outbox::Outbox,
    progress::Progress,
    protocol::{Diagnostic, Url},
    session::Session,
    snapshot::Snapshot,
    to_lsp,
};

/// What a check of the workspace is called.
const TITLE: &str = "Checking notes";
/// Work that is done sooner is not shown.
const SHOWN_AFTER: Duration = Duration::from_secs(1);
/// How often files are looked at where the client does not tell of changes.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// What was found in a file.
pub(crate) struct Found {
    /// Names the state of file, settings and code sets.
    pub(crate) id: String,
    /// The issues.
    pub(crate) items: Vec<Diagnostic>,
    counts: IssueCounts,
}

/// What was found in the files of the workspace. Cloning shares it.
#[derive(Clone, Default)]
pub(crate) struct Findings {
    known: Arc<Mutex<HashMap<Url, Arc<Found>>>>,
    /// The news at which the user stopped a check; 0 for never.
    stopped_at: Arc<AtomicU64>,
}

impl Findings {
    fn known(&self) -> MutexGuard<'_, HashMap<Url, Arc<Found>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stop_at(&self, news: u64) {
        self.stopped_at.store(news, Ordering::Relaxed);
    }

    fn was_stopped_at(&self, news: u64) -> bool {
        news > 0 && self.stopped_at.load(Ordering::Relaxed) == news
    }
}

/// Checks every file of the workspace that is not open, and that was not checked in its present state. With a `folder`
/// only those below. Shows how far it is where that takes a while; stops when the user wants it to.
pub(crate) async fn check(
    session: &Arc<Session>,
    client: &ClientRequests,
    folder: Option<&Path>,
) -> HashMap<Url, Arc<Found>> {
    let news = *session.news().borrow();
    if folder.is_none() && session.findings().was_stopped_at(news) {
        return session.findings().known().clone();
    }
    let snapshot = session.snapshot();
    let files = snapshot.index.current(snapshot.client.shown.watches_files).await;
    let started = Instant::now();
    let mut progress: Option<Progress> = None;
    let wanted: Vec<_> = files
        .stamped()
        .filter(|(path, file, _)| {
            folder.is_none_or(|folder| path.starts_with(folder))
                && snapshot.document(&file.uri).is_none()
        })
        .collect();
    let mut found = HashMap::with_capacity(wanted.len());
    for (number, (path, file, stamp)) in wanted.iter().enumerate() {
        let id = result_id(session, &snapshot, stamp);
        let known = session.findings().known().get(&file.uri).cloned();
        if let Some(known) = known.filter(|known| known.id == id) {
            found.insert(file.uri.clone(), known);
            continue;
        }
        if progress.is_none() && started.elapsed() > SHOWN_AFTER {
            progress = Some(Progress::begin(session, client, TITLE, true));
        }
        if let Some(progress) = &progress {
            if progress.is_stopped() {
                // What is known of the others stays, and nobody begins again before there is something new.
                let known = session.findings().known();
                let others = wanted.iter().skip(number).map(|(_, file, _)| &file.uri);
                let kept = others.filter_map(|uri| Some((uri.clone(), known.get(uri)?.clone())));
                found.extend(kept);
                session.findings().stop_at(news);
                break;
            }
            let percent = (number * 100).checked_div(wanted.len()).unwrap_or_default();
            let message = format!("{number} of {} notes", wanted.len());
            progress.tell(message, u8::try_from(percent).ok());
        }
        if let Some(checked) = check_file(session, &snapshot, path, &file.uri, id).await {
            found.insert(file.uri.clone(), checked);
        }
    }
    if let Some(progress) = progress {
        progress.end(None);
    }
    if folder.is_none() {
        // Files that are gone are forgotten.
        let there: HashSet<&Url> = wanted.iter().map(|(_, file, _)| &file.uri).collect();
        session.findings().known().retain(|uri, _| there.contains(uri));
    }
    found
}

/// Reads and checks one file. `None` for one that cannot be read as text, or whose check failed.
async fn check_file(
    session: &Session,
    snapshot: &Snapshot,
    path: &Path,
    uri: &Url,
    id: String,
) -> Option<Arc<Found>> {
    analysis::look_up_settings(session, uri).await;
    let snapshot = snapshot.clone().at(uri);
    let (path, uri, max): (PathBuf, Url, usize) =
        (path.to_owned(), uri.clone(), snapshot.settings.max_document_bytes);
    let read = move || {
        let bytes = fs::read(path).ok().filter(|bytes| bytes.len() <= max)?;
        let text = String::from_utf8(bytes).ok()?;
        // Editors show a text without the mark at its front.
        let text = text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text);
        Some(Arc::new(Document::new(uri, 0, text)))
    };
    let document = tokio::task::spawn_blocking(read).await.ok()??;
    let checked = analysis::check(&snapshot, &document).await?;
    let mut counts = IssueCounts::default();
    counts.add(&checked);
    let items = to_lsp::diagnostics(&document, &checked, &snapshot);
    let found = Arc::new(Found { id, items, counts });
    if !checked.incomplete {
        session.findings().known().insert(document.uri.clone(), found.clone());
    }
    Some(found)
}

/// What was found in all of them together.
pub(crate) fn counted(found: &HashMap<Url, Arc<Found>>) -> IssueCounts {
    let mut counts = IssueCounts::default();
    for found in found.values() {
        counts.add_all(&found.counts);
    }
    counts
}

fn result_id(session: &Session, snapshot: &Snapshot, stamp: impl Hash) -> String {
    let mut hasher = session.hasher().build_hasher();
    stamp.hash(&mut hasher);
    snapshot.generation.hash(&mut hasher);
    snapshot.as_of().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Whether anybody wants the notes of the workspace checked.
pub(crate) fn is_wanted(session: &Session, snapshot: &Snapshot) -> bool {
    snapshot.settings.features.workspace_check != When::Off || session.was_asked_for_workspace()
}

/// Tells the issues of files that are not open to clients that do not ask, as long as the server runs.
pub(crate) async fn tell(
    session: Arc<Session>,
    client: ClientRequests,
    signals: Arc<Signals>,
    outbox: Outbox,
) {
    signals.initialized().await;
    if session.snapshot().pulls {
        return;
    }
    let mut news = session.news();
    let mut told: HashMap<Url, String> = HashMap::new();
    loop {
        news.borrow_and_update();
        let snapshot = session.snapshot();
        let wanted = is_wanted(&session, &snapshot);
        let found = if wanted { check(&session, &client, None).await } else { HashMap::new() };
        let open = session.snapshot().documents;
        for (uri, _) in told.extract_if(|uri, _| !found.contains_key(uri)) {
            // An open document speaks for itself.
            if open.get(&uri).is_none() {
                outbox.diagnostics(to_lsp::no_diagnostics(uri));
            }
        }
        for (uri, found) in found {
            let is_new = told.get(&uri).is_none_or(|id| *id != found.id);
            if is_new && (!found.items.is_empty() || told.contains_key(&uri)) {
                outbox.diagnostics(to_lsp::of_file(uri.clone(), found.items.clone()));
            }
            told.insert(uri, found.id.clone());
        }
        let looks = wanted
            && snapshot.settings.features.workspace_check == When::Always
            && !snapshot.client.shown.watches_files;
        let again = async {
            if looks {
                sleep(LOOK_AGAIN).await;
            } else {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            changed = news.changed() => if changed.is_err() { return },
            () = again => {}
        }
    }
}
