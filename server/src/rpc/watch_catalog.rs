//! `WatchCatalog`: what is loaded, and then what comes and goes.

use std::{sync::Arc, time::Duration};

use futures::{Stream, stream};
use medcode_proto::v1;
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

use super::Call;
use crate::{
    catalog::{Catalog, snapshot::Snapshot},
    error::Error,
    to_proto,
};

/// Tells the state and its changes until the server stops, or the time is up that the caller gives.
pub(crate) fn watch_catalog(
    call: &Call,
    stopping: watch::Receiver<bool>,
) -> impl Stream<Item = Result<v1::WatchCatalogResponse, Error>> + Send + use<> {
    let watching = Watching {
        swaps: call.catalog.swaps(),
        catalog: Arc::clone(&call.catalog),
        stopping,
        heartbeat: Duration::from_millis(call.config.deadlines.heartbeat_ms),
        until: call.deadline.at(),
        told: None,
    };
    stream::unfold(Some(watching), |watching| async {
        let mut watching = watching?;
        match watching.next().await {
            Ok(message) => Some((Ok(message), Some(watching))),
            Err(error) => Some((Err(error), None)),
        }
    })
}

/// One who watches. Holds no snapshot: the one before can go.
struct Watching {
    catalog: Arc<Catalog>,
    swaps: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
    heartbeat: Duration,
    until: Instant,
    /// What the reader knows.
    told: Option<Told>,
}

struct Told {
    digest: String,
    releases: Vec<v1::ReleaseRef>,
}

impl Watching {
    /// The next message, made when the reader has room for it: from the newest state, whatever lay between.
    async fn next(&mut self) -> Result<v1::WatchCatalogResponse, Error> {
        let heartbeat = Instant::now() + self.heartbeat;
        loop {
            self.swaps.mark_unchanged();
            let news = self.catalog.current().and_then(|snapshot| self.news(&snapshot));
            tokio::select! {
                biased;
                () = stops(&mut self.stopping) => return Err(Error::ShuttingDown),
                () = std::future::ready(()), if news.is_some() => return Ok(news.unwrap_or_default()),
                () = sleep_until(self.until) => {
                    return Err(Error::DeadlineExceeded { items_done: 0, items: 0 });
                }
                // Does not fail: the catalog is held here.
                _ = self.swaps.changed() => {}
                () = sleep_until(heartbeat) => break,
            }
        }
        Ok(self.nothing_new())
    }

    /// What the reader does not know yet. `None` when there is nothing.
    fn news(&mut self, snapshot: &Snapshot) -> Option<v1::WatchCatalogResponse> {
        let told = self.told.take();
        let known = told.as_ref().map_or(&[][..], |told| &told.releases);
        let records = to_proto::release::in_order(snapshot.releases.iter());
        let loaded: Vec<_> = records.into_iter().map(to_proto::release::loaded).collect();
        let releases: Vec<_> = loaded.iter().filter_map(|release| release.r#ref.clone()).collect();
        let unloaded = known.iter().filter(|release| !releases.contains(release)).cloned();
        let unloaded: Vec<_> = unloaded.collect();
        let came = |release: &v1::Release| {
            release.r#ref.as_ref().is_none_or(|named| !known.contains(named))
        };
        let loaded: Vec<_> = loaded.into_iter().filter(came).collect();
        let is_new = told.as_ref().is_none_or(|told| told.digest != snapshot.digest)
            || !loaded.is_empty()
            || !unloaded.is_empty();
        self.told = Some(Told { digest: snapshot.digest.clone(), releases });
        is_new.then(|| v1::WatchCatalogResponse {
            catalog_digest: snapshot.digest.clone(),
            loaded,
            unloaded,
            heartbeat: false,
        })
    }

    fn nothing_new(&self) -> v1::WatchCatalogResponse {
        v1::WatchCatalogResponse {
            catalog_digest: self.told.as_ref().map(|told| told.digest.clone()).unwrap_or_default(),
            heartbeat: true,
            ..v1::WatchCatalogResponse::default()
        }
    }
}

/// Waits until the server stops, or until whoever could say so has gone.
async fn stops(stopping: &mut watch::Receiver<bool>) {
    drop(stopping.wait_for(|stopping| *stopping).await);
}

#[cfg(test)]
mod tests {
    use medcode_codes::{date::parse_iso, release, terminology::Terminology};

    use super::*;
    use crate::catalog::releases::{ReleaseKind, ReleaseRecord, Source};

    fn snapshot(releases: &[(&str, &str)]) -> Snapshot {
        let records = releases.iter().map(|(dataset, digest)| ReleaseRecord {
            release: release::Release {
                dataset: (*dataset).into(),
                version: parse_iso("2026-04-01").unwrap(),
                effective_to: None,
                digest: (*digest).into(),
                title: String::new(),
                content: release::Content::Complete,
            },
            kind: ReleaseKind::CodeList,
            is_default: true,
            remarks: Vec::new(),
            systems: Vec::new(),
            horizon: None,
            source: Source {
                package: String::new(),
                file: String::new(),
                sha256: String::new(),
                licence: String::new(),
                copyright: String::new(),
            },
            imported_at: String::new(),
            row_count: 0,
            billable_count: None,
        });
        Snapshot::new(Terminology::default(), records.collect(), Vec::new())
    }

    fn watching(catalog: &Arc<Catalog>) -> (Watching, watch::Sender<bool>) {
        let (stop, stopping) = watch::channel(false);
        let watching = Watching {
            swaps: catalog.swaps(),
            catalog: Arc::clone(catalog),
            stopping,
            heartbeat: Duration::from_secs(30),
            until: Instant::now() + Duration::from_secs(100),
            told: None,
        };
        (watching, stop)
    }

    fn names(message: &v1::WatchCatalogResponse) -> (Vec<&str>, Vec<&str>) {
        let loaded = message.loaded.iter().filter_map(|release| release.r#ref.as_ref());
        (
            loaded.map(|release| release.digest.as_str()).collect(),
            message.unloaded.iter().map(|release| release.digest.as_str()).collect(),
        )
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_reader_gets_the_newest_state() {
        let catalog = Arc::new(Catalog::default());
        catalog.publish(snapshot(&[("a", "a1"), ("b", "b1")]));
        let (mut watching, _stop) = watching(&catalog);
        assert_eq!(names(&watching.next().await.unwrap()), (vec!["a1", "b1"], vec![]));
        catalog.publish(snapshot(&[("b", "b1"), ("c", "c1")]));
        catalog.publish(snapshot(&[("b", "b2"), ("c", "c2")]));
        let change = watching.next().await.unwrap();
        assert_eq!(names(&change), (vec!["b2", "c2"], vec!["a1", "b1"]));
        assert_eq!(change.catalog_digest, catalog.current().unwrap().digest);
        // The same state once more is no news.
        catalog.publish(snapshot(&[("b", "b2"), ("c", "c2")]));
        let started = Instant::now();
        let alive = watching.next().await.unwrap();
        assert!(alive.heartbeat && names(&alive) == (vec![], vec![]));
        assert_eq!(alive.catalog_digest, change.catalog_digest);
        assert_eq!(started.elapsed(), Duration::from_secs(30));
    }

    #[tokio::test(start_paused = true)]
    async fn ends_when_the_server_stops_or_the_time_is_up() {
        let catalog = Arc::new(Catalog::default());
        catalog.publish(snapshot(&[("a", "a1")]));
        let (mut late, _stop) = watching(&catalog);
        let mut messages = 0;
        let error = loop {
            match late.next().await {
                Ok(_) => messages += 1,
                Err(error) => break error,
            }
        };
        assert_eq!(messages, 4, "the state and three heartbeats");
        assert_eq!(error, Error::DeadlineExceeded { items_done: 0, items: 0 });

        let (mut stopped, stop) = watching(&catalog);
        stopped.next().await.unwrap();
        stop.send_replace(true);
        assert_eq!(stopped.next().await, Err(Error::ShuttingDown));
        let (mut left, stop) = watching(&catalog);
        drop(stop);
        assert_eq!(left.next().await, Err(Error::ShuttingDown));
    }
}
