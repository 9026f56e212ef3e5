//! Answers that are worth keeping: pages of search results, concepts ready to be sent, reports on encounters, differences
//! of two releases.
//!
//! A cache stands only where making an answer costs ten microseconds or more. Point lookups have none: the snapshot answers
//! them faster than any cache. The digest of the snapshot and the date are in every key, so a new snapshot needs no
//! flush and nothing of yesterday is served after midnight.

use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use foldhash::fast::RandomState;
use moka::sync::Cache as Store;
use prost::Message;
use sha2::{Digest, Sha256};

use crate::to_proto::encoded::Encoded;

/// What an entry weighs beside its message: key, counters, tables.
const ENTRY_OVERHEAD: u32 = 256;

/// A message in memory takes some times the bytes that it takes on the wire: lengths and capacities of its parts.
const MEMORY_PER_WIRE_BYTE: usize = 4;

/// Names an answer: a hash over everything it depends on. Queries can be names of people, and encounters are patient
/// data; a hash cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CacheKey([u8; 32]);

impl Hash for CacheKey {
    /// Eight bytes of SHA-256 are spread evenly: the others need not be hashed again.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let first = self.0.first_chunk().copied().map_or(0, u64::from_le_bytes);
        state.write_u64(first);
    }
}

impl CacheKey {
    /// The key of an answer that depends on these parts.
    pub(crate) fn of(parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }

    /// The key of an answer that depends on what this one names and on further parts.
    pub(crate) fn with(&self, parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new_with_prefix(self.0);
        for part in parts {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}

/// How a cache does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheStats {
    /// What is kept: `search`, `concept`, `encounter` or `diff`.
    pub name: &'static str,
    /// Answers that were there.
    pub hits: u64,
    /// Answers that had to be made.
    pub misses: u64,
    /// Answers that are kept. Counts settle with a short delay.
    pub entries: u64,
    /// Bytes that they take, estimated.
    pub bytes: u64,
}

/// What can be kept.
pub(crate) trait Weight {
    /// Bytes that it takes in memory, estimated.
    fn bytes(&self) -> usize;
}

impl<M: Message> Weight for M {
    fn bytes(&self) -> usize {
        self.encoded_len().saturating_mul(MEMORY_PER_WIRE_BYTE)
    }
}

impl<A> Weight for Encoded<A> {
    fn bytes(&self) -> usize {
        self.bytes.len()
    }
}

/// Answers of one kind, bounded by their bytes.
pub(crate) struct Cache<M> {
    name: &'static str,
    store: Store<CacheKey, Arc<M>, RandomState>,
    hits: AtomicU64,
    misses: AtomicU64,
}

impl<M: Weight + Send + Sync + 'static> Cache<M> {
    /// A cache of at most `bytes`.
    pub(crate) fn new(name: &'static str, bytes: u64) -> Self {
        let weigh = |_: &CacheKey, answer: &Arc<M>| {
            u32::try_from(answer.bytes()).unwrap_or(u32::MAX).saturating_add(ENTRY_OVERHEAD)
        };
        let store = Store::builder().max_capacity(bytes).weigher(weigh);
        // Keys are hashes: whoever sends requests cannot choose them.
        let store = store.build_with_hasher(RandomState::default());
        Self { name, store, hits: AtomicU64::new(0), misses: AtomicU64::new(0) }
    }

    /// The answer of this name, made if it is not there. What fails is not kept.
    pub(crate) fn get_or_make<E>(
        &self,
        key: CacheKey,
        make: impl FnOnce() -> Result<M, E>,
    ) -> Result<Arc<M>, E> {
        if let Some(answer) = self.store.get(&key) {
            self.hits.fetch_add(1, Ordering::Relaxed);
            return Ok(answer);
        }
        self.misses.fetch_add(1, Ordering::Relaxed);
        let answer = Arc::new(make()?);
        self.store.insert(key, Arc::clone(&answer));
        Ok(answer)
    }

    pub(crate) fn stats(&self) -> CacheStats {
        self.store.run_pending_tasks();
        CacheStats {
            name: self.name,
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            entries: self.store.entry_count(),
            bytes: self.store.weighted_size(),
        }
    }
}

impl<M> fmt::Debug for Cache<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").field("name", &self.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use medcode_proto::v1::Date;

    use super::*;

    /// Keeps or finds the answer of this day.
    fn get(cache: &Cache<Date>, key: CacheKey, day: i32) -> i32 {
        let made =
            cache.get_or_make(key, || Ok::<_, Infallible>(Date { year: 2026, month: 4, day }));
        made.unwrap().day
    }

    #[test]
    fn counts_hits_and_misses() {
        let cache = Cache::new("search", 1 << 20);
        let key = CacheKey::of(&[b"a", b"b"]);
        assert_eq!(get(&cache, key, 1), 1);
        assert_eq!(get(&cache, key, 2), 1);
        let stats = cache.stats();
        assert_eq!((stats.hits, stats.misses, stats.entries), (1, 1, 1));
        assert!(stats.bytes >= u64::from(ENTRY_OVERHEAD));
    }

    #[test]
    fn keeps_no_failure_and_not_more_than_its_bytes() {
        let cache = Cache::new("search", 10 * u64::from(ENTRY_OVERHEAD));
        let key = |number: u32| CacheKey::of(&[&number.to_le_bytes()]);
        assert_eq!(cache.get_or_make(key(0), || Err::<Date, _>("no")).unwrap_err(), "no");
        assert_eq!(cache.stats().entries, 0);
        for number in 0..100 {
            get(&cache, key(number), 1);
        }
        assert!(cache.stats().entries < 10);
    }

    #[test]
    fn a_cache_of_no_bytes_makes_every_answer() {
        let cache = Cache::new("search", 0);
        let key = CacheKey::of(&[b"a"]);
        get(&cache, key, 1);
        cache.stats();
        assert_eq!(get(&cache, key, 2), 2);
    }

    #[test]
    fn parts_of_a_key_do_not_run_together() {
        assert_ne!(CacheKey::of(&[b"ab", b"c"]), CacheKey::of(&[b"a", b"bc"]));
    }
}
