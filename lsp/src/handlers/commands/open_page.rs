//! `medcode.server.openPage`: shows a code on its page of the tabular list.

use medcode_codes::{date::parse_iso, system::CodeSystem};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    concept::Looked,
    handlers::{
        execute_command::{Call, Command},
        show::show,
    },
    protocol::Result,
    to_lsp,
};

pub(super) const COMMAND: Command = Command {
    name: "medcode.server.openPage",
    wants: "a code, as in {\"code\": \"E11.9\", \"system\": \"icd10cm\", \"asOf\": \"2026-03-02\"}; only the code is needed",
    run: |call| Box::pin(run(call)),
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Arguments {
    code: String,
    system: Option<String>,
    as_of: Option<String>,
}

async fn run(mut call: Call) -> Result<Value> {
    let arguments: Arguments = call.read(&["code", "system", "asOf"])?;
    let known = |name: &String| CodeSystem::from_identifier(name).map_err(|_| call.refusal());
    let named = arguments.system.as_ref().map(known).transpose()?;
    let day = |text: &String| parse_iso(text).map_err(|_| call.refusal());
    let date = arguments.as_of.as_ref().map(day).transpose()?;
    let date = date.unwrap_or_else(|| call.snapshot.as_of());
    let code = arguments.code.trim();
    if code.is_empty() || code.len() > 64 {
        return Err(call.refusal());
    }
    let (codes, pages) = (&call.snapshot.codes, &call.snapshot.pages);
    let systems =
        CodeSystem::ALL.into_iter().filter(|system| named.is_none_or(|named| named == *system));
    for system in systems {
        // Without a system the first in which the code exists; with one the page on which it would stand.
        let exists = matches!(*codes.lookup(system, code, date).await, Looked::Known(_));
        if !exists && named.is_none() {
            continue;
        }
        if let Some(place) = pages.locate(codes, system, code, date).await {
            let selection = to_lsp::selected(&place);
            return Ok(show(&call, code, place.uri, selection));
        }
    }
    Err(Call::failure("There is no page for this code."))
}
