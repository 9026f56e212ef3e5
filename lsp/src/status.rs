//! What the server says of its own health, to clients that show it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::{
    Backend, CatalogState,
    backend::Target,
    code_client::Link,
    concept::LoadedSystem,
    ingress::Signals,
    outbox::{Notice, Outbox},
    protocol::notification::Notification,
    session::Session,
};

/// `medcode/status`.
pub(crate) enum StatusNotification {}

impl Notification for StatusNotification {
    type Params = StatusParams;
    const METHOD: &'static str = "medcode/status";
}

/// The parameters of `medcode/status`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatusParams {
    health: Health,
    /// One sentence.
    message: String,
    pub(crate) backend: Backend,
    catalog: Catalog,
    releases: Vec<ReleaseParams>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Health {
    Ok,
    Warning,
    Error,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Catalog {
    Ready,
    Installing,
    Missing,
}

/// A loaded release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReleaseParams {
    system: String,
    version: String,
    /// Last day that the data covers, inclusive.
    #[serde(skip_serializing_if = "Option::is_none")]
    end_date: Option<String>,
}

/// Tells the state whenever it changes, and what the user has to do something about once.
pub(crate) async fn report(
    session: Arc<Session>,
    signals: Arc<Signals>,
    outbox: Outbox,
    mut catalog: watch::Receiver<CatalogState>,
    mut target: watch::Receiver<Target>,
    mut link: watch::Receiver<Link>,
) {
    signals.initialized().await;
    let mut told: Option<StatusParams> = None;
    let mut complained = false;
    loop {
        let backend = target.borrow_and_update().backend();
        let state = describe(backend, &catalog.borrow_and_update(), &link.borrow_and_update());
        if let Some(status) = state
            && told.as_ref() != Some(&status)
        {
            session.set_status(&status);
            tracing::info!(health = ?status.health, catalog = ?status.catalog, backend = ?status.backend, "status");
            if status.health == Health::Error && !complained {
                complained = true;
                outbox.notice(Notice::error(format!("medcode: {}", status.message)));
            }
            if session.snapshot().client.status_notification {
                outbox.status(status.clone());
            }
            told = Some(status);
        }
        // Whoever tells one of them may have left: it then stays as it is. With all gone the server is ending.
        tokio::select! {
            Ok(()) = catalog.changed() => {}
            Ok(()) = target.changed() => {}
            Ok(()) = link.changed() => {}
            else => return,
        }
    }
}

/// The state in words. `None` while nothing is known.
fn describe(backend: Backend, catalog: &CatalogState, link: &Link) -> Option<StatusParams> {
    let (health, message, catalog) = match (backend, catalog, link) {
        (_, _, Link::Connecting) => return None,
        (_, _, Link::Up(service)) => (Health::Ok, loaded(&service.systems), Catalog::Ready),
        (_, _, Link::Faltering(_)) => {
            let message = "Some questions about codes had no answer. They are asked again.";
            (Health::Warning, message.to_owned(), Catalog::Ready)
        }
        (Backend::Remote, _, _) => {
            let message =
                "The code service cannot be reached. Codes are not checked until it answers.";
            (Health::Warning, message.to_owned(), Catalog::Ready)
        }
        (Backend::Embedded, CatalogState::Loading, _) => return None,
        (Backend::Embedded, CatalogState::Ready, _) => {
            (Health::Warning, "The code sets do not answer.".to_owned(), Catalog::Ready)
        }
        (Backend::Embedded, CatalogState::Installing(_), _) => {
            // How far it is goes by progress, a few times a second; the state changes once.
            (Health::Warning, "The code sets are being installed.".to_owned(), Catalog::Installing)
        }
        (Backend::Embedded, CatalogState::Missing, _) => {
            let message = "No code sets are installed. Run `medcode catalog install`.";
            (Health::Error, message.to_owned(), Catalog::Missing)
        }
        (Backend::Embedded, CatalogState::Failed(reason), _) => {
            (Health::Error, reason.clone(), Catalog::Missing)
        }
    };
    let releases = link
        .service()
        .map(|service| service.systems.iter().filter_map(release).collect())
        .unwrap_or_default();
    Some(StatusParams { health, message, backend, catalog, releases })
}

fn loaded(systems: &[LoadedSystem]) -> String {
    if systems.is_empty() {
        return "Ready, without any code set.".to_owned();
    }
    let names = systems.iter().map(|system| format!("{} {}", system.title, system.version));
    let names: Vec<_> = names.map(|name| name.trim_end().to_owned()).collect();
    format!("Ready: {}.", names.join(", "))
}

/// The release in force, where there is one: of a partial list nobody knows.
fn release(system: &LoadedSystem) -> Option<ReleaseParams> {
    (!system.version.is_empty()).then(|| ReleaseParams {
        system: system.id.clone(),
        version: system.version.clone(),
        end_date: system.end.map(|end| end.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::InstallProgress;

    #[test]
    fn a_lost_service_is_a_warning_and_says_what_follows() {
        let status = describe(Backend::Remote, &CatalogState::Ready, &Link::Down).unwrap();
        assert_eq!(
            (status.health, status.backend, status.catalog),
            (Health::Warning, Backend::Remote, Catalog::Ready)
        );
        assert!(status.message.contains("not checked until it answers"));
    }

    #[test]
    fn a_missing_catalog_is_an_error_with_the_way_out() {
        let status = describe(Backend::Embedded, &CatalogState::Missing, &Link::NoCatalog).unwrap();
        assert_eq!((status.health, status.catalog), (Health::Error, Catalog::Missing));
        assert!(status.message.contains("medcode catalog install"));
    }

    #[test]
    fn an_installation_is_shown_as_such() {
        let progress = InstallProgress { message: "ICD-10-CM".to_owned(), percent: Some(40) };
        let status =
            describe(Backend::Embedded, &CatalogState::Installing(progress), &Link::NoCatalog)
                .unwrap();
        let json = serde_json::to_value(status).unwrap();
        assert_eq!(json["catalog"], "installing");
        assert_eq!(json["health"], "warning");
        assert_eq!(json["message"], "The code sets are being installed.");
    }

    #[test]
    fn says_nothing_before_anything_is_known() {
        assert_eq!(describe(Backend::Embedded, &CatalogState::Loading, &Link::Connecting), None);
    }
}
