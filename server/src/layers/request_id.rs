//! Names each request, for its log lines and its answer.

use futures::FutureExt;
use http::{HeaderName, HeaderValue, Request, Response};
use tonic::body::Body;
use tracing::Instrument;

use super::step::{Next, Step};
use crate::telemetry::RequestId;

/// Where a caller may give an id.
const GIVEN: HeaderName = HeaderName::from_static("x-request-id");

/// Where the answer carries the id.
const ANSWERED: HeaderName = HeaderName::from_static("medcode-request-id");

/// Takes the id of the caller if it is well formed, else makes one.
#[derive(Clone, Debug)]
pub(crate) struct RequestIdStep;

impl Step for RequestIdStep {
    fn answer(
        self,
        mut request: Request<Body>,
        next: impl Next,
    ) -> impl Future<Output = Response<Body>> + Send {
        let given =
            request.headers().get(GIVEN).and_then(|value| RequestId::given(value.to_str().ok()?));
        let id = given.unwrap_or_else(RequestId::new);
        request.extensions_mut().insert(id);
        // A span costs more than a lookup does. By default it is off, and the one line that can follow, that of a method
        // that panicked, names the id by itself.
        let span = tracing::debug_span!("request", id = id.as_str());
        let answer = span.in_scope(|| next.ask(request));
        answer.instrument(span).map(move |mut response| {
            if let Ok(mut value) = HeaderValue::from_str(id.as_str()) {
                // No two answers have the same: the connection is not to remember it, in the place of what comes again.
                value.set_sensitive(true);
                response.headers_mut().insert(ANSWERED, value);
            }
            response
        })
    }
}
