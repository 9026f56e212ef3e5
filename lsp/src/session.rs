//! What the server knows of the conversation: documents, settings, the client. Changed by the ingress alone, in the
//! order of the wire; everybody else reads a [`Snapshot`].

use std::{
    collections::{HashMap, hash_map::RandomState},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use medcode_codes::date::Date;
use serde_json::Value;
use tokio::sync::{Notify, mpsc, watch};

use crate::{
    client_facts::{ClientFacts, Trace},
    code_client::CodeClient,
    config::{Layer, Settings, WorkspaceCheck},
    documents::{Change, Changed, Document, Documents},
    folders::{self, Folder},
    governing::{Governing, SettingsSources, path_of},
    issue_links::IssueLinks,
    outbox::{Notice, Outbox},
    pages::Pages,
    project::NAMES,
    protocol::{ProgressParams, Url},
    reported::Reported,
    snapshot::Snapshot,
    status::StatusParams,
    timings::Timings,
    tokens_given::TokensGiven,
    workspace_check::Findings,
    workspace_index::WorkspaceIndex,
};

/// Asks for a new check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wake {
    /// A document was opened: check it at once.
    Opened(Url),
    /// A document changed: check it after a pause.
    Changed(Url),
    /// A document was closed: withdraw what was reported.
    Closed(Url),
    /// Settings or code sets changed: all open documents.
    All,
}

/// How far the conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Before `initialize`.
    New,
    /// Between `initialize` and `shutdown`.
    Running,
    /// After `shutdown`.
    ShutDown,
}

/// Today's date; an argument, so that nothing in this crate reads a clock for it.
pub(crate) type Today = Arc<dyn Fn() -> Date + Send + Sync>;

/// The conversation with one client.
pub(crate) struct Session {
    state: Mutex<State>,
    wake: mpsc::UnboundedSender<Wake>,
    outbox: Outbox,
    codes: CodeClient,
    reported: Reported,
    tokens_given: TokensGiven,
    index: WorkspaceIndex,
    today: Today,
    settings: watch::Sender<Arc<Settings>>,
    status: watch::Sender<Option<Arc<StatusParams>>>,
    generation: watch::Sender<u64>,
    hasher: RandomState,
    timings: Timings,
    stoppable: Mutex<HashMap<String, watch::Sender<bool>>>,
    governing: Arc<Governing>,
    pages: Pages,
    links: IssueLinks,
    findings: Findings,
    settings_touched: Notify,
    news: watch::Sender<u64>,
    asked_for_workspace: AtomicBool,
}

struct State {
    phase: Phase,
    documents: Documents,
    client: Arc<ClientFacts>,
    folders: Arc<Vec<Folder>>,
    trace: Trace,
    pulls: bool,
}

impl Session {
    /// A conversation that has not begun. Checks are asked for through `wake`.
    pub(crate) fn new(
        wake: mpsc::UnboundedSender<Wake>,
        outbox: Outbox,
        codes: CodeClient,
        today: Today,
        sources: SettingsSources,
        pages: Pages,
    ) -> Self {
        let client = Arc::new(ClientFacts::read(&Value::Null));
        let state = State {
            phase: Phase::New,
            documents: Documents::default(),
            client,
            trace: Trace::Off,
            pulls: false,
            folders: Arc::default(),
        };
        let (settings, _) = watch::channel(Arc::default());
        Self {
            state: Mutex::new(state),
            wake,
            outbox,
            codes,
            reported: Reported::default(),
            tokens_given: TokensGiven::default(),
            index: WorkspaceIndex::new(),
            today,
            settings,
            status: watch::Sender::default(),
            generation: watch::Sender::default(),
            hasher: RandomState::new(),
            timings: Timings::default(),
            stoppable: Mutex::default(),
            governing: Arc::new(Governing::new(sources)),
            pages,
            links: IssueLinks::default(),
            findings: Findings::default(),
            settings_touched: Notify::new(),
            news: watch::Sender::default(),
            asked_for_workspace: AtomicBool::new(false),
        }
    }

    /// A panic elsewhere leaves the state as it was between two messages, so that a poisoned lock is as good as any.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything a handler may look at, as of this message.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let state = self.state();
        Snapshot {
            documents: state.documents.clone(),
            settings: self.settings.borrow().clone(),
            governing: self.governing.clone(),
            client: state.client.clone(),
            codes: self.codes.clone(),
            reported: self.reported.clone(),
            tokens_given: self.tokens_given.clone(),
            index: self.index.clone(),
            folders: state.folders.clone(),
            pages: self.pages.clone(),
            links: self.links.clone(),
            today: (self.today)(),
            pulls: state.pulls,
            generation: *self.generation.borrow(),
        }
    }

    /// How far the conversation is.
    pub(crate) fn phase(&self) -> Phase {
        self.state().phase
    }

    /// How much is traced.
    pub(crate) fn trace(&self) -> Trace {
        self.state().trace
    }

    /// Sets how much is traced.
    pub(crate) fn set_trace(&self, trace: Trace) {
        self.state().trace = trace;
    }

    /// The settings, now and whenever they change.
    pub(crate) fn settings(&self) -> watch::Receiver<Arc<Settings>> {
        self.settings.subscribe()
    }

    /// Settings, code sets or what could be asked of them are others now.
    pub(crate) fn renew(&self) {
        self.links.forget_notes();
        self.generation.send_modify(|generation| *generation += 1);
        self.tell_news();
    }

    /// A settings file came, changed or went, as the client says.
    pub(crate) fn settings_touched(&self) -> &Notify {
        &self.settings_touched
    }

    /// What was found in the files of the workspace.
    pub(crate) fn findings(&self) -> &Findings {
        &self.findings
    }

    /// Changes whenever the notes of the workspace are to be looked at again.
    pub(crate) fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// The notes of the workspace are to be looked at again.
    pub(crate) fn tell_news(&self) {
        self.news.send_modify(|count| *count += 1);
    }

    /// Somebody wants to see the issues of the workspace, whatever the settings say.
    pub(crate) fn ask_for_workspace(&self) {
        self.asked_for_workspace.store(true, Ordering::Relaxed);
        self.tell_news();
    }

    /// Whether somebody wanted to see the issues of the workspace.
    pub(crate) fn was_asked_for_workspace(&self) -> bool {
        self.asked_for_workspace.load(Ordering::Relaxed)
    }

    /// How long answers took.
    pub(crate) fn timings(&self) -> &Timings {
        &self.timings
    }

    fn stoppable(&self) -> MutexGuard<'_, HashMap<String, watch::Sender<bool>>> {
        self.stoppable.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in work that the user may stop, and returns its name.
    pub(crate) fn began(&self, stop: watch::Sender<bool>) -> String {
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        let token = format!("medcode/work/{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        self.stoppable().insert(token.clone(), stop);
        token
    }

    /// The user wants work to stop.
    pub(crate) fn stop(&self, token: &str) {
        if let Some(stop) = self.stoppable().get(token) {
            stop.send_replace(true);
        }
    }

    /// Work of this name is over.
    pub(crate) fn finished(&self, token: &str) {
        self.stoppable().remove(token);
    }

    /// Tells how far some work is.
    pub(crate) fn tell_progress(&self, progress: ProgressParams) {
        self.outbox.progress(progress);
    }

    /// Hashes that mean something in this conversation only.
    pub(crate) fn hasher(&self) -> &RandomState {
        &self.hasher
    }

    /// The state of the server as it was last told. `None` while nothing is known.
    pub(crate) fn status(&self) -> Option<Arc<StatusParams>> {
        self.status.borrow().clone()
    }

    /// Remembers the state of the server.
    pub(crate) fn set_status(&self, status: &StatusParams) {
        self.status.send_replace(Some(Arc::new(status.clone())));
    }

    /// Begins with the raw parameters of `initialize`: from here on the encoding is fixed.
    pub(crate) fn begin(&self, params: &Value) -> Arc<ClientFacts> {
        let client = Arc::new(ClientFacts::read(params));
        {
            let mut state = self.state();
            state.phase = Phase::Running;
            state.client = client.clone();
            state.trace = client.trace;
        }
        self.set_folders(folders::named(params));
        self.configure(Layer::Initialization, client.options.clone());
        let mode = self.settings.borrow().features.diagnostics_mode;
        self.state().pulls = client.pulls_in(mode);
        client
    }

    /// Folders of the workspace came and went.
    pub(crate) fn change_folders(&self, added: Vec<Folder>, removed: &[Folder]) {
        let folders = folders::changed(&self.state().folders, added, removed);
        self.set_folders(folders);
        self.wake(Wake::All);
    }

    fn set_folders(&self, folders: Vec<Folder>) {
        self.governing.set_first_folder(folders.first().map(|folder| folder.path.clone()));
        self.state().folders = Arc::new(folders);
        self.index.touch_all();
    }

    /// The codes of the workspace.
    pub(crate) fn index(&self) -> &WorkspaceIndex {
        &self.index
    }

    /// Files came, changed or went.
    pub(crate) fn touch(&self, files: impl IntoIterator<Item = Url>) {
        for path in files.into_iter().filter_map(|uri| path_of(&uri)) {
            if path.file_name().is_some_and(|name| NAMES.iter().any(|known| name == *known)) {
                self.settings_touched.notify_one();
            }
            self.index.touch(path);
        }
        if self.settings.borrow().features.workspace_check == WorkspaceCheck::Always {
            self.tell_news();
        }
    }

    /// No new work from here on. Means nothing before `initialize`.
    pub(crate) fn shut_down(&self) {
        let mut state = self.state();
        if state.phase == Phase::Running {
            state.phase = Phase::ShutDown;
        }
    }

    /// Takes settings from one place, tells the user once what could not be used, and has everything checked anew.
    pub(crate) fn configure(&self, layer: Layer, value: Value) {
        self.governing.set(layer, value);
        self.reconsider(false);
    }

    /// The settings by document.
    pub(crate) fn governing(&self) -> &Arc<Governing> {
        &self.governing
    }

    /// Puts the settings together anew, and has everything checked when they changed, or when those of some project
    /// `did` change.
    pub(crate) fn reconsider(&self, did: bool) {
        let (settings, complaints) = self.governing.overall();
        self.tell(&complaints);
        let changed = self.settings.send_if_modified(|current| {
            let changed = **current != settings;
            if changed {
                *current = Arc::new(settings);
            }
            changed
        });
        if changed || did {
            self.index.touch_all();
            self.wake(Wake::All);
        }
    }

    /// Shows a message.
    pub(crate) fn notice(&self, notice: Notice) {
        self.outbox.notice(notice);
    }

    /// Tells the user what in the settings was not understood, in one message.
    pub(crate) fn tell(&self, complaints: &[String]) {
        if complaints.is_empty() {
            return;
        }
        tracing::warn!(count = complaints.len(), "settings were not understood");
        self.outbox.notice(Notice::warning(format!("medcode: {}", complaints.join("; "))));
    }

    /// Tells the user what was done.
    pub(crate) fn say(&self, sentence: &str) {
        self.outbox.notice(Notice::information(format!("medcode: {sentence}")));
    }

    /// Opens a document.
    pub(crate) fn open(&self, document: Document) {
        let uri = document.uri.clone();
        // Versions may begin anew.
        self.reported.remove(&uri);
        self.state().documents.open(document);
        self.wake(Wake::Opened(uri));
    }

    /// Changes a document.
    pub(crate) fn change(&self, uri: Url, version: i32, changes: Vec<Change>) {
        let changed = {
            let mut state = self.state();
            let encoding = state.client.encoding;
            state.documents.change(&uri, version, changes, encoding)
        };
        match changed {
            Changed::Applied => {}
            Changed::Corrected => {
                tracing::warn!("a change lay outside its document and was moved into it");
            }
            Changed::NotOpen => return tracing::warn!("a document changed that is not open"),
        }
        self.wake(Wake::Changed(uri));
    }

    /// Closes a document; what was reported of it is withdrawn.
    pub(crate) fn close(&self, uri: Url) {
        self.tokens_given.remove(&uri);
        if self.state().documents.close(&uri) {
            self.wake(Wake::Closed(uri));
            self.tell_news();
        }
    }

    /// Asks for a check. Without anybody to check there is nothing to do: the server is ending.
    pub(crate) fn wake(&self, wake: Wake) {
        let _ = self.wake.send(wake);
    }
}
