//! What a list of codes in use proves.

use super::{Judgement, Verdict};
use crate::{code_table::Lifetime, date::Date, fact::UnavailableReason};

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
    pub(crate) fn proven(mut self) -> Self {
        if self.is_billable() && !self.was_in_use() {
            self.verdict = Verdict::Unavailable(UnavailableReason::DateNotCovered);
        }
        self
    }
}

/// The last day of the quarter that begins on a day.
fn end_of_quarter(first: Date) -> Date {
    let month = first.first_of_month();
    let third = month.checked_add(jiff::Span::new().months(2)).unwrap_or(month);
    third.last_of_month()
}

#[cfg(test)]
mod tests {
    use crate::date::parse_iso;

    use super::*;

    #[test]
    fn a_quarter_has_three_months() {
        let end = |first: &str| end_of_quarter(parse_iso(first).unwrap()).to_string();
        assert_eq!(end("2026-07-01"), "2026-09-30");
        assert_eq!(end("2025-10-01"), "2025-12-31");
        assert_eq!(end("9999-12-01"), "9999-12-31");
    }
}
