use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use medcode_codes::testing::TODAY;
use medcode_proto::v1::{self, code_system_service_client::CodeSystemServiceClient};
use medcode_server::{
    app::{App, ServeError, bind},
    catalog::Catalog,
    config::Config,
};
use tokio::sync::oneshot;
use tonic::transport::{Channel, Endpoint};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};

use crate::harness::snapshot;

/// A service on a free port, and what stops it.
pub(crate) async fn start()
-> (Channel, oneshot::Sender<()>, tokio::task::JoinHandle<Result<(), ServeError>>) {
    let config = Config { listen: "127.0.0.1:0".parse().unwrap(), ..Config::default() };
    let catalog = Arc::new(Catalog::default());
    catalog.publish(snapshot());
    let listener = bind(&config).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let app = App::new(config, catalog, || TODAY);
    let served = tokio::spawn(app.serve(listener, async { drop(stopped.await) }));
    let channel = Endpoint::try_from(format!("http://{address}")).unwrap().connect().await.unwrap();
    (channel, stop, served)
}

#[tokio::test]
async fn refuses_to_listen_for_other_machines() {
    let config = Config { listen: "0.0.0.0:0".parse().unwrap(), ..Config::default() };
    let error = bind(&config).await.unwrap_err();
    assert!(matches!(error, ServeError::NotLoopback(_)));
    assert!(error.to_string().contains("--allow-insecure-listen"), "{error}");
    let allowed = Config { allow_insecure_listen: true, ..config };
    assert!(bind(&allowed).await.is_ok());
}

#[tokio::test]
async fn says_when_the_port_is_taken() {
    let config = Config { listen: "127.0.0.1:0".parse().unwrap(), ..Config::default() };
    let first = bind(&config).await.unwrap();
    let taken = Config { listen: first.local_addr().unwrap(), ..config };
    assert!(matches!(bind(&taken).await.unwrap_err(), ServeError::Bind { .. }));
}

#[tokio::test]
async fn stops_cleanly_although_somebody_watches() {
    let (channel, stop, served) = start().await;
    let request = HealthCheckRequest { service: String::new() };
    let mut watch = HealthClient::new(channel.clone()).watch(request).await.unwrap().into_inner();
    assert!(watch.message().await.unwrap().is_some());
    stop.send(()).unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(10), served).await.expect("stops in time");
    assert!(ended.unwrap().is_ok());
    // The one who watches is told, and the stream ends.
    while let Ok(Some(_)) = watch.message().await {}
    let request = v1::ListCodeSystemsRequest::default();
    assert!(CodeSystemServiceClient::new(channel).list_code_systems(request).await.is_err());
}

/// Without `TCP_NODELAY` each call waits 40 ms for an acknowledgement.
#[tokio::test]
async fn small_calls_do_not_wait_for_each_other() {
    let (channel, _stop, _served) = start().await;
    let mut client = CodeSystemServiceClient::new(channel);
    let mut times = Vec::new();
    for _ in 0..20 {
        let started = Instant::now();
        client.list_code_systems(v1::ListCodeSystemsRequest::default()).await.unwrap();
        times.push(started.elapsed());
    }
    times.sort();
    assert!(times[10] < Duration::from_millis(10), "{times:?}");
}
