//! Progress of the installation of the code sets, for clients that show it.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

use crate::{
    CatalogState,
    client_requests::ClientRequests,
    ingress::Signals,
    outbox::Outbox,
    protocol::{
        NumberOrString, ProgressParams, ProgressParamsValue, WorkDoneProgress,
        WorkDoneProgressBegin, WorkDoneProgressCreateParams, WorkDoneProgressEnd,
        WorkDoneProgressReport, request::WorkDoneProgressCreate,
    },
    session::Session,
};

/// The shortest time between two reports: five a second.
const PAUSE: Duration = Duration::from_millis(200);

const TITLE: &str = "Installing medical code sets";

/// Shows each installation from its begin to its end.
pub(crate) async fn show(
    session: Arc<Session>,
    client: ClientRequests,
    signals: Arc<Signals>,
    outbox: Outbox,
    mut catalog: watch::Receiver<CatalogState>,
) {
    signals.initialized().await;
    let mut number = 0_u32;
    while catalog.wait_for(|state| matches!(state, CatalogState::Installing(_))).await.is_ok() {
        if !session.snapshot().client.progress {
            return;
        }
        number += 1;
        let token = NumberOrString::String(format!("medcode/install/{number}"));
        let created = client
            .ask::<WorkDoneProgressCreate>(WorkDoneProgressCreateParams { token: token.clone() })
            .await;
        let say = |value| {
            if created.is_some() {
                let value = ProgressParamsValue::WorkDone(value);
                outbox.progress(ProgressParams { token: token.clone(), value });
            }
        };
        say(WorkDoneProgress::Begin(WorkDoneProgressBegin {
            title: TITLE.to_owned(),
            cancellable: Some(false),
            message: None,
            percentage: Some(0),
        }));
        loop {
            let state = catalog.borrow_and_update().clone();
            let CatalogState::Installing(progress) = state else { break };
            say(WorkDoneProgress::Report(WorkDoneProgressReport {
                cancellable: Some(false),
                message: Some(progress.message),
                percentage: progress.percent.map(u32::from),
            }));
            tokio::time::sleep(PAUSE).await;
            if catalog.changed().await.is_err() {
                break;
            }
        }
        let message = match &*catalog.borrow() {
            CatalogState::Failed(reason) => Some(reason.clone()),
            _ => None,
        };
        say(WorkDoneProgress::End(WorkDoneProgressEnd { message }));
    }
}
