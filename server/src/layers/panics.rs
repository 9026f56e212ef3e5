//! Turns a panic into an answer. What the panic says is not passed on: it can quote the request.

use std::{
    future::{Future, ready},
    panic::{self, AssertUnwindSafe},
};

use futures::{FutureExt, future::Either};
use http::{Request, Response};
use tonic::{Status, body::Body};

use super::step::{Next, Step};
use crate::{error::Error, telemetry::RequestId};

/// Answers INTERNAL for a method that panicked.
#[derive(Clone, Debug)]
pub(crate) struct PanicStep;

impl Step for PanicStep {
    fn answer(
        self,
        request: Request<Body>,
        next: impl Next,
    ) -> impl Future<Output = Response<Body>> + Send {
        let id = request.extensions().get::<RequestId>().copied();
        // Safe to go on: the service is dropped here, and what it shares is not left half changed.
        let begun = panic::catch_unwind(AssertUnwindSafe(|| next.ask(request)));
        let answer = match begun {
            Ok(answer) => Either::Left(AssertUnwindSafe(answer).catch_unwind()),
            Err(panic) => Either::Right(ready(Err(panic))),
        };
        answer.map(move |answer| {
            answer.unwrap_or_else(|_| Status::from(Error::panicked(id.as_ref())).into_http())
        })
    }
}
