//! What a text says about its encounters, each with its place, in text order.

use std::ops::Range;

use super::{
    dates::{DateMention, DateRole},
    facts::{Setting, Sex},
    moved,
};
use crate::{date::Date, encounter::PatientStatus};

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
    /// The patient's birthday.
    Born(Date),
    /// The patient's age in completed days, below one year.
    AgeDays(u32),
    /// Whether the patient is new.
    Patient(PatientStatus),
    /// Two digits: CMS place of service.
    PlaceOfService(Range<usize>),
    /// Two digits: patient discharge status.
    DischargeStatus(Range<usize>),
    /// Two characters: a condition code.
    ConditionCode(Range<usize>),
    /// Who pays.
    Payer(Range<usize>),
    /// Part of a claim.
    Claim,
    /// Part of a claim form, which shows each field that is filled in.
    Form,
    /// A claim field that is filled in, by name.
    Field(&'static str),
}

impl Clue {
    /// The same, so many bytes further on or back.
    pub(super) fn moved(&self, by: isize) -> Self {
        let range = |range: &Range<usize>| moved::range(range, by);
        let says = match &self.says {
            Says::Heading { range: own, level, date } => Says::Heading {
                range: range(own),
                level: *level,
                date: date.as_ref().map(|date| moved::day(date, by)),
            },
            Says::Opens { heading } => Says::Opens { heading: heading.as_ref().map(range) },
            Says::Date { role, date } => Says::Date { role: *role, date: moved::day(date, by) },
            Says::PlaceOfService(own) => Says::PlaceOfService(range(own)),
            Says::DischargeStatus(own) => Says::DischargeStatus(range(own)),
            Says::ConditionCode(own) => Says::ConditionCode(range(own)),
            Says::Payer(own) => Says::Payer(range(own)),
            Says::Document
            | Says::Age { .. }
            | Says::Sex { .. }
            | Says::Setting(_)
            | Says::Born(_)
            | Says::AgeDays(_)
            | Says::Patient(_)
            | Says::Claim
            | Says::Form
            | Says::Field(_) => self.says.clone(),
        };
        Self { at: self.at.saturating_add_signed(by), says }
    }
}
