//! `medcode search`: finds codes by words or by their beginning.

use std::{io::BufRead, time::Instant};

use clap::{Args, ValueEnum};
use medcode_codes::system::CodeSystem;
use medcode_proto::v1;
use serde::Serialize;

use crate::{
    args::{Global, System},
    channel::{Service, to_proto},
    failure::{Answer, Failure},
    json::search::{Found, Hit},
    output::{self, Style},
};

/// Options of `search`.
///
/// Examples: `medcode search type 2 diabetes foot ulcer`, `medcode search E11.6 --limit 5`,
/// `medcode search - --jsonl < queries.txt`.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The words, or the beginning of a code; `-` reads one query per line from stdin.
    #[arg(required = true, value_name = "QUERY")]
    query: Vec<String>,
    /// Only this system.
    #[arg(long)]
    system: Option<System>,
    /// At most this many results.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(i32).range(1..=100))]
    limit: i32,
    /// Only this concept and what is below it: a code, a block (`I10-I1A`) or a chapter (`chapter-09`).
    #[arg(long, value_name = "CODE", requires = "system")]
    within: Option<String>,
    /// Only codes that may be submitted; in the place of a header comes a code below it.
    #[arg(long)]
    billable: bool,
    /// Leave out codes for patients of another age, in completed years (newborn, pediatric, maternity, adult).
    #[arg(long, value_name = "YEARS", value_parser = clap::value_parser!(u32).range(0..=124))]
    age: Option<u32>,
    /// Leave out codes for patients of the other sex.
    #[arg(long)]
    sex: Option<Sex>,
    /// Go by words alone, also where a table of meanings is installed.
    #[arg(long)]
    words_only: bool,
    /// Print one JSON document.
    #[arg(long, conflicts_with = "jsonl")]
    json: bool,
    /// Print one JSON document per query.
    #[arg(long)]
    jsonl: bool,
}

/// The sex of a patient on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Sex {
    /// Female.
    #[value(alias = "f", alias = "F")]
    Female,
    /// Male.
    #[value(alias = "m", alias = "M")]
    Male,
}

/// Searches and prints what was found.
pub(crate) async fn run(global: &Global, options: &Options) -> Result<Answer, Failure> {
    let mut service = Service::open(global).await?;
    if options.query == ["-"] {
        return each_line(&mut service, options).await;
    }
    let found = search(&mut service, &options.query.join(" "), options).await?;
    show(&found, options)
}

/// Searches for each line of stdin. One that is no query is said to be so, and costs only itself.
async fn each_line(service: &mut Service, options: &Options) -> Result<Answer, Failure> {
    if options.within.is_some() {
        // A place that does not exist is wrong once, not for each line.
        search(service, "a", options).await?;
    }
    let mut answer = Answer::No;
    let mut refused = 0_usize;
    for (line, query) in (1..).zip(std::io::stdin().lock().lines()) {
        let query = query?;
        let query = query.trim();
        if query.is_empty() {
            continue;
        }
        match search(service, query, options).await {
            Ok(found) => {
                if show(&found, options)? == Answer::Yes {
                    answer = Answer::Yes;
                }
            }
            Err(Failure::Usage(error)) => {
                refused += 1;
                Failure::Usage(format!("line {line}: {error}")).print();
                if options.jsonl || options.json {
                    output::json_line(&Refused { query, line, error })?;
                }
            }
            Err(failure) => return Err(failure),
        }
    }
    Failure::of_lines(refused, "query", "queries").map_or(Ok(answer), Err)
}

/// The answer to a line that is no query.
#[derive(Serialize)]
struct Refused<'q> {
    query: &'q str,
    /// Its number, from 1.
    line: usize,
    /// What is wrong with it.
    error: String,
}

async fn search(service: &mut Service, query: &str, options: &Options) -> Result<Found, Failure> {
    let system = options.system.map(CodeSystem::from);
    let meaning =
        if options.words_only { v1::MeaningUse::Never } else { v1::MeaningUse::Unspecified };
    let sex = match options.sex {
        None => v1::Sex::Unspecified,
        Some(Sex::Female) => v1::Sex::Female,
        Some(Sex::Male) => v1::Sex::Male,
    };
    let request = v1::SearchConceptsRequest {
        query: query.to_owned(),
        systems: system.map(|system| system.id().to_owned()).into_iter().collect(),
        date: Some(to_proto(service.date)),
        mode: v1::SearchMode::Words.into(),
        meaning: meaning.into(),
        billable_only: options.billable,
        within: within(options),
        age_years: options.age,
        sex: sex.into(),
        page_size: options.limit,
        ..v1::SearchConceptsRequest::default()
    };
    let started = Instant::now();
    let response = service.search(request).await?;
    let took_us = started.elapsed().as_micros();
    let results = response.hits.into_iter().map(Hit::new).collect();
    Ok(Found { query: query.to_owned(), results, took_us })
}

/// The place to search in. The names of chapters and blocks are those of one system.
fn within(options: &Options) -> Option<v1::Coding> {
    let code = options.within.clone()?;
    let system = CodeSystem::from(options.system?);
    Some(v1::Coding { system: system.id().to_owned(), code, ..v1::Coding::default() })
}

fn show(found: &Found, options: &Options) -> Result<Answer, Failure> {
    if options.jsonl {
        output::json_line(found)?;
    } else if options.json {
        output::json(found)?;
    } else {
        if found.results.is_empty() {
            output::notice("nothing found");
        }
        let style = Style::for_stdout();
        for hit in &found.results {
            output::line(&row(hit, style))?;
        }
        let mut lines: Vec<_> =
            found.results.iter().filter_map(|hit| hit.copyright.as_deref()).collect();
        lines.sort_unstable();
        lines.dedup();
        lines.into_iter().try_for_each(|line| output::line(&style.dim(line)))?;
    }
    Ok(if found.results.is_empty() { Answer::No } else { Answer::Yes })
}

fn row(hit: &Hit, style: Style) -> String {
    let code = format!("{:<9}", hit.code);
    let code = if hit.billable { style.bold(&code) } else { style.dim(&code) };
    let matched =
        if hit.matched_in == "display" || hit.matched_in == "code" || hit.matched == hit.display {
            String::new()
        } else {
            style.dim(&format!("  ({})", hit.matched))
        };
    let matched = match &hit.in_place_of {
        Some(header) => style.dim(&format!("  (below {header})")),
        None => matched,
    };
    let header = if hit.billable { "" } else { "  …" };
    format!("{code} {}{header}{matched}", hit.display)
}
