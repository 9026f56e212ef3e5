//! Levels of visits and the minutes that each asks for. Numbers only: what the codes mean is the AMA's.
//!
//! Source of every row: the evaluation and management guidelines of CPT, of 2021 for office visits and of 2023 for the
//! others, with the changes of 2024. No row has been compared with them yet, which `verified = false` says; rules that
//! read a minimum name "the time table that medcode ships" as their basis. Codes that add time to a level (99292,
//! 99417, G2212) are no levels and do not stand here, nor do codes that count units of 15 minutes.

use crate::date::Date;

mod table;

/// Visits of one kind, of which one code is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VisitFamily {
    /// Office, new patient.
    OfficeNew,
    /// Office, established patient.
    OfficeEstablished,
    /// First day in hospital, or first of observation.
    HospitalInitial,
    /// Further days in hospital.
    HospitalSubsequent,
    /// Admission and discharge on one day.
    HospitalSameDay,
    /// Discharge from hospital.
    HospitalDischarge,
    /// Consultation in an office.
    ConsultationOffice,
    /// Consultation in hospital.
    ConsultationInpatient,
    /// Emergency department: time is no component of its levels.
    Emergency,
    /// First visit in a nursing facility.
    NursingInitial,
    /// Further visits in a nursing facility.
    NursingSubsequent,
    /// Discharge from a nursing facility.
    NursingDischarge,
    /// Home or residence, new patient.
    HomeNew,
    /// Home or residence, established patient.
    HomeEstablished,
    /// Preventive visit of a new patient: chosen by age, not by time.
    PreventiveNew,
    /// Preventive visit of an established patient: chosen by age, not by time.
    PreventiveEstablished,
    /// Critical care.
    CriticalCare,
    /// Psychotherapy.
    Psychotherapy,
    /// Advance care planning.
    AdvanceCarePlanning,
    /// Help to stop smoking.
    Tobacco,
}

impl VisitFamily {
    /// The family of the same visits for the other kind of patient, where new and established patients have families of
    /// their own.
    pub fn counterpart(self) -> Option<Self> {
        match self {
            Self::OfficeNew => Some(Self::OfficeEstablished),
            Self::OfficeEstablished => Some(Self::OfficeNew),
            Self::HomeNew => Some(Self::HomeEstablished),
            Self::HomeEstablished => Some(Self::HomeNew),
            Self::PreventiveNew => Some(Self::PreventiveEstablished),
            Self::PreventiveEstablished => Some(Self::PreventiveNew),
            _ => None,
        }
    }

    /// Whether its codes are for new patients; `None` where that makes no difference.
    pub fn is_for_new_patients(self) -> Option<bool> {
        match self {
            Self::OfficeNew | Self::HomeNew | Self::PreventiveNew => Some(true),
            Self::OfficeEstablished | Self::HomeEstablished | Self::PreventiveEstablished => {
                Some(false)
            }
            _ => None,
        }
    }

    /// Whether more than one code of the family on one day is a contradiction: levels of a visit, not sessions.
    pub fn is_visit(self) -> bool {
        !matches!(self, Self::Psychotherapy | Self::AdvanceCarePlanning | Self::Tobacco)
    }
}

/// One level: a code of its family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisitLevel {
    /// Its family.
    pub family: VisitFamily,
    /// The code.
    pub code: &'static str,
    /// The least time on the date of the encounter, in whole minutes, inclusive; "more than 30" is 31. `None` where no
    /// time is asked for.
    pub minimum: Option<u16>,
    /// First day of the row.
    pub valid_from: Date,
    /// Last day of the row, inclusive. `None` while it holds.
    pub valid_to: Option<Date>,
    /// Where the row is from.
    pub source: &'static str,
    /// Compared with the source.
    pub verified: bool,
}

/// The levels that hold on a date, each family from its lowest to its highest.
pub fn levels(date: Date) -> impl Iterator<Item = &'static VisitLevel> {
    let holds = move |level: &&VisitLevel| {
        level.valid_from <= date && level.valid_to.is_none_or(|last| date <= last)
    };
    table::LEVELS.iter().filter(holds)
}

/// The levels of a family on a date, from the lowest to the highest.
pub fn of_family(family: VisitFamily, date: Date) -> impl Iterator<Item = &'static VisitLevel> {
    levels(date).filter(move |level| level.family == family)
}

/// The level that a code is on a date. `None` for codes outside of the table, which is no "without a limit".
pub fn level(code: &str, date: Date) -> Option<&'static VisitLevel> {
    levels(date).find(|level| level.code == code)
}

/// The family of a code on a date.
pub fn family(code: &str, date: Date) -> Option<VisitFamily> {
    level(code, date).map(|level| level.family)
}

/// The least minutes that a code asks for on a date, inclusive.
pub fn minimum(code: &str, date: Date) -> Option<u16> {
    level(code, date)?.minimum
}

impl VisitLevel {
    /// The next higher level of the family on a date.
    pub fn next_up(&self, date: Date) -> Option<&'static Self> {
        let mut family = of_family(self.family, date);
        family.find(|level| level.code == self.code)?;
        family.next()
    }

    /// The next lower level of the family on a date.
    pub fn next_down(&self, date: Date) -> Option<&'static Self> {
        of_family(self.family, date).take_while(|level| level.code != self.code).last()
    }

    /// The level of the same family that so many minutes support: the highest whose minimum they reach. `None` where
    /// they reach none.
    pub fn by_minutes(&self, minutes: u32, date: Date) -> Option<&'static Self> {
        let reached =
            |level: &&Self| level.minimum.is_some_and(|least| u32::from(least) <= minutes);
        of_family(self.family, date).filter(reached).last()
    }

    /// The same level for the other kind of patient: new instead of established, or the reverse.
    pub fn counterpart(&self, date: Date) -> Option<&'static Self> {
        // Levels are counted from the highest: the lowest of established patients has no like.
        let above =
            of_family(self.family, date).skip_while(|level| level.code != self.code).count();
        let others: Vec<_> = of_family(self.family.counterpart()?, date).collect();
        others.get(others.len().checked_sub(above)?).copied()
    }
}

/// Codes of visits that the table does not hold: eye examinations, the days in hospital and homes of earlier years, and
/// those of Medicare. Both ends inclusive.
const FURTHER_VISITS: [(&str, &str); 10] = [
    ("92002", "92004"),
    ("92012", "92014"),
    ("99201", "99205"),
    ("99211", "99215"),
    ("99217", "99226"),
    ("99231", "99255"),
    ("99281", "99285"),
    ("99291", "99291"),
    ("99304", "99318"),
    ("99324", "99350"),
];

/// Visits of HCPCS Level II: those of Medicare's preventive benefits, and clinic visits of hospitals.
const HCPCS_VISITS: [&str; 9] =
    ["G0380", "G0381", "G0382", "G0383", "G0384", "G0402", "G0438", "G0439", "G0463"];

/// Whether a code stands for a visit: somebody sees the patient, apart from anything that is done.
pub fn is_visit(code: &str, date: Date) -> bool {
    let within = |(first, last): &(&str, &str)| *first <= code && code <= *last;
    let is_preventive = ("99381", "99397");
    code.len() == 5
        && (family(code, date).is_some_and(VisitFamily::is_visit)
            || FURTHER_VISITS.iter().any(within)
            || within(&is_preventive)
            || HCPCS_VISITS.contains(&code))
}

#[cfg(test)]
mod tests;
