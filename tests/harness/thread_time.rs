//! The time that the processor spent on this thread.

use rustix::time::{ClockId, clock_gettime};

/// Seconds of processor time that `work` takes on this thread, and what it gives.
pub fn thread_seconds<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let before = now();
    let given = std::hint::black_box(work());
    (now() - before, given)
}

fn now() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    #[expect(clippy::cast_precision_loss, reason = "of far fewer than 2^53 nanoseconds")]
    let (whole, part) = (time.tv_sec as f64, time.tv_nsec as f64);
    whole + part * 1e-9
}
