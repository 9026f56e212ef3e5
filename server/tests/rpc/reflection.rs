use http::uri::PathAndQuery;
use prost::Message;
use tokio_stream::{Stream, StreamExt, wrappers::ReceiverStream};
use tonic::{Request, client::Grpc, transport::Channel};
use tonic_prost::ProstCodec;
use tonic_reflection::pb::{v1, v1alpha};

use crate::harness::Running;

const SERVICES: [&str; 4] = [
    "grpc.health.v1.Health",
    "medcode.v1.CodeSystemService",
    "medcode.v1.DocumentService",
    "medcode.v1.EncounterService",
];

/// Asks the reflection service of a version, as `grpcurl` does.
pub(crate) async fn reflect<Q, A>(
    channel: Channel,
    version: &str,
    requests: impl Stream<Item = Q> + Send + 'static,
) -> tonic::Streaming<A>
where
    Q: Message + Send + 'static,
    A: Message + Default + Send + 'static,
{
    let path = format!("/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo");
    let path = PathAndQuery::try_from(path).unwrap();
    let mut client = Grpc::new(channel);
    client.ready().await.unwrap();
    let codec = ProstCodec::<Q, A>::default();
    client.streaming(Request::new(requests), path, codec).await.unwrap().into_inner()
}

/// A stream to the service that stays open until the sender is dropped.
pub(crate) async fn open_stream(
    channel: Channel,
) -> (
    tokio::sync::mpsc::Sender<v1::ServerReflectionRequest>,
    tonic::Streaming<v1::ServerReflectionResponse>,
) {
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    (sender, reflect(channel, "v1", ReceiverStream::new(receiver)).await)
}

#[tokio::test]
async fn lists_the_services() {
    assert_eq!(services(&Running::new()).await, SERVICES);
}

/// The names of all services that are listed.
pub(crate) async fn services(running: &Running) -> Vec<String> {
    use v1::{
        server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
    };

    let message_request = Some(MessageRequest::ListServices(String::new()));
    let request = v1::ServerReflectionRequest { host: String::new(), message_request };
    let mut answers: tonic::Streaming<v1::ServerReflectionResponse> =
        reflect(running.channel.clone(), "v1", tokio_stream::once(request)).await;
    let answer = answers.next().await.unwrap().unwrap().message_response.unwrap();
    let MessageResponse::ListServicesResponse(list) = answer else { panic!("{answer:?}") };
    let mut names: Vec<_> = list.service.into_iter().map(|service| service.name).collect();
    names.sort();
    names
}

#[tokio::test]
async fn older_tools_are_answered_as_well() {
    use v1alpha::{
        server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
    };

    let running = Running::new();
    let message_request =
        Some(MessageRequest::FileContainingSymbol("medcode.v1.CodeSystemService".into()));
    let request = v1alpha::ServerReflectionRequest { host: String::new(), message_request };
    let mut answers: tonic::Streaming<v1alpha::ServerReflectionResponse> =
        reflect(running.channel.clone(), "v1alpha", tokio_stream::once(request)).await;
    let answer = answers.next().await.unwrap().unwrap().message_response.unwrap();
    let MessageResponse::FileDescriptorResponse(file) = answer else { panic!("{answer:?}") };
    assert!(!file.file_descriptor_proto.is_empty());
}
