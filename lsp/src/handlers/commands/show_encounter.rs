//! `medcode.server.showEncounter`: shows an encounter of a note. The command of the line above each encounter.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    handlers::{
        execute_command::{Call, Command},
        show::show,
    },
    protocol::{Range as LspRange, Result, Url},
};

pub(super) const COMMAND: Command = Command {
    name: "medcode.server.showEncounter",
    wants: "a note and the range of an encounter, as in {\"uri\": \"file:///notes/a.md\", \"range\": {\"start\": {\"line\": 0, \
            \"character\": 0}, \"end\": {\"line\": 9, \"character\": 0}}}",
    run: |call| Box::pin(async { run(call) }),
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    uri: Url,
    range: LspRange,
}

fn run(mut call: Call) -> Result<Value> {
    let Arguments { uri, range } = call.read(&["uri", "range"])?;
    Ok(show(&call, "encounter", uri, range))
}
