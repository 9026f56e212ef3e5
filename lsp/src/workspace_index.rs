//! Which codes stand where in the notes of the workspace folders.
//!
//! Codes and places are kept, never text. The index is made on the blocking pool once the client is ready, and made true
//! again by looking at time and size of each file: files that are as they were are not read again. That is done when
//! something is known to have changed, and before a question where the client does not tell of changes. Open documents
//! stand above their files; who asks looks into them first.

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime},
};

use medcode_codes::{code::Code, system::CodeSystem};
use tokio::{
    sync::{Notify, watch},
    time::{Instant, timeout},
};

use crate::{
    folders::Folder,
    governing::Governing,
    ingress::Signals,
    pages::Pages,
    positions::{Encoding, Span},
    protocol::Url,
    session::Session,
    snapshot::Snapshot,
    sought::Coded,
};

mod file;
mod walk;

pub(crate) use file::codes_in;

/// How long a question waits for the index before it is answered from what there is.
const PATIENCE: Duration = Duration::from_secs(10);
/// How old the index may be where the client does not tell of changes.
const STALE_AFTER: Duration = Duration::from_secs(2);
/// How long further changes are waited for: a checkout changes many files.
const GATHER: Duration = Duration::from_millis(300);

/// A code at a place of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CodePlace {
    /// The code.
    pub(crate) coded: Coded,
    /// Where it stands, in the encoding of the client.
    pub(crate) span: Span,
    /// More than its shape speaks for it.
    pub(crate) is_evident: bool,
}

/// A note with its codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CodedNote {
    /// Its address.
    pub(crate) uri: Url,
    /// Its codes in text order; one that may belong to two systems stands twice.
    pub(crate) codes: Vec<CodePlace>,
}

/// A note of the workspace as it was last read.
#[derive(Clone, Debug)]
struct IndexedFile {
    note: Arc<CodedNote>,
    /// When and how large it was.
    stamp: Stamp,
}

/// Time of the last change, and bytes.
pub(crate) type Stamp = (SystemTime, u64);

/// The notes of the workspace by their paths.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files {
    by_path: BTreeMap<PathBuf, IndexedFile>,
    uses: HashMap<Code, u32>,
}

impl Files {
    fn new(by_path: BTreeMap<PathBuf, IndexedFile>) -> Self {
        let mut uses = HashMap::new();
        let codes = by_path.values().flat_map(|file| &file.note.codes);
        for place in codes.filter(|place| place.is_evident) {
            if let Some(code) = place.coded.code() {
                *uses.entry(code).or_insert(0) += 1;
            }
        }
        Self { by_path, uses }
    }

    /// All notes with their paths and their times and sizes, in the order of paths.
    pub(crate) fn stamped(&self) -> impl Iterator<Item = (&Path, &Arc<CodedNote>, Stamp)> {
        self.by_path.iter().map(|(path, file)| (path.as_path(), &file.note, file.stamp))
    }

    /// All notes with their paths, in the order of paths.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&Path, &Arc<CodedNote>)> {
        self.by_path.iter().map(|(path, file)| (path.as_path(), &file.note))
    }

    /// The codes of a system that stand most often in the notes, the most frequent first.
    pub(crate) fn most_used(&self, system: CodeSystem, most: usize) -> Vec<Code> {
        let of_system = self.uses.iter().filter(|(code, _)| code.system() == system);
        let mut codes: Vec<(u32, Code)> = of_system.map(|(code, count)| (*count, *code)).collect();
        codes.sort_by(|(a, code), (b, other)| b.cmp(a).then(code.cmp(other)));
        codes.into_iter().take(most).map(|(_, code)| code).collect()
    }
}

/// What is to be looked at again.
#[derive(Debug, Default)]
struct Dirt {
    /// Counts everything that was touched since the start.
    count: u64,
    /// Everything.
    all: bool,
    /// These files.
    paths: Vec<PathBuf>,
}

impl Dirt {
    /// Everything that is to be looked at, which is nothing then.
    fn take(&mut self) -> Self {
        let all = std::mem::take(&mut self.all);
        Self { count: self.count, all, paths: std::mem::take(&mut self.paths) }
    }
}

/// What a look at the disk needs to know.
#[derive(Clone)]
struct Scope {
    folders: Arc<Vec<Folder>>,
    governing: Arc<Governing>,
    encoding: Encoding,
    /// What lies there is no note.
    pages: Pages,
}

impl Scope {
    fn of(snapshot: &Snapshot) -> Self {
        Self {
            folders: snapshot.folders.clone(),
            governing: snapshot.governing.clone(),
            encoding: snapshot.client.encoding,
            pages: snapshot.pages.clone(),
        }
    }
}

/// The index as it was last made.
#[derive(Clone, Debug)]
struct Made {
    files: Arc<Files>,
    /// What was touched up to this count is in it.
    count: u64,
    at: Instant,
}

/// The index. Cloning shares it.
#[derive(Clone, Debug)]
pub(crate) struct WorkspaceIndex {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    dirt: Mutex<Dirt>,
    touched: Notify,
    /// Somebody waits: do not gather.
    hurry: Notify,
    made: watch::Sender<Made>,
}

impl WorkspaceIndex {
    /// An empty index, to be made when its task runs.
    pub(crate) fn new() -> Self {
        let made = Made { files: Arc::default(), count: 0, at: Instant::now() };
        let dirt = Dirt { count: 1, all: true, paths: Vec::new() };
        let inner = Inner {
            dirt: Mutex::new(dirt),
            touched: Notify::new(),
            hurry: Notify::new(),
            made: watch::Sender::new(made),
        };
        Self { inner: Arc::new(inner) }
    }

    fn dirt(&self) -> std::sync::MutexGuard<'_, Dirt> {
        self.inner.dirt.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Folders or settings changed: everything is looked at again.
    pub(crate) fn touch_all(&self) {
        {
            let mut dirt = self.dirt();
            dirt.count += 1;
            dirt.all = true;
        }
        self.inner.touched.notify_one();
    }

    /// A file came, changed or went.
    pub(crate) fn touch(&self, path: PathBuf) {
        {
            let mut dirt = self.dirt();
            dirt.count += 1;
            dirt.paths.push(path);
        }
        self.inner.touched.notify_one();
    }

    /// The notes as they were when last looked at, at once.
    pub(crate) fn latest(&self) -> Arc<Files> {
        self.inner.made.borrow().files.clone()
    }

    /// The notes as they are now; after a time what there is. `told` says that the client tells of changes.
    pub(crate) async fn current(&self, told: bool) -> Arc<Files> {
        if !told && self.inner.made.borrow().at.elapsed() > STALE_AFTER {
            self.touch_all();
        }
        let wanted = self.dirt().count;
        self.inner.hurry.notify_one();
        let mut made = self.inner.made.subscribe();
        // A sender that is gone means that the server ends.
        let _ = timeout(PATIENCE, made.wait_for(|made| made.count >= wanted)).await;
        self.latest()
    }

    /// Makes the index and keeps it true, as long as the server runs.
    pub(crate) async fn tend(self, session: Arc<Session>, signals: Arc<Signals>) {
        let stop = StopOnDrop::default();
        signals.initialized().await;
        loop {
            let dirt = self.dirt().take();
            let count = dirt.count;
            let (before, scope) = (self.latest(), Scope::of(&session.snapshot()));
            let flag = stop.0.clone();
            let known = before.clone();
            let look = tokio::task::spawn_blocking(move || walk::look(&known, dirt, &scope, &flag));
            let files = match look.await {
                Ok(looked) => {
                    session.tell(&looked.complaints);
                    Arc::new(looked.files)
                }
                // The log has why. Nobody waits for it again.
                Err(_) => before,
            };
            self.inner.made.send_replace(Made { files, count, at: Instant::now() });
            self.inner.touched.notified().await;
            let _ = timeout(GATHER, self.inner.hurry.notified()).await;
        }
    }
}

/// Ends the work on the blocking pool with the task that waits for it.
#[derive(Debug, Default)]
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests;
