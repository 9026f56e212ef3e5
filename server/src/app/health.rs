//! Health of the server and of each service, as in gRPC Health Checking.
//!
//! `liveness` says that the process answers, and is for those who restart it. The empty name and the services say that
//! questions can be answered, and are for those who send requests.

use std::convert::Infallible;

use medcode_codes::system::CodeSystem;
use medcode_proto::v1::{
    code_system_service_server::SERVICE_NAME as CODE_SYSTEMS,
    document_service_server::SERVICE_NAME as DOCUMENTS,
    encounter_service_server::SERVICE_NAME as ENCOUNTERS,
};
use tonic_health::{
    ServingStatus,
    pb::health_server::{Health as HealthApi, HealthServer},
    server::{HealthReporter, HealthService},
};

use crate::catalog::{Catalog, snapshot::Snapshot};

const WHOLE_SERVER: &str = "";
const LIVENESS: &str = "liveness";

/// The names that depend on the catalog. The last one is left out where no text is taken.
const NAMES: [&str; 4] = [WHOLE_SERVER, CODE_SYSTEMS, ENCOUNTERS, DOCUMENTS];

/// Reports how the server is.
pub(super) struct Health {
    reporter: HealthReporter,
    names: &'static [&'static str],
}

impl Health {
    /// Says that the process lives and that nothing can be answered yet.
    pub(super) async fn new(takes_text: bool) -> Self {
        let names = if takes_text { &NAMES[..] } else { &NAMES[..NAMES.len() - 1] };
        let health = Self { reporter: HealthReporter::new(), names };
        health.reporter.set_service_status(LIVENESS, ServingStatus::Serving).await;
        health.refuse().await;
        health
    }

    /// The service that answers health checks.
    pub(super) fn server(&self) -> HealthServer<impl HealthApi + use<>> {
        HealthServer::new(HealthService::from_health_reporter(self.reporter.clone()))
    }

    /// Follows the catalog: says what can be answered, each time a snapshot is put in.
    pub(super) async fn follow(&self, catalog: &Catalog) -> Infallible {
        let mut swaps = catalog.swaps();
        let mut said = [ServingStatus::NotServing; 4];
        loop {
            swaps.mark_unchanged();
            let now = catalog
                .current()
                .map_or([ServingStatus::NotServing; 4], |snapshot| statuses(&snapshot));
            for (name, status) in self
                .names
                .iter()
                .copied()
                .zip(now)
                .zip(said)
                .filter(|((_, now), said)| now != said)
                .map(|(now, _)| now)
            {
                self.reporter.set_service_status(name, status).await;
            }
            said = now;
            if swaps.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// Says that nothing is answered any more.
    pub(super) async fn refuse(&self) {
        for name in self.names.iter().copied() {
            self.reporter.set_service_status(name, ServingStatus::NotServing).await;
        }
    }

    /// Ends the streams of those who watch: they have been told, and would keep their connections open.
    pub(super) async fn end_watches(&self) {
        let mut reporter = self.reporter.clone();
        for name in self.names.iter().copied().chain([LIVENESS]) {
            reporter.clear_service_status(name).await;
        }
    }
}

/// What can be answered from a snapshot, in the order of the names.
fn statuses(snapshot: &Snapshot) -> [ServingStatus; 4] {
    let status =
        |is_there| if is_there { ServingStatus::Serving } else { ServingStatus::NotServing };
    let loaded = |system| snapshot.terminology.table(system).is_some();
    let any = CodeSystem::ALL.into_iter().any(loaded);
    let icd = status(loaded(CodeSystem::Icd10Cm));
    [status(any), status(any), icd, icd]
}
