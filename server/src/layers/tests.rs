use std::{convert::Infallible, sync::Arc, time::Duration};

use http::{Request, Response};
use tonic::{Code, Status, body::Body};
use tonic_types::StatusExt;
use tower::{Layer, Service, ServiceExt};

use super::{Answers, deadline::Deadline, layers};
use crate::config::{Config, Limits};

const METHOD: &str = "/medcode.v1.CodeSystemService/LookupCodes";

fn request(grpc_timeout: &str) -> Request<Body> {
    let request = Request::builder().uri(METHOD).header("x-request-id", "test-1");
    request.header("grpc-timeout", grpc_timeout).body(Body::empty()).unwrap()
}

async fn answer(
    inner: impl Answers + Sync,
    config: Config,
    request: Request<Body>,
) -> Response<Body> {
    let mut service = layers(&Arc::new(config)).layer(inner);
    match service.ready().await.unwrap().call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

fn status(response: &Response<Body>) -> Status {
    Status::from_header_map(response.headers()).expect("a status in the headers")
}

#[tokio::test]
async fn a_panic_is_an_internal_error_without_its_message() {
    let broken =
        tower::service_fn(async |_: Request<Body>| -> Result<Response<Body>, Infallible> {
            panic!("Kanarienvogel")
        });
    let response = answer(broken, Config::default(), request("1S")).await;
    assert_eq!(response.headers()["medcode-request-id"], "test-1");
    let status = status(&response);
    assert_eq!(status.code(), Code::Internal);
    let details = status.get_error_details();
    assert_eq!(details.error_info().unwrap().metadata["request_id"], "test-1");
    assert_eq!(details.request_info().unwrap().request_id, "test-1");
    assert!(!format!("{response:?} {status:?}").contains("Kanarienvogel"));
}

#[tokio::test(start_paused = true)]
async fn a_method_that_takes_too_long_is_answered_for() {
    let slow = tower::service_fn(async |_: Request<Body>| -> Result<Response<Body>, Infallible> {
        tokio::time::sleep(Duration::from_secs(60)).await;
        Ok(Response::new(Body::empty()))
    });
    let started = tokio::time::Instant::now();
    let status = status(&answer(slow, Config::default(), request("50m")).await);
    assert_eq!(
        (status.code(), started.elapsed()),
        (Code::DeadlineExceeded, Duration::from_millis(50))
    );
    assert_eq!(status.get_error_details().error_info().unwrap().reason, "DEADLINE_EXCEEDED");
}

#[tokio::test]
async fn methods_learn_their_deadline() {
    let asks =
        tower::service_fn(async |request: Request<Body>| -> Result<Response<Body>, Infallible> {
            let deadline = request.extensions().get::<Deadline>().expect("a deadline");
            assert!(deadline.check(0, 1).is_err(), "no time was given");
            Ok(Response::new(Body::empty()))
        });
    let response = answer(asks, Config::default(), request("0m")).await;
    assert!(
        Status::from_header_map(response.headers())
            .is_none_or(|status| status.code() != Code::Internal)
    );
}

#[tokio::test]
async fn an_answer_counts_until_it_is_read() {
    let config =
        Config { limits: Limits { in_flight: 1, ..Limits::default() }, ..Config::default() };
    let quick = tower::service_fn(async |_: Request<Body>| -> Result<Response<Body>, Infallible> {
        Ok(Response::new(Body::new("an answer".to_owned())))
    });
    let mut service = layers(&Arc::new(config)).layer(quick);
    let first = service.ready().await.unwrap().call(request("1S")).await.unwrap();
    let second = service.ready().await.unwrap().call(request("1S")).await.unwrap();
    assert_eq!(status(&second).code(), Code::ResourceExhausted);
    drop(first);
    let third = service.ready().await.unwrap().call(request("1S")).await.unwrap();
    assert!(Status::from_header_map(third.headers()).is_none());
}
