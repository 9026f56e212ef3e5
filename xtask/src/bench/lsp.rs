//! `cargo xtask bench lsp`: the limits of the language server, measured on a release build over its pipes.
//!
//! Time of the processor is read from the system, so that a busy machine does not show; times on the clock are those of
//! the client and include the pipes.

use std::path::PathBuf;

use anyhow::bail;
use serde_json::{Value, json};

use super::{client::Client, figures::Figure, machine, measure::Series, notes, programs};
use crate::process::say;

mod scenarios;

/// What all scenarios need.
pub(super) struct Bench {
    binary: PathBuf,
    catalog: PathBuf,
    /// Codes with their titles, in the order of the server's answers.
    pool: Vec<(String, String)>,
    figures: Vec<Figure>,
}

impl Bench {
    fn client(&self) -> anyhow::Result<Client> {
        Client::spawn(&self.binary, &self.catalog)
    }

    /// A server that has its code sets and has answered once.
    fn warm(&self) -> anyhow::Result<Client> {
        let mut client = self.client()?;
        client.initialize()?;
        client.open("file:///warm-up.md", "Dx: E11.9\n")?;
        client.diagnostics("file:///warm-up.md", 1)?;
        Ok(client)
    }

    fn goal(&mut self, name: &str, unit: &str, goal: f64, measured: f64) {
        self.figures.push(Figure::at_most(name, unit, goal, measured));
    }
}

/// What is measured in one go.
type Scenario = fn(&mut Bench) -> anyhow::Result<Value>;

/// Measures.
///
/// # Errors
/// The server does not build or answer.
pub(crate) fn run() -> anyhow::Result<Value> {
    if !cfg!(target_os = "linux") {
        bail!("the time of the processor is read from /proc, which only Linux has");
    }
    let (binary, catalog) = programs::provide()?;
    let load_before = machine::load();
    let mut bench = Bench { binary, catalog, pool: Vec::new(), figures: Vec::new() };
    bench.pool = pool(&bench)?;
    let mut results = serde_json::Map::new();
    let all: [(&str, Scenario); 6] = [
        ("initialize", scenarios::initialize),
        ("note_1000_lines", scenarios::note_of_1000_lines),
        ("note_1_mb", scenarios::note_of_1_mb),
        ("completion", scenarios::completion),
        ("hover", scenarios::hover),
        ("memory", scenarios::memory),
    ];
    for (name, scenario) in all {
        say(&format!("measuring {name}"));
        results.insert(name.to_owned(), scenario(&mut bench)?);
    }
    Ok(json!({
        "what": "medcode lsp",
        "version": machine::version(&bench.binary),
        "command": "cargo xtask bench lsp",
        "date": machine::today(),
        "machine": machine::facts(&load_before),
        "figures": bench.figures,
        "results": results,
    }))
}

/// Codes of many categories, as the server completes them.
fn pool(bench: &Bench) -> anyhow::Result<Vec<(String, String)>> {
    let mut client = bench.warm()?;
    let mut pool = Vec::new();
    for beginning in notes::beginnings() {
        let uri = format!("file:///pool/{beginning}.md");
        client.open(&uri, &format!("Dx: {beginning}"))?;
        let place = json!({
            "textDocument": { "uri": uri },
            "position": { "line": 0, "character": 4 + beginning.len() },
            "context": { "triggerKind": 1 },
        });
        let answer = client.request("textDocument/completion", &place)?.result;
        let items = answer.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
        pool.extend(items.iter().filter_map(|item| {
            let code = item.get("label")?.as_str()?;
            let title = item.pointer("/labelDetails/description")?.as_str()?;
            (code.len() > 3).then(|| (code.to_owned(), title.to_owned()))
        }));
        client.close(&uri)?;
    }
    pool.dedup();
    if pool.len() < 1_000 {
        bail!("only {} codes were completed; is the catalog whole?", pool.len());
    }
    Ok(pool)
}

/// Two series of one scenario: on the clock of the client, and of the processor.
pub(super) fn both(clock: &Series, processor: &Series) -> Value {
    json!({ "clock_ms": clock.json(), "cpu_ms": processor.json() })
}
