//! Looks after the connection: finds out who answers, notices that nobody does, and tries again.

use std::{sync::Arc, time::Duration};

use tokio::sync::{Notify, mpsc, watch};

use super::{CodeClient, Service, backoff::Backoff};
use crate::{backend::Target, session::Wake};

/// How long a service may take to say what it holds.
const PROBE_LIMIT: Duration = Duration::from_secs(2);

/// The state of the connection.
#[derive(Clone, Debug)]
pub(crate) enum Link {
    /// Not known yet: questions wait, within their limits.
    Connecting,
    /// Answers.
    Up(Arc<Service>),
    /// Does not answer: everything is unavailable until it does.
    Down,
    /// The service is in this process and has no code sets.
    NoCatalog,
}

/// What those who ask notice of the connection.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    noticed: Notify,
}

impl Trouble {
    /// A question found nobody, or an answer came from other code sets than before.
    pub(super) fn notice(&self) {
        self.noticed.notify_one();
    }
}

/// The task that keeps a [`Link`] true.
pub(crate) struct Keeper {
    link: watch::Sender<Link>,
    trouble: Arc<Trouble>,
    client: CodeClient,
}

impl Keeper {
    pub(super) fn new(
        link: watch::Sender<Link>,
        trouble: Arc<Trouble>,
        client: CodeClient,
    ) -> Self {
        Self { link, trouble, client }
    }

    /// Runs until nobody can change the target any more. Every change of what can be learned has all notes checked.
    pub(crate) async fn run(
        self,
        mut target: watch::Receiver<Target>,
        wake: mpsc::UnboundedSender<Wake>,
    ) {
        let mut backoff = Backoff::default();
        let mut known = None;
        loop {
            let current = target.borrow_and_update().clone();
            let pause = match current {
                Target::Undecided => self.settle(Link::Connecting),
                Target::NoCatalog => self.settle(Link::NoCatalog),
                Target::Embedded(channel) | Target::Remote(channel) => {
                    match Service::probe(channel, PROBE_LIMIT).await {
                        Ok(service) => {
                            backoff.reset();
                            let content = (service.digest.clone(), service.systems.clone());
                            if known.as_ref() != Some(&content) {
                                self.client.forget();
                                known = Some(content);
                            }
                            let pause = self.settle(Link::Up(Arc::new(service)));
                            // The analysis ends only with the server.
                            let _ = wake.send(Wake::All);
                            pause
                        }
                        Err(status) => {
                            if !matches!(&*self.link.borrow(), Link::Down) {
                                tracing::warn!(code = ?status.code(), "the code service cannot be reached");
                            }
                            self.settle(Link::Down);
                            Some(backoff.next())
                        }
                    }
                }
            };
            let due = async {
                match pause {
                    Some(pause) => tokio::time::sleep(pause).await,
                    None => self.trouble.noticed.notified().await,
                }
            };
            tokio::select! {
                changed = target.changed() => if changed.is_err() { return },
                () = due => {}
            }
        }
    }

    /// Publishes a state that lasts until something is noticed.
    fn settle(&self, link: Link) -> Option<Duration> {
        self.link.send_replace(link);
        None
    }
}
