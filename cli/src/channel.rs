//! The code service that a command asks: a running one, or one inside the process over the installed catalog.

use futures::Stream;
use std::{
    path::PathBuf,
    sync::{Arc, Once},
};

use jiff::civil::Date;
pub(crate) use medcode_lsp::json::iso;
use medcode_proto::v1::{
    self, code_system_service_client::CodeSystemServiceClient,
    encounter_service_client::EncounterServiceClient,
};
use medcode_server::catalog::Catalog;
use tonic::{
    Streaming,
    transport::{Channel, Endpoint},
};

use crate::{args::Global, failure::Failure, install};

/// The most codes in one question.
pub(crate) const MOST_CODES: usize = 1000;

/// The most bytes of an answer: what the service sends at most.
const MOST_BYTES: usize = 16 << 20;

/// The code service and the day to ask about.
#[derive(Clone)]
pub(crate) struct Service {
    codes: CodeSystemServiceClient<Channel>,
    encounters: EncounterServiceClient<Channel>,
    /// The catalog of a service in this process.
    catalog: Option<Arc<Catalog>>,
    /// The day that was asked for, else today.
    pub(crate) date: Date,
}

/// Today on this machine.
pub(crate) fn today() -> Date {
    jiff::ZonedDateTime::now().date()
}

/// Says once that rule files of payers are not read here: a service elsewhere has files of its own.
#[expect(
    clippy::print_stderr,
    reason = "what is not used has to be said, and stdout belongs to the answer"
)]
fn warn_of_payer_files() {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        eprintln!(
            "warning: rule files of payers are not read with --server; the service uses those it was started with"
        );
    });
}

impl Service {
    /// Reaches the service that the command line names, or opens the catalog, installing it first when there is none.
    pub(crate) async fn open(global: &Global) -> Result<Self, Failure> {
        let (channel, catalog) = if let Some(url) = &global.server {
            if !global.payer_files.is_empty() {
                warn_of_payer_files();
            }
            (remote(url)?, None)
        } else {
            let (channel, catalog) = install::in_process(global).await?;
            (channel, Some(catalog))
        };
        Ok(Self {
            codes: CodeSystemServiceClient::new(channel.clone())
                .max_decoding_message_size(MOST_BYTES),
            encounters: EncounterServiceClient::new(channel).max_decoding_message_size(MOST_BYTES),
            catalog,
            date: global.as_of.unwrap_or_else(today),
        })
    }

    /// Reads rule files of payers that settings name. A service elsewhere has files of its own.
    pub(crate) fn read_payer_files(&self, files: &[PathBuf]) {
        if files.is_empty() {
            return;
        }
        match &self.catalog {
            Some(catalog) => catalog.payers.add(files.iter().cloned()),
            None => warn_of_payer_files(),
        }
    }

    /// What the catalog holds of each coding, in order. Any number: asked in batches.
    pub(crate) async fn lookup(
        &mut self,
        codings: Vec<v1::Coding>,
        date: Date,
        view: v1::ConceptView,
    ) -> Result<Vec<v1::LookupResult>, Failure> {
        let mut results = Vec::with_capacity(codings.len());
        for batch in codings.chunks(MOST_CODES) {
            let request = v1::LookupCodesRequest {
                codings: batch.to_vec(),
                date: Some(to_proto(date)),
                view: view.into(),
                properties: Vec::new(),
            };
            results.extend(self.codes.lookup_codes(request).await?.into_inner().results);
        }
        Ok(results)
    }

    /// Whether each coding may be used on the date, in order. Any number: asked in batches.
    pub(crate) async fn validate(
        &mut self,
        codings: Vec<v1::Coding>,
    ) -> Result<Vec<v1::CodeValidation>, Failure> {
        let mut results = Vec::with_capacity(codings.len());
        for batch in codings.chunks(MOST_CODES) {
            let items = batch
                .iter()
                .map(|coding| v1::CodeToValidate { coding: Some(coding.clone()), date: None });
            let request = v1::ValidateCodesRequest {
                items: items.collect(),
                date: Some(to_proto(self.date)),
                ..v1::ValidateCodesRequest::default()
            };
            results.extend(self.codes.validate_codes(request).await?.into_inner().results);
        }
        Ok(results)
    }

    /// What corresponds to each coding, in order. Any number: asked in batches.
    pub(crate) async fn translate(
        &mut self,
        codings: Vec<v1::Coding>,
        kind: v1::TranslationKind,
        target: &str,
    ) -> Result<Vec<v1::Translation>, Failure> {
        let mut results = Vec::with_capacity(codings.len());
        for batch in codings.chunks(MOST_CODES) {
            let request = v1::TranslateCodesRequest {
                codings: batch.to_vec(),
                kind: kind.into(),
                target_system: target.to_owned(),
                date: Some(to_proto(self.date)),
            };
            results.extend(self.codes.translate_codes(request).await?.into_inner().results);
        }
        Ok(results)
    }

    /// The children of a concept, at most one page.
    pub(crate) async fn children(
        &mut self,
        system: &str,
        code: &str,
    ) -> Result<Vec<v1::Concept>, Failure> {
        let request = v1::ListConceptsRequest {
            system: system.to_owned(),
            code: code.to_owned(),
            date: Some(to_proto(self.date)),
            scope: v1::ListScope::Children.into(),
            page_size: 1000,
            ..v1::ListConceptsRequest::default()
        };
        Ok(self.codes.list_concepts(request).await?.into_inner().concepts)
    }

    /// Codes that match words or a beginning, best first.
    pub(crate) async fn search(
        &mut self,
        request: v1::SearchConceptsRequest,
    ) -> Result<v1::SearchConceptsResponse, Failure> {
        Ok(self.codes.search_concepts(request).await?.into_inner())
    }

    /// Every loaded release of a dataset, the newest first.
    pub(crate) async fn releases(&mut self, dataset: &str) -> Result<Vec<v1::Release>, Failure> {
        let mut request = v1::ListReleasesRequest {
            dataset: dataset.to_owned(),
            page_size: 500,
            ..v1::ListReleasesRequest::default()
        };
        let mut releases = Vec::new();
        loop {
            let page = self.codes.list_releases(request.clone()).await?.into_inner();
            releases.extend(page.releases);
            if page.next_page_token.is_empty() {
                return Ok(releases);
            }
            request.page_token = page.next_page_token;
        }
    }

    /// What changes between two releases: every page as one answer.
    pub(crate) async fn diff(
        &mut self,
        mut request: v1::DiffReleasesRequest,
    ) -> Result<v1::DiffReleasesResponse, tonic::Status> {
        let mut whole = v1::DiffReleasesResponse::default();
        loop {
            let page = self.codes.diff_releases(request.clone()).await?.into_inner();
            let token = page.next_page_token.clone();
            let mut changes = std::mem::take(&mut whole.changes);
            whole = page;
            changes.append(&mut whole.changes);
            whole.changes = changes;
            if token.is_empty() {
                return Ok(whole);
            }
            request.page_token = token;
        }
    }

    /// Asks about an encounter and gives the answer as it came.
    pub(crate) async fn encounter(
        &mut self,
        request: v1::ValidateEncounterRequest,
    ) -> Result<v1::ValidateEncounterResponse, tonic::Status> {
        Ok(self.encounters.validate_encounter(request).await?.into_inner())
    }

    /// Checks encounters as they come.
    pub(crate) async fn validate_encounters(
        &mut self,
        messages: impl Stream<Item = v1::ValidateEncountersRequest> + Send + 'static,
    ) -> Result<Streaming<v1::ValidateEncountersResponse>, Failure> {
        Ok(self.encounters.validate_encounters(messages).await?.into_inner())
    }

    /// Checks an encounter.
    pub(crate) async fn validate_encounter(
        &mut self,
        request: v1::ValidateEncounterRequest,
    ) -> Result<v1::EncounterReport, Failure> {
        let report = self.encounters.validate_encounter(request).await?.into_inner().report;
        report.ok_or_else(|| {
            Failure::Unavailable("the code service answered without a report".to_owned())
        })
    }
}

/// A channel to a running service; connects when first used.
pub(crate) fn remote(url: &str) -> Result<Channel, Failure> {
    let wrong = || {
        Failure::Usage(
            "--server wants an address such as http://127.0.0.1:50051; the service has no TLS"
                .to_owned(),
        )
    };
    // Another scheme would be taken for http and leave the reader believing in TLS.
    if !url.starts_with("http://") {
        return Err(wrong());
    }
    let endpoint = Endpoint::from_shared(url.to_owned()).map_err(|_| wrong())?;
    Ok(endpoint.tcp_nodelay(true).connect_lazy())
}

/// A day as a message.
pub(crate) fn to_proto(date: Date) -> v1::Date {
    v1::Date { year: date.year().into(), month: date.month().into(), day: date.day().into() }
}
