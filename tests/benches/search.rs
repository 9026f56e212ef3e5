//! Time of a search at each keystroke, over every system of the default catalog, beside FTS5 on the same texts.
//!
//! Each keystroke is searched [`ROUNDS`] times, the index and FTS5 in turns, and its best time counts: that is what it
//! costs on a processor of its own. `cargo xtask bench` says where the catalog is.

#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

use std::{collections::BTreeSet, hint::black_box, path::Path, time::Instant};

use e2e::catalog;
use medcode_codes::system::CodeSystem;
use medcode_server::catalog::{
    search::{Mode, Query},
    snapshot::Snapshot,
};
use rusqlite::Connection;

const ROUNDS: usize = 3;

/// Hits of a page.
const PAGE: usize = 20;

/// Every how many keystrokes FTS5 is asked: it is slow.
const SAMPLE: usize = 25;

fn main() {
    let Some(catalog) = catalog() else { return };
    let snapshot = Snapshot::load(&catalog.join("catalog.db")).expect("the catalog opens");
    let queries = queries();
    let short: BTreeSet<_> = ('a'..='z')
        .flat_map(|first| {
            let second = ('a'..='z').map(move |second| format!("{first}{second}"));
            std::iter::once(first.to_string()).chain(second)
        })
        .collect();
    let typed: BTreeSet<_> = queries.iter().flat_map(|query| beginnings(query)).collect();
    let all: Vec<_> = typed.union(&short).cloned().collect();
    report("keystrokes, every system", &all, |text| search(&snapshot, &CodeSystem::ALL, text));
    report("keystrokes, ICD-10-CM", &all, |text| search(&snapshot, &[CodeSystem::Icd10Cm], text));
    let short: Vec<_> = short.into_iter().collect();
    report("one or two letters, every system", &short, |text| {
        search(&snapshot, &CodeSystem::ALL, text)
    });
    let fts = fts5(&snapshot);
    let sample: Vec<_> = all.iter().step_by(SAMPLE).cloned().collect();
    report("sample, every system", &sample, |text| search(&snapshot, &CodeSystem::ALL, text));
    report("sample, FTS5", &sample, |text| ask(&fts, text));
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

fn search(snapshot: &Snapshot, systems: &[CodeSystem], text: &str) -> usize {
    let prepared = snapshot.search.prepare(Query { text, systems, mode: Mode::Typeahead });
    let hits = prepared.find_first(PAGE + 1, |_| true, &|| true).unwrap_or_default();
    let first = hits.hits.iter().take(PAGE);
    first.map(|hit| prepared.explain(&snapshot.terminology, hit).len()).sum()
}

fn report(name: &str, queries: &[String], mut ask: impl FnMut(&str) -> usize) {
    let mut best = vec![f64::INFINITY; queries.len()];
    for _ in 0..ROUNDS {
        for (query, best) in queries.iter().zip(&mut best) {
            let start = Instant::now();
            black_box(ask(query));
            *best = best.min(start.elapsed().as_secs_f64() * 1e6);
        }
    }
    let mut sorted = best.clone();
    sorted.sort_by(f64::total_cmp);
    let at = |share: usize| sorted[(sorted.len() - 1) * share / 1000];
    let slowest =
        best.iter().zip(queries).max_by(|a, b| a.0.total_cmp(b.0)).map(|(_, query)| query);
    println!(
        "{name}: n {} p50 {:.0} p90 {:.0} p99 {:.0} max {:.0} microseconds ({})",
        sorted.len(),
        at(500),
        at(900),
        at(990),
        at(1000),
        slowest.map_or("", String::as_str),
    );
}

/// The titles and inclusion terms in FTS5, a row a text, in memory.
fn fts5(snapshot: &Snapshot) -> Connection {
    let connection = Connection::open_in_memory().expect("SQLite opens");
    let create = "CREATE VIRTUAL TABLE texts USING fts5(code UNINDEXED, text, tokenize = 'porter', prefix = '2 3')";
    connection.execute_batch(create).expect("FTS5 is there");
    connection.execute_batch("BEGIN").expect("a transaction begins");
    let mut insert = connection.prepare("INSERT INTO texts VALUES (?, ?)").expect("it inserts");
    for (code, text) in snapshot.search.texts(&snapshot.terminology) {
        insert.execute((code.to_string(), &*text)).expect("a row");
    }
    drop(insert);
    connection.execute_batch("COMMIT").expect("a transaction ends");
    connection
}

fn ask(connection: &Connection, text: &str) -> usize {
    let words: Vec<_> = text
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| format!("\"{word}\""))
        .collect();
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
