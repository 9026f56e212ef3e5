//! Asks the client to ask again, where what it shows has changed although no text did.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};

use crate::{
    client_requests::ClientRequests,
    ingress::Signals,
    protocol::request::{
        CodeLensRefresh, InlayHintRefreshRequest, Request, SemanticTokensRefresh,
        WorkspaceDiagnosticRefresh,
    },
    session::Session,
};

/// The shortest time between two refreshes of one kind.
const EVERY: Duration = Duration::from_secs(1);

/// What is to be asked for again. A kind that is wanted several times before its turn is asked for once.
#[derive(Debug, Default)]
pub(crate) struct Refreshes {
    diagnostics: Notify,
    inlay_hints: Notify,
    semantic_tokens: Notify,
    code_lenses: Notify,
}

impl Refreshes {
    /// Whatever rests on settings or code sets may be another.
    pub(crate) fn everything(&self) {
        self.diagnostics.notify_one();
        self.inlay_hints.notify_one();
        self.semantic_tokens.notify_one();
        self.code_lenses.notify_one();
    }
}

/// Asks as long as the server runs: only for what the client announced, and at most once a second for each kind.
pub(crate) async fn run(
    session: Arc<Session>,
    client: ClientRequests,
    signals: Arc<Signals>,
    wanted: Arc<Refreshes>,
) {
    signals.initialized().await;
    let snapshot = session.snapshot();
    let facts = &snapshot.client;
    let client = &client;
    tokio::join!(
        ask::<WorkspaceDiagnosticRefresh>(
            snapshot.pulls && facts.refresh_diagnostics,
            client,
            &wanted.diagnostics
        ),
        ask::<InlayHintRefreshRequest>(facts.refresh_inlay_hints, client, &wanted.inlay_hints),
        ask::<SemanticTokensRefresh>(
            facts.refresh_semantic_tokens,
            client,
            &wanted.semantic_tokens
        ),
        ask::<CodeLensRefresh>(facts.refresh_code_lenses, client, &wanted.code_lenses),
    );
}

async fn ask<R>(announced: bool, client: &ClientRequests, wanted: &Notify)
where
    R: Request<Params = ()> + 'static,
    R::Result: Send + 'static,
{
    if !announced {
        return;
    }
    loop {
        wanted.notified().await;
        let due = Instant::now() + EVERY;
        let client = client.clone();
        // Not waited for: a client may answer late or never.
        tokio::spawn(async move { client.ask::<R>(()).await });
        sleep_until(due).await;
    }
}
