//! Growing, jittered pauses between attempts to reach a service.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    time::Duration,
};

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);

/// Pauses that double from half a second to half a minute. Each is shortened by up to a half at random, so that the
/// clients of a restarted service do not come back all at once.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    attempts: u32,
}

impl Backoff {
    /// The next pause.
    pub(super) fn next(&mut self) -> Duration {
        let full = FIRST
            .saturating_mul(1_u32.checked_shl(self.attempts.min(16)).unwrap_or(u32::MAX))
            .min(LONGEST);
        self.attempts = self.attempts.saturating_add(1);
        full.mul_f64(0.5 + random_fraction() / 2.0)
    }

    /// Begins anew after a success.
    pub(super) fn reset(&mut self) {
        self.attempts = 0;
    }
}

/// A number from 0 to 1. The hasher of the standard library is seeded at random, which is good enough for pauses.
fn random_fraction() -> f64 {
    let random = u32::try_from(RandomState::new().build_hasher().finish() >> 32).unwrap_or(0);
    f64::from(random) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_to_the_longest_and_begins_anew() {
        let mut backoff = Backoff::default();
        for _ in 0..100 {
            let full = FIRST
                .mul_f64(2_f64.powi(i32::try_from(backoff.attempts.min(10)).unwrap()))
                .min(LONGEST);
            let pause = backoff.next();
            assert!(pause >= full / 2 && pause <= full, "{pause:?} of {full:?}");
        }
        backoff.reset();
        assert!(backoff.next() <= FIRST);
    }
}
