//! How rows and parts are written: postcard, whose form is specified and stable; rows are deflated as well, because they
//! are read seldom.

use std::io::{Read, Write};

use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use medcode_import::rows::Rows;
use serde::{Serialize, de::DeserializeOwned};

use super::{StoreError, digest::sha256_hex};

/// Bytes that the rows of one release may have: more is no release, and is not unpacked.
const MOST_BYTES: u64 = 2 << 30;

/// The rows of a release, ready to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedRows {
    /// `sha256:` and 64 hexadecimal digits over the encoded rows. Equal content, equal digest, whatever file it was
    /// read from and whenever.
    pub digest: String,
    /// Deflated.
    pub bytes: Vec<u8>,
}

/// Encodes rows.
///
/// # Errors
/// None that a caller can do anything about.
pub fn encode_rows(rows: &Rows) -> Result<EncodedRows, StoreError> {
    let encoded = encode(rows)?;
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::fast());
    deflated.write_all(&encoded)?;
    let digest = format!("sha256:{}", sha256_hex(&encoded));
    Ok(EncodedRows { digest, bytes: deflated.finish()? })
}

/// Decodes rows and gives the digest over them.
///
/// # Errors
/// The bytes are damaged.
pub fn decode_rows(bytes: &[u8]) -> Result<(Rows, String), StoreError> {
    let mut encoded = Vec::new();
    let read = DeflateDecoder::new(bytes).take(MOST_BYTES).read_to_end(&mut encoded);
    read.map_err(|_| StoreError::damaged("the rows of a release cannot be unpacked"))?;
    Ok((decode(&encoded)?, format!("sha256:{}", sha256_hex(&encoded))))
}

/// A checksum that notices damage, not intent.
pub fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// Encodes a part.
///
/// # Errors
/// None that a caller can do anything about.
pub fn encode(value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    postcard::to_stdvec(value).map_err(StoreError::damaged)
}

/// Decodes a part.
///
/// # Errors
/// The bytes are damaged.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StoreError> {
    let (value, rest) = postcard::take_from_bytes(bytes).map_err(StoreError::damaged)?;
    if rest.is_empty() { Ok(value) } else { Err(StoreError::damaged("a part is too long")) }
}

/// Decodes the first field of a part, whatever follows it.
///
/// # Errors
/// The bytes are damaged.
pub fn decode_first<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StoreError> {
    postcard::take_from_bytes(bytes).map(|(value, _)| value).map_err(StoreError::damaged)
}

#[cfg(test)]
mod tests {
    use medcode_codes::code::CodeKey;
    use proptest::prelude::*;

    use super::*;

    fn rows() -> Rows {
        Rows::BareCodes(["A0021", "J1885"].iter().filter_map(|code| CodeKey::new(code)).collect())
    }

    #[test]
    fn equal_rows_have_equal_digests_and_come_back() {
        let encoded = encode_rows(&rows()).unwrap();
        assert_eq!(decode_rows(&encoded.bytes).unwrap(), (rows(), encoded.digest.clone()));
        assert_eq!(encode_rows(&rows()).unwrap(), encoded);
        assert_ne!(encode_rows(&Rows::BareCodes(Vec::new())).unwrap().digest, encoded.digest);
    }

    proptest! {
        #[test]
        fn damaged_bytes_never_panic(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        ) {
            let mut bytes = encode_rows(&rows()).unwrap().bytes;
            for (index, value) in changes {
                let at = index.index(bytes.len());
                bytes[at] = value;
            }
            let _ = decode_rows(&bytes);
            let _ = decode::<Rows>(&bytes);
        }
    }
}
