//! `medcode.server.lookup`: what codes mean, as `medcode lookup --json` prints it.

use medcode_codes::{date::parse_iso, system::CodeSystem};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    handlers::execute_command::{Call, Command},
    protocol::Result,
};

/// The most codes in one question.
const MOST_CODES: usize = 100;

pub(super) const COMMAND: Command = Command {
    name: "medcode.server.lookup",
    wants: "codes, as in {\"codes\": [\"E11.9\"], \"system\": \"icd10cm\", \"asOf\": \"2026-03-02\"}; at most 100, and only \
            the codes are needed",
    run: |call| Box::pin(run(call)),
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Arguments {
    codes: Vec<String>,
    system: Option<String>,
    as_of: Option<String>,
}

async fn run(mut call: Call) -> Result<Value> {
    let arguments: Arguments = call.read(&["codes..."])?;
    let known = |name: &String| CodeSystem::from_identifier(name).map_err(|_| call.refusal());
    let system = arguments.system.as_ref().map(known).transpose()?;
    let day = |text: &String| parse_iso(text).map_err(|_| call.refusal());
    let as_of = arguments.as_of.as_ref().map(day).transpose()?;
    if arguments.codes.is_empty() || arguments.codes.len() > MOST_CODES {
        return Err(call.refusal());
    }
    let date = as_of.unwrap_or_else(|| call.snapshot.as_of());
    let document = call.snapshot.codes.lookup_document(&arguments.codes, system, date).await;
    let document = document.ok_or_else(|| Call::failure("The codes could not be asked about."))?;
    serde_json::to_value(document).map_err(|_| Call::failure("The answer could not be written."))
}
