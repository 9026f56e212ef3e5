//! The common form of the layers: a function round what comes next.
//!
//! Steps are nested as futures, not as services: all of them together are one future, and one allocation for a request.
//! What a step does first it does at once, and hands the request on: futures that each kept one until they are asked
//! would copy it from one to the next.

use std::future::Future;

use futures::FutureExt;
use http::{Request, Response};
use tonic::body::Body;

use super::Answers;

/// What a step asks: the next step, or the service itself.
pub(crate) trait Next: Send + 'static {
    /// Answers. There are no errors: every failure is an answer.
    fn ask(self, request: Request<Body>) -> impl Future<Output = Response<Body>> + Send;
}

/// What a layer does with a request.
pub(crate) trait Step: Send + 'static {
    /// Answers, as a rule by asking `next`.
    fn answer(
        self,
        request: Request<Body>,
        next: impl Next,
    ) -> impl Future<Output = Response<Body>> + Send;
}

/// A step round what comes next.
pub(super) struct Round<T, N>(pub(super) T, pub(super) N);

impl<T: Step, N: Next> Next for Round<T, N> {
    fn ask(self, request: Request<Body>) -> impl Future<Output = Response<Body>> + Send {
        self.0.answer(request, self.1)
    }
}

/// The service, which is ready.
pub(super) struct Innermost<S>(pub(super) S);

impl<S: Answers> Next for Innermost<S> {
    fn ask(mut self, request: Request<Body>) -> impl Future<Output = Response<Body>> + Send {
        self.0.call(request).map(|answer| match answer {
            Ok(response) => response,
            Err(never) => match never {},
        })
    }
}
