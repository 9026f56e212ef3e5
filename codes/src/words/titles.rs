//! What was read of official titles and terms, so that a title is read once and not for every note that has its code.
//!
//! Titles alone: nothing of a note is ever kept here.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use foldhash::fast::FixedState;

/// At most so many readings are kept, each a few hundred bytes; then it begins anew.
const MOST: usize = 30_000;

/// Readings of one kind, by title.
#[derive(Debug)]
pub struct Titles<T> {
    read: fn(&str) -> T,
    known: Mutex<HashMap<String, Arc<T>, FixedState>>,
}

impl<T> Titles<T> {
    /// None yet; `read` makes them.
    pub const fn new(read: fn(&str) -> T) -> Self {
        Self { read, known: Mutex::new(HashMap::with_hasher(FixedState::with_seed(0))) }
    }

    /// The reading of a title.
    pub fn of(&self, title: &str) -> Arc<T> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(reading) = known().get(title) {
            return reading.clone();
        }
        let reading = Arc::new((self.read)(title));
        let mut known = known();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(title.to_owned(), reading.clone());
        reading
    }
}

/// The stems of a title that say something; see [`super::content`].
pub fn content(title: &str) -> Arc<Vec<String>> {
    static CONTENT: Titles<Vec<String>> =
        Titles::new(|title| super::content(title, 0..title.len()));
    CONTENT.of(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_read_once_and_as_any_text() {
        let title = "Type 2 diabetes mellitus without complications";
        assert_eq!(*content(title), crate::words::content(title, 0..title.len()));
        assert!(Arc::ptr_eq(&content(title), &content(title)));
    }
}
