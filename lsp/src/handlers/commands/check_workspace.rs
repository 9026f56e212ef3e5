//! `medcode.server.checkWorkspace`: checks the notes of the workspace that are not open, and counts what is found.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    governing::path_of,
    handlers::execute_command::{Call, Command},
    protocol::{Result, Url},
    workspace_check,
};

pub(super) const COMMAND: Command = Command {
    name: "medcode.server.checkWorkspace",
    wants: "the address of a folder, as in {\"folder\": \"file:///notes\"}, or nothing for all folders",
    run: |call| Box::pin(run(call)),
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    folder: Option<Url>,
}

async fn run(mut call: Call) -> Result<Value> {
    let Arguments { folder } = call.read(&["folder"])?;
    let path = match &folder {
        Some(folder) => Some(path_of(folder).ok_or_else(|| call.refusal())?),
        None => None,
    };
    let means = &call.means;
    // From here on they are shown, whatever the settings say.
    means.session.ask_for_workspace();
    let found = workspace_check::check(&means.session, means.client(), path.as_deref()).await;
    serde_json::to_value(workspace_check::counted(&found))
        .map_err(|_| Call::failure("The answer could not be written."))
}
