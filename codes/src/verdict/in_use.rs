//! What a list of codes in use proves.

use super::{Judgement, Verdict};
use crate::{code_table::Lifetime, date::end_of_quarter, fact::UnavailableReason};

impl Judgement<'_> {
    /// Whether the data shows that the code could be used on its date: a list of codes in use shows it for the quarters it
    /// covers, and says nothing of other days.
    pub fn was_in_use(&self) -> bool {
        match self.concept.and_then(|concept| concept.lifetime()) {
            Some(Lifetime::Seen { first, last }) => {
                first <= self.date && self.date <= end_of_quarter(last)
            }
            _ => true,
        }
    }

    /// Takes back a verdict that the data does not bear out, so that rules count the code as one that they could not ask.
    pub(crate) fn take_back_unproven(&mut self) {
        if self.is_billable() && !self.was_in_use() {
            self.verdict = Verdict::Unavailable(UnavailableReason::DateNotCovered);
        }
    }
}
