//! The common form of the layers: an async function round what comes next.
//!
//! Steps are nested as futures, not as services: all of them together are one future, and one allocation for a request.

use std::future::Future;

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
    async fn ask(mut self, request: Request<Body>) -> Response<Body> {
        match self.0.call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}
