//! `medcode.server.search`: codes by words or by their beginning, as `medcode search --json` prints them.

use medcode_codes::{date::parse_iso, system::CodeSystem};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    handlers::execute_command::{Call, Command},
    protocol::Result,
    wire::Query,
};

pub(super) const COMMAND: Command = Command {
    name: "medcode.server.search",
    wants: "words, or the beginning of a code, as in {\"query\": \"foot ulcer\", \"system\": \"icd10cm\", \"limit\": 20, \
            \"billable\": true, \"asOf\": \"2026-03-02\"}; only the words are needed, and the limit is at most 100",
    run: |call| Box::pin(run(call)),
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Arguments {
    query: String,
    system: Option<String>,
    limit: Option<u16>,
    #[serde(default)]
    billable: bool,
    as_of: Option<String>,
}

async fn run(mut call: Call) -> Result<Value> {
    let arguments: Arguments = call.read(&["query", "system", "limit"])?;
    let known = |name: &String| CodeSystem::from_identifier(name).map_err(|_| call.refusal());
    let system = arguments.system.as_ref().map(known).transpose()?;
    let day = |text: &String| parse_iso(text).map_err(|_| call.refusal());
    let as_of = arguments.as_of.as_ref().map(day).transpose()?;
    let limit = arguments.limit.unwrap_or(20);
    if !(1..=100).contains(&limit) || arguments.query.trim().is_empty() {
        return Err(call.refusal());
    }
    let query = Query {
        text: arguments.query.trim(),
        systems: system.as_slice(),
        date: as_of.unwrap_or_else(|| call.snapshot.as_of()),
        max: limit,
        ended: false,
    };
    let found = call.snapshot.codes.search_document(&query, arguments.billable).await;
    let found = found.ok_or_else(|| Call::failure("The code sets could not be searched."))?;
    serde_json::to_value(found).map_err(|_| Call::failure("The answer could not be written."))
}
