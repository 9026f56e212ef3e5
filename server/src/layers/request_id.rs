//! Names each request, for its log lines and its answer.

use http::{HeaderName, HeaderValue, Request, Response};
use tonic::body::Body;
use tracing::Instrument;

use super::{
    Answers,
    step::{Step, ask},
};
use crate::telemetry::RequestId;

/// Where a caller may give an id.
const GIVEN: HeaderName = HeaderName::from_static("x-request-id");

/// Where the answer carries the id.
const ANSWERED: HeaderName = HeaderName::from_static("medcode-request-id");

/// Takes the id of the caller if it is well formed, else makes one.
#[derive(Clone, Debug)]
pub(crate) struct RequestIdStep;

impl Step for RequestIdStep {
    async fn answer<S: Answers>(self, mut request: Request<Body>, mut inner: S) -> Response<Body> {
        let given =
            request.headers().get(GIVEN).and_then(|value| RequestId::given(value.to_str().ok()?));
        let id = given.unwrap_or_else(RequestId::new);
        request.extensions_mut().insert(id.clone());
        let span = tracing::info_span!("request", id = id.as_str());
        let mut response = ask(&mut inner, request).instrument(span).await;
        if let Ok(value) = HeaderValue::from_str(id.as_str()) {
            response.headers_mut().insert(ANSWERED, value);
        }
        response
    }
}
