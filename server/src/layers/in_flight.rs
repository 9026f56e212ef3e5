//! Refuses requests when too many are being worked on. Waiting would only make the others late as well.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::{Request, Response};
use http_body::{Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::{Status, body::Body, codegen::Bytes};

use super::step::{Next, Step};
use crate::error::Error;

/// Counts what is in flight on all connections, until the last byte of the answer has gone.
#[derive(Clone, Debug)]
pub(crate) struct InFlightStep {
    free: Arc<Semaphore>,
    limit: usize,
}

impl InFlightStep {
    pub(super) fn new(limit: usize) -> Self {
        Self { free: Arc::new(Semaphore::new(limit.min(Semaphore::MAX_PERMITS))), limit }
    }
}

/// A balancer has to learn that this server is full but alive. Those who watch the catalog cost no work, and a hundred
/// editors that watch would leave no room for requests.
fn is_exempt(path: &str) -> bool {
    path.starts_with("/grpc.health.") || path == "/medcode.v1.CodeSystemService/WatchCatalog"
}

impl Step for InFlightStep {
    async fn answer(self, request: Request<Body>, next: impl Next) -> Response<Body> {
        if is_exempt(request.uri().path()) {
            return next.ask(request).await;
        }
        let Ok(permit) = self.free.try_acquire_owned() else {
            tracing::debug!("request refused: too many in flight");
            return Status::from(Error::Overloaded { limit: self.limit }).into_http();
        };
        let response = next.ask(request).await;
        response.map(|body| Body::new(CountedBody { body, _permit: permit }))
    }
}

/// An answer that counts as in flight until it is dropped.
struct CountedBody {
    body: Body,
    _permit: OwnedSemaphorePermit,
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
