//! Reads and writes texts: their encoding, their mark at the head, and how a file is replaced.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

/// Larger files are no notes.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// How a text was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// UTF-8, with a byte order mark or without.
    Utf8 {
        /// The mark is there.
        mark: bool,
    },
    /// UTF-16 with a byte order mark.
    Utf16,
}

/// A text as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    /// The text, without byte order mark.
    pub(super) text: String,
    /// How it was written.
    pub(super) encoding: Encoding,
}

/// Why a file is not checked.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotRead {
    /// It could not be read.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It is too large.
    #[error("larger than {} MB", MOST_BYTES / 1024 / 1024)]
    TooLarge,
    /// Its bytes are no text.
    #[error("neither UTF-8 text nor UTF-16 text with a byte order mark")]
    NoText,
}

/// Reads a file.
pub(super) fn read(path: &Path) -> Result<Text, NotRead> {
    if fs::metadata(path)?.len() > MOST_BYTES {
        return Err(NotRead::TooLarge);
    }
    decode(fs::read(path)?).ok_or(NotRead::NoText)
}

/// Reads bytes as text.
pub(super) fn decode(bytes: Vec<u8>) -> Option<Text> {
    let utf16 = match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => Some((encoding_rs::UTF_16LE, rest)),
        [0xfe, 0xff, rest @ ..] => Some((encoding_rs::UTF_16BE, rest)),
        _ => None,
    };
    if let Some((encoding, rest)) = utf16 {
        let text = encoding.decode_without_bom_handling_and_without_replacement(rest)?;
        return Some(Text { text: text.into_owned(), encoding: Encoding::Utf16 });
    }
    // Zeros are UTF-16 without its mark, or no text at all; read as UTF-8 nothing would be found in them.
    let text = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))?;
    match text.strip_prefix('\u{feff}') {
        Some(rest) => Some(Text { text: rest.to_owned(), encoding: Encoding::Utf8 { mark: true } }),
        None => Some(Text { text, encoding: Encoding::Utf8 { mark: false } }),
    }
}

/// Replaces the text of a file, at once or not at all. Keeps permissions and byte order mark, and follows links. Says
/// no when the file is no longer what was read.
pub(super) fn replace(path: &Path, before: &Text, after: &str) -> io::Result<()> {
    let path = path.canonicalize()?;
    if decode(fs::read(&path)?).as_ref() != Some(before) {
        return Err(io::Error::other("the file changed in the meantime"));
    }
    let folder = path.parent().ok_or_else(|| io::Error::other("the file lies in no folder"))?;
    let mut fresh = tempfile::NamedTempFile::new_in(folder)?;
    if before.encoding == (Encoding::Utf8 { mark: true }) {
        fresh.write_all("\u{feff}".as_bytes())?;
    }
    fresh.write_all(after.as_bytes())?;
    fresh.as_file().sync_all()?;
    fs::set_permissions(fresh.path(), fs::metadata(&path)?.permissions())?;
    fresh.persist(&path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_utf_8_and_utf_16_by_their_marks() {
        let text = "Dx: E11.9 \u{e4}";
        let utf8 = decode(text.as_bytes().to_vec()).unwrap();
        assert_eq!((utf8.text.as_str(), utf8.encoding), (text, Encoding::Utf8 { mark: false }));
        let marked = decode(format!("\u{feff}{text}").into_bytes()).unwrap();
        assert_eq!((marked.text.as_str(), marked.encoding), (text, Encoding::Utf8 { mark: true }));
        let units = || text.encode_utf16();
        let little: Vec<u8> =
            [0xff, 0xfe].into_iter().chain(units().flat_map(u16::to_le_bytes)).collect();
        let big: Vec<u8> =
            [0xfe, 0xff].into_iter().chain(units().flat_map(u16::to_be_bytes)).collect();
        for bytes in [little, big] {
            let read = decode(bytes).unwrap();
            assert_eq!((read.text.as_str(), read.encoding), (text, Encoding::Utf16));
        }
        assert_eq!(decode(vec![0x44, 0xe4, 0x80]), None);
    }

    #[test]
    fn replaces_a_file_and_keeps_mark_line_ends_and_permissions() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("note.md");
        fs::write(&path, "\u{feff}a\r\nb").unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        }
        let before = read(&path).unwrap();
        replace(&path, &before, "a\r\nc").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "\u{feff}a\r\nc");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        }
        assert!(replace(&path, &before, "x").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
