//! Who answers questions about codes: the service in this process, or another one that flags or settings name.

use std::sync::Arc;

use tokio::sync::watch;
use tonic::transport::Channel;

use crate::{
    Backend, CatalogState, Connector,
    config::Settings,
    ingress::Signals,
    outbox::{Notice, Outbox},
};

/// Whom to ask.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// Not decided yet: the code sets in this process are being loaded.
    Undecided,
    /// Nobody: there are no code sets in this process.
    NoCatalog,
    /// The service in this process.
    Embedded(Channel),
    /// A service elsewhere.
    Remote(Channel),
}

impl Target {
    /// Where the answers come from.
    pub(crate) fn backend(&self) -> Backend {
        match self {
            Self::Undecided | Self::NoCatalog | Self::Embedded(_) => Backend::Embedded,
            Self::Remote(_) => Backend::Remote,
        }
    }
}

/// What was given at the start.
pub(crate) struct Choice {
    /// The channel of the start.
    pub(crate) channel: Channel,
    /// Where it leads.
    pub(crate) backend: Backend,
    /// Makes channels to addresses that settings name.
    pub(crate) connect: Option<Connector>,
}

impl Choice {
    /// Whom to ask with this address in the settings. An address given by flag or environment stands above settings, and
    /// an unusable one is told.
    fn decide(&self, url: &str, catalog: &CatalogState, outbox: &Outbox) -> Target {
        if self.backend == Backend::Remote {
            return Target::Remote(self.channel.clone());
        }
        if let (false, Some(connect)) = (url.is_empty(), &self.connect) {
            match connect(url) {
                Ok(channel) => return Target::Remote(channel),
                Err(reason) => {
                    outbox.notice(Notice::warning(format!(
                        "medcode: setting medcode.server.url: {reason}"
                    )));
                }
            }
        }
        match catalog {
            CatalogState::Loading => Target::Undecided,
            CatalogState::Ready => Target::Embedded(self.channel.clone()),
            CatalogState::Installing(_) | CatalogState::Missing | CatalogState::Failed(_) => {
                Target::NoCatalog
            }
        }
    }
}

/// Keeps the decision true, from the moment the settings of `initialize` are read.
pub(crate) async fn follow(
    choice: Choice,
    signals: Arc<Signals>,
    outbox: Outbox,
    mut settings: watch::Receiver<Arc<Settings>>,
    mut catalog: watch::Receiver<CatalogState>,
    target: watch::Sender<Target>,
) {
    signals.initialize().await;
    let mut decided: Option<(String, std::mem::Discriminant<CatalogState>)> = None;
    loop {
        let url = settings.borrow_and_update().server_url.clone();
        let state = catalog.borrow_and_update().clone();
        let grounds = (url, std::mem::discriminant(&state));
        if decided.as_ref() != Some(&grounds) {
            target.send_replace(choice.decide(&grounds.0, &state, &outbox));
            decided = Some(grounds);
        }
        // Whoever tells one of them may have left: it then stays as it is. With both gone the server is ending.
        tokio::select! {
            Ok(()) = settings.changed() => {}
            Ok(()) = catalog.changed() => {}
            else => return,
        }
    }
}
