//! Inpatient claims made up at random from the codes of a catalog, the same ones on every run.

use jiff::{ToSpan, civil::Date};
use medcode_codes::{
    code::CodeKey,
    code_table::CodeTable,
    encounter::{Diagnosis, Encounter, Setting, Sex},
    flag::{Flag, Flags},
    system::CodeSystem,
    terminology::Terminology,
};
use serde_json::json;

/// A small generator of pseudo-random numbers (splitmix64): tests need the same claims on every run.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The sequence that begins with `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`, which is above 0.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.number() % u64::try_from(end.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// The flags whose codes are drawn more often than chance would.
const FLAGS: [Flag; 12] = [
    Flag::Adult,
    Flag::ExternalCause,
    Flag::Female,
    Flag::Male,
    Flag::Manifestation,
    Flag::Maternity,
    Flag::Newborn,
    Flag::Pediatric,
    Flag::QuestionableAdmission,
    Flag::RequiresSecondary,
    Flag::Unacceptable,
    Flag::Unspecified,
];

/// Makes `count` claims: up to ten diagnoses, a third of them with a flag of the code editor, some ended, some misspelled,
/// some twice; discharges from October 2015 to September 2026.
///
/// # Panics
/// The terminology has no ICD-10-CM.
pub fn claims(terminology: &Terminology, count: usize, seed: u64) -> Vec<Encounter> {
    let table = terminology.table(CodeSystem::Icd10Cm).expect("ICD-10-CM is loaded");
    let codes: Vec<CodeKey> = table.iter().map(|entry| entry.key()).collect();
    let flagged: Vec<Vec<CodeKey>> = FLAGS.iter().map(|flag| with_flag(table, *flag)).collect();
    let first = jiff::civil::date(2015, 10, 1);
    let days = 4_018; // to 2026-09-30
    let mut random = Random::new(seed);
    let mut made = Vec::with_capacity(count);
    while made.len() < count {
        let day = i64::try_from(random.below(days)).unwrap_or(0);
        let date = first.checked_add(day.days()).expect("a day");
        let mut diagnoses: Vec<String> = Vec::new();
        for _ in 0..=random.below(10) {
            let code = one_code(&mut random, table, &codes, &flagged, date, &diagnoses);
            diagnoses.push(code);
        }
        made.push(Encounter {
            setting: Setting::Inpatient,
            service_date: Some(date),
            discharge_date: Some(date),
            age_years: Some(u32::try_from(random.below(125)).unwrap_or(0)),
            sex: if random.once_in(2) { Sex::Female } else { Sex::Male },
            payer: Some("Medicare".to_owned()),
            diagnoses: diagnoses
                .into_iter()
                .map(|code| Diagnosis::new(CodeSystem::Icd10Cm, code))
                .collect(),
            ..Encounter::default()
        });
    }
    made
}

fn with_flag(table: &CodeTable, flag: Flag) -> Vec<CodeKey> {
    let ever = |flags: &[(medcode_codes::date::Period, Flags)]| {
        flags.iter().any(|(_, flags)| flags.contains(flag))
    };
    table.iter().filter(|entry| ever(entry.flag_periods())).map(|entry| entry.key()).collect()
}

fn one_code(
    random: &mut Random,
    table: &CodeTable,
    codes: &[CodeKey],
    flagged: &[Vec<CodeKey>],
    date: Date,
    before: &[String],
) -> String {
    if !before.is_empty() && random.once_in(20) {
        return random.pick(before).clone();
    }
    let mut key = if random.once_in(3) {
        let of_flag = random.pick(flagged);
        if of_flag.is_empty() { *random.pick(codes) } else { *random.pick(of_flag) }
    } else {
        *random.pick(codes)
    };
    // Codes of all years, most of them valid on the day.
    for _ in 0..8 {
        let valid = table
            .get(key)
            .and_then(|entry| entry.lifetime().period())
            .is_some_and(|period| period.contains(date));
        if valid || random.once_in(12) {
            break;
        }
        key = *random.pick(codes);
    }
    let mut code = key.to_string();
    if random.once_in(40) {
        code.pop();
    }
    code
}

/// A claim as the oracle reads it.
pub fn for_oracle(encounter: &Encounter) -> serde_json::Value {
    let code = |diagnosis: &Diagnosis| json!({ "code": diagnosis.text });
    let compact = |date: Date| {
        i32::from(date.year()) * 10_000 + i32::from(date.month()) * 100 + i32::from(date.day())
    };
    json!({
        "discharge_date": encounter.discharge_date.map(compact),
        "age": encounter.age_years,
        "sex": i32::from(encounter.sex == Sex::Female),
        "discharge_status": 1,
        "pdx": encounter.diagnoses.first().map(code),
        "sdx": encounter.diagnoses.iter().skip(1).map(code).collect::<Vec<_>>(),
        "procedures": [],
    })
}
