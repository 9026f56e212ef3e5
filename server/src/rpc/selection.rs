//! Which concepts a list or a search lets through.

use medcode_codes::{
    code::Code,
    code_table::{CodeTable, Entry, Lifetime},
    concept::Concept,
    date::Date,
    patient_group::{Patient, last_sexed_day},
    terminology::Terminology,
};

use crate::catalog::search::Admission;

/// Conditions on the concepts of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Selection {
    /// The day that concepts are seen from.
    pub(crate) date: Date,
    /// Only codes that may be submitted on the date.
    pub(crate) billable_only: bool,
    /// Also what is not in force on the date.
    pub(crate) include_inactive: bool,
    /// Only what is not for other patients than this one.
    pub(crate) patient: Patient,
}

impl Selection {
    /// Whether a code is let through: it is in force, or a header above codes that are. Cheap, because a search asks a
    /// thousand times.
    pub(crate) fn admits_code(self, terminology: &Terminology, code: Code) -> bool {
        let Some(table) = terminology.table(code.system()) else { return !self.billable_only };
        if self.billable_only {
            return table.get(code.key()).is_some_and(|entry| self.is_billable(&entry));
        }
        if self.include_inactive {
            return self.patient.is_unknown() || self.suits_below(table, code);
        }
        if code.is_modifier() {
            return table.get(code.key()).is_some_and(|entry| self.is_in_force(&entry));
        }
        table.below(code.key()).any(|entry| self.is_in_force(&entry))
    }

    /// Whether a code is let through, or one below it in its place: only codes that may be submitted are wanted, and it
    /// is a header above some.
    pub(crate) fn admission(self, terminology: &Terminology, code: Code) -> Admission {
        if self.admits_code(terminology, code) {
            return Admission::Yes;
        }
        let table =
            terminology.table(code.system()).filter(|_| self.billable_only && !code.is_modifier());
        let first = table.and_then(|table| {
            let mut below = table.codes_below(code.key());
            Code::from_key(code.system(), below.find(|entry| self.is_billable(entry))?.key())
        });
        first.map_or(Admission::No, Admission::Below)
    }

    /// Whether a concept is let through.
    pub(crate) fn admits(self, terminology: &Terminology, concept: &Concept<'_>) -> bool {
        let table = terminology.table(concept.system());
        if let Some((prefix, table)) = concept.prefix().zip(table) {
            let mut below = table.codes_below(prefix);
            return !self.billable_only
                && (self.include_inactive || below.any(|entry| self.is_in_force(&entry)));
        }
        match (concept.code(), concept.lifetime()) {
            (Some(code), _) => self.admits_code(terminology, code),
            (None, _) if self.billable_only => false,
            (None, Some(Lifetime::Dated(period))) => {
                self.include_inactive || period.contains(self.date)
            }
            // A group that holds no code itself, or codes of which only the use is known.
            (None, Some(Lifetime::Seen { .. }) | None) => true,
        }
    }

    fn is_billable(self, entry: &Entry<'_>) -> bool {
        entry.lifetime().period().is_some_and(|period| period.contains(self.date))
            && self.suits(entry)
    }

    fn is_in_force(self, entry: &Entry<'_>) -> bool {
        let is_in_force = match entry.lifetime() {
            Lifetime::Dated(period) => period.contains(self.date),
            // Nothing is known of the time before and after.
            Lifetime::Seen { .. } => true,
        };
        is_in_force && self.suits(entry)
    }

    /// Whether a code, or one below it, suits the patient. Nothing is known of those that have no entry.
    fn suits_below(self, table: &CodeTable, code: Code) -> bool {
        let mut below = table.below(code.key()).peekable();
        below.peek().is_none() || below.any(|entry| self.suits(&entry))
    }

    /// Whether a code is not for other patients.
    fn suits(self, entry: &Entry<'_>) -> bool {
        self.patient.is_unknown() || {
            let sexed = entry.flags(last_sexed_day(self.date));
            !self.patient.is_ruled_out(entry.flags(self.date), sexed, self.date)
        }
    }
}
