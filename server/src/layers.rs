//! What happens to every request before and after its method: one list, outermost first.
//!
//! A handler that mentions one of these things is in the wrong file.

use std::{convert::Infallible, sync::Arc};

use http::{Request, Response};
use tonic::body::Body;
use tower::{
    Service,
    layer::util::{Identity, Stack},
};

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
use step::StepLayer;

/// A service of the wire: every failure is an answer.
pub(crate) trait Answers:
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

type On<Outer, Inner> = Stack<Inner, Outer>;

/// The layers, outermost first.
pub(crate) type Layers = On<
    On<On<On<Identity, StepLayer<RequestIdStep>>, StepLayer<PanicStep>>, StepLayer<InFlightStep>>,
    StepLayer<DeadlineStep>,
>;

/// Makes the layers.
pub(crate) fn layers(config: &Arc<Config>) -> Layers {
    let outermost = Identity::new();
    // Everything below logs with the id, and every answer carries it.
    let layers = Stack::new(StepLayer(RequestIdStep), outermost);
    // A bug becomes INTERNAL, and the connection lives on.
    let layers = Stack::new(StepLayer(PanicStep), layers);
    // Before any work is done on the request.
    let layers = Stack::new(StepLayer(InFlightStep::new(config.limits.in_flight)), layers);
    // Innermost: the time that a request has waited outside does not exist, because nothing outside waits.
    Stack::new(StepLayer(DeadlineStep::new(Arc::clone(config))), layers)
}

/// Whether a path belongs to an API of medcode, and not to health or reflection.
fn is_ours(path: &str) -> bool {
    path.starts_with("/medcode.")
}

#[cfg(test)]
mod tests;
