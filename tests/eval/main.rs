//! How much of what is right the search finds: `eval DATA_DIR QUERIES [--typeahead] [--steps] [--misses]`, and with
//! `--lists` the entries of our own lists that no title can answer.
//!
//! `cargo xtask eval search` calls it with files and catalogs.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context, bail};
use medcode_server::catalog::{
    search::{Means, Mode},
    snapshot::Snapshot,
};

mod measures;
mod queries;
mod run;

use measures::Measures;

/// Steps of the ablation, each adding to the one before.
const STEPS: [(&str, Means); 8] = [
    ("words, stems, optional words", Means::NONE),
    ("+ forgiven slips", Means { typos: true, ..Means::NONE }),
    ("+ British spellings", Means { typos: true, spellings: true, ..Means::NONE }),
    (
        "+ abbreviations",
        Means { synonyms: false, phrases: false, relatives: false, meaning: false, ..Means::ALL },
    ),
    (
        "+ synonyms of words",
        Means { phrases: false, relatives: false, meaning: false, ..Means::ALL },
    ),
    ("+ synonyms of phrases", Means { relatives: false, meaning: false, ..Means::ALL }),
    ("+ words that begin alike", Means { meaning: false, ..Means::ALL }),
    ("+ meaning, where there is a table of meanings", Means::ALL),
];

struct Arguments {
    catalog: PathBuf,
    file: PathBuf,
    mode: Mode,
    steps: bool,
    misses: bool,
    lists: bool,
}

fn arguments() -> anyhow::Result<Arguments> {
    let mut paths = Vec::new();
    let (mut mode, mut steps, mut misses, mut lists) = (Mode::Words, false, false, false);
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--typeahead" => mode = Mode::Typeahead,
            "--steps" => steps = true,
            "--misses" => misses = true,
            "--lists" => lists = true,
            path if !path.starts_with("--") => paths.push(PathBuf::from(path)),
            other => bail!("unknown option {other}"),
        }
    }
    let [catalog, file] = <[PathBuf; 2]>::try_from(paths)
        .ok()
        .context("give a data directory and a file of queries")?;
    Ok(Arguments { catalog, file, mode, steps, misses, lists })
}

#[expect(clippy::print_stdout, reason = "its figures are what it is for")]
fn evaluate() -> anyhow::Result<()> {
    let arguments = arguments()?;
    let snapshot = Snapshot::load(&arguments.catalog.join("catalog.db"))
        .context("open the catalog to search in")?;
    if arguments.lists {
        for entry in snapshot.search.idle_entries() {
            println!("{entry}");
        }
        return Ok(());
    }
    let queries = queries::read(&arguments.file)?;
    let all = [("everything", Means::ALL)];
    let steps: &[_] = if arguments.steps { &STEPS } else { &all };
    println!("{}", Measures::HEAD);
    for (name, means) in steps {
        let found = run::run(&snapshot, &queries, arguments.mode, *means);
        println!("{}", Measures::of(&queries, &found).row(name));
        if arguments.misses && *means == Means::ALL {
            for line in run::misses(&queries, &found) {
                println!("{line}");
            }
        }
    }
    Ok(())
}

#[expect(clippy::print_stderr, reason = "the one place that prints an error")]
fn main() -> ExitCode {
    match evaluate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("eval: {error:#}");
            ExitCode::FAILURE
        }
    }
}
