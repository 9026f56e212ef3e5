//! Which codes have had one title only, remembered once it has been found out: most titles are never revised, and looking
//! through all releases for it is the same work every time.

use std::sync::atomic::{AtomicU8, Ordering};

use super::rows::Rows;

/// By row of the table.
#[derive(Default)]
pub(super) struct Retitled(Rows<AtomicU8>);

/// Nobody has asked yet.
const OPEN: u8 = 0;

const NEVER: u8 = 1;

const ONCE: u8 = 2;

impl Retitled {
    /// Whether the code at a row of a table of so many rows has had one title only, as `find` says.
    pub(super) fn is_never(&self, row: (usize, usize), find: impl FnOnce() -> bool) -> bool {
        let Some(place) = self.0.at(row) else { return find() };
        match place.load(Ordering::Relaxed) {
            OPEN => {
                let is_never = find();
                // Whoever else finds it out at the same time writes the same.
                place.store(if is_never { NEVER } else { ONCE }, Ordering::Relaxed);
                is_never
            }
            known => known == NEVER,
        }
    }
}
