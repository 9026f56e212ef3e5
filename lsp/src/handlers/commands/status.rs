//! `medcode.server.status`: the state of the server, for clients that are not told of it and for whoever asks.

use serde_json::{Value, json};

use crate::{
    handlers::execute_command::{Call, Command},
    protocol::Result,
};

pub(super) const COMMAND: Command = Command {
    name: "medcode.server.status",
    wants: "no arguments",
    run: |call| Box::pin(run(call)),
};

#[expect(clippy::unused_async, reason = "commands are futures")]
async fn run(call: Call) -> Result<Value> {
    let session = &call.means.session;
    let mut answer = session.status().map_or_else(
        || json!({ "health": "warning", "message": "The code sets are being opened." }),
        |status| serde_json::to_value(&*status).unwrap_or_default(),
    );
    if let Some(answer) = answer.as_object_mut() {
        answer.insert("version".to_owned(), json!(env!("CARGO_PKG_VERSION")));
        answer.insert("timings".to_owned(), json!(session.timings().told()));
        answer.insert("documents".to_owned(), json!(call.snapshot.documents.uris().count()));
    }
    Ok(answer)
}
