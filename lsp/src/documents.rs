//! The open documents and their texts.
//!
//! Texts change only here, synchronously, one message after the other; the ingress alone calls it. Readers hold a
//! document by `Arc` and keep seeing the version they took, however long they work.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    ops::Range,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicI32, Ordering},
    },
    time::Duration,
};

use medcode_codes::{
    document::Parts,
    note::{Note, Scanned, TypingContext},
};
use tokio::time::Instant;

use crate::{
    positions::{Encoding, Grid, LineTable, Span},
    protocol::Url,
};

mod text;

pub(crate) use text::NoteText;

/// An open document at one version.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// The address under which the client opened it.
    pub(crate) uri: Url,
    /// The version of the text; grows, and may skip numbers.
    pub(crate) version: i32,
    /// The client takes it for Markdown.
    pub(crate) is_markdown: bool,
    text: NoteText,
    lines: LineTable,
    /// When the text changed last, if it did since it was opened.
    changed: Option<Instant>,
    /// The newest version, shared by all versions since the document was opened.
    newest: Arc<AtomicI32>,
    /// The text as it was scanned, once somebody has asked.
    scanned: Arc<OnceLock<Arc<Scanned>>>,
    /// The last version that somebody has asked about, from which the next one is scanned.
    last_scan: Arc<Mutex<Option<Arc<Scanned>>>>,
    /// What checks have worked out of its encounters, one version after the other.
    parts: Arc<Mutex<Parts>>,
}

/// Bytes that are scanned in well below a millisecond, so that another thread would only cost time.
const QUICK_SCAN: usize = 32 * 1024;

impl Document {
    /// A document as the client opened it.
    pub(crate) fn new(uri: Url, version: i32, text: String) -> Self {
        let lines = LineTable::new(&text);
        Self {
            uri,
            version,
            is_markdown: false,
            text: NoteText::new(text),
            lines,
            changed: None,
            newest: Arc::new(AtomicI32::new(version)),
            scanned: Arc::default(),
            last_scan: Arc::default(),
            parts: Arc::default(),
        }
    }

    /// Whether the text has changed since this version.
    pub(crate) fn is_outdated(&self) -> bool {
        self.newest.load(Ordering::Relaxed) != self.version
    }

    /// When the text will have been left alone for this long. `None` when it never changed.
    pub(crate) fn quiet_at(&self, pause: Duration) -> Option<Instant> {
        self.changed.map(|changed| changed + pause)
    }

    /// The whole text.
    pub(crate) fn text(&self) -> &str {
        self.text.as_str()
    }

    /// What is found in the text. Scanned once for each version, off the caller's thread where it takes long.
    pub(crate) async fn note(self: &Arc<Self>) -> Arc<Note> {
        self.scan().await.map_or_else(Arc::default, |scanned| scanned.note().clone())
    }

    /// What `work` makes of the document and what is found in it, off the caller's thread where the text is long. `None`
    /// when `work` panicked, which the log has.
    pub(crate) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self, &Note) -> T + Send + 'static,
    ) -> Option<T> {
        if self.text().len() <= QUICK_SCAN {
            return Some(work(self, self.scanned().note()));
        }
        let document = self.clone();
        let work = move || work(&document, document.scanned().note());
        tokio::task::spawn_blocking(work).await.ok()
    }

    /// What may be typed at byte `offset`; see [`medcode_codes::note::context_at`].
    pub(crate) async fn context_at(self: &Arc<Self>, offset: usize) -> Option<TypingContext> {
        Some(self.scan().await?.context_at(offset))
    }

    /// The text as it was scanned. `None` when that failed, which the log has.
    async fn scan(self: &Arc<Self>) -> Option<Arc<Scanned>> {
        if self.scanned.get().is_some() || self.text().len() <= QUICK_SCAN {
            return Some(self.scanned());
        }
        let document = self.clone();
        tokio::task::spawn_blocking(move || document.scanned()).await.ok()
    }

    /// After an edit only what changed is scanned anew.
    fn scanned(&self) -> Arc<Scanned> {
        let scan = || {
            let held = || self.last_scan.lock().unwrap_or_else(PoisonError::into_inner);
            let last = held().clone();
            let scanned =
                last.map_or_else(|| Scanned::new(self.text()), |last| last.again(self.text()));
            let scanned = Arc::new(scanned);
            *held() = Some(scanned.clone());
            scanned
        };
        self.scanned.get_or_init(scan).clone()
    }

    /// What the last check has worked out of the encounters.
    pub(crate) fn parts(&self) -> Parts {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps what a check has worked out of the encounters, for the next one of this or another version.
    pub(crate) fn keep(&self, parts: &Parts) {
        *self.parts.lock().unwrap_or_else(PoisonError::into_inner) = parts.clone();
    }

    /// The text with its lines, ready to convert positions in `encoding`.
    pub(crate) fn grid(&self, encoding: Encoding) -> Grid<'_> {
        Grid::new(self.text.as_str(), &self.lines, encoding)
    }

    /// The bytes of the line that holds `offset`, without its terminator.
    pub(crate) fn line_at(&self, offset: usize) -> Range<usize> {
        let line = self.lines.line_of(offset);
        self.lines.content(self.text(), line).unwrap_or(0..self.text().len())
    }

    /// Applies one change, whose range refers to the text left by the one before. Says whether its range had to be
    /// corrected.
    fn apply(&mut self, change: Change, encoding: Encoding) -> bool {
        self.scanned = Arc::default();
        match change.span {
            None => {
                self.lines = LineTable::new(&change.text);
                self.text = NoteText::new(change.text);
                false
            }
            Some(span) => {
                let (range, corrected) = self.grid(encoding).range(span);
                self.text.replace(range.clone(), &change.text);
                self.lines.patch(self.text.as_str(), &range, change.text.len());
                corrected
            }
        }
    }
}

/// A change of a text.
pub(crate) struct Change {
    /// What goes. `None` means everything.
    pub(crate) span: Option<Span>,
    /// What comes in its place.
    pub(crate) text: String,
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Change({} bytes)", self.text.len())
    }
}

/// What came of a change message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Changed {
    /// The text is the new one.
    Applied,
    /// The text is the new one, and a range had to be moved into it: the client and the server may disagree. Said once
    /// per document.
    Corrected,
    /// The document is not open.
    NotOpen,
}

/// All open documents. Cloning is cheap and gives a state that no longer changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Documents {
    open: Arc<HashMap<Url, Arc<Document>>>,
    /// Documents whose ranges had to be corrected, which is reported once each.
    corrected: Arc<HashSet<Url>>,
}

impl Documents {
    /// Takes a document in; one that is open already begins anew.
    pub(crate) fn open(&mut self, document: Document) {
        Arc::make_mut(&mut self.open).insert(document.uri.clone(), Arc::new(document));
    }

    /// Applies the changes of one message in their order.
    pub(crate) fn change(
        &mut self,
        uri: &Url,
        version: i32,
        changes: Vec<Change>,
        encoding: Encoding,
    ) -> Changed {
        let Some(document) = Arc::make_mut(&mut self.open).get_mut(uri) else {
            return Changed::NotOpen;
        };
        let document = Arc::make_mut(document);
        let mut corrected = false;
        for change in changes {
            corrected |= document.apply(change, encoding);
        }
        document.version = version;
        document.newest.store(version, Ordering::Relaxed);
        document.changed = Some(Instant::now());
        if corrected && Arc::make_mut(&mut self.corrected).insert(uri.clone()) {
            return Changed::Corrected;
        }
        Changed::Applied
    }

    /// Forgets a document. Says whether it was open.
    pub(crate) fn close(&mut self, uri: &Url) -> bool {
        Arc::make_mut(&mut self.corrected).remove(uri);
        Arc::make_mut(&mut self.open).remove(uri).is_some()
    }

    /// The document at this address, if it is open.
    pub(crate) fn get(&self, uri: &Url) -> Option<&Arc<Document>> {
        self.open.get(uri)
    }

    /// The addresses of all open documents.
    pub(crate) fn uris(&self) -> impl Iterator<Item = &Url> {
        self.open.keys()
    }
}

#[cfg(test)]
pub(crate) mod tests;
