//! What is billed together: diagnoses, service lines and the few facts that rules need. Never text.

use crate::{
    date::Date,
    system::CodeSystem,
    terminology::Terminology,
    verdict::{Judgement, judge},
};

/// Where the encounter takes place, as far as billing rules differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Setting {
    /// Not known: rules for inpatients run at their lower severity.
    #[default]
    Unknown,
    /// Physicians and other professionals (CMS-1500, 837P).
    Professional,
    /// Outpatient department (UB-04, 837I outpatient).
    Outpatient,
    /// Hospital stay.
    Inpatient,
    /// Supplier of equipment.
    Dme,
}

/// The patient's sex as the claim states it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sex {
    /// Not known.
    #[default]
    Unknown,
    /// Female.
    Female,
    /// Male.
    Male,
    /// Another; rules about sex do not apply.
    Other,
}

/// A diagnosis as reported.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Diagnosis {
    /// The declared system.
    pub system: CodeSystem,
    /// The code as written.
    pub text: String,
}

/// A service, supply or procedure as reported.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ServiceLine {
    /// The declared system.
    pub system: CodeSystem,
    /// The code as written, without modifiers.
    pub text: String,
    /// Modifiers of two characters, at most four.
    pub modifiers: Vec<String>,
    /// The service date of the line, where it differs from the encounter's.
    pub service_date: Option<Date>,
    /// Indices into the diagnoses, from 0.
    pub diagnosis_pointers: Vec<usize>,
}

/// Codes that are billed together, in the order reported.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Encounter {
    /// Where it takes place.
    pub setting: Setting,
    /// The date of service.
    pub service_date: Option<Date>,
    /// The discharge date of an inpatient.
    pub discharge_date: Option<Date>,
    /// The patient's age in completed years on the first day.
    pub age_years: Option<u32>,
    /// The patient's sex.
    pub sex: Sex,
    /// The diagnoses, first-listed first.
    pub diagnoses: Vec<Diagnosis>,
    /// The service lines.
    pub lines: Vec<ServiceLine>,
}

/// Which day an encounter is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateBasis {
    /// The discharge date of an inpatient.
    Discharge,
    /// The date of service.
    Service,
    /// No date was given: today.
    Today,
    /// The question was asked for this day.
    Asked,
}

impl DateBasis {
    /// What the date is called in a message.
    pub fn words(self) -> &'static str {
        match self {
            Self::Discharge => "date of discharge",
            Self::Service => "date of service",
            Self::Today | Self::Asked => "as of",
        }
    }
}

impl Encounter {
    /// The date that counts and why: the discharge date for inpatients, else the date of service, else a discharge date
    /// whatever the setting, else today.
    pub fn date(&self, today: Date) -> (Date, DateBasis) {
        let of_a_stay = self.discharge_date.filter(|_| self.setting == Setting::Inpatient);
        match (of_a_stay, self.service_date, self.discharge_date) {
            (Some(date), _, _) | (None, None, Some(date)) => (date, DateBasis::Discharge),
            (None, Some(date), _) => (date, DateBasis::Service),
            (None, None, None) => (today, DateBasis::Today),
        }
    }
}

/// Points at one code of an encounter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Item {
    /// A diagnosis, by index.
    Diagnosis(usize),
    /// A service line, by index.
    Line(usize),
}

/// One code of an encounter with its verdict.
#[derive(Clone, Debug)]
pub struct CodedItem<'a> {
    /// Where it stands.
    pub item: Item,
    /// What became of it.
    pub judgement: Judgement<'a>,
}

/// An encounter whose codes have been judged: what coding rules look at.
#[derive(Clone, Debug)]
pub struct JudgedEncounter<'a> {
    /// The encounter as it came.
    pub encounter: &'a Encounter,
    /// Everything known of the codes.
    pub terminology: &'a Terminology,
    /// The date that counts.
    pub date: Date,
    /// Why this date.
    pub basis: DateBasis,
    /// Every code: diagnoses first, then lines, each in the order reported.
    pub items: Vec<CodedItem<'a>>,
}

impl<'a> JudgedEncounter<'a> {
    /// Judges every code of an encounter.
    pub fn new(encounter: &'a Encounter, terminology: &'a Terminology, today: Date) -> Self {
        let (date, basis) = encounter.date(today);
        let diagnoses =
            encounter.diagnoses.iter().enumerate().map(|(index, diagnosis)| CodedItem {
                item: Item::Diagnosis(index),
                judgement: judge(terminology, diagnosis.system, &diagnosis.text, date),
            });
        let lines = encounter.lines.iter().enumerate().map(|(index, line)| CodedItem {
            item: Item::Line(index),
            judgement: judge(
                terminology,
                line.system,
                &line.text,
                line.service_date.unwrap_or(date),
            ),
        });
        Self { encounter, terminology, date, basis, items: diagnoses.chain(lines).collect() }
    }

    /// A code of the encounter as it was written.
    pub fn text_of(&self, item: Item) -> &str {
        let text = match item {
            Item::Diagnosis(index) => {
                self.encounter.diagnoses.get(index).map(|diagnosis| &diagnosis.text)
            }
            Item::Line(index) => self.encounter.lines.get(index).map(|line| &line.text),
        };
        text.map_or("", String::as_str)
    }

    /// The diagnoses, in the order reported.
    pub fn diagnoses(&self) -> impl Iterator<Item = &CodedItem<'a>> {
        self.items.iter().filter(|coded| matches!(coded.item, Item::Diagnosis(_)))
    }
}
