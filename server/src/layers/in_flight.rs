//! Refuses requests when too many are being worked on. Waiting would only make the others late as well.

use std::{
    future::{Future, ready},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use futures::{FutureExt, future::Either};
use http::{Request, Response};
use http_body::{Frame, SizeHint};
use tonic::{Status, body::Body, codegen::Bytes};

use super::step::{Next, Step};
use crate::error::Error;

/// Counts what is in flight on all connections, until the last byte of the answer has gone.
#[derive(Clone, Debug)]
pub(crate) struct InFlightStep {
    count: Arc<AtomicUsize>,
    limit: usize,
}

impl InFlightStep {
    pub(super) fn new(limit: usize) -> Self {
        Self { count: Arc::default(), limit }
    }

    /// Counts one more, if there may be.
    fn admit(&self) -> Option<Admitted> {
        let more = |count: usize| (count < self.limit).then_some(count + 1);
        // Nobody waits for room, and nothing but the number is told by it.
        self.count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok()?;
        Some(Admitted(Arc::clone(&self.count)))
    }
}

/// Counts as in flight until it is dropped.
struct Admitted(Arc<AtomicUsize>);

impl Drop for Admitted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A balancer has to learn that this server is full but alive. Those who watch the catalog cost no work, and a hundred
/// editors that watch would leave no room for requests.
fn is_exempt(path: &str) -> bool {
    path.starts_with("/grpc.health.") || path == "/medcode.v1.CodeSystemService/WatchCatalog"
}

impl Step for InFlightStep {
    fn answer(
        self,
        request: Request<Body>,
        next: impl Next,
    ) -> impl Future<Output = Response<Body>> + Send {
        let is_exempt = is_exempt(request.uri().path());
        let admitted = if is_exempt { None } else { self.admit() };
        if admitted.is_none() && !is_exempt {
            tracing::debug!("request refused: too many in flight");
            let refused = Status::from(Error::Overloaded { limit: self.limit }).into_http();
            return Either::Right(ready(refused));
        }
        Either::Left(next.ask(request).map(|response| match admitted {
            Some(admitted) => {
                response.map(|body| Body::new(CountedBody { body, _admitted: admitted }))
            }
            None => response,
        }))
    }
}

/// An answer that counts as in flight until it is dropped.
struct CountedBody {
    body: Body,
    _admitted: Admitted,
}

impl http_body::Body for CountedBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
