//! `workspace/executeCommand`: one file per command below [`super::commands`]. Nothing that a user needs depends on a
//! command of the client.

use std::{future::Future, pin::Pin, sync::Arc};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::commands::COMMANDS;
use crate::{
    Installer,
    client_requests::ClientRequests,
    protocol::{Error, ExecuteCommandParams, Result, request::Request},
    session::Session,
    snapshot::Snapshot,
};

/// A command of the server. Its name begins with `medcode.server.`: VS Code registers announced commands for all
/// extensions, and those of ours that a palette shows begin with `medcode.` alone.
pub(crate) struct Command {
    /// The name, as it is announced.
    pub(crate) name: &'static str,
    /// What it wants, to follow "wants": `a code, as in {"code": "E11.9"}`.
    pub(super) wants: &'static str,
    /// Runs it.
    pub(super) run: fn(Call) -> Running,
}

/// A command that runs.
pub(super) type Running = Pin<Box<dyn Future<Output = Result<Value>> + Send>>;

/// What a command may set in motion beside its answer.
#[derive(Clone)]
pub(crate) struct Means {
    /// The line to the client. A command never waits for it: see [`Means::ask`].
    client: ClientRequests,
    /// Takes requests for a new check.
    pub(crate) session: Arc<Session>,
    /// Installs code sets, where that is possible.
    pub(super) install: Option<Installer>,
}

impl Means {
    /// Collects them.
    pub(crate) fn new(
        client: ClientRequests,
        session: Arc<Session>,
        install: Option<Installer>,
    ) -> Self {
        Self { client, session, install }
    }

    /// The line to the client, for what waits in a task of its own.
    pub(crate) fn client(&self) -> &ClientRequests {
        &self.client
    }

    /// Asks the client and goes on: its answer may come late, or never.
    pub(crate) fn ask<R>(&self, params: R::Params)
    where
        R: Request + 'static,
        R::Params: Send + 'static,
        R::Result: Send + 'static,
    {
        let client = self.client.clone();
        tokio::spawn(async move { client.ask::<R>(params).await });
    }
}

/// A command with what it was given.
pub(super) struct Call {
    /// The state when the command arrived.
    pub(super) snapshot: Snapshot,
    /// What it may set in motion.
    pub(super) means: Means,
    name: &'static str,
    wants: &'static str,
    arguments: Vec<Value>,
}

impl Call {
    /// Reads the arguments: one object, or values in the order of `names`. A last name with `...` takes all the rest, as
    /// a list. Without arguments it is an empty object.
    pub(super) fn read<T: DeserializeOwned>(&mut self, names: &[&str]) -> Result<T> {
        let arguments = std::mem::take(&mut self.arguments);
        serde_json::from_value(Value::Object(named(arguments, names))).map_err(|_| self.refusal())
    }

    /// The error for arguments with which the command can do nothing: what it wants.
    pub(super) fn refusal(&self) -> Error {
        Error::invalid_params(format!("{} wants {}.", self.name, self.wants))
    }

    /// The error for what could not be done, in one sentence.
    pub(super) fn failure(sentence: &str) -> Error {
        Error { message: sentence.to_owned().into(), ..Error::internal_error() }
    }
}

fn named(arguments: Vec<Value>, names: &[&str]) -> Map<String, Value> {
    let mut arguments = arguments.into_iter().peekable();
    if let Some(Value::Object(object)) = arguments.next_if(Value::is_object) {
        return object;
    }
    let mut object = Map::new();
    for name in names {
        match name.strip_suffix("...") {
            Some(name) if arguments.peek().is_some_and(|first| !first.is_array()) => {
                object.insert(name.to_owned(), arguments.by_ref().collect());
            }
            rest => {
                let Some(value) = arguments.next() else { break };
                object.insert(rest.unwrap_or(name).to_owned(), value);
            }
        }
    }
    object
}

/// Runs a command. An unknown one, and arguments of another form, are errors with a sentence.
pub(crate) async fn execute_command(
    snapshot: Snapshot,
    means: Means,
    params: ExecuteCommandParams,
) -> Result<Option<Value>> {
    let known = COMMANDS.iter().find(|command| command.name == params.command);
    let Some(command) = known else {
        return Err(Error::invalid_params("medcode has no such command."));
    };
    let call = Call {
        snapshot,
        means,
        name: command.name,
        wants: command.wants,
        arguments: params.arguments,
    };
    (command.run)(call).await.map(Some)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tokio::sync::watch;

    use super::*;
    use crate::{CatalogState, in_process_tests::Client};

    fn read(arguments: &Value, names: &[&str]) -> Value {
        Value::Object(named(arguments.as_array().unwrap().clone(), names))
    }

    #[test]
    fn arguments_are_one_object_or_values_in_order() {
        assert_eq!(read(&json!([{"query": "x"}]), &["query"]), json!({"query": "x"}));
        assert_eq!(read(&json!(["x", 7]), &["query", "limit"]), json!({"query": "x", "limit": 7}));
        assert_eq!(read(&json!(["a", "b"]), &["codes..."]), json!({"codes": ["a", "b"]}));
        assert_eq!(read(&json!([["a", "b"]]), &["codes..."]), json!({"codes": ["a", "b"]}));
        assert_eq!(read(&json!([]), &["codes..."]), json!({}));
    }

    #[test]
    fn names_are_unique_and_of_the_server() {
        for (place, command) in COMMANDS.iter().enumerate() {
            assert!(command.name.starts_with("medcode.server."), "{}", command.name);
            let twice = COMMANDS.iter().skip(place + 1).any(|other| other.name == command.name);
            assert!(!twice, "{}", command.name);
        }
    }

    #[tokio::test]
    async fn refuses_with_a_sentence_what_it_does_not_know() {
        let (_state, catalog) = watch::channel(CatalogState::Missing);
        let mut client = Client::greet_with(catalog, &json!({"capabilities": {}})).await;
        let announced = &client.greeting["capabilities"]["executeCommandProvider"]["commands"];
        assert!(announced.as_array().unwrap().contains(&json!("medcode.server.lookup")));
        let asked = [
            ("medcode.server.nothing", json!([]), "medcode has no such command."),
            (
                "medcode.server.lookup",
                json!([{"code": "E11.9"}]),
                "medcode.server.lookup wants codes",
            ),
            ("medcode.server.lookup", json!(["E11.9"]), "The codes could not be asked about."),
            ("medcode.server.search", json!(["", "x"]), "medcode.server.search wants words"),
            (
                "medcode.server.recheck",
                json!(["file:///not/open"]),
                "medcode.server.recheck wants the",
            ),
        ];
        for (id, (command, arguments, sentence)) in (10..).zip(asked) {
            let params = json!({"command": command, "arguments": arguments});
            let answer = client.ask(id, "workspace/executeCommand", &params).await;
            let message = answer["message"].as_str().unwrap_or_default();
            assert!(message.starts_with(sentence), "{command}: {answer}");
        }
    }

    #[tokio::test]
    async fn tells_the_state_to_whoever_asks() {
        let (_state, catalog) = watch::channel(CatalogState::Missing);
        let mut client = Client::greet_with(catalog, &json!({"capabilities": {}})).await;
        // The error is shown when the state is known.
        client.expect(|message| message["method"] == "window/showMessage").await;
        let params = json!({"command": "medcode.server.status"});
        let answer = client.ask(10, "workspace/executeCommand", &params).await;
        assert_eq!((&answer["health"], &answer["catalog"]), (&json!("error"), &json!("missing")));
        let params = json!({"command": "medcode.server.recheck", "arguments": []});
        let answer = client.ask(11, "workspace/executeCommand", &params).await;
        assert_eq!(answer["documents"], 0);
    }
}
