//! A running service whose catalog is changed by another process: nothing fails, and nothing is mixed.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use e2e::{import_miniature, medcode, own_catalog, server::Server};
use medcode_proto::v1::{self, code_system_service_client::CodeSystemServiceClient};
use tokio::task::{JoinSet, spawn_blocking};
use tokio_stream::StreamExt;
use tonic::{Code, Request, Response, Status, Streaming, transport::Channel};
use tonic_types::StatusExt;

type Codes = CodeSystemServiceClient<Channel>;

/// Clients of each kind that ask all the time.
const CLIENTS: usize = 3;

/// What the clients have seen.
#[derive(Default)]
struct Load {
    is_over: AtomicBool,
    answers: AtomicUsize,
    /// Page tokens that were refused because their releases are others now.
    stale: AtomicUsize,
    /// The digests of the answers, each once, in the order in which they were first seen.
    digests: Mutex<Vec<String>>,
}

impl Load {
    /// Notes an answer and gives its message and digest.
    fn note<T>(&self, answer: Result<Response<T>, Status>) -> (T, String) {
        let answer = answer.unwrap_or_else(|status| panic!("a call failed: {status:?}"));
        let digest = answer.metadata().get("medcode-catalog-digest").expect("every answer has one");
        let digest = digest.to_str().unwrap().to_owned();
        let mut digests = self.digests.lock().unwrap();
        if !digests.contains(&digest) {
            digests.push(digest.clone());
        }
        self.answers.fetch_add(1, Ordering::Relaxed);
        (answer.into_inner(), digest)
    }

    fn goes_on(&self) -> bool {
        !self.is_over.load(Ordering::Relaxed)
    }
}

fn coding(system: &str, code: &str) -> v1::Coding {
    v1::Coding { system: system.into(), code: code.into(), ..v1::Coding::default() }
}

#[expect(clippy::unnecessary_wraps, reason = "fields of messages are optional")]
fn day() -> Option<v1::Date> {
    Some(v1::Date { year: 2026, month: 4, day: 1 })
}

/// A question whose caller has patience: the machine that tests may be busy.
fn patient<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(Duration::from_secs(10));
    request
}

/// Looks codes up: all answers of one digest must say the same.
async fn look_up(mut codes: Codes, load: Arc<Load>) {
    let mut seen: Vec<(String, v1::LookupCodesResponse)> = Vec::new();
    while load.goes_on() {
        let request = v1::LookupCodesRequest {
            codings: vec![coding("icd-10-cm", "E11.9"), coding("hcpcs", "A0001")],
            date: day(),
            ..v1::LookupCodesRequest::default()
        };
        let (answer, digest) = load.note(codes.lookup_codes(patient(request)).await);
        match seen.iter().find(|(known, _)| *known == digest) {
            Some((_, first)) => assert_eq!(*first, answer, "one digest, one answer"),
            None => seen.push((digest, answer)),
        }
    }
}

async fn validate(mut codes: Codes, load: Arc<Load>) {
    while load.goes_on() {
        let items = ["E11.9", "I10", "M54.50"]
            .map(|code| v1::CodeToValidate { coding: Some(coding("icd-10-cm", code)), date: None });
        let request = v1::ValidateCodesRequest {
            items: items.to_vec(),
            date: day(),
            ..v1::ValidateCodesRequest::default()
        };
        let (answer, _) = load.note(codes.validate_codes(patient(request)).await);
        assert_eq!(answer.results.len(), 3);
    }
}

/// Pages through all searches for a word in HCPCS, whose releases change; begins again when told to, and only then.
async fn page(mut codes: Codes, load: Arc<Load>) {
    let first = v1::SearchConceptsRequest {
        query: "injection".into(),
        systems: vec!["hcpcs".into()],
        date: day(),
        page_size: 5,
        ..v1::SearchConceptsRequest::default()
    };
    let mut request = first.clone();
    let mut begun_under = String::new();
    while load.goes_on() {
        let asked = codes.search_concepts(patient(request.clone())).await;
        if let Err(status) = &asked
            && !request.page_token.is_empty()
        {
            let details = status.get_error_details();
            let reason = details.error_info().map(|info| info.reason.clone());
            assert_eq!(
                (status.code(), reason.as_deref()),
                (Code::Aborted, Some("PAGE_TOKEN_STALE")),
                "{status:?}"
            );
            load.stale.fetch_add(1, Ordering::Relaxed);
            request = first.clone();
            continue;
        }
        let (answer, digest) = load.note(asked);
        if request.page_token.is_empty() {
            begun_under = digest;
        } else {
            assert_eq!(begun_under, digest, "pages of one list come from one state");
        }
        request = v1::SearchConceptsRequest { page_token: answer.next_page_token, ..first.clone() };
    }
}

/// Pages through a list of ICD-10-CM, which the imports do not touch: no token may be refused.
async fn list(mut codes: Codes, load: Arc<Load>) {
    let mut token = String::new();
    while load.goes_on() {
        let request = v1::ListConceptsRequest {
            system: "icd-10-cm".into(),
            code: "E11".into(),
            scope: v1::ListScope::Descendants.into(),
            date: day(),
            page_size: 10,
            page_token: token,
            ..v1::ListConceptsRequest::default()
        };
        token = load.note(codes.list_concepts(patient(request)).await).0.next_page_token;
    }
}

/// The digest of the next message that is no heartbeat.
async fn next_digest(watched: &mut Streaming<v1::WatchCatalogResponse>) -> String {
    loop {
        let message = watched.next().await.expect("the stream goes on").expect("no error");
        if !message.heartbeat {
            return message.catalog_digest;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn imports_reach_a_busy_service_without_a_failed_call() {
    let Some(data_dir) = own_catalog() else { return };
    let server = Server::start(data_dir.path());
    let codes = Codes::new(server.channel().await);
    let mut watched =
        codes.clone().watch_catalog(v1::WatchCatalogRequest::default()).await.unwrap().into_inner();
    let mut told = vec![next_digest(&mut watched).await];
    let held = v1::SearchConceptsRequest {
        query: "injection".into(),
        systems: vec!["hcpcs".into()],
        page_size: 2,
        ..v1::SearchConceptsRequest::default()
    };
    let answer = codes.clone().search_concepts(held.clone()).await.unwrap().into_inner();
    let held = v1::SearchConceptsRequest { page_token: answer.next_page_token, ..held };

    let load = Arc::new(Load::default());
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let codes = Codes::new(server.channel().await);
        clients.spawn(look_up(codes.clone(), load.clone()));
        clients.spawn(validate(codes.clone(), load.clone()));
        clients.spawn(page(codes.clone(), load.clone()));
        clients.spawn(list(codes, load.clone()));
    }
    let miniatures: [(_, &[&str]); 2] =
        [("hcpcs-anweb.txt", &[]), ("hcpcs.csv", &["--release", "2026-07-01"])];
    for (miniature, options) in miniatures {
        let folder = data_dir.path().to_owned();
        let importing = spawn_blocking(move || import_miniature(&folder, miniature, options));
        told.push(next_digest(&mut watched).await);
        importing.await.unwrap();
        // All go on for a while over the new state.
        let enough = load.answers.load(Ordering::Relaxed) + 100;
        while load.answers.load(Ordering::Relaxed) < enough {
            assert!(!clients.is_empty());
            if let Some(Err(failed)) = clients.try_join_next() {
                panic!("{failed}");
            }
            tokio::task::yield_now().await;
        }
    }
    load.is_over.store(true, Ordering::Relaxed);
    while let Some(ended) = clients.join_next().await {
        ended.unwrap();
    }
    assert_eq!(*load.digests.lock().unwrap(), told, "the states that were told, in their order");
    let status = codes.clone().search_concepts(held).await.unwrap_err();
    assert_eq!(status.code(), Code::Aborted, "{status:?}");
    assert_eq!(status.get_error_details().error_info().unwrap().reason, "PAGE_TOKEN_STALE");
    let stale = load.stale.load(Ordering::Relaxed);
    assert!(stale <= 2 * CLIENTS, "{stale}: at most one for each client and swap");
    server.wait_for("(catalog changed)");
    server.wait_for("(catalog changed)");
}

#[tokio::test]
async fn a_service_waits_for_a_catalog_that_another_process_installs() {
    let Some(installed) = own_catalog() else { return };
    let empty = tempfile::tempdir().unwrap();
    let server = Server::start_saying(
        medcode(empty.path(), ["serve", "--no-install", "--listen", "127.0.0.1:0"]),
        "waiting: no catalog is installed",
    );
    let mut codes = Codes::new(server.channel().await);
    let status = codes.list_code_systems(v1::ListCodeSystemsRequest::default()).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    // An installation ends with the same rename.
    std::fs::rename(installed.path().join("catalog.db"), empty.path().join("catalog.db")).unwrap();
    server.wait_for("(catalog changed)");
    codes.list_code_systems(v1::ListCodeSystemsRequest::default()).await.unwrap();
}
