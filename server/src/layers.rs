//! What happens to every request before and after its method: one list, outermost first.
//!
//! A handler that mentions one of these things is in the wrong file.

use std::{
    convert::Infallible,
    future::Future,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures::FutureExt;
use http::{Request, Response};
use tonic::body::Body;
use tower::{Layer, Service};

use crate::config::Config;

pub(crate) mod deadline;
mod in_flight;
mod panics;
mod request_id;
mod step;

use deadline::DeadlineStep;
use in_flight::InFlightStep;
use panics::PanicStep;
use request_id::RequestIdStep;
use step::{Innermost, Next, Round};

/// A service of the wire: every failure is an answer.
pub trait Answers:
    Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send>
    + Clone
    + Send
    + 'static
{
}

impl<S> Answers for S where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send>
        + Clone
        + Send
        + 'static
{
}

/// The layers.
#[derive(Clone, Debug)]
pub struct Layers {
    in_flight: InFlightStep,
    deadline: DeadlineStep,
}

/// Makes the layers.
pub(crate) fn layers(config: &Arc<Config>) -> Layers {
    Layers {
        in_flight: InFlightStep::new(config.limits.in_flight),
        deadline: DeadlineStep::new(config.deadlines.clone()),
    }
}

impl<S> Layer<S> for Layers {
    type Service = Layered<S>;

    fn layer(&self, inner: S) -> Layered<S> {
        Layered { layers: self.clone(), inner }
    }
}

/// A service with the layers round it.
#[derive(Clone, Debug)]
pub struct Layered<S> {
    layers: Layers,
    inner: S,
}

impl<S: Answers> Layered<S> {
    /// The steps, outermost first.
    fn steps(&mut self) -> impl Next + use<S> {
        // The service that was made ready answers; its clone waits for the next request.
        let clone = self.inner.clone();
        let service = Innermost(mem::replace(&mut self.inner, clone));
        let Layers { in_flight, deadline } = self.layers.clone();
        // Everything below logs with the id, and every answer carries it.
        Round(
            RequestIdStep,
            // A bug becomes INTERNAL, and the connection lives on.
            Round(
                PanicStep,
                // Before any work is done on the request.
                Round(
                    in_flight,
                    // Innermost: the time that a request has waited outside does not exist, because nothing outside
                    // waits.
                    Round(deadline, service),
                ),
            ),
        )
    }
}

impl<S: Answers> Service<Request<Body>> for Layered<S> {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        Box::pin(self.steps().ask(request).map(Ok))
    }
}

/// Whether a path belongs to an API of medcode, and not to health or reflection.
fn is_ours(path: &str) -> bool {
    path.starts_with("/medcode.")
}

#[cfg(test)]
mod tests;
