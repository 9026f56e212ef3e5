use std::time::Duration;

use medcode_proto::v1;
use medcode_server::config::{Config, Deadlines, Limits};
use tonic::{Code, Request};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};

use crate::{
    harness::{Running, cm, reason},
    reflection::open_stream,
};

fn lookup(count: usize) -> v1::LookupCodesRequest {
    v1::LookupCodesRequest {
        codings: vec![cm("E11.9"); count],
        ..v1::LookupCodesRequest::default()
    }
}

#[tokio::test]
async fn refuses_messages_that_are_too_large() {
    let config = Config {
        limits: Limits { request_bytes: 1_000, ..Limits::default() },
        ..Config::default()
    };
    let running = Running::with(config);
    assert!(running.codes().lookup_codes(lookup(1)).await.is_ok());
    let status = running.codes().lookup_codes(lookup(200)).await.unwrap_err();
    assert_eq!(status.code(), Code::OutOfRange);
}

#[tokio::test]
async fn sheds_what_is_above_the_limit_and_stays_healthy() {
    let config =
        Config { limits: Limits { in_flight: 1, ..Limits::default() }, ..Config::default() };
    let running = Running::with(config);
    // A stream that stays open counts until its end.
    let stream = open_stream(running.channel.clone()).await;
    let status = running.codes().lookup_codes(lookup(1)).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    let (why, details) = reason(&status);
    assert_eq!(why, "OVERLOADED");
    assert!(details.retry_info().is_some() && details.quota_failure().is_some());
    let check = HealthCheckRequest { service: "liveness".into() };
    assert!(HealthClient::new(running.channel.clone()).check(check).await.is_ok());
    drop(stream);
    let wait = async {
        while running.codes().lookup_codes(lookup(1)).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), wait).await.expect("the stream has ended");
}

#[tokio::test]
async fn answers_in_the_time_there_is_or_not_at_all() {
    let deadlines = Deadlines {
        default_ms: 0,
        most_ms: 0,
        search_default_ms: 0,
        search_most_ms: 0,
        ..Deadlines::default()
    };
    let running = Running::with(Config { deadlines, ..Config::default() });
    let status = running.codes().lookup_codes(lookup(1)).await.unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).0.as_str()),
        (Code::DeadlineExceeded, "DEADLINE_EXCEEDED")
    );
    let status = running.codes().lookup_codes(lookup(1_000)).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    let query = v1::SearchConceptsRequest {
        query: "diabetes".into(),
        ..v1::SearchConceptsRequest::default()
    };
    let status = running.codes().search_concepts(query).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
}

#[tokio::test]
async fn every_answer_names_the_request_and_the_catalog() {
    let running = Running::new();
    let mut request = Request::new(lookup(1));
    request.metadata_mut().insert("x-request-id", "my-own.id_1".parse().unwrap());
    let response = running.codes().lookup_codes(request).await.unwrap();
    let header = |name: &str| response.metadata().get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(header("medcode-request-id"), "my-own.id_1");
    assert_eq!(header("medcode-catalog-digest"), running.catalog.current().unwrap().digest);
    let status = running.codes().lookup_codes(lookup(0)).await.unwrap_err();
    assert!(status.metadata().get("medcode-catalog-digest").is_some());
    assert_eq!(status.metadata().get("medcode-request-id").unwrap().len(), 16);
}
