//! Everything that goes to the client, requests and notifications. This module alone owns the framework's client.
//!
//! A request to the client runs in a task of its own, and the time limit lies round the task's handle: were the request
//! itself dropped, by a limit or with a cancelled handler, the framework would panic at the client's late answer.

use std::time::Duration;

use tracing::{Dispatch, instrument::WithSubscriber};

use crate::protocol::{Client, notification::Notification, request::Request};

/// How long an answer of the client is waited for.
const LIMIT: Duration = Duration::from_secs(10);

/// The line to the client.
#[derive(Clone)]
pub(crate) struct ClientRequests {
    client: Client,
}

impl ClientRequests {
    /// Takes the framework's client into care.
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Asks the client. `None` when it refuses, answers something else or takes too long.
    pub(crate) async fn ask<R>(&self, params: R::Params) -> Option<R::Result>
    where
        R: Request + 'static,
        R::Params: Send + 'static,
        R::Result: Send + 'static,
    {
        let client = self.client.clone();
        #[expect(clippy::disallowed_methods, reason = "this module owns the client")]
        let asked = async move { client.send_request::<R>(params).await };
        // The framework logs what it cannot send, contents included.
        let asked = tokio::spawn(asked.with_subscriber(Dispatch::none()));
        match tokio::time::timeout(LIMIT, asked).await {
            Ok(Ok(Ok(answer))) => Some(answer),
            Ok(Ok(Err(_)) | Err(_)) => {
                tracing::warn!(method = R::METHOD, "the client refused a request");
                None
            }
            Err(_) => {
                tracing::warn!(method = R::METHOD, "the client did not answer in time");
                None
            }
        }
    }

    /// Tells the client. Waits until the message is taken over by the writer: for the outbox only.
    pub(crate) async fn tell<N: Notification>(&self, params: N::Params) {
        #[expect(clippy::disallowed_methods, reason = "this module owns the client")]
        let told = self.client.send_notification::<N>(params);
        told.with_subscriber(Dispatch::none()).await;
    }
}
