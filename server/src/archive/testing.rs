//! Makes archives, sound and hostile, for tests.

#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "fires with the feature only, and tests may panic"
)]

use std::io::{Cursor, Write};

use zip::{ZipWriter, write::SimpleFileOptions};

/// A small text, in lines.
pub const TEXT: &[u8] = b"00000 An invented title\r\n99999 Another one\r\n";
/// Bytes that a bomb unpacks to.
const BLAST: usize = 64 << 20;

/// A zip with these members, packed. Names are written as they are.
pub fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A zip of some 64 KB whose member unpacks to 64 MiB of empty lines.
pub fn zip_bomb() -> Vec<u8> {
    zip_of(&[("codes.txt", &vec![b'\n'; BLAST])])
}

/// A zip with a bomb in another zip, which hides how far it is packed from whoever looks at one level only.
pub fn nested_zip_bomb() -> Vec<u8> {
    zip_of(&[("readme.txt", TEXT), ("inner.zip", &zip_bomb())])
}

/// A zip of many members that share the data of one.
pub fn overlapping_zip() -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("0.txt", SimpleFileOptions::default()).unwrap();
    writer.write_all(&TEXT.repeat(100)).unwrap();
    for number in 1..100 {
        writer.shallow_copy_file("0.txt", &format!("{number}.txt")).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A zip with a member whose path leads two folders up.
pub fn climbing_zip() -> Vec<u8> {
    zip_of(&[("codes.txt", TEXT), ("../../climbed.txt", TEXT)])
}

/// A zip of which the last third is missing, as after a broken download.
pub fn truncated_zip() -> Vec<u8> {
    let mut zip = zip_of(&[("codes.txt", TEXT), ("more.txt", &TEXT.repeat(50))]);
    zip.truncate(zip.len() / 3 * 2);
    zip
}

/// A sound zip: `readme.txt`, and `inner.zip` with `folder/codes.txt`. All texts are [`TEXT`].
pub fn nested_zip() -> Vec<u8> {
    zip_of(&[("readme.txt", TEXT), ("inner.zip", &zip_of(&[("folder/codes.txt", TEXT)]))])
}

/// A zip whose member says that it is encrypted.
pub fn encrypted_zip() -> Vec<u8> {
    patched(&zip_of(&[("codes.txt", TEXT)]), Field::Flags, &[1, 0])
}

/// A zip whose member says that it is packed with LZMA.
pub fn lzma_zip() -> Vec<u8> {
    patched(&zip_of(&[("codes.txt", TEXT)]), Field::Method, &[14, 0])
}

/// A zip whose member has another checksum than its data.
pub fn wrong_checksum_zip() -> Vec<u8> {
    patched(&zip_of(&[("codes.txt", TEXT)]), Field::Checksum, &[1, 2, 3, 4])
}

/// A zip with two members of one name.
pub fn duplicate_zip() -> Vec<u8> {
    let zip = zip_of(&[("codes.txt", TEXT), ("other.txt", b"other words")]);
    patched(&zip, Field::Name, b"codes.txt")
}

/// A part of the headers of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Bits; the lowest says encrypted.
    Flags,
    /// Number of the method of packing.
    Method,
    /// Of the unpacked data.
    Checksum,
    /// What the member is said to unpack to.
    UnpackedSize,
    /// The name.
    Name,
}

/// Writes `bytes` over a field of all members of a zip, in both places where it stands.
pub fn patched(zip: &[u8], field: Field, bytes: &[u8]) -> Vec<u8> {
    let mut patched = zip.to_vec();
    for position in 0..zip.len() {
        // In the directory, most fields stand two bytes further on.
        let (shift, name) = match zip.get(position..position + 4) {
            Some(b"PK\x03\x04") => (0, 30),
            Some(b"PK\x01\x02") => (2, 46),
            _ => continue,
        };
        let start = position
            + match field {
                Field::Flags => 6 + shift,
                Field::Method => 8 + shift,
                Field::Checksum => 14 + shift,
                Field::UnpackedSize => 22 + shift,
                Field::Name => name,
            };
        patched[start..start + bytes.len()].copy_from_slice(bytes);
    }
    patched
}
