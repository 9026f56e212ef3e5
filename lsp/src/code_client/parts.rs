//! Whole parts of a code set: what the pages of the tabular list are made from.

use std::{collections::HashSet, sync::Arc};

use medcode_codes::{
    date::{Date, ICD10_START},
    system::CodeSystem,
};
use tonic::Response;

use super::{CodeClient, HOVER_LIMIT, PAGE_LIMIT, with_deadline};
use crate::{concept::Concept, wire};

impl CodeClient {
    /// Names the state of the code sets of the service. `None` while there is none, or it does not tell.
    pub(crate) fn state_of_code_sets(&self) -> Option<String> {
        self.inner.link.borrow().service()?.digest.clone()
    }

    /// The release of a system that is read on a date. `None` when nothing of the system is loaded, nothing covers the
    /// date, or nobody answers.
    pub(crate) async fn release_on(&self, system: CodeSystem, date: Date) -> Option<Arc<str>> {
        if let Some(known) = self.inner.releases.get(&(system, date)) {
            return Some(known);
        }
        let is_icd = matches!(system, CodeSystem::Icd10Cm | CodeSystem::Icd10Pcs);
        // Questions that would be refused: a refusal looks like a service in trouble.
        if (is_icd && date < ICD10_START) || !self.holds(system).await {
            return None;
        }
        let question = async |service: &super::Service| {
            let request = with_deadline(wire::release_request(system, date), HOVER_LIMIT);
            service.codes().list_concepts(request).await
        };
        let release = self.ask(HOVER_LIMIT, question, |answer| Some(answer.release)).await??;
        let version: Arc<str> = release.version.into();
        self.inner.releases.insert((system, date), version.clone());
        Some(version)
    }

    /// Whether something of a system is loaded.
    async fn holds(&self, system: CodeSystem) -> bool {
        let service = tokio::time::timeout(HOVER_LIMIT, self.service()).await.ok().flatten();
        service.is_some_and(|service| service.systems.iter().any(|held| held.id == system.id()))
    }

    /// A code or group that exists, and everything below it, also what has ended: parents before children.
    pub(crate) async fn expand(
        &self,
        system: CodeSystem,
        code: &str,
        date: Date,
    ) -> Option<Vec<Concept>> {
        let question = async |service: &super::Service| {
            let request = with_deadline(wire::expand_request(system, code, date), PAGE_LIMIT);
            let answer = service.codes().expand_concept(request).await?;
            let (metadata, mut parts, extensions) = answer.into_parts();
            let mut concepts = Vec::new();
            while let Some(part) = parts.message().await? {
                concepts.extend(part.concepts);
            }
            Ok(Response::from_parts(metadata, concepts, extensions))
        };
        self.ask(PAGE_LIMIT, question, |answer| Some(wire::concepts(answer, system))).await
    }

    /// What stands directly below a code or group that exists, also what has ended.
    pub(crate) async fn below(
        &self,
        system: CodeSystem,
        code: &str,
        date: Date,
    ) -> Option<Vec<Concept>> {
        let mut found = Vec::new();
        let mut page_token = String::new();
        loop {
            let question = async |service: &super::Service| {
                let mut request = wire::relatives_request(system, code, date);
                request.page_token.clone_from(&page_token);
                service.codes().list_concepts(with_deadline(request, PAGE_LIMIT)).await
            };
            let answer = self.ask(PAGE_LIMIT, question, Some).await?;
            found.extend(wire::concepts(answer.concepts, system));
            if answer.next_page_token.is_empty() {
                return Some(found);
            }
            page_token = answer.next_page_token;
        }
    }

    /// Everything about those of several codes that are known, in their order.
    pub(crate) async fn look_up_all(
        &self,
        system: CodeSystem,
        codes: &[String],
        date: Date,
    ) -> Option<Vec<Concept>> {
        let mut found = Vec::new();
        for codes in codes.chunks(wire::MAX_CODINGS) {
            let question = async |service: &super::Service| {
                let request = wire::lookups_request(system, codes, date);
                service.codes().lookup_codes(with_deadline(request, PAGE_LIMIT)).await
            };
            found.extend(
                self.ask(PAGE_LIMIT, question, |answer| Some(wire::known(answer, system))).await?,
            );
        }
        Some(found)
    }

    /// The versions of all releases that are loaded, of whatever they hold.
    pub(crate) async fn loaded_versions(&self) -> Option<HashSet<String>> {
        let mut versions = HashSet::new();
        let mut page_token = String::new();
        loop {
            let question = async |service: &super::Service| {
                let request = wire::releases_request(page_token.clone());
                service.codes().list_releases(with_deadline(request, PAGE_LIMIT)).await
            };
            let answer = self.ask(PAGE_LIMIT, question, Some).await?;
            let named = answer.releases.into_iter().filter_map(|release| release.r#ref);
            versions.extend(named.map(|release| release.version));
            if answer.next_page_token.is_empty() {
                return Some(versions);
            }
            page_token = answer.next_page_token;
        }
    }
}
