//! What was last reported of each document: for actions and hovers, and for clients that do not keep the data of a
//! diagnostic.

use std::{
    collections::HashMap,
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use medcode_codes::document::TextIssue;

use crate::{documents::Document, protocol::Url};

/// The issues of a document at one version.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Checked {
    /// The version that was checked.
    pub(crate) version: i32,
    /// The issues in text order.
    pub(crate) issues: Vec<TextIssue>,
    /// A question had no answer: what is missing is not right.
    pub(crate) incomplete: bool,
    /// Lines that are too long to be read, in bytes.
    pub(crate) long_lines: Vec<Range<usize>>,
}

/// The last check of each document. Cloning shares it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reported {
    documents: Arc<Mutex<HashMap<Url, Arc<Checked>>>>,
}

impl Reported {
    fn documents(&self) -> MutexGuard<'_, HashMap<Url, Arc<Checked>>> {
        self.documents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last check of a document.
    pub(crate) fn get(&self, uri: &Url) -> Option<Arc<Checked>> {
        self.documents().get(uri).cloned()
    }

    /// The last check of a document, if it was of this version.
    pub(crate) fn of(&self, document: &Document) -> Option<Arc<Checked>> {
        self.get(&document.uri).filter(|checked| checked.version == document.version)
    }

    /// Remembers a check, unless one of a newer version is there. Says whether it was taken.
    pub(crate) fn put(&self, uri: &Url, checked: Arc<Checked>) -> bool {
        let mut documents = self.documents();
        if documents.get(uri).is_some_and(|newer| newer.version > checked.version) {
            return false;
        }
        documents.insert(uri.clone(), checked);
        true
    }

    /// Forgets a document that was closed.
    pub(crate) fn remove(&self, uri: &Url) {
        self.documents().remove(uri);
    }
}
