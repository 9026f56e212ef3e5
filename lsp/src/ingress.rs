//! The one place where messages are in the order of the wire.
//!
//! tower-lsp 0.20 polls all handlers at once, in one task with reading and writing, and orders nothing after the first
//! `await`. The ingress wraps its service and is called by the reader for one message after the other, synchronously.
//! What needs that order happens here, at once: texts, settings, `shutdown`, `exit`. Everything else runs on the snapshot
//! that was current when its message arrived, behind a wall that keeps a panic from ending the server.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use futures::{
    FutureExt,
    future::{BoxFuture, ready},
};
use serde_json::{Value, json};
use tokio::sync::{Notify, watch};
use tower::Service;
use tracing::{Dispatch, instrument::WithSubscriber};

use crate::{
    capabilities,
    client_facts::Trace,
    config::Layer,
    from_lsp,
    methods::known,
    protocol::{Error, ExitedError, Id, Request, Response},
    session::{Phase, Session},
    trace::Arrival,
    transport::UNREADABLE,
};

/// One turn of the reader beyond this time is worth a line in the log.
const LONG_TURN: Duration = Duration::from_millis(20);

type Answer = Result<Option<Response>, ExitedError>;

/// Things that happen once, and that somebody waits for.
#[derive(Debug, Default)]
pub(crate) struct Signals {
    greeting: watch::Sender<Greeting>,
    /// The client said that its configuration changed, or can be asked for it now.
    pub(crate) configuration: Notify,
    /// The client said `exit`.
    pub(crate) exit: Notify,
}

/// What the client has said to begin with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Greeting {
    #[default]
    Nothing,
    Initialize,
    Initialized,
}

impl Signals {
    /// Waits until the client has said `initialize`: from there on its settings are known.
    pub(crate) async fn initialize(&self) {
        self.greeted(Greeting::Initialize).await;
    }

    /// Waits until the client has said `initialized`: from there on the server may speak.
    pub(crate) async fn initialized(&self) {
        self.greeted(Greeting::Initialized).await;
    }

    async fn greeted(&self, wanted: Greeting) {
        // The sender lives as long as the borrow, so that the wait ends only with the signal.
        let _ = self.greeting.subscribe().wait_for(|said| *said >= wanted).await;
    }
}

/// Wraps the service of the framework.
pub(crate) struct Ingress<S> {
    inner: S,
    session: Arc<Session>,
    signals: Arc<Signals>,
    log: Dispatch,
}

impl<S> Ingress<S> {
    /// Wraps `inner`, whose handlers will see snapshots of `session`.
    pub(crate) fn new(inner: S, session: Arc<Session>, signals: Arc<Signals>) -> Self {
        let log = tracing::dispatcher::get_default(Clone::clone);
        Self { inner, session, signals, log }
    }
}

impl<S> Service<Request> for Ingress<S>
where
    S: Service<Request, Response = Option<Response>, Error = ExitedError>,
    S::Future: Send + 'static,
{
    type Response = Option<Response>;
    type Error = ExitedError;
    type Future = BoxFuture<'static, Answer>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let started = Instant::now();
        let id = request.id().cloned();
        let method = known(request.method());
        let log = self.log.clone();
        let turn = tracing::dispatcher::with_default(&log, || {
            let turn = catch_unwind(AssertUnwindSafe(|| self.turn(request)));
            if started.elapsed() > LONG_TURN {
                tracing::warn!(
                    method,
                    elapsed_ms = millis(started),
                    "a message held up the reader"
                );
            }
            turn.unwrap_or_else(|_| ready(Ok(failed(id))).boxed())
        });
        turn.with_subscriber(log).boxed()
    }
}

impl<S> Ingress<S>
where
    S: Service<Request, Response = Option<Response>, Error = ExitedError>,
    S::Future: Send + 'static,
{
    fn turn(&mut self, request: Request) -> BoxFuture<'static, Answer> {
        match request.method() {
            "initialize" => self.initialize(request),
            "initialized" => {
                // Before `initialize` it means nothing, and the server must not speak yet.
                if self.session.phase() == Phase::Running {
                    self.signals.greeting.send_replace(Greeting::Initialized);
                    self.signals.configuration.notify_one();
                }
                self.forward(request)
            }
            "shutdown" => {
                let answer = self.forward(without_params(request));
                self.session.shut_down();
                answer
            }
            // Not handed on: the framework would cancel what still runs, the answer to `shutdown` included, and fail
            // at the next message.
            "exit" => {
                self.signals.exit.notify_one();
                ready(Ok(None)).boxed()
            }
            UNREADABLE => {
                ready(Ok(Some(Response::from_error(Id::Null, Error::parse_error())))).boxed()
            }
            "textDocument/didOpen"
            | "textDocument/didChange"
            | "textDocument/didClose"
            | "textDocument/didSave"
            | "window/workDoneProgress/cancel"
            | "workspace/didChangeConfiguration"
            | "workspace/didChangeWatchedFiles"
            | "workspace/didChangeWorkspaceFolders"
            | "$/setTrace" => self.absorb(request),
            _ => self.forward(request),
        }
    }

    /// Reads the raw parameters before anything else happens, so that no later message can meet an undecided encoding.
    fn initialize(&mut self, request: Request) -> BoxFuture<'static, Answer> {
        if self.session.phase() != Phase::New {
            return self.forward(request);
        }
        let (method, id, params) = request.into_parts();
        // Who expects no answer has not asked.
        let Some(id) = id else { return ready(Ok(None)).boxed() };
        self.session.begin(&params.unwrap_or_default());
        self.signals.greeting.send_replace(Greeting::Initialize);
        // The types of the framework refuse what some clients send here, and nothing of it is read again.
        let empty = Request::build(method).params(json!({ "capabilities": {} })).id(id).finish();
        let answer = self.forward(empty);
        async move { answer.await.map(|response| response.map(patch)) }.boxed()
    }

    /// A notification that changes the state and has no other handler.
    fn absorb(&self, request: Request) -> BoxFuture<'static, Answer> {
        let method = known(request.method());
        let arrival = Arrival::of(method, self.session.trace(), request.params());
        let (method, id, params) = request.into_parts();
        if let Some(id) = id {
            return ready(Ok(Some(Response::from_error(id, Error::invalid_request())))).boxed();
        }
        if self.session.phase() == Phase::Running {
            // What cannot be read leaves the state as it was. The reason is not logged: it may quote the text.
            if self.apply(&method, params.unwrap_or_default()).is_none() {
                tracing::warn!(method = known(&method), "a notification could not be read");
            }
        }
        if let Some(arrival) = arrival {
            arrival.taken();
        }
        ready(Ok(None)).boxed()
    }

    fn apply(&self, method: &str, params: Value) -> Option<()> {
        match method {
            "textDocument/didOpen" => self.session.open(from_lsp::opened(params)?),
            "textDocument/didChange" => {
                let (uri, version, changes) = from_lsp::changed(params)?;
                self.session.change(uri, version, changes);
            }
            "textDocument/didClose" => self.session.close(from_lsp::closed(params)?),
            "textDocument/didSave" => {
                self.session.touch(from_lsp::saved(params));
                self.session.tell_news();
            }
            "workspace/didChangeWatchedFiles" => {
                self.session.touch(from_lsp::touched(params)?);
            }
            "workspace/didChangeWorkspaceFolders" => {
                let (added, removed) = from_lsp::folders(&params)?;
                self.session.change_folders(added, &removed);
            }
            "workspace/didChangeConfiguration" => {
                self.session
                    .configure(Layer::Pushed, params.get("settings").cloned().unwrap_or_default());
                self.signals.configuration.notify_one();
            }
            "window/workDoneProgress/cancel" => {
                self.session.stop(params.get("token")?.as_str()?);
            }
            "$/setTrace" => self.session.set_trace(Trace::named(params.get("value")?.as_str()?)),
            _ => {}
        }
        Some(())
    }

    fn forward(&mut self, request: Request) -> BoxFuture<'static, Answer> {
        let id = request.id().cloned();
        let method = known(request.method());
        let snapshot = self.session.snapshot();
        let session = self.session.clone();
        let started = Instant::now();
        let arrival = Arrival::of(method, session.trace(), request.params());
        let handler = AssertUnwindSafe(snapshot.scope(self.inner.call(request))).catch_unwind();
        async move {
            let answer = handler.await.unwrap_or_else(|_| Ok(failed(id.clone())));
            if id.is_some() {
                session.timings().add(method, started.elapsed());
            }
            if let (Some(arrival), Ok(answer)) = (arrival, &answer) {
                match &id {
                    Some(id) => arrival.answered(Some(id), answer.as_ref(), started),
                    None => arrival.taken(),
                }
            }
            answer
        }
        .boxed()
    }
}

/// The answer to a request whose handler panicked. The panic hook has logged where.
fn failed(id: Option<Id>) -> Option<Response> {
    id.map(|id| Response::from_error(id, Error::internal_error()))
}

/// The same without parameters: some clients send an empty object where the framework accepts nothing.
fn without_params(request: Request) -> Request {
    let (method, id, _) = request.into_parts();
    let bare = Request::build(method);
    match id {
        Some(id) => bare.id(id).finish(),
        None => bare.finish(),
    }
}

/// Adds to the answer of `initialize` what the types cannot say.
fn patch(response: Response) -> Response {
    let (id, result) = response.into_parts();
    Response::from_parts(id, result.map(capabilities::complete))
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
