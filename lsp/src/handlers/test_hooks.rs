//! Commands for the tests of the language server against the real binary. They exist only when the caller switches them
//! on: each provokes what no ordinary request does on demand.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    time::Duration,
};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    client_requests::ClientRequests,
    protocol::{
        ConfigurationItem, ConfigurationParams, Error, ExecuteCommandParams, NumberOrString,
        Result, Url, WorkDoneProgressCreateParams,
        request::{WorkDoneProgressCreate, WorkspaceConfiguration},
    },
    snapshot::Snapshot,
};

/// The names of the commands.
pub(crate) const COMMANDS: &[&str] = &[PANIC, WAIT, SEEN, ASK];

/// Panics.
const PANIC: &str = "medcode.server.test.panic";
/// Answers after a time.
const WAIT: &str = "medcode.server.test.wait";
/// Answers, after a time, which version of a document it was given when it arrived; when asked to, with a digest of the
/// text.
const SEEN: &str = "medcode.server.test.seen";
/// Asks the client for its configuration and for a progress token, and waits for both answers.
const ASK: &str = "medcode.server.test.ask";

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Arguments {
    uri: Option<Url>,
    delay_ms: u64,
    digest: bool,
}

/// A number that stands for a text: the same in every process of one build.
pub(crate) fn digest(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Runs a command of the tests.
pub(crate) async fn run(
    snapshot: Snapshot,
    client: &ClientRequests,
    params: ExecuteCommandParams,
) -> Result<Value> {
    let arguments = params.arguments.into_iter().next().unwrap_or_else(|| json!({}));
    let arguments: Arguments = serde_json::from_value(arguments)
        .map_err(|_| Error::invalid_params("the arguments have another form"))?;
    match params.command.as_str() {
        PANIC => panic!("a test asked for it"),
        WAIT => {
            tokio::time::sleep(Duration::from_millis(arguments.delay_ms)).await;
            Ok(Value::Null)
        }
        SEEN => {
            tokio::time::sleep(Duration::from_millis(arguments.delay_ms)).await;
            let document = arguments.uri.as_ref().and_then(|uri| snapshot.document(uri));
            let mut seen = json!({
                "version": document.map(|document| document.version),
                "bytes": document.map(|document| document.text().len()),
            });
            if arguments.digest {
                seen["digest"] = document.map(|document| digest(document.text())).into();
            }
            Ok(seen)
        }
        ASK => {
            let item = ConfigurationItem { scope_uri: None, section: Some("medcode".to_owned()) };
            let settings =
                client.ask::<WorkspaceConfiguration>(ConfigurationParams { items: vec![item] });
            let token = NumberOrString::String("medcode/test".to_owned());
            let progress =
                client.ask::<WorkDoneProgressCreate>(WorkDoneProgressCreateParams { token });
            let (settings, progress) = tokio::join!(settings, progress);
            Ok(json!({ "settings": settings.is_some(), "progress": progress.is_some() }))
        }
        _ => Err(Error::invalid_params("no such command")),
    }
}
