//! The server over a pipe in memory, for what the real binary shows only by accident: the states of its code sets.

use std::{sync::Arc, time::Duration};

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

use crate::{Backend, CatalogState, InstallProgress, LspOptions, serve};

/// How long anything may take.
const LIMIT: Duration = Duration::from_secs(20);

pub(crate) struct Client {
    input: WriteHalf<DuplexStream>,
    output: BufReader<ReadHalf<DuplexStream>>,
    server: JoinHandle<i32>,
    /// The answer to `initialize`.
    pub(crate) greeting: Value,
    /// The methods of the messages that were passed over.
    pub(crate) passed: Vec<String>,
}

impl Client {
    /// A server whose code sets are in this state, greeted by a client that shows progress and status.
    async fn greet(catalog: watch::Receiver<CatalogState>) -> Self {
        let params = json!({
            "capabilities": {"window": {"workDoneProgress": true}},
            "initializationOptions": {"statusNotification": true},
        });
        Self::greet_with(catalog, &params).await
    }

    /// A server whose code sets are in this state, greeted with these parameters of `initialize`.
    pub(crate) async fn greet_with(catalog: watch::Receiver<CatalogState>, params: &Value) -> Self {
        let (client, server) = tokio::io::duplex(1 << 16);
        let (server_input, server_output) = tokio::io::split(server);
        let options = LspOptions {
            channel: Endpoint::from_static("http://127.0.0.1:9").connect_lazy(),
            backend: Backend::Embedded,
            connect: None,
            catalog,
            today: Arc::new(|| medcode_codes::date::ICD10_START),
            settings: crate::SettingsSources::default(),
            test_hooks: false,
        };
        let server = tokio::spawn(serve(options, server_input, server_output));
        let (output, input) = tokio::io::split(client);
        let mut client = Self {
            input,
            output: BufReader::new(output),
            server,
            greeting: Value::Null,
            passed: Vec::new(),
        };
        client
            .send(&json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}))
            .await;
        client.greeting = client.expect(|message| message["id"] == 1).await["result"].take();
        client.send(&json!({"jsonrpc": "2.0", "method": "initialized", "params": {}})).await;
        client
    }

    pub(crate) async fn send(&mut self, message: &Value) {
        let body = message.to_string();
        let framed = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.input.write_all(framed.as_bytes()).await.unwrap();
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

    /// Sends a notification.
    pub(crate) async fn tell(&mut self, method: &str, params: &Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params})).await;
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

    async fn status(&mut self, catalog: &str) -> Value {
        self.expect(|message| {
            message["method"] == "medcode/status" && message["params"]["catalog"] == catalog
        })
        .await
    }

    async fn progress(&mut self, kind: &str) -> Value {
        let found = self
            .expect(|message| {
                message["method"] == "$/progress" && message["params"]["value"]["kind"] == kind
            })
            .await;
        found["params"]["value"].clone()
    }
}

fn installing(message: &str, percent: u8) -> CatalogState {
    CatalogState::Installing(InstallProgress {
        message: message.to_owned(),
        percent: Some(percent),
    })
}

#[tokio::test]
async fn shows_an_installation_from_begin_to_end() {
    let (state, catalog) = watch::channel(installing("downloading", 10));
    let mut client = Client::greet(catalog).await;
    let create =
        client.expect(|message| message["method"] == "window/workDoneProgress/create").await;
    client.send(&json!({"jsonrpc": "2.0", "id": create["id"], "result": null})).await;
    client.progress("begin").await;
    let report = client.progress("report").await;
    assert_eq!((&report["message"], &report["percentage"]), (&json!("downloading"), &json!(10)));
    state.send_replace(installing("importing", 60));
    assert_eq!(client.progress("report").await["message"], "importing");
    state.send_replace(CatalogState::Failed("The disk is full.".to_owned()));
    assert_eq!(client.progress("end").await["message"], "The disk is full.");
}

#[tokio::test]
async fn tells_what_a_failed_installation_means() {
    let (state, catalog) = watch::channel(installing("downloading", 10));
    let mut client = Client::greet(catalog).await;
    assert_eq!(client.status("installing").await["params"]["health"], "warning");
    state.send_replace(CatalogState::Failed("The disk is full.".to_owned()));
    let shown = client.expect(|message| message["method"] == "window/showMessage").await;
    assert_eq!(shown["params"], json!({"type": 1, "message": "medcode: The disk is full."}));
    assert_eq!(client.status("missing").await["params"]["health"], "error");
}

#[tokio::test]
async fn says_nothing_while_the_code_sets_are_being_opened() {
    let (state, catalog) = watch::channel(CatalogState::Loading);
    let mut client = Client::greet(catalog).await;
    client.send(&json!({"jsonrpc": "2.0", "id": 2, "method": "shutdown"})).await;
    let next = client.expect(|_| true).await;
    assert_eq!(next, json!({"jsonrpc": "2.0", "id": 2, "result": null}));
    client.send(&json!({"jsonrpc": "2.0", "method": "exit"})).await;
    assert_eq!(timeout(LIMIT, client.server).await.unwrap().unwrap(), 0);
    drop(state);
}

#[tokio::test]
async fn lives_on_when_nobody_tells_the_state_of_the_code_sets_any_more() {
    let (state, catalog) = watch::channel(CatalogState::Missing);
    let mut client = Client::greet(catalog).await;
    drop(state);
    client.status("missing").await;
    client.send(&json!({"jsonrpc": "2.0", "id": 2, "method": "shutdown"})).await;
    client.expect(|message| message["id"] == 2).await;
}
