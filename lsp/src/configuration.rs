//! Asks the client for its configuration, from a task of its own and never on a text change.

use std::sync::Arc;

use serde_json::Value;

use crate::{
    client_requests::ClientRequests,
    config::Layer,
    ingress::Signals,
    protocol::{
        ConfigurationItem, ConfigurationParams, Registration, RegistrationParams,
        notification::{DidChangeConfiguration, Notification},
        request::{RegisterCapability, WorkspaceConfiguration},
    },
    session::Session,
};

/// The section that holds our settings.
const SECTION: &str = "medcode";

/// Registers for changes, then asks whenever there is something new to learn.
pub(crate) async fn pull(session: Arc<Session>, client: ClientRequests, signals: Arc<Signals>) {
    signals.initialized().await;
    let facts = session.snapshot().client.clone();
    if facts.configuration_registration {
        let registrar = client.clone();
        // Not waited for: a client may answer late or never.
        tokio::spawn(async move { registrar.ask::<RegisterCapability>(registration()).await });
    }
    if !facts.configuration_pull {
        return;
    }
    loop {
        signals.configuration.notified().await;
        let item = ConfigurationItem { scope_uri: None, section: Some(SECTION.to_owned()) };
        let answer =
            client.ask::<WorkspaceConfiguration>(ConfigurationParams { items: vec![item] }).await;
        if let Some(answer) = answer {
            session.configure(Layer::Pulled, answer.into_iter().next().unwrap_or(Value::Null));
        }
    }
}

fn registration() -> RegistrationParams {
    let changes = Registration {
        id: "medcode/configuration".to_owned(),
        method: DidChangeConfiguration::METHOD.to_owned(),
        register_options: Some(serde_json::json!({ "section": SECTION })),
    };
    RegistrationParams { registrations: vec![changes] }
}
