//! Looks after the connection: finds out who answers, notices that nobody does, and tries again.

use std::{sync::Arc, time::Duration};

use futures::FutureExt;
use tokio::{
    sync::{Notify, mpsc, watch},
    time::{sleep, timeout},
};
use tonic::Status;

use super::{CodeClient, Service, backoff::Backoff};
use crate::{backend::Target, concept::LoadedSystem, session::Wake};

/// How long a service may take to say what it holds.
const PROBE_LIMIT: Duration = Duration::from_secs(2);
/// How long no question may fail before all is well again: longer than the longest limit of a question.
const QUIET: Duration = Duration::from_secs(3);

/// The state of the connection.
#[derive(Clone, Debug)]
pub(crate) enum Link {
    /// Not known yet: questions wait, within their limits.
    Connecting,
    /// Answers.
    Up(Arc<Service>),
    /// Is there and is asked, but lately a question stayed without an answer. It is asked again after a pause.
    Faltering(Arc<Service>),
    /// Does not answer: everything is unavailable until it does.
    Down,
    /// The service is in this process and has no code sets.
    NoCatalog,
}

impl Link {
    /// The service to ask, while there is one.
    pub(crate) fn service(&self) -> Option<&Arc<Service>> {
        match self {
            Self::Up(service) | Self::Faltering(service) => Some(service),
            Self::Connecting | Self::Down | Self::NoCatalog => None,
        }
    }
}

/// What those who ask notice of the connection.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    failed: Notify,
    replaced: Notify,
    wanted: Notify,
}

impl Trouble {
    /// A question stayed without an answer, whatever the reason: it has to be asked again.
    pub(super) fn failed(&self) {
        self.failed.notify_one();
    }

    /// An answer came from other code sets than before.
    pub(super) fn replaced(&self) {
        self.replaced.notify_one();
    }

    /// Somebody wants to know now.
    pub(super) fn wanted(&self) {
        self.wanted.notify_one();
    }

    /// Waits for trouble.
    async fn noticed(&self) -> Cause {
        tokio::select! {
            () = self.failed.notified() => Cause::Failure,
            () = self.replaced.notified() => Cause::Renewal,
            () = self.wanted.notified() => Cause::Renewal,
        }
    }

    /// Forgets the failures until now: all that failed is about to be asked again.
    fn forget_failures(&self) {
        // Nothing noticed is nothing to forget.
        let _ = self.failed.notified().now_or_never();
    }
}

/// Why the service is probed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    /// To learn what it holds now: at the start, after a pause, or because its code sets are others.
    Renewal,
    /// A question stayed without an answer.
    Failure,
}

/// The task that keeps a [`Link`] true.
pub(crate) struct Keeper {
    link: watch::Sender<Link>,
    trouble: Arc<Trouble>,
    client: CodeClient,
    backoff: Backoff,
    /// The state of the code sets from which the kept answers come.
    known: Option<(Option<String>, Vec<LoadedSystem>)>,
}

impl Keeper {
    pub(super) fn new(
        link: watch::Sender<Link>,
        trouble: Arc<Trouble>,
        client: CodeClient,
    ) -> Self {
        Self { link, trouble, client, backoff: Backoff::default(), known: None }
    }

    /// Runs until nobody can change the target any more. Every change of what can be learned has all notes checked.
    pub(crate) async fn run(
        mut self,
        mut target: watch::Receiver<Target>,
        wake: mpsc::UnboundedSender<Wake>,
    ) {
        let mut cause = Cause::Renewal;
        loop {
            let current = target.borrow_and_update().clone();
            let pause = match current {
                Target::Undecided => self.settle(Link::Connecting),
                Target::NoCatalog => self.settle(Link::NoCatalog),
                Target::Embedded(channel) | Target::Remote(channel) => {
                    match Service::probe(channel, PROBE_LIMIT).await {
                        Ok(service) => self.found(service, cause, &wake),
                        Err(status) => Some(self.lost(&status)),
                    }
                }
            };
            cause = tokio::select! {
                changed = target.changed() => {
                    if changed.is_err() { return }
                    Cause::Renewal
                }
                cause = self.wait(pause) => cause,
            };
        }
    }

    /// The service answers the probe. After a failure there is a pause before the questions are asked again, or a service
    /// with too much to do would get them all back at once.
    fn found(
        &mut self,
        service: Service,
        cause: Cause,
        wake: &mpsc::UnboundedSender<Wake>,
    ) -> Option<Duration> {
        let content = (service.digest.clone(), service.systems.clone());
        if self.known.as_ref() != Some(&content) {
            self.client.forget();
            self.known = Some(content);
        }
        let service = Arc::new(service);
        if cause == Cause::Failure {
            self.settle(Link::Faltering(service));
            return Some(self.backoff.next());
        }
        let falters = matches!(&*self.link.borrow(), Link::Faltering(_));
        let pause = self.settle(if falters { Link::Faltering(service) } else { Link::Up(service) });
        self.trouble.forget_failures();
        // The analysis ends only with the server.
        let _ = wake.send(Wake::All);
        pause
    }

    /// The service does not answer the probe. Returns the pause before the next.
    fn lost(&mut self, status: &Status) -> Duration {
        if !matches!(&*self.link.borrow(), Link::Down) {
            tracing::warn!(code = ?status.code(), "the code service cannot be reached");
        }
        self.settle(Link::Down);
        self.backoff.next()
    }

    /// Waits out a pause, or for trouble when there is none.
    async fn wait(&mut self, pause: Option<Duration>) -> Cause {
        if let Some(pause) = pause {
            tokio::select! {
                () = sleep(pause) => {}
                () = self.trouble.wanted.notified() => self.backoff.reset(),
            }
            return Cause::Renewal;
        }
        if let Ok(cause) = timeout(QUIET, self.trouble.noticed()).await {
            return cause;
        }
        self.backoff.reset();
        self.link.send_if_modified(|link| match link {
            Link::Faltering(service) => {
                *link = Link::Up(service.clone());
                true
            }
            _ => false,
        });
        self.trouble.noticed().await
    }

    /// Publishes a state that lasts until something is noticed.
    fn settle(&self, link: Link) -> Option<Duration> {
        self.link.send_replace(link);
        None
    }
}
