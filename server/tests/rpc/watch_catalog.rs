use std::time::Duration;

use medcode_codes::testing::own_sample;
use medcode_proto::v1::{
    self, WatchCatalogRequest, code_system_service_client::CodeSystemServiceClient,
};
use medcode_server::{
    catalog::snapshot::Snapshot,
    config::{Config, Deadlines, Limits},
};
use tonic::{Code, Request};

use crate::{
    app::start,
    harness::{Running, cm, reason, snapshot, snapshot_of},
};

async fn watch(running: &Running) -> tonic::Streaming<v1::WatchCatalogResponse> {
    running.codes().watch_catalog(WatchCatalogRequest {}).await.unwrap().into_inner()
}

async fn next(stream: &mut tonic::Streaming<v1::WatchCatalogResponse>) -> v1::WatchCatalogResponse {
    let message = tokio::time::timeout(Duration::from_secs(10), stream.message()).await;
    message.expect("a message in time").unwrap().unwrap()
}

fn datasets<'r>(releases: impl IntoIterator<Item = &'r v1::ReleaseRef>) -> Vec<&'r str> {
    releases.into_iter().map(|release| release.dataset.as_str()).collect()
}

#[tokio::test]
async fn tells_the_state_and_then_what_changes() {
    let running = Running::new();
    let mut stream = watch(&running).await;
    let first = next(&mut stream).await;
    assert_eq!(first.catalog_digest, snapshot().digest);
    let loaded = first.loaded.iter().map(|release| release.r#ref.as_ref().unwrap());
    assert_eq!(datasets(loaded), ["hcpcs", "icd-10-cm", "icd-10-pcs", "mce"]);
    assert!(first.unloaded.is_empty() && !first.heartbeat);

    let mut releases = snapshot_of(own_sample()).releases;
    releases.retain(|record| record.release.dataset != "hcpcs");
    let swapped = Snapshot::new(own_sample(), releases, Vec::new());
    let digest = swapped.digest.clone();
    running.catalog.publish(swapped);
    let change = next(&mut stream).await;
    assert_eq!(change.catalog_digest, digest);
    assert!(change.loaded.is_empty());
    assert_eq!(datasets(&change.unloaded), ["hcpcs"]);

    running.catalog.publish(snapshot());
    let change = next(&mut stream).await;
    assert_eq!(change.loaded[0].title, first.loaded[0].title);
    assert!(change.loaded.len() == 1 && change.unloaded.is_empty());
}

#[tokio::test]
async fn says_that_it_is_still_there() {
    let deadlines = Deadlines { heartbeat_ms: 1, ..Deadlines::default() };
    let running = Running::with(Config { deadlines, ..Config::default() });
    let mut stream = watch(&running).await;
    assert!(!next(&mut stream).await.heartbeat);
    let alive = next(&mut stream).await;
    assert!(alive.heartbeat && alive.loaded.is_empty());
    assert_eq!(alive.catalog_digest, snapshot().digest);
}

#[tokio::test]
async fn those_who_watch_leave_room_for_requests() {
    let limits = Limits { in_flight: 1, ..Limits::default() };
    let running = Running::with(Config { limits, ..Config::default() });
    let mut stream = watch(&running).await;
    next(&mut stream).await;
    let lookup =
        v1::LookupCodesRequest { codings: vec![cm("E11.9")], ..v1::LookupCodesRequest::default() };
    assert!(running.codes().lookup_codes(lookup).await.is_ok());
}

#[tokio::test]
async fn ends_when_the_server_stops() {
    let (channel, stop, served) = start().await;
    let mut client = CodeSystemServiceClient::new(channel);
    let mut stream = client.watch_catalog(WatchCatalogRequest {}).await.unwrap().into_inner();
    next(&mut stream).await;
    stop.send(()).unwrap();
    let status = stream.message().await.unwrap_err();
    assert_eq!((status.code(), reason(&status).0.as_str()), (Code::Unavailable, "SHUTTING_DOWN"));
    assert!(reason(&status).1.retry_info().is_some());
    let ended = tokio::time::timeout(Duration::from_secs(10), served).await.expect("stops in time");
    assert!(ended.unwrap().is_ok());
}

#[tokio::test]
async fn refuses_while_nothing_is_loaded_and_ends_with_the_time_of_the_caller() {
    let empty = Running::empty(Config::default());
    let status = empty.codes().watch_catalog(WatchCatalogRequest {}).await.map(|_| ()).unwrap_err();
    assert_eq!(reason(&status).0, "CATALOG_LOADING");

    let running = Running::new();
    let mut request = Request::new(WatchCatalogRequest {});
    request.metadata_mut().insert("grpc-timeout", "50m".parse().unwrap());
    let mut stream = running.codes().watch_catalog(request).await.unwrap().into_inner();
    next(&mut stream).await;
    let status = stream.message().await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
}
