//! Why an archive is refused, and what to do about it. Messages hold names, never contents.

use std::{fmt, io};

/// Characters of a location that are shown. Names in a zip may be 65,535 bytes long.
const SHOWN: usize = 160;

/// Something a user brought is refused whole.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The operating system did not let it be read.
    #[error("{at}: cannot be read ({source}); check that it is there and that you may read it")]
    Read {
        /// What was to be read.
        at: Location,
        /// What the operating system said.
        source: io::Error,
    },
    /// It is a pipe, a device or a folder where a file is needed.
    #[error("{at}: is not a file; save it as a file first")]
    NotAFile {
        /// What was named.
        at: Location,
    },
    /// A link in a zip, or one in a folder to something outside of it or to nothing.
    #[error(
        "{at}: is a link to something else, which is not followed; put the file itself in its place, or take the link away"
    )]
    Link {
        /// The link.
        at: Location,
    },
    /// The path of a member is none that stays inside a folder, or has characters that no name should have.
    #[error(
        "{at}: the name of this member {problem}, so the archive is not used; pack the files anew, or unpack them with a program you trust and name the folder"
    )]
    MemberName {
        /// The member.
        at: Location,
        /// What is wrong with its name.
        problem: &'static str,
    },
    /// Two members of a zip have the same name.
    #[error(
        "{at}: two members have the same name, so it is not clear which one counts; pack the files anew"
    )]
    Duplicate {
        /// The name, or the archive when its directory does not tell.
        at: Location,
    },
    /// More files than [`Limits::files`](super::Limits::files).
    #[error("{at}: holds more than {limit} files; name the files or a smaller folder")]
    TooManyFiles {
        /// The folder or archive in which the limit was passed.
        at: Location,
        /// The limit.
        limit: usize,
    },
    /// A file is larger than [`Limits::file_bytes`](super::Limits::file_bytes).
    #[error("{at}: is larger than {}, and no file of codes is; take it away", size(*limit))]
    FileTooLarge {
        /// The file.
        at: Location,
        /// The limit in bytes.
        limit: u64,
    },
    /// All files together are larger than [`Limits::total_bytes`](super::Limits::total_bytes).
    #[error("{at}: with this file, more than {} have been read; import fewer files at a time", size(*limit))]
    TotalTooLarge {
        /// The file at which the limit was passed.
        at: Location,
        /// The limit in bytes.
        limit: u64,
    },
    /// Data grow more than [`Limits::ratio`](super::Limits::ratio) times when they are unpacked.
    #[error(
        "{at}: unpacks to more than {ratio} times its size, as archives do that are built to fill memory, so it is not used; if you trust it, unpack it yourself and name the folder"
    )]
    Bomb {
        /// The member, or the archive.
        at: Location,
        /// The limit.
        ratio: u64,
    },
    /// A line of a text is longer than [`Limits::line_bytes`](super::Limits::line_bytes).
    #[error(
        "{at}, line {line}: is longer than {}, so this is no file of codes; take it away, or break it into lines", size(*limit)
    )]
    LongLine {
        /// The text.
        at: Location,
        /// The line, counted from 1.
        line: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// An archive is cut short or changed.
    #[error("{at}: is damaged: {problem}; get it again from where it came")]
    Damaged {
        /// The archive or its member.
        at: Location,
        /// What does not fit.
        problem: &'static str,
    },
    /// A member is encrypted.
    #[error(
        "{at}: is encrypted; unpack the archive with its password and name the folder it was unpacked into"
    )]
    Encrypted {
        /// The member.
        at: Location,
    },
    /// An archive is of a kind that is not read.
    #[error("{at}: {what}, which cannot be read here; unpack the archive and name the folder")]
    Unsupported {
        /// The archive or its member.
        at: Location,
        /// What it is, to stand after the location.
        what: &'static str,
    },
}

/// A file that a user brought, or a place in it. Shown as `outer.zip/inner.zip/codes.txt`, with what could disturb a
/// terminal written as escapes and the middle of a long path left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Name of the file or folder; below a folder that was named, with the path from there.
    pub file: String,
    /// Path inside the file, empty for the file itself.
    pub path: String,
}

impl Location {
    pub(super) fn file(file: impl Into<String>) -> Self {
        Location { file: file.into(), path: String::new() }
    }

    pub(super) fn member(&self, name: &str) -> Self {
        let path =
            if self.path.is_empty() { name.to_owned() } else { format!("{}/{name}", self.path) };
        Location { file: self.file.clone(), path }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separator = if self.path.is_empty() { "" } else { "/" };
        let whole = [&self.file, separator, &self.path].concat();
        let length = whole.chars().count();
        let (head, tail) =
            if length > SHOWN { (SHOWN / 2, length - SHOWN / 2) } else { (length, length) };
        for (index, character) in whole.chars().enumerate() {
            if index < head || index >= tail {
                if disturbs(character) {
                    write!(f, "{}", character.escape_unicode())?;
                } else {
                    write!(f, "{character}")?;
                }
            } else if index == head {
                f.write_str("…")?;
            }
        }
        Ok(())
    }
}

/// Whether a character steers a terminal or turns the direction of writing.
pub(super) fn disturbs(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn size(bytes: u64) -> String {
    for (unit, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)] {
        let whole = bytes >> shift;
        if whole > 0 && whole << shift == bytes {
            return format!("{whole} {unit}");
        }
    }
    format!("{bytes} bytes")
}
