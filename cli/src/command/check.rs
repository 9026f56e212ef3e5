//! `medcode check`: checks notes, superbills and templates. Only codes and facts are sent to the service; text stays
//! here.

use std::{
    collections::BTreeMap,
    io::Read,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use futures::{StreamExt, stream};
use jiff::civil::Date;
use medcode_codes::{
    document::{Assembly, CheckSettings, Document, EncounterAnswer, EncounterRequest},
    issue::Severity,
    rules,
};
use medcode_lsp::wire;

use crate::{
    args::Global,
    channel::Service,
    failure::{Answer, Failure},
};

mod files;
mod json;
mod pretty;

/// Questions under way at once.
const AT_ONCE: usize = 16;

/// Options of `check`.
///
/// Examples: `medcode check notes/`, `medcode check note.md --format json`, `medcode check - < note.txt`,
/// `medcode check notes/ --rule missing-dot=off`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Files and folders; `-` reads one text from stdin. Folders are walked, ignore files respected.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to print the issues.
    #[arg(long, value_enum, default_value_t = Format::Pretty)]
    format: Format,
    /// Print one JSON document; the same as `--format json`.
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// The severity of a rule: error, warning, info, hint or off.
    #[arg(long = "rule", value_name = "ID=SEVERITY", value_parser = rule_severity)]
    rules: Vec<(String, Option<Severity>)>,
}

/// How issues are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, with the line and carets.
    Pretty,
    /// One JSON document.
    Json,
    /// One JSON document per issue.
    Jsonl,
}

/// A checked text.
pub(super) struct Checked {
    pub(super) path: String,
    pub(super) text: String,
    pub(super) systems: Vec<Option<&'static str>>,
    pub(super) assembly: Assembly,
}

/// What is said when everything is checked.
#[derive(Debug, Default)]
pub(super) struct Totals {
    pub(super) files: usize,
    pub(super) skipped: usize,
    pub(super) issues: BTreeMap<Severity, usize>,
    pub(super) silenced: usize,
    pub(super) incomplete: bool,
}

/// Checks every text and prints the issues.
pub(crate) async fn run(global: &Global, options: &Options) -> Result<Answer, Failure> {
    let format = if options.json { Format::Json } else { options.format };
    let settings = CheckSettings {
        severity: options.rules.iter().cloned().collect(),
        ..CheckSettings::default()
    };
    let found = texts(&options.paths)?;
    let service = Service::open(global).await?;
    let mut totals =
        Totals { skipped: found.skipped, incomplete: found.skipped > 0, ..Totals::default() };
    let mut printer = Printer::new(format);
    for (path, text) in found.texts {
        let checked = check(&service, path, text, &settings).await;
        totals.files += 1;
        totals.silenced += checked.assembly.silenced.len();
        totals.incomplete |= checked.assembly.incomplete;
        for issue in &checked.assembly.issues {
            *totals.issues.entry(issue.severity).or_default() += 1;
        }
        printer.print(&checked)?;
    }
    printer.finish(&totals)?;
    Ok(if totals.issues.contains_key(&Severity::Error) {
        Answer::No
    } else if totals.incomplete {
        Answer::NoData
    } else {
        Answer::Yes
    })
}

fn texts(paths: &[PathBuf]) -> Result<files::Texts, Failure> {
    if paths == [Path::new("-")] {
        let mut text = String::new();
        std::io::stdin().lock().read_to_string(&mut text)?;
        return Ok(files::Texts { texts: vec![("-".to_owned(), text)], skipped: 0 });
    }
    files::read(paths)
}

async fn check(service: &Service, path: String, text: String, settings: &CheckSettings) -> Checked {
    let as_of = service.date_given.then_some(service.date);
    let document = document(&text, as_of);
    let questions = document.requests().iter().map(|request| ask(service.clone(), request));
    let answers: Vec<EncounterAnswer> = stream::iter(questions).buffered(AT_ONCE).collect().await;
    let assembly = document.assemble(&answers, settings);
    let systems = assembly
        .issues
        .iter()
        .map(|issue| Some(document.note().mentions.get(issue.mention?)?.system.id()))
        .collect();
    Checked { path, text, systems, assembly }
}

fn document(text: &str, as_of: Option<Date>) -> Document<'_> {
    match as_of {
        Some(date) => Document::as_of(text, date),
        None => Document::new(text),
    }
}

/// Asks one question. What cannot be asked is said once and never taken for right.
async fn ask(mut service: Service, request: &EncounterRequest) -> EncounterAnswer {
    match service.encounter(wire::encounter_request(request)).await {
        Ok(response) => {
            wire::encounter_answer(request, response).unwrap_or(EncounterAnswer::Unavailable)
        }
        Err(status) => {
            tracing::warn!(code = ?status.code(), "the code service did not answer a question");
            EncounterAnswer::Unavailable
        }
    }
}

fn rule_severity(text: &str) -> Result<(String, Option<Severity>), String> {
    let (id, severity) =
        text.split_once('=').ok_or("write ID=SEVERITY, for example missing-dot=off")?;
    if rules::find(id).is_none() {
        let near =
            rules::nearest(id).map_or_else(String::new, |near| format!("; did you mean {near}?"));
        return Err(format!("there is no rule '{id}'{near}"));
    }
    match severity {
        "off" => Ok((id.to_owned(), None)),
        other => Severity::from_id(other)
            .map(|severity| (id.to_owned(), Some(severity)))
            .ok_or_else(|| "the severity is error, warning, info, hint or off".to_owned()),
    }
}

/// Prints checked texts in one of the formats.
struct Printer {
    format: Format,
    all: Vec<json::Issue>,
}

impl Printer {
    fn new(format: Format) -> Self {
        Self { format, all: Vec::new() }
    }

    fn print(&mut self, checked: &Checked) -> Result<(), Failure> {
        match self.format {
            Format::Pretty => pretty::print(checked),
            Format::Json => {
                self.all.extend(json::issues(checked));
                Ok(())
            }
            Format::Jsonl => json::issues(checked).iter().try_for_each(crate::output::json_line),
        }
    }

    fn finish(self, totals: &Totals) -> Result<(), Failure> {
        match self.format {
            Format::Pretty => pretty::summary(totals),
            Format::Json => crate::output::json(&json::Document::new(self.all, totals)),
            Format::Jsonl => Ok(()),
        }
    }
}
