//! `medcode.server.recheck`: checks a note, or all open ones, with answers that are asked for anew.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    analysis,
    handlers::execute_command::{Call, Command},
    issue_counts::IssueCounts,
    protocol::{Result, Url},
    session::Wake,
};

pub(super) const COMMAND: Command = Command {
    name: "medcode.server.recheck",
    wants: "the address of an open note, as in {\"uri\": \"file:///notes/a.md\"}, or nothing for all of them",
    run: |call| Box::pin(run(call)),
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    uri: Option<Url>,
}

async fn run(mut call: Call) -> Result<Value> {
    let Arguments { uri } = call.read(&["uri"])?;
    let snapshot = &call.snapshot;
    let wanted: Vec<Url> = match uri {
        Some(uri) if snapshot.document(&uri).is_some() => vec![uri],
        Some(_) => return Err(call.refusal()),
        None => snapshot.documents.uris().cloned().collect(),
    };
    snapshot.codes.forget();
    let mut counts = IssueCounts::default();
    for uri in wanted {
        let at = snapshot.clone().at(&uri);
        let Some(document) = at.readable(&uri) else { continue };
        if let Some(checked) = analysis::check(&at, document).await {
            counts.add(&checked);
        }
    }
    // What is shown follows, from the answers that are known now.
    call.means.session.wake(Wake::All);
    serde_json::to_value(counts).map_err(|_| Call::failure("The answer could not be written."))
}
