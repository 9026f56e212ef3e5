//! A client of a server in this process.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::{
    io::{
        AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream, ReadHalf, WriteHalf,
    },
    sync::watch,
    task::JoinHandle,
    time::timeout,
};
use tonic::transport::Endpoint;

use super::LIMIT;
use crate::{Backend, CatalogState, LspOptions, serve};

/// A running server, seen by its client.
pub(crate) struct Client {
    input: WriteHalf<DuplexStream>,
    output: BufReader<ReadHalf<DuplexStream>>,
    server: JoinHandle<i32>,
    /// The answer to `initialize`.
    pub(crate) greeting: Value,
    /// The methods of the messages that were passed over.
    pub(crate) passed: Vec<String>,
    next_id: i64,
}

impl Client {
    /// A server whose code sets are in this state, not greeted yet. It knows the commands for tests.
    pub(crate) fn start(catalog: watch::Receiver<CatalogState>) -> Self {
        let (client, server) = tokio::io::duplex(1 << 16);
        let (server_input, server_output) = tokio::io::split(server);
        let options = LspOptions {
            channel: Endpoint::from_static("http://127.0.0.1:9").connect_lazy(),
            backend: Backend::Embedded,
            connect: None,
            catalog,
            install: None,
            timings: None,
            today: Arc::new(|| medcode_codes::date::ICD10_START),
            settings: crate::SettingsSources::default(),
            pages: None,
            test_hooks: true,
        };
        let server = tokio::spawn(serve(options, server_input, server_output));
        let (output, input) = tokio::io::split(client);
        Self {
            input,
            output: BufReader::new(output),
            server,
            greeting: Value::Null,
            passed: Vec::new(),
            next_id: 0,
        }
    }

    /// A server without code sets, not greeted yet.
    pub(crate) fn without_codes() -> Self {
        Self::start(watch::channel(CatalogState::Missing).1)
    }

    /// A server whose code sets are in this state, greeted by a client that shows progress and status.
    pub(crate) async fn greet(catalog: watch::Receiver<CatalogState>) -> Self {
        let params = json!({
            "capabilities": {"window": {"workDoneProgress": true}},
            "initializationOptions": {"statusNotification": true},
        });
        Self::greet_with(catalog, &params).await
    }

    /// A server whose code sets are in this state, greeted with these parameters of `initialize`.
    pub(crate) async fn greet_with(catalog: watch::Receiver<CatalogState>, params: &Value) -> Self {
        let mut client = Self::start(catalog);
        client.initialize(params).await;
        client
    }

    /// Says `initialize` and `initialized`, and keeps the answer to the first.
    pub(crate) async fn initialize(&mut self, params: &Value) {
        self.greeting = self.call("initialize", params).await;
        self.tell("initialized", &json!({})).await;
    }

    /// Sends one message.
    pub(crate) async fn send(&mut self, message: &Value) {
        self.send_raw(&framed(&message.to_string())).await;
    }

    /// Sends bytes as they are.
    pub(crate) async fn send_raw(&mut self, bytes: &[u8]) {
        timeout(LIMIT, self.input.write_all(bytes))
            .await
            .expect("the server reads")
            .expect("the server is there");
    }

    /// Sends a notification.
    pub(crate) async fn tell(&mut self, method: &str, params: &Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params})).await;
    }

    /// Sends a request and returns its id at once.
    pub(crate) async fn begin(&mut self, method: &str, params: &Value) -> i64 {
        self.next_id += 1;
        let id = self.next_id;
        let mut message = json!({"jsonrpc": "2.0", "id": id, "method": method});
        if !params.is_null() {
            message["params"] = params.clone();
        }
        self.send(&message).await;
        id
    }

    /// The whole response to a request, a refusal as well.
    pub(crate) async fn response(&mut self, id: i64) -> Value {
        self.expect(|message| message["id"] == id && message.get("method").is_none()).await
    }

    /// Sends a request and waits for its result.
    pub(crate) async fn call(&mut self, method: &str, params: &Value) -> Value {
        let id = self.begin(method, params).await;
        let mut response = self.response(id).await;
        assert!(response.get("error").is_none(), "{method} was refused: {response}");
        response["result"].take()
    }

    /// Asks, and waits for the answer: the result, or the error.
    pub(crate) async fn ask(&mut self, id: u32, method: &str, params: &Value) -> Value {
        self.request(id, method, params).await;
        self.answer(id).await
    }

    /// Asks and goes on.
    pub(crate) async fn request(&mut self, id: u32, method: &str, params: &Value) {
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})).await;
    }

    /// The answer to a question: the result, or the error.
    pub(crate) async fn answer(&mut self, id: u32) -> Value {
        let answer =
            self.expect(|message| message["id"] == id && message["method"].is_null()).await;
        answer.get("error").or_else(|| answer.get("result")).cloned().unwrap_or_default()
    }

    /// Opens a Markdown document.
    pub(crate) async fn open(&mut self, uri: &str, version: i32, text: &str) {
        let item = json!({"uri": uri, "languageId": "markdown", "version": version, "text": text});
        self.tell("textDocument/didOpen", &json!({"textDocument": item})).await;
    }

    /// The next message that is wanted; others are passed over.
    pub(crate) async fn expect(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = timeout(LIMIT, self.read()).await.expect("a message within the limit");
            if wanted(&message) {
                return message;
            }
            self.passed.push(message["method"].as_str().unwrap_or_default().to_owned());
        }
    }

    async fn read(&mut self) -> Value {
        let mut header = String::new();
        self.output.read_line(&mut header).await.unwrap();
        let length = header.trim().strip_prefix("Content-Length: ").unwrap().parse().unwrap();
        self.output.read_line(&mut header).await.unwrap();
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    /// The next `medcode/status` with this state of the code sets.
    pub(crate) async fn status(&mut self, catalog: &str) -> Value {
        self.expect(|message| {
            message["method"] == "medcode/status" && message["params"]["catalog"] == catalog
        })
        .await
    }

    /// The next report of progress of this kind.
    pub(crate) async fn progress(&mut self, kind: &str) -> Value {
        let found = self
            .expect(|message| {
                message["method"] == "$/progress" && message["params"]["value"]["kind"] == kind
            })
            .await;
        found["params"]["value"].clone()
    }

    /// Waits for the end of the server, and returns its exit code.
    pub(crate) async fn ended(self) -> i32 {
        timeout(LIMIT, self.server).await.expect("an end within the limit").expect("no panic")
    }
}

/// A message with its header.
pub(crate) fn framed(body: &str) -> Vec<u8> {
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}
