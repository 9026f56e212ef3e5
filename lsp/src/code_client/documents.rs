//! Whole JSON documents of the command line, for commands.

use std::time::Duration;

use medcode_codes::{date::Date, system::CodeSystem, system_guess::Guess};
use medcode_proto::v1;
use tokio::time::{Instant, timeout};

use super::{CodeClient, HOVER_LIMIT, Service, with_deadline};
use crate::{
    concept::LoadedSystem,
    json::{
        children::Child,
        lookup::{Document, Looked},
        search::{Found, Hit},
    },
    wire,
};

/// Where a list of children is cut: more than this nobody looks through.
const MAX_CHILDREN: usize = 10_000;

impl CodeClient {
    /// What the catalog says of codes, whose system is guessed where it is not given. `None` when it could not be asked.
    pub(crate) async fn lookup_document(
        &self,
        codes: &[String],
        system: Option<CodeSystem>,
        date: Date,
    ) -> Option<Document> {
        let systems = match system {
            Some(system) => vec![system; codes.len()],
            None => self.systems_of(codes, date).await?,
        };
        let pairs = || systems.iter().copied().zip(codes.iter().map(String::as_str));
        let codings: Vec<_> =
            pairs().map(|(system, code)| wire::coding(system, code.trim())).collect();
        let answers = self.many(codings.clone(), date, v1::ConceptView::Full).await?;
        let mut results = Vec::with_capacity(codes.len());
        for (asked, answer) in codings.iter().zip(answers) {
            let below = answer.concept.as_ref().filter(|concept| concept.child_count > 0);
            let children = match below.and_then(|concept| concept.coding.as_ref()) {
                Some(parent) => self.all_children(parent, date).await?,
                None => Vec::new(),
            };
            results.push(Looked::new(asked, answer, children));
        }
        Some(Document { results })
    }

    /// What a query finds. `None` when it could not be asked.
    pub(crate) async fn search_document(
        &self,
        query: &wire::Query<'_>,
        billable_only: bool,
    ) -> Option<Found> {
        let started = Instant::now();
        let question = async |service: &Service| {
            let request =
                v1::SearchConceptsRequest { billable_only, ..wire::search_request(query) };
            service.codes().search_concepts(with_deadline(request, HOVER_LIMIT)).await
        };
        let hits = self.ask(HOVER_LIMIT, question, |answer| Some(answer.hits)).await?;
        Some(Found {
            query: query.text.to_owned(),
            results: hits.into_iter().map(Hit::new).collect(),
            took_us: Duration::as_micros(&started.elapsed()),
        })
    }

    /// The code systems that are loaded, each with the release in force. `None` when they could not be asked.
    pub(crate) async fn systems(&self) -> Option<Vec<Child>> {
        let service = timeout(HOVER_LIMIT, self.service()).await.ok()??;
        let child = |system: &LoadedSystem| Child {
            system: system.id.clone(),
            title: system.version.clone(),
            child_count: 1,
            ..Child::default()
        };
        Some(service.systems.iter().map(child).collect())
    }

    /// What lies directly below a code, or with an empty one at the top of the system; a list of thousands is cut.
    /// `None` when it could not be asked.
    pub(crate) async fn children_document(
        &self,
        system: CodeSystem,
        code: &str,
        date: Date,
    ) -> Option<Vec<Child>> {
        let parent = wire::coding(system, code);
        let mut children = Vec::new();
        let mut page_token = String::new();
        loop {
            let question = async |service: &Service| {
                let page_token = page_token.clone();
                let request = wire::all_children_request(&parent, date);
                let request = v1::ListConceptsRequest { page_token, ..request };
                service.codes().list_concepts(with_deadline(request, HOVER_LIMIT)).await
            };
            let page = self.ask(HOVER_LIMIT, question, Some).await?;
            children.extend(page.concepts.into_iter().map(Child::new));
            if page.next_page_token.is_empty() || children.len() >= MAX_CHILDREN {
                return Some(children);
            }
            page_token = page.next_page_token;
        }
    }

    async fn systems_of(&self, codes: &[String], date: Date) -> Option<Vec<CodeSystem>> {
        let guess = Guess::of(codes);
        let doubtful = guess.doubtful();
        if doubtful.is_empty() {
            return Some(guess.decide(|_, _| false));
        }
        let code = |index: usize| codes.get(index).map_or("", |code| code.trim());
        let codings =
            doubtful.iter().map(|(index, system)| wire::coding(*system, code(*index))).collect();
        let answers = self.many(codings, date, v1::ConceptView::Basic).await?;
        let known: Vec<_> = doubtful
            .into_iter()
            .zip(answers)
            .filter(|(_, answer)| answer.state() == v1::FactState::Known)
            .map(|(asked, _)| asked)
            .collect();
        Some(guess.decide(|index, system| known.contains(&(index, system))))
    }

    async fn many(
        &self,
        codings: Vec<v1::Coding>,
        date: Date,
        view: v1::ConceptView,
    ) -> Option<Vec<v1::LookupResult>> {
        let wanted = codings.len();
        let question = async |service: &Service| {
            let request = wire::lookup_many_request(codings, date, view);
            service.codes().lookup_codes(with_deadline(request, HOVER_LIMIT)).await
        };
        let whole = |answer: v1::LookupCodesResponse| {
            Some(answer.results).filter(|results| results.len() == wanted)
        };
        self.ask(HOVER_LIMIT, question, whole).await
    }

    async fn all_children(&self, parent: &v1::Coding, date: Date) -> Option<Vec<v1::Concept>> {
        let question = async |service: &Service| {
            let request = wire::all_children_request(parent, date);
            service.codes().list_concepts(with_deadline(request, HOVER_LIMIT)).await
        };
        self.ask(HOVER_LIMIT, question, |answer| Some(answer.concepts)).await
    }
}
