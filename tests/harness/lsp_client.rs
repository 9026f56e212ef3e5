//! A language client that talks to the real binary over pipes.
//!
//! It holds stdin open until a test says otherwise, as editors do, and never waits for a time: every wait is for a
//! message or for the end of the process, with a limit.

use std::{
    collections::VecDeque,
    ffi::OsStr,
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::binary;

/// How long anything may take. Generous, because the machine may be busy; no test depends on it.
pub const LIMIT: Duration = Duration::from_secs(30);

/// A message of the server and the moment it arrived.
#[derive(Clone, Debug)]
pub struct Message {
    /// When its last byte was read.
    pub at: Instant,
    /// The message.
    pub body: Value,
}

/// How to start a server.
#[derive(Debug)]
pub struct LspServer {
    command: Command,
    /// Where its pages go, as long as it runs.
    cache: TempDir,
}

impl LspServer {
    /// `medcode lsp` that writes everything to its log, with the commands for tests switched on.
    fn new() -> Self {
        let mut command = Command::new(binary());
        command
            .arg("lsp")
            .env("MEDCODE_LSP_TEST_HOOKS", "1")
            .env("MEDCODE_LOG", "trace")
            .env("NO_COLOR", "1");
        let cache = TempDir::new().expect("a folder for the pages can be made");
        command.env("MEDCODE_CACHE_DIR", cache.path());
        Self { command, cache }
    }

    /// A server over the installed code sets.
    pub fn with_codes(data_dir: &Path) -> Self {
        let mut server = Self::new().env("MEDCODE_DATA_DIR", data_dir);
        server.command.env_remove("MEDCODE_SERVER");
        server
    }

    /// A server that asks another service.
    pub fn with_service(address: &str) -> Self {
        Self::new().env("MEDCODE_SERVER", address)
    }

    /// A server whose code service does not exist: for what needs no code set.
    pub fn without_codes() -> Self {
        // Port 9 of this machine: "discard", which nothing serves.
        Self::with_service("http://127.0.0.1:9")
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    /// Starts it.
    pub fn spawn(mut self) -> LspClient {
        let mut child = self
            .command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", binary().display()));
        let stdin = child.stdin.take();
        let stdout = child.stdout.take().expect("stdout is piped");
        let mut stderr = child.stderr.take().expect("stderr is piped");
        let (sender, messages) = channel();
        std::thread::spawn(move || read_messages(stdout, &sender));
        let log = std::thread::spawn(move || {
            let mut log = String::new();
            // What is no text ends the log early, and the assertions on it fail.
            let _ = stderr.read_to_string(&mut log);
            log
        });
        LspClient {
            child,
            stdin,
            messages,
            backlog: VecDeque::new(),
            log: Some(log),
            next_id: 0,
            cache: self.cache,
        }
    }
}

/// A running server, seen by its client. Dropping it kills the process.
#[derive(Debug)]
pub struct LspClient {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Message>,
    /// Messages that arrived while another one was waited for, oldest first.
    backlog: VecDeque<Message>,
    log: Option<JoinHandle<String>>,
    next_id: i64,
    cache: TempDir,
}

impl LspClient {
    /// Sends one message.
    pub fn send(&mut self, message: &Value) {
        self.send_raw(&frame(&message.to_string()));
    }

    /// Sends bytes as they are.
    pub fn send_raw(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().expect("stdin is open");
        // A server that has left closes the pipe; the test notices by what it waits for.
        let _ = stdin.write_all(bytes).and_then(|()| stdin.flush());
    }

    /// Sends a notification.
    pub fn notify(&mut self, method: &str, params: &Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Sends a request and returns its id at once.
    pub fn request(&mut self, method: &str, params: &Value) -> i64 {
        self.next_id += 1;
        let id = self.next_id;
        let mut message = json!({"jsonrpc": "2.0", "id": id, "method": method});
        if !params.is_null() {
            message["params"] = params.clone();
        }
        self.send(&message);
        id
    }

    /// Cancels a request.
    pub fn cancel(&mut self, id: i64) {
        self.notify("$/cancelRequest", &json!({"id": id}));
    }

    /// Answers a request of the server.
    pub fn answer(&mut self, request: &Value, result: &Value) {
        self.send(&json!({"jsonrpc": "2.0", "id": request["id"], "result": result}));
    }

    /// Waits for the response to a request.
    pub fn response(&mut self, id: i64) -> Message {
        self.wait_for(&format!("response {id}"), |body| {
            body["id"] == id && body.get("method").is_none()
        })
    }

    /// Sends a request and waits for its result. Panics when the answer is an error.
    pub fn call(&mut self, method: &str, params: &Value) -> Value {
        let id = self.request(method, params);
        let mut response = self.response(id).body;
        assert!(response.get("error").is_none(), "{method} was refused: {response}");
        response["result"].take()
    }

    /// Waits for the next notification or request of the server with this method.
    pub fn expect(&mut self, method: &str) -> Value {
        self.wait_for(method, |body| body["method"] == method).body
    }

    /// Waits for the next message that `wanted` accepts; others are kept for later.
    pub fn wait_for(&mut self, what: &str, mut wanted: impl FnMut(&Value) -> bool) -> Message {
        if let Some(position) = self.backlog.iter().position(|message| wanted(&message.body)) {
            return self.backlog.remove(position).expect("the position was found just now");
        }
        let deadline = Instant::now() + LIMIT;
        loop {
            match self.messages.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(message) if wanted(&message.body) => return message,
                Ok(message) => self.backlog.push_back(message),
                Err(RecvTimeoutError::Timeout) => {
                    panic!("no {what} within {LIMIT:?}; {}", self.arrived())
                }
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("the server left before {what}; {}", self.arrived())
                }
            }
        }
    }

    /// How many messages have arrived that nobody has waited for.
    pub fn unexpected(&self) -> usize {
        self.backlog.len()
    }

    fn arrived(&self) -> String {
        let methods = self.backlog.iter().map(|message| match message.body["method"].as_str() {
            Some(method) => method.to_owned(),
            None => format!("response {}", message.body["id"]),
        });
        format!("instead: {:?}", methods.collect::<Vec<_>>())
    }

    /// Sends `initialize` with these parameters and `initialized`; returns the answer.
    pub fn initialize(&mut self, params: &Value) -> Value {
        let answer = self.call("initialize", params);
        self.notify("initialized", &json!({}));
        answer
    }

    /// Opens a Markdown document.
    pub fn open(&mut self, uri: &str, version: i32, text: &str) {
        let item = json!({"uri": uri, "languageId": "markdown", "version": version, "text": text});
        self.notify("textDocument/didOpen", &json!({"textDocument": item}));
    }

    /// Replaces the whole text of a document.
    pub fn change(&mut self, uri: &str, version: i32, text: &str) {
        self.change_by(uri, version, &json!([{ "text": text }]));
    }

    /// Sends changes of a document.
    pub fn change_by(&mut self, uri: &str, version: i32, changes: &Value) {
        let document = json!({"uri": uri, "version": version});
        self.notify(
            "textDocument/didChange",
            &json!({"textDocument": document, "contentChanges": changes}),
        );
    }

    /// Waits for diagnostics of this version of a document.
    pub fn diagnostics(&mut self, uri: &str, version: i32) -> Vec<Value> {
        let wanted = |body: &Value| {
            body["method"] == "textDocument/publishDiagnostics"
                && body["params"]["uri"] == uri
                && body["params"]["version"] == version
        };
        let mut message = self.wait_for("diagnostics", wanted).body;
        match message["params"]["diagnostics"].take() {
            Value::Array(diagnostics) => diagnostics,
            other => panic!("diagnostics are a list, not {other}"),
        }
    }

    /// Waits for diagnostics of this version of a document that `wanted` accepts: what is known of codes may arrive after
    /// the first answer.
    pub fn wait_for_diagnostics(
        &mut self,
        uri: &str,
        version: i32,
        wanted: impl Fn(&[Value]) -> bool,
    ) -> Vec<Value> {
        loop {
            let found = self.diagnostics(uri, version);
            if wanted(&found) {
                return found;
            }
        }
    }

    /// Waits for a diagnostic of this rule in this version of a document, and returns the first.
    pub fn wait_for_rule(&mut self, uri: &str, version: i32, rule: &str) -> Value {
        let of_rule = |found: &&Value| found["code"] == rule;
        let found = self
            .wait_for_diagnostics(uri, version, |found| found.iter().any(|found| of_rule(&found)));
        found.iter().find(of_rule).cloned().unwrap_or_default()
    }

    /// Says `shutdown` and waits for the answer.
    pub fn shut_down(&mut self) {
        assert_eq!(self.call("shutdown", &Value::Null), Value::Null);
    }

    /// Says `exit`.
    pub fn exit(&mut self) {
        self.send(&json!({"jsonrpc": "2.0", "method": "exit"}));
    }

    /// Closes stdin.
    pub fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// The folder where the server puts its pages.
    pub fn cache(&self) -> &Path {
        self.cache.path()
    }

    /// The process id of the server.
    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the end of the process. Stdin stays as it is. Returns the exit code and how long it took.
    pub fn wait_exit(&mut self) -> (Option<i32>, Duration) {
        let begin = Instant::now();
        let deadline = begin + LIMIT;
        loop {
            match self.messages.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(message) => self.backlog.push_back(message),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    panic!("the server is still there after {LIMIT:?}")
                }
            }
        }
        let status = self.child.wait().expect("the child was started and not waited for");
        (status.code(), begin.elapsed())
    }

    /// Ends the server and returns everything it wrote to stderr.
    pub fn log(mut self) -> String {
        self.stop();
        self.log
            .take()
            .map(|log| log.join().expect("reading a pipe does not panic"))
            .unwrap_or_default()
    }

    /// Ends the server and checks that it did not panic and that its log holds none of these words.
    pub fn assert_quiet(self, planted: &[&str]) {
        let log = self.log();
        let begins = log.char_indices().rev().nth(2000).map_or(0, |(at, _)| at);
        for word in planted.iter().chain(&["panicked", "PANIC"]) {
            assert!(
                !log.contains(word),
                "the log holds {word:?}; it ends with:\n{}",
                &log[begins..]
            );
        }
    }

    fn stop(&mut self) {
        // Both fail when the process has ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for LspClient {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A message with its header.
pub fn frame(body: &str) -> Vec<u8> {
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// Reads messages until the pipe ends. Anything that is no message ends it too, and the test with it.
fn read_messages(stdout: ChildStdout, messages: &Sender<Message>) {
    let mut stdout = BufReader::new(stdout);
    while let Some(body) = read_message(&mut stdout) {
        let message = Message { at: Instant::now(), body };
        if messages.send(message).is_err() {
            return;
        }
    }
}

fn read_message(stdout: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stdout.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let value = line
            .strip_prefix("Content-Length: ")
            .unwrap_or_else(|| panic!("not the protocol: {line:?}"));
        length = value.parse().unwrap_or_else(|_| panic!("not a length: {value:?}"));
    }
    let mut body = vec![0; length];
    stdout.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).unwrap_or_else(|error| panic!("not a message: {error}")))
}
