//! Turns a panic into an answer. What the panic says is not passed on: it can quote the request.

use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use http::{Request, Response};
use tonic::{Status, body::Body};

use super::step::{Next, Step};
use crate::{error::Error, telemetry::RequestId};

/// Answers INTERNAL for a method that panicked.
#[derive(Clone, Debug)]
pub(crate) struct PanicStep;

impl Step for PanicStep {
    async fn answer(self, request: Request<Body>, next: impl Next) -> Response<Body> {
        let id = request.extensions().get::<RequestId>().cloned();
        // Safe to go on: the service is dropped here, and what it shares is not left half changed.
        let answer = AssertUnwindSafe(next.ask(request)).catch_unwind();
        answer.await.unwrap_or_else(|_| Status::from(Error::panicked(id.as_ref())).into_http())
    }
}
