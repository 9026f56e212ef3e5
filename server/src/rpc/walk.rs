//! Concepts with everything below them.

use medcode_codes::concept::Concept;

use crate::{error::Error, layers::deadline::Deadline};

/// Concepts between two looks at the clock: less than a millisecond of work.
const BETWEEN_CHECKS: usize = 256;

/// Concepts with everything below them, parents before children. Holds only the path to where it is, with what stands
/// beside it. Ends with an error when the time is up.
pub(super) struct Walk<'s, 'd> {
    /// What is still to come; the next is the last.
    waiting: Vec<Concept<'s>>,
    deadline: &'d Deadline,
    met: usize,
}

impl<'s, 'd> Walk<'s, 'd> {
    /// Begins with the first of these.
    pub(super) fn new(mut concepts: Vec<Concept<'s>>, deadline: &'d Deadline) -> Self {
        concepts.reverse();
        Self { waiting: concepts, deadline, met: 0 }
    }
}

impl<'s> Iterator for Walk<'s, '_> {
    type Item = Result<Concept<'s>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let concept = self.waiting.pop()?;
        if self.met.is_multiple_of(BETWEEN_CHECKS)
            && let Err(late) = self.deadline.check(self.met, 0)
        {
            self.waiting.clear();
            return Some(Err(late));
        }
        self.met += 1;
        self.waiting.extend(concept.children().into_iter().rev());
        Some(Ok(concept))
    }
}
