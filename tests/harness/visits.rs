//! Small claims with valid codes, made up at random from a catalog, the same ones on every run.

use jiff::{ToSpan, civil::Date};
use medcode_codes::{
    code::CodeKey,
    code_table::{CodeTable, Entry},
    encounter::{Diagnosis, Encounter, ServiceLine, Setting, Sex},
    flag::Flag,
    system::CodeSystem,
    terminology::Terminology,
};

use crate::claims::Random;

/// How many diagnoses a small claim has.
pub const DIAGNOSES: usize = 4;

/// Makes `count` small claims of ICD-10-CM: each of four different diagnoses from all chapters that may be submitted on
/// the day, with the age and sex of the patient, and the first of them as a principal diagnosis. A third has no
/// procedure, a third one and a third two of ICD-10-PCS, each valid on the day. Days of October 2025 to March 2026.
///
/// # Panics
/// The terminology has no ICD-10.
pub fn small_claims(terminology: &Terminology, count: usize, seed: u64) -> Vec<Encounter> {
    let diagnoses = Drawer::new(terminology, CodeSystem::Icd10Cm);
    let procedures = Drawer::new(terminology, CodeSystem::Icd10Pcs);
    let first_day = jiff::civil::date(2025, 10, 1);
    let mut random = Random::new(seed);
    let claims = (0..count).map(|_| {
        let day = i64::try_from(random.below(182)).unwrap_or(0);
        let patient = Patient {
            date: first_day.checked_add(day.days()).expect("a day"),
            age: u32::try_from(18 + random.below(70)).unwrap_or(18),
            sex: if random.once_in(2) { Sex::Female } else { Sex::Male },
        };
        let mut chosen: Vec<CodeKey> = Vec::new();
        while chosen.len() < DIAGNOSES {
            let entry = diagnoses.draw(&mut random, patient.date);
            let fits = patient.fits(entry) && (!chosen.is_empty() || leads(entry, patient.date));
            if fits && !chosen.contains(&entry.key()) {
                chosen.push(entry.key());
            }
        }
        let lines = (0..random.below(3)).map(|_| {
            let code = procedures.draw(&mut random, patient.date).key().to_string();
            ServiceLine::new(CodeSystem::Icd10Pcs, code)
        });
        let lines: Vec<ServiceLine> = lines.collect();
        let written = |key: CodeKey| {
            let text = key.to_string();
            let (category, rest) = text.split_at(3);
            if rest.is_empty() { text } else { format!("{category}.{rest}") }
        };
        Encounter {
            setting: Setting::Inpatient,
            admission_date: Some(patient.date),
            service_date: Some(patient.date),
            discharge_date: Some(patient.date),
            age_years: Some(patient.age),
            sex: patient.sex,
            diagnoses: chosen
                .into_iter()
                .map(|key| Diagnosis::new(CodeSystem::Icd10Cm, written(key)))
                .collect(),
            lines,
            ..Encounter::default()
        }
    });
    claims.collect()
}

struct Patient {
    date: Date,
    age: u32,
    sex: Sex,
}

impl Patient {
    fn fits(&self, entry: Entry<'_>) -> bool {
        let flags = entry.flags(self.date);
        let wrong_sex = match self.sex {
            Sex::Female => Flag::Male,
            _ => Flag::Female,
        };
        let of_woman = flags.contains(Flag::Maternity) && self.sex != Sex::Female;
        let of_age = !flags.contains(Flag::Newborn)
            && !flags.contains(Flag::Pediatric)
            && (!flags.contains(Flag::Maternity) || self.age < 55);
        !flags.contains(wrong_sex) && !of_woman && of_age
    }
}

/// Whether a code may be the principal diagnosis.
fn leads(entry: Entry<'_>, date: Date) -> bool {
    let flags = entry.flags(date);
    let never =
        [Flag::ExternalCause, Flag::Manifestation, Flag::Unacceptable, Flag::RequiresSecondary];
    !never.iter().any(|flag| flags.contains(*flag))
}

/// Draws codes: first a category, three characters, then one of its codes, so that injuries with their many 7th
/// characters are no more common than other conditions.
struct Drawer<'a> {
    table: &'a CodeTable,
    categories: Vec<Vec<CodeKey>>,
}

impl<'a> Drawer<'a> {
    fn new(terminology: &'a Terminology, system: CodeSystem) -> Self {
        let table = terminology.table(system).expect("the code set is loaded");
        let mut categories: Vec<Vec<CodeKey>> = Vec::new();
        for entry in table.iter() {
            let key = entry.key();
            match categories.last_mut() {
                Some(last) if last[0].prefix(3) == key.prefix(3) => last.push(key),
                _ => categories.push(vec![key]),
            }
        }
        Self { table, categories }
    }

    fn draw(&self, random: &mut Random, date: Date) -> Entry<'a> {
        loop {
            let category = &self.categories[random.below(self.categories.len())];
            let entry = self.table.get(category[random.below(category.len())]);
            let valid = entry.filter(|entry| {
                entry.lifetime().period().is_some_and(|period| period.contains(date))
            });
            if let Some(entry) = valid {
                return entry;
            }
        }
    }
}
