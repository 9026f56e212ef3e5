//! Where codes of a table stand in an edition of the tabular list, remembered once it has been found out: finding a code
//! with a 7th character takes several searches far apart in memory, the same ones every time.

use std::sync::atomic::{AtomicU32, Ordering};

use super::rows::Rows;
use crate::{
    code::CodeKey,
    tabular::{Location, NodeId, TabularList},
};

/// By row of the table.
#[derive(Default)]
pub(super) struct Places(Rows<AtomicU32>);

/// Nobody has asked yet.
const OPEN: u32 = 0;

/// The list does not hold the code.
const ABSENT: u32 = 1;

/// Bits of the 7th character, below those of the node.
const CHARACTER_BITS: u32 = 8;

impl Places {
    /// Where the code at a row of a table of so many rows stands in the list.
    pub(super) fn locate(
        &self,
        list: &TabularList,
        key: CodeKey,
        row: (usize, usize),
    ) -> Option<Location> {
        let Some(place) = self.0.at(row) else { return list.locate(key) };
        match place.load(Ordering::Relaxed) {
            OPEN => {
                let location = list.locate(key);
                // Whoever else finds it out at the same time writes the same.
                place.store(packed(location), Ordering::Relaxed);
                location
            }
            ABSENT => None,
            known => Some(unpacked(known, key)),
        }
    }
}

impl Places {
    /// The node that stands for the code at a row, if it was found out before.
    pub(super) fn known(&self, row: usize) -> Option<NodeId> {
        let known = self.0.known(row)?.load(Ordering::Relaxed);
        (known > ABSENT).then(|| NodeId((known >> CHARACTER_BITS).saturating_sub(1)))
    }
}

/// A location as one number. What does not fit is asked for anew every time.
fn packed(location: Option<Location>) -> u32 {
    let Some(location) = location else { return ABSENT };
    let character = u8::try_from(location.seventh.unwrap_or('\0'));
    let node = (location.node.0 + 1).checked_mul(1 << CHARACTER_BITS);
    node.zip(character.ok()).map_or(OPEN, |(node, character)| node | u32::from(character))
}

fn unpacked(known: u32, key: CodeKey) -> Location {
    let [.., character] = known.to_be_bytes();
    let seventh = (character != 0).then(|| char::from(character));
    Location { node: NodeId((known >> CHARACTER_BITS) - 1), key, seventh }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{system::CodeSystem, testing::sample};

    #[test]
    fn what_is_remembered_is_what_is_found() {
        let list = &sample().editions()[0].list;
        let table = sample().table(CodeSystem::Icd10Cm).unwrap();
        let places = Places::default();
        let mut absent = 0;
        for (row, entry) in table.iter().enumerate() {
            let found = list.locate(entry.key());
            absent += usize::from(found.is_none());
            for _ in 0..2 {
                let at = (row, table.len());
                assert_eq!(places.locate(list, entry.key(), at), found, "{}", entry.key());
            }
        }
        assert!(absent > 0 && absent < table.len());
        let key = CodeKey::new("E119").unwrap();
        assert_eq!(places.locate(list, key, (usize::MAX, table.len())), list.locate(key));
    }

    #[test]
    fn what_does_not_fit_is_not_remembered() {
        let key = CodeKey::new("E119").unwrap();
        let at = |node, seventh| Some(Location { node: NodeId(node), key, seventh });
        assert_eq!(packed(at(1 << 24, None)), OPEN);
        assert_eq!(packed(at(1, Some('\u{2014}'))), OPEN);
        assert_eq!(Some(unpacked(packed(at(0, Some('A'))), key)), at(0, Some('A')));
        assert_eq!(Some(unpacked(packed(at((1 << 24) - 2, None)), key)), at((1 << 24) - 2, None));
    }
}
