//! Finds and reads the texts to check.

use std::{
    fs,
    path::{Path, PathBuf},
};

use ignore::{WalkBuilder, types::TypesBuilder};

use crate::failure::Failure;

/// Endings of files that are checked when a folder is walked. A file that is named is always checked.
const ENDINGS: [&str; 11] = [
    "*.md",
    "*.markdown",
    "*.txt",
    "*.text",
    "*.csv",
    "*.tsv",
    "*.json",
    "*.x12",
    "*.edi",
    "*.837",
    "*.note",
];

/// Larger files are no notes.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// What was found below the paths.
pub(super) struct Texts {
    /// Path and text of each file.
    pub(super) texts: Vec<(String, String)>,
    /// How many files could not be read as text: they are not checked, and that is no pass.
    pub(super) skipped: usize,
}

/// Reads every text, in the order of the paths, folders sorted by name.
pub(super) fn read(paths: &[PathBuf]) -> Result<Texts, Failure> {
    let mut texts = Vec::new();
    let mut skipped = 0;
    for path in paths {
        let metadata = fs::metadata(path)
            .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
        if metadata.is_dir() {
            for file in walk(path)? {
                let read = text(&file, false)?;
                skipped += usize::from(read.is_none());
                texts.extend(read);
            }
        } else {
            let read = text(path, true)?;
            skipped += usize::from(read.is_none());
            texts.extend(read);
        }
    }
    Ok(Texts { texts, skipped })
}

fn walk(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut types = TypesBuilder::new();
    for ending in ENDINGS {
        types.add("note", ending).map_err(|error| Failure::Unavailable(error.to_string()))?;
    }
    let types =
        types.select("note").build().map_err(|error| Failure::Unavailable(error.to_string()))?;
    let walk = WalkBuilder::new(folder).types(types).sort_by_file_path(Path::cmp).build();
    let mut files = Vec::new();
    for entry in walk {
        let entry = entry.map_err(|error| Failure::Usage(error.to_string()))?;
        if entry.file_type().is_some_and(|kind| kind.is_file()) {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

/// The text of a file. One that is no text is passed over with a word on stderr.
#[expect(
    clippy::print_stderr,
    reason = "what was not checked has to be said, and stdout belongs to the answer"
)]
fn text(path: &Path, is_named: bool) -> Result<Option<(String, String)>, Failure> {
    let shown = path.display();
    let unreadable = |error: std::io::Error| Failure::Usage(format!("{shown}: {error}"));
    let length = fs::metadata(path).map_err(unreadable)?.len();
    if length > MOST_BYTES {
        eprintln!("{shown}: not checked: larger than {} MB", MOST_BYTES / 1024 / 1024);
        return Ok(None);
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some((shown.to_string(), text))),
        Err(_) if is_named => Err(Failure::Usage(format!("{shown}: not UTF-8 text"))),
        Err(_) => {
            eprintln!("{shown}: not checked: not UTF-8 text");
            Ok(None)
        }
    }
}
