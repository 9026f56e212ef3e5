//! What the server says of its own accord: one queue, one task, in order, the newest diagnostics of a document in the
//! place of older ones.
//!
//! Saying something never waits; the framework's channel to the client holds one message, so that only the task of the
//! outbox may wait for it.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use tokio::sync::mpsc;

use crate::{
    client_requests::ClientRequests,
    ingress::Signals,
    protocol::{
        MessageType, ProgressParams, PublishDiagnosticsParams, ShowMessageParams, Url,
        notification::{Progress, PublishDiagnostics, ShowMessage},
    },
    refresh::Refreshes,
    session::Session,
    status::{StatusNotification, StatusParams},
};

/// A message to the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    kind: MessageType,
    text: String,
}

impl Notice {
    /// The answer to something that the user asked for.
    pub(crate) fn info(text: String) -> Self {
        Self { kind: MessageType::INFO, text }
    }

    /// Something the user can act on.
    pub(crate) fn warning(text: String) -> Self {
        Self { kind: MessageType::WARNING, text }
    }

    /// Something that was done.
    pub(crate) fn information(text: String) -> Self {
        Self { kind: MessageType::INFO, text }
    }

    /// Something without which medcode cannot work.
    pub(crate) fn error(text: String) -> Self {
        Self { kind: MessageType::ERROR, text }
    }
}

#[derive(Debug)]
enum Outgoing {
    Diagnostics(PublishDiagnosticsParams),
    Notice(Notice),
    Status(StatusParams),
    Progress(ProgressParams),
}

/// Where messages to the client are put. Cloning is cheap.
#[derive(Clone, Debug)]
pub(crate) struct Outbox {
    queue: mpsc::UnboundedSender<Outgoing>,
    refreshes: Arc<Refreshes>,
}

/// The other end of the queue.
pub(crate) struct Mailbag {
    queue: mpsc::UnboundedReceiver<Outgoing>,
}

impl Outbox {
    /// A queue; nothing leaves it before [`deliver`] runs.
    pub(crate) fn new() -> (Self, Mailbag) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self { queue: sender, refreshes: Arc::default() }, Mailbag { queue: receiver })
    }

    /// What the client is to ask for again.
    pub(crate) fn refreshes(&self) -> &Arc<Refreshes> {
        &self.refreshes
    }

    /// Reports the issues of a document at a version. Dropped when the document has moved on by the time it would go
    /// out; without a version only for a document that is closed.
    pub(crate) fn diagnostics(&self, diagnostics: PublishDiagnosticsParams) {
        self.put(Outgoing::Diagnostics(diagnostics));
    }

    /// Shows a message.
    pub(crate) fn notice(&self, notice: Notice) {
        self.put(Outgoing::Notice(notice));
    }

    /// Tells the state of the server. A newer one takes the place of one that is still waiting.
    pub(crate) fn status(&self, status: StatusParams) {
        self.put(Outgoing::Status(status));
    }

    /// Tells how far some work is.
    pub(crate) fn progress(&self, progress: ProgressParams) {
        self.put(Outgoing::Progress(progress));
    }

    /// Without anybody to deliver it the message is moot: the server is ending.
    fn put(&self, outgoing: Outgoing) {
        let _ = self.queue.send(outgoing);
    }
}

/// Delivers, from the moment the client is ready until every outbox is gone.
pub(crate) async fn deliver(
    mut mailbag: Mailbag,
    client: ClientRequests,
    session: Arc<Session>,
    signals: Arc<Signals>,
) {
    signals.initialized().await;
    let mut waiting = Waiting::default();
    while let Some(outgoing) = mailbag.queue.recv().await {
        waiting.put(outgoing);
        loop {
            // What arrived while the last message went out may take the place of what still waits.
            while let Ok(outgoing) = mailbag.queue.try_recv() {
                waiting.put(outgoing);
            }
            let Some(next) = waiting.next() else { break };
            send(next, &client, &session).await;
        }
    }
}

async fn send(outgoing: Outgoing, client: &ClientRequests, session: &Session) {
    match outgoing {
        Outgoing::Diagnostics(diagnostics) => {
            if is_current(&diagnostics, session) {
                client.tell::<PublishDiagnostics>(diagnostics).await;
            }
        }
        Outgoing::Notice(notice) => {
            client
                .tell::<ShowMessage>(ShowMessageParams { typ: notice.kind, message: notice.text })
                .await;
        }
        Outgoing::Status(status) => client.tell::<StatusNotification>(status).await,
        Outgoing::Progress(progress) => client.tell::<Progress>(progress).await,
    }
}

fn is_current(diagnostics: &PublishDiagnosticsParams, session: &Session) -> bool {
    let snapshot = session.snapshot();
    snapshot.document(&diagnostics.uri).map(|document| document.version) == diagnostics.version
}

/// Messages in the order in which they will go out.
#[derive(Debug, Default)]
struct Waiting {
    order: VecDeque<Slot>,
    diagnostics: HashMap<Url, PublishDiagnosticsParams>,
    status: Option<StatusParams>,
}

#[derive(Debug)]
enum Slot {
    Diagnostics(Url),
    Status,
    Other(Outgoing),
}

impl Waiting {
    fn put(&mut self, outgoing: Outgoing) {
        match outgoing {
            Outgoing::Diagnostics(new) => {
                let uri = new.uri.clone();
                if self.diagnostics.insert(uri.clone(), new).is_none() {
                    self.order.push_back(Slot::Diagnostics(uri));
                }
            }
            Outgoing::Status(new) => {
                if self.status.replace(new).is_none() {
                    self.order.push_back(Slot::Status);
                }
            }
            other => self.order.push_back(Slot::Other(other)),
        }
    }

    fn next(&mut self) -> Option<Outgoing> {
        while let Some(slot) = self.order.pop_front() {
            let found = match slot {
                Slot::Diagnostics(uri) => self.diagnostics.remove(&uri).map(Outgoing::Diagnostics),
                Slot::Status => self.status.take().map(Outgoing::Status),
                Slot::Other(other) => Some(other),
            };
            if found.is_some() {
                return found;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagnostics(name: &str, version: i32) -> Outgoing {
        let uri = format!("file:///{name}").parse().unwrap();
        Outgoing::Diagnostics(PublishDiagnosticsParams {
            uri,
            diagnostics: Vec::new(),
            version: Some(version),
        })
    }

    #[test]
    fn newer_diagnostics_take_the_place_of_older_ones() {
        let mut waiting = Waiting::default();
        for outgoing in [
            diagnostics("a", 1),
            Outgoing::Notice(Notice::warning("between".to_owned())),
            diagnostics("b", 1),
            diagnostics("a", 2),
        ] {
            waiting.put(outgoing);
        }
        let order: Vec<_> = std::iter::from_fn(|| waiting.next())
            .map(|outgoing| match outgoing {
                Outgoing::Diagnostics(found) => format!("{} {:?}", found.uri.path(), found.version),
                Outgoing::Notice(notice) => notice.text,
                _ => "other".to_owned(),
            })
            .collect();
        assert_eq!(order, ["/a Some(2)", "between", "/b Some(1)"]);
    }
}
