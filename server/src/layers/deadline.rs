//! Gives each request the time it may take, and answers for it when the time is up.
//!
//! A timer cannot stop a method that computes, so methods that loop ask [`Deadline::check`].

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures::{FutureExt, future::Either};
use http::{HeaderMap, Request, Response};
use tokio::time::Instant;
use tonic::{Status, body::Body};

use super::{
    is_ours,
    step::{Next, Step},
};
use crate::{config::Deadlines, error::Error};

/// Until when a request is to be answered, and whether anybody still waits.
#[derive(Clone, Debug)]
pub(crate) struct Deadline {
    at: Instant,
    abandoned: Arc<AtomicBool>,
}

impl Deadline {
    fn after(time: Duration) -> Self {
        Self { at: Instant::now() + time, abandoned: Arc::new(AtomicBool::new(false)) }
    }

    /// A deadline far away, for a request that came without the layer.
    pub(crate) fn far() -> Self {
        Self::after(Duration::from_secs(3_600))
    }

    /// When the time is up.
    pub(crate) fn at(&self) -> Instant {
        self.at
    }

    /// Whether the time is up, or the caller has gone.
    pub(crate) fn is_over(&self) -> bool {
        self.abandoned.load(Ordering::Relaxed) || Instant::now() >= self.at
    }

    /// An error when the time is up. Methods that loop ask at least every millisecond of work.
    pub(crate) fn check(&self, items_done: usize, items: usize) -> Result<(), Error> {
        if self.is_over() { Err(Error::DeadlineExceeded { items_done, items }) } else { Ok(()) }
    }

    /// Marks the request as abandoned when dropped.
    pub(crate) fn abandon_on_drop(&self) -> AbandonOnDrop {
        AbandonOnDrop(Arc::clone(&self.abandoned))
    }
}

/// Lives as long as somebody waits for the answer.
pub(crate) struct AbandonOnDrop(Arc<AtomicBool>);

impl Drop for AbandonOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Sets the deadline and answers `DEADLINE_EXCEEDED` after it.
#[derive(Clone, Debug)]
pub(crate) struct DeadlineStep {
    deadlines: Deadlines,
}

impl DeadlineStep {
    pub(super) fn new(deadlines: Deadlines) -> Self {
        Self { deadlines }
    }
}

impl Step for DeadlineStep {
    fn answer(
        self,
        mut request: Request<Body>,
        next: impl Next,
    ) -> impl Future<Output = Response<Body>> + Send {
        let method = request.uri().path();
        if !is_ours(method) {
            return Either::Left(next.ask(request));
        }
        let time = self.deadlines.time_for(method, given(request.headers()));
        let deadline = Deadline::after(time);
        let at = deadline.at;
        request.extensions_mut().insert(deadline);
        Either::Right(tokio::time::timeout_at(at, next.ask(request)).map(|answer| {
            answer.unwrap_or_else(|_| {
                Status::from(Error::DeadlineExceeded { items_done: 0, items: 0 }).into_http()
            })
        }))
    }
}

/// The time that the caller gives: up to eight digits and a unit. Anything else is as if nothing was given.
fn given(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get("grpc-timeout")?.to_str().ok()?;
    let (digits, unit) = value.split_at_checked(value.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let amount: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(amount * 3_600)),
        "M" => Some(Duration::from_secs(amount * 60)),
        "S" => Some(Duration::from_secs(amount)),
        "m" => Some(Duration::from_millis(amount)),
        "u" => Some(Duration::from_micros(amount)),
        "n" => Some(Duration::from_nanos(amount)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert("grpc-timeout", value.parse().unwrap());
        given(&headers)
    }

    #[test]
    fn reads_the_time_that_a_caller_gives() {
        assert_eq!(read("50m"), Some(Duration::from_millis(50)));
        assert_eq!(read("2S"), Some(Duration::from_secs(2)));
        assert_eq!(read("99999999H"), Some(Duration::from_secs(99_999_999 * 3_600)));
        for value in ["", "S", "5", "5s", "-5S", "123456789S", "1.5S"] {
            assert_eq!(read(value), None, "{value}");
        }
    }

    #[test]
    fn an_abandoned_request_is_over() {
        let deadline = Deadline::far();
        let waiting = deadline.abandon_on_drop();
        assert!(deadline.check(0, 1).is_ok());
        drop(waiting);
        assert_eq!(deadline.check(3, 7), Err(Error::DeadlineExceeded { items_done: 3, items: 7 }));
    }
}
