//! `medcode.server.children`: one level of a code system, for trees that are opened level by level.

use medcode_codes::{date::parse_iso, system::CodeSystem};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    concept::Looked,
    handlers::execute_command::{Call, Command},
    json::children::Child,
    protocol::Result,
};

pub(super) const COMMAND: Command = Command {
    name: "medcode.server.children",
    wants: "a system and the code whose children are wanted, as in {\"system\": \"icd-10-cm\", \"code\": \"E11\", \"asOf\": \
            \"2026-03-02\"}; without a code the top of the system, without a system the systems",
    run: |call| Box::pin(run(call)),
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Arguments {
    system: Option<String>,
    #[serde(default)]
    code: String,
    as_of: Option<String>,
}

async fn run(mut call: Call) -> Result<Value> {
    let arguments: Arguments = call.read(&["system", "code"])?;
    let known = |name: &String| CodeSystem::from_identifier(name).map_err(|_| call.refusal());
    let system = arguments.system.as_ref().map(known).transpose()?;
    let day = |text: &String| parse_iso(text).map_err(|_| call.refusal());
    let as_of = arguments.as_of.as_ref().map(day).transpose()?;
    let date = as_of.unwrap_or_else(|| call.snapshot.as_of());
    let codes = &call.snapshot.codes;
    let systems = codes.systems().await;
    let systems = systems.ok_or_else(|| Call::failure("The code sets could not be asked."))?;
    let Some(system) = system else {
        // A code alone could be one of several sets.
        return if arguments.code.is_empty() { answer(&systems) } else { Err(call.refusal()) };
    };
    if !systems.iter().any(|loaded| loaded.system == system.id()) {
        return Err(Call::failure("The code set is not installed."));
    }
    // Asked first, and remembered: a service takes a list below a code that is not there for an error.
    if !arguments.code.is_empty() {
        match &*codes.lookup(system, &arguments.code, date).await {
            Looked::Known(concept) if concept.child_count > 0 => {}
            Looked::Known(_) => return Ok(Value::Array(Vec::new())),
            Looked::Unknown { .. } => return Err(Call::failure("There is no such code.")),
            Looked::Unavailable(_) => {
                return Err(Call::failure("The code sets could not be asked."));
            }
        }
    }
    let children = codes.children_document(system, &arguments.code, date).await;
    let children = children.ok_or_else(|| Call::failure("The code sets could not be asked."))?;
    answer(&children)
}

fn answer(children: &[Child]) -> Result<Value> {
    serde_json::to_value(children).map_err(|_| Call::failure("The answer could not be written."))
}
