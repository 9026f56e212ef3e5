//! `medcode.server.installCatalog`: installs the default code sets, or brings them up to date.

use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::{
    Backend, InstallProgress,
    handlers::execute_command::{Call, Command},
    progress::{INSTALLATION, Progress},
    protocol::Result,
};

pub(super) const COMMAND: Command = Command {
    name: "medcode.server.installCatalog",
    wants: "no arguments",
    run: |call| Box::pin(run(call)),
};

async fn run(call: Call) -> Result<Value> {
    let means = call.means;
    if means.session.status().is_some_and(|status| status.backend == Backend::Remote) {
        return Err(Call::failure(
            "The code sets are those of a service elsewhere, which installs its own.",
        ));
    }
    let Some(install) = means.install.clone() else {
        return Err(Call::failure("This server cannot install code sets."));
    };
    let installing = move || {
        // Shown from the first step: an installation that cannot begin shows nothing.
        let shown: OnceLock<Progress> = OnceLock::new();
        let tell = |InstallProgress { message, percent }| {
            let begin = || Progress::begin(&means.session, means.client(), INSTALLATION, false);
            shown.get_or_init(begin).tell(message, percent);
        };
        let result = install(&tell);
        if let Some(shown) = shown.into_inner() {
            shown.end(result.as_ref().err().cloned());
        }
        result
    };
    match tokio::task::spawn_blocking(installing).await {
        Ok(Ok(())) => Ok(json!({ "installed": true })),
        Ok(Err(sentence)) => Err(Call::failure(&sentence)),
        Err(_) => Err(Call::failure("The installation failed.")),
    }
}
