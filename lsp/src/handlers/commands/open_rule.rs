//! `medcode.server.openRule`: shows the page of a rule.

use medcode_codes::rules;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    handlers::{
        execute_command::{Call, Command},
        show::show,
    },
    protocol::{Range as LspRange, Result},
};

pub(super) const COMMAND: Command = Command {
    name: "medcode.server.openRule",
    wants: "the id of a rule, as in {\"rule\": \"excludes1-conflict\"}",
    run: |call| Box::pin(async { run(call) }),
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    rule: String,
}

fn run(mut call: Call) -> Result<Value> {
    let Arguments { rule } = call.read(&["rule"])?;
    let rule = rules::find(&rule).ok_or_else(|| call.refusal())?;
    let page = call.snapshot.pages.rule(rule);
    let page = page.ok_or_else(|| Call::failure("The page of the rule could not be written."))?;
    Ok(show(&call, rule.id, page, LspRange::default()))
}
