//! Remembers which answers were asked for of late, without keeping any.

use std::sync::atomic::{AtomicU64, Ordering};

use super::CacheKey;

/// Keys that share a place: the fifth drives one of them out.
const PLACE: usize = 4;

/// Places of a table of 128 KiB.
const PLACES: usize = 4_096;

/// A part of each key that was seen, in the place that another part of it names. No key is there at first.
pub(super) struct Seen(Box<[[AtomicU64; PLACE]]>);

impl Default for Seen {
    fn default() -> Self {
        Self((0..PLACES).map(|_| [const { AtomicU64::new(0) }; PLACE]).collect())
    }
}

impl Seen {
    /// Whether the key was seen before, which it is from now on. Threads that meet may both be told that it was not, and
    /// one in 2^62 new keys is taken for an old one: an answer is made or kept once more than needed.
    pub(super) fn again(&self, key: &CacheKey) -> bool {
        let [first, second, ..] = key.numbers();
        let place = usize::try_from(first % PLACES as u64).unwrap_or_default();
        let Some(place) = self.0.get(place) else { return false };
        // No key is the mark of an empty slot.
        let mark = second.max(1);
        if place.iter().any(|slot| slot.load(Ordering::Relaxed) == mark) {
            return true;
        }
        let free = place.iter().find(|slot| slot.load(Ordering::Relaxed) == 0);
        let other = || place.get(usize::try_from(first / PLACES as u64 % PLACE as u64).ok()?);
        if let Some(slot) = free.or_else(other) {
            slot.store(mark, Ordering::Relaxed);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u32) -> CacheKey {
        CacheKey::of(&[&number.to_le_bytes()])
    }

    #[test]
    fn knows_what_was_seen_of_late() {
        let seen = Seen::default();
        assert!((0..2_000).all(|number| !seen.again(&key(number))));
        // Few of them share a place with more than three others.
        let again = (0..2_000).filter(|number| seen.again(&key(*number))).count();
        assert!(again > 1_950, "{again}");
    }

    #[test]
    fn forgets_what_was_long_ago() {
        let seen = Seen::default();
        for number in 0..200_000 {
            seen.again(&key(number));
        }
        assert!(!seen.again(&key(0)) && seen.again(&key(199_999)));
    }
}
