//! Methods that answer with bytes: those that machines ask about thousands of codes at a time, and those whose answers
//! are kept.
//!
//! The generated service makes a message of every answer and encodes it afterwards. Here the method writes the bytes, and
//! they are sent as they are. Every other method goes to the generated service.

use std::{
    convert::Infallible,
    marker::PhantomData,
    task::{Context, Poll},
};

use futures::future::BoxFuture;
use medcode_proto::v1::code_system_service_server::{CodeSystemServiceServer, SERVICE_NAME};
use prost::{Message, bytes::BufMut};
use tonic::{
    Request, Response, Status,
    body::Body,
    codec::{BufferSettings, Codec, EncodeBuf, Encoder},
    server::{Grpc, NamedService, UnaryService},
};
use tonic_prost::{ProstCodec, ProstDecoder};

mod encounters;

pub(crate) use encounters::Encounters;

use super::Service;
use crate::{
    config::Limits,
    rpc::{self, Method, Work},
    to_proto::encoded::Encoded,
};

const LOOKUP_CODES: &str = "/medcode.v1.CodeSystemService/LookupCodes";
const VALIDATE_CODES: &str = "/medcode.v1.CodeSystemService/ValidateCodes";
const SEARCH_CONCEPTS: &str = "/medcode.v1.CodeSystemService/SearchConcepts";

/// `CodeSystemService`.
#[derive(Clone, Debug)]
pub(crate) struct CodeSystems {
    service: Service,
    generated: CodeSystemServiceServer<Service>,
}

impl CodeSystems {
    /// The service with the limits of its messages.
    pub(crate) fn new(service: Service) -> Self {
        let limits = &service.config.limits;
        let generated = CodeSystemServiceServer::new(service.clone())
            .max_decoding_message_size(limits.request_bytes)
            .max_encoding_message_size(limits.response_bytes);
        Self { service, generated }
    }

    fn answer<Q, A>(
        &self,
        method: Method<Q, Encoded<A>>,
        request: http::Request<Body>,
    ) -> BoxFuture<'static, Result<http::Response<Body>, Infallible>>
    where
        Q: Message + Default + Work + 'static,
        A: 'static,
    {
        let service = self.service.clone();
        Box::pin(async move {
            let Limits { request_bytes, response_bytes, .. } = service.config.limits;
            let mut grpc = Grpc::new(EncodedCodec::<Q, A>::new())
                .apply_max_message_size_config(Some(request_bytes), Some(response_bytes));
            Ok(grpc.unary(Unary { service, method }, request).await)
        })
    }
}

impl NamedService for CodeSystems {
    const NAME: &'static str = SERVICE_NAME;
}

impl tower::Service<http::Request<Body>> for CodeSystems {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        match request.uri().path() {
            LOOKUP_CODES => self.answer(rpc::lookup_codes, request),
            VALIDATE_CODES => self.answer(rpc::validate_codes, request),
            SEARCH_CONCEPTS => self.answer(rpc::search_concepts, request),
            _ => self.generated.call(request),
        }
    }
}

/// One method.
struct Unary<Q, A> {
    service: Service,
    method: Method<Q, Encoded<A>>,
}

impl<Q, A> UnaryService<Q> for Unary<Q, A>
where
    Q: Work + Send + 'static,
    A: 'static,
{
    type Response = Encoded<A>;
    type Future = BoxFuture<'static, Result<Response<Encoded<A>>, Status>>;

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let (service, method) = (self.service.clone(), self.method);
        Box::pin(async move { service.unary(request, method).await })
    }
}

/// Reads messages, and writes bytes that encode one.
struct EncodedCodec<Q, A>(PhantomData<fn() -> (Q, A)>);

impl<Q, A> EncodedCodec<Q, A> {
    fn new() -> Self {
        Self(PhantomData)
    }
}

impl<Q, A> Codec for EncodedCodec<Q, A>
where
    Q: Message + Default + 'static,
    A: 'static,
{
    type Encode = Encoded<A>;
    type Decode = Q;
    type Encoder = Self;
    type Decoder = ProstDecoder<Q>;

    fn encoder(&mut self) -> Self {
        Self::new()
    }

    fn decoder(&mut self) -> ProstDecoder<Q> {
        ProstCodec::<Q, Q>::raw_decoder(BufferSettings::default())
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
