//! The language server of medcode: text to codings, codings to issues, issues to what an editor shows.
//!
//! It stands on tower-lsp 0.20, whose hazards `ingress`, `transport` and `client_requests` keep away from everything
//! else. Messages come in through the `ingress`, which alone changes texts and settings; handlers answer from snapshots;
//! what the server says of its own accord leaves through the `outbox`. Codes are asked of a service behind a channel
//! that the caller makes: in this process or elsewhere, which nothing here can tell. Text never leaves the process.
//!
//! Absent on purpose: meaning. What a code is and what a rule says lives in `medcode-codes`.

#![deny(clippy::print_stdout, reason = "stdout is the protocol")]

use std::{fmt, path::PathBuf, sync::Arc};

use medcode_codes::date::Date;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::{mpsc, watch},
    task::JoinSet,
};
use tonic::transport::Channel;

mod analysis;
mod backend;
mod capabilities;
mod client_facts;
mod client_requests;
mod code_client;
mod concept;
pub mod config;
mod configuration;
mod conversation;
mod documents;
mod folders;
mod from_lsp;
mod governing;
mod handlers;
#[cfg(test)]
mod in_process_tests;
mod ingress;
mod issue_counts;
mod issue_links;
pub mod json;
mod methods;
mod outbox;
mod pages;
mod panic_hook;
mod parent_watch;
mod positions;
mod progress;
pub mod project;
mod protocol;
mod refresh;
mod reported;
mod server;
mod session;
mod settings_watch;
mod snapshot;
mod sought;
mod status;
mod timings;
mod to_lsp;
mod tokens_given;
mod trace;
mod transport;
mod watched_files;
pub mod wire;
mod workspace_check;
mod workspace_index;

pub use crate::governing::{PayerFiles, SettingsSources};
use crate::{
    backend::{Choice, Target},
    client_requests::ClientRequests,
    code_client::CodeClient,
    handlers::Means,
    ingress::{Ingress, Signals},
    outbox::Outbox,
    pages::Pages,
    protocol::LspService,
    session::{Phase, Session},
};

/// Where the answers about codes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    /// A service in this process.
    Embedded,
    /// A service elsewhere, named by a flag or the environment. Stands above the address in the settings.
    Remote,
}

/// The state of the code sets in this process. Of no meaning for a remote back end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CatalogState {
    /// Being opened. Questions wait, within their time limits.
    Loading,
    /// Answering.
    Ready,
    /// Being installed; until that ends there is nothing to ask.
    Installing(InstallProgress),
    /// Not there, and not being installed.
    Missing,
    /// Could not be opened or installed. One sentence for the user, with the way out.
    Failed(String),
}

/// How far an installation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstallProgress {
    /// What is being done: "downloading ICD-10-CM".
    pub message: String,
    /// How much of the whole is done, 0 to 100; `None` when nobody knows.
    pub percent: Option<u8>,
}

/// Makes a channel to an address from the settings. It should connect when first used; the error is one sentence for the
/// user.
pub type Connector = Arc<dyn Fn(&str) -> Result<Channel, String> + Send + Sync>;

/// Installs the default code sets, or brings them up to date, and takes them up. Blocks for minutes, telling how far it is;
/// the error is one sentence for the user.
pub type Installer =
    Arc<dyn Fn(&(dyn Fn(InstallProgress) + Sync)) -> Result<(), String> + Send + Sync>;

/// What the language server is given.
#[derive(Clone)]
pub struct LspOptions {
    /// The service that is asked about codes.
    pub channel: Channel,
    /// Where `channel` leads.
    pub backend: Backend,
    /// Makes channels for the setting `server.url`. `None`: the setting has no effect.
    pub connect: Option<Connector>,
    /// The state of the code sets behind an embedded `channel`.
    pub catalog: watch::Receiver<CatalogState>,
    /// Installs the code sets behind an embedded `channel`, when the user asks for it.
    pub install: Option<Installer>,
    /// A file that is to hold how long answers took, once the server ends.
    pub timings: Option<PathBuf>,
    /// Today's date.
    pub today: Arc<dyn Fn() -> Date + Send + Sync>,
    /// Where settings come from beside the editor.
    pub settings: SettingsSources,
    /// The folder for generated pages, which need not exist. `None`: there are none, and nothing leads to them.
    pub pages: Option<PathBuf>,
    /// Adds commands that provoke panics and delays, for tests of the binary.
    pub test_hooks: bool,
}

impl fmt::Debug for LspOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LspOptions")
            .field("backend", &self.backend)
            .field("catalog", &*self.catalog.borrow())
            .field("test_hooks", &self.test_hooks)
            .finish_non_exhaustive()
    }
}

/// Serves on stdin and stdout until the client leaves, and returns the exit code of the process: 0 after `shutdown`, else
/// 1. The caller must end the process with it at once, since a thread goes on waiting for stdin.
///
/// Replaces the panic hook of the process by one that prints no message, because messages may quote a note.
pub async fn run(options: LspOptions) -> i32 {
    panic_hook::install();
    serve(options, tokio::io::stdin(), tokio::io::stdout()).await
}

/// Serves on any pair of streams, and returns the exit code as [`run`] does.
///
/// # Panics
/// Never: the framework makes the server before it returns the service.
pub async fn serve<I, O>(options: LspOptions, input: I, output: O) -> i32
where
    I: AsyncRead + Send + Unpin + 'static,
    O: AsyncWrite + Send + Unpin + 'static,
{
    let (outbox, mailbag) = Outbox::new();
    let (wake, woken) = mpsc::unbounded_channel();
    let (codes, keeper) = CodeClient::new();
    let link = codes.link();
    let news = codes.clone();
    let pages = Pages::new(options.pages);
    let ahead = pages.clone().tend(codes.clone());
    let session = Arc::new(Session::new(
        wake.clone(),
        outbox.clone(),
        codes,
        options.today,
        options.settings,
        pages,
    ));
    let signals = Arc::new(Signals::default());
    let (target, target_seen) = watch::channel(Target::Undecided);

    let mut made = None;
    let (service, socket) = LspService::new(|client| {
        let client = ClientRequests::new(client);
        made = Some(client.clone());
        let means = Means::new(client, session.clone(), options.install);
        server::Server::new(means, options.test_hooks)
    });
    let client = made.expect("the framework makes the server before it returns the service");

    let choice =
        Choice { channel: options.channel, backend: options.backend, connect: options.connect };
    let catalog = options.catalog;
    let mut tasks = JoinSet::new();
    tasks.spawn(outbox::deliver(mailbag, client.clone(), session.clone(), signals.clone()));
    tasks.spawn(analysis::run(session.clone(), outbox.clone(), woken));
    tasks.spawn(backend::follow(
        choice,
        signals.clone(),
        outbox.clone(),
        session.settings(),
        catalog.clone(),
        target,
    ));
    tasks.spawn(keeper.run(target_seen.clone(), wake));
    tasks.spawn(news.watch_catalog(target_seen.clone()));
    tasks.spawn(status::report(
        session.clone(),
        signals.clone(),
        outbox.clone(),
        catalog.clone(),
        target_seen,
        link,
    ));
    let refreshes = outbox.refreshes().clone();
    tasks.spawn(workspace_check::tell(
        session.clone(),
        client.clone(),
        signals.clone(),
        outbox.clone(),
    ));
    tasks.spawn(refresh::run(session.clone(), client.clone(), signals.clone(), refreshes));
    tasks.spawn(progress::show_installations(
        session.clone(),
        client.clone(),
        signals.clone(),
        catalog,
    ));
    tasks.spawn(settings_watch::run(session.clone()));
    tasks.spawn(session.index().clone().tend(session.clone(), signals.clone()));
    tasks.spawn(watched_files::register(session.clone(), client.clone(), signals.clone()));
    tasks.spawn(ahead);
    tasks.spawn(configuration::pull(session.clone(), client, signals.clone()));

    let ingress = Ingress::new(service, session.clone(), signals.clone());
    conversation::hold(ingress, socket, &session, &signals, input, output).await;
    tasks.shutdown().await;
    if let Some(path) = options.timings
        && let Err(error) = session.timings().write(&path)
    {
        tracing::warn!(%error, "the timings could not be written");
    }
    i32::from(session.phase() != Phase::ShutDown)
}
