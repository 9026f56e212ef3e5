//! `EncounterService`, with the stream of encounters in bytes: one that was checked before is not read, and its report is
//! sent as it is kept.

use std::sync::Arc;

use futures::future::BoxFuture;
use medcode_proto::v1::{self, encounter_service_server::EncounterServiceServer};
use tonic::{Request, Response, Status, Streaming, server::StreamingService};

use super::{Api, EncodedCodec, InBytes, limited};
use crate::{
    from_proto::encounter::SentItem,
    service::{Answers, Service},
    to_proto::encoded::Encoded,
};

const VALIDATE_ENCOUNTERS: &str = "/medcode.v1.EncounterService/ValidateEncounters";

impl Api for EncounterServiceServer<Service> {
    fn in_bytes(path: &str) -> Option<InBytes> {
        (path == VALIDATE_ENCOUNTERS).then_some(|service, request| {
            Box::pin(async move {
                let mut grpc = limited(EncodedCodec::new(), &service);
                Ok(grpc.streaming(Stream(service), request).await)
            })
        })
    }
}

/// The method.
struct Stream(Arc<Service>);

impl StreamingService<SentItem> for Stream {
    type Response = Encoded<v1::ValidateEncountersResponse>;
    type ResponseStream = Answers<Self::Response>;
    type Future = BoxFuture<'static, Result<Response<Self::ResponseStream>, Status>>;

    fn call(&mut self, request: Request<Streaming<SentItem>>) -> Self::Future {
        let answer = self.0.encounters(request);
        Box::pin(async move { answer })
    }
}
