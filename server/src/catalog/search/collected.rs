//! Hits as they come: each code once, and only those that are let through.

use std::collections::HashSet;

use foldhash::fast::FixedState;
use medcode_codes::code::Code;

use super::{Hit, Hits};

/// Whether a code may be a hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// No.
    No,
    /// Yes.
    Yes,
    /// Not itself: it is a header. A code below it stands in its place, the best of those that the query finds, or
    /// this one, where it finds none.
    Below(Code),
}

impl From<bool> for Admission {
    fn from(is_admitted: bool) -> Self {
        if is_admitted { Self::Yes } else { Self::No }
    }
}

/// The hits so far.
pub(super) struct Collected<'a> {
    pub(super) hits: Hits,
    seen: HashSet<Code, FixedState>,
    room: usize,
    admit: &'a mut dyn FnMut(Code) -> Admission,
}

impl<'a> Collected<'a> {
    /// Nothing yet, and room for so many hits.
    pub(super) fn new(room: usize, admit: &'a mut dyn FnMut(Code) -> Admission) -> Self {
        Self { hits: Hits::default(), seen: HashSet::default(), room, admit }
    }

    /// Adds a hit, unless its code is there already or not admitted. `below` are the codes below a header that were found
    /// as well, best first. `false` when there is no more room.
    pub(super) fn add(&mut self, hit: Hit, below: &dyn Fn(Code) -> Vec<Code>) -> bool {
        if self.seen.contains(&hit.code) {
            return true;
        }
        let hit = match (self.admit)(hit.code) {
            Admission::Yes => hit,
            Admission::No => {
                self.seen.insert(hit.code);
                return true;
            }
            Admission::Below(first) => {
                self.seen.insert(hit.code);
                let mut below = below(hit.code).into_iter();
                let best = below.find(|code| (self.admit)(*code) == Admission::Yes);
                let code = best.unwrap_or(first);
                if self.seen.contains(&code) {
                    return true;
                }
                Hit { code, in_place_of: Some(hit.code), ..hit }
            }
        };
        if self.hits.hits.len() == self.room {
            self.hits.more = true;
            return false;
        }
        self.seen.insert(hit.code);
        self.hits.hits.push(hit);
        true
    }
}
