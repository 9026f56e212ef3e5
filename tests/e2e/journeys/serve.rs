//! `medcode serve`.

use std::{process::Command, time::Duration};

use e2e::{catalog, run, server::Server};
use medcode_proto::v1::{self, code_system_service_client::CodeSystemServiceClient};
use tokio_stream::StreamExt;
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
};

#[tokio::test]
async fn serves_health_reflection_and_answers() {
    let Some(catalog) = catalog() else { return };
    let server = Server::start(&catalog);
    let channel = server.channel().await;

    let mut health = HealthClient::new(channel.clone());
    let services = [
        "medcode.v1.CodeSystemService",
        "medcode.v1.DocumentService",
        "medcode.v1.EncounterService",
    ];
    for service in ["", "liveness"].into_iter().chain(services) {
        // It says so a moment after the catalog is there: whoever wants to know when watches.
        let request = HealthCheckRequest { service: service.to_owned() };
        let watched = health.watch(request.clone()).await.expect("health answers").into_inner();
        let mut said = watched.map(|said| said.expect("no error").status());
        assert!(said.any(|status| status == ServingStatus::Serving).await, "{service}");
        let status = health.check(request).await.expect("health answers").into_inner().status();
        assert_eq!(status, ServingStatus::Serving, "{service}");
    }

    let mut reflection = ServerReflectionClient::new(channel.clone());
    let ask = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let mut answers = reflection
        .server_reflection_info(tokio_stream::once(ask))
        .await
        .expect("reflection")
        .into_inner();
    let answer = answers.next().await.expect("an answer").expect("no error");
    let Some(MessageResponse::ListServicesResponse(list)) = answer.message_response else {
        panic!("no list")
    };
    let mut names: Vec<_> = list.service.into_iter().map(|service| service.name).collect();
    names.retain(|name| name.starts_with("medcode."));
    names.sort();
    assert_eq!(names, services);

    let mut codes = CodeSystemServiceClient::new(channel);
    let systems = codes
        .list_code_systems(v1::ListCodeSystemsRequest::default())
        .await
        .expect("systems")
        .into_inner();
    let loaded: Vec<_> = systems
        .code_systems
        .iter()
        .filter(|system| system.loaded)
        .map(|system| system.id.as_str())
        .collect();
    assert_eq!(loaded, ["hcpcs", "icd-10-cm", "icd-10-pcs"]);
    let cpt = systems
        .code_systems
        .iter()
        .find(|system| system.id == "cpt")
        .expect("CPT is listed, loaded or not");
    assert!(!cpt.note.is_empty());
}

#[tokio::test]
async fn stops_cleanly_on_signals() {
    let Some(catalog) = catalog() else { return };
    for signal in ["-TERM", "-INT"] {
        let mut server = Server::start(&catalog);
        let channel = server.channel().await;
        let mut codes = CodeSystemServiceClient::new(channel);
        codes.list_code_systems(v1::ListCodeSystemsRequest::default()).await.expect("it answers");
        let sent = Command::new("kill")
            .args([signal, &server.process_id().to_string()])
            .status()
            .expect("kill starts");
        assert!(sent.success());
        let ended = tokio::task::spawn_blocking(move || server.wait());
        let code = tokio::time::timeout(Duration::from_secs(15), ended)
            .await
            .expect("it stops")
            .expect("no panic");
        assert_eq!(code, Some(0), "{signal}");
    }
}

#[test]
fn the_command_line_asks_a_running_service() {
    let Some(catalog) = catalog() else { return };
    let server = Server::start(&catalog);
    let empty = tempfile::tempdir().expect("a folder");
    let url = format!("http://{}", server.address);
    let finished = run(empty.path(), &["--server", &url, "lookup", "E11.9", "--json"]);
    assert_eq!(finished.json()["results"][0]["found"], true, "{}", finished.stderr);
    drop(server);
    let finished = run(empty.path(), &["--server", &url, "lookup", "E11.9", "--json"]);
    assert_eq!(finished.code, Some(3), "a service that is gone is no answer");
}

#[test]
fn refuses_to_listen_to_the_world_unprotected() {
    let Some(catalog) = catalog() else { return };
    let finished = run(&catalog, &["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!(finished.code, Some(2), "{}", finished.stderr);
    assert!(finished.stderr.contains("--allow-insecure-listen"), "{}", finished.stderr);
}
