//! `workspace/diagnostic`: the issues of notes that are not open, for clients that ask for them.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::time::{Instant, sleep_until};

use super::Means;
use crate::{
    config::WorkspaceCheck as When,
    protocol::{Result, Url, WorkspaceDiagnosticParams, WorkspaceDiagnosticReportResult},
    to_lsp,
    workspace_check::{self, Found, LOOK_AGAIN},
};

/// How long a question is held open while there is nothing new: VS Code asks again two seconds after each answer.
const HOLD: Duration = Duration::from_secs(60);

/// Answers as soon as there is something that the client has not, and only with that.
pub(crate) async fn workspace_diagnostic(
    means: Means,
    params: WorkspaceDiagnosticParams,
) -> Result<WorkspaceDiagnosticReportResult> {
    let session = &means.session;
    let previous: HashMap<Url, String> =
        params.previous_result_ids.into_iter().map(|known| (known.uri, known.value)).collect();
    let due = Instant::now() + HOLD;
    let mut news = session.news();
    loop {
        news.borrow_and_update();
        let snapshot = session.snapshot();
        let found = if workspace_check::is_wanted(session, &snapshot) {
            workspace_check::check(session, means.client(), None).await
        } else {
            HashMap::new()
        };
        let open = session.snapshot().documents;
        // An open document speaks for itself.
        let gone =
            previous.keys().filter(|uri| !found.contains_key(uri) && open.get(uri).is_none());
        let gone = gone.cloned().collect();
        let report = to_lsp::workspace_report(new_to(&previous, found), gone);
        if let Some(report) = report {
            return Ok(report);
        }
        let always = snapshot.settings.features.workspace_check == When::Always;
        let looks = always && !snapshot.client.shown.watches_files;
        let until = if looks { due.min(Instant::now() + LOOK_AGAIN) } else { due };
        tokio::select! {
            changed = news.changed() => if changed.is_err() { return Ok(to_lsp::nothing_new()) },
            () = sleep_until(until) => {}
        }
        if Instant::now() >= due {
            return Ok(to_lsp::nothing_new());
        }
    }
}

/// What the client has not: nothing of a file without issues that it does not know.
fn new_to(
    previous: &HashMap<Url, String>,
    found: HashMap<Url, Arc<Found>>,
) -> Vec<(Url, Arc<Found>)> {
    let is_new = |(uri, found): &(Url, Arc<Found>)| match previous.get(uri) {
        Some(known) => *known != found.id,
        None => !found.items.is_empty(),
    };
    found.into_iter().filter(is_new).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tokio::sync::watch;

    use crate::{CatalogState, in_process_tests::Client, protocol::Url};

    const WRONG: &str = "<!-- medcode: ignore nonsense -- why -->\n";

    #[tokio::test]
    async fn answers_with_what_is_new_and_waits_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().canonicalize().unwrap();
        std::fs::write(top.join("wrong.md"), WRONG).unwrap();
        std::fs::write(top.join("right.md"), "Nothing here.\n").unwrap();
        let root = Url::from_file_path(&top).unwrap();
        let params = json!({
            "capabilities": {
                "textDocument": {"diagnostic": {}},
                "workspace": {
                    "diagnostics": {"refreshSupport": true},
                    "didChangeWatchedFiles": {"dynamicRegistration": true},
                },
            },
            "initializationOptions": {"workspace": {"check": "onSave"}},
            "workspaceFolders": [{"uri": root, "name": "notes"}],
        });
        let mut client = Client::greet_with(watch::channel(CatalogState::Missing).1, &params).await;
        let asked = json!({"previousResultIds": []});
        let first = client.ask(10, "workspace/diagnostic", &asked).await;
        let items = first["items"].as_array().unwrap();
        assert_eq!(items.len(), 1, "{first}");
        assert!(items[0]["uri"].as_str().unwrap().ends_with("/wrong.md"));
        assert_eq!(items[0]["items"][0]["code"], "invalid-pragma");
        // Held open until a note is saved; then only what is new.
        let known = json!({"uri": items[0]["uri"], "value": items[0]["resultId"]});
        client.request(11, "workspace/diagnostic", &json!({"previousResultIds": [known]})).await;
        std::fs::write(top.join("wrong.md"), "Mended, and longer.\n\nNothing here.\n").unwrap();
        let saved = json!({"textDocument": {"uri": items[0]["uri"]}});
        client.tell("textDocument/didSave", &saved).await;
        let second = client.answer(11).await;
        assert_eq!(second["items"][0]["items"], json!([]), "{second}");
        // A command checks whatever the settings say, and counts.
        let command = json!({"command": "medcode.server.checkWorkspace", "arguments": [root]});
        let counts = client.ask(12, "workspace/executeCommand", &command).await;
        assert_eq!((&counts["documents"], &counts["warning"]), (&json!(2), &json!(0)), "{counts}");
    }
}
