//! Where a key stands in a sorted list: a table of places that is found by the key itself. A binary search over a whole
//! code set costs a dozen visits to memory far apart, this one or two.

use crate::code::CodeKey;

/// No key stands in the slot.
const EMPTY: u32 = u32::MAX;

/// The places of the keys of a list, by key.
#[derive(Debug)]
pub(crate) struct KeyIndex {
    /// Places, in three of four slots at most: a key stands in the slot that its bits name or in one of those that follow,
    /// before the next empty one. The bits that no place needs hold a part of the key, so that other keys are told
    /// apart without a visit to the list.
    slots: Vec<u32>,
    /// How far a product is shifted to name a slot.
    shift: u32,
    /// Bits of a place. All of them set is the place of no key.
    place_bits: u32,
    /// One bit of eight or more for each key, small enough for the memory next to the processor: nine of ten keys that
    /// are not there are told by it.
    there: Vec<u64>,
}

/// Where a key may stand.
struct Probe {
    first: usize,
    /// The part of the key that stands beside its place, already where it stands.
    tag: u32,
    /// The word of `there` and the bit in it.
    there: (usize, u64),
}

impl KeyIndex {
    /// The index of a list of keys, each once.
    pub(crate) fn of(keys: impl ExactSizeIterator<Item = CodeKey>) -> Self {
        let places = keys.len();
        Self::of_some(places, places, (0..).zip(keys))
    }

    /// The index of `count` keys, each once, that stand at some of the places below `places`.
    pub(crate) fn of_some(
        count: usize,
        places: usize,
        keys: impl Iterator<Item = (u32, CodeKey)>,
    ) -> Self {
        let count = (count * 4 / 3 + 1).next_power_of_two().max(2);
        let place_bits = usize::BITS - places.leading_zeros();
        let shift = 64 - count.trailing_zeros();
        let (slots, there) = (vec![EMPTY; count], vec![0; (count / 8).max(1)]);
        let mut index = Self { slots, shift, place_bits: place_bits.min(31), there };
        for (place, key) in keys {
            let probe = index.probe(key);
            let free = index.walk(&probe).find(|slot| index.slots.get(*slot) == Some(&EMPTY));
            if let Some(slot) = free.and_then(|slot| index.slots.get_mut(slot)) {
                *slot = place | probe.tag;
            }
            if let Some(word) = index.there.get_mut(probe.there.0) {
                *word |= probe.there.1;
            }
        }
        index
    }

    /// The place of the key. `key_at` gives the key at a place.
    pub(crate) fn find(
        &self,
        key: CodeKey,
        key_at: impl Fn(usize) -> Option<CodeKey>,
    ) -> Option<usize> {
        let probe = self.probe(key);
        self.there.get(probe.there.0).filter(|word| **word & probe.there.1 != 0)?;
        let in_place = (1 << self.place_bits) - 1;
        for slot in self.walk(&probe) {
            let taken = self.slots.get(slot).copied().filter(|taken| *taken != EMPTY)?;
            let place = (taken & in_place) as usize;
            if taken & !in_place == probe.tag && key_at(place) == Some(key) {
                return Some(place);
            }
        }
        None
    }

    /// Where the key most likely stands, if it is in the list. One visit to memory and no decision.
    pub(crate) fn likely(&self, key: CodeKey) -> usize {
        let slot = self.slots.get(self.probe(key).first).copied().unwrap_or_default();
        (slot & ((1 << self.place_bits) - 1)) as usize
    }

    fn probe(&self, key: CodeKey) -> Probe {
        // The highest bits of a product depend on all bits of the key, most of all on the low ones: those of the last
        // characters, which short keys have not.
        let bits = u64::from_be_bytes(key.bytes());
        let spread = (bits ^ (bits >> 29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let first = usize::try_from(spread >> self.shift).unwrap_or_default();
        // The bits that follow those of the slot: keys of one slot differ in them.
        let next = u32::try_from((spread << (64 - self.shift)) >> 32).unwrap_or_default();
        let there = (first & (self.there.len() - 1), 1 << (next & 63));
        Probe { first, there, tag: next >> self.place_bits << self.place_bits }
    }

    /// The slots in which a key may stand, nearest first.
    fn walk(&self, probe: &Probe) -> impl Iterator<Item = usize> + use<> {
        let (first, mask) = (probe.first, self.slots.len() - 1);
        (0..=mask).map(move |step| first.wrapping_add(step) & mask)
    }
}

/// The first three characters of the keys of a list: few beginnings are in use, and a bit for each fits into the memory
/// next to the processor.
#[derive(Debug)]
pub(crate) struct Beginnings(Vec<u64>);

/// Bits of a character that tell letters, digits and the end of a key apart.
const CHARACTER_BITS: u32 = 6;

impl Beginnings {
    /// Those of some keys.
    pub(crate) fn of(keys: impl Iterator<Item = CodeKey>) -> Self {
        let mut words = vec![0; 1 << (2 * CHARACTER_BITS)];
        for key in keys {
            let (word, bit) = Self::place(key);
            if let Some(word) = words.get_mut(word) {
                *word |= bit;
            }
        }
        Self(words)
    }

    /// Whether one of the keys begins like this one.
    pub(crate) fn hold(&self, key: CodeKey) -> bool {
        let (word, bit) = Self::place(key);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    /// The word of the first two characters, and the bit of the third.
    fn place(key: CodeKey) -> (usize, u64) {
        let [first, second, third, ..] = key.bytes();
        let low = |byte: u8| usize::from(byte) & ((1 << CHARACTER_BITS) - 1);
        (low(first) << CHARACTER_BITS | low(second), 1 << low(third))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_key_is_found_where_it_stands(texts in prop::collection::btree_set("[0-9A-Z]{1,7}|E1[0-9]{1,4}", 0..80), absent in "[0-9A-Z]{1,7}") {
            let keys: Vec<_> = texts.iter().map(|text| CodeKey::new(text).unwrap()).collect();
            let index = KeyIndex::of(keys.iter().copied());
            let find = |key| index.find(key, |place| keys.get(place).copied());
            for (place, key) in keys.iter().enumerate() {
                prop_assert_eq!(find(*key), Some(place));
            }
            let expected = texts.iter().position(|text| *text == absent);
            prop_assert_eq!(find(CodeKey::new(&absent).unwrap()), expected);
        }
    }

    #[test]
    fn every_beginning_of_a_key_is_known_and_few_others() {
        let key = |text: &str| CodeKey::new(text).unwrap();
        let beginnings = Beginnings::of(["E119", "E1165", "A0", "J"].map(key).into_iter());
        for known in ["E119", "E11", "E11ABCD", "A0", "J"] {
            assert!(beginnings.hold(key(known)), "{known}");
        }
        for other in ["E12", "A11", "A00", "J0", "E1", "11E", "A"] {
            assert!(!beginnings.hold(key(other)), "{other}");
        }
    }
}
