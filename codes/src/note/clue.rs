//! What a text says about its encounters, each with its place, in text order.

use std::ops::Range;

use super::{
    dates::{DateMention, DateRole},
    facts::{Setting, Sex},
};

/// A statement and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clue {
    /// Its first byte.
    pub(super) at: usize,
    /// What it says.
    pub(super) says: Says,
}

/// What a clue says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// A heading, with the date it names. `level` counts from 1.
    Heading { range: Range<usize>, level: usize, date: Option<DateMention> },
    /// An encounter begins, perhaps with a heading.
    Opens { heading: Option<Range<usize>> },
    /// The front matter holds codes or a date of service: the document is one encounter.
    Document,
    /// A date of service or discharge.
    Date { role: DateRole, date: DateMention },
    /// The patient's age in completed years. `stated`: in a field of its own.
    Age { years: u32, stated: bool },
    /// The patient's sex.
    Sex { sex: Sex, stated: bool },
    /// Where the service was given.
    Setting(Setting),
    /// Part of a claim.
    Claim,
}
