//! Calls at a fixed number in flight, with the time on the clock and of the server's processor.

use std::{
    cell::Cell,
    rc::Rc,
    time::{Duration, Instant},
};

use e2e::{
    figures::{Round, median, percentile},
    process::processor_seconds,
};
use tokio::task::LocalSet;
use tonic::transport::{Channel, Endpoint};

/// Rounds in which the service and its limit take turns.
pub(crate) const ROUNDS: usize = 7;

/// A server under load: the service, or the limit.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) process: u32,
    pub(crate) channels: Vec<Channel>,
}

impl Target {
    /// Connects twice.
    pub(crate) async fn connect(process: u32, address: &str) -> Self {
        let mut channels = Vec::new();
        for _ in 0..2 {
            let endpoint = Endpoint::from_shared(format!("http://{address}")).expect("an address");
            let endpoint = endpoint
                .initial_stream_window_size(1 << 20)
                .initial_connection_window_size(4 << 20);
            channels.push(endpoint.connect().await.expect("it accepts connections"));
        }
        Self { process, channels }
    }
}

/// What one round of one server took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    /// Calls or items.
    pub(crate) items: f64,
    pub(crate) seconds: f64,
    pub(crate) processor: f64,
    /// The median of single calls, in microseconds.
    pub(crate) p50: f64,
}

impl Sample {
    pub(crate) fn rate(self) -> f64 {
        self.items / self.seconds
    }

    /// Microseconds of the server's processor for an item.
    pub(crate) fn processor_each(self) -> f64 {
        self.processor / self.items * 1e6
    }
}

/// Both servers in one round.
pub(crate) type Pair = (Sample, Sample);

/// Lets the service and its limit take turns; the order is reversed in every second round.
pub(crate) async fn take_turns<F>(
    service: &Target,
    limit: &Target,
    mut run: impl FnMut(Target) -> F,
) -> Vec<Pair>
where
    F: Future<Output = Sample>,
{
    // The first of each warms connections, threads and caches up.
    run(service.clone()).await;
    run(limit.clone()).await;
    let mut pairs = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        pairs.push(if round % 2 == 0 {
            let first = run(service.clone()).await;
            (first, run(limit.clone()).await)
        } else {
            let first = run(limit.clone()).await;
            (run(service.clone()).await, first)
        });
    }
    pairs
}

/// One figure of both in each round.
pub(crate) fn rounds(pairs: &[Pair], figure: impl Fn(Sample) -> f64) -> Vec<Round> {
    pairs.iter().map(|(service, limit)| (figure(*service), figure(*limit))).collect()
}

/// Makes `calls` calls with so many in flight, all from this thread. `call` is told the number of the call and gives the
/// items that it answered for.
pub(crate) async fn calls<F>(
    target: Target,
    in_flight: usize,
    calls: usize,
    call: impl Fn(Channel, usize) -> F + Clone + 'static,
) -> Sample
where
    F: Future<Output = usize>,
{
    let before = processor_seconds(target.process);
    let begun = Instant::now();
    let next = Rc::new(Cell::new(0));
    let tasks = LocalSet::new();
    let mut workers = Vec::new();
    for worker in 0..in_flight {
        let channel = target.channels[worker % target.channels.len()].clone();
        let (next, call) = (next.clone(), call.clone());
        workers.push(tasks.spawn_local(async move {
            let (mut items, mut took) = (0, Vec::new());
            while next.get() < calls {
                let number = next.replace(next.get() + 1);
                let asked = Instant::now();
                items += call(channel.clone(), number).await;
                took.push(asked.elapsed());
            }
            (items, took)
        }));
    }
    let (mut items, mut took) = (0, Vec::new());
    tasks
        .run_until(async {
            for worker in workers {
                let (its_items, its_took) = worker.await.expect("a worker that ends");
                items += its_items;
                took.extend(its_took.iter().map(micros));
            }
        })
        .await;
    sample(target.process, items, begun, before, &mut took)
}

/// What has been measured since `begun`.
pub(crate) fn sample(
    process: u32,
    items: usize,
    begun: Instant,
    processor_before: f64,
    took: &mut [f64],
) -> Sample {
    Sample {
        items: u32::try_from(items).expect("not that many").into(),
        seconds: begun.elapsed().as_secs_f64(),
        processor: processor_seconds(process) - processor_before,
        p50: percentile(took, 50),
    }
}

/// The median of one figure of the service.
pub(crate) fn of_service(pairs: &[Pair], figure: impl Fn(Sample) -> f64) -> f64 {
    median(pairs.iter().map(|pair| figure(pair.0)))
}

fn micros(time: &Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
