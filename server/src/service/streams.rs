//! Answers in several messages: made on a thread of their own, one ahead of the reader.

use std::{future::Future, pin::Pin};

use futures::{Stream, StreamExt, stream};
use tokio::{
    runtime::Handle,
    sync::mpsc,
    task::JoinHandle,
    time::{Duration, Instant, timeout_at},
};
use tonic::Status;
use tracing::Span;

use crate::{
    error::Error,
    rpc::{Call, StreamMethod},
    telemetry::RequestId,
};

/// Messages that are made before the first of them has been taken.
const AHEAD: usize = 1;

/// The messages of an answer; nothing follows an error.
pub(crate) type Answers<A> = Pin<Box<dyn Stream<Item = Result<A, Status>> + Send>>;

/// Answers in parts. What is refused before the first message is refused at once. The thread waits for the reader, at
/// most for the time that a stream may be idle, and ends when nobody reads any more.
pub(super) async fn in_parts<Q, A>(
    call: Call,
    request: Q,
    method: StreamMethod<Q, A>,
    id: Option<RequestId>,
) -> Result<Answers<A>, Error>
where
    Q: Send + 'static,
    A: Send + 'static,
{
    let (sender, mut made) = mpsc::channel(AHEAD);
    let waiting = call.deadline.abandon_on_drop();
    let span = Span::current();
    let runtime = Handle::current();
    let thread = tokio::task::spawn_blocking(move || {
        span.in_scope(|| {
            method(&call, request, &mut |answer| {
                Error::if_damaged(&call.snapshot)?;
                runtime.block_on(taken(&call, sender.send(answer)))
            })
        })
    });
    let Some(first) = made.recv().await else {
        end_of(thread, id.as_ref()).await?;
        return Ok(stream::empty().boxed());
    };
    let rest = stream::unfold(Some((made, thread, waiting, id)), |parts| async {
        let (mut made, thread, waiting, id) = parts?;
        if let Some(answer) = made.recv().await {
            return Some((Ok(answer), Some((made, thread, waiting, id))));
        }
        let ended = end_of(thread, id.as_ref()).await;
        ended.err().map(|error| (Err(Status::from(error)), None))
    });
    Ok(stream::once(async { Ok(first) }).chain(rest).boxed())
}

/// How the thread has ended. A thread that panicked has not told everything.
async fn end_of(
    thread: JoinHandle<Result<(), Error>>,
    id: Option<&RequestId>,
) -> Result<(), Error> {
    thread.await.unwrap_or_else(|_| Err(Error::panicked(id)))
}

/// Waits until there is room for a message.
pub(super) async fn taken<E>(
    call: &Call,
    sending: impl Future<Output = Result<(), E>>,
) -> Result<(), Error> {
    let idle = Duration::from_millis(call.config.deadlines.stream_idle_ms);
    let until = call.deadline.at().min(Instant::now() + idle);
    match timeout_at(until, sending).await {
        Ok(Ok(())) => Ok(()),
        // Nobody reads any more, or the time is up.
        Ok(Err(_)) => Err(Error::DeadlineExceeded { items_done: 0, items: 0 }),
        Err(_) => {
            call.deadline.check(0, 0)?;
            Err(Error::StreamIdle)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use medcode_codes::testing::{TODAY, own_sample};
    use tokio::sync::oneshot;
    use tonic::Code;

    use super::*;
    use crate::{
        catalog::{Catalog, snapshot::Snapshot},
        config::{Config, Deadlines},
        layers::deadline::Deadline,
        rpc::Outlet,
    };

    fn call() -> Call {
        let deadlines = Deadlines { stream_idle_ms: 10, ..Deadlines::default() };
        Call {
            catalog: Arc::new(Catalog::default()),
            snapshot: Arc::new(Snapshot::new(own_sample(), Vec::new(), Vec::new())),
            config: Arc::new(Config { deadlines, ..Config::default() }),
            today: TODAY,
            deadline: Deadline::far(),
        }
    }

    /// Sends until it is not allowed to, and says so.
    fn sends_for_ever(
        _: &Call,
        ended: oneshot::Sender<()>,
        send: &mut Outlet<'_, u32>,
    ) -> Result<(), Error> {
        let error = (0..).find_map(|number| send(number).err());
        let _ = ended.send(());
        error.map_or(Ok(()), Err)
    }

    #[tokio::test]
    async fn a_reader_that_does_not_read_is_left() {
        let (told, ended) = oneshot::channel();
        let mut answers = in_parts(call(), told, sends_for_ever, None).await.ok().unwrap();
        ended.await.unwrap();
        // What was made is still there to be read.
        assert_eq!(answers.next().await.unwrap().unwrap(), 0);
        assert_eq!(answers.next().await.unwrap().unwrap(), 1);
        let status = answers.next().await.unwrap().unwrap_err();
        assert_eq!(status.code(), Code::DeadlineExceeded);
        assert!(String::from_utf8_lossy(status.details()).contains("STREAM_IDLE"));
        assert!(answers.next().await.is_none());
    }

    #[tokio::test]
    async fn nobody_makes_what_nobody_wants() {
        let (told, ended) = oneshot::channel();
        drop(in_parts(call(), told, sends_for_ever, None).await);
        ended.await.unwrap();
    }

    #[tokio::test]
    async fn an_answer_that_breaks_off_is_no_complete_answer() {
        let breaks = |_: &Call, (): (), send: &mut Outlet<'_, u32>| {
            send(1)?;
            panic!("a bug")
        };
        let mut answers = in_parts(call(), (), breaks, None).await.ok().unwrap();
        assert_eq!(answers.next().await.unwrap().unwrap(), 1);
        assert_eq!(answers.next().await.unwrap().unwrap_err().code(), Code::Internal);
        let refuses = |_: &Call, (): (), _: &mut Outlet<'_, u32>| Err(Error::CatalogLoading);
        assert_eq!(in_parts(call(), (), refuses, None).await.err(), Some(Error::CatalogLoading));
        let nothing = |_: &Call, (): (), _: &mut Outlet<'_, u32>| Ok(());
        let mut answers = in_parts(call(), (), nothing, None).await.ok().unwrap();
        assert!(answers.next().await.is_none());
    }
}
