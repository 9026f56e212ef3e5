//! The text of a note, which must never be printed.

use std::{fmt, ops::Range};

/// The text of a note. Its `Debug` prints the length.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct NoteText(String);

impl NoteText {
    /// Wraps a text.
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Puts `text` in the place of `range`, whose ends must be character borders.
    pub(crate) fn replace(&mut self, range: Range<usize>, text: &str) {
        self.0.replace_range(range, text);
    }
}

impl fmt::Debug for NoteText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NoteText({} bytes)", self.0.len())
    }
}
