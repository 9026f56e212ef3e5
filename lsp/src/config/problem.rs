//! What is said of settings that were not understood.

use std::fmt;

/// Something in the settings that was not understood, or that asks for attention.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    /// No setting has this name.
    UnknownKey {
        /// The key as it was sent, without the outer `medcode`.
        key: String,
        /// A known key that may have been meant.
        nearest: Option<&'static str>,
    },
    /// The value cannot be used.
    WrongType {
        /// The key.
        key: String,
        /// What the value should be.
        expected: String,
    },
    /// There is neither a rule nor a family of this name.
    UnknownRule {
        /// The key, or the entry, that names it.
        key: String,
        /// The name.
        rule: String,
        /// A known name that may have been meant.
        nearest: Option<&'static str>,
    },
    /// An entry accepts issues and does not say why. It is used all the same.
    NoReason {
        /// The entry: `ignore[0]`.
        key: String,
    },
    /// The setting has no effect in a file that comes with a project.
    NotInProject {
        /// The key.
        key: String,
    },
    /// The file is no TOML at this place; what could be read is used.
    Syntax {
        /// What the parser says.
        message: String,
    },
}

impl Problem {
    /// The key that it is about. `None` for the file as a whole.
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::UnknownKey { key, .. }
            | Self::WrongType { key, .. }
            | Self::UnknownRule { key, .. }
            | Self::NoReason { key }
            | Self::NotInProject { key } => Some(key),
            Self::Syntax { .. } => None,
        }
    }

    /// The sentence, with keys as an editor or as a file writes them.
    fn write(&self, f: &mut fmt::Formatter<'_>, outer: &str) -> fmt::Result {
        match self {
            Self::UnknownKey { key, nearest: Some(nearest) } => {
                // The member of an entry is told with its entry.
                let entry = key.rfind("].").and_then(|end| key.get(..end + 2)).unwrap_or_default();
                write!(f, "unknown setting {outer}{key}; did you mean {outer}{entry}{nearest}?")
            }
            Self::UnknownKey { key, nearest: None } => write!(f, "unknown setting {outer}{key}"),
            Self::WrongType { key, expected } if key.is_empty() => {
                write!(f, "the settings of medcode must be {expected}")
            }
            Self::WrongType { key, expected } => {
                write!(f, "setting {outer}{key} must be {expected}; the value is not used")
            }
            Self::UnknownRule { key, rule, nearest } => {
                write!(f, "setting {outer}{key}: there is no rule {rule}")?;
                nearest.map_or(Ok(()), |nearest| write!(f, "; did you mean {nearest}?"))
            }
            Self::NoReason { key } => {
                write!(f, "{outer}{key} gives no reason: write why it is accepted")
            }
            Self::NotInProject { key } => write!(
                f,
                "setting {outer}{key} has no effect in the file of a project, which must not decide where codes are \
                 sent; set it in the editor, by a flag or in your own medcode.toml"
            ),
            Self::Syntax { message } => write!(f, "no TOML: {message}"),
        }
    }

    /// The sentence with keys as a file writes them, without the outer `medcode`.
    pub fn in_file(&self) -> impl fmt::Display + '_ {
        InFile(self)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, "medcode.")
    }
}

struct InFile<'p>(&'p Problem);

impl fmt::Display for InFile<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.write(f, "")
    }
}
