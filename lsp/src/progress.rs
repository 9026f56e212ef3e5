//! Work that takes a while, shown to clients that show progress.

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, time::sleep};

use crate::{
    CatalogState, InstallProgress,
    client_requests::ClientRequests,
    ingress::Signals,
    protocol::{
        NumberOrString, ProgressParams, ProgressParamsValue, WorkDoneProgress,
        WorkDoneProgressBegin, WorkDoneProgressCreateParams, WorkDoneProgressEnd,
        WorkDoneProgressReport, request::WorkDoneProgressCreate,
    },
    session::Session,
};

/// The shortest time between two reports: five a second.
const PAUSE: Duration = Duration::from_millis(200);

/// What an installation is called.
pub(crate) const INSTALLATION: &str = "Installing medical code sets";

/// How far work is.
#[derive(Clone, Debug, Default)]
struct Step {
    message: Option<String>,
    /// 0 to 100; `None` when the total is not known.
    percent: Option<u8>,
}

/// A piece of work. However it ends, the client is told that it did.
pub(crate) struct Progress {
    steps: watch::Sender<Step>,
    stopped: watch::Receiver<bool>,
}

impl Progress {
    /// Begins to show work under a title that stays. Nothing is waited for: a client may be slow to make room, or may not
    /// show progress at all.
    pub(crate) fn begin(
        session: &Arc<Session>,
        client: &ClientRequests,
        title: &'static str,
        cancellable: bool,
    ) -> Self {
        let (steps, seen) = watch::channel(Step { message: None, percent: Some(0) });
        let (stop, stopped) = watch::channel(false);
        if session.snapshot().client.progress {
            let shown = Shown { session: session.clone(), token: session.began(stop) };
            tokio::spawn(shown.show(client.clone(), seen, title, cancellable));
        }
        Self { steps, stopped }
    }

    /// Tells how far it is. Of several in a short time the client sees the last.
    pub(crate) fn tell(&self, message: String, percent: Option<u8>) {
        self.steps.send_replace(Step { message: Some(message), percent });
    }

    /// Whether the user has asked to stop.
    pub(crate) fn is_stopped(&self) -> bool {
        *self.stopped.borrow()
    }

    /// Ends with a last sentence.
    pub(crate) fn end(self, message: Option<String>) {
        self.steps.send_replace(Step { message, percent: None });
    }
}

struct Shown {
    session: Arc<Session>,
    token: String,
}

impl Shown {
    async fn show(
        self,
        client: ClientRequests,
        mut seen: watch::Receiver<Step>,
        title: &'static str,
        cancellable: bool,
    ) {
        let token = NumberOrString::String(self.token.clone());
        let params = WorkDoneProgressCreateParams { token };
        if client.ask::<WorkDoneProgressCreate>(params).await.is_some() {
            self.say(WorkDoneProgress::Begin(WorkDoneProgressBegin {
                title: title.to_owned(),
                cancellable: Some(cancellable),
                message: None,
                percentage: Some(0),
            }));
            while seen.changed().await.is_ok() {
                let Step { message, percent } = seen.borrow_and_update().clone();
                self.say(WorkDoneProgress::Report(WorkDoneProgressReport {
                    cancellable: Some(cancellable),
                    message,
                    percentage: percent.map(u32::from),
                }));
                sleep(PAUSE).await;
            }
            let message = seen.borrow().message.clone();
            self.say(WorkDoneProgress::End(WorkDoneProgressEnd { message }));
        }
        self.session.finished(&self.token);
    }

    fn say(&self, value: WorkDoneProgress) {
        let token = NumberOrString::String(self.token.clone());
        let value = ProgressParamsValue::WorkDone(value);
        self.session.tell_progress(ProgressParams { token, value });
    }
}

/// Shows each installation that the state of the code sets tells of, from its begin to its end.
pub(crate) async fn show_installations(
    session: Arc<Session>,
    client: ClientRequests,
    signals: Arc<Signals>,
    mut catalog: watch::Receiver<CatalogState>,
) {
    signals.initialized().await;
    while catalog.wait_for(|state| matches!(state, CatalogState::Installing(_))).await.is_ok() {
        let progress = Progress::begin(&session, &client, INSTALLATION, false);
        let end = loop {
            match catalog.borrow_and_update().clone() {
                CatalogState::Installing(InstallProgress { message, percent }) => {
                    progress.tell(message, percent);
                }
                CatalogState::Failed(reason) => break Some(reason),
                _ => break None,
            }
            if catalog.changed().await.is_err() {
                break None;
            }
        };
        progress.end(end);
    }
}
