//! Fingerprint of a file on the disk.

use std::{fmt::Write as _, fs::File, io::Read, path::Path};

use sha2::{Digest, Sha256};

use super::{ArchiveError, folder, read::CHUNK};

/// sha256 of a file as it lies on the disk, packed or not: 64 lower-case hexadecimal digits. Reads piece by piece.
///
/// # Errors
/// `path` cannot be read or is no file.
pub fn sha256_of_file(path: &Path) -> Result<String, ArchiveError> {
    let at = folder::location(path);
    let failed = |source| ArchiveError::Read { at: at.clone(), source };
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(ArchiveError::NotAFile { at });
    }
    let mut file = File::open(path).map_err(failed)?;
    let mut digest = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        match file.read(&mut chunk) {
            Ok(0) => break,
            Ok(length) => digest.update(chunk.get(..length).unwrap_or_default()),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
    Ok(digest.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}
