//! The catalog of this machine: opened, or installed first when there is none.

use std::{path::Path, sync::Arc};

use medcode_server::{
    app::App,
    catalog::{
        Catalog,
        snapshot::Snapshot,
        store::{StoreError, catalog_path},
    },
    config::Config,
    install::{InstallError, InstallOptions, Progress, install, seed},
};
use tonic::transport::Channel;

use crate::{args::Global, channel::today, data_dir, failure::Failure, progress::Shown};

/// Why there is no catalog to answer from.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    /// None is installed, and it was not to be installed unasked.
    #[error("no catalog is installed at {0}; run `medcode catalog install`")]
    Missing(String),
    /// It could not be installed.
    #[error(transparent)]
    Install(#[from] InstallError),
    /// It could not be opened.
    #[error("{0}")]
    Store(StoreError),
}

/// How a catalog is loaded: [`Snapshot::load`] or [`Snapshot::open`].
pub(crate) type Load = fn(&Path) -> Result<Snapshot, StoreError>;

/// Opens the catalog. Where there is none it is copied from the one that came along, or else installed, unless that is
/// not wanted.
///
/// Blocks for as long as an installation takes.
pub(crate) fn open(
    global: &Global,
    data_dir: &Path,
    progress: &dyn Progress,
    load: Load,
) -> Result<Snapshot, OpenError> {
    let path = catalog_path(data_dir);
    if let Some(file) = global.seed_catalog.as_deref().filter(|_| !path.exists()) {
        // Not the last word: it may be installed.
        if let Err(error) = seed(data_dir, file, progress) {
            tracing::warn!(%error, "the catalog that came along cannot be used");
        }
    }
    if !path.exists() {
        if global.no_install {
            return Err(OpenError::Missing(path.display().to_string()));
        }
        install(data_dir, &InstallOptions::from_environment(), progress)?;
    }
    load(&path).map_err(OpenError::Store)
}

/// Reads the rule files of payers that belong to this machine: those of the data directory, and those that are named.
pub(crate) fn read_payer_files(global: &Global, data_dir: &Path, catalog: &Catalog) {
    let named = global.payer_files.iter().cloned();
    catalog.payers.add(std::iter::once(data_dir.join("payers")).chain(named));
}

/// A service inside this process over the installed catalog, and the catalog.
pub(crate) async fn in_process(global: &Global) -> Result<(Channel, Arc<Catalog>), Failure> {
    let data_dir = data_dir::resolve(global)?;
    let catalog = Arc::new(Catalog::default());
    read_payer_files(global, &data_dir, &catalog);
    let global = global.clone();
    // A command asks a few questions and ends.
    let opening = move || open(&global, &data_dir, &Shown::new(), Snapshot::open);
    let opened = tokio::task::spawn_blocking(opening).await;
    let snapshot = opened
        .map_err(|error| Failure::Unavailable(error.to_string()))?
        .map_err(|error| Failure::Unavailable(error.to_string()))?;
    catalog.publish(snapshot);
    Ok((App::new(Config::default(), catalog.clone(), today).into_channel(), catalog))
}
