//! The durable catalog: one SQLite file, written aside by [`write`], then only read by [`read`].
//!
//! The file names its format. Another format is never migrated: an older one is installed anew, a newer one is left
//! alone for the newer medcode that wrote it.

use std::{
    io,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OpenFlags, ffi::ErrorCode};

pub mod digest;
pub mod encoding;
pub mod read;
pub mod write;

/// Format of the file that this version writes and reads.
pub const FORMAT: u32 = 5;

/// Format of the rows of releases. It rises less often than [`FORMAT`]: as long as it stays, what a user has imported is
/// carried over from a catalog of another format.
const ROWS_FORMAT: &str = "1";

/// Marks the SQLite file as a catalog of medcode: "mcod".
const APPLICATION_ID: i64 = 0x6D63_6F64;

const SCHEMA: &str = include_str!("schema.sql");

/// Where the catalog lies in a data directory.
pub fn catalog_path(data_dir: &Path) -> PathBuf {
    data_dir.join("catalog.db")
}

/// The catalog cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no file.
    #[error("no code sets are installed in {}; run `medcode catalog install`", .0.display())]
    Missing(PathBuf),
    /// The file is something else.
    #[error("{} is not a catalog of medcode; run `medcode catalog install` to replace it", .0.display())]
    NotACatalog(PathBuf),
    /// A folder has the name of the file. An installation does not replace it.
    #[error("{} is a folder, not a catalog; move it away, or use another data directory", .0.display())]
    IsAFolder(PathBuf),
    /// The file was written by an older medcode.
    #[error("{} was written by an older medcode (format {found}, needed is {FORMAT}); run `medcode catalog install`", path.display())]
    Older {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
    /// The file was written by a newer medcode.
    #[error("{} was written by a newer medcode (format {found}, this one knows {FORMAT}); update medcode, or use another data directory", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
    /// The parts of the catalog do not fit together.
    #[error("the catalog is damaged ({0}); run `medcode catalog install --force`")]
    Damaged(String),
    /// Another catalog was put in the place of this one while it was being read: read it again.
    #[error("the catalog was replaced while it was being read")]
    Replaced,
    /// There is no room for the file.
    #[error("the disk is full")]
    Full,
    /// The file cannot be opened or read.
    #[error("the catalog cannot be read: {0}")]
    Io(#[source] io::Error),
    /// `SQLite` reports something else.
    #[error("the catalog cannot be used: {0}")]
    Sqlite(#[source] rusqlite::Error),
}

impl StoreError {
    /// Whether installing the default set anew answers the error.
    pub fn is_cured_by_install(&self) -> bool {
        matches!(self, Self::Missing(_) | Self::NotACatalog(_) | Self::Older { .. })
    }

    #[expect(clippy::needless_pass_by_value, reason = "made to be handed to map_err")]
    pub(super) fn damaged(what: impl ToString) -> Self {
        Self::Damaged(what.to_string())
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::damaged(error),
            _ => Self::Sqlite(error),
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::StorageFull { Self::Full } else { Self::Io(error) }
    }
}

/// Opens a catalog for reading and checks that it is one, of this format.
fn open(path: &Path) -> Result<Connection, StoreError> {
    let (connection, found) = connect(path)?;
    let path = path.to_owned();
    match found.cmp(&FORMAT) {
        std::cmp::Ordering::Less => Err(StoreError::Older { path, found }),
        std::cmp::Ordering::Greater => Err(StoreError::Newer { path, found }),
        std::cmp::Ordering::Equal => Ok(connection),
    }
}

/// Opens a catalog of any format, and says which one it has.
fn connect(path: &Path) -> Result<(Connection, u32), StoreError> {
    if !path.try_exists()? {
        return Err(StoreError::Missing(path.to_owned()));
    }
    if path.is_dir() {
        return Err(StoreError::IsAFolder(path.to_owned()));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    let number =
        |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let application =
        number("application_id").or_else(|error| match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Ok(0),
            _ => Err(error),
        })?;
    if application != APPLICATION_ID {
        return Err(StoreError::NotACatalog(path.to_owned()));
    }
    let found = u32::try_from(number("user_version")?).unwrap_or(0);
    Ok((connection, found))
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
