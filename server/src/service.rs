//! The services of the API: one line for each method.

use std::{
    fmt,
    future::{Ready, ready},
    sync::Arc,
};

use futures::{
    FutureExt, Stream, StreamExt, TryStreamExt,
    future::{BoxFuture, Either},
};
use medcode_codes::date::Date;
use medcode_proto::v1::{
    self, code_system_service_server::CodeSystemService, document_service_server::DocumentService,
    encounter_service_server::EncounterService,
};
use prost::Message;
use tokio::sync::watch;
use tonic::{Request, Response, Status, Streaming, metadata::MetadataValue};
use tracing::Span;

mod encoded;
mod encounters;
mod streams;

pub(crate) use encoded::Encoding;
use streams::{Answers, in_parts};

use crate::{
    catalog::{Catalog, snapshot::Snapshot},
    config::Config,
    error::Error,
    from_proto::{SentCodes, encounter::SentItem},
    layers::deadline::Deadline,
    rpc::{self, Call, Method, StreamMethod, Work},
    telemetry::RequestId,
    to_proto::encoded::Encoded,
};

/// Names the state of the catalog that an answer comes from.
const DIGEST: &str = "medcode-catalog-digest";

/// Today, by the clock and in the time zone that the program has chosen.
pub(crate) type Clock = Arc<dyn Fn() -> Date + Send + Sync>;

/// An answer: there at once, or when another thread has made it.
type Answer<A> =
    Either<Ready<Result<Response<A>, Status>>, BoxFuture<'static, Result<Response<A>, Status>>>;

/// Answers every method.
pub(crate) struct Service {
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) config: Arc<Config>,
    pub(crate) clock: Clock,
    /// Becomes true when the server stops.
    pub(crate) stopping: watch::Receiver<bool>,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").finish_non_exhaustive()
    }
}

impl Service {
    /// Answers a request from the snapshot at hand: at once, where that does not hold up others.
    fn unary<Q, A>(&self, request: Request<Q>, method: Method<Q, A>) -> Answer<A>
    where
        Q: Work + Send + 'static,
        A: Send + 'static,
    {
        let call = match self.call(&request) {
            Ok(call) => call,
            Err(error) => return Either::Left(ready(Err(error.into()))),
        };
        let id = request.extensions().get::<RequestId>().copied();
        let request = request.into_inner();
        if request.is_heavy() {
            let snapshot = Arc::clone(&call.snapshot);
            let answer = on_own_thread(call, request, method, id);
            return Either::Right(answer.map(move |answer| name_digest(answer, &snapshot)).boxed());
        }
        Either::Left(ready(name_digest(method(&call, request), &call.snapshot)))
    }

    /// Answers a request from the snapshot at hand, in several messages.
    async fn parts<Q, A>(
        &self,
        request: Request<Q>,
        method: StreamMethod<Q, A>,
    ) -> Result<Response<Answers<A>>, Status>
    where
        Q: Send + 'static,
        A: Send + 'static,
    {
        let call = self.call(&request)?;
        let id = request.extensions().get::<RequestId>().copied();
        let snapshot = Arc::clone(&call.snapshot);
        name_digest(in_parts(call, request.into_inner(), method, id).await, &snapshot)
    }

    /// Answers a stream of encounters.
    fn encounters(
        &self,
        request: Request<impl Stream<Item = Result<SentItem, Status>> + Send + Unpin + 'static>,
    ) -> Result<Response<Answers<Encoded<v1::ValidateEncountersResponse>>>, Status> {
        let call = self.call(&request)?;
        let id = request.extensions().get::<RequestId>().copied();
        let snapshot = Arc::clone(&call.snapshot);
        let stopping = self.stopping.clone();
        let answers = encounters::answers(call, stopping, request.into_inner(), id);
        name_digest(Ok(answers), &snapshot)
    }

    /// What a request is answered with.
    fn call<Q>(&self, request: &Request<Q>) -> Result<Call, Error> {
        Ok(Call {
            catalog: Arc::clone(&self.catalog),
            snapshot: self.catalog.current().ok_or(Error::CatalogLoading)?,
            config: Arc::clone(&self.config),
            today: (self.clock)(),
            deadline: request.extensions().get::<Deadline>().cloned().unwrap_or_else(Deadline::far),
        })
    }
}

/// Answers where it does not hold up other requests. When nobody waits any more, the method learns it from its
/// deadline.
async fn on_own_thread<Q, A>(
    call: Call,
    request: Q,
    method: Method<Q, A>,
    id: Option<RequestId>,
) -> Result<A, Error>
where
    Q: Send + 'static,
    A: Send + 'static,
{
    let _waiting = call.deadline.abandon_on_drop();
    let span = Span::current();
    let answer =
        tokio::task::spawn_blocking(move || span.in_scope(|| method(&call, request))).await;
    answer.unwrap_or_else(|_| Err(Error::panicked(id.as_ref())))
}

/// Adds the digest of the snapshot to the answer, whatever it is. What rests on a damaged part is no answer.
fn name_digest<A>(answer: Result<A, Error>, snapshot: &Snapshot) -> Result<Response<A>, Status> {
    let answer = answer.and_then(|answer| Error::if_damaged(snapshot).map(|()| answer));
    let mut answer = answer.map(Response::new).map_err(Status::from);
    let metadata = match &mut answer {
        Ok(response) => response.metadata_mut(),
        Err(status) => status.metadata_mut(),
    };
    if let Ok(digest) = MetadataValue::try_from(snapshot.digest.as_str()) {
        metadata.insert(DIGEST, digest);
    }
    answer
}

/// A message of an answer in bytes, for those who ask the generated service. Over the wire [`Encoding`] answers.
fn decoded<A: Message + Default>(answer: Response<Encoded<A>>) -> Result<Response<A>, Status> {
    let (metadata, answer, extensions) = answer.into_parts();
    let message = answer.decoded().map_err(|error| Status::internal(error.to_string()))?;
    Ok(Response::from_parts(metadata, message, extensions))
}

#[tonic::async_trait]
impl CodeSystemService for Service {
    async fn list_code_systems(
        &self,
        request: Request<v1::ListCodeSystemsRequest>,
    ) -> Result<Response<v1::ListCodeSystemsResponse>, Status> {
        self.unary(request, rpc::list_code_systems).await
    }

    async fn list_releases(
        &self,
        request: Request<v1::ListReleasesRequest>,
    ) -> Result<Response<v1::ListReleasesResponse>, Status> {
        self.unary(request, rpc::list_releases).await
    }

    async fn lookup_codes(
        &self,
        request: Request<v1::LookupCodesRequest>,
    ) -> Result<Response<v1::LookupCodesResponse>, Status> {
        decoded(self.unary(request.map(SentCodes::from), rpc::lookup_codes).await?)
    }

    async fn validate_codes(
        &self,
        request: Request<v1::ValidateCodesRequest>,
    ) -> Result<Response<v1::ValidateCodesResponse>, Status> {
        decoded(self.unary(request.map(SentCodes::from), rpc::validate_codes).await?)
    }

    async fn search_concepts(
        &self,
        request: Request<v1::SearchConceptsRequest>,
    ) -> Result<Response<v1::SearchConceptsResponse>, Status> {
        decoded(self.unary(request, rpc::search_concepts).await?)
    }

    async fn list_concepts(
        &self,
        request: Request<v1::ListConceptsRequest>,
    ) -> Result<Response<v1::ListConceptsResponse>, Status> {
        self.unary(request, rpc::list_concepts).await
    }

    type ExpandConceptStream = Answers<v1::ExpandConceptResponse>;

    async fn expand_concept(
        &self,
        request: Request<v1::ExpandConceptRequest>,
    ) -> Result<Response<Self::ExpandConceptStream>, Status> {
        self.parts(request, rpc::expand_concept).await
    }

    async fn subsumes(
        &self,
        request: Request<v1::SubsumesRequest>,
    ) -> Result<Response<v1::SubsumesResponse>, Status> {
        self.unary(request, rpc::subsumes).await
    }

    async fn translate_codes(
        &self,
        request: Request<v1::TranslateCodesRequest>,
    ) -> Result<Response<v1::TranslateCodesResponse>, Status> {
        self.unary(request, rpc::translate_codes).await
    }

    async fn diff_releases(
        &self,
        request: Request<v1::DiffReleasesRequest>,
    ) -> Result<Response<v1::DiffReleasesResponse>, Status> {
        self.unary(request, rpc::diff_releases).await
    }

    type WatchCatalogStream = Answers<v1::WatchCatalogResponse>;

    async fn watch_catalog(
        &self,
        request: Request<v1::WatchCatalogRequest>,
    ) -> Result<Response<Self::WatchCatalogStream>, Status> {
        let call = self.call(&request)?;
        let messages = rpc::watch_catalog(&call, self.stopping.clone());
        let messages = messages.map(|message| message.map_err(Status::from)).boxed();
        name_digest(Ok(messages), &call.snapshot)
    }
}

#[tonic::async_trait]
impl EncounterService for Service {
    async fn validate_encounter(
        &self,
        request: Request<v1::ValidateEncounterRequest>,
    ) -> Result<Response<v1::ValidateEncounterResponse>, Status> {
        self.unary(request, rpc::validate_encounter).await
    }

    type ValidateEncountersStream = Answers<v1::ValidateEncountersResponse>;

    async fn validate_encounters(
        &self,
        request: Request<Streaming<v1::ValidateEncountersRequest>>,
    ) -> Result<Response<Self::ValidateEncountersStream>, Status> {
        let answers = self.encounters(request.map(|messages| messages.map_ok(SentItem::from)))?;
        let decoded = |answer: Encoded<v1::ValidateEncountersResponse>| {
            answer.decoded().map_err(|error| Status::internal(error.to_string()))
        };
        Ok(answers.map(|answers| answers.map(move |answer| answer.and_then(decoded)).boxed()))
    }

    async fn list_rules(
        &self,
        request: Request<v1::ListRulesRequest>,
    ) -> Result<Response<v1::ListRulesResponse>, Status> {
        self.unary(request, rpc::list_rules).await
    }

    async fn explain_rule(
        &self,
        request: Request<v1::ExplainRuleRequest>,
    ) -> Result<Response<v1::ExplainRuleResponse>, Status> {
        self.unary(request, rpc::explain_rule).await
    }
}

#[tonic::async_trait]
impl DocumentService for Service {
    async fn check_document(
        &self,
        request: Request<v1::CheckDocumentRequest>,
    ) -> Result<Response<v1::CheckDocumentResponse>, Status> {
        self.unary(request, rpc::check_document).await
    }
}
