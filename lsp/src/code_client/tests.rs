//! What a question without an answer leads to, with a service that fails as told.

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use medcode_codes::encounter::Encounter;
use medcode_proto::v1::{
    self,
    code_system_service_server::{CodeSystemService, CodeSystemServiceServer},
    encounter_service_server::{EncounterService, EncounterServiceServer},
};
use tokio::sync::mpsc;
use tonic::{
    Code, Response,
    codegen::BoxStream,
    transport::{Endpoint, Server, server::TcpIncoming},
};

use super::*;
use crate::{backend::Target, session::Wake};

/// How long anything may take on a busy machine.
const LIMIT: Duration = Duration::from_secs(20);

/// A service without code sets that fails the next questions about encounters.
#[derive(Debug, Default)]
struct Fake {
    failures: Mutex<Vec<Status>>,
    under_way: AtomicUsize,
    most_under_way: AtomicUsize,
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl EncounterService for Fake {
    async fn validate_encounter(
        &self,
        _: Request<v1::ValidateEncounterRequest>,
    ) -> Answer<v1::ValidateEncounterResponse> {
        let under_way = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_under_way.fetch_max(under_way, Ordering::SeqCst);
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        self.under_way.fetch_sub(1, Ordering::SeqCst);
        if let Some(failure) = self.failures.lock().unwrap().pop() {
            return Err(failure);
        }
        let as_of = Some(v1::Date { year: 2026, month: 4, day: 1 });
        let report = Some(v1::EncounterReport { as_of, ..v1::EncounterReport::default() });
        Ok(Response::new(v1::ValidateEncounterResponse { report }))
    }

    type ValidateEncountersStream = BoxStream<v1::ValidateEncountersResponse>;

    async fn validate_encounters(
        &self,
        _: Request<tonic::Streaming<v1::ValidateEncountersRequest>>,
    ) -> Answer<Self::ValidateEncountersStream> {
        Err(Status::unimplemented("not asked"))
    }

    async fn list_rules(&self, _: Request<v1::ListRulesRequest>) -> Answer<v1::ListRulesResponse> {
        Err(Status::unimplemented("not asked"))
    }

    async fn explain_rule(
        &self,
        _: Request<v1::ExplainRuleRequest>,
    ) -> Answer<v1::ExplainRuleResponse> {
        Err(Status::unimplemented("not asked"))
    }
}

#[tonic::async_trait]
impl CodeSystemService for Fake {
    async fn list_code_systems(
        &self,
        _: Request<v1::ListCodeSystemsRequest>,
    ) -> Answer<v1::ListCodeSystemsResponse> {
        Ok(Response::new(v1::ListCodeSystemsResponse::default()))
    }

    async fn lookup_codes(
        &self,
        _: Request<v1::LookupCodesRequest>,
    ) -> Answer<v1::LookupCodesResponse> {
        // No result for the code that was asked for: an answer that cannot be read.
        Ok(Response::new(v1::LookupCodesResponse::default()))
    }

    async fn validate_codes(
        &self,
        _: Request<v1::ValidateCodesRequest>,
    ) -> Answer<v1::ValidateCodesResponse> {
        Err(Status::unimplemented(""))
    }

    async fn search_concepts(
        &self,
        _: Request<v1::SearchConceptsRequest>,
    ) -> Answer<v1::SearchConceptsResponse> {
        Err(Status::unimplemented(""))
    }

    async fn list_concepts(
        &self,
        _: Request<v1::ListConceptsRequest>,
    ) -> Answer<v1::ListConceptsResponse> {
        Err(Status::unimplemented(""))
    }

    async fn list_releases(
        &self,
        _: Request<v1::ListReleasesRequest>,
    ) -> Answer<v1::ListReleasesResponse> {
        Err(Status::unimplemented(""))
    }

    type ExpandConceptStream = BoxStream<v1::ExpandConceptResponse>;

    async fn expand_concept(
        &self,
        _: Request<v1::ExpandConceptRequest>,
    ) -> Answer<Self::ExpandConceptStream> {
        Err(Status::unimplemented(""))
    }

    async fn subsumes(&self, _: Request<v1::SubsumesRequest>) -> Answer<v1::SubsumesResponse> {
        Err(Status::unimplemented(""))
    }

    async fn translate_codes(
        &self,
        _: Request<v1::TranslateCodesRequest>,
    ) -> Answer<v1::TranslateCodesResponse> {
        Err(Status::unimplemented(""))
    }

    async fn diff_releases(
        &self,
        _: Request<v1::DiffReleasesRequest>,
    ) -> Answer<v1::DiffReleasesResponse> {
        Err(Status::unimplemented(""))
    }

    type WatchCatalogStream = BoxStream<v1::WatchCatalogResponse>;

    async fn watch_catalog(
        &self,
        _: Request<v1::WatchCatalogRequest>,
    ) -> Answer<Self::WatchCatalogStream> {
        Err(Status::unimplemented(""))
    }
}

/// A client of a service, found and ready, with what wakes the analysis.
struct Connected {
    fake: Arc<Fake>,
    client: CodeClient,
    wakes: mpsc::UnboundedReceiver<Wake>,
    _target: watch::Sender<Target>,
}

impl Connected {
    async fn new() -> Self {
        let fake = Arc::new(Fake::default());
        let incoming = TcpIncoming::bind(([127, 0, 0, 1], 0).into()).unwrap();
        let address = format!("http://{}", incoming.local_addr().unwrap());
        let server = Server::builder()
            .add_service(CodeSystemServiceServer::from_arc(fake.clone()))
            .add_service(EncounterServiceServer::from_arc(fake.clone()));
        tokio::spawn(server.serve_with_incoming(incoming));
        let (client, keeper) = CodeClient::new();
        let channel = Endpoint::from_shared(address).unwrap().connect_lazy();
        let (target, targets) = watch::channel(Target::Remote(channel));
        let (wake, wakes) = mpsc::unbounded_channel();
        tokio::spawn(keeper.run(targets, wake));
        let mut connected = Self { fake, client, wakes, _target: target };
        connected.woken().await;
        connected
    }

    async fn woken(&mut self) {
        let wake = timeout(LIMIT, self.wakes.recv()).await.expect("a wake within the limit");
        assert!(matches!(wake, Some(Wake::All)));
    }

    async fn reaches(&self, wanted: impl Fn(&Link) -> bool) {
        let mut link = self.client.link();
        timeout(LIMIT, link.wait_for(|link| wanted(link))).await.expect("the state").unwrap();
    }
}

/// Distinct questions that need no code sets.
fn requests(count: u32) -> Vec<EncounterRequest> {
    let request = |age| EncounterRequest {
        encounter: Encounter { age_years: Some(age), ..Encounter::default() },
        ..EncounterRequest::default()
    };
    (0..count).map(request).collect()
}

#[tokio::test]
async fn asks_again_after_any_failure_until_there_is_an_answer() {
    let codes = [Code::DeadlineExceeded, Code::Cancelled, Code::ResourceExhausted, Code::Internal];
    for code in codes {
        let mut connected = Connected::new().await;
        // The second failure comes when the service is asked again.
        let failures = vec![Status::new(code, ""), Status::new(code, "")];
        *connected.fake.failures.lock().unwrap() = failures;
        for _ in 0..2 {
            let answers = connected.client.verdicts(&requests(1)).await;
            assert_eq!(*answers[0], EncounterAnswer::Unavailable, "{code:?}");
            connected.reaches(|link| matches!(link, Link::Faltering(_))).await;
            connected.woken().await;
        }
        let answers = connected.client.verdicts(&requests(1)).await;
        assert!(matches!(*answers[0], EncounterAnswer::Answered { .. }), "{code:?}");
    }
}

#[tokio::test]
async fn is_well_again_once_nothing_fails_for_a_while() {
    let mut connected = Connected::new().await;
    let failures = vec![Status::resource_exhausted("")];
    *connected.fake.failures.lock().unwrap() = failures;
    connected.client.verdicts(&requests(1)).await;
    connected.reaches(|link| matches!(link, Link::Faltering(_))).await;
    connected.woken().await;
    connected.reaches(|link| matches!(link, Link::Up(_))).await;
}

#[tokio::test]
async fn takes_an_answer_that_cannot_be_read_for_none() {
    let connected = Connected::new().await;
    let date = medcode_codes::date::ICD10_START;
    let looked = connected.client.lookup(CodeSystem::Icd10Cm, "E11.9", date).await;
    assert!(matches!(*looked, Looked::Unavailable(UnavailableReason::ServiceUnreachable)));
    connected.reaches(|link| matches!(link, Link::Faltering(_))).await;
}

#[tokio::test]
async fn asks_only_a_few_questions_at_once() {
    let connected = Connected::new().await;
    let answers = connected.client.verdicts(&requests(300)).await;
    let answered = |answer: &Arc<EncounterAnswer>| **answer != EncounterAnswer::Unavailable;
    assert!(answers.len() == 300 && answers.iter().all(answered));
    let most = connected.fake.most_under_way.load(Ordering::SeqCst);
    assert!((1..=MAX_UNDER_WAY).contains(&most), "{most}");
}
