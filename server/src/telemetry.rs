//! What the service tells about itself, and what it never tells: codes, queries, texts and facts of patients.

use std::{
    collections::hash_map::RandomState,
    fmt,
    hash::BuildHasher,
    panic,
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::catalog::Catalog;

/// Characters of the longest request id that is taken over from a caller.
const LONGEST_REQUEST_ID: usize = 64;

/// Names a request in logs and in its answer. Each request has one, so it lies where it is needed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct RequestId {
    bytes: [u8; LONGEST_REQUEST_ID],
    length: usize,
}

impl RequestId {
    /// The id that a caller gives, if it is well formed: letters, digits, `-`, `_` and `.`, at most 64.
    pub(crate) fn given(text: &str) -> Option<Self> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let length = text.len();
        let mut bytes = [0; LONGEST_REQUEST_ID];
        bytes.get_mut(..length)?.copy_from_slice(text.as_bytes());
        (length > 0 && text.bytes().all(fits)).then_some(Self { bytes, length })
    }

    /// A new id. Different in each process, and for each request of a process.
    pub(crate) fn new() -> Self {
        static PROCESS: LazyLock<RandomState> = LazyLock::new(RandomState::new);
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = PROCESS.hash_one(NEXT.fetch_add(1, Ordering::Relaxed));
        let (mut bytes, length) = ([0; LONGEST_REQUEST_ID], 16);
        for (pair, byte) in bytes.chunks_exact_mut(2).zip(number.to_be_bytes()) {
            for (digit, half) in pair.iter_mut().zip([byte >> 4, byte & 0xF]) {
                *digit = b"0123456789abcdef"[usize::from(half)];
            }
        }
        Self { bytes, length }
    }

    pub(crate) fn as_str(&self) -> &str {
        self.bytes.get(..self.length).and_then(|id| str::from_utf8(id).ok()).unwrap_or_default()
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Reports panics by their place only. The message of a panic can quote the text that was being read, so it is neither
/// printed nor logged. For the whole process: the program decides, not the library.
pub fn report_panics_without_message() {
    panic::set_hook(Box::new(|info| {
        let place = info.location();
        let (file, line) = place.map_or(("unknown", 0), |place| (place.file(), place.line()));
        tracing::error!(file, line, "panic");
    }));
}

/// Logs how the caches have done.
pub(crate) fn log_caches(catalog: &Catalog) {
    for stats in catalog.cache_stats() {
        let (cache, hits, misses) = (stats.name, stats.hits, stats.misses);
        tracing::info!(cache, hits, misses, entries = stats.entries, bytes = stats.bytes, "cache");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_over_only_well_formed_ids() {
        assert_eq!(RequestId::given("a-b_c.1").unwrap().as_str(), "a-b_c.1");
        for text in ["", "Jane Doe", "x\n", &"x".repeat(65)] {
            assert_eq!(RequestId::given(text), None);
        }
    }

    #[test]
    fn makes_a_new_id_each_time() {
        assert_ne!(RequestId::new(), RequestId::new());
    }
}
