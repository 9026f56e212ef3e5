//! `medcode validate`: may this code be used on this date.

use std::{collections::BTreeSet, io::BufRead};

use clap::Args;

use crate::{
    args::{Global, System},
    channel::{MOST_CODES, Service},
    failure::{Answer, Failure},
    json::validate::{Document, Validated},
    output::{self, Style},
    systems,
};

/// Options of `validate`.
///
/// Examples: `medcode validate E11.9 M54.5 --as-of 2026-03-01`, `cut -f1 codes.tsv | medcode validate - --jsonl`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The codes; `-` reads one code per line from stdin.
    #[arg(required = true, value_name = "CODE")]
    codes: Vec<String>,
    /// The system of the codes; found out from the code where it is missing.
    #[arg(long)]
    system: Option<System>,
    /// Print one JSON document.
    #[arg(long, conflicts_with = "jsonl")]
    json: bool,
    /// Print one JSON document per code.
    #[arg(long)]
    jsonl: bool,
}

/// Validates the codes and prints the verdicts.
pub(crate) async fn run(global: &Global, options: &Options) -> Result<Answer, Failure> {
    let mut service = Service::open(global).await?;
    let mut printer =
        Printer { options, all: Vec::new(), copyright: BTreeSet::new(), answer: Answer::Yes };
    if options.codes == ["-"] {
        let mut batch = Vec::new();
        for line in std::io::stdin().lock().lines() {
            let line = line?;
            if !line.trim().is_empty() {
                batch.push(line.trim().to_owned());
            }
            if batch.len() == MOST_CODES {
                printer.print(validate(&mut service, &batch, options).await?)?;
                batch.clear();
            }
        }
        printer.print(validate(&mut service, &batch, options).await?)?;
    } else {
        printer.print(validate(&mut service, &options.codes, options).await?)?;
    }
    printer.finish()
}

async fn validate(
    service: &mut Service,
    codes: &[String],
    options: &Options,
) -> Result<Vec<Validated>, Failure> {
    let date = service.date;
    let systems = systems::resolve(service, codes, options.system.map(Into::into), date).await?;
    let codings: Vec<_> = systems
        .into_iter()
        .zip(codes)
        .map(|(system, code)| systems::coding(system, code))
        .collect();
    let results = service.validate(codings.clone()).await?;
    Ok(codings.iter().zip(results).map(|(coding, result)| Validated::new(coding, result)).collect())
}

/// Prints verdicts as they come and remembers the answer.
struct Printer<'o> {
    options: &'o Options,
    all: Vec<Validated>,
    /// Copyright lines of the texts that were shown, each once.
    copyright: BTreeSet<String>,
    answer: Answer,
}

impl Printer<'_> {
    fn print(&mut self, validated: Vec<Validated>) -> Result<(), Failure> {
        for code in validated {
            self.answer = match (code.status, self.answer) {
                ("active", answer) | ("no_data", answer @ (Answer::No | Answer::NoData)) => answer,
                ("no_data", Answer::Yes) => Answer::NoData,
                _ => Answer::No,
            };
            if self.options.jsonl {
                output::json_line(&code)?;
            } else if self.options.json {
                self.all.push(code);
            } else {
                row(&code, Style::for_stdout())?;
                self.copyright.extend(code.copyright);
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Answer, Failure> {
        if self.options.json {
            output::json(&Document { results: self.all })?;
        }
        for line in &self.copyright {
            output::line(&Style::for_stdout().dim(line))?;
        }
        Ok(self.answer)
    }
}

/// A line for people, and one for each thing to say.
fn row(code: &Validated, style: Style) -> Result<(), Failure> {
    let status = match code.status {
        "active" => style.good("valid"),
        "no_data" => style.doubtful("no data"),
        status => style.bad(&status.replace('_', " ")),
    };
    let title = code.display.as_deref().unwrap_or_default();
    output::line(format!("{:<9} {status}  {title}", code.code).trim_end())?;
    for issue in &code.issues {
        output::line(&format!(
            "          {}",
            style.dim(&format!("{}: {} [{}]", issue.severity, issue.message, issue.rule))
        ))?;
    }
    Ok(())
}
