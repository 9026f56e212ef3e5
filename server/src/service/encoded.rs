//! Methods that answer with bytes: those that machines ask about thousands of codes at a time, and those whose answers
//! are kept.
//!
//! The generated service makes a message of every answer and encodes it afterwards. Here the method writes the bytes, and
//! they are sent as they are. Every other method goes to the generated service.

use std::{
    convert::Infallible,
    marker::PhantomData,
    sync::Arc,
    task::{Context, Poll},
};

use futures::future::BoxFuture;
use medcode_proto::v1::code_system_service_server::CodeSystemServiceServer;
use prost::bytes::{Buf, BufMut};
use tonic::{
    Request, Status,
    body::Body,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    server::{Grpc, NamedService, UnaryService},
};

mod encounters;

use super::{Answer, Service};
use crate::{
    config::Limits,
    from_proto::Sent,
    rpc::{self, Method, Work},
    to_proto::encoded::Encoded,
};

const LOOKUP_CODES: &str = "/medcode.v1.CodeSystemService/LookupCodes";
const VALIDATE_CODES: &str = "/medcode.v1.CodeSystemService/ValidateCodes";
const SEARCH_CONCEPTS: &str = "/medcode.v1.CodeSystemService/SearchConcepts";

/// What is answered over the wire, whatever becomes of it.
type Answering = BoxFuture<'static, Result<http::Response<Body>, Infallible>>;

/// Answers a request with bytes.
type InBytes = fn(Arc<Service>, http::Request<Body>) -> Answering;

/// A generated service with methods that answer with bytes.
pub(crate) trait Api:
    NamedService
    + tower::Service<
        http::Request<Body>,
        Response = http::Response<Body>,
        Error = Infallible,
        Future = Answering,
    >
{
    /// The method of a path, if it answers with bytes.
    fn in_bytes(path: &str) -> Option<InBytes>;
}

/// A service, some of its methods in bytes.
#[derive(Clone, Debug)]
pub(crate) struct Encoding<G> {
    service: Arc<Service>,
    generated: G,
}

impl<G: Api> Encoding<G> {
    /// The methods of `service`; those that do not answer with bytes by `generated`.
    pub(crate) fn new(service: Arc<Service>, generated: G) -> Self {
        Self { service, generated }
    }
}

impl<G: Api> NamedService for Encoding<G> {
    const NAME: &'static str = G::NAME;
}

impl<G: Api> tower::Service<http::Request<Body>> for Encoding<G> {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.generated.poll_ready(context)
    }

    fn call(&mut self, request: http::Request<Body>) -> Answering {
        match G::in_bytes(request.uri().path()) {
            Some(answer) => answer(Arc::clone(&self.service), request),
            None => self.generated.call(request),
        }
    }
}

impl Api for CodeSystemServiceServer<Service> {
    fn in_bytes(path: &str) -> Option<InBytes> {
        match path {
            LOOKUP_CODES => Some(|service, request| unary(service, rpc::lookup_codes, request)),
            VALIDATE_CODES => Some(|service, request| unary(service, rpc::validate_codes, request)),
            SEARCH_CONCEPTS => {
                Some(|service, request| unary(service, rpc::search_concepts, request))
            }
            _ => None,
        }
    }
}

fn unary<Q, A>(
    service: Arc<Service>,
    method: Method<Q, Encoded<A>>,
    request: http::Request<Body>,
) -> Answering
where
    Q: Sent + Work,
    A: 'static,
{
    Box::pin(async move {
        let mut grpc = limited(EncodedCodec::<Q, A>::new(), &service);
        Ok(grpc.unary(Unary { service, method }, request).await)
    })
}

/// A codec within the limits of messages.
fn limited<C: Codec>(codec: C, service: &Service) -> Grpc<C> {
    let Limits { request_bytes, response_bytes, .. } = service.config.limits;
    Grpc::new(codec).apply_max_message_size_config(Some(request_bytes), Some(response_bytes))
}

/// One method.
struct Unary<Q, A> {
    service: Arc<Service>,
    method: Method<Q, Encoded<A>>,
}

impl<Q, A> UnaryService<Q> for Unary<Q, A>
where
    Q: Work + Send + 'static,
    A: 'static,
{
    type Response = Encoded<A>;
    type Future = Answer<Encoded<A>>;

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        self.service.unary(request, self.method)
    }
}

/// Reads messages no further than needed, and writes bytes that encode one.
struct EncodedCodec<Q, A>(PhantomData<fn() -> (Q, A)>);

impl<Q, A> EncodedCodec<Q, A> {
    fn new() -> Self {
        Self(PhantomData)
    }
}

impl<Q: Sent, A: 'static> Codec for EncodedCodec<Q, A> {
    type Encode = Encoded<A>;
    type Decode = Q;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self::new()
    }

    fn decoder(&mut self) -> Self {
        Self::new()
    }
}

impl<Q: Sent, A> Decoder for EncodedCodec<Q, A> {
    type Item = Q;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Q>, Status> {
        let bytes = from.copy_to_bytes(from.remaining());
        Q::read(bytes).map(Some).map_err(|error| Status::internal(error.to_string()))
    }
}

impl<Q, A> Encoder for EncodedCodec<Q, A> {
    type Item = Encoded<A>;
    type Error = Status;

    fn encode(&mut self, answer: Encoded<A>, into: &mut EncodeBuf<'_>) -> Result<(), Status> {
        into.put(answer.bytes);
        Ok(())
    }
}
