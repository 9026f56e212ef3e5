//! What is asked: codes drawn at random from all systems of the catalog, with what has to be answered.

use e2e::claims::Random;
use jiff::civil::{Date, date};
use medcode_codes::{
    code::{Code, CodeKey},
    system::CodeSystem,
    terminology::Terminology,
};
use medcode_proto::v1;

/// The day that everything is asked about.
pub(crate) const DAY: Date = date(2026, 4, 1);

/// Codes in the pool: no cache and no branch predictor knows them all.
const CODES: usize = 4_000;

/// One code in so many does not exist.
const MISS: usize = 50;

/// Encounters in the pool, and their diagnoses.
const ENCOUNTERS: usize = 4_000;
const DIAGNOSES: usize = 4;

/// A code that is asked, and what is known of it.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) coding: v1::Coding,
    /// The title of a code that exists.
    pub(crate) title: Option<String>,
}

/// Draws codes that may be submitted on the day, from each system as many as it has, and some that do not exist.
pub(crate) fn codes(terminology: &Terminology) -> Vec<Asked> {
    let mut random = Random::new(11);
    let systems = [CodeSystem::Icd10Cm, CodeSystem::Icd10Pcs, CodeSystem::Hcpcs];
    let all: Vec<Code> =
        systems.into_iter().flat_map(|system| billable(terminology, system)).collect();
    let mut drawn = std::collections::HashSet::new();
    let mut codes = Vec::with_capacity(CODES);
    while codes.len() < CODES {
        let code = all[random.below(all.len())];
        if !drawn.insert(code) {
            continue;
        }
        let concept = terminology.concept(code, DAY).expect("a code of the table");
        let title = concept.title().map_or_else(String::new, |(title, _)| title.into_owned());
        let (text, title) = if codes.len() % MISS == 0 {
            // Letters that no code ends with; the shape of a code all the same.
            let mut text = code.to_string();
            text.pop();
            text.push('Q');
            (text, None)
        } else {
            (code.to_string(), Some(title))
        };
        if title.is_none() && is_known(terminology, code.system(), &text) {
            continue;
        }
        codes.push(Asked { coding: coding(code.system(), text), title });
    }
    codes
}

/// Draws small encounters: an adult with four diagnoses.
pub(crate) fn encounters(terminology: &Terminology) -> Vec<v1::Encounter> {
    let mut random = Random::new(13);
    let all: Vec<Code> = billable(terminology, CodeSystem::Icd10Cm).collect();
    let mut encounters = Vec::with_capacity(ENCOUNTERS);
    for number in 0..ENCOUNTERS {
        let draw = |_| {
            let code = all[random.below(all.len())];
            v1::Diagnosis {
                coding: Some(coding(CodeSystem::Icd10Cm, code.to_string())),
                ..v1::Diagnosis::default()
            }
        };
        let diagnoses = (0..DIAGNOSES).map(draw).collect();
        encounters.push(v1::Encounter {
            encounter_id: format!("encounter-{number}"),
            setting: v1::Setting::Professional.into(),
            service_date: Some(proto_date(DAY)),
            age_years: Some(18 + u32::try_from(random.below(70)).unwrap_or(0)),
            sex: if random.once_in(2) { v1::Sex::Female } else { v1::Sex::Male }.into(),
            diagnoses,
            ..v1::Encounter::default()
        });
    }
    encounters
}

/// A day as a message.
pub(crate) fn proto_date(date: Date) -> v1::Date {
    v1::Date { year: date.year().into(), month: date.month().into(), day: date.day().into() }
}

fn coding(system: CodeSystem, code: String) -> v1::Coding {
    v1::Coding { system: system.id().to_owned(), code, ..v1::Coding::default() }
}

fn billable(terminology: &Terminology, system: CodeSystem) -> impl Iterator<Item = Code> + '_ {
    let table = terminology.table(system).expect("the system is loaded");
    let valid = table
        .iter()
        .filter(|entry| entry.lifetime().period().is_some_and(|period| period.contains(DAY)));
    valid.filter_map(move |entry| Code::from_key(system, entry.key()))
}

fn is_known(terminology: &Terminology, system: CodeSystem, text: &str) -> bool {
    let key = CodeKey::new(&text.replace('.', ""));
    let code = key.and_then(|key| Code::from_key(system, key));
    code.is_some_and(|code| terminology.concept(code, DAY).is_some())
}
