//! Many encounters on one stream: read a few ahead, answered in order or as they come. Large ones are checked on threads
//! of their own.
//!
//! Nothing is read that cannot be answered soon: what is under way is bounded, and a client that does not take its
//! answers is not read from.

use std::{
    mem,
    num::NonZero,
    panic::{self, AssertUnwindSafe},
    sync::{Arc, Mutex, PoisonError},
    thread::available_parallelism,
    time::Duration,
};

use futures::{
    FutureExt, Stream, StreamExt,
    future::{self, Either},
    stream,
};
use medcode_proto::v1;
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{Instant, timeout_at},
};
use tonic::Status;
use tracing::{Instrument, Span};

use super::streams::{Answers, taken};
use crate::{
    error::{Error, Violations},
    from_proto::encounter::{SentEncounter, SentItem, StreamAsked, stream_options},
    rpc::{Call, Numbered, validate_encounters},
    telemetry::RequestId,
    to_proto::encoded::Encoded,
};

/// Encounters that are checked in one go when they are there. One that comes alone does not wait for more.
const BATCH: usize = 12;

/// Batches that are under way at most, and batches of answers that wait to be taken: with one that is handed over and one
/// that is being taken no more than 64 encounters.
const MOST_BATCHES: usize = 2;
const AHEAD: usize = 1;

/// Codes of a batch that are checked on the thread that reads and writes, in less than a millisecond: two changes of
/// threads for each batch would take half as long as the checks.
const LIGHT: usize = 96;

/// An answer to an encounter.
type Answer = Encoded<v1::ValidateEncountersResponse>;

type Made = Result<Vec<Answer>, Status>;

/// Answers a stream of encounters until it ends, is broken, or the server stops.
pub(super) fn answers(
    call: Call,
    stopping: watch::Receiver<bool>,
    requests: impl Stream<Item = Result<SentItem, Status>> + Send + Unpin + 'static,
    id: Option<RequestId>,
) -> Answers<Answer> {
    let waiting = call.deadline.abandon_on_drop();
    let (sender, made) = mpsc::channel(AHEAD);
    let reader = Reader {
        requests: requests.fuse(),
        first: None,
        next: 0,
        stopping,
        idle: Duration::from_millis(call.config.deadlines.stream_idle_ms),
        until: call.deadline.at(),
        end: End::default(),
    };
    let pump = tokio::spawn(pump(call, reader, sender, id).instrument(Span::current()));
    // A batch is handed over at once: a reader that is woken for each answer of it costs more than to write them.
    let batches = stream::unfold(Some((made, pump, waiting)), |parts| async {
        let (mut made, pump, waiting) = parts?;
        if let Some(answers) = made.recv().await {
            return Some((Ok(answers), Some((made, pump, waiting))));
        }
        let ended = pump.await.unwrap_or_else(|_| Err(Error::panicked(None).into()));
        ended.err().map(|status| (Err(status), None))
    });
    let answers = batches.flat_map(|batch: Made| match batch {
        Ok(answers) => Either::Left(stream::iter(answers).map(Ok)),
        Err(status) => Either::Right(stream::iter([Err(status)])),
    });
    answers.boxed()
}

/// Moves encounters to the threads and answers to the sender.
async fn pump<R>(
    call: Call,
    mut reader: Reader<R>,
    sender: mpsc::Sender<Vec<Answer>>,
    id: Option<RequestId>,
) -> Result<(), Status>
where
    R: Stream<Item = Result<SentItem, Status>> + Send + Unpin + 'static,
{
    let asked = tokio::select! {
        asked = reader.options() => Arc::new(asked?),
        () = sender.closed() => return Ok(()),
    };
    let end = reader.end.clone();
    let unordered = asked.unordered;
    let batches = stream::unfold(reader, |mut reader| async {
        let batch = reader.batch().await?;
        Some((batch, reader))
    });
    let (checking, span) = (call.clone(), Span::current());
    let checked = batches.map(move |batch| {
        let (call, asked, span) = (checking.clone(), Arc::clone(&asked), span.clone());
        let is_light = batch.iter().map(|(_, encounter)| encounter.codes).sum::<usize>() <= LIGHT;
        let check = move || {
            let answers = span.in_scope(|| validate_encounters(&call, &asked, batch))?;
            Error::if_damaged(&call.snapshot)?;
            Ok(answers)
        };
        if is_light {
            Either::Left(here(check, id))
        } else {
            Either::Right(made(tokio::task::spawn_blocking(check), id))
        }
    });
    let cores = available_parallelism().map_or(1, NonZero::get);
    let batches = MOST_BATCHES.min(cores).max(1);
    let mut checked = if unordered {
        checked.buffer_unordered(batches).boxed()
    } else {
        checked.buffered(batches).boxed()
    };
    loop {
        let batch = tokio::select! {
            batch = checked.next() => batch,
            () = sender.closed() => return Ok(()),
        };
        let Some(batch) = batch else { break };
        taken(&call, sender.send(batch?)).await?;
    }
    end.take().map_or(Ok(()), Err)
}

/// What is made of a batch on the thread at hand.
fn here(check: impl FnOnce() -> Made, id: Option<RequestId>) -> impl Future<Output = Made> {
    future::lazy(move |_| {
        // Safe to go on: what a check leaves half made is dropped with it.
        let checked = panic::catch_unwind(AssertUnwindSafe(check));
        checked.unwrap_or_else(|_| Err(Error::panicked(id.as_ref()).into()))
    })
}

/// What a thread has made of a batch.
async fn made(thread: JoinHandle<Made>, id: Option<RequestId>) -> Made {
    thread.await.unwrap_or_else(|_| Err(Error::panicked(id.as_ref()).into()))
}

/// Why reading has ended, if not by the client's will.
#[derive(Clone, Default)]
struct End(Arc<Mutex<Option<Status>>>);

impl End {
    fn set(&self, status: Status) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(status);
    }

    fn take(&self) -> Option<Status> {
        mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn is_set(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }
}

/// Reads encounters as long as there are any.
struct Reader<R> {
    requests: R,
    /// An encounter in the place of the options.
    first: Option<SentEncounter>,
    /// Position of the next encounter.
    next: u64,
    stopping: watch::Receiver<bool>,
    idle: Duration,
    until: Instant,
    end: End,
}

impl<R> Reader<R>
where
    R: Stream<Item = Result<SentItem, Status>> + Send + Unpin,
{
    /// The options of the stream: those of its first message, or none.
    async fn options(&mut self) -> Result<StreamAsked, Status> {
        match self.item().await {
            Some(SentItem::Options(options)) => Ok(stream_options(options)?),
            Some(SentItem::Encounter(encounter)) => {
                self.first = Some(encounter);
                Ok(StreamAsked::default())
            }
            Some(SentItem::Nothing) | None => {
                self.end.take().map_or_else(|| Ok(StreamAsked::default()), Err)
            }
        }
    }

    /// The next encounters: one, and what else is there already.
    async fn batch(&mut self) -> Option<Vec<Numbered>> {
        let first = if let Some(first) = self.first.take() {
            first
        } else {
            let item = self.item().await?;
            self.encounter(item)?
        };
        let mut batch = vec![self.number(first)];
        while batch.len() < BATCH {
            let Some(Some(message)) = self.requests.next().now_or_never() else { break };
            let Some(encounter) = self.read(message).and_then(|item| self.encounter(item)) else {
                break;
            };
            batch.push(self.number(encounter));
        }
        Some(batch)
    }

    fn number(&mut self, encounter: SentEncounter) -> Numbered {
        let number = self.next;
        self.next += 1;
        (number, encounter)
    }

    /// The next message, waited for.
    async fn item(&mut self) -> Option<SentItem> {
        if self.end.is_set() {
            return None;
        }
        let until = self.until.min(Instant::now() + self.idle);
        let message = tokio::select! {
            biased;
            () = stops(&mut self.stopping) => {
                self.end.set(Error::ShuttingDown.into());
                return None;
            }
            message = timeout_at(until, self.requests.next()) => message,
        };
        match message {
            Ok(message) => self.read(message?),
            Err(_) if Instant::now() >= self.until => {
                self.end.set(Error::DeadlineExceeded { items_done: 0, items: 0 }.into());
                None
            }
            Err(_) => {
                self.end.set(Error::StreamIdle.into());
                None
            }
        }
    }

    fn read(&self, message: Result<SentItem, Status>) -> Option<SentItem> {
        match message {
            Ok(SentItem::Nothing) => self.end.set(broken("item", "is required")),
            Ok(item) => return Some(item),
            Err(status) => self.end.set(status),
        }
        None
    }

    /// The encounter that has to stand in every message but the first.
    fn encounter(&self, item: SentItem) -> Option<SentEncounter> {
        match item {
            SentItem::Encounter(encounter) => Some(encounter),
            SentItem::Options(_) | SentItem::Nothing => {
                self.end.set(broken("options", "may stand in the first message only"));
                None
            }
        }
    }
}

/// A stream that does not keep its form.
fn broken(field: &str, description: &str) -> Status {
    let mut violations = Violations::default();
    violations.add(field, description);
    violations.finish(()).map_or_else(Status::from, |()| Status::ok(""))
}

/// Over when the server stops.
async fn stops(stopping: &mut watch::Receiver<bool>) {
    if stopping.wait_for(|stops| *stops).await.is_err() {
        future::pending::<()>().await;
    }
}
