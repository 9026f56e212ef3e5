use medcode_server::config::Config;
use tonic::{Code, transport::Channel};
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};

use crate::harness::{Running, reason, snapshot};

const NAMES: [&str; 5] = [
    "liveness",
    "",
    "medcode.v1.CodeSystemService",
    "medcode.v1.EncounterService",
    "medcode.v1.DocumentService",
];

async fn status(channel: &Channel, service: &str) -> ServingStatus {
    let request = HealthCheckRequest { service: service.into() };
    HealthClient::new(channel.clone()).check(request).await.unwrap().into_inner().status()
}

async fn statuses(channel: &Channel) -> Vec<bool> {
    let mut serving = Vec::new();
    for name in NAMES {
        serving.push(status(channel, name).await == ServingStatus::Serving);
    }
    serving
}

#[tokio::test]
async fn only_lives_until_the_catalog_is_there() {
    let running = Running::empty(Config::default());
    assert_eq!(statuses(&running.channel).await, [true, false, false, false, false]);
    let request = medcode_proto::v1::ListCodeSystemsRequest::default();
    let refused = running.codes().list_code_systems(request.clone()).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unavailable);
    let (why, details) = reason(&refused);
    assert_eq!(why, "CATALOG_LOADING");
    assert!(details.retry_info().is_some());

    let request_watch = HealthCheckRequest { service: String::new() };
    let mut watch =
        HealthClient::new(running.channel.clone()).watch(request_watch).await.unwrap().into_inner();
    assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::NotServing);
    running.catalog.publish(snapshot());
    assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::Serving);
    // The whole server is the first of the names; the others follow in the same step.
    while statuses(&running.channel).await != [true; 5] {
        tokio::task::yield_now().await;
    }
    assert!(running.codes().list_code_systems(request).await.is_ok());
}

#[tokio::test]
async fn a_name_that_is_no_service_is_not_found() {
    let running = Running::new();
    let request = HealthCheckRequest { service: "medcode.v1.Nothing".into() };
    let status = HealthClient::new(running.channel.clone()).check(request).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
}
