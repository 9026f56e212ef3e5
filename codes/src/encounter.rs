//! What is billed together: diagnoses, service lines and the few facts that rules need. Never text.

use std::{cell::OnceCell, fmt};

use crate::{
    date::Date,
    fact::UnavailableReason,
    payer::PayerRules,
    reported::ReportedDiagnosis,
    system::CodeSystem,
    terminology::Terminology,
    verdict::{Judgement, Verdict},
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

/// Whether the patient is new to the practice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PatientStatus {
    /// Not known.
    #[default]
    Unknown,
    /// New.
    New,
    /// Established.
    Established,
}

/// The part that a diagnosis plays on the claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DiagnosisRole {
    /// By position: the first is principal or first-listed, the rest are secondary.
    #[default]
    ByPosition,
    /// Principal diagnosis of an inpatient, first-listed diagnosis otherwise.
    Principal,
    /// Any further diagnosis.
    Secondary,
    /// Admitting diagnosis: no part of the order.
    Admitting,
    /// The patient's reason for the visit: no part of the order.
    ReasonForVisit,
    /// External cause of an injury.
    ExternalCause,
}

/// A diagnosis as reported.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Diagnosis {
    /// The declared system.
    pub system: CodeSystem,
    /// The code as written.
    pub text: String,
    /// Its part on the claim.
    pub role: DiagnosisRole,
    /// Present-on-admission indicator: `Y`, `N`, `U`, `W` or `1`; `None` when none is reported.
    pub present_on_admission: Option<char>,
}

impl Diagnosis {
    /// A diagnosis of which no more is known than its code.
    pub fn new(system: CodeSystem, text: impl Into<String>) -> Self {
        Self {
            system,
            text: text.into(),
            role: DiagnosisRole::default(),
            present_on_admission: None,
        }
    }
}

/// Units of service, in thousandths: claims allow three decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Units(u64);

impl Units {
    /// One unit.
    pub const ONE: Self = Self(1_000);

    /// So many whole units.
    pub fn whole(units: u32) -> Self {
        Self(u64::from(units) * 1_000)
    }

    /// Reads a decimal number such as `1`, `2.5` or `0.125`. `None` when it is none, has more than three decimals or is
    /// above 999,999,999.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str, most: usize| {
            (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !digits(whole, 9) || !digits(part, 3) {
            return None;
        }
        let thousandths = format!("{part:0<3}").parse::<u64>().ok()?;
        Some(Self(whole.parse::<u64>().ok()? * 1_000 + thousandths))
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl fmt::Display for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 1_000, self.0 % 1_000);
        if part == 0 {
            write!(f, "{whole}")
        } else {
            let text = format!("{whole}.{part:03}");
            f.write_str(text.trim_end_matches('0'))
        }
    }
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
    /// Pointers of the claim that point at no diagnosis, as written (`E` with diagnoses A to C).
    pub dangling_pointers: Vec<String>,
    /// Units of service; `None` when none are stated, which means one.
    pub units: Option<Units>,
    /// Documented time in minutes.
    pub minutes: Option<u32>,
    /// CMS place of service, two digits; `None` means that of the encounter.
    pub place_of_service: Option<String>,
    /// Opaque key of the provider; lines with equal keys, or without one, are of one provider.
    pub provider: Option<String>,
}

impl ServiceLine {
    /// A line of which no more is known than its code.
    pub fn new(system: CodeSystem, text: impl Into<String>) -> Self {
        Self {
            system,
            text: text.into(),
            modifiers: Vec::new(),
            service_date: None,
            diagnosis_pointers: Vec::new(),
            dangling_pointers: Vec::new(),
            units: None,
            minutes: None,
            place_of_service: None,
            provider: None,
        }
    }

    /// The units; one when none are stated.
    pub fn units(&self) -> Units {
        self.units.unwrap_or(Units::ONE)
    }

    /// Whether the line carries a modifier.
    pub fn has_modifier(&self, modifier: &str) -> bool {
        self.modifiers.iter().any(|own| own == modifier)
    }
}

/// Codes that are billed together, in the order reported.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Encounter {
    /// Where it takes place.
    pub setting: Setting,
    /// The date of service.
    pub service_date: Option<Date>,
    /// The day of admission of an inpatient.
    pub admission_date: Option<Date>,
    /// The discharge date of an inpatient.
    pub discharge_date: Option<Date>,
    /// The patient's age in completed years on the first day.
    pub age_years: Option<u32>,
    /// The patient's age in completed days on the first day, below one year: 0 to 365.
    pub age_days: Option<u32>,
    /// The patient's sex.
    pub sex: Sex,
    /// New or established.
    pub patient_status: PatientStatus,
    /// CMS place of service, two digits.
    pub place_of_service: Option<String>,
    /// Patient discharge status, two digits.
    pub discharge_status: Option<String>,
    /// Id of the payer.
    pub payer: Option<String>,
    /// Whether the codes stand on a claim, where each item has to be one complete code and a pointer is required.
    pub is_claim: bool,
    /// Names of the claim fields that are filled in (`auth_number`, `npi`, `referring` …), never their contents. `None`
    /// when that is not known.
    pub claim_fields: Option<Vec<String>>,
    /// Condition codes of the claim, two characters each.
    pub condition_codes: Vec<String>,
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
    /// The age in completed years; an age in days is less than one.
    pub fn age_in_years(&self) -> Option<u32> {
        self.age_years.or(self.age_days.map(|_| 0))
    }

    /// Takes over the facts that are not known here. Codes stay as they are.
    pub fn take_defaults(&mut self, defaults: &Self) {
        fn or<T: Clone>(own: &mut Option<T>, other: Option<&T>) {
            if own.is_none() {
                *own = other.cloned();
            }
        }
        fn or_known<T: Copy + Default + PartialEq>(own: &mut T, other: T) {
            if *own == T::default() {
                *own = other;
            }
        }
        if self.age_years.is_none() && self.age_days.is_none() {
            self.age_years = defaults.age_years;
            self.age_days = defaults.age_days;
        }
        or_known(&mut self.setting, defaults.setting);
        or(&mut self.service_date, defaults.service_date.as_ref());
        or(&mut self.admission_date, defaults.admission_date.as_ref());
        or(&mut self.discharge_date, defaults.discharge_date.as_ref());
        or_known(&mut self.sex, defaults.sex);
        or_known(&mut self.patient_status, defaults.patient_status);
        or(&mut self.place_of_service, defaults.place_of_service.as_ref());
        or(&mut self.discharge_status, defaults.discharge_status.as_ref());
        or(&mut self.payer, defaults.payer.as_ref());
        self.is_claim |= defaults.is_claim;
        or(&mut self.claim_fields, defaults.claim_fields.as_ref());
        if self.condition_codes.is_empty() {
            self.condition_codes.clone_from(&defaults.condition_codes);
        }
    }

    /// A code as it was written.
    fn text_of(&self, item: Item) -> &str {
        let text = match item {
            Item::Diagnosis(index) => self.diagnoses.get(index).map(|diagnosis| &diagnosis.text),
            Item::Line(index) => self.lines.get(index).map(|line| &line.text),
        };
        text.map_or("", String::as_str)
    }

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
    /// Today; the date that counts where nobody told.
    pub today: Date,
    /// Every code: diagnoses first, then lines, each in the order reported.
    pub items: Vec<CodedItem<'a>>,
    /// The rules of payers that are in force.
    pub payers: &'a PayerRules,
    /// The good diagnoses, found when they are first asked for.
    pub(crate) reported: OnceCell<Vec<ReportedDiagnosis<'a>>>,
    /// Why some diagnosis could not be asked, found when it is first wanted.
    unasked: OnceCell<Option<UnavailableReason>>,
}

impl<'a> JudgedEncounter<'a> {
    /// Judges every code of an encounter. A verdict that the data does not bear out is taken back.
    pub fn new(encounter: &'a Encounter, terminology: &'a Terminology, today: Date) -> Self {
        let (date, basis) = encounter.date(today);
        let diagnoses =
            encounter.diagnoses.iter().enumerate().map(|(index, diagnosis)| CodedItem {
                item: Item::Diagnosis(index),
                judgement: Judgement::read(diagnosis.system, &diagnosis.text, date),
            });
        let lines = encounter.lines.iter().enumerate().map(|(index, line)| CodedItem {
            item: Item::Line(index),
            judgement: Judgement::read(line.system, &line.text, line.service_date.unwrap_or(date)),
        });
        let mut items: Vec<_> = diagnoses.chain(lines).collect();
        // One step for all codes, then the next: a search waits for memory, and waits that follow each other closely
        // take place at the same time.
        terminology.read_ahead(items.iter().filter_map(|coded| coded.judgement.code));
        for coded in &mut items {
            coded.judgement.find_entry(terminology);
        }
        let nearest = terminology.nearest(date);
        for coded in &mut items {
            coded.judgement.find_place(terminology, nearest);
        }
        for coded in &mut items {
            coded.judgement.decide(terminology, encounter.text_of(coded.item));
            coded.judgement.take_back_unproven();
        }
        Self { today, ..Self::of_items(encounter, terminology, (date, basis), items) }
    }

    /// An encounter whose codes have been judged one by one.
    pub fn of_items(
        encounter: &'a Encounter,
        terminology: &'a Terminology,
        (date, basis): (Date, DateBasis),
        items: Vec<CodedItem<'a>>,
    ) -> Self {
        Self {
            encounter,
            terminology,
            date,
            basis,
            today: date,
            items,
            payers: PayerRules::NONE,
            reported: OnceCell::new(),
            unasked: OnceCell::new(),
        }
    }

    /// The same with rules of payers.
    #[must_use]
    pub fn with_payers(mut self, payers: &'a PayerRules) -> Self {
        self.payers = payers;
        self
    }

    /// The service lines with their verdicts, in the order reported.
    pub fn lines(&self) -> impl Iterator<Item = (&'a ServiceLine, &CodedItem<'a>)> {
        let line = |coded: &CodedItem<'a>| match coded.item {
            Item::Line(index) => self.encounter.lines.get(index),
            Item::Diagnosis(_) => None,
        };
        self.items.iter().filter_map(move |coded| Some((line(coded)?, coded)))
    }

    /// Whether the patient is an inpatient.
    pub fn is_inpatient(&self) -> bool {
        self.encounter.setting == Setting::Inpatient
    }

    /// A code of the encounter as it was written.
    pub fn text_of(&self, item: Item) -> &str {
        self.encounter.text_of(item)
    }

    /// Why the first diagnosis that could not be asked could not.
    pub(crate) fn unasked_diagnosis(&self) -> Option<UnavailableReason> {
        *self.unasked.get_or_init(|| {
            self.diagnoses().find_map(|coded| match coded.judgement.verdict {
                Verdict::Unavailable(reason) => Some(reason),
                _ => None,
            })
        })
    }

    /// The diagnoses, in the order reported.
    pub fn diagnoses(&self) -> impl Iterator<Item = &CodedItem<'a>> {
        self.items.iter().filter(|coded| matches!(coded.item, Item::Diagnosis(_)))
    }
}
