//! The semantic tokens that each document was last given, so that the next answer can tell only what changed.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::protocol::{SemanticToken, Url};

/// The last tokens of each document, with the name under which they went out. Cloning shares it.
#[derive(Clone, Debug, Default)]
pub(crate) struct TokensGiven {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    next: AtomicU64,
    documents: Mutex<HashMap<Url, Last>>,
}

/// A name and the tokens that went out under it.
type Last = (String, Arc<Vec<SemanticToken>>);

impl TokensGiven {
    fn documents(&self) -> MutexGuard<'_, HashMap<Url, Last>> {
        self.inner.documents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The tokens that went out under this name, if they are the last ones.
    pub(crate) fn recall(&self, uri: &Url, id: &str) -> Option<Arc<Vec<SemanticToken>>> {
        self.documents().get(uri).filter(|(last, _)| last == id).map(|(_, tokens)| tokens.clone())
    }

    /// Remembers tokens that go out now, and returns a name that was never used.
    pub(crate) fn remember(&self, uri: &Url, tokens: Vec<SemanticToken>) -> String {
        let id = self.inner.next.fetch_add(1, Ordering::Relaxed).to_string();
        self.documents().insert(uri.clone(), (id.clone(), Arc::new(tokens)));
        id
    }

    /// Forgets a document that was closed.
    pub(crate) fn remove(&self, uri: &Url) {
        self.documents().remove(uri);
    }
}
