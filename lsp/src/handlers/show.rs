//! Has the client show a place: for commands that lead somewhere.

use serde_json::{Value, json};

use super::execute_command::Call;
use crate::{
    outbox::Notice,
    protocol::{Range as LspRange, Url, request::ShowDocument},
    to_lsp,
};

/// Shows a place, and answers where it is. A client that cannot show documents is told the path instead.
pub(super) fn show(call: &Call, name: &str, uri: Url, selection: LspRange) -> Value {
    let line = selection.start.line + 1;
    let answer = json!({ "uri": uri, "line": line });
    if call.snapshot.client.shows_documents {
        call.means.ask::<ShowDocument>(to_lsp::shown(uri, selection));
    } else {
        let place =
            uri.to_file_path().map_or_else(|()| uri.to_string(), |path| path.display().to_string());
        call.means.session.notice(Notice::info(format!("medcode: {name}: {place}, line {line}")));
    }
    answer
}
