//! Has the client tell of files that change on the disk, where it can.
//!
//! Settings files are looked at by the server itself as well, since not every client can tell; notes are looked at before
//! a question where it cannot.

use std::sync::Arc;

use crate::{
    client_requests::ClientRequests,
    ingress::Signals,
    protocol::{
        DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher, GlobPattern, Registration,
        RegistrationParams,
        notification::{DidChangeWatchedFiles, Notification},
        request::RegisterCapability,
    },
    session::Session,
};

/// What is watched: notes, ignore files that decide which of them count, and settings files.
const PATTERNS: [&str; 3] =
    ["**/*.{md,markdown,txt,text}", "**/.{git,}ignore", "**/{medcode,.medcode}.toml"];

/// Registers once the client is ready. A client that refuses is one that does not tell.
pub(crate) async fn register(session: Arc<Session>, client: ClientRequests, signals: Arc<Signals>) {
    signals.initialized().await;
    if session.snapshot().client.shown.watches_files {
        client.ask::<RegisterCapability>(registration()).await;
    }
}

fn registration() -> RegistrationParams {
    let watcher = |pattern: &str| FileSystemWatcher {
        glob_pattern: GlobPattern::String(pattern.to_owned()),
        kind: None,
    };
    let watchers = PATTERNS.iter().map(|pattern| watcher(pattern)).collect();
    let options = DidChangeWatchedFilesRegistrationOptions { watchers };
    let files = Registration {
        id: "medcode/files".to_owned(),
        method: DidChangeWatchedFiles::METHOD.to_owned(),
        register_options: serde_json::to_value(options).ok(),
    };
    RegistrationParams { registrations: vec![files] }
}
