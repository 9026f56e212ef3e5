//! Watches for new code sets, so that notes that are open are checked anew although nobody asks about them.

use std::convert::Infallible;

use medcode_proto::v1::{WatchCatalogRequest, code_system_service_client::CodeSystemServiceClient};
use tokio::{sync::watch, time::sleep};
use tonic::{Code, Status, transport::Channel};

use super::{CodeClient, Link, MAX_ANSWER, backoff::Backoff};
use crate::backend::Target;

impl CodeClient {
    /// Tells the keeper whenever the service changes its code sets, until nobody can change the target any more.
    pub(crate) async fn watch_catalog(self, mut target: watch::Receiver<Target>) {
        loop {
            let current = target.borrow_and_update().clone();
            let watching = async {
                if let Target::Embedded(channel) | Target::Remote(channel) = current {
                    self.watch_service(channel).await;
                }
                std::future::pending::<()>().await;
            };
            tokio::select! {
                changed = target.changed() => if changed.is_err() { return },
                () = watching => {}
            }
        }
    }

    /// Watches one service, and goes on after every interruption. Ends where a service does not know how to tell.
    async fn watch_service(&self, channel: Channel) {
        let mut backoff = Backoff::default();
        loop {
            let Err(status) = self.watch_once(channel.clone(), &mut backoff).await;
            if status.code() == Code::Unimplemented {
                return;
            }
            sleep(backoff.next()).await;
        }
    }

    /// Watches until the service stops telling.
    async fn watch_once(
        &self,
        channel: Channel,
        backoff: &mut Backoff,
    ) -> Result<Infallible, Status> {
        let mut client =
            CodeSystemServiceClient::new(channel).max_decoding_message_size(MAX_ANSWER);
        let mut messages = client.watch_catalog(WatchCatalogRequest::default()).await?.into_inner();
        while let Some(message) = messages.message().await? {
            backoff.reset();
            if !message.heartbeat {
                self.told(&message.catalog_digest).await;
            }
        }
        Err(Status::unavailable("the service has stopped telling"))
    }

    /// The service has these code sets now. What the keeper knows may be older, also when the service has only just been
    /// found.
    async fn told(&self, digest: &str) {
        let mut link = self.inner.link.clone();
        let Ok(link) = link.wait_for(|link| !matches!(link, Link::Connecting)).await else {
            return;
        };
        let known = link.service().and_then(|service| service.digest.as_deref());
        if known != Some(digest) {
            self.inner.trouble.replaced();
        }
    }
}
