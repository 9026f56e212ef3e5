//! Opens what a user brings: a file, a folder, a zip or a gzip, and gives the files in it one by one.
//!
//! What a file is, its content says, never its name. Zips are read from the disk, their members into memory one at a
//! time; an archive inside an archive is opened as well, one that lies deeper is given as it is. Spreadsheets and
//! other office documents are zips too, but are given as files. Folders, and what file managers leave behind
//! (`__MACOSX`, `.DS_Store`, `Thumbs.db` and the like), are passed over.
//!
//! **Nothing an archive says about itself is believed.** Bytes are counted while they are unpacked, checksums are
//! compared, and names that lead out of the archive are refused although nothing is ever written to the disk. All that
//! the directory of a zip shows is checked before its first member is given; damage is found only on reading. So a
//! caller keeps what it was given apart until [`walk`] has returned without an error.
//!
//! Nothing here knows a code system or a catalog.

mod digest;
mod error;
mod folder;
mod names;
mod read;
mod walker;
mod zip_file;

#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    path::{Path, PathBuf},
};

pub use digest::sha256_of_file;
pub use error::{ArchiveError, Location};

/// A file to import.
#[derive(Clone, PartialEq, Eq)]
pub struct Found {
    /// The file on the disk that holds it, or that it is.
    pub origin: PathBuf,
    /// Where it lies inside `origin`, as in `inner.zip/folder/codes.txt`. Empty when it is `origin` itself.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Found {
    /// Shows the size instead of the content, which may be licensed and belongs into no log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found")
            .field("origin", &self.origin)
            .field("path", &self.path)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

/// How much is read before a file is refused. All sizes are bytes after unpacking, all limits inclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Size of one file.
    pub file_bytes: u64,
    /// Size of all files of one [`walk`], the archives inside archives among them.
    pub total_bytes: u64,
    /// Number of files of one [`walk`]. Every member of a zip counts, folders too.
    pub files: usize,
    /// Times that data may grow when they are unpacked: one member, and all that comes out of one file on the disk.
    pub ratio: u64,
    /// Size up to which `ratio` is not looked at. Small texts may be packed very tightly.
    pub ratio_from_bytes: u64,
    /// Size of one line of a text, without its end. A file without a zero byte in its first 4 KiB is a text.
    pub line_bytes: u64,
}

impl Default for Limits {
    /// Room for every release known so far, several times over.
    fn default() -> Self {
        Limits {
            file_bytes: 512 << 20,
            total_bytes: 4 << 30,
            files: 10_000,
            ratio: 200,
            ratio_from_bytes: 16 << 20,
            line_bytes: 16 << 20,
        }
    }
}

/// Gives every file in `path` to `each`: folders in the order of their paths, zips in the order of their members' names.
///
/// At most one file, and the inner archive that it comes from, is in memory. An error of `each` ends the walk.
///
/// # Errors
/// `path` or something in it cannot be read, exceeds `limits`, or is an archive that is damaged, encrypted, packed in an
/// uncommon way or built to do harm. What `each` was given before is then not to be used. Or the error of `each`.
pub fn walk<E: From<ArchiveError>>(
    path: &Path,
    limits: &Limits,
    each: &mut dyn FnMut(Found) -> Result<(), E>,
) -> Result<(), E> {
    let files = folder::files(path, limits)?;
    let mut walker = walker::Walker::new(limits, each);
    for file in files {
        walker.file(&file)?;
    }
    Ok(())
}
