//! `medcode.server.applyAction`: has the client apply the edit of an action, and puts the caret to a place. For clients
//! that take actions as commands only, and for comments whose reason is still to be written.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    handlers::execute_command::{Call, Command, Means},
    protocol::{
        ApplyWorkspaceEditParams, Range, Result, ShowDocumentParams, Url, WorkspaceEdit,
        request::{ApplyWorkspaceEdit, ShowDocument},
    },
    to_lsp::APPLY,
};

pub(super) const COMMAND: Command = Command {
    name: APPLY,
    wants: "an edit, as an action of this server names it",
    run: |call| Box::pin(run(call)),
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    label: Option<String>,
    edit: Option<WorkspaceEdit>,
    uri: Option<Url>,
    caret: Option<Range>,
}

#[expect(clippy::unused_async, reason = "commands are futures")]
async fn run(mut call: Call) -> Result<Value> {
    let arguments: Arguments = call.read(&[])?;
    let has_place = arguments.uri.is_some() && arguments.caret.is_some();
    if arguments.edit.is_none() && !has_place {
        return Err(call.refusal());
    }
    let client = &call.snapshot.client.edits;
    if arguments.edit.is_some() && !client.apply {
        return Err(Call::failure("This editor takes no edits from the server."));
    }
    let place = arguments.uri.zip(arguments.caret).filter(|_| client.shows_documents);
    let means = call.means.clone();
    tokio::spawn(async move {
        if let Some(edit) = arguments.edit
            && !apply(&means, arguments.label, edit).await
        {
            return;
        }
        if let Some((uri, caret)) = place {
            show(&means, uri, caret);
        }
    });
    Ok(Value::Null)
}

/// Has the client apply an edit. False when it did not.
pub(super) async fn apply(means: &Means, label: Option<String>, edit: WorkspaceEdit) -> bool {
    let params = ApplyWorkspaceEditParams { label, edit };
    let answer = means.client().ask::<ApplyWorkspaceEdit>(params).await;
    answer.is_some_and(|answer| answer.applied)
}

/// Has the client show a place.
pub(super) fn show(means: &Means, uri: Url, place: Range) {
    means.ask::<ShowDocument>(ShowDocumentParams {
        uri,
        external: Some(false),
        take_focus: Some(true),
        selection: Some(place),
    });
}
