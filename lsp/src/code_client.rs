//! Asks the service about codes. It may be in this process or on another machine; nothing else in this crate can tell.
//!
//! Every question has a time limit. What cannot be answered in time, or at all, is unavailable, which no caller may take
//! for "does not exist". Answers are kept until the code sets change, and stay in use while the service is away.

use std::{sync::Arc, time::Duration};

use futures::{StreamExt, stream};
use medcode_codes::{code::Code, date::Date, fact::UnavailableReason, system::CodeSystem};
use medcode_proto::v1::{
    code_system_service_client::CodeSystemServiceClient,
    encounter_service_client::EncounterServiceClient,
};
use moka::sync::Cache;
use tokio::{
    sync::watch,
    time::{Instant, timeout, timeout_at},
};
use tonic::{Request, Status, transport::Channel};

use crate::{
    concept::{Brief, Concept, Hit, LoadedSystem, Looked, Titled},
    wire::{self, EncounterAnswer, EncounterRequest},
};

mod backoff;
mod briefs;
mod catalog_watch;
mod documents;
mod keeper;
mod parts;
mod weight;

pub(crate) use keeper::{Keeper, Link};

/// Bytes of the largest answer, as large as the service may send.
const MAX_ANSWER: usize = 16 * 1024 * 1024;

/// How long the items of a completion list are waited for.
pub(crate) const COMPLETION_LIMIT: Duration = Duration::from_millis(300);
/// How long the content of a hover is waited for.
pub(crate) const HOVER_LIMIT: Duration = Duration::from_secs(1);
/// How long the verdicts of an analysis are waited for.
pub(crate) const ANALYSIS_LIMIT: Duration = Duration::from_secs(2);

/// How long the answer of a service that is looked for is waited for.
const RECONNECT_LIMIT: Duration = Duration::from_secs(3);
/// How long a part of a page is waited for.
const PAGE_LIMIT: Duration = Duration::from_secs(10);

/// Verdicts of one note that are asked for at once. A service turns away those who ask more than it can answer.
const MAX_UNDER_WAY: usize = 16;

/// Bytes of the verdicts that are kept: a chart of thousands of codes and a few dozen notes beside it.
const MAX_VERDICT_BYTES: u64 = 24 * 1024 * 1024;
/// Codes of which everything is kept, at a few kilobytes each.
const MAX_CONCEPTS: u64 = 2_000;
/// Codes of which title and state are kept, at some two hundred bytes each.
const MAX_BRIEFS: u64 = 20_000;

/// Dates of which the release is kept, each with its system.
const MAX_RELEASES: u64 = 1_000;

/// The header in which every answer names the state of the code sets.
const DIGEST_HEADER: &str = "medcode-catalog-digest";

/// The service as it answered last.
#[derive(Debug)]
pub(crate) struct Service {
    channel: Channel,
    /// The code systems that are loaded.
    pub(crate) systems: Vec<LoadedSystem>,
    /// Names the state of its code sets, as every answer does.
    digest: Option<String>,
}

impl Service {
    /// Asks a service what it holds, which also shows that it is there.
    async fn probe(channel: Channel, limit: Duration) -> Result<Self, Status> {
        let mut client =
            CodeSystemServiceClient::new(channel.clone()).max_decoding_message_size(MAX_ANSWER);
        let request = with_deadline(wire::list_systems_request(), limit);
        let answer = timeout(limit, client.list_code_systems(request)).await;
        let answer = answer.map_err(|_| Status::deadline_exceeded("no answer in time"))??;
        let digest = digest_of(&answer);
        Ok(Self { channel, systems: wire::loaded_systems(answer.into_inner()), digest })
    }

    fn codes(&self) -> CodeSystemServiceClient<Channel> {
        CodeSystemServiceClient::new(self.channel.clone()).max_decoding_message_size(MAX_ANSWER)
    }

    fn encounters(&self) -> EncounterServiceClient<Channel> {
        EncounterServiceClient::new(self.channel.clone()).max_decoding_message_size(MAX_ANSWER)
    }
}

/// Asks about codes. Cloning is cheap.
#[derive(Clone, Debug)]
pub(crate) struct CodeClient {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    link: watch::Receiver<Link>,
    trouble: Arc<keeper::Trouble>,
    concepts: Cache<ConceptKey, Arc<Looked>>,
    briefs: Cache<(Code, Date), Option<Arc<Brief>>>,
    /// The release of a system on a date.
    releases: Cache<(CodeSystem, Date), Arc<str>>,
    verdicts: Cache<EncounterRequest, Arc<EncounterAnswer>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct ConceptKey {
    system: CodeSystem,
    code: String,
    date: Date,
}

impl CodeClient {
    /// A client, and the keeper whose task looks after the connection. Until that runs every question waits.
    pub(crate) fn new() -> (Self, Keeper) {
        let (sender, link) = watch::channel(Link::Connecting);
        let trouble = Arc::new(keeper::Trouble::default());
        let inner = Inner {
            link,
            trouble: trouble.clone(),
            concepts: Cache::new(MAX_CONCEPTS),
            briefs: Cache::new(MAX_BRIEFS),
            releases: Cache::new(MAX_RELEASES),
            verdicts: Cache::builder()
                .weigher(|request, answer: &Arc<EncounterAnswer>| {
                    weight::of_verdict(request, answer)
                })
                .max_capacity(MAX_VERDICT_BYTES)
                .build(),
        };
        let client = Self { inner: Arc::new(inner) };
        (client.clone(), Keeper::new(sender, trouble, client))
    }

    /// The release of a system that the service holds, while it answers.
    pub(crate) fn release(&self, system: CodeSystem) -> Option<String> {
        let link = self.inner.link.borrow();
        link.service()?
            .systems
            .iter()
            .find(|loaded| loaded.id == system.id())
            .map(|loaded| loaded.version.clone())
    }

    /// The state of the connection, now and whenever it changes.
    pub(crate) fn link(&self) -> watch::Receiver<Link> {
        self.inner.link.clone()
    }

    /// Everything about one code, as of a date.
    pub(crate) async fn lookup(&self, system: CodeSystem, code: &str, date: Date) -> Arc<Looked> {
        let key = ConceptKey { system, code: code.to_owned(), date };
        if let Some(known) = self.inner.concepts.get(&key) {
            return known;
        }
        let question = async |service: &Service| {
            let request = with_deadline(wire::lookup_request(system, code, date), HOVER_LIMIT);
            service.codes().lookup_codes(request).await
        };
        match self.ask(HOVER_LIMIT, question, |answer| wire::looked(answer, system)).await {
            Some(looked) => {
                let looked = Arc::new(looked);
                self.inner.concepts.insert(key, looked.clone());
                looked
            }
            None => Arc::new(Looked::Unavailable(UnavailableReason::ServiceUnreachable)),
        }
    }

    /// The direct children of a code, as of a date; at most `max`.
    pub(crate) async fn children(
        &self,
        concept: &Concept,
        date: Date,
        max: u16,
    ) -> Option<Vec<Titled>> {
        let question = async |service: &Service| {
            let request = with_deadline(wire::children_request(concept, date, max), HOVER_LIMIT);
            service.codes().list_concepts(request).await
        };
        self.ask(HOVER_LIMIT, question, |answer| Some(wire::children(answer))).await
    }

    /// How ICD-10-PCS goes on behind the first characters of its codes. `None` when it could not be asked, or no code
    /// begins so.
    pub(crate) async fn next_characters(&self, beginning: &str, date: Date) -> Option<Vec<Hit>> {
        let question = async |service: &Service| {
            let request = wire::next_characters_request(beginning, date);
            service.codes().list_concepts(with_deadline(request, COMPLETION_LIMIT)).await
        };
        self.ask(COMPLETION_LIMIT, question, |answer| Some(wire::next_characters(answer))).await
    }

    /// The codes that a query finds, best first. `None` when it could not be asked.
    pub(crate) async fn search(&self, query: &wire::Query<'_>) -> Option<Vec<Hit>> {
        let question = async |service: &Service| {
            let request = with_deadline(wire::search_request(query), COMPLETION_LIMIT);
            service.codes().search_concepts(request).await
        };
        self.ask(COMPLETION_LIMIT, question, |answer| Some(wire::hits(answer))).await
    }

    /// The verdicts on encounters, in their order. What is not known yet is asked for, a few questions at a time.
    pub(crate) async fn verdicts(
        &self,
        requests: &[EncounterRequest],
    ) -> Vec<Arc<EncounterAnswer>> {
        let verdicts: Vec<_> = requests.iter().map(|request| self.verdict(request)).collect();
        stream::iter(verdicts).buffered(MAX_UNDER_WAY).collect().await
    }

    async fn verdict(&self, request: &EncounterRequest) -> Arc<EncounterAnswer> {
        // The answer does not depend on where in a note the codes stand.
        let key = EncounterRequest { mentions: Vec::new(), ..request.clone() };
        if let Some(known) = self.inner.verdicts.get(&key) {
            return known;
        }
        let question = async |service: &Service| {
            let request = with_deadline(wire::encounter_request(request), ANALYSIS_LIMIT);
            service.encounters().validate_encounter(request).await
        };
        let read = |answer| wire::encounter_answer(request, answer);
        match self.ask(ANALYSIS_LIMIT, question, read).await {
            Some(answer) => {
                let answer = Arc::new(answer);
                // The rules of payers change with their files, of which nothing is heard here.
                if key.encounter.payer.is_none() {
                    self.inner.verdicts.insert(key, answer.clone());
                }
                answer
            }
            None => Arc::new(EncounterAnswer::Unavailable),
        }
    }

    /// Asks once, within the limit, the wait for a connection included. A question that a service leaves without an
    /// answer that can be read, for whatever reason, is a failure that the keeper hears of: it is not the last word.
    async fn ask<T, U>(
        &self,
        limit: Duration,
        question: impl AsyncFnOnce(&Service) -> Result<tonic::Response<T>, Status>,
        read: impl FnOnce(T) -> Option<U>,
    ) -> Option<U> {
        let due = Instant::now() + limit;
        // While nobody is there, the keeper is looking already.
        let service = timeout_at(due, self.service()).await.ok()??;
        let answered = timeout_at(due, question(&service)).await;
        match answered.unwrap_or_else(|_| Err(Status::deadline_exceeded("no answer in time"))) {
            Ok(answer) => {
                if digest_of(&answer) != service.digest {
                    self.inner.trouble.replaced();
                }
                let answer = read(answer.into_inner());
                if answer.is_none() {
                    self.inner.trouble.failed();
                }
                answer
            }
            Err(status) => {
                // The code alone: a message could quote the question.
                tracing::debug!(code = ?status.code(), "the code service did not answer");
                self.inner.trouble.failed();
                None
            }
        }
    }

    /// The service, once it is known whether there is one.
    async fn service(&self) -> Option<Arc<Service>> {
        let mut link = self.inner.link.clone();
        let link = link.wait_for(|link| !matches!(link, Link::Connecting)).await.ok()?;
        link.service().cloned()
    }

    /// Looks for the service now, rather than after the next pause. Says whether it is there.
    pub(crate) async fn reconnect(&self) -> bool {
        let mut link = self.inner.link.clone();
        link.mark_unchanged();
        self.inner.trouble.wanted();
        // Without a change in time the state is as it was.
        let _ = timeout(RECONNECT_LIMIT, link.changed()).await;
        link.borrow().service().is_some()
    }

    /// Forgets all answers, because the code sets are others now, or because somebody wants to be sure.
    pub(crate) fn forget(&self) {
        self.inner.concepts.invalidate_all();
        self.inner.briefs.invalidate_all();
        self.inner.releases.invalidate_all();
        self.inner.verdicts.invalidate_all();
    }
}

fn digest_of<T>(answer: &tonic::Response<T>) -> Option<String> {
    answer.metadata().get(DIGEST_HEADER).and_then(|digest| digest.to_str().ok()).map(str::to_owned)
}

fn with_deadline<T>(message: T, limit: Duration) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(limit);
    request
}

#[cfg(test)]
mod tests;
