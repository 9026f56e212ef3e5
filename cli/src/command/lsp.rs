//! `medcode lsp`: the language server on stdin and stdout.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use clap::Args;
use medcode_lsp::{Backend, CatalogState, InstallProgress, Installer, LspOptions, PayerFiles};
use medcode_server::{
    app::App,
    catalog::{
        Catalog,
        follow::{self, follow},
        snapshot::Snapshot,
        store::catalog_path,
    },
    config::Config,
    install::{InstallOptions, Phase, Progress},
    payers,
};
use tokio::sync::watch;
use tonic::transport::Channel;

use crate::{
    args::Global,
    channel::{remote, today},
    data_dir,
    failure::{Answer, Failure},
    install, settings_files,
};

/// Options of `lsp`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Talk on stdin and stdout; the only way there is.
    #[arg(long)]
    stdio: bool,
    /// Folder for what is made anew when it is gone [default: the platform's cache directory].
    #[arg(long, env = "MEDCODE_CACHE_DIR", value_name = "DIR")]
    cache_dir: Option<PathBuf>,
    /// Write the log to this file instead of stderr.
    #[arg(long, value_name = "FILE")]
    pub(crate) log_file: Option<PathBuf>,
    /// Write how long answers took to this file, at the end.
    #[arg(long, value_name = "FILE")]
    timings: Option<PathBuf>,
}

/// Serves one editor and ends the process. The catalog is opened, or installed, while the editor already talks.
pub(crate) async fn run(global: &Global, options: &Options) -> Result<Answer, Failure> {
    let (state, catalog) = watch::channel(CatalogState::Loading);
    let mut settings = settings_files::sources(global)?;
    let (channel, backend, install) = if let Some(url) = &global.server {
        (remote(url)?, Backend::Remote, None)
    } else {
        let (channel, catalog, install) = embedded(global, state.clone())?;
        settings.payer_files =
            PayerFiles::read_by(move |files| catalog.payers.add(files.iter().cloned()));
        (channel, Backend::Embedded, Some(install))
    };
    let code = medcode_lsp::run(LspOptions {
        channel,
        backend,
        connect: Some(Arc::new(|url: &str| {
            remote(url).map_err(|_| {
                "server.url wants an address such as http://127.0.0.1:50051".to_owned()
            })
        })),
        catalog,
        install,
        timings: options.timings.clone(),
        today: Arc::new(today),
        settings,
        pages: pages(options),
        test_hooks: std::env::var_os("MEDCODE_LSP_TEST_HOOKS").is_some(),
    })
    .await;
    // A thread goes on waiting for stdin; returning from main would wait for it.
    std::process::exit(code)
}

/// Where the generated pages go. Nowhere for an account without a home directory.
fn pages(options: &Options) -> Option<PathBuf> {
    let platform = || {
        directories::ProjectDirs::from("", "", "medcode").map(|dirs| dirs.cache_dir().to_owned())
    };
    options.cache_dir.clone().or_else(platform).map(|cache| cache.join("pages"))
}

/// A service in this process whose catalog comes later, and is followed from then on: an editor is open for days.
fn embedded(
    global: &Global,
    state: watch::Sender<CatalogState>,
) -> Result<(Channel, Arc<Catalog>, Installer), Failure> {
    let data_dir = data_dir::resolve(global)?;
    let catalog = Arc::new(Catalog::default());
    install::read_payer_files(global, &data_dir, &catalog);
    let channel = App::new(Config::default(), catalog.clone(), today).into_channel();
    let path = catalog_path(&data_dir);
    // One installation at a time.
    let turn = Arc::new(Mutex::new(()));
    let install = installer(data_dir.clone(), catalog.clone(), state.clone(), turn.clone());
    let (opened, opened_state) = (catalog.clone(), state.clone());
    let global = global.clone();
    let opening = tokio::task::spawn_blocking(move || {
        let _turn = turn.lock();
        let tell = |progress| drop(opened_state.send_replace(CatalogState::Installing(progress)));
        let progress = Told { tell: &tell, steps: Mutex::new(0) };
        opened_state.send_replace(
            match install::open(&global, &data_dir, &progress, Snapshot::load) {
                Ok(snapshot) => {
                    opened.publish(snapshot);
                    CatalogState::Ready
                }
                Err(install::OpenError::Missing(_)) => CatalogState::Missing,
                Err(error) => {
                    tracing::error!(%error, "the catalog cannot be used");
                    CatalogState::Failed(error.to_string())
                }
            },
        );
    });
    tokio::spawn(payers::follow(catalog.clone(), follow::EVERY));
    let followed = catalog.clone();
    tokio::spawn(async move {
        // Whatever became of it: what another process puts there is taken up.
        drop(opening.await);
        let changed = |_: &Snapshot| {
            state.send_replace(CatalogState::Ready);
        };
        match follow(path, followed, follow::EVERY, changed).await {}
    });
    Ok((channel, catalog, install))
}

/// Installs when the user asks for it. Code sets that are there answer until the new ones do.
fn installer(
    data_dir: PathBuf,
    catalog: Arc<Catalog>,
    state: watch::Sender<CatalogState>,
    turn: Arc<Mutex<()>>,
) -> Installer {
    Arc::new(move |tell| {
        let Ok(_turn) = turn.try_lock() else {
            return Err("The code sets are being opened or installed already.".to_owned());
        };
        let is_first = *state.borrow() != CatalogState::Ready;
        let tell_state = |progress| drop(state.send_replace(CatalogState::Installing(progress)));
        let tell: &(dyn Fn(InstallProgress) + Sync) = if is_first { &tell_state } else { tell };
        let options = InstallOptions::from_environment();
        let progress = Told { tell, steps: Mutex::new(0) };
        let installed = medcode_server::install::install(&data_dir, &options, &progress)
            .map_err(|error| error.to_string());
        let loaded = installed.and_then(|_| {
            Snapshot::load(&catalog_path(&data_dir)).map_err(|error| error.to_string())
        });
        match loaded {
            Ok(snapshot) => {
                catalog.publish(snapshot);
                state.send_replace(CatalogState::Ready);
                Ok(())
            }
            Err(sentence) => {
                if is_first {
                    state.send_replace(CatalogState::Failed(sentence.clone()));
                }
                Err(sentence)
            }
        }
    })
}

/// Tells the editor how far the installation is.
struct Told<'t> {
    tell: &'t (dyn Fn(InstallProgress) + Sync),
    steps: Mutex<u64>,
}

impl Told<'_> {
    fn tell(&self, phase: Phase, done: u64, what: &str) {
        let steps = *self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        let percent =
            (done * 100).checked_div(steps).and_then(|percent| u8::try_from(percent.min(100)).ok());
        let message = if what.is_empty() {
            phase.title().to_owned()
        } else {
            format!("{}: {what}", phase.title())
        };
        (self.tell)(InstallProgress { message, percent });
    }
}

impl Progress for Told<'_> {
    fn begin(&self, phase: Phase, steps: u64) {
        *self.steps.lock().unwrap_or_else(PoisonError::into_inner) = steps;
        self.tell(phase, 0, "");
    }

    fn step(&self, phase: Phase, done: u64, what: &str) {
        self.tell(phase, done, what);
    }

    fn end(&self, _: Phase) {}
}
