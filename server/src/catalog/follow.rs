//! Follows the catalog file: a new one that was put in its place is loaded and published while the old one answers.
//!
//! An installation and an import replace the file by one rename. Looking at what the path leads to notices that on every
//! file system, network ones and those of containers among them, where messages of the system about changes are
//! missing or lost; once a second costs nothing. Nothing has to be handed over from whoever loaded the catalog first:
//! the first look compares the digest of the file with the snapshot that answers, so that no swap is lost in between.

use std::{
    convert::Infallible,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use tokio::{
    task::spawn_blocking,
    time::{MissedTickBehavior, interval},
};

use super::{
    Catalog,
    snapshot::Snapshot,
    store::{StoreError, read::CatalogReader},
};

/// How often the file is looked at.
pub const EVERY: Duration = Duration::from_secs(1);

/// A file that could not be loaded is tried again after so many looks: what was wrong may have been the permissions, or
/// a file system that was away, neither of which changes the file.
const LOOKS_BEFORE_RETRY: u32 = 30;

/// Keeps `catalog` at the state of the file at `path`, looking at it `every` so often. `changed` is told each snapshot
/// that was put in.
///
/// A file that is gone changes nothing. One that cannot be loaded is logged once as an error, and the snapshot before
/// goes on answering. Never ends: drop it.
pub async fn follow(
    path: PathBuf,
    catalog: Arc<Catalog>,
    every: Duration,
    changed: impl Fn(&Snapshot),
) -> Infallible {
    let mut follower = Follower { path, catalog, seen: None };
    let mut looks = interval(every);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        looks.tick().await;
        if let Looked::Published(snapshot) = follower.look().await {
            changed(&snapshot);
        }
    }
}

/// What a look at the file led to.
#[derive(Debug)]
enum Looked {
    /// The file is gone, or it was looked at before, or says what is known.
    Nothing,
    /// It was loaded, and answers now.
    Published(Arc<Snapshot>),
    /// It cannot be loaded, and this was logged.
    Refused,
}

struct Follower {
    path: PathBuf,
    catalog: Arc<Catalog>,
    /// The file as it was when it was last opened, and what came of it.
    seen: Option<Seen>,
}

struct Seen {
    stamp: Stamp,
    /// Looks until it is tried again; `None` when it need not be.
    retry: Option<u32>,
}

impl Follower {
    async fn look(&mut self) -> Looked {
        let path = self.path.clone();
        // A file that cannot be looked at is as good as gone; it may come back.
        let Ok(Ok(stamp)) = spawn_blocking(move || Stamp::of(&path)).await else {
            return Looked::Nothing;
        };
        let is_known = match &mut self.seen {
            Some(seen) if seen.stamp == stamp => {
                seen.retry = seen.retry.map(|looks| looks.saturating_sub(1));
                if seen.retry != Some(0) {
                    return Looked::Nothing;
                }
                true
            }
            _ => false,
        };
        let (path, catalog) = (self.path.clone(), self.catalog.clone());
        // Loading takes a second of a processor, and so does letting go of the snapshot before.
        let renewed = spawn_blocking(move || renew(&path, &catalog)).await;
        let (retry, looked) = match renewed {
            Ok(Ok(None)) => (None, Looked::Nothing),
            Ok(Ok(Some(snapshot))) => (None, Looked::Published(snapshot)),
            // Gone or replaced since: the next look sees what is there then.
            Ok(Err(StoreError::Missing(_) | StoreError::Replaced)) => {
                self.seen = None;
                return Looked::Nothing;
            }
            Ok(Err(error)) => (Some(LOOKS_BEFORE_RETRY), self.refuse(&error.to_string(), is_known)),
            // A panic, whose message is not for the log.
            Err(_) => {
                (Some(LOOKS_BEFORE_RETRY), self.refuse("loading it failed unexpectedly", is_known))
            }
        };
        self.seen = Some(Seen { stamp, retry });
        looked
    }

    /// Says once of a file that it cannot be used, and what that means.
    fn refuse(&self, reason: &str, is_known: bool) -> Looked {
        if is_known {
            return Looked::Nothing;
        }
        if self.catalog.current().is_some() {
            tracing::error!(
                reason,
                "the new catalog is not used; the one before goes on answering"
            );
        } else {
            tracing::error!(reason, "the catalog cannot be used");
        }
        Looked::Refused
    }
}

/// Loads the file beside the snapshot that answers and puts it in, unless it says the same.
fn renew(path: &Path, catalog: &Catalog) -> Result<Option<Arc<Snapshot>>, StoreError> {
    let digest = CatalogReader::open(path)?.digest()?;
    if catalog.current().is_some_and(|current| current.digest == digest) {
        return Ok(None);
    }
    let snapshot = Arc::new(Snapshot::load(path)?);
    // Between the two it may have been replaced by what answers already.
    if catalog.current().is_some_and(|current| current.digest == snapshot.digest) {
        return Ok(None);
    }
    catalog.publish(snapshot.clone());
    Ok(Some(snapshot))
}

/// Tells a file from one that was put in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    device: u64,
    inode: u64,
    length: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    fn of(path: &Path) -> io::Result<Self> {
        let file = fs::metadata(path)?;
        let (device, inode) = identity(&file);
        Ok(Self { device, inode, length: file.len(), modified: file.modified().ok() })
    }
}

#[cfg(unix)]
fn identity(file: &fs::Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (file.dev(), file.ino())
}

/// Length and time have to do where files have no number.
#[cfg(not(unix))]
fn identity(_: &fs::Metadata) -> (u64, u64) {
    (0, 0)
}

#[cfg(test)]
mod tests;
