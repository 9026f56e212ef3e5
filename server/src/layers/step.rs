//! The common form of the layers: an async function round the inner service.

use std::{
    convert::Infallible,
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use http::{Request, Response};
use tonic::body::Body;
use tower::{Layer, Service};

use super::Answers;

/// What a layer does with a request.
pub(crate) trait Step: Clone + Send + 'static {
    /// Answers, as a rule by asking `inner`, which is ready.
    fn answer<S: Answers>(
        self,
        request: Request<Body>,
        inner: S,
    ) -> impl Future<Output = Response<Body>> + Send;
}

/// Asks the inner service. It has no errors: every failure is an answer.
pub(super) async fn ask(inner: &mut impl Answers, request: Request<Body>) -> Response<Body> {
    match inner.call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// Puts a step round a service.
#[derive(Clone, Debug)]
pub(crate) struct StepLayer<T>(pub(super) T);

impl<T: Clone, S> Layer<S> for StepLayer<T> {
    type Service = StepService<T, S>;

    fn layer(&self, inner: S) -> Self::Service {
        StepService { step: self.0.clone(), inner }
    }
}

/// A service with a step round it.
#[derive(Clone, Debug)]
pub(crate) struct StepService<T, S> {
    step: T,
    inner: S,
}

impl<T: Step, S: Answers> Service<Request<Body>> for StepService<T, S> {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        // The service that was made ready answers; its clone waits for the next request.
        let clone = self.inner.clone();
        let ready = mem::replace(&mut self.inner, clone);
        let answer = self.step.clone().answer(request, ready);
        Box::pin(async move { Ok(answer.await) })
    }
}
