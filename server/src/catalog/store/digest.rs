//! Digests: equal content, equal digest.

use std::fmt::Write;

use medcode_codes::date::day;
use sha2::{Digest, Sha256};

use crate::catalog::releases::ReleaseRecord;

/// The digest of a whole catalog: of its releases, in the order of dataset, kind, version and digest.
pub fn of_releases(records: &[ReleaseRecord]) -> String {
    let mut lines: Vec<_> = records
        .iter()
        .map(|record| {
            let release = &record.release;
            let version = day::number(release.version);
            format!("{} {} {version} {}\n", release.dataset, record.kind.id(), release.digest)
        })
        .collect();
    lines.sort_unstable();
    format!("sha256:{}", sha256_hex(lines.concat().as_bytes()))
}

/// 64 hexadecimal digits of bytes.
pub fn sha256_hex(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
