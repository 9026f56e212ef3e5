//! `textDocument/diagnostic`: the issues of a note, for clients that ask for them.

use std::{
    hash::{BuildHasher, Hash, Hasher},
    sync::Arc,
};

use tokio::time::sleep_until;

use crate::{
    analysis,
    documents::Document,
    protocol::{
        DocumentDiagnosticParams, DocumentDiagnosticReportResult, Error, ErrorCode, Result,
    },
    session::{Phase, Session},
    snapshot::Snapshot,
    to_lsp,
};

/// The answer to a request that is out of date, or too early: the client is to ask again.
const SERVER_CANCELLED: i64 = -32802;

/// Waits until the text has been left alone for a while: VS Code asks after every change, with no pause of its own, and
/// cancels what it asked before, which costs nothing while nothing is being done.
pub(crate) async fn diagnostic(
    session: Arc<Session>,
    snapshot: Snapshot,
    params: DocumentDiagnosticParams,
) -> Result<DocumentDiagnosticReportResult> {
    let uri = &params.text_document.uri;
    let Some(document) = snapshot.document(uri) else {
        return Ok(to_lsp::document_report(Vec::new(), None));
    };
    if let Some(quiet) = document.quiet_at(snapshot.clone().at(uri).settings.diagnostics_delay) {
        sleep_until(quiet).await;
    }
    analysis::look_up_settings(&session, uri).await;
    let now = session.snapshot().at(uri);
    let Some(document) = now.document(uri).filter(|now| now.version == document.version) else {
        return Err(ask_again());
    };
    if session.phase() != Phase::Running {
        return Err(ask_again());
    }
    let id = result_id(&session, &now, document);
    let before = now.reported.of(document);
    let is_whole = before.is_some_and(|before| !before.incomplete);
    if is_whole && params.previous_result_id.as_ref() == Some(&id) {
        return Ok(to_lsp::unchanged_report(id));
    }
    let Some(items) = analysis::report(&now, document).await else { return Err(ask_again()) };
    if document.is_outdated() {
        return Err(ask_again());
    }
    Ok(to_lsp::document_report(items, Some(id)))
}

/// Names everything that the issues rest on.
fn result_id(session: &Session, snapshot: &Snapshot, document: &Document) -> String {
    let mut hasher = session.hasher().build_hasher();
    document.version.hash(&mut hasher);
    document.text().len().hash(&mut hasher);
    // One number for settings, code sets and what could be asked of them.
    snapshot.generation.hash(&mut hasher);
    snapshot.as_of().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn ask_again() -> Error {
    Error {
        code: ErrorCode::ServerError(SERVER_CANCELLED),
        message: "The text has changed.".into(),
        data: Some(serde_json::json!({ "retriggerRequest": true })),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tokio::sync::watch;

    use crate::{CatalogState, in_process_tests::Client};

    const URI: &str = "file:///notes/a.md";
    /// Says the same with and without code sets: the comment names no rule.
    const NOTE: &str = "<!-- medcode: ignore nonsense -- why -->\n";

    /// A client with one open note, which asks for diagnostics or not.
    async fn opened(pulls: bool) -> Client {
        let (_state, catalog) = watch::channel(CatalogState::Missing);
        let capabilities = if pulls {
            json!({
                "textDocument": {"diagnostic": {}},
                "workspace": {"diagnostics": {"refreshSupport": true}},
            })
        } else {
            json!({"textDocument": {"diagnostic": {}}})
        };
        let options = json!({"diagnostics": {"delayMs": 150}});
        let params = json!({"capabilities": capabilities, "initializationOptions": options});
        let mut client = Client::greet_with(catalog, &params).await;
        let document = json!({"uri": URI, "languageId": "markdown", "version": 1, "text": NOTE});
        client.tell("textDocument/didOpen", &json!({"textDocument": document})).await;
        client
    }

    async fn change(client: &mut Client, version: i32, text: &str) {
        let params = json!({
            "textDocument": {"uri": URI, "version": version},
            "contentChanges": [{"text": text}],
        });
        client.tell("textDocument/didChange", &params).await;
    }

    fn asked(previous: Option<&Value>) -> Value {
        json!({"textDocument": {"uri": URI}, "previousResultId": previous})
    }

    #[tokio::test]
    async fn answers_whoever_asks_and_tells_nothing_unasked() {
        let mut client = opened(true).await;
        assert_eq!(client.greeting["capabilities"]["diagnosticProvider"]["identifier"], "medcode");
        let first = client.ask(10, "textDocument/diagnostic", &asked(None)).await;
        assert_eq!(first["items"][0]["code"], "invalid-pragma", "{first}");
        let again = client.ask(11, "textDocument/diagnostic", &asked(first.get("resultId"))).await;
        assert_eq!(again, json!({"kind": "unchanged", "resultId": first["resultId"]}));
        change(&mut client, 2, "Nothing here.\n").await;
        let third = client.ask(12, "textDocument/diagnostic", &asked(first.get("resultId"))).await;
        assert_eq!((&third["kind"], &third["items"]), (&json!("full"), &json!([])));
        assert!(!client.passed.iter().any(|passed| passed == "textDocument/publishDiagnostics"));
    }

    #[tokio::test]
    async fn a_question_that_a_change_overtakes_is_to_be_asked_again() {
        let mut client = opened(true).await;
        change(&mut client, 2, NOTE).await;
        client.request(10, "textDocument/diagnostic", &asked(None)).await;
        change(&mut client, 3, "Nothing here.\n").await;
        let answer = client.answer(10).await;
        assert_eq!(
            (&answer["code"], &answer["data"]["retriggerRequest"]),
            (&json!(-32802), &json!(true))
        );
        // A cancelled one has cost nothing and is answered at once.
        change(&mut client, 4, NOTE).await;
        client.request(11, "textDocument/diagnostic", &asked(None)).await;
        client.tell("$/cancelRequest", &json!({"id": 11})).await;
        assert_eq!(client.answer(11).await["code"], -32800);
    }

    #[tokio::test]
    async fn a_change_of_settings_has_it_asked_again() {
        let mut client = opened(true).await;
        let first = client.ask(10, "textDocument/diagnostic", &asked(None)).await;
        let settings = json!({"settings": {"medcode": {"rules": {"invalid-pragma": "off"}}}});
        client.tell("workspace/didChangeConfiguration", &settings).await;
        client.expect(|message| message["method"] == "workspace/diagnostic/refresh").await;
        let again = client.ask(11, "textDocument/diagnostic", &asked(first.get("resultId"))).await;
        assert_eq!((&again["kind"], &again["items"]), (&json!("full"), &json!([])));
    }

    #[tokio::test]
    async fn tells_whoever_cannot_be_told_to_ask_again() {
        let mut client = opened(false).await;
        assert_eq!(client.greeting["capabilities"].get("diagnosticProvider"), None);
        let told =
            client.expect(|message| message["method"] == "textDocument/publishDiagnostics").await;
        assert_eq!(told["params"]["version"], 1);
        assert_eq!(told["params"]["diagnostics"][0]["code"], "invalid-pragma");
    }
}
