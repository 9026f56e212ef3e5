//! What a setting is.

use serde_json::Value;

use super::{Problem, Settings};

/// A setting, as the documentation and the schemas show it.
#[derive(Debug)]
pub struct Key {
    /// The name below `medcode`, with points: `diagnostics.delayMs`.
    pub name: &'static str,
    /// What it does, in Markdown, with unit and example where they matter.
    pub doc: &'static str,
    /// The values it takes.
    pub kind: Kind,
    /// The default, as JSON.
    pub default: &'static str,
    /// Takes a value over.
    pub(super) set: Set,
}

/// How a value is taken over.
#[derive(Debug)]
pub(super) enum Set {
    /// As one, or not at all: then this says what it should have been.
    Whole(fn(&mut Settings, &Value) -> Result<(), String>),
    /// Part by part, each with problems of its own.
    Parts(fn(&mut Settings, &Value) -> Vec<Problem>),
}

impl Key {
    /// Takes a value over and says what of it could not be used.
    pub(super) fn take_over(&self, settings: &mut Settings, value: &Value) -> Vec<Problem> {
        match self.set {
            Set::Whole(set) => match set(settings, value) {
                Ok(()) => Vec::new(),
                Err(expected) => {
                    vec![Problem::WrongType { key: self.name.to_owned(), expected }]
                }
            },
            Set::Parts(set) => set(settings, value),
        }
    }
}

/// A word that a setting takes, and what it stands for, as the second half of a sentence.
pub type Word = (&'static str, &'static str);

/// The values that a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A day, `YYYY-MM-DD`, or an empty text.
    Date,
    /// A whole number, both ends inclusive.
    Number {
        /// The least value.
        min: u32,
        /// The greatest value.
        max: u32,
    },
    /// A list of single characters; `0-9` stands for the ten digits.
    Characters,
    /// A number of bytes: a whole number, or a text such as `4MiB`.
    Bytes,
    /// One of these words.
    Choice(&'static [Word]),
    /// Yes or no.
    Flag,
    /// Any of these words.
    Choices(&'static [&'static str]),
    /// A list of texts.
    Texts,
    /// A list of globs.
    Globs,
    /// An object from rule ids to `off`, `hint`, `info`, `warning` or `error`.
    Levels,
    /// A list of objects with `paths` and `rules`.
    Overrides,
    /// A list of objects with `rule`, `codes`, `paths` and `reason`.
    Ignores,
}
