//! How long answers take: a histogram for each method, for `medcode.server.status` and for `--timings`.

use std::{
    collections::BTreeMap,
    io,
    path::Path,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use serde::Serialize;

/// Steps between two powers of two: an error of at most an eighth.
const STEPS: u64 = 8;

/// How often which time was taken. Times are in microseconds.
#[derive(Clone, Debug, Default)]
struct Histogram {
    /// By bucket; missing ones are zero.
    counts: BTreeMap<u64, u64>,
    max: u64,
}

impl Histogram {
    fn add(&mut self, took: u64) {
        *self.counts.entry(bucket(took)).or_default() += 1;
        self.max = self.max.max(took);
    }

    fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    /// The time within which this share, of a thousand, was done.
    fn within(&self, share: u64) -> u64 {
        let wanted = (self.total() * share).div_ceil(1000);
        let mut seen = 0;
        let reached = self.counts.iter().find(|(_, count)| {
            seen += **count;
            seen >= wanted
        });
        reached.map_or(self.max, |(bucket, _)| upper(*bucket).min(self.max))
    }
}

/// Times below [`STEPS`] have a bucket each; above, each power of two has that many.
fn bucket(took: u64) -> u64 {
    let Some(power) = took.checked_ilog2().filter(|_| took >= STEPS) else { return took };
    let power = u64::from(power);
    let shift = power - u64::from(STEPS.ilog2());
    (shift + 1) * STEPS + ((took >> shift) - STEPS)
}

/// The greatest time of a bucket.
fn upper(bucket: u64) -> u64 {
    if bucket < STEPS {
        return bucket;
    }
    let shift = bucket / STEPS - 1;
    ((bucket % STEPS + STEPS + 1) << shift) - 1
}

/// What is told of one method; times in microseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Timing {
    count: u64,
    p50_us: u64,
    p95_us: u64,
    p99_us: u64,
    max_us: u64,
}

/// The times of all methods.
#[derive(Debug, Default)]
pub(crate) struct Timings {
    methods: Mutex<BTreeMap<&'static str, Histogram>>,
}

impl Timings {
    /// Remembers how long something took.
    pub(crate) fn add(&self, method: &'static str, took: Duration) {
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let mut methods = self.methods.lock().unwrap_or_else(PoisonError::into_inner);
        methods.entry(method).or_default().add(took);
    }

    /// Writes them as one JSON document.
    pub(crate) fn write(&self, path: &Path) -> io::Result<()> {
        let document = serde_json::json!({ "timings": self.told() });
        std::fs::write(path, format!("{document:#}\n"))
    }

    /// What was taken so far, by method.
    pub(crate) fn told(&self) -> BTreeMap<&'static str, Timing> {
        let methods = self.methods.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let told = methods.iter().map(|(method, histogram)| {
            let timing = Timing {
                count: histogram.total(),
                p50_us: histogram.within(500),
                p95_us: histogram.within(950),
                p99_us: histogram.within(990),
                max_us: histogram.max,
            };
            (*method, timing)
        });
        told.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_time_lies_in_its_bucket() {
        let mut before = 0;
        for took in (0..5_000).chain([1 << 20, (1 << 40) + 12_345]) {
            let bucket = bucket(took);
            assert!(bucket >= before && took <= upper(bucket), "{took}");
            assert!(upper(bucket) - took <= took / STEPS, "{took}");
            before = bucket;
        }
    }

    #[test]
    fn tells_shares_within_an_eighth() {
        let timings = Timings::default();
        (1..=1000).for_each(|took| timings.add("x", Duration::from_micros(took)));
        let told = &timings.told()["x"];
        assert_eq!((told.count, told.max_us), (1000, 1000));
        assert!((500..563).contains(&told.p50_us), "{told:?}");
        assert!((950..=1000).contains(&told.p95_us), "{told:?}");
    }
}
