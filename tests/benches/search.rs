//! What a search costs at each keystroke, over every system, in time of the processor, beside FTS5 on the same texts.
//!
//! Keystrokes are every beginning of the queries of `eval/shorthand.tsv`, and every one and two letters. A search is what
//! the service does for a page: it finds, and explains what it shows. `cargo xtask bench search` says where the catalog is.

use std::{collections::BTreeSet, path::Path};

use e2e::{
    catalog,
    figures::{Figure, Goal, Report, percentile},
    thread_time::thread_seconds,
};
use medcode_codes::system::CodeSystem;
use medcode_server::catalog::{
    search::{Mode, Query},
    snapshot::Snapshot,
};
use rusqlite::Connection;
use serde_json::json;

/// How often everything is measured.
const ROUNDS: usize = 5;

/// Hits of a page.
const PAGE: usize = 20;

/// Every how many keystrokes FTS5 is asked: it is slow.
const SAMPLE: usize = 25;

const EVERY: &[CodeSystem] = &CodeSystem::ALL;
const DIAGNOSES: &[CodeSystem] = &[CodeSystem::Icd10Cm];

fn main() {
    let Some(catalog) = catalog() else { return };
    let snapshot = Snapshot::load(&catalog.join("catalog.db")).expect("the catalog opens");
    let mut report = Report::default();
    let letters = letters();
    let typed: BTreeSet<_> = queries().iter().flat_map(|query| beginnings(query)).collect();
    let typed: Vec<_> = typed.union(&letters).cloned().collect();
    let letters: Vec<_> = letters.into_iter().collect();
    for text in &typed {
        compare(&snapshot, text);
    }

    let goals = (Goal::AtMost(100.0), Goal::AtMost(2_000.0));
    alone(&mut report, "a keystroke, every system", goals, &typed, |text| {
        search(&snapshot, EVERY, text)
    });
    alone(&mut report, "a keystroke, ICD-10-CM", goals, &typed, |text| {
        search(&snapshot, DIAGNOSES, text)
    });
    let goals = (Goal::AtMost(20.0), Goal::AtMost(1_000.0));
    alone(&mut report, "one or two letters, every system", goals, &letters, |text| {
        search(&snapshot, EVERY, text)
    });
    beside_fts5(&mut report, &snapshot, &typed);
    report.print("search", &json!({ "catalog": snapshot.digest, "keystrokes": typed.len() }));
}

/// The shorthand of the evaluation.
fn queries() -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("eval/shorthand.tsv");
    let text = std::fs::read_to_string(file).expect("the queries are part of the repository");
    let lines = text.lines().skip(1).filter_map(|line| line.split('\t').next());
    lines.map(str::to_owned).collect()
}

fn beginnings(query: &str) -> Vec<String> {
    query.char_indices().map(|(at, last)| query[..at + last.len_utf8()].to_owned()).collect()
}

/// `a` to `z` and `aa` to `zz`.
fn letters() -> BTreeSet<String> {
    let one = ('a'..='z').map(String::from);
    let two =
        ('a'..='z').flat_map(|first| ('a'..='z').map(move |second| format!("{first}{second}")));
    one.chain(two).collect()
}

/// The first page is the beginning of everything that is found.
fn compare(snapshot: &Snapshot, text: &str) {
    let prepared = snapshot.search.prepare(Query { text, systems: EVERY, mode: Mode::Typeahead });
    let all = prepared.find(|_| true, &|| true).expect("nobody stops it").hits;
    let page = prepared.find_first(PAGE, |_| true, &|| true).expect("nobody stops it").hits;
    assert_eq!(page, all[..page.len()], "{text}");
    assert_eq!(page.len(), all.len().min(PAGE), "{text}");
}

fn search(snapshot: &Snapshot, systems: &[CodeSystem], text: &str) -> usize {
    let prepared = snapshot.search.prepare(Query { text, systems, mode: Mode::Typeahead });
    let found = prepared.find_first(PAGE + 1, |_| true, &|| true).expect("nobody stops it");
    let page = found.hits.iter().take(PAGE);
    page.map(|hit| prepared.explain(&snapshot.terminology, hit).len()).sum()
}

/// Microseconds of each query.
fn times(queries: &[String], mut ask: impl FnMut(&str) -> usize) -> Vec<f64> {
    queries.iter().map(|query| thread_seconds(|| ask(query)).0 * 1e6).collect()
}

fn alone(
    report: &mut Report,
    name: &str,
    (middle, slow): (Goal, Goal),
    queries: &[String],
    mut ask: impl FnMut(&str) -> usize,
) {
    let mut rounds: Vec<_> = (0..ROUNDS).map(|_| times(queries, &mut ask)).collect();
    for (percent, goal) in [(50, middle), (99, slow)] {
        let figures = rounds.iter_mut().map(|round| percentile(round, percent)).collect();
        report.add(Figure::alone(format!("{name}, p{percent}"), "µs", goal, figures));
    }
}

fn beside_fts5(report: &mut Report, snapshot: &Snapshot, typed: &[String]) {
    let connection = fts5(snapshot);
    let sample: Vec<_> = typed.iter().step_by(SAMPLE).cloned().collect();
    let round = |_| {
        let own = times(&sample, |text| search(snapshot, EVERY, text));
        (own, times(&sample, |text| ask(&connection, text)))
    };
    let mut rounds: Vec<_> = (0..ROUNDS).map(round).collect();
    for (percent, goal) in [(50, Goal::None), (99, Goal::RatioAtMost(0.1))] {
        let both = rounds.iter_mut();
        let both = both.map(|(own, fts5)| (percentile(own, percent), percentile(fts5, percent)));
        let name = format!("every {SAMPLE}th keystroke, every system, p{percent}");
        report.add(Figure::of(name, "µs", goal, "FTS5, every word wanted", both.collect()));
    }
}

/// The titles and inclusion terms in FTS5, a row a text, in memory.
fn fts5(snapshot: &Snapshot) -> Connection {
    let connection = Connection::open_in_memory().expect("SQLite opens");
    let create = "CREATE VIRTUAL TABLE texts USING fts5(code UNINDEXED, text, tokenize = 'porter', prefix = '2 3');
        BEGIN";
    connection.execute_batch(create).expect("FTS5 is there");
    let mut insert = connection.prepare("INSERT INTO texts VALUES (?, ?)").expect("it inserts");
    for (code, text) in snapshot.search.texts(&snapshot.terminology) {
        insert.execute((code.to_string(), &*text)).expect("a row");
    }
    drop(insert);
    connection.execute_batch("COMMIT").expect("a transaction ends");
    connection
}

fn ask(connection: &Connection, text: &str) -> usize {
    let words = text.split(|character: char| !character.is_alphanumeric());
    let words: Vec<_> =
        words.filter(|word| !word.is_empty()).map(|word| format!("\"{word}\"")).collect();
    if words.is_empty() {
        return 0;
    }
    let query = format!("{}*", words.join(" "));
    let mut select = connection
        .prepare_cached("SELECT code FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT 20")
        .expect("it selects");
    let codes = select.query_map([query], |row| row.get::<_, String>(0)).expect("it answers");
    codes.count()
}
