//! The code sets: what is stored, what is held in memory, what is asked.
//!
//! A [`Catalog`] holds the [`Snapshot`] that requests are answered from. A request takes it once and keeps it to its
//! end, so that no answer mixes two states. A new snapshot is put in by one swap of a pointer.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use medcode_proto::v1;
use tokio::sync::watch;

pub mod assemble;
pub mod cache;
pub(crate) mod diff;
pub mod follow;
pub mod parts;
pub mod releases;
pub mod search;
pub mod snapshot;
pub mod store;
pub mod verify;

use cache::{Cache, CacheStats};
use snapshot::Snapshot;

use crate::{config::CacheSizes, payers::Payers, to_proto::encoded::Encoded};

/// The snapshot that answers, once there is one, and what was made from it.
#[derive(Debug)]
pub struct Catalog {
    current: ArcSwapOption<Snapshot>,
    /// The rules of payers, which are files of their user and stand beside the catalog.
    pub payers: Payers,
    /// Counts the snapshots that were put in.
    swaps: watch::Sender<u64>,
    pub(crate) search_pages: Cache<Encoded<v1::SearchConceptsResponse>>,
    pub(crate) concepts: Cache<v1::Concept>,
    /// Reports on encounters of streams, without their ids.
    pub(crate) reports: Cache<Encoded<v1::EncounterReport>>,
    pub(crate) differences: Cache<diff::Differences>,
}

impl Catalog {
    /// A catalog that holds nothing yet.
    pub fn new(sizes: &CacheSizes) -> Self {
        Self {
            current: ArcSwapOption::empty(),
            payers: Payers::default(),
            swaps: watch::Sender::new(0),
            search_pages: Cache::new("search", sizes.search_bytes),
            concepts: Cache::new("concept", sizes.concept_bytes),
            reports: Cache::new("encounter", sizes.encounter_bytes),
            differences: Cache::new("diff", sizes.diff_bytes),
        }
    }

    /// Puts a snapshot in. Requests that have begun are answered from the one before.
    pub fn publish(&self, snapshot: impl Into<Arc<Snapshot>>) {
        let snapshot = snapshot.into();
        tracing::info!(digest = %snapshot.digest, releases = snapshot.releases.len(), "catalog published");
        self.current.store(Some(snapshot));
        self.swaps.send_modify(|swaps| *swaps += 1);
    }

    /// The snapshot that answers; `None` while nothing is loaded.
    pub fn current(&self) -> Option<Arc<Snapshot>> {
        self.current.load_full()
    }

    /// Tells when a snapshot was put in.
    pub fn swaps(&self) -> watch::Receiver<u64> {
        self.swaps.subscribe()
    }

    /// How the caches do.
    pub fn cache_stats(&self) -> [CacheStats; 4] {
        let Self { search_pages, concepts, reports, differences, .. } = self;
        [search_pages.stats(), concepts.stats(), reports.stats(), differences.stats()]
    }
}

impl Default for Catalog {
    fn default() -> Self {
        Self::new(&CacheSizes::default())
    }
}
