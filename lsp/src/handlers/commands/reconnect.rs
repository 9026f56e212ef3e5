//! `medcode.server.reconnect`: looks for the code service now, rather than after the next pause.

use serde_json::{Value, json};

use crate::{
    handlers::execute_command::{Call, Command},
    protocol::Result,
};

pub(super) const COMMAND: Command = Command {
    name: "medcode.server.reconnect",
    wants: "no arguments",
    run: |call| Box::pin(run(call)),
};

async fn run(call: Call) -> Result<Value> {
    let connected = call.snapshot.codes.reconnect().await;
    Ok(json!({ "connected": connected }))
}
