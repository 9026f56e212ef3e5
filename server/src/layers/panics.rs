//! Turns a panic into an answer. What the panic says is not passed on: it can quote the request.

use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use http::{Request, Response};
use tonic::{Status, body::Body};

use super::{
    Answers,
    step::{Step, ask},
};
use crate::{error::Error, telemetry::RequestId};

/// Answers INTERNAL for a method that panicked.
#[derive(Clone, Debug)]
pub(crate) struct PanicStep;

impl Step for PanicStep {
    async fn answer<S: Answers>(self, request: Request<Body>, mut inner: S) -> Response<Body> {
        let id = request
            .extensions()
            .get::<RequestId>()
            .map_or_else(String::new, |id| id.as_str().to_owned());
        // Safe to go on: the service is dropped here, and what it shares is not left half changed.
        let answer = AssertUnwindSafe(ask(&mut inner, request)).catch_unwind();
        answer.await.unwrap_or_else(|_| {
            tracing::error!("a method panicked");
            Status::from(Error::Internal { request_id: id }).into_http()
        })
    }
}
