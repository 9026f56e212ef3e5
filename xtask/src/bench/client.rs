//! A language client that measures the server it has started.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use serde_json::{Value, json};

/// How long anything may take.
const LIMIT: Duration = Duration::from_secs(120);

/// A running server.
pub(super) struct Client {
    child: Child,
    stdin: ChildStdin,
    messages: Receiver<(Instant, Value)>,
    /// When the process was started.
    pub(super) spawned: Instant,
    last_id: i64,
}

/// An answer.
pub(super) struct Answer {
    /// Its result; null for an error.
    pub(super) result: Value,
    /// From before the request was written to after the answer was read, in milliseconds.
    pub(super) clock: f64,
    /// When it was read.
    pub(super) at: Instant,
}

/// Memory of the server in megabytes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Memory {
    pub(super) resident: f64,
    pub(super) peak: f64,
    pub(super) anonymous: f64,
    pub(super) mapped: f64,
}

impl Client {
    /// Starts a server.
    ///
    /// # Errors
    /// It cannot be started.
    pub(super) fn spawn(binary: &Path, catalog: &Path) -> anyhow::Result<Self> {
        let spawned = Instant::now();
        let mut child = Command::new(binary)
            .arg("lsp")
            .arg("--data-dir")
            .arg(catalog)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("start {}", binary.display()))?;
        let stdin = child.stdin.take().context("the input of the server")?;
        let mut stdout = BufReader::new(child.stdout.take().context("the output of the server")?);
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read(&mut stdout) {
                if sender.send((Instant::now(), message)).is_err() {
                    return;
                }
            }
        });
        Ok(Self { child, stdin, messages, spawned, last_id: 0 })
    }

    /// Says `initialize` and `initialized`; nothing is waited for before diagnostics.
    ///
    /// # Errors
    /// The server does not answer.
    pub(super) fn initialize(&mut self) -> anyhow::Result<Answer> {
        let capabilities = json!({
            "textDocument": {
                "publishDiagnostics": {
                    "relatedInformation": true,
                    "dataSupport": true,
                    "versionSupport": true,
                    "tagSupport": { "valueSet": [1, 2] },
                },
                "completion": { "completionItem": { "labelDetailsSupport": true } },
                "hover": { "contentFormat": ["markdown"] },
            },
        });
        let options = json!({ "diagnostics": { "delayMs": 0 } });
        let answer = self.request(
            "initialize",
            &json!({
                "processId": std::process::id(),
                "rootUri": null,
                "capabilities": capabilities,
                "initializationOptions": options,
            }),
        )?;
        self.notify("initialized", &json!({}))?;
        Ok(answer)
    }

    /// Asks and waits for the answer.
    ///
    /// # Errors
    /// The server does not answer.
    pub(super) fn request(&mut self, method: &str, params: &Value) -> anyhow::Result<Answer> {
        self.last_id += 1;
        let id = self.last_id;
        let message = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        let asked = Instant::now();
        self.send(&message)?;
        let is_answer = |message: &Value| {
            message.get("method").is_none() && message.get("id").and_then(Value::as_i64) == Some(id)
        };
        let (at, mut message) = self.wait(method, is_answer)?;
        let result = message.get_mut("result").map(Value::take).unwrap_or_default();
        Ok(Answer { result, clock: millis(at - asked), at })
    }

    /// Tells.
    ///
    /// # Errors
    /// The server is gone.
    pub(super) fn notify(&mut self, method: &str, params: &Value) -> anyhow::Result<()> {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }))
    }

    /// Opens a note at version 1.
    ///
    /// # Errors
    /// The server is gone.
    pub(super) fn open(&mut self, uri: &str, text: &str) -> anyhow::Result<()> {
        let document = json!({ "uri": uri, "languageId": "markdown", "version": 1, "text": text });
        self.notify("textDocument/didOpen", &json!({ "textDocument": document }))
    }

    /// Closes a note.
    ///
    /// # Errors
    /// The server is gone.
    pub(super) fn close(&mut self, uri: &str) -> anyhow::Result<()> {
        self.notify("textDocument/didClose", &json!({ "textDocument": { "uri": uri } }))
    }

    /// Types at a place.
    ///
    /// # Errors
    /// The server is gone.
    pub(super) fn type_at(
        &mut self,
        uri: &str,
        version: i32,
        (line, character): (usize, usize),
        text: &str,
    ) -> anyhow::Result<()> {
        let place = json!({ "line": line, "character": character });
        let change = json!({ "range": { "start": place, "end": place }, "text": text });
        let params = json!({
            "textDocument": { "uri": uri, "version": version },
            "contentChanges": [change],
        });
        self.notify("textDocument/didChange", &params)
    }

    /// Waits for the diagnostics of a version of a note: when they were read, and how many there are.
    ///
    /// # Errors
    /// None come.
    pub(super) fn diagnostics(
        &mut self,
        uri: &str,
        version: i32,
    ) -> anyhow::Result<(Instant, usize)> {
        let (at, message) = self.wait("diagnostics", |message| {
            message.get("method").and_then(Value::as_str) == Some("textDocument/publishDiagnostics")
                && message.pointer("/params/uri").and_then(Value::as_str) == Some(uri)
                && message.pointer("/params/version").and_then(Value::as_i64)
                    == Some(version.into())
        })?;
        let list = message.pointer("/params/diagnostics").and_then(Value::as_array);
        Ok((at, list.map_or(0, Vec::len)))
    }

    /// Time of the processor that the server has used, in milliseconds.
    ///
    /// # Errors
    /// The system does not say.
    pub(super) fn processor(&self) -> anyhow::Result<f64> {
        let mut nanoseconds = 0.0;
        for task in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            // A thread may have ended meanwhile.
            let said = fs::read_to_string(task?.path().join("schedstat")).unwrap_or_default();
            nanoseconds += said.split(' ').next().and_then(|it| it.parse().ok()).unwrap_or(0.0);
        }
        Ok(nanoseconds / 1e6)
    }

    /// Memory of the server.
    ///
    /// # Errors
    /// The system does not say.
    pub(super) fn memory(&self) -> anyhow::Result<Memory> {
        let said = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let of = |name: &str| {
            let line = said.lines().find_map(|line| line.strip_prefix(name))?;
            let kilobytes: f64 = line.split_whitespace().next()?.parse().ok()?;
            Some(kilobytes / 1024.0)
        };
        Ok(Memory {
            resident: of("VmRSS:").context("VmRSS")?,
            peak: of("VmHWM:").context("VmHWM")?,
            anonymous: of("RssAnon:").context("RssAnon")?,
            mapped: of("RssFile:").context("RssFile")?,
        })
    }

    fn send(&mut self, message: &Value) -> anyhow::Result<()> {
        let body = serde_json::to_vec(message)?;
        let mut bytes = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
        bytes.extend(body);
        self.stdin.write_all(&bytes)?;
        self.stdin.flush()?;
        Ok(())
    }

    /// Waits for a message; what the server asks is answered with null on the way.
    fn wait(
        &mut self,
        what: &str,
        wanted: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<(Instant, Value)> {
        loop {
            let Ok((at, message)) = self.messages.recv_timeout(LIMIT) else {
                bail!("no answer to {what}");
            };
            if let (Some(id), true) = (message.get("id"), message.get("method").is_some()) {
                self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": null }))?;
            } else if wanted(&message) {
                return Ok((at, message));
            }
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A span in milliseconds.
pub(super) fn millis(span: Duration) -> f64 {
    span.as_secs_f64() * 1000.0
}

/// The next message. `None` when the server has ended.
fn read(stdout: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stdout.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("Content-Length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    stdout.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
