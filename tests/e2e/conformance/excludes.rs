//! Pairs that Excludes1 notes forbid, against a slow reading of the tabular list of its own and against the published
//! number.

use std::{
    collections::{BTreeSet, HashMap},
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use e2e::{catalog, claims::Random, packages};
use medcode_codes::{
    code::CodeKey,
    encounter::{Diagnosis, Encounter},
    engine::{RuleOptions, check_encounter},
    system::CodeSystem,
    tabular::{Location, NoteKind, TabularList},
};
use medcode_server::catalog::snapshot::Snapshot;

const CODES: usize = 2_000;
const BLOCK: usize = 50;
const SEED: u64 = 20_260_401;
const WHEEL: &str = "simple_icd_10_cm-1.5.0-py3-none-any.whl";
const TABULAR: &str = "simple_icd_10_cm/data/icd10c-tabular-April-1-2026.xml";

/// What the slow reading says of the codes: forbidden pairs, and how many the whole list forbids. `None` after a word on
/// why it cannot be asked.
fn slow_reading(codes: &[String]) -> Option<(BTreeSet<(String, String)>, usize)> {
    let wheel = packages()?.join(WHEEL);
    let python = std::env::var_os("MEDCODE_PYTHON").unwrap_or_else(|| "python3".into());
    let folder = tempfile::tempdir().expect("a folder");
    let unpacked =
        Command::new(&python).args(["-m", "zipfile", "-e"]).arg(wheel).arg(folder.path()).status();
    if !unpacked.is_ok_and(|status| status.success()) {
        eprintln!("skipped: Python could not unpack {WHEEL}");
        return None;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/excludes.py");
    let mut child = Command::new(&python)
        .arg(script)
        .arg(folder.path().join(TABULAR))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(codes.join("\n").as_bytes()).expect("the reader reads");
    drop(stdin);
    let output = child.wait_with_output().expect("the reader ends");
    assert!(output.status.success(), "the slow reading failed");
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    let mut pairs = BTreeSet::new();
    let mut total = 0;
    for line in lines.lines() {
        match line.split_once(' ').expect("two words") {
            ("pairs", count) => total = count.parse().expect("a number"),
            (a, b) => {
                pairs.insert((a.to_owned(), b.to_owned()));
            }
        }
    }
    Some((pairs, total))
}

/// The pairs that the rule reports, each code with all others.
fn reported(snapshot: &Snapshot, codes: &[String]) -> BTreeSet<(String, String)> {
    let today = jiff::civil::date(2026, 4, 1);
    let enable = vec!["excludes1-conflict".to_owned()];
    let options = RuleOptions { enable, ..RuleOptions::default() };
    let blocks: Vec<_> = codes.chunks(BLOCK).collect();
    let mut pairs = BTreeSet::new();
    for (index, first) in blocks.iter().enumerate() {
        for second in &blocks[index..] {
            let both = first.iter().chain(second.iter());
            let mut distinct: Vec<&String> = both.collect();
            distinct.sort();
            distinct.dedup();
            let diagnoses = distinct.into_iter();
            let diagnoses = diagnoses.map(|code| Diagnosis::new(CodeSystem::Icd10Cm, code.clone()));
            let encounter = Encounter {
                service_date: Some(today),
                diagnoses: diagnoses.collect(),
                ..Encounter::default()
            };
            for issue in check_encounter(&encounter, &snapshot.terminology, today, &options).issues
            {
                let mut codes: Vec<_> =
                    issue.codes.iter().map(|code| code.replace('.', "")).collect();
                codes.sort();
                pairs.insert((codes[0].clone(), codes[1].clone()));
            }
        }
    }
    pairs
}

#[test]
fn two_thousand_codes_agree_with_a_slow_reading_of_the_notes() {
    let Some(catalog) = catalog() else { return };
    let snapshot = Snapshot::load(&catalog.join("catalog.db")).expect("the catalog opens");
    let list = &snapshot.terminology.editions().last().expect("an edition").list;
    let all = list.billable_codes();
    let mut random = Random::new(SEED);
    let mut chosen = BTreeSet::new();
    while chosen.len() < CODES {
        chosen.insert(all[random.below(all.len())].to_string());
    }
    let codes: Vec<String> = chosen.into_iter().collect();
    let Some((theirs, _)) = slow_reading(&codes) else { return };
    let ours = reported(&snapshot, &codes);
    assert!(theirs.len() > 1_000, "so few pairs prove little: {}", theirs.len());
    let only_ours: Vec<_> = ours.difference(&theirs).take(20).collect();
    let only_theirs: Vec<_> = theirs.difference(&ours).take(20).collect();
    assert!(
        only_ours.is_empty() && only_theirs.is_empty(),
        "{} pairs; only ours: {only_ours:?}; only theirs: {only_theirs:?}",
        theirs.len()
    );
}

/// Undirected pairs of codes that some Excludes1 note forbids, whatever Excludes2 notes allow.
fn forbidden_pairs(list: &TabularList) -> usize {
    let codes = list.billable_codes();
    let places: Vec<Location> =
        codes.iter().map(|key| list.locate(*key).expect("listed")).collect();
    let words = codes.len().div_ceil(64);
    let mut rows: Vec<Vec<u64>> = Vec::new();
    let mut known: HashMap<Vec<u64>, usize> = HashMap::new();
    let mut row_of = Vec::with_capacity(codes.len());
    for own in &places {
        let row = row(list, &places, *own, words);
        let id = *known.entry(row.clone()).or_insert_with(|| {
            rows.push(row);
            rows.len() - 1
        });
        row_of.push(id);
    }
    let has = |row: &[u64], index: usize| row[index / 64] >> (index % 64) & 1 == 1;
    let (mut directed, mut mutual) = (0, 0);
    for (a, id) in row_of.iter().enumerate() {
        for b in (0..codes.len()).filter(|b| has(&rows[*id], *b)) {
            directed += 1;
            mutual += usize::from(has(&rows[row_of[b]], a));
        }
    }
    directed - mutual / 2
}

/// One bit for each code that a note above `own` names, unless the note names `own` as well.
fn row(list: &TabularList, places: &[Location], own: Location, words: usize) -> Vec<u64> {
    let mut row = vec![0; words];
    for node in list.lineage(own.node) {
        for note in list.own_notes(node).filter(|note| note.kind == NoteKind::Excludes1) {
            let targets = list.targets(&note);
            if targets.iter().any(|target| target.contains(own)) {
                continue;
            }
            for target in targets {
                let first = places.partition_point(|place| place.node < target.first);
                let end = places.partition_point(|place| place.node < target.end);
                for (index, place) in places.iter().enumerate().take(end).skip(first) {
                    if target.contains(*place) {
                        row[index / 64] |= 1 << (index % 64);
                    }
                }
            }
        }
    }
    row
}

#[test]
fn the_notes_forbid_as_many_pairs_as_were_counted() {
    let Some(catalog) = catalog() else { return };
    let snapshot = Snapshot::load(&catalog.join("catalog.db")).expect("the catalog opens");
    let list = &snapshot.terminology.editions().last().expect("an edition").list;
    assert!(list.node(CodeKey::new("E119").expect("a code")).is_some());
    // The slow reading counts the same. The number once counted elsewhere, 15,092,528, has 1,715 pairs more: those of the
    // note at E87.2, "see categories E08-E10, E11, E13 with ketoacidosis", whose condition no reader can follow.
    assert_eq!(forbidden_pairs(list), 15_090_813);
}
