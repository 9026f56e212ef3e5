//! `cargo xtask bench lsp`: the limits of the language server, measured on a release build over its pipes.
//!
//! One JSON document on standard output. Time of the processor is read from the system, so that a busy machine does not
//! show; times on the clock are those of the client and include the pipes. `--check` fails beyond twice a limit, since
//! shared machines are noisy.

use std::path::PathBuf;

use anyhow::bail;
use serde_json::{Value, json};

use super::{client::Client, measure::Series, notes};
use crate::{
    process::{self, say},
    workspace,
};

mod scenarios;

/// A goal and what was measured of it.
struct Goal {
    name: &'static str,
    /// The same unit as `measured`: milliseconds or megabytes.
    limit: f64,
    measured: f64,
}

/// What all scenarios need.
pub(super) struct Bench {
    binary: PathBuf,
    catalog: PathBuf,
    /// Codes with their titles, in the order of the server's answers.
    pool: Vec<(String, String)>,
    goals: Vec<Goal>,
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

    fn goal(&mut self, name: &'static str, limit: f64, measured: f64) {
        self.goals.push(Goal { name, limit, measured });
    }
}

/// What is measured in one go.
type Scenario = fn(&mut Bench) -> anyhow::Result<Value>;

/// Measures.
///
/// # Errors
/// The server does not build or answer; with `check`, a figure is beyond twice its limit.
#[expect(clippy::print_stdout, reason = "the result of the task")]
pub(crate) fn run(check: bool) -> anyhow::Result<()> {
    if !cfg!(target_os = "linux") {
        bail!("the time of the processor is read from /proc, which only Linux has");
    }
    let (binary, catalog) = provide()?;
    let load_before = machine("/proc/loadavg");
    let mut bench = Bench { binary, catalog, pool: Vec::new(), goals: Vec::new() };
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
    let report = json!({
        "what": "medcode lsp",
        "version": version(&bench),
        "command": "cargo xtask bench lsp",
        "machine": {
            "processor": processor(),
            "processors": std::thread::available_parallelism().map(usize::from).ok(),
            "kernel": machine("/proc/sys/kernel/osrelease"),
            "load_before": load_before,
            "load_after": machine("/proc/loadavg"),
        },
        "results": results,
        "goals": bench.goals.iter().map(|goal| json!({
            "name": goal.name,
            "limit": goal.limit,
            "measured": goal.measured,
            "met": goal.measured <= goal.limit,
        })).collect::<Vec<_>>(),
    });
    println!("{}", serde_json::to_string_pretty(&report)?);
    let beyond: Vec<_> = bench.goals.iter().filter(|it| it.measured > 2.0 * it.limit).collect();
    if check && !beyond.is_empty() {
        let names: Vec<_> = beyond.iter().map(|goal| goal.name).collect();
        bail!("beyond twice the limit: {}", names.join(", "));
    }
    Ok(())
}

/// The release build and a catalog: `MEDCODE_BINARY` and `MEDCODE_TEST_CATALOG` where they are set.
fn provide() -> anyhow::Result<(PathBuf, PathBuf)> {
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let binary = if let Some(binary) = set("MEDCODE_BINARY") {
        binary
    } else {
        let mut cargo = std::process::Command::new("cargo");
        let build = ["build", "--release", "--locked", "--package", "medcode"];
        process::run(cargo.current_dir(workspace::root()).args(build))?;
        workspace::target().join("release").join(format!("medcode{}", std::env::consts::EXE_SUFFIX))
    };
    let catalog = if let Some(catalog) = set("MEDCODE_TEST_CATALOG") {
        catalog
    } else {
        let catalog = workspace::test_cache().join("catalog");
        let mut install = std::process::Command::new(&binary);
        let arguments = ["catalog", "install", "--data-dir"];
        process::run(install.args(arguments).arg(&catalog))?;
        catalog
    };
    Ok((binary, catalog))
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

fn version(bench: &Bench) -> String {
    let asked = std::process::Command::new(&bench.binary).arg("--version").output();
    asked.map(|said| String::from_utf8_lossy(&said.stdout).trim().to_owned()).unwrap_or_default()
}

fn machine(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_default().trim().to_owned()
}

fn processor() -> String {
    let all = machine("/proc/cpuinfo");
    let name = all.lines().find_map(|line| line.strip_prefix("model name"));
    name.unwrap_or_default().trim_start_matches([' ', '\t', ':']).to_owned()
}

/// Two series of one scenario: on the clock of the client, and of the processor.
pub(super) fn both(clock: &Series, processor: &Series) -> Value {
    json!({ "clock_ms": clock.json(), "cpu_ms": processor.json() })
}
