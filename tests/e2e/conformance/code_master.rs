//! Dates of every code against an independent reading of the code master.

use std::{collections::BTreeMap, fs::File, path::Path};

use e2e::{catalog, official_files};
use flate2::read::GzDecoder;
use jiff::{ToSpan, civil::Date};
use medcode_codes::{
    code::CodeKey,
    date::{Period, parse_compact},
    system::CodeSystem,
};
use medcode_server::catalog::snapshot::Snapshot;

/// The end that means "still valid when the table was made".
const OPEN_END: &str = "20270331";

/// First and last day of each code, rows of one code joined.
fn lives(file: &Path) -> BTreeMap<String, Period> {
    let mut reader =
        csv::Reader::from_reader(GzDecoder::new(File::open(file).expect("the code master")));
    let mut lives: BTreeMap<String, Period> = BTreeMap::new();
    for row in reader.records() {
        let row = row.expect("a row");
        let start = parse_compact(&row[1]).expect("a day");
        let end = (&row[2] != OPEN_END).then(|| parse_compact(&row[2]).expect("a day"));
        let life = lives.entry(row[0].to_owned()).or_insert(Period { start, end });
        life.start = life.start.min(start);
        life.end = life.end.zip(end).map(|(a, b)| a.max(b));
    }
    lives
}

fn agree(system: CodeSystem, file: &str) {
    let (Some(catalog), Some(files)) = (catalog(), official_files()) else { return };
    let lives = lives(&files.join("mce").join(file));
    let snapshot = Snapshot::load(&catalog.join("catalog.db")).expect("the catalog opens");
    let table = snapshot.terminology.table(system).expect("the system is loaded");
    assert_eq!(table.len(), lives.len());

    let first: Date = jiff::civil::date(2015, 10, 1);
    let days: Vec<Date> =
        first.series(1.day()).take_while(|day| *day <= jiff::civil::date(2027, 3, 31)).collect();
    for (code, life) in &lives {
        let entry = table
            .get(CodeKey::new(code).expect("a code"))
            .unwrap_or_else(|| panic!("{code} is missing"));
        let period = entry.lifetime().period().expect("every code is dated");
        for day in &days {
            assert_eq!(period.contains(*day), life.contains(*day), "{code} on {day}");
        }
    }
}

#[test]
fn every_diagnosis_agrees_on_every_day() {
    agree(CodeSystem::Icd10Cm, "icd10cm_master.csv.gz");
}

#[test]
fn every_procedure_agrees_on_every_day() {
    agree(CodeSystem::Icd10Pcs, "icd10pcs_master.csv.gz");
}
