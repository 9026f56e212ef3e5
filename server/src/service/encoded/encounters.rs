//! `EncounterService`, with the stream of encounters in bytes: one that was checked before is not read, and its report is
//! sent as it is kept.

use std::{
    convert::Infallible,
    task::{Context, Poll},
};

use futures::future::BoxFuture;
use medcode_proto::v1::{
    self,
    encounter_service_server::{EncounterServiceServer, SERVICE_NAME},
};
use prost::bytes::Buf;
use tonic::{
    Request, Response, Status, Streaming,
    body::Body,
    codec::{Codec, DecodeBuf, Decoder},
    server::{Grpc, NamedService, StreamingService},
};

use super::EncodedCodec;
use crate::{
    config::Limits,
    from_proto::encounter::SentItem,
    service::{Answers, Service},
    to_proto::encoded::Encoded,
};

const VALIDATE_ENCOUNTERS: &str = "/medcode.v1.EncounterService/ValidateEncounters";

/// `EncounterService`.
#[derive(Clone, Debug)]
pub(crate) struct Encounters {
    service: Service,
    generated: EncounterServiceServer<Service>,
}

impl Encounters {
    /// The service with the limits of its messages.
    pub(crate) fn new(service: Service) -> Self {
        let limits = &service.config.limits;
        let generated = EncounterServiceServer::new(service.clone())
            .max_decoding_message_size(limits.request_bytes)
            .max_encoding_message_size(limits.response_bytes);
        Self { service, generated }
    }
}

impl NamedService for Encounters {
    const NAME: &'static str = SERVICE_NAME;
}

impl tower::Service<http::Request<Body>> for Encounters {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        if request.uri().path() != VALIDATE_ENCOUNTERS {
            return self.generated.call(request);
        }
        let service = self.service.clone();
        Box::pin(async move {
            let Limits { request_bytes, response_bytes, .. } = service.config.limits;
            let mut grpc = Grpc::new(SentCodec)
                .apply_max_message_size_config(Some(request_bytes), Some(response_bytes));
            Ok(grpc.streaming(Stream(service), request).await)
        })
    }
}

/// The method.
struct Stream(Service);

impl StreamingService<SentItem> for Stream {
    type Response = Encoded<v1::ValidateEncountersResponse>;
    type ResponseStream = Answers<Self::Response>;
    type Future = BoxFuture<'static, Result<Response<Self::ResponseStream>, Status>>;

    fn call(&mut self, request: Request<Streaming<SentItem>>) -> Self::Future {
        let answer = self.0.encounters(request);
        Box::pin(async move { answer })
    }
}

/// Reads encounters no further than needed, and writes bytes.
struct SentCodec;

impl Codec for SentCodec {
    type Encode = Encoded<v1::ValidateEncountersResponse>;
    type Decode = SentItem;
    type Encoder = EncodedCodec<v1::ValidateEncountersRequest, v1::ValidateEncountersResponse>;
    type Decoder = Self;

    fn encoder(&mut self) -> Self::Encoder {
        EncodedCodec::new()
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Decoder for SentCodec {
    type Item = SentItem;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<SentItem>, Status> {
        let bytes = from.copy_to_bytes(from.remaining());
        SentItem::read(bytes).map(Some).map_err(|error| Status::internal(error.to_string()))
    }
}
