//! `medcode serve`: the gRPC service.

use std::{net::SocketAddr, sync::Arc};

use clap::Args;
use medcode_codes::system::CodeSystem;
use medcode_server::{
    app::{App, ServeError, bind},
    catalog::{
        Catalog,
        follow::{self, follow},
        snapshot::Snapshot,
        store::catalog_path,
    },
    config::{Config, Documents},
    payers,
};

use crate::{
    args::Global,
    channel::today,
    data_dir,
    failure::{Answer, Failure},
    install, output,
    progress::Shown,
};

/// Options of `serve`.
///
/// Examples: `medcode serve`, `medcode serve --listen 127.0.0.1:0`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Address to listen on; port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:50051", value_name = "ADDR")]
    listen: SocketAddr,
    /// Listen on an address that other machines can reach, without TLS and authentication.
    #[arg(long)]
    allow_insecure_listen: bool,
    /// Do not take text: no `DocumentService`. It is off anyway where other machines can connect.
    #[arg(long)]
    no_documents: bool,
    /// Take text although other machines can connect.
    #[arg(long, conflicts_with = "no_documents")]
    documents: bool,
}

/// Serves until a signal comes. The listener is open while the catalog is installed or opened; health tells. A catalog
/// that is put in the place of the one that answers is taken up while it runs.
pub(crate) async fn run(global: &Global, options: &Options) -> Result<Answer, Failure> {
    let config = Config {
        listen: options.listen,
        allow_insecure_listen: options.allow_insecure_listen,
        documents: Documents {
            enabled: (options.documents || options.no_documents).then_some(options.documents),
            ..Documents::default()
        },
        ..Config::default()
    };
    let data_dir = data_dir::resolve(global)?;
    let listener = bind(&config).await.map_err(|error| failure(&error))?;
    let address = listener.local_addr()?;
    output::notice(&format!("listening on {address}"));

    let catalog = Arc::new(Catalog::new(&config.caches));
    let app = App::new(config, catalog.clone(), today);
    let path = catalog_path(&data_dir);
    install::read_payer_files(global, &data_dir, &catalog);
    let payers = payers::follow(catalog.clone(), follow::EVERY);
    let from = global.clone();
    let opening = tokio::task::spawn_blocking(move || {
        install::open(&from, &data_dir, &Shown::new(), Snapshot::load)
    });
    let opened = async {
        let opened = opening.await.map_err(|error| Failure::Unavailable(error.to_string()))?;
        match opened {
            Ok(snapshot) => {
                let serving = serving(&snapshot);
                catalog.publish(snapshot);
                output::notice(&serving);
            }
            // Somebody else is to install it.
            Err(error @ install::OpenError::Missing(_)) => {
                output::notice(&format!("waiting: {error}"));
            }
            // Only a failure to open ends the service.
            Err(error) => return Err(Failure::Unavailable(error.to_string())),
        }
        let changed = |snapshot: &Snapshot| {
            output::notice(&format!("{} (catalog changed)", serving(snapshot)));
        };
        match follow(path, catalog, follow::EVERY, changed).await {}
    };
    tokio::select! {
        served = app.serve(listener, stop()) => served.map_err(|error| failure(&error))?,
        failed = opened => failed?,
        never = payers => match never {},
    }
    output::notice("stopped");
    Ok(Answer::Yes)
}

/// What is served, in words.
fn serving(snapshot: &Snapshot) -> String {
    let systems = CodeSystem::ALL.into_iter();
    let loaded = systems.filter(|system| snapshot.terminology.table(*system).is_some());
    let loaded: Vec<_> = loaded.map(CodeSystem::title).collect();
    format!("serving {}", loaded.join(", "))
}

/// Over when the process is told to stop. A second signal ends it at once.
async fn stop() {
    signal().await;
    tokio::spawn(async {
        signal().await;
        std::process::exit(130);
    });
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        // Without handlers the signals end the process by themselves.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

#[cfg(not(unix))]
async fn signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn failure(error: &ServeError) -> Failure {
    let is_wrong_call = matches!(error, ServeError::NotLoopback(_));
    let cause =
        std::error::Error::source(error).map_or_else(String::new, |cause| format!(": {cause}"));
    let message = format!("{error}{cause}");
    if is_wrong_call { Failure::Usage(message) } else { Failure::Unavailable(message) }
}
